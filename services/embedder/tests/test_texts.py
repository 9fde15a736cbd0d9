import asyncio
from collections.abc import Callable
from uuid import UUID

import pytest

from casewright_common.configuration import ConfigurationView
from casewright_common.errors import NotConfiguredYetError, UpstreamUnavailableError
from casewright_common.events import (
    CasesReviewedV1,
    ConnectionStatus,
    DocumentChange,
    DocumentChangedV1,
    EmbeddingSettings,
    ProjectConfiguredV1,
    ReviewDecision,
    StoryChange,
    StoryChangedV1,
)
from casewright_embedder.service.ports import PointPayload
from casewright_embedder.service.stories import IndexStory
from casewright_embedder.service.texts import IndexTexts
from casewright_embedder.testing import (
    IndexedStoriesInMemory,
    IndexedTextsInMemory,
    PointsInMemory,
    WordEmbedding,
)

Document = Callable[..., DocumentChangedV1]
Reviewed = Callable[..., CasesReviewedV1]
Changed = Callable[..., StoryChangedV1]


class Bench:
    def __init__(self, configuration: ConfigurationView) -> None:
        self.model = WordEmbedding()
        self.points = PointsInMemory()
        self.configuration = configuration
        stories = IndexedStoriesInMemory()
        self.texts = IndexTexts(
            models=self.model,
            points=self.points,
            texts=IndexedTextsInMemory(),
            stories=stories,
            configuration=configuration,
        )
        self.story = IndexStory(
            models=self.model, points=self.points, stories=stories, configuration=configuration
        )

    def payloads(self, kind: str) -> list[PointPayload]:
        points = [one for part in self.points.collections.values() for one in part.values()]
        return [one.payload for one in points if one.payload.source.kind == kind]


@pytest.fixture
def bench(configuration: ConfigurationView) -> Bench:
    return Bench(configuration)


async def test_each_section_of_a_document_says_where_it_stands(bench: Bench, document: Document) -> None:
    await bench.texts.document(document())
    assert {payload.text for payload in bench.payloads("document")} == {
        "Password policy > Length\n\nAt least 12 characters.",
        "Password policy > Expiry\n\nAfter 90 days.",
    }


async def test_a_new_revision_embeds_what_is_new_and_drops_what_is_gone(
    bench: Bench, document: Document
) -> None:
    await bench.texts.document(document())
    bench.model.asked.clear()
    text = "# Length\n\nAt least 12 characters.\n\n# Expiry\n\nNever."
    await bench.texts.document(document(revision=2, text=text))
    assert bench.model.asked == ["Password policy > Expiry\n\nNever."]
    assert len(bench.payloads("document")) == 2


async def test_the_older_of_two_revisions_never_stays(bench: Bench, document: Document) -> None:
    await asyncio.gather(
        bench.texts.document(document(revision=2, text="The newer text.")),
        bench.texts.document(document(revision=1, text="The older text.")),
    )
    assert [payload.revision for payload in bench.payloads("document")] == [2]


async def test_a_removed_document_leaves_nothing_and_does_not_come_back(
    bench: Bench, document: Document
) -> None:
    await bench.texts.document(document())
    await bench.texts.document(document(revision=2, change=DocumentChange.REMOVED, text=""))
    await bench.texts.document(document())
    assert bench.payloads("document") == []


async def test_a_long_document_is_indexed_to_its_end(bench: Bench, document: Document) -> None:
    text = "\n\n".join(f"Rule {number} has a sentence of its own." for number in range(2_000))
    await bench.texts.document(document(text=text))
    assert any("Rule 1999 " in payload.text for payload in bench.payloads("document"))


async def test_a_case_is_found_by_the_criteria_that_it_cites(bench: Bench, reviewed: Reviewed) -> None:
    await bench.texts.case(reviewed())
    (payload,) = bench.payloads("case")
    assert "The link expires after 30 min." in payload.text
    assert "It is mailed." not in payload.text
    assert payload.case == reviewed().case.model_dump_json()


async def test_a_rejected_case_is_forgotten_until_it_is_accepted_again(
    bench: Bench, reviewed: Reviewed
) -> None:
    await bench.texts.case(reviewed())
    await bench.texts.case(reviewed(review=2, decision=ReviewDecision.REJECTED))
    await bench.texts.case(reviewed())
    assert bench.payloads("case") == []
    await bench.texts.case(reviewed(review=3, decision=ReviewDecision.EDITED))
    assert len(bench.payloads("case")) == 1


async def test_cases_go_with_their_story(bench: Bench, changed: Changed, reviewed: Reviewed) -> None:
    await bench.story(changed())
    await bench.texts.case(reviewed())
    await bench.texts.case(reviewed(issue_id="10002", case_id=UUID(int=10)))
    await bench.story(changed(revision=2, change=StoryChange.REMOVED))
    assert [dict(payload.source.keys)["issue_id"] for payload in bench.payloads("case")] == ["10002"]
    await bench.texts.case(reviewed(review=2))  # decided on before, told after
    assert len(bench.payloads("case")) == 1


async def test_another_model_moves_a_document_with_its_next_revision(
    bench: Bench, document: Document, project: ProjectConfiguredV1
) -> None:
    await bench.texts.document(document())
    other = EmbeddingSettings(model="openai/some", dimension=4)
    bench.configuration.apply(project.model_copy(update={"revision": 2, "embedding": other}))
    await bench.texts.document(document(revision=2))
    assert sorted(map(len, bench.points.collections.values())) == [0, 2]


async def test_an_unknown_project_lets_the_text_wait(document: Document, reviewed: Reviewed) -> None:
    bench = Bench(ConfigurationView())
    with pytest.raises(NotConfiguredYetError):
        await bench.texts.document(document())
    with pytest.raises(NotConfiguredYetError):
        await bench.texts.case(reviewed())


async def test_what_belongs_to_a_removed_project_is_left_alone(
    document: Document, project: ProjectConfiguredV1
) -> None:
    gone = project.model_copy(update={"revision": 2, "status": ConnectionStatus.REMOVED})
    bench = Bench(ConfigurationView(gone))
    await bench.texts.document(document())
    assert bench.model.asked == []


async def test_a_failure_half_way_leaves_nothing_that_looks_done(bench: Bench, document: Document) -> None:
    bench.model.failures.append(UpstreamUnavailableError("model", "busy"))
    with pytest.raises(UpstreamUnavailableError):
        await bench.texts.document(document())
    await bench.texts.document(document())
    assert len(bench.payloads("document")) == 2
