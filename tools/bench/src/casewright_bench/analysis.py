"""Reading a story, planning its conditions and holding the designer's cases to the gate: speed and growth.

Stories are put together from the criteria of the evaluation's stories, so that sentences are of every kind;
those of every size hold the same criteria, once each, under the same text, so that only their number differs.
What was remembered of a sentence is forgotten before each run: in production no sentence comes twice.
Yardsticks: the same event parsed and written as JSON once, which every service does; and, for the growth, the
same work on stories of ten criteria.
"""

import functools
import gc
import random
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from uuid import UUID

from casewright_bench.figures import Figure
from casewright_common.events import Criterion, CriterionOrigin, Story, StoryChange, StoryIndexedV1
from casewright_evaluation.stories import load
from casewright_generator.domain.designer import design
from casewright_generator.domain.gate.verify import verify
from casewright_generator.domain.planning.plan import plan
from casewright_generator.domain.questions import ask
from casewright_generator.domain.reading.analysis import analyse
from casewright_generator.domain.requirements.reading import read

_SIZES = (1, 10, 50, 200)
_CRITERIA_PER_RUN = 600
_MOST_CASES = 10_000
"""More than there are: a cap would flatter the long stories."""
_BASE = 10
_TEXT = (
    "As a clerk I want to handle the orders of our customers so that each of them gets in time what was "
    "asked for. The clerk opens the list of orders in the morning, picks one, looks at what is in it, and "
    "sees to it that it is packed and sent on the same day."
)
"""Long enough to be read as a story, which finds more than a list of notes does."""


def _story(texts: Sequence[str]) -> Story:
    criteria = tuple(
        Criterion(id=f"AC-{number}", text=text, origin=CriterionOrigin.LIST)
        for number, text in enumerate(texts, start=1)
    )
    return Story(title="Handle orders", text=_TEXT, criteria=criteria, issue_type="Story")


def _stories(size: int, texts: Sequence[str]) -> list[Story]:
    """All of the same criteria, `size` to a story."""
    draw = random.Random(0)  # noqa: S311  # the same stories in every run
    chosen = draw.sample(texts, _CRITERIA_PER_RUN)
    return [_story(chosen[start : start + size]) for start in range(0, len(chosen), size)]


def _forget() -> None:
    """Empty the generator's caches."""
    for one in gc.get_objects():
        if isinstance(one, _CACHED) and one.__module__.startswith("casewright_generator"):
            one.cache_clear()


_CACHED = type(functools.lru_cache(lambda: None))


def _ours(story: Story) -> None:
    """What the service does without a model, questions included."""
    analysis = analyse(story)
    requirements = read(story.model_copy(update={"criteria": analysis.criteria}))
    planned = plan(analysis, max_cases=_MOST_CASES, exclusions=requirements.exclusions)
    cases = design(planned, story, story_id="bench")
    verify(cases, planned, story, exclusions=requirements.exclusions)
    ask(story, requirements, analysis, planned, story_id="bench")


def _event(story: Story) -> StoryIndexedV1:
    some = UUID(int=1)
    return StoryIndexedV1(
        event_id=some,
        occurred_at=datetime(2026, 1, 1, tzinfo=UTC),
        org_id=some,
        connection_id=some,
        issue_id="1",
        issue_key="SHOP-1",
        project_id=some,
        project_key="SHOP",
        change=StoryChange.CREATED,
        revision=1,
        content_hash="0" * 64,
        updated_at=datetime(2026, 1, 1, tzinfo=UTC),
        story=story,
        collection="some",
    )


def _rate(work: Callable[[Story], object], stories: Sequence[Story]) -> float:
    """Stories per second of processor time."""
    _forget()
    began = time.process_time()
    for story in stories:
        work(story)
    return len(stories) / (time.process_time() - began)


def measure(*, runs: int = 5) -> Sequence[Figure]:
    """Per size: stories per second beside the yardstick, and criteria per second beside those of ten."""
    texts = sorted({one.quote for story in load("tuning") for one in story.criteria})
    figures = []
    samples: dict[int, list[float]] = {}
    for size in _SIZES:
        stories = _stories(size, texts)
        written = {id(story): _event(story).model_dump_json() for story in stories}

        def theirs(story: Story, written: dict[int, str] = written) -> None:
            StoryIndexedV1.model_validate_json(written[id(story)]).model_dump_json()

        _rate(_ours, stories[:_BASE])
        pairs = [(_rate(_ours, stories), _rate(theirs, stories)) for _ in range(runs)]
        samples[size] = [ours for ours, _ in pairs]
        figures.append(
            Figure(
                name=f"analysis, plan, designer and gate, {size} criteria",
                samples=samples[size],
                yardstick="the event read and written as JSON",
                yardstick_samples=[other for _, other in pairs],
                unit="stories/s",
            )
        )
    figures += [
        Figure(
            name=f"growth: criteria in stories of {size}",
            samples=[rate * size for rate in samples[size]],
            yardstick=f"in stories of {_BASE}",
            yardstick_samples=[rate * _BASE for rate in samples[_BASE]],
            unit="criteria/s",
            least_ratio=_LINEAR,
        )
        for size in _SIZES
        if size > _BASE
    ]
    return figures


_LINEAR = 0.9
"""Of ten's rate: no worse than linear, with room for noise."""
