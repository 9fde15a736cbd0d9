"""What is seen where something does not happen."""

from casewright_generator.domain.language import clauses, words
from casewright_generator.domain.reading import observing


def left_undone(act: str) -> str:
    """What is seen where the instruction is refused, without a full stop."""
    return (
        f"This is refused: {observing.undone(act)}"
        if observing.undone(act)
        else "This is refused, and nothing has changed"
    )


def denied(outcome: str) -> str:
    """The contrary of an observation, as a sentence."""
    clause = clauses.parse(outcome.rstrip("."))
    if not clause.verb or not clause.subject:
        return clauses.sentence(f"This does not happen: {clauses.lower_first(outcome.rstrip('.'))}")
    if clause.subject.lower().startswith("no "):
        return clauses.sentence(clauses.present(clause, subject=words.with_article(clause.subject[3:])))
    if clause.perfect and clause.form is clauses.Form.ACTIVE:
        done = clauses.perfected(clause, negated=not clause.negated)
        return clauses.sentence(done)
    return clauses.sentence(clauses.present(clause, negated=not clause.negated))
