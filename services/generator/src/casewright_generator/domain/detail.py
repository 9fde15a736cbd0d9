"""Whether a story says enough to be tested, and what to ask its author where it doesn't."""

from dataclasses import dataclass

from casewright_generator.domain.analysis import Analysis


@dataclass(frozen=True, slots=True)
class Detail:
    """Attributes:
    enough: Whether at least one case can be written.
    questions: For the author, about this story; may be there beside cases too.
    """

    enough: bool
    questions: tuple[str, ...] = ()


def questions(analysis: Analysis) -> Detail:
    """What the author should answer."""
    if not analysis.statements:
        return Detail(
            False,
            (
                f"What must a user be able to do with “{analysis.title}”, and how would they see that it worked?",
            ),
        )
    return Detail(True)
