"""Stories with answers made by hand."""

from collections.abc import Iterator, Sequence

from casewright_evaluation import questions, reading, stories
from casewright_evaluation.designing import Designed, designed, tally
from casewright_evaluation.figures import Figure, Section
from casewright_evaluation.options import Options, Tell
from casewright_evaluation.scores import total
from casewright_evaluation.sections.figuring import figure, of_cases, scores
from casewright_evaluation.stories import Part
from casewright_evaluation.understanding import Understanding, by_kind, counted, understand

_TOLD: dict[Part, str] = {
    "tuning": "",
    "holdout": " Nobody who changes rules has seen them.",
    "unusual": (
        " Nobody who changes rules has seen them; their wordings are as rare as their writers could make"
        " them. No aim: they show how far reading goes."
    ),
}


def measure(options: Options, tell: Tell) -> Iterator[Section]:
    """What is read in the stories with answers, and the designer's cases of them."""
    for part in options.parts:
        tell(f"Reading the {part} stories …")
        try:
            answered = stories.load(part)
        except stories.StoryFileError as error:
            yield Section(f"Stories, {part}", "", skipped=(f"{part} stories: {error}",))
            continue
        understood = [understand(reading.read(story)) for story in answered]
        made = [designed(one.read.story, story_id=one.read.answered.name) for one in understood]
        yield Section(
            f"What is read in stories, {part}",
            f"{len(answered)} stories with answers made by hand.{_TOLD[part]}",
            (*_understood(understood, part), *_asked(understood, made, part)),
        )
        yield Section(
            f"Cases of stories, {part}", "Written by the designer.", tuple(of_cases(tally(made), part))
        )


def _understood(understood: Sequence[Understanding], part: Part) -> Iterator[Figure]:
    yield from scores("criteria", "Criteria", part, counted(understood, "criteria"))
    yield from scores("constraints", "Constraints", part, counted(understood, "constraints"))
    for kind, counts in by_kind(understood).items():
        yield figure(
            f"constraints_of_kind.f1.{part}.{kind}",
            f"Constraints, {kind}: F1",
            counts.f1,
            "score",
            counts.expected,
        )
    for name in ("roles", "states", "exclusions"):
        yield from scores(name, name.capitalize(), part, counted(understood, name))


def _asked(understood: Sequence[Understanding], made: Sequence[Designed], part: Part) -> Iterator[Figure]:
    scored = [
        questions.score(one.read.answered.questions, cases.questions, cases.requirements.criteria)
        for one, cases in zip(understood, made, strict=True)
    ]
    for kind, name in (("vague", "Questions, vague words"), ("contradiction", "Questions, contradictions")):
        yield from scores(f"questions_{kind}", name, part, total(one[kind] for one in scored))
    yield from scores(
        "questions", "Questions", part, total(counts for one in scored for counts in one.values())
    )
