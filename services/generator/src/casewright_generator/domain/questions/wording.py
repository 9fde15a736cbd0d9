"""What a statement speaks of: its words without endings, without those that stand in any sentence."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from casewright_common.events import Criterion
from casewright_generator.domain.language.words import word_set
from casewright_generator.domain.requirements.model import Constraint

LITTLE = word_set(
    "a an the and or of to in on at by for with from as is are be been was were will would can could may "
    "might "
    "must shall should has have had do does did not no never it its it's they them their he she his her "
    "we our "
    "you your this that these those which who whom whose there then than so also too only just still "
    "again any "
    "all each every some more most less least at up down out over under above below between within after "
    "before "
    "until since while when whenever if because but however very own other another else one two three "
    "four five "
    "six seven eight nine ten first per via into onto off about possible remain remains stay stays get "
    "gets got "
    "go goes going longer later earlier latest earliest maximum minimum max min exactly up limit limits "
    "limited "
    "allow allows allowed permit permits permitted forbidden exceed exceeds itself always anymore anyway "
    "such "
    "both either neither total time times day days hour hours minute minutes second seconds week weeks month "
    "months year years characters digits words lines percent eur usd gbp chf mb kb gb kg new through "
    "given whole "
    "anybody anyone everybody everyone somebody someone nobody whoever person people persons human "
    "turned turn "
    "reached reach reaches old older younger reject rejects rejected refuse refused refuses accept accepts "
    "accepted declined admitted contain contains hold holds fit fits take takes taken most number "
    "amount length size duration period long able exception exceptions cannot can't mustn't isn't aren't "
    "don't "
    "doesn't won't everything anything nothing means once twice thrice half without consist consists "
    "weigh weighs large along currently exist exists least"
)
"""Words that tell no two statements apart; those that do stand in `DISTINCT`."""

_DISTINCT = word_set(
    "first second third fourth fifth next previous other another further additional extra new former current"
)
_SAME = {
    stem: group[0]
    for group in (
        ("cance", "withd"),
        ("chang", "edit", "modif", "amend", "alter", "updat", "corre"),
        ("start", "begin", "begun"),
        ("show", "see", "seen", "view", "displ", "shown", "visib"),
        ("cost", "price", "charg", "fee"),
        ("refun", "reimb", "repay", "repai"),
        ("colle", "fetch"),
        ("delet", "remov", "erase", "eras", "purge", "purg"),
        ("send", "sent", "mail", "maile"),
        ("creat", "add", "adde", "addit"),
        ("buy", "bough", "purch"),
        ("paid", "pay", "payme"),
        ("kept", "keep", "store", "stor", "retai"),
    )
    for stem in group
}
_WORD = re.compile(r"[^\W\d_][\w'\u2019-]+")
_REASON = re.compile(
    r"^(?:since|as|because|although|though|while)\b[^,]{0,160},|\b(?:because|so that|in order to)\b.*$",
    re.IGNORECASE,
)
_LABEL = re.compile(r"^[^:;|]{1,60}:\s+(?=[^\W\d_])")
_LONGEST = 600
_SHORTEST = 3
"""Letters of a word that says something."""
_STEM = 5


@dataclass(frozen=True, slots=True)
class Said:
    """A statement.

    Attributes:
        index: Its place in the story.
        text: On one line, cut to a bound.
        stems: Of its words that tell it apart, reasons left out.
        limits: Its constraints.
    """

    index: int
    criterion: str
    text: str
    stems: frozenset[str]
    limits: tuple[Constraint, ...]


def said(index: int, criterion: Criterion, limits: Sequence[Constraint]) -> Said:
    """A criterion as a statement."""
    text = " ".join(criterion.text.split())[:_LONGEST]
    return Said(index, criterion.id, text, stems(without_reason(text)), tuple(limits))


def without_reason(text: str) -> str:
    """The text without a clause that only says why."""
    return _REASON.sub("", text)


def words_of(text: str) -> list[str]:
    """The words of a text, in lower case."""
    return [word.lower() for word in _WORD.findall(text)]


def stems(text: str) -> frozenset[str]:
    """Stems of the words that tell a text apart; one stem for words that mean the same."""
    return frozenset(stem(word) for word in words_of(text) if word not in LITTLE and len(word) >= _SHORTEST)


def stem(word: str) -> str:
    """The beginning that a word shares with its other forms."""
    plain = re.sub(r"['\u2019]s$", "", word)
    bare = re.sub(r"(?:ations?|ing|ed|ies|es|s|ly)$", "", plain)
    plain = bare if len(bare) >= _SHORTEST else plain
    return _SAME.get(plain[:_STEM], plain[:_STEM])


def distinct(text: str, things: frozenset[str]) -> frozenset[str]:
    """Words that tell one of several alike things from the others: `the second reminder`."""
    return frozenset(
        word for word, thing in pairwise(words_of(text)) if word in _DISTINCT and stem(thing) in things
    )
