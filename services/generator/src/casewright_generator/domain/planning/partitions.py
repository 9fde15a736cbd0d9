"""Equivalence partitions: one case per alternative of an `or` list, and one outside of it."""

import re
from dataclasses import replace

from casewright_common.events import Technique, TestData
from casewright_generator.domain.language import clauses, words
from casewright_generator.domain.language.masking import mask
from casewright_generator.domain.planning.conditions import TestCondition, normal
from casewright_generator.domain.reading import observing
from casewright_generator.domain.reading.demands import of_sentence
from casewright_generator.domain.reading.situations import Setting
from casewright_generator.domain.reading.statements import Kind, Statement

_ITEM = r"[^\s,;:()|][^,;:()|\n]{0,38}"
_LIST = re.compile(rf"(?P<first>{_ITEM})(?P<rest>(?:, (?:{_ITEM}))*),? or (?P<last>{_ITEM})")
_MOST = 6
_LONGEST = 3
_LEADS = words.word_set(
    "by as in to a an of at via on from either the with is be are using into for format formats type types"
)


_NAME = r"(?:\"[^\"\n]{1,60}\"|“[^”\n]{1,60}”)"
_NAMES = re.compile(rf"(?P<list>{_NAME}(?:, {_NAME})*),? or (?P<last>{_NAME})")


def alternatives(text: str) -> tuple[int, int, tuple[str, ...]] | None:
    """Where an `or` list stands, and its items; `None` without one of short items."""
    if (named := _NAMES.search(text)) and len(quoted := re.findall(_NAME, named.group())) <= _MOST:
        return named.start(), named.end(), tuple(quoted)
    return _plain_alternatives(text)


def _plain_alternatives(text: str) -> tuple[int, int, tuple[str, ...]] | None:
    masked = mask(text)
    at = masked.find(" or ")
    if at < 0:
        return None
    left = re.split(r",\s", text[:at].rstrip(","))
    after = re.match(r"[^,;:.()\n]{1,60}", text[at + 4 :])
    if not after:
        return None
    last = after.group()
    tail = last.split()
    items: list[str] = []
    for part in reversed(left[1:]):
        if len(part.split()) > _LONGEST:
            return None
        items.insert(0, part.strip())
    first = left[0].split()
    size = max((len(item.split()) for item in items), default=1)
    size = 1 if size > len(first) else min(size, _LONGEST)
    lead = next((n for n in range(1, min(len(first), _LONGEST + 1)) if first[-n - 1].lower() in _LEADS), size)
    if (
        tail
        and tail[0].lower() in words.DETERMINERS
        and len(first) > lead
        and first[-lead - 1].lower() in words.DETERMINERS
    ):
        lead, size = lead + 1, _LONGEST
    items.insert(0, " ".join(first[-lead:]))
    ending = next(
        (n for n, word in enumerate(tail) if n and word.lower() in _ENDS), min(len(tail), max(size, 1))
    )
    if before := first[: -len(items[0].split())][-1:]:
        whole = before[0].lower() == "by" and len(tail) <= _LONGEST and not set(map(str.lower, tail)) & _ENDS
        ending = len(tail) if whole else ending
    final = " ".join(tail[:ending])
    items.append(final)
    start = len(text[:at].rstrip(",")) - len(", ".join(items[:-1]))
    if not 1 < len(items) <= _MOST or any(not item or len(item.split()) > _LONGEST for item in items):
        return None
    if text[start : start + len(items[0])] != items[0]:
        return None
    return start, at + 4 + len(final), tuple(items)


_ENDS = words.word_set(
    "can must should may is are when if in on at for with by to from of and that which will file files format"
)
_VAGUE = words.word_set(
    "more less not greater both neither another other else later higher above below fewer older so"
)


def _agreeing(before: str, item: str) -> str:
    """The text before an item, its article fit for it: `a `, `aggregation` gives `an `."""
    lead, _, article = before.rstrip().rpartition(" ")
    if article.lower() not in {"a", "an"} or item[:1].isupper():
        return before
    fitting = words.with_article(words.singular(item)).partition(" ")[0]
    return f"{lead} {fitting} "


def _verbal(item: str) -> bool:
    return any(word.lower() in words.AUXILIARIES for word in item.split())


def _of_files(
    statement: Statement, text: str, items: tuple[str, ...], setting: Setting
) -> list[TestCondition]:
    """`The file type must be JPEG or PNG`: a file of each type is accepted, one of another isn't."""
    noun = next((name for name in _FILES if name in statement.subject.lower().split()), "file")
    verb = (
        setting.errand.split()[0]
        if setting.errand.split()[:1] in (["Upload"], ["Import"], ["Attach"])
        else "Use"
    )
    other = next(
        (name for name in _OTHER_FORMATS if name not in normal(" ".join(items)).upper().split()), "TXT"
    )
    made = []
    for item in (*items, other):
        listed = item != other
        what = f"{item} {noun}"
        title = (
            f"Accept a {what}"
            if listed
            else f"Refuse a {what}, which isn't {', '.join(items[:-1])} or {items[-1]}"
        )
        made.append(
            TestCondition(
                key=f"{normal(text)} {normal(item)}",
                technique=Technique.EQUIVALENCE_PARTITION,
                criteria=(statement.criterion,),
                description=title,
                title=title,
                statement=replace(
                    statement,
                    actions=(f"{verb if listed else f'Try to {verb.lower()}'} a {what}.",),
                    outcomes=(f"The {what} is {'accepted' if listed else 'not accepted'}.",),
                    headline=title,
                ),
                negative=not listed,
                values=(TestData(name="file type", value=item, sample=not listed),),
            )
        )
    return made


_FILES = ("photo", "image", "picture", "document", "attachment", "file")
_TYPES = frozenset({"type", "format", "extension"})


def conditions(statement: Statement, setting: Setting) -> list[TestCondition]:
    """One condition per alternative."""
    text = " ".join(statement.text.split())
    found = alternatives(text)
    if found and statement.verb == "be" and not statement.negated and not statement.conditions:
        typed = observing.head(statement.subject) in _TYPES and statement.modal in {
            "must",
            "can",
            "may",
            "should",
            "",
        }
        if typed and any(word in statement.subject.lower() for word in _FILES):
            return _of_files(statement, text, found[2], setting)
    if (
        not found
        or statement.kind in (Kind.PROHIBITION, Kind.DEFECT, Kind.QUOTED, Kind.LIMIT)
        or statement.negated
    ):
        return []
    start, end, items = found
    if "either" in text.lower().split() or any(
        item.split()[0].lower() in words.PREPOSITIONS for item in items
    ):
        return []
    if any(item.split()[0].lower() in _VAGUE or _verbal(item) for item in items):
        return []
    of_roles = text[:start].lower().rstrip().endswith(("role", "roles"))
    made = []
    for item in items:
        again = f"{_agreeing(text[:start], item)}{item}{text[end:]}"
        variant = of_sentence(statement.criterion, again, setting)
        if variant is None or variant.kind is not statement.kind:
            return []
        made.append(
            TestCondition(
                key=f"{normal(text)} {normal(item)}",
                technique=Technique.ROLE_PERMISSION if of_roles else Technique.EQUIVALENCE_PARTITION,
                criteria=(statement.criterion,),
                description=variant.headline,
                title=variant.headline,
                statement=variant,
                values=(TestData(name="role" if of_roles else "alternative", value=item.strip('"“”')),),
                assumption=False,
            )
        )
    return [*made, *_outside(statement, text, start, end, items, setting)]


def _outside(
    statement: Statement, text: str, start: int, end: int, items: tuple[str, ...], setting: Setting
) -> list[TestCondition]:
    """One more partition, for file formats: a format that isn't listed."""
    formats = (
        all(item.isupper() or item.startswith(".") for item in items) or " format " in f"{text.lower()} "
    )
    other = next((name for name in _OTHER_FORMATS if name not in normal(" ".join(items)).upper().split()), "")
    if not formats or not other or statement.kind is not Kind.CAPABILITY:
        return []
    sample = f".{other.lower()}" if items[0].startswith(".") else other
    variant = of_sentence(statement.criterion, f"{text[:start]}{sample}{text[end:]}", setting)
    if variant is None or not variant.actions:
        return []
    *before, last = variant.actions
    act = f"{last[0].lower()}{last[1:].rstrip('.')}"
    listed = f"{', '.join(items[:-1])} or {items[-1]}"
    undone = observing.undone(last)
    title = f"Refuse to {act}, which isn't {listed}"
    return [
        TestCondition(
            key=f"{normal(text)} other",
            technique=Technique.EQUIVALENCE_PARTITION,
            criteria=(statement.criterion,),
            description=title,
            title=title,
            statement=replace(
                variant,
                actions=(*before, clauses.sentence(f"Try to {act}")),
                outcomes=(clauses.sentence(f"This is refused: {undone}" if undone else "This is refused"),),
            ),
            negative=True,
            values=(TestData(name="format", value=sample, sample=True),),
            assumption="only" not in text.lower().split(),
        )
    ]


_OTHER_FORMATS = ("TXT", "BMP", "ZIP")
