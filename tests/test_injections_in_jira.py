"""What Jira would show of stories that attack a model that obeys them: text, and nothing that acts."""

import json
import re
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from jsonschema_rs import Draft4Validator

from casewright_common.events import (
    CasesGeneratedV1,
    Criterion,
    CriterionOrigin,
    ProjectConfiguredV1,
    Provenance,
    Story,
    StoryChange,
    StoryIndexedV1,
)
from casewright_generator.testing import OpenAIDouble
from casewright_generator.testing_attacked import CRITERIA, Bench, attacked
from casewright_generator.testing_injections import EVIL, Attempt, attempts
from casewright_jira_sync.domain.adf import Node
from casewright_jira_sync.domain.comment import render_comment
from casewright_jira_sync.domain.subtask import render_subtask

pytestmark = [
    pytest.mark.filterwarnings("ignore:Item .* is using the `ReadOnly` qualifier:UserWarning"),
    pytest.mark.filterwarnings("ignore:Accessing the 'model_"),
]

SOMEBODY = UUID(int=1)
NOW = datetime(2026, 11, 1, tzinfo=UTC)
OURS = {
    *("doc", "paragraph", "heading", "text", "hardBreak", "rule", "panel", "expand", "status"),
    *("bulletList", "orderedList", "listItem", "table", "tableRow", "tableHeader", "tableCell"),
}
"""Nodes that show text. Links, mentions, media, cards and macros (`extension`) aren't among them."""
MARKS = {"strong", "em", "code"}
_REFERENCE = re.compile(r"https?://\S{0,12}|www\.\S{0,12}|\[~\S{0,12}|!\[|\|http", re.IGNORECASE)


def indexed(*, title: str, text: str = "", criteria: tuple[str, ...], **fields: Any) -> StoryIndexedV1:
    """A story of one revision."""
    values: dict[str, Any] = {
        "event_id": uuid4(),
        "org_id": SOMEBODY,
        "connection_id": SOMEBODY,
        "project_id": SOMEBODY,
        "project_key": "SHOP",
        "issue_id": "10001",
        "issue_key": "SHOP-1",
        "change": StoryChange.CREATED,
        "revision": 1,
        "content_hash": "0" * 64,
        "occurred_at": NOW,
        "updated_at": NOW,
        "collection": "none",
        "story": Story(
            title=title,
            text=text,
            criteria=tuple(
                Criterion(id=f"AC-{number}", text=one, origin=CriterionOrigin.LIST)
                for number, one in enumerate(criteria, 1)
            ),
            issue_type="Story",
        ),
    }
    return StoryIndexedV1.model_validate(values | fields)


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    project = ProjectConfiguredV1(
        event_id=SOMEBODY,
        occurred_at=NOW,
        org_id=SOMEBODY,
        project_id=SOMEBODY,
        connection_id=SOMEBODY,
        project_key="SHOP",
        revision=1,
    )
    async with OpenAIDouble() as endpoint:
        made = Bench(endpoint, project)
        yield made
        await made.model.close()


@pytest.fixture(scope="module")
def schema(shared_data: Callable[[str], Path]) -> Draft4Validator:
    return Draft4Validator(json.loads(shared_data("jira/adf-schema-v1.json").read_text()))


def nodes(node: Node) -> Iterator[Node]:
    yield node
    for child in node.get("content", ()):
        yield from nodes(child)


def documents(event: CasesGeneratedV1) -> list[Node]:
    """All that jira-sync writes of the event."""
    return [render_comment(event), *(render_subtask(event, case).description for case in event.cases)]


def problems(document: Node, known: str) -> list[str]:
    """Nodes and marks that do more than show text, and references of which the story says nothing."""
    found = []
    for node in nodes(document):
        found += [node["type"]] if node["type"] not in OURS else []
        found += [mark["type"] for mark in node.get("marks", ()) if mark["type"] not in MARKS]
        shown = f"{node.get('text', '')}\n{node.get('attrs', {}).get('title', '')}"
        found += [text for text in _REFERENCE.findall(shown) if text not in known]
    return found


def plain(story: StoryIndexedV1) -> str:
    return "\n".join((story.story.title, story.story.text, *(one.text for one in story.story.criteria)))


@pytest.mark.parametrize("attempt", [pytest.param(one, id=one.name) for one in attempts()])
async def test_jira_gets_valid_text_and_no_link_mention_medium_or_macro(
    bench: Bench, attempt: Attempt, schema: Draft4Validator
) -> None:
    story = attacked(indexed, attempt, bench)
    event = await bench.run(story, attempt)
    for document in documents(event):
        schema.validate(document)
        assert problems(document, plain(story)) == []
        assert EVIL not in json.dumps(document)


async def test_what_a_model_writes_reaches_the_comment(bench: Bench, schema: Draft4Validator) -> None:
    """Else the attempts would prove nothing."""
    event = await bench.run(indexed(title="Pay with a voucher", criteria=CRITERIA), None)
    written = next(case for case in event.cases if case.provenance is Provenance.MODEL)
    [comment, *_] = documents(event)
    schema.validate(comment)
    shown = "\n".join(node["text"] for node in nodes(comment) if node["type"] == "text")
    assert written.steps[-1].expected in shown


@pytest.mark.parametrize(
    "wanted",
    [
        f"See {EVIL} for more",
        f"![logo]({EVIL}/x.png)",
        "[~admin] please",
        "{html}<script>alert(1)</script>{html}",
        "|https://collect.example.net|",
        "@[Admin](accountid:1)",
    ],
)
async def test_even_a_case_that_got_past_the_gate_is_text_in_jira(
    bench: Bench, schema: Draft4Validator, wanted: str
) -> None:
    event = await bench.run(indexed(title="Pay with a voucher", criteria=CRITERIA), None)
    [case, *others] = event.cases
    steps = tuple(step.model_copy(update={"action": wanted, "expected": wanted}) for step in case.steps)
    bad = case.model_copy(update={"title": wanted, "condition": wanted, "steps": steps})
    event = event.model_copy(update={"cases": (bad, *others), "retired_cases": (bad,)})
    for document in documents(event):
        schema.validate(document)
        assert {node["type"] for node in nodes(document)} <= OURS
        assert not any("link" in json.dumps(node.get("marks", ())) for node in nodes(document))


def test_the_check_finds_what_acts() -> None:
    document = {
        "type": "doc",
        "content": [
            {"type": "mention", "attrs": {"id": "1"}},
            {"type": "text", "text": f"at {EVIL}", "marks": [{"type": "link"}]},
        ],
    }
    assert problems(document, "") == ["mention", "link", EVIL[:20]]
    assert problems({"type": "text", "text": "see http://a.example/"}, "see http://a.example/") == []
