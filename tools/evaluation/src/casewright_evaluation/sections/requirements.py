"""FullTeaching's requirements."""

from collections.abc import Iterator

from casewright_evaluation import fullteaching, reading
from casewright_evaluation.designing import Designed, designed, tally
from casewright_evaluation.figures import Section
from casewright_evaluation.options import Options, Tell
from casewright_evaluation.sections.figuring import of_cases, share
from casewright_evaluation.understanding import match_criteria


def measure(options: Options, tell: Tell) -> Iterator[Section]:
    """How many of the sub-items are found, and have a case that adds something."""
    tell("Reading FullTeaching's requirements …")
    title, path = "FullTeaching", options.settings.requirements
    try:
        requirements = fullteaching.read(path)
    except OSError as error:
        reason = f"{path} can't be read ({error.strerror}); set CASEWRIGHT_REQUIREMENTS"
        yield Section(title, "", skipped=(f"FullTeaching: {reason}",))
        return
    made: list[Designed] = []
    found = covered = plain = parts = 0
    for requirement in requirements:
        story = reading.story(f"FullTeaching, requirement {requirement.number}", requirement.text)
        one = designed(story, story_id=f"fullteaching-{requirement.number}")
        matched = match_criteria(requirement.parts, one.plan.criteria, story)
        made.append(one)
        parts += len(requirement.parts)
        found += len(matched.pairs)
        covered += sum(criterion.id in one.covered for _, criterion in matched.pairs)
        plain += sum(criterion.id in one.plainly_covered for _, criterion in matched.pairs)
    note = f"{len(requirements)} real requirements, each as a story, with {parts} sub-items in all."
    yield Section(
        title,
        note,
        (
            *share("fullteaching.found", "Sub-items found as criteria", found, parts),
            *share(
                "fullteaching.covered", "Sub-items with a case that adds a datum or a result", covered, parts
            ),
            *share("fullteaching.plain", "… told by words alone, not by the generator", plain, parts),
            *of_cases(tally(made), "fullteaching"),
        ),
    )
