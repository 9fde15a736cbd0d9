"""Answers of the REST API against Atlassian's OpenAPI description."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

Json = dict[str, Any]
Conforms = Callable[[str, object], None]
Story = Callable[..., Awaitable[str]]
Doc = Callable[..., Json]
API = "/rest/api/3"


@pytest.mark.parametrize(
    ("path", "schema"),
    [
        ("/myself", "User"),
        ("/serverInfo", "ServerInformation"),
        ("/project/search", "PageBeanProject"),
        ("/project/SHOP", "Project"),
        ("/field", "FieldDetails[]"),
        ("/issueLinkType", "IssueLinkTypes"),
        ("/issue/createmeta/SHOP/issuetypes", "PageOfCreateMetaIssueTypes"),
        ("/issue/createmeta/SHOP/issuetypes/10001", "PageOfCreateMetaIssueTypeWithField"),
        ("/issue/SHOP-1", "IssueBean"),
        ("/issue/SHOP-1?fields=summary,-description&properties=*all", "IssueBean"),
        ("/issue/SHOP-1/transitions", "Transitions"),
        ("/issue/SHOP-1/properties", "PropertyKeys"),
        ("/issue/SHOP-1/properties/origin", "EntityProperty"),
        ("/issue/SHOP-1/comment", "PageOfComments"),
        ("/issue/SHOP-1/comment?expand=properties&orderBy=-created", "PageOfComments"),
        ("/search/jql?jql=project=SHOP", "SearchAndReconcileResults"),
        ("/search/jql?jql=project=SHOP&fields=*all", "SearchAndReconcileResults"),
    ],
)
async def test_every_answer_has_the_shape_that_atlassian_describes(
    jira: httpx.AsyncClient, story: Story, doc: Doc, conforms: Conforms, path: str, schema: str
) -> None:
    await story(properties={"origin": {"a": 1}})
    await jira.post(f"{API}/issue/SHOP-1/comment", json={"body": doc("hello")})

    answer = await jira.get(API + path)

    assert answer.status_code == 200
    conforms(schema, answer.json())


async def test_issue_comment_property_and_link_writes_have_atlassians_shapes(
    jira: httpx.AsyncClient, doc: Doc, conforms: Conforms
) -> None:
    fields = {
        "project": {"key": "SHOP"},
        "issuetype": {"name": "Story"},
        "summary": "One",
        "description": doc("x"),
    }
    first = await jira.post(f"{API}/issue", json={"fields": fields})
    second = await jira.post(f"{API}/issue", json={"fields": fields | {"summary": "Two"}})
    assert (first.status_code, second.status_code) == (201, 201)
    conforms("CreatedIssue", first.json())

    comment = await jira.post(
        f"{API}/issue/SHOP-1/comment?expand=properties",
        json={"body": doc("a"), "properties": [{"key": "mark", "value": {"run": 1}}]},
    )
    assert comment.status_code == 201
    conforms("Comment", comment.json())
    assert comment.json()["properties"] == [{"key": "mark", "value": {"run": 1}}]
    comment_id = comment.json()["id"]

    changed = await jira.put(f"{API}/issue/SHOP-1/comment/{comment_id}", json={"body": doc("b")})
    assert changed.status_code == 200
    assert changed.json()["body"] == doc("b")
    conforms("Comment", changed.json())

    listed = await jira.post(f"{API}/comment/list", json={"ids": [int(comment_id), 1]})
    conforms("PageBeanComment", listed.json())
    assert [one["id"] for one in listed.json()["values"]] == [comment_id]

    link = {"type": {"name": "Tests"}, "inwardIssue": {"key": "SHOP-2"}, "outwardIssue": {"key": "SHOP-1"}}
    for _ in range(2):
        linked = await jira.post(f"{API}/issueLink", json=link)
        assert (linked.status_code, linked.content) == (201, b"")
    shown = (await jira.get(f"{API}/issue/SHOP-2")).json()["fields"]["issuelinks"]
    assert [one["outwardIssue"]["key"] for one in shown] == ["SHOP-1"]
    other = (await jira.get(f"{API}/issue/SHOP-1")).json()["fields"]["issuelinks"]
    assert [one["inwardIssue"]["key"] for one in other] == ["SHOP-2"]

    remote = {"globalId": "case=1", "object": {"url": "https://example.com/1", "title": "Case 1"}}
    made = await jira.post(f"{API}/issue/SHOP-1/remotelink", json=remote)
    again = await jira.post(f"{API}/issue/SHOP-1/remotelink", json=remote)
    assert (made.status_code, again.status_code) == (201, 200)
    assert made.json()["id"] == again.json()["id"]
    conforms("RemoteIssueLinkIdentifies", made.json())


async def test_issue_properties_are_created_replaced_and_deleted(
    jira: httpx.AsyncClient, story: Story
) -> None:
    key = await story()
    path = f"{API}/issue/{key}/properties/casewright"

    statuses = [(await jira.put(path, json=value)).status_code for value in ({"a": 1}, [1, 2])]
    assert statuses == [201, 200]
    assert (await jira.get(path)).json() == {"key": "casewright", "value": [1, 2]}
    assert (await jira.delete(path)).status_code == 204
    assert (await jira.get(path)).status_code == 404
    too_long = await jira.put(path, json="x" * 32_768)
    assert too_long.status_code == 400


async def test_comment_properties_are_created_replaced_and_deleted(
    jira: httpx.AsyncClient, story: Story, doc: Doc, conforms: Conforms
) -> None:
    key = await story()
    comment_id = (await jira.post(f"{API}/issue/{key}/comment", json={"body": doc("a")})).json()["id"]
    base = f"{API}/comment/{comment_id}/properties"

    assert (await jira.put(f"{base}/mark", json={"run": 1})).status_code == 201
    assert (await jira.put(f"{base}/mark", json={"run": 2})).status_code == 200
    conforms("PropertyKeys", (await jira.get(base)).json())
    conforms("EntityProperty", (await jira.get(f"{base}/mark")).json())
    assert (await jira.get(f"{base}/mark")).json()["value"] == {"run": 2}
    assert (await jira.delete(f"{base}/mark")).status_code == 204
    assert (await jira.get(f"{base}/mark")).status_code == 404
    assert (await jira.delete(f"{API}/issue/{key}/comment/{comment_id}")).status_code == 204
    assert (await jira.get(f"{API}/issue/{key}/comment/{comment_id}")).status_code == 404


async def test_bulk_creation_keeps_what_is_good_and_numbers_what_is_not(
    jira: httpx.AsyncClient, conforms: Conforms
) -> None:
    good = {"fields": {"project": {"key": "SHOP"}, "issuetype": {"name": "Task"}, "summary": "Fine"}}
    bad = {"fields": {"project": {"key": "SHOP"}, "issuetype": {"name": "Sub-task"}, "summary": "No parent"}}

    mixed = await jira.post(f"{API}/issue/bulk", json={"issueUpdates": [bad, good, "nonsense"]})
    assert mixed.status_code == 201
    conforms("CreatedIssues", mixed.json())
    assert [one["key"] for one in mixed.json()["issues"]] == ["SHOP-1"]
    assert [one["failedElementNumber"] for one in mixed.json()["errors"]] == [0, 2]

    hopeless = await jira.post(f"{API}/issue/bulk", json={"issueUpdates": [bad]})
    assert hopeless.status_code == 400
    conforms("CreatedIssues", hopeless.json())
    assert (await jira.post(f"{API}/issue/bulk", json={"issueUpdates": [good] * 51})).status_code == 400


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"summary": "x"}, "project"),
        ({"project": {"key": "SHOP"}, "summary": "x"}, "issuetype"),
        ({"project": {"key": "SHOP"}, "issuetype": {"name": "Story"}}, "summary"),
        ({"project": {"key": "SHOP"}, "issuetype": {"name": "Story"}, "summary": "a\nb"}, "summary"),
        ({"project": {"key": "SHOP"}, "issuetype": {"name": "Story"}, "summary": "x" * 256}, "summary"),
        (
            {
                "project": {"key": "SHOP"},
                "issuetype": {"name": "Story"},
                "summary": "x",
                "description": "h1. wiki",
            },
            "description",
        ),
        ({"project": {"key": "SHOP"}, "issuetype": {"name": "Bug"}, "summary": "x"}, "customfield_10102"),
        ({"project": {"key": "SHOP"}, "issuetype": {"name": "Task"}, "summary": "x", "due": 1}, "due"),
        ({"project": {"key": "SHOP"}, "issuetype": {"name": "Sub-task"}, "summary": "x"}, "parentId"),
        (
            {"project": {"key": "SHOP"}, "issuetype": {"name": "Task"}, "summary": "x", "labels": ["a b"]},
            "labels",
        ),
    ],
)
async def test_what_cannot_be_created_is_refused_with_the_field_named(
    jira: httpx.AsyncClient, conforms: Conforms, fields: Json, field: str
) -> None:
    answer = await jira.post(f"{API}/issue", json={"fields": fields})

    assert answer.status_code == 400
    conforms("ErrorCollection", answer.json())
    assert field in answer.json()["errors"]
    assert (await jira.get("/simulator/state")).json()["effects"] == 0


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"body": NaN}', b'{"body": "\\ud800"}'])
@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/issue/{}/comment"), ("PUT", "/issue/{}"), ("POST", "/issue")]
)
async def test_a_body_that_is_no_json_object_is_a_clear_400(
    jira: httpx.AsyncClient, story: Story, body: bytes, method: str, path: str
) -> None:
    answer = await jira.request(method, API + path.format(await story()), content=body)

    assert answer.status_code == 400
    assert answer.json()["errorMessages"]


@pytest.mark.parametrize(
    "body",
    [
        {"fields": []},
        {"update": 1},
        {"update": {"labels": 1}},
        {"update": {"labels": [1]}},
        {"fields": {"labels": [1]}},
        {"fields": {"priority": 1}},
        {"fields": {"reporter": "me"}},
        {"fields": {"customfield_10101": {"value": "huge"}}},
        {"properties": [{"key": "x"}]},
        {"properties": 1},
    ],
)
async def test_an_edit_of_the_wrong_form_is_a_clear_400(
    jira: httpx.AsyncClient, story: Story, conforms: Conforms, body: Json
) -> None:
    answer = await jira.put(f"{API}/issue/{await story()}", json=body)

    assert answer.status_code == 400
    conforms("ErrorCollection", answer.json())


async def test_only_email_and_token_of_a_known_account_open_the_api(jira: httpx.AsyncClient) -> None:
    for auth in (
        ("integration@example.com", "wrong"),
        ("nobody@example.com", "x"),
        ("product.owner@example.com", ""),
    ):
        answer = await jira.get(f"{API}/myself", auth=auth)
        assert answer.status_code == 401
        assert answer.json()["errorMessages"]
    assert (await jira.get(f"{API}/myself", auth=("INTEGRATION@example.com", "integration-token"))).is_success


async def test_wiki_markup_of_an_old_project_is_a_string_in_v2_and_a_document_in_v3(
    jira: httpx.AsyncClient, story: Story
) -> None:
    key = await story(description="h2. Pay\n* one\n* two")

    assert (await jira.get(f"/rest/api/2/issue/{key}")).json()["fields"][
        "description"
    ] == "h2. Pay\n* one\n* two"
    document = (await jira.get(f"{API}/issue/{key}")).json()["fields"]["description"]
    assert [node["type"] for node in document["content"]] == ["heading", "bulletList"]

    made = await jira.post(
        "/rest/api/2/issue",
        json={
            "fields": {
                "project": {"key": "SHOP"},
                "issuetype": {"id": "10001"},
                "summary": "x",
                "description": "y",
            }
        },
    )
    assert made.status_code == 201


async def test_sub_tasks_hang_on_their_parent_and_go_with_it(jira: httpx.AsyncClient, story: Story) -> None:
    key = await story()
    fields = {
        "project": {"key": "SHOP"},
        "issuetype": {"name": "Sub-task"},
        "parent": {"key": key},
        "summary": "Case 1",
    }
    made = await jira.post(
        f"{API}/issue", json={"fields": fields, "properties": [{"key": "mark", "value": 1}]}
    )
    child = made.json()["key"]

    assert (await jira.get(f"{API}/issue/{child}?properties=mark")).json()["properties"] == {"mark": 1}
    assert [one["key"] for one in (await jira.get(f"{API}/issue/{key}")).json()["fields"]["subtasks"]] == [
        child
    ]
    assert (await jira.delete(f"{API}/issue/{key}")).status_code == 400
    assert (await jira.delete(f"{API}/issue/{key}?deleteSubtasks=true")).status_code == 204
    assert (await jira.get(f"{API}/issue/{child}")).status_code == 404


async def test_a_link_that_rides_along_with_a_creation_is_there_at_once(
    jira: httpx.AsyncClient, story: Story
) -> None:
    key = await story()
    made = await jira.post(
        f"{API}/issue",
        json={
            "fields": {"project": {"key": "SHOP"}, "issuetype": {"name": "Test"}, "summary": "Case"},
            "update": {"issuelinks": [{"add": {"type": {"name": "Tests"}, "outwardIssue": {"key": key}}}]},
        },
    )
    assert made.status_code == 201
    links = (await jira.get(f"{API}/issue/{key}")).json()["fields"]["issuelinks"]
    assert [link["inwardIssue"]["key"] for link in links] == [made.json()["key"]]


async def test_an_edit_takes_fields_and_update_operations(
    jira: httpx.AsyncClient, story: Story, doc: Doc
) -> None:
    key = await story(labels=["old", "kept"])

    answer = await jira.put(
        f"{API}/issue/{key}",
        json={
            "fields": {"customfield_10100": doc("Given"), "customfield_10101": {"value": "high"}},
            "update": {
                "labels": [{"remove": "old"}, {"add": "new"}],
                "summary": [{"set": "Pay"}],
                "comment": [{"add": {"body": doc("why")}}],
            },
        },
    )

    assert (answer.status_code, answer.content) == (204, b"")
    fields = (await jira.get(f"{API}/issue/{key}")).json()["fields"]
    assert (fields["labels"], fields["summary"]) == (["kept", "new"], "Pay")
    assert fields["customfield_10100"] == doc("Given")
    assert fields["customfield_10101"]["value"] == "high"
    assert fields["comment"]["total"] == 1


async def test_comments_come_in_pages(jira: httpx.AsyncClient, story: Story, doc: Doc) -> None:
    key = await story()
    for number in range(5):
        await jira.post(f"{API}/issue/{key}/comment", json={"body": doc(str(number))})

    page = (await jira.get(f"{API}/issue/{key}/comment?startAt=1&maxResults=2")).json()

    assert (page["total"], page["startAt"], page["maxResults"]) == (5, 1, 2)
    assert [one["body"] for one in page["comments"]] == [doc("1"), doc("2")]
