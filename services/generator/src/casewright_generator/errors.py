"""Why a generation could not be what was asked for."""

from casewright_common.errors import CasewrightError, Retry


class ClaimLostError(CasewrightError):
    """The claim on a story ran out while it was worked on, and somebody else has it now."""

    code = "claim_lost"
    retry = Retry.BOUNDED


class ModelFailedError(CasewrightError):
    """The model wrote nothing that can be used, and won't be asked again: the designer steps in.

    Args:
        code: Stable reason, such as `model_unavailable` or `model_answer_unusable`.
        detail: One sentence without secrets.
    """

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = code
