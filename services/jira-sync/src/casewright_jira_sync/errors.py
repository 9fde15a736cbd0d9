"""Errors of talking to Jira: raised by its adapter, understood by the use case."""

from typing import ClassVar

from casewright_common.errors import CasewrightError, Retry, UpstreamFailedError


class JiraUnavailableError(CasewrightError):
    """One Jira site can't be reached, is overloaded or wants us to wait.

    The message waits in its lane and nobody else does: other organisations' sites are fine.

    Args:
        detail: What happened, without secrets.
        retry_after_s: Seconds that Jira asked us to wait, if it did.
        effect_unknown: Whether the write may have happened all the same.
        quota: Whether a quota of the whole site is used up, so that trying again soon is no use.
    """

    code: ClassVar[str] = "jira_unavailable"
    retry: ClassVar[Retry] = Retry.UNTIL_AVAILABLE

    def __init__(
        self,
        detail: str,
        *,
        retry_after_s: float | None = None,
        effect_unknown: bool = False,
        quota: bool = False,
    ) -> None:
        super().__init__(f"jira is unavailable: {detail}")
        self.retry_after_s = retry_after_s
        self.effect_unknown = effect_unknown
        self.quota = quota


class JiraFailedError(UpstreamFailedError):
    """Jira answered 500 or the like to one request; the next attempt may go better.

    Args:
        effect_unknown: Whether the write may have happened all the same.
    """

    of_one_owner: ClassVar[bool] = True
    retry_after_s: ClassVar[float | None] = None
    quota: ClassVar[bool] = False

    def __init__(self, detail: str, *, effect_unknown: bool = False) -> None:
        super().__init__("jira", detail)
        self.effect_unknown = effect_unknown


class CredentialsRefusedError(CasewrightError):
    """Jira refuses our account or its token; the message waits until the connection is configured anew.

    Parking would do harm here: one organisation's dead token would stop the consumer for all of them.
    """

    code: ClassVar[str] = "jira_credentials_refused"
    retry: ClassVar[Retry] = Retry.UNTIL_AVAILABLE


class NotThereError(CasewrightError):
    """The issue or comment does not exist, or our account may not see it."""

    code: ClassVar[str] = "jira_not_found"
    of_one_owner: ClassVar[bool] = True


class StoryBusyError(CasewrightError):
    """Another member writes about this story, or took it over from us; the message waits in its lane."""

    code: ClassVar[str] = "story_busy"
    retry: ClassVar[Retry] = Retry.UNTIL_AVAILABLE
