"""Cases with one fault each, and clean ones beside them: what the gate itself is measured with."""

from casewright_evaluation.faults.planting import Planted, is_tuning, planted

__all__ = ["Planted", "is_tuning", "planted"]
