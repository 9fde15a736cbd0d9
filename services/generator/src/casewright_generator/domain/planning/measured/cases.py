"""Makes the condition of a case that is worded in full."""

from collections.abc import Sequence
from dataclasses import dataclass

from casewright_common.events import Priority, Technique, TestData
from casewright_generator.domain.language import clauses, words
from casewright_generator.domain.planning.conditions import TestCondition, normal
from casewright_generator.domain.planning.measured.sites import Site
from casewright_generator.domain.reading.statements import Kind, Statement


@dataclass(frozen=True, slots=True)
class Datum:
    """A value that a case uses; `sample` where the story doesn't give it."""

    name: str
    value: str
    sample: bool = False


def made(
    site: Site,
    title: str,
    steps: Sequence[tuple[str, str]],
    *,
    given: Sequence[str] = (),
    data: Sequence[Datum] = (),
    technique: Technique = Technique.BOUNDARY_VALUE,
    negative: bool = False,
    supposed: bool = False,
    assumed: bool = False,
) -> TestCondition:
    """A condition whose case has these steps, each an action with what must be seen.

    Args:
        site: Where the story says so.
        title: Of the case, and what the condition is called.
        steps: Without full stops; the last one has an expected result.
        given: What to set up.
        data: What the case uses.
        technique: That the case comes from.
        negative: Whether something is refused, or must not come.
        supposed: Whether the result isn't in the story.
        assumed: Whether the result is only the contrary of what the story says.
    """
    headline = clauses.sentence(" ".join(title.split())).rstrip(".")
    statement = Statement(
        site.criterion.id,
        site.sentence,
        Kind.CASE,
        headline,
        tuple(clauses.sentence(one) for one in given if one),
        tuple(clauses.sentence(action) for action, _ in steps),
        (clauses.sentence(steps[-1][1]),),
        seen=tuple(clauses.sentence(expected) for _, expected in steps[:-1]),
        main=site.sentence,
        negated=negative,
        technique=technique,
        assumed=assumed,
    )
    return TestCondition(
        key=f"{normal(site.sentence)} {normal(headline)}",
        technique=technique,
        criteria=(site.criterion.id,),
        description=headline,
        title=headline,
        statement=statement,
        priority=Priority.HIGH if negative else Priority.MEDIUM,
        negative=negative,
        values=tuple(TestData(name=one.name, value=one.value, sample=one.sample) for one in data),
        constraint=site.constraint.text,
        assumption=supposed,
    )


def lowered(text: str) -> str:
    """For the middle of a sentence, without a full stop."""
    text = text.strip().rstrip(".")
    first = text.split(maxsplit=1)[0] if text else ""
    if first[1:].islower() and words.is_plural(first):
        return text[0].lower() + text[1:]
    return clauses.lower_first(text)


def upper(text: str) -> str:
    """With a capital, without a full stop."""
    return clauses.capital(text.strip().rstrip("."))


def as_act(text: str) -> str:
    """An instruction for the middle of a sentence."""
    return text[:1].lower() + text[1:] if text[1:2].islower() else text
