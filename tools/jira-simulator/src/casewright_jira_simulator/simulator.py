"""One simulated site with everything that works on it."""

import secrets

from casewright_jira_simulator.adapters.journal import FileJournal, Journal, NoJournal
from casewright_jira_simulator.adapters.webhook_sender import WebhookSender
from casewright_jira_simulator.administration import Administration
from casewright_jira_simulator.comments import Comments
from casewright_jira_simulator.domain.faults import FaultSet
from casewright_jira_simulator.domain.model import Account
from casewright_jira_simulator.issues import Issues
from casewright_jira_simulator.limits import RateLimits
from casewright_jira_simulator.recorder import Recorder
from casewright_jira_simulator.search import Search
from casewright_jira_simulator.settings import SimulatorSettings
from casewright_jira_simulator.site import Site
from casewright_jira_simulator.views import RichText, Views


class Simulator:
    """Builds and holds the parts; `open` reads the journal, `start` begins to deliver webhooks.

    Raises:
        JournalError: If the data folder is in use or damaged.
    """

    def __init__(self, settings: SimulatorSettings) -> None:
        self.settings = settings
        self.site = Site()
        self.faults = FaultSet()
        self.limits = RateLimits(settings)
        self._journal: Journal = (
            FileJournal(settings.data, fsync=settings.fsync) if settings.data is not None else NoJournal()
        )
        for change in self._journal.replay():
            self.site.apply(change)
        self.recorder = Recorder(
            self.site,
            self._journal,
            site_url=settings.site_url,
            comment_also_updates_issue=settings.comment_also_updates_issue,
        )
        self.comments = Comments(self.recorder, self.limits)
        self.issues = Issues(self.recorder, self.limits, self.comments)
        self.search = Search(self.site, self.recorder.now, lag_s=settings.search_lag_s)
        self.administration = Administration(self.recorder)
        self.sender = WebhookSender(settings, self.site.webhooks, self.faults, self.recorder.settle)
        self.recorder.announce = self.sender.announce
        self.token = self._integration_account()

    def views(self, rich: RichText) -> Views:
        """Jira's JSON in the form of REST v3 (`adf`) or v2 (`wiki`)."""
        return Views(self.site, self.settings.site_url, rich=rich)

    async def start(self) -> None:
        """Begin to deliver, pending events of an earlier run first."""
        await self.sender.start(list(self.site.pending.values()))

    async def stop(self) -> None:
        """Stop delivering and let go of the journal."""
        await self.sender.stop()
        self.close()

    def close(self) -> None:
        """Let go of the journal; for a simulator that was never started."""
        self._journal.close()

    def _integration_account(self) -> str:
        settings = self.settings
        known = self.site.accounts.get(settings.account_id)
        if settings.token is not None:
            token = settings.token.get_secret_value()
        else:
            token = (known.token if known else None) or secrets.token_urlsafe(24)
        account = Account(
            account_id=settings.account_id,
            email=settings.email,
            display_name=settings.display_name,
            token=token,
            integration=True,
        )
        if account != known:
            self.administration.put_account(account)
        return token
