"""The admin API below `/simulator`: everything that a person would do on a Jira site, and the faults."""

from functools import cache
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field, HttpUrl

from casewright_jira_simulator.adapters.webhook_sender import DeliveryRecord
from casewright_jira_simulator.domain.faults import Fault, FaultPlan
from casewright_jira_simulator.domain.model import Account, CustomField, Effect, Webhook
from casewright_jira_simulator.errors import JiraError
from casewright_jira_simulator.issues import bulk_error
from casewright_jira_simulator.routes.access import SimulatorDep, admin
from casewright_jira_simulator.routes.bodies import Json, text
from casewright_jira_simulator.simulator import Simulator

LEDGER_PAGE = 10_000


class Input(BaseModel):
    """A request body that refuses unknown fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ProjectInput(Input):
    """A project to create, or to change if the key exists.

    Attributes:
        issue_types: Names; empty means Epic, Story, Task, Bug, Sub-task and Test.
        description_format: What webhooks carry: `wiki` as Jira's admin webhooks do, or `adf`.
    """

    key: str = Field(pattern=r"^[A-Z][A-Z0-9_]{1,9}$")
    name: str = Field(min_length=1, max_length=80)
    issue_types: list[str] = []
    custom_fields: list[CustomField] = []
    description_format: Literal["adf", "wiki"] = "wiki"


class AccountInput(Input):
    """An account; with a token it can use REST. `integration` accounts cannot write stories here."""

    account_id: str = Field(min_length=1, max_length=128)
    email: str = Field(pattern=r"^[^@\s:]+@[^@\s:]+$")
    display_name: str
    token: str | None = None
    integration: bool = False


class WebhookInput(Input):
    """A registration; empty `events` or `projects` means all of them."""

    url: HttpUrl
    secret: str | None = None
    events: list[str] = []
    projects: list[str] = []
    enabled: bool = True


class IssueInput(Input):
    """An issue by a person. `description` is ADF, or a string: then wiki markup, as in old projects."""

    project: str
    issue_type: str = "Story"
    summary: str
    description: dict[str, Any] | str | None = None
    parent: str | None = None
    labels: list[str] = []
    custom: dict[str, Any] = {}
    properties: dict[str, Any] = {}


class IssuesInput(Input):
    """Issues to create, each on its own: some may fail."""

    issues: list[IssueInput] = Field(min_length=1, max_length=5_000)
    as_account: str | None = None


class EditInput(Input):
    """Changes to one issue by a person; what is left out stays."""

    summary: str | None = None
    description: dict[str, Any] | str | None = None
    labels: list[str] | None = None
    status: str | None = None
    custom: dict[str, Any] = {}
    as_account: str | None = None


class RateLimitInput(Input):
    """Switches the rate limits on or off."""

    enabled: bool


class RetryInput(Input):
    """Pause before the first retry of a webhook, doubling from then on."""

    retry_s: float = Field(gt=0, le=3600)


class LedgerPage(BaseModel):
    """Effects after `since`; ask again with `next_since` while `more`."""

    effects: list[Effect]
    next_since: int
    last_seq: int
    more: bool


@cache
def build_admin() -> APIRouter:
    """All admin routes."""
    router = APIRouter(prefix="/simulator", tags=["Admin"], dependencies=[Depends(admin), Depends(text)])
    for add in (_site_routes, _issue_routes, _webhook_routes, _fault_routes, _observation_routes):
        add(router)
    return router


def _site_routes(router: APIRouter) -> None:
    @router.get("/projects")
    async def projects(simulator: SimulatorDep) -> list[Json]:
        """All projects as they are configured."""
        return [project.model_dump() for project in simulator.site.projects.values()]

    @router.post("/projects")
    async def put_project(simulator: SimulatorDep, body: ProjectInput) -> Json:
        """Create a project, or change the one with this key; the same again changes nothing."""
        project, new = simulator.administration.put_project(
            key=body.key,
            name=body.name,
            description_format=body.description_format,
            issue_types=body.issue_types,
            custom_fields=body.custom_fields,
        )
        return project.model_dump() | {"new": new}

    @router.get("/accounts")
    async def accounts(simulator: SimulatorDep) -> list[Json]:
        """All accounts, without their tokens."""
        return [account.model_dump(exclude={"token"}) for account in simulator.site.accounts.values()]

    @router.post("/accounts")
    async def put_account(simulator: SimulatorDep, body: AccountInput) -> Json:
        """Create or replace an account."""
        same = simulator.site.accounts_by_email.get(body.email.lower())
        if same is not None and same.account_id != body.account_id:
            raise JiraError(409, "Another account has this e-mail address.")
        account = Account(**body.model_dump())
        simulator.administration.put_account(account)
        return account.model_dump(exclude={"token"})


def _issue_routes(router: APIRouter) -> None:
    @router.post("/issues")
    async def create_issues(simulator: SimulatorDep, body: IssuesInput) -> Json:
        """Create issues as a person, never as the integration's account; `issues` in the order given."""
        actor = simulator.administration.author(body.as_account)
        created: list[Json] = []
        errors: list[Json] = []
        flow: Literal["Primary", "Secondary"] = "Primary" if len(body.issues) == 1 else "Secondary"
        for number, wanted in enumerate(body.issues):
            try:
                issue = simulator.issues.create(actor, _creation(wanted), "either", flow=flow)
                created.append({"id": issue.id, "key": issue.key, "number": number})
            except JiraError as error:
                errors.append(bulk_error(error, number))
        return {"issues": created, "errors": errors}

    @router.put("/issues/{id_or_key}")
    async def edit_issue(simulator: SimulatorDep, id_or_key: str, body: EditInput) -> Json:
        """Change an issue as a person, its status included."""
        actor = simulator.administration.author(body.as_account)
        given = body.model_dump(include={"summary", "labels", "description"}, exclude_unset=True)
        fields = given | body.custom
        if fields:
            simulator.issues.edit(actor, id_or_key, {"fields": fields}, "either")
        if body.status is not None:
            transition = _transition(simulator, body.status)
            simulator.issues.transition(actor, id_or_key, {"transition": {"id": transition}})
        issue = simulator.issues.get(id_or_key)
        return {"id": issue.id, "key": issue.key}

    @router.delete("/issues/{id_or_key}", status_code=204)
    async def delete_issue(simulator: SimulatorDep, id_or_key: str, as_account: str | None = None) -> None:
        """Delete an issue and its sub-tasks as a person."""
        actor = simulator.administration.author(as_account)
        simulator.issues.delete(actor, id_or_key, with_subtasks=True)


def _webhook_routes(router: APIRouter) -> None:
    @router.get("/webhooks")
    async def webhooks(simulator: SimulatorDep) -> list[Json]:
        """All registrations, without their secrets."""
        return [hook.model_dump(exclude={"secret"}) for hook in simulator.site.webhooks.values()]

    @router.post("/webhooks", status_code=201)
    async def register(simulator: SimulatorDep, body: WebhookInput) -> Json:
        """Register an address; the same address again is replaced, so that a restart registers once."""
        url = str(body.url)
        known = [hook.id for hook in simulator.site.webhooks.values() if hook.url == url]
        hook_id = known[0] if known else simulator.administration.new_webhook_id()
        hook = Webhook(
            id=hook_id,
            url=url,
            secret=body.secret,
            events=tuple(body.events),
            projects=tuple(key.upper() for key in body.projects),
            enabled=body.enabled,
        )
        return simulator.administration.put_webhook(hook).model_dump(exclude={"secret"})

    @router.delete("/webhooks/{webhook_id}", status_code=204)
    async def unregister(simulator: SimulatorDep, webhook_id: str) -> None:
        """Forget an address; what is pending for it is given up."""
        simulator.administration.delete_webhook(webhook_id)

    @router.get("/webhooks/deliveries")
    async def deliveries(
        simulator: SimulatorDep,
        state: Literal["pending", "delivered", "failed"] | None = None,
        issue_key: str | None = None,
        limit: Annotated[int, Query(ge=1, le=10_000)] = 100,
    ) -> Json:
        """What became of the latest events, newest first, and how many are pending."""
        found = [
            _delivery(record)
            for record in reversed(simulator.sender.records.values())
            if (state is None or record.state == state)
            and (issue_key is None or record.delivery.issue_key == issue_key)
        ]
        return {"pending": len(simulator.site.pending), "total": len(found), "deliveries": found[:limit]}

    @router.put("/webhooks/retry")
    async def retry(simulator: SimulatorDep, body: RetryInput) -> Json:
        """Set the pause between tries for deliveries that start from now on."""
        simulator.sender.retry_s = body.retry_s
        return {"retry_s": body.retry_s}


def _fault_routes(router: APIRouter) -> None:
    @router.get("/faults")
    async def faults(simulator: SimulatorDep) -> list[Json]:
        """The faults in force, with what they saw and struck."""
        return [_fault(fault) for fault in simulator.faults.faults.values()]

    @router.post("/faults", status_code=201)
    async def add_fault(simulator: SimulatorDep, body: FaultPlan) -> Json:
        """Put a fault in force; it does not survive a restart."""
        return _fault(simulator.faults.add(body))

    @router.delete("/faults", status_code=204)
    async def clear_faults(simulator: SimulatorDep) -> None:
        """Remove all faults."""
        simulator.faults.faults.clear()

    @router.delete("/faults/{fault_id}", status_code=204)
    async def remove_fault(simulator: SimulatorDep, fault_id: str) -> None:
        """Remove one fault."""
        if simulator.faults.faults.pop(fault_id, None) is None:
            raise JiraError(404, f"There is no fault {fault_id}.")

    @router.put("/rate-limits")
    async def rate_limits(simulator: SimulatorDep, body: RateLimitInput) -> Json:
        """Switch the rate limits on or off."""
        simulator.limits.enabled = body.enabled
        return {"enabled": body.enabled}


def _observation_routes(router: APIRouter) -> None:
    @router.get("/ledger")
    async def ledger(
        simulator: SimulatorDep,
        since: Annotated[int, Query(ge=0)] = 0,
        limit: Annotated[int, Query(ge=1, le=LEDGER_PAGE)] = 1_000,
        kind: str | None = None,
        actor: str | None = None,
        issue_key: str | None = None,
    ) -> LedgerPage:
        """Effects with a sequence number above `since`, oldest first; filters apply within the page."""
        effects = simulator.site.effects
        page = effects[since : since + limit]
        found = [
            effect
            for effect in page
            if (kind is None or effect.kind == kind)
            and (actor is None or effect.actor == actor)
            and (issue_key is None or effect.issue_key == issue_key)
        ]
        next_since = since + len(page)
        return LedgerPage(
            effects=found, next_since=next_since, last_seq=len(effects), more=next_since < len(effects)
        )

    @router.get("/state")
    async def state(simulator: SimulatorDep) -> Json:
        """Counters of what there is."""
        site = simulator.site
        records = simulator.sender.records.values()
        return {
            "projects": len(site.projects),
            "issues": len(site.issues),
            "comments": len(site.comments),
            "links": len(site.links),
            "accounts": len(site.accounts),
            "webhooks": len(site.webhooks),
            "effects": len(site.effects),
            "deliveries_pending": len(site.pending),
            "deliveries_failed": sum(record.state == "failed" for record in records),
            "faults": len(simulator.faults.faults),
            "rate_limits": simulator.limits.enabled,
        }


def _delivery(record: DeliveryRecord) -> Json:
    return record.delivery.model_dump(exclude={"body"}) | {
        "state": record.state,
        "attempts": record.attempts,
        "finished": record.finished,
    }


def _fault(fault: Fault) -> Json:
    return {"id": fault.id, "seen": fault.seen, "struck": fault.struck, "plan": fault.plan.model_dump()}


def _creation(wanted: IssueInput) -> Json:
    fields: Json = {
        "project": {"key": wanted.project},
        "issuetype": {"name": wanted.issue_type},
        "summary": wanted.summary,
        "description": wanted.description,
        "labels": wanted.labels,
    }
    if wanted.parent is not None:
        fields["parent"] = {"key": wanted.parent}
    properties = [{"key": key, "value": value} for key, value in wanted.properties.items()]
    return {"fields": fields | wanted.custom, "properties": properties}


def _transition(simulator: Simulator, name: str) -> str:
    for transition in simulator.views("adf").transitions()["transitions"]:
        if name.lower() in {transition["name"].lower(), transition["to"]["id"]}:
            return str(transition["id"])
    raise JiraError(400, f"There is no status {name}.")
