"""Reads the planted cases of `planted/` and `across/`, and makes the systematic ones."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final
from uuid import uuid5

import yaml

from casewright_common.events import (
    EVENT_NAMESPACE,
    CaseDraft,
    CaseStep,
    Criterion,
    CriterionOrigin,
    Provenance,
    Story,
    Technique,
    TestData,
)
from casewright_generator.domain.designer import design
from casewright_generator.domain.planning.conditions import Plan, TestCondition
from casewright_generator.domain.planning.plan import plan
from casewright_generator.domain.reading.analysis import analyse
from casewright_generator.domain.reading.statements import Kind, Statement

HERE: Final = Path(__file__).parent
STORIES: Final = HERE.parents[2] / "stories" / "tuning"
_HALF = 128
"""Of the first byte of a name's hash: below it a planted case is for tuning."""


@dataclass(frozen=True, slots=True)
class Planted:
    """A case whose verdict is known.

    Attributes:
        name: Stable and unique, such as `guild-invitations/invented_name-1`.
        check: Code that the gate must find in `case`; `None` for a clean control, where it must find nothing.
        others: Clean cases that go into the same answer, before `case`.
        approved: Cases that stand already.
        exclusions: What the story says is out of scope.
    """

    name: str
    check: str | None
    case: CaseDraft
    story: Story
    plan: Plan
    others: tuple[CaseDraft, ...] = ()
    context: tuple[str, ...] = ()
    approved: tuple[CaseDraft, ...] = ()
    exclusions: tuple[str, ...] = ()


def is_tuning(name: str) -> bool:
    """Whether a planted case may be looked at one by one; the other half is only counted."""
    return hashlib.sha256(name.encode()).digest()[0] < _HALF


@cache
def planted() -> tuple[Planted, ...]:
    """All planted cases, always in the same order.

    Raises:
        FileNotFoundError: The stories to which they belong aren't there.
    """
    rooms = {path.stem: _Room.read(path) for path in sorted((HERE / "planted").glob("*.yaml"))}
    found = [one for room in rooms.values() for one in room.all()]
    for path in sorted((HERE / "across").glob("*.yaml")):
        table = yaml.safe_load(path.read_text(encoding="utf-8"))
        for check, patches in ((None, table["controls"]), ("", table["faults"])):
            for number, patch in enumerate(patches, start=1):
                room = rooms[patch["story"]]
                code = None if check is None else str(patch["f"])
                name = f"{room.name}/{path.stem}-{code or 'control'}-{number}"
                found.append(room.patched(name, code, patch))
    for path in sorted(STORIES.glob("*.yaml")):
        found.extend(_designed(path.stem))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Room:
    """One story with its plan, clean cases and faults."""

    name: str
    story: Story
    plan: Plan
    cases: Mapping[str, CaseDraft]
    controls: Sequence[Mapping[str, Any]]
    faults: Sequence[Mapping[str, Any]]
    exclusions: tuple[str, ...]

    @classmethod
    def read(cls, path: Path) -> "_Room":
        table = yaml.safe_load(path.read_text(encoding="utf-8"))
        story = _story(path.stem)
        made = Plan(criteria=story.criteria, conditions=tuple(_condition(one) for one in table["conditions"]))
        known = {condition.id: condition for condition in made.conditions}
        cases = {
            name: _case(f"{path.stem}/{name}", known[one["of"]], one) for name, one in table["cases"].items()
        }
        return cls(
            path.stem,
            story,
            made,
            cases,
            table["controls"],
            table["faults"],
            tuple(table.get("exclusions", ())),
        )

    def all(self) -> Iterator[Planted]:
        yield from self._clean()
        yield from self._by_hand()
        yield from self._cited_amiss()

    def planted(self, name: str, check: str | None, case: CaseDraft, **more: Any) -> Planted:
        """With all that this story says."""
        return Planted(
            name=name,
            check=check,
            case=case,
            story=self.story,
            plan=self.plan,
            exclusions=self.exclusions,
            **more,
        )

    def patched(self, name: str, check: str | None, patch: Mapping[str, Any]) -> Planted:
        """A case of this story with something changed in it, in a person's words."""
        return self.planted(
            name,
            check,
            _patched(self.cases[patch["of"]], name, patch),
            others=tuple(self.cases[one] for one in patch.get("others", ())),
            approved=tuple(self.cases[one] for one in patch.get("approved", ())),
        )

    def _clean(self) -> Iterator[Planted]:
        for name, case in self.cases.items():
            rest = tuple(one for other, one in self.cases.items() if other != name)
            yield self.planted(f"{self.name}/clean-{name}", None, case, others=rest)
        for number, patch in enumerate(self.controls, start=1):
            yield self.patched(f"{self.name}/control-{number}", None, patch)
        for name, case in self.cases.items():
            by_id = next(one.id for one in self.plan.conditions if one.description == case.condition)
            named = case.model_copy(update={"condition": by_id, "provenance": Provenance.HUMAN})
            yield self.planted(f"{self.name}/clean-{name}-by-id", None, named)
            if (
                case.technique is not Technique.BOUNDARY_VALUE
            ):  # its neighbours follow from the condition alone
                free = case.model_copy(update={"condition": case.title, "provenance": Provenance.HUMAN})
                yield self.planted(f"{self.name}/clean-{name}-free", None, free)

    def _by_hand(self) -> Iterator[Planted]:
        counts: dict[str, int] = {}
        for patch in self.faults:
            code = str(patch["f"])
            counts[code] = counts.get(code, 0) + 1
            yield self.patched(f"{self.name}/{code}-{counts[code]}", code, patch)

    def _cited_amiss(self) -> Iterator[Planted]:
        """Systematically: each clean case with a citation left out, and with that of another criterion."""
        ids = [criterion.id for criterion in self.story.criteria]
        for name, case in self.cases.items():
            if _number(f"{self.name}/{name}/bare") % 3 == 0:
                at = _number(f"{self.name}/{name}/step") % len(case.steps)
                step = case.steps[at].model_copy(update={"criteria": ()})
                steps = (*case.steps[:at], step, *case.steps[at + 1 :])
                bare = case.model_copy(update={"steps": steps})
                yield self.planted(f"{self.name}/uncited_step-{name}", "uncited_step", bare)
            cited = {*case.criteria, *(one for step in case.steps for one in step.criteria)}
            rest = [one for one in ids if one not in cited and self._tells_apart(case, cited, one)]
            if rest and _number(f"{self.name}/{name}/amiss") % 2 == 0:
                wrong = rest[_number(f"{self.name}/{name}/other") % len(rest)]
                yield self._wrongly(name, case, wrong)

    def _tells_apart(self, case: CaseDraft, cited: set[str], other: str) -> bool:
        """Whether the case has more words of a criterion that it cites than of the other one.

        Where it hasn't, nobody could tell from the words which of the two it is about.
        """
        said = _plain_words(" ".join(f"{step.action} {step.expected}" for step in case.steps))
        said |= _plain_words(" ".join((case.title, *case.preconditions)))
        shared = {one.id: len(said & _plain_words(one.text)) for one in self.story.criteria}
        return max(shared[one] for one in cited) > shared[other]

    def _wrongly(self, name: str, case: CaseDraft, wrong: str) -> Planted:
        steps = tuple(step.model_copy(update={"criteria": (wrong,)}) for step in case.steps)
        changes: dict[str, Any] = {"steps": steps}
        if _number(f"{self.name}/{name}/free") % 2:  # as a person would: without a condition of the plan
            changes |= {"criteria": (wrong,), "condition": case.title}
        title = f"{self.name}/wrong_citation-{name}"
        return self.planted(title, "wrong_citation", case.model_copy(update=changes))


def _designed(name: str) -> Iterator[Planted]:
    """What the built-in designer writes of a story, as clean controls."""
    story = _story(name)
    made = plan(analyse(story), max_cases=40)
    cases = design(made, story, story_id=name)
    for number, case in enumerate(cases):
        rest = (*cases[:number], *cases[number + 1 :])
        yield Planted(f"{name}/designed-{number + 1}", None, case, story, made, others=rest)


def _story(name: str) -> Story:
    table = yaml.safe_load((STORIES / f"{name}.yaml").read_text(encoding="utf-8"))
    return Story(
        title=table["title"],
        text=table["description"],
        criteria=tuple(
            Criterion(id=f"AC-{number}", text=one["quote"], origin=CriterionOrigin.LIST)
            for number, one in enumerate(table["criteria"], start=1)
        ),
        issue_type=table["issue_type"],
    )


def _condition(table: Mapping[str, Any]) -> TestCondition:
    outcomes = (table["sees"],)
    return TestCondition(
        id=table["id"],
        key=table["says"],
        technique=Technique(table["technique"]),
        criteria=tuple(table["criteria"]),
        description=table["says"],
        title=table["says"],
        statement=Statement(
            criterion=table["criteria"][0],
            text=table["says"],
            kind=Kind.CASE,
            headline=table["says"],
            outcomes=outcomes,
        ),
        negative=table.get("negative", False),
        values=_data(table.get("values", {}), sample=False),
    )


def _data(values: Mapping[str, Any], *, sample: bool) -> tuple[TestData, ...]:
    return tuple(TestData(name=name, value=str(value), sample=sample) for name, value in values.items())


def _case(name: str, condition: TestCondition, table: Mapping[str, Any]) -> CaseDraft:
    return CaseDraft(
        case_id=uuid5(EVENT_NAMESPACE, name),
        title=table["title"],
        technique=condition.technique,
        negative=condition.negative,
        condition=condition.description,
        criteria=condition.criteria,
        preconditions=tuple(table.get("pre", ())),
        data=(
            *_data(table.get("data", {}), sample=False),
            *_data(table.get("sample", {}), sample=True),
        ),
        steps=tuple(_step(one, condition.criteria) for one in table["steps"]),
        provenance=Provenance.MODEL,
    )


def _step(row: Sequence[Any], criteria: tuple[str, ...]) -> CaseStep:
    action, expected, *cited = row
    return CaseStep(action=action, expected=expected, criteria=tuple(cited[0]) if cited else criteria)


def _patched(case: CaseDraft, name: str, patch: Mapping[str, Any]) -> CaseDraft:
    steps = [
        step.model_copy(
            update={
                field: patch[f"{short}{number}"]
                for field, short in (("action", "do"), ("expected", "see"))
                if f"{short}{number}" in patch
            }
        )
        for number, step in enumerate(case.steps, start=1)
    ]
    changes: dict[str, Any] = {"case_id": uuid5(EVENT_NAMESPACE, name), "steps": tuple(steps)}
    if "title" in patch:
        changes["title"] = patch["title"]
    if "pre" in patch:
        changes["preconditions"] = tuple(patch["pre"])
    if "sample" in patch:
        changes["data"] = (
            *(item for item in case.data if not item.sample),
            *_data(patch["sample"], sample=True),
        )
    return case.model_copy(update=changes)


_SHORT = 3
"""Letters up to which a word tells nothing."""


def _plain_words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", text.lower()) if len(word) > _SHORT}


def _number(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")
