"""Chooses what the constraints of a criterion give ground for."""

import re

from casewright_generator.domain.planning.conditions import TestCondition
from casewright_generator.domain.planning.measured.clock import clock
from casewright_generator.domain.planning.measured.counted import counted
from casewright_generator.domain.planning.measured.dates import dates
from casewright_generator.domain.planning.measured.elapsed import elapsed
from casewright_generator.domain.planning.measured.entered import entered
from casewright_generator.domain.planning.measured.listed import listed
from casewright_generator.domain.planning.measured.moves import moves
from casewright_generator.domain.planning.measured.patterns import patterns
from casewright_generator.domain.planning.measured.shares import shares
from casewright_generator.domain.planning.measured.sites import Site, is_scenario, sites
from casewright_generator.domain.planning.measured.stated import acted, stated
from casewright_generator.domain.planning.measured.thresholds import thresholds
from casewright_generator.domain.requirements.model import Constraint, ConstraintKind, Requirements

_ELSE = re.compile(r"\b(?:otherwise|or else)\b", re.IGNORECASE)
_LONGEST = 900
"""Characters of a sentence that is read."""


def conditions(requirements: Requirements, *, errand: str = "", three: bool = False) -> list[TestCondition]:
    """The conditions of all constraints that are understood, in the order of the criteria.

    Args:
        requirements: Of the story; what isn't English yields none.
        errand: What the story lets its user do, as an instruction; may be empty.
        three: Whether both neighbours of each bound are taken.
    """
    if requirements.language != "en":
        return []
    story = "\n".join(one.text for one in requirements.criteria)
    moved = [one for one in requirements.constraints if one.kind is ConstraintKind.TRANSITION]
    by_criterion: dict[str, list[Constraint]] = {}
    for one in requirements.constraints:
        by_criterion.setdefault(one.criterion, []).append(one)
    found: list[TestCondition] = []
    for criterion in requirements.criteria:
        own = by_criterion.get(criterion.id, [])
        if own and not is_scenario(criterion.text):
            for site in sites(criterion, own):
                found.extend(_of_site(site, story, errand, moved, three=three))
    return found


def _of_site(
    site: Site, story: str, errand: str, moved: list[Constraint], *, three: bool
) -> list[TestCondition]:
    if _ELSE.search(site.before):
        return []  # it holds where something else doesn't: a case would need that first
    if len(site.sentence) > _LONGEST:
        return []  # each bound is read with its whole sentence: a long one with many takes too long
    return (
        dates(site)
        or entered(site, story, three=three)
        or acted(site, three=three)
        or counted(site)
        or elapsed(site)
        or clock(site)
        or shares(site)
        or listed(site)
        or patterns(site)
        or moves(site, moved)
        or thresholds(site, errand, three=three)
        or stated(site, three=three)
    )
