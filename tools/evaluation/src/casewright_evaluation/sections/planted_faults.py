"""The gate, held against planted faults."""

from collections.abc import Iterator

from casewright_evaluation import gate
from casewright_evaluation.faults import is_tuning, planted
from casewright_evaluation.figures import Section
from casewright_evaluation.options import Options, Tell
from casewright_evaluation.scores import total
from casewright_evaluation.sections.figuring import figure, scores, share


def measure(options: Options, tell: Tell) -> Iterator[Section]:
    """Precision and recall of each check."""
    tell("Holding the gate against planted faults …")
    title = "The gate, on planted faults"
    try:
        everything = planted()
    except OSError as error:
        yield Section(title, "", skipped=(f"Planted faults: {error}",))
        return
    wanted = {"tuning": True, "holdout": False}
    halves = {wanted[part] for part in options.parts if part in wanted}
    if not halves:
        yield Section(title, "Not measured: the parts that were asked for have no planted faults.")
        return
    chosen = [one for one in everything if is_tuning(one.name) in halves]
    looked = gate.look(chosen)
    faults = sum(one.check is not None for one, _ in looked)
    clean = gate.clean_let_through(looked)
    counted = [one for one in looked if not is_tuning(one[0].name)]
    unseen = total(one.counts for one in gate.measure(counted))
    yield Section(
        title,
        f"{faults} cases with one fault each and {len(looked) - faults} clean ones. A check's precision "
        "counts its own faults and the clean cases; half of all was only counted, never looked at.",
        (
            *(
                figure(f"gate.{what}.{one.check}", f"{one.check}: {what}", value, "score", of)
                for one in gate.measure(looked)
                for what, value, of in (
                    ("recall", one.counts.recall, one.counts.expected),
                    ("precision", one.counts.precision, one.counts.right + one.counts.surplus),
                )
            ),
            *share("gate_clean", "Clean cases without a finding", clean.right, clean.expected),
            *scores("gate_unseen", "All checks, on the half not looked at", "holdout", unseen),
        ),
    )
