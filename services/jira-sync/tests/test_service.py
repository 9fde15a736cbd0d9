import asyncio
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from casewright_common.configuration import ConfigurationView
from casewright_common.errors import NotConfiguredYetError, Retry, UpstreamRejectedError
from casewright_common.events import CasesGeneratedV1, GenerationOutcome
from casewright_jira_sync.domain.ownership import PROPERTY_KEY, Mark
from casewright_jira_sync.errors import CredentialsRefusedError, JiraFailedError, JiraUnavailableError
from casewright_jira_sync.testing import ORG, PROJECT, case, configuration, connection, generated, project


def mark_of(comment: dict[str, Any]) -> dict[str, Any]:
    properties: dict[str, dict[str, Any]] = {one["key"]: one["value"] for one in comment["properties"]}
    return properties[PROPERTY_KEY]


async def test_the_cases_become_one_comment_with_a_mark_of_ours(site: Any, workers: Any) -> None:
    issue_id, key = site.new_story()
    event = generated(issue_id=issue_id, issue_key=key)

    synced = await workers.new().sync(event)

    [comment] = site.comments(issue_id)
    assert "3 test cases for revision 1" in str(comment["body"])
    assert mark_of(comment)["generation"] == 1
    assert synced.outcome == "written"
    assert synced.caused_by == event.event_id
    [target] = synced.targets
    assert (target.kind, target.id) == ("comment", comment["id"])
    assert target.url == f"{site.url}/browse/{key}?focusedCommentId={comment['id']}"


async def test_a_redelivery_returns_the_same_event_without_asking_jira(site: Any, workers: Any) -> None:
    issue_id, key = site.new_story()
    event = generated(issue_id=issue_id, issue_key=key)
    first = await workers.new().sync(event)
    site.fault("status", status=500, count=None)

    assert await workers.new().sync(event) == first
    assert site.struck() == 0


async def test_the_next_revision_rewrites_the_comment_in_place(site: Any, workers: Any) -> None:
    issue_id, key = site.new_story()
    worker = workers.new()
    first = await worker.sync(generated(1, issue_id=issue_id, issue_key=key))
    second = await worker.sync(generated(2, issue_id=issue_id, issue_key=key, cases=(case(7),)))

    [comment] = site.comments(issue_id)
    assert "1 test case for revision 2" in str(comment["body"])
    assert mark_of(comment)["generation"] == 2
    assert second.targets == first.targets
    assert site.kinds(key) == ["comment.created", "comment.updated"]


async def test_equal_content_is_not_written_again(site: Any, workers: Any) -> None:
    issue_id, key = site.new_story()
    worker = workers.new()
    await worker.sync(generated(1, issue_id=issue_id, issue_key=key, revision=1))
    again = await worker.sync(generated(2, issue_id=issue_id, issue_key=key, revision=1))

    assert again.outcome == "unchanged"
    assert site.kinds(key) == ["comment.created"]
    assert worker.count("writes", kind="comment", outcome="unchanged") == 1


async def test_an_older_generation_never_overwrites_a_newer_one(site: Any, workers: Any) -> None:
    issue_id, key = site.new_story()
    worker = workers.new()
    await worker.sync(generated(2, issue_id=issue_id, issue_key=key))
    late = await worker.sync(generated(1, issue_id=issue_id, issue_key=key))

    assert late.outcome == "superseded"
    assert site.kinds(key) == ["comment.created"]


async def test_a_newer_generation_in_jira_wins_even_over_an_empty_ledger(site: Any, workers: Any) -> None:
    issue_id, key = site.new_story()
    await workers.new().sync(generated(2, issue_id=issue_id, issue_key=key))
    workers.ledger.forget_everything()

    late = await workers.new().sync(generated(1, issue_id=issue_id, issue_key=key))

    assert late.outcome == "superseded"
    assert site.kinds(key) == ["comment.created"]


async def test_a_comment_that_the_ledger_lost_is_found_and_rewritten(site: Any, workers: Any) -> None:
    issue_id, key = site.new_story()
    await workers.new().sync(generated(1, issue_id=issue_id, issue_key=key))
    workers.ledger.forget_everything()
    worker = workers.new()

    await worker.sync(generated(2, issue_id=issue_id, issue_key=key))

    assert site.kinds(key) == ["comment.created", "comment.updated"]
    assert worker.count("found", kind="comment") == 1


async def test_a_comment_that_somebody_deleted_is_written_again(site: Any, workers: Any) -> None:
    issue_id, key = site.new_story()
    worker = workers.new()
    first = await worker.sync(generated(1, issue_id=issue_id, issue_key=key))
    await worker.client.delete_comment(connection(site.url), issue_id, first.targets[0].id, nothing)

    await worker.sync(generated(2, issue_id=issue_id, issue_key=key))

    assert site.kinds(key) == ["comment.created", "comment.deleted", "comment.created"]


async def nothing() -> None:
    return None


async def test_comments_that_are_not_this_story_s_are_left_alone(site: Any, workers: Any) -> None:
    issue_id, key = site.new_story()
    worker, body = workers.new(), {"version": 1, "type": "doc", "content": [{"type": "rule"}]}
    mark = Mark(org_id=PROJECT, issue_id=issue_id, revision=1, generation=9, content_hash="")
    for strange in (
        mark,
        mark.model_copy(update={"org_id": ORG, "issue_id": "of the story it was cloned from"}),
    ):
        await worker.client.create_comment(connection(site.url), issue_id, body, strange, nothing)

    synced = await worker.sync(generated(issue_id=issue_id, issue_key=key))

    assert synced.outcome == "written"
    assert site.kinds(key) == ["comment.created"] * 3


async def test_a_story_that_is_gone_from_jira_ends_as_gone(workers: Any) -> None:
    synced = await workers.new().sync(generated(issue_id="99999999", issue_key="SHOP-999"))
    assert (synced.outcome, synced.targets) == ("gone", ())


async def test_a_retired_story_asks_nothing_of_jira(site: Any, workers: Any) -> None:
    site.fault("status", status=500, count=None)
    event = generated(outcome=GenerationOutcome.RETIRED, cases=())
    assert (await workers.new(configured=ConfigurationView()).sync(event)).outcome == "gone"
    assert site.struck() == 0


@pytest.mark.parametrize("removed", [{"project": "removed"}, {"connection": "removed"}])
async def test_nothing_is_written_for_a_project_that_was_removed(
    site: Any, workers: Any, removed: dict[str, str]
) -> None:
    issue_id, key = site.new_story()
    known = ConfigurationView(
        connection(site.url, status=removed.get("connection", "active")),
        project(status=removed.get("project", "active")),
    )
    synced = await workers.new(configured=known).sync(generated(issue_id=issue_id, issue_key=key))
    assert synced.outcome == "gone"
    assert site.comments(issue_id) == []


async def test_a_story_that_needs_detail_gets_its_questions(site: Any, workers: Any) -> None:
    issue_id, key = site.new_story()
    event = generated(
        issue_id=issue_id,
        issue_key=key,
        outcome=GenerationOutcome.NEEDS_DETAIL,
        cases=(),
        questions=("Who may reset a password?",),
    )
    await workers.new(write_subtasks=True).sync(event)
    [comment] = site.comments(issue_id)
    assert "Who may reset a password?" in str(comment["body"])
    assert site.subtasks(issue_id) == []


async def test_unknown_configuration_means_wait(site: Any, workers: Any) -> None:
    for known in (ConfigurationView(), ConfigurationView(project()), ConfigurationView(connection(site.url))):
        with pytest.raises(NotConfiguredYetError):
            await workers.new(configured=known).sync(generated())


async def test_a_connection_of_another_organisation_is_never_used(site: Any, workers: Any) -> None:
    stranger = connection(site.url, org_id=project().project_id)
    known = ConfigurationView(stranger, project())
    with pytest.raises(UpstreamRejectedError, match="another organisation"):
        await workers.new(configured=known).sync(generated())


async def test_a_project_without_comment_or_sub_tasks_changes_nothing(site: Any, workers: Any) -> None:
    issue_id, key = site.new_story()
    synced = await workers.new(write_comment=False).sync(generated(issue_id=issue_id, issue_key=key))
    assert (synced.outcome, synced.targets, site.kinds(key)) == ("unchanged", (), [])


async def test_a_site_that_does_not_answer_leaves_room_for_the_others(site: Any, workers: Any) -> None:
    slow_id, slow_key = site.new_story()
    issue_id, key = site.new_story()
    site.fault("slow", path=f"*/issue/{slow_id}/*", delay_s=0.4, count=None)
    worker = workers.new()
    sync = replace(worker.sync, stories_at_once=4)
    other = uuid4()
    sync.configuration.apply(connection(site.url, connection_id=other))
    order: list[str] = []

    async def at(name: str, event: CasesGeneratedV1) -> None:
        await sync(event)
        order.append(name)

    slow = [at("slow", generated(n, issue_id=slow_id, issue_key=slow_key)) for n in range(1, 7)]
    await asyncio.gather(*slow, at("quick", generated(issue_id=issue_id, issue_key=key, connection_id=other)))
    assert order[0] == "quick"


class TestFaults:
    @pytest.mark.parametrize("kind", ["timeout_after_effect", "cut_after_effect", "cut_before_effect"])
    async def test_an_answer_that_never_comes_leaves_one_comment(
        self, site: Any, workers: Any, kind: str
    ) -> None:
        issue_id, key = site.new_story()
        site.fault(kind, method="POST", path="*/comment")
        synced = await workers.new().sync(generated(issue_id=issue_id, issue_key=key))
        assert synced.outcome == "written"
        assert site.kinds(key) == ["comment.created"]
        assert site.struck() == 1

    @pytest.mark.parametrize("status", [500, 502, 503])
    async def test_a_server_error_is_followed_by_a_look_and_another_try(
        self, site: Any, workers: Any, status: int
    ) -> None:
        issue_id, key = site.new_story()
        site.fault("status", status=status, method="POST", path="*/comment")
        await workers.new().sync(generated(issue_id=issue_id, issue_key=key))
        assert site.kinds(key) == ["comment.created"]
        assert site.struck() == 1

    async def test_a_server_error_that_stays_is_given_back_as_bounded(self, site: Any, workers: Any) -> None:
        issue_id, key = site.new_story()
        site.fault("status", status=500, method="POST", path="*/comment", count=None)
        with pytest.raises(JiraFailedError) as raised:
            await workers.new().sync(generated(issue_id=issue_id, issue_key=key))
        assert raised.value.retry is Retry.BOUNDED
        assert site.struck() == 4
        site.admin("DELETE", "faults")
        assert (await workers.new().sync(generated(issue_id=issue_id, issue_key=key))).outcome == "written"
        assert site.kinds(key) == ["comment.created"]

    async def test_after_lost_answers_only_the_next_delivery_finds_what_was_written(
        self, site: Any, workers: Any
    ) -> None:
        issue_id, key = site.new_story()
        site.fault("cut_after_effect", method="POST", path="*/comment")
        site.fault("status", status=503, method="GET", path="*/comment", skip=1, count=None)
        with pytest.raises(JiraUnavailableError) as raised:
            await workers.new().sync(generated(issue_id=issue_id, issue_key=key))
        assert raised.value.retry is Retry.UNTIL_AVAILABLE
        site.admin("DELETE", "faults")
        assert (await workers.new().sync(generated(issue_id=issue_id, issue_key=key))).outcome == "written"
        assert site.kinds(key) == ["comment.created"]

    @pytest.mark.parametrize(
        "headers",
        [
            {"RateLimit-Reason": "jira-burst-based", "Retry-After": "1"},
            {"RateLimit-Reason": "jira-per-issue-on-write", "Retry-After": "1"},
            {"RateLimit-Reason": "jira-burst-based"},
            {},
        ],
    )
    async def test_a_rate_limit_is_waited_for(self, site: Any, workers: Any, headers: dict[str, str]) -> None:
        issue_id, key = site.new_story()
        site.fault("status", status=429, headers=headers, method="POST", path="*/comment")
        worker = workers.new()
        began = asyncio.get_running_loop().time()
        await worker.sync(generated(issue_id=issue_id, issue_key=key))
        assert asyncio.get_running_loop().time() - began >= (1.0 if "Retry-After" in headers else 0.03)
        assert site.kinds(key) == ["comment.created"]
        assert worker.count("rate_limited", reason=headers.get("RateLimit-Reason", "none")) == 1

    @pytest.mark.parametrize("reason", ["jira-quota-global-based", "jira-quota-tenant-based"])
    async def test_a_used_up_quota_stops_the_whole_site(self, site: Any, workers: Any, reason: str) -> None:
        issue_id, key = site.new_story()
        headers = {"RateLimit-Reason": reason, "Retry-After": "60"}
        site.fault("status", status=429, headers=headers, method="POST", path="*/comment", count=None)
        worker = workers.new()
        with pytest.raises(JiraUnavailableError) as raised:
            await worker.sync(generated(issue_id=issue_id, issue_key=key))
        assert raised.value.retry_after_s == 60
        for _ in range(3):
            with pytest.raises(JiraUnavailableError, match="budget"):
                await worker.sync(generated(issue_id=issue_id, issue_key=key))
        assert site.struck() == 1

    async def test_a_long_pause_is_left_to_the_delivery_runtime(self, site: Any, workers: Any) -> None:
        issue_id, key = site.new_story()
        site.fault("status", status=503, headers={"Retry-After": "30"}, method="POST", path="*/comment")
        with pytest.raises(JiraUnavailableError) as raised:
            await workers.new().sync(generated(issue_id=issue_id, issue_key=key))
        assert raised.value.retry_after_s == 30

    async def test_refused_credentials_wait_untried_until_the_connection_is_saved_again(
        self, site: Any, workers: Any
    ) -> None:
        issue_id, key = site.new_story()
        worker = workers.new()
        site.fault("status", status=401, count=None)
        event = generated(issue_id=issue_id, issue_key=key)
        for _ in range(3):
            with pytest.raises(CredentialsRefusedError) as raised:
                await worker.sync(event)
            assert raised.value.retry is Retry.UNTIL_AVAILABLE
        assert site.struck() == 1
        site.admin("DELETE", "faults")
        worker.sync.configuration.apply(connection(site.url, revision=2))
        assert (await worker.sync(event)).outcome == "written"

    async def test_a_replaced_token_is_read_again_after_a_401(self, site: Any, workers: Any) -> None:
        issue_id, key = site.new_story()
        worker = workers.new()
        good = worker.secrets.token

        class Rotating(type(worker.secrets)):  # type: ignore[misc]  # the fake's class, met at run time
            async def reveal(self, **who: Any) -> Any:
                self.token = good if self.reads else "old-token"
                return await super().reveal(**who)

        worker.secrets.__class__ = Rotating
        assert (await worker.sync(generated(issue_id=issue_id, issue_key=key))).outcome == "written"

    async def test_what_jira_rejects_carries_its_own_words(self, site: Any, workers: Any) -> None:
        issue_id, key = site.new_story()
        site.fault("status", status=400, method="POST", path="*/comment")
        with pytest.raises(UpstreamRejectedError, match="Injected fault 400"):
            await workers.new().sync(generated(issue_id=issue_id, issue_key=key))


class TestSubtasks:
    async def test_each_case_becomes_a_sub_task_and_nothing_twice(self, site: Any, workers: Any) -> None:
        issue_id, key = site.new_story()
        worker = workers.new(write_subtasks=True)
        event = generated(issue_id=issue_id, issue_key=key)
        synced = await worker.sync(event)

        assert len(site.subtasks(issue_id)) == 3
        subtasks = [target for target in synced.targets if target.kind == "subtask"]
        assert [target.case_id for target in subtasks] == [one.case_id for one in event.cases]
        shown = site.rest(f"issue/{subtasks[0].id}?fields=*all")["fields"]
        assert shown["summary"] == "Test: Reset with a password of 7 characters is refused"
        assert "Open the reset link" in str(shown["description"])
        assert subtasks[0].url.startswith(f"{site.url}/browse/SHOP-")
        assert await worker.sync(event) == synced

    async def test_a_proposal_gets_none_until_somebody_accepts_it(self, site: Any, workers: Any) -> None:
        issue_id, key = site.new_story()
        worker = workers.new(write_subtasks=True, write_comment=False)
        story = {"issue_id": issue_id, "issue_key": key, "revision": 1}
        beside = case(2, proposal_for=case(1).case_id)
        await worker.sync(generated(1, cases=(case(1), beside), **story))
        assert len(site.subtasks(issue_id)) == 1
        await worker.sync(generated(2, cases=(case(1), case(2)), **story))
        assert len(site.subtasks(issue_id)) == 2

    async def test_on_a_new_revision_sub_tasks_are_kept_rewritten_retired_and_revived(
        self, site: Any, workers: Any
    ) -> None:
        issue_id, key = site.new_story()
        worker = workers.new(write_subtasks=True, write_comment=False)
        story = {"issue_id": issue_id, "issue_key": key, "revision": 1}
        first = await worker.sync(generated(1, cases=(case(1), case(2)), **story))
        second = await worker.sync(generated(2, cases=(case(1, title="Now otherwise"), case(3)), **story))
        summaries = sorted(one["fields"]["summary"] for one in site.subtasks(issue_id))
        assert summaries == [
            "Test: Now otherwise",
            "Test: Reset with a password of 9 characters is refused",
            "[retired] Test: Reset with a password of 8 characters is refused",
        ]
        assert second.targets[0] == first.targets[0]
        assert len(second.targets) == 2
        third = await worker.sync(generated(3, cases=(case(1, title="Now otherwise"), case(2)), **story))
        assert {target.id for target in first.targets} == {target.id for target in third.targets}
        assert sorted(one["fields"]["summary"] for one in site.subtasks(issue_id)) == [
            "Test: Now otherwise",
            "Test: Reset with a password of 8 characters is refused",
            "[retired] Test: Reset with a password of 9 characters is refused",
        ]
        assert site.kinds(key).count("issue.created") == 3

    async def test_a_sub_task_removed_by_a_person_needs_no_retirement(self, site: Any, workers: Any) -> None:
        issue_id, key = site.new_story()
        worker = workers.new(write_subtasks=True, write_comment=False)
        first = await worker.sync(generated(1, cases=(case(1),), issue_id=issue_id, issue_key=key))
        site.admin("DELETE", f"issues/{first.targets[0].id}")
        second = await worker.sync(generated(2, cases=(), issue_id=issue_id, issue_key=key))
        assert (second.outcome, second.targets) == ("unchanged", ())

    @pytest.mark.parametrize("kind", ["timeout_after_effect", "cut_after_effect"])
    async def test_a_lost_answer_to_a_creation_leaves_one_sub_task(
        self, site: Any, workers: Any, kind: str
    ) -> None:
        issue_id, key = site.new_story()
        site.fault(kind, method="POST", path="*/issue", skip=1)
        await workers.new(write_subtasks=True).sync(generated(issue_id=issue_id, issue_key=key))
        assert len(site.subtasks(issue_id)) == 3
        assert site.struck() == 1

    async def test_required_fields_that_we_cannot_fill_are_named(self, site: Any, workers: Any) -> None:
        severity = {"id": "customfield_10077", "name": "Severity", "type": "textfield", "required": True}
        severity["issue_types"] = ["Sub-task"]
        site.admin("POST", "projects", json={"key": "STRICT", "name": "Strict", "custom_fields": [severity]})
        body = {"issues": [{"project": "STRICT", "summary": "A story"}]}
        created = site.admin("POST", "issues", json=body)["issues"][0]
        event = generated(issue_id=created["id"], issue_key=created["key"], project_key="STRICT")
        known = configuration(site.url, project_key="STRICT", write_subtasks=True)
        with pytest.raises(UpstreamRejectedError, match=r"Severity \(customfield_10077\)"):
            await workers.new(configured=known).sync(event)
        assert site.subtasks(created["id"]) == []

    async def test_an_unknown_sub_task_type_names_those_that_exist(self, site: Any, workers: Any) -> None:
        issue_id, key = site.new_story()
        worker = workers.new(write_subtasks=True, write_comment=False, subtask_type="Test step")
        with pytest.raises(UpstreamRejectedError, match="it has: Sub-task"):
            await worker.sync(generated(issue_id=issue_id, issue_key=key))
