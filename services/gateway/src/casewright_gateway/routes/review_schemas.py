"""The body of a decision on a case."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from casewright_common.events import CaseStep, ReviewDecision, TestData
from casewright_gateway.domain.case_review import Edit
from casewright_gateway.routes import patterns
from casewright_gateway.routes.schemas import Body, Line

Text = Annotated[str, Field(max_length=4000, pattern=patterns.TEXT)]
Filled = Annotated[str, Field(min_length=1, max_length=4000, pattern=patterns.FILLED)]
CriterionId = Annotated[str, Field(max_length=20, pattern=patterns.CRITERION, examples=["AC-1"])]


class StepIn(Body):
    """One action and what it must lead to."""

    action: Filled
    expected: Text = ""
    criteria: tuple[CriterionId, ...] = Field(
        default=(), max_length=50, description="Criteria that it checks; those of the case where absent."
    )
    assumption: bool = Field(default=False, description="Whether the story doesn't say so.")


class DataIn(Body):
    """One named value."""

    name: Line
    value: Text
    sample: bool = Field(default=False, description="Whether the value is made up.")


class CaseEditIn(Body):
    """A case's new content; title and steps are needed, the rest is empty where absent."""

    title: Line
    preconditions: tuple[Filled, ...] = Field(default=(), max_length=50)
    data: tuple[DataIn, ...] = Field(default=(), max_length=100)
    steps: list[StepIn] = Field(min_length=1, max_length=100)

    def edit(self) -> Edit:
        """As a value."""
        return Edit(
            title=self.title,
            preconditions=self.preconditions,
            data=tuple(TestData.model_validate(each.model_dump()) for each in self.data),
            steps=tuple(CaseStep.model_validate(each.model_dump()) for each in self.steps),
        )


class ReviewIn(Body):
    """A decision: `case` belongs to `edited`, and to nothing else."""

    decision: ReviewDecision
    reason: Text = Field(default="", description="Why, in the reviewer's words; rejections teach by it.")
    case: CaseEditIn | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if (self.decision is ReviewDecision.EDITED) != (self.case is not None):
            raise ValueError("`edited` needs the new content in `case`; other decisions take none")
        return self
