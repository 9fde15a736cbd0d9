"""How good a case is, from what the checks found."""

from collections.abc import Sequence

from casewright_common.events import CaseDraft, CaseScores, GateFinding
from casewright_generator.domain.gate import quantities
from casewright_generator.domain.gate.checks import BY_CODE
from casewright_generator.domain.gate.facts import claims
from casewright_generator.domain.language.masking import quotations

_INVENTIONS = frozenset(
    {
        "invented_number",
        "invented_quote",
        "invented_name",
        "invented_behaviour",
        "invented_role",
        "invented_link",
        "invented_mention",
    }
)
_UNVERIFIABLE = frozenset({"unverified_step", "ambiguous_test", "conditional_test", "misplaced_action"})
_UNCITED = frozenset({"uncited_step", "unknown_criterion", "wrong_citation"})
_BLOCKED = 0.5
"""What a blocking finding costs: such a case is shown nowhere but in the evaluation."""
_PLACES = 3


def scores(case: CaseDraft, findings: Sequence[GateFinding], *, likeness: float) -> CaseScores:
    """From 0 to 1 each.

    Args:
        case: That was looked at.
        findings: All of them.
        likeness: How much of it the most similar other case has, from 0 to 1.
    """
    steps = len(case.steps)
    said = claims(case)
    facts = len(quantities.claimed(said)) + len(set(quotations(said))) + steps
    invented = sum(one.check in _INVENTIONS for one in findings)
    results = [
        number for number, step in enumerate(case.steps, start=1) if step.expected.strip() or number == steps
    ]
    vague = {one.step for one in findings if one.check in _UNVERIFIABLE}
    uncited = {one.step for one in findings if one.check in _UNCITED and one.step}
    grounded = 1 - min(invented / facts, 1)
    cited = 1 - len(uncited) / steps
    verifiable = 1 - sum(number in vague for number in results) / len(results)
    distinct = 1 - max(0.0, min(likeness, 1.0))
    cost = sum(_BLOCKED if one.blocking else BY_CODE[one.check].cost for one in findings)
    mean = (grounded + cited + verifiable + distinct) / 4
    return CaseScores(
        grounded=round(grounded, _PLACES),
        cited=round(cited, _PLACES),
        verifiable=round(verifiable, _PLACES),
        distinct=round(distinct, _PLACES),
        overall=round(max(0.0, mean - cost), _PLACES),
    )
