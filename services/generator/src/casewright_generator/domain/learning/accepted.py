"""Cases that people approved or edited: examples for the next ones, and what they cover already."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from casewright_common.events import CaseDraft, Story
from casewright_generator.domain.learning.likeness import likeness, marks
from casewright_generator.domain.planning.conditions import Plan, normal

MOST_EXAMPLES = 3
_LIKE_ENOUGH = 0.05
_SAME = 0.9


@dataclass(frozen=True, slots=True)
class Accepted:
    """A case that a person of the same project approved or edited.

    Attributes:
        issue_key: Of its story.
        criteria: Texts of the criteria that it cites; may be empty.
        stands: Whether its story still lists it and it isn't stale: only then does it cover anything.
    """

    case: CaseDraft
    issue_key: str
    criteria: tuple[str, ...] = ()
    stands: bool = True


def examples(
    accepted: Sequence[Accepted],
    story: Story,
    plan: Plan,
    *,
    nearest: Sequence[tuple[str, str]] = (),
    most: int = MOST_EXAMPLES,
) -> tuple[CaseDraft, ...]:
    """The accepted cases that are most like what is to be written, the most alike first; one per condition.

    Args:
        accepted: Of the project.
        story: To be tested.
        plan: Whose cases are to be written.
        nearest: Issue key and title of cases that a search found, best first: they go before all others.
        most: Upper bound on the number of cases.
    """
    wanted = marks("\n".join((story.title, *(one.description for one in plan.conditions))))
    found = {place: rank for rank, place in enumerate(nearest)}
    ranked = []
    for index, one in enumerate(accepted):
        text = "\n".join((one.case.title, one.case.condition, *one.criteria))
        alike = likeness(marks(text), wanted)
        rank = found.get((one.issue_key, one.case.title), len(found))
        if rank < len(found) or alike >= _LIKE_ENOUGH:
            ranked.append((rank, -alike, index))
    chosen: dict[str, CaseDraft] = {}
    for _, _, index in sorted(ranked):
        case = accepted[index].case
        chosen.setdefault(normal(case.condition), case)
    return tuple(chosen.values())[:most]


def covered_elsewhere(designed: Sequence[CaseDraft], accepted: Sequence[Accepted]) -> Mapping[str, Accepted]:
    """By condition, the accepted case of another story that says nearly the same as the designer would.

    Args:
        designed: One case per condition, of the story at hand.
        accepted: Of other stories of the project.
    """
    others: dict[object, list[tuple[Accepted, frozenset[str]]]] = {}
    for one in accepted:
        if one.stands:
            words, numbers = _content(one.case)
            others.setdefault((one.case.negative, numbers), []).append((one, words))
    found: dict[str, Accepted] = {}
    for case in designed:
        words, numbers = _content(case)
        for one, theirs in others.get((case.negative, numbers), ()):
            if len(words & theirs) >= _SAME * len(words | theirs):
                found[case.condition] = one
                break
    return found


def _content(case: CaseDraft) -> tuple[frozenset[str], tuple[str, ...]]:
    """Its words, and its numbers in order."""
    steps = (f"{step.action} {step.expected}" for step in case.steps)
    words = normal(" ".join((*case.preconditions, *(item.value for item in case.data), *steps))).split()
    return frozenset(words), tuple(word for word in words if word[0].isdigit())
