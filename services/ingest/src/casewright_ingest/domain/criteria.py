"""Acceptance criteria of an issue; `docs/adr/0006-acceptance-criteria.md` says how and why."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from casewright_common.events import Criterion, CriterionOrigin
from casewright_ingest.domain.blocks import Block
from casewright_ingest.domain.testability import (
    Testability,
    is_fault_text,
    is_fault_title,
    is_mending_title,
    is_trouble_title,
)
from casewright_ingest.domain.titles import title_criterion
from casewright_ingest.domain.walk import Found, Tier, Walk, found_in

MAX_CRITERIA = 200
"""Most that are read of one issue; how many more there are is counted."""
MAX_CRITERION_CHARACTERS = 2_000
_ROOM_FOR_MARK = 40
_DOUBT = 0.5
_BUG_TYPE = re.compile(r"\b(?:bugs?|defects?|faults?|incidents?|fehler|anomalies?|erreur)\b", re.IGNORECASE)
_STORY_TYPE = re.compile(
    r"\b(?:story|stories|improvement|enhancement|(?:new )?feature|requirement|change request|epic|anforderung"
    r"|verbesserung|historia|mejora|récit|amélioration|história|melhoria)\b",
    re.IGNORECASE,
)
_SHAPES = frozenset({CriterionOrigin.GIVEN_WHEN_THEN, CriterionOrigin.TABLE})
_LISTED = frozenset({CriterionOrigin.LIST, CriterionOrigin.CHECKLIST})


_TIER_OF_TITLE = {
    Testability.STRONG: Tier.STATED,
    Testability.MEDIUM: Tier.WISHED,
    Testability.WEAK: Tier.WEAK,
}


@dataclass(frozen=True, slots=True)
class FoundCriteria:
    """The criteria of an issue.

    Attributes:
        criteria: Numbered `AC-1`, … in the order of the issue; at most `MAX_CRITERIA`.
        left_out: How many more there are.
    """

    criteria: tuple[Criterion, ...] = ()
    left_out: int = 0


def find_criteria(
    title: str,
    description: Sequence[Block],
    fields: Iterable[Sequence[Block]] = (),
    *,
    issue_type: str = "",
) -> FoundCriteria:
    """Criteria of an issue.

    Args:
        title: Jira's summary; a source of its own where the description says nothing testable.
        description: Blocks of the description.
        fields: Blocks of the custom fields that hold criteria; what they hold goes before all else.
        issue_type: Its name in Jira; of a bug only what is demanded counts, never what is told; the running
            text of a story is read as one.

    Returns:
        None of more than 2,000 characters: a longer one says how much is cut. Without repetitions; none
        where the issue has no word that a test could rest on.
    """
    found: list[Found] = []
    for blocks in fields:
        found += Walk(blocks, whole_is_criteria=True).run()
    if found:
        return _numbered(found)
    by_text = bool(_BUG_TYPE.search(issue_type)) or any(is_fault_text(block.text) for block in description)
    is_fault = by_text or is_fault_title(title)
    is_mending = is_mending_title(title)
    found = found_in(
        description,
        is_fault=is_fault or is_mending,
        is_story=bool(_STORY_TYPE.search(issue_type)) and not by_text,
        doubt=_DOUBT if is_fault or is_mending or is_trouble_title(title) else 0.0,
        title=title,
    )
    if is_trouble_title(title):
        found = [one for one in found if one.tier is not Tier.FACT]
    if told := title_criterion(title, is_fault=is_fault):
        text, level = told
        # After the description: of a tier, the title counts only where that holds nothing.
        titled = [Found(text, CriterionOrigin.SENTENCE, _TIER_OF_TITLE[level])]
    else:
        titled = []
    if any(one.tier is Tier.EXPLICIT for one in found):
        return _numbered(_beside(found))
    for tier in (Tier.STATED, Tier.WISHED, Tier.WEAK):
        if any(one.tier is tier for one in found):
            return _numbered(one for one in found if one.tier in {tier, Tier.FACT})
        if any(one.tier is tier for one in titled):
            return _numbered([*titled, *(one for one in found if one.tier is Tier.FACT)])
    return _numbered(one for one in found if one.tier is Tier.FACT)


def _beside(found: Sequence[Found]) -> list[Found]:
    """The explicit criteria and what is stated beside them, in order.

    Sentences must be firm. So must items beside a mark; where scenarios and tables are all that is
    explicit, nobody marked where criteria stand, and what a list states is as good.
    """
    marked = any(one.tier is Tier.EXPLICIT and one.origin not in _SHAPES for one in found)
    return [
        one
        for one in found
        if one.tier in {Tier.EXPLICIT, Tier.FACT}
        or (
            one.tier is Tier.STATED
            and (one.firm or (not marked and (one.place is not None or one.origin in _LISTED)))
        )
    ]


def _said(text: str) -> str:
    """What a criterion says, whatever its punctuation and case."""
    return " ".join(re.findall(r"\w+", text.casefold())) or text


def _numbered(found: Iterable[Found]) -> FoundCriteria:
    unique: dict[str, Found] = {}
    for one in found:
        unique.setdefault(_said(one.text), one)
    every = list(unique.items())
    # Of too many, those that are marked go first; their order stays that of the issue.
    marked_first = sorted(every, key=lambda item: item[1].tier is not Tier.EXPLICIT)
    read = {said for said, _ in marked_first[:MAX_CRITERIA]}
    kept = [one for said, one in every if said in read]
    return FoundCriteria(
        tuple(
            Criterion(id=f"AC-{number}", text=_shortened(one.text), origin=one.origin)
            for number, one in enumerate(kept, start=1)
        ),
        len(every) - len(kept),
    )


def _shortened(text: str) -> str:
    if len(text) <= MAX_CRITERION_CHARACTERS:
        return text
    cut = text[: MAX_CRITERION_CHARACTERS - _ROOM_FOR_MARK]
    at_word = max(cut.rfind(" "), cut.rfind("\n"))
    kept = (cut[:at_word] if at_word > MAX_CRITERION_CHARACTERS // 2 else cut).rstrip()
    return f"{kept}… ({len(text) - len(kept)} more characters)"
