"""What the cases cost."""

from collections.abc import Iterator

from casewright_common.events import EngineUsed
from casewright_evaluation.figures import Section
from casewright_evaluation.options import Options, Tell
from casewright_evaluation.sections.figuring import figure


def measure(options: Options, tell: Tell) -> Iterator[Section]:
    """Calls and money of the engine that wrote every case here."""
    del options, tell
    used = EngineUsed(kind="designer")
    yield Section(
        "Cost",
        "All cases here are the designer's, which asks nobody. What a model costs stands in the events of "
        "each generation.",
        (
            figure("cost.calls", "Calls of a model for a story", used.calls, "count"),
            figure("cost.designer", "Cost of a story", used.cost_usd or 0.0, "usd"),
        ),
    )
