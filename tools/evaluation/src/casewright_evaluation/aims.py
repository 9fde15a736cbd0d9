"""What is asked of the figures, each with a reason.

A key names one figure, or ends in `.` and names all that begin with it; the longest one counts.
"""

from casewright_evaluation.figures import Aim

_TUNED = "what rules were made for must be read almost without fault"
_UNSEEN = "stories nobody tuned on may lose a little, and no more"
_GATE = "a gate that misses faults is none, and one that rejects good cases is turned off"

AIMS = {
    "criteria.f1.tuning": Aim(_TUNED, least=0.95),
    "criteria.f1.holdout": Aim(_UNSEEN, least=0.90),
    "constraints.f1.tuning": Aim(_TUNED, least=0.95),
    "constraints.f1.holdout": Aim(_UNSEEN, least=0.90),
    "questions.f1.tuning": Aim(_TUNED, least=0.90),
    "cases.accepted.": Aim(
        "what the designer writes fills gaps unseen: it must pass its own gate", least=0.95
    ),
    "cases.conditions.": Aim(
        "a condition that was planned and not written is a gap nobody fills", least=0.95
    ),
    "cases.grounded.": Aim("a fact that the story doesn't say makes a case wrong", least=0.98),
    "cases.duplicates.": Aim("repeats are what people complain about first", most=0.02),
    "cases.smelly.": Aim("a few smells come with the words of the story, more are the designer's", most=0.05),
    "fullteaching.found": Aim("a demand that isn't found is never tested", least=1),
    "fullteaching.covered": Aim("real requirements, short and plain: the designer must add to each", least=1),
    "gate.recall.": Aim(_GATE, least=0.95),
    "gate.precision.": Aim(_GATE, least=0.95),
    "retrieval.gain": Aim("two legs must be worth more than the better one alone", above=0),
    "cost.": Aim("the designer is free", most=0),
}


def aim_of(key: str) -> Aim | None:
    """What is asked of the figure with that key; `None` if nothing is."""
    prefixes = [one for one in AIMS if one == key or (one.endswith(".") and key.startswith(one))]
    return AIMS[max(prefixes, key=len)] if prefixes else None
