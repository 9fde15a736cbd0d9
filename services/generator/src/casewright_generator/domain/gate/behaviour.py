"""Behaviour that nobody asked for: clauses of a step whose words neither story nor context nor plan has.

Any test needs words of its own: to refuse, a message, a moment later. What is left without those is about
something; where nearly none of it is known, the clause is about something else.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from casewright_common.events import CaseDraft, GateFinding
from casewright_generator.domain.gate import lexicon
from casewright_generator.domain.gate.checks import found
from casewright_generator.domain.gate.facts import Facts
from casewright_generator.domain.gate.names import mask_links
from casewright_generator.domain.language import words
from casewright_generator.domain.language.masking import mask

_CLAUSE = re.compile(
    r"[.;:,!?()\n\u2013\u2014]|\b(?:and|or|but|while|because|then|before|after|when|so that)\b", re.IGNORECASE
)
_FEWEST = 2
"""Unknown words of a clause: a single one may be a synonym."""
_FAR_MORE = 2
"""How many times as many words must be unknown as are known."""
_SHORTEST = 3
"""Letters of a word that says something."""
_ORDINARY: Final = words.word_set(
    # what becomes of something
    "accept accepts accepted refuse refused refusal reject rejected rejection decline declined deny "
    "denied agree agrees offer offered fail fails failed succeed succeeds pass passed happen block "
    "blocked prevent prevented disable disabled enable enabled remain remains stay stays keep kept "
    "change changed changes become becomes create created add added remove removed delete deleted save "
    "saved store stored send sent arrive arrived receive received return returned finish finished "
    "complete completed confirm confirmed cancel cancelled start started stop stopped end ended move "
    "moved go goes gone vanish disappear close closed appear answer answers lead leads cause causes "
    "contain contains include included miss missing grow grows rise fall drop count counted update "
    "updated replace replaced restore restored reset expire expired take taken leave left come comes "
    "give given hold held read reads write written tell tells say says call bring put turn work explain "
    "explains report reports mark marks marked highlight highlighted grey greyed lock locked unlock "
    "warn need needs let allow allowed permit try tried retry repeat continue proceed follow choose pay "
    "paid buy payment payments collect collected charge charged "
    "reach reaches get gets show shows whoever whatever whichever wherever anyone anything "
    # what is seen of it
    "error errors message messages hint warning notice explanation status state label text title number "
    "amount value values size length format position place order line row column colour color red green "
    "icon validation reason question response reply request code content contents effect outcome change "
    "view notification confirmation prompt tooltip banner toast placeholder "
    # with what it is tested
    "browser device phone computer laptop desktop tablet keyboard mouse cursor clock stopwatch calendar "
    "timer account password credentials email mailbox inbox sender recipient server client network "
    "connection internet developer tools console log logs api header cache cookie session database "
    "reload refresh restart address link window tab file folder printer screen reader camera scanner "
    "sign out login tester colleague somebody entry entries record list lists part parts item items "
    "copy copies set example sample "
    # when, how often, how much
    "later shortly moment meanwhile soon immediately instantly once twice again today tomorrow "
    "yesterday now exactly completely entirely automatically manually directly straight away back "
    "instead else together apart further other another empty blank free short long shorter longer high "
    "low higher lower large small early late new old former previous current next last first second "
    "third whole half full same different editable readable visible hidden available unavailable "
    "unchanged possible impossible wrong correct right below above beside inside outside among between "
    "near least most maximum minimum limit limits zero one two three four five six seven eight nine ten "
    "hundred thousand sixth "
)
_STEMS: Final = frozenset(lexicon.stem(word) for word in _ORDINARY)


def invented(case: CaseDraft, grounds: Sequence[Facts]) -> Iterator[GateFinding]:
    """Clauses about what none of the `grounds` speaks of; steps that are marked assumptions may do that."""
    for number, step in enumerate(case.steps, start=1):
        if step.assumption:
            continue
        for text in (step.action, step.expected):
            strange = next((one for one in _clauses(text) if _is_strange(one, grounds)), "")
            if strange:
                yield found("invented_behaviour", f"Nothing says “{strange}”.", step=number)
                break


@lru_cache(maxsize=4_096)
def _clauses(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in _CLAUSE.split(mask_links(mask(text))) if part.strip())


def _is_strange(clause: str, grounds: Sequence[Facts]) -> bool:
    telling = {one for one in lexicon.tokens(clause) if _tells(one)}
    unknown = [one for one in telling if not any(facts.knows(one) for facts in grounds)]
    return len(unknown) >= _FEWEST and len(unknown) >= _FAR_MORE * (len(telling) - len(unknown))


@lru_cache(maxsize=16_384)
def _tells(word: str) -> bool:
    """Whether the word says what a clause is about."""
    plain = (
        len(word) >= _SHORTEST
        and word.isalpha()
        and set(word) != {"x"}  # a masked quotation
        and word not in lexicon.STOP
    ) or "-" in word
    return plain and word not in _ORDINARY and lexicon.stem(word) not in _STEMS | lexicon.GENERIC_STEMS
