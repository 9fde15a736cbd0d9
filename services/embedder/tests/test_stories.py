import asyncio
from collections.abc import Callable

import pytest

from casewright_common.configuration import ConfigurationView
from casewright_common.errors import NotConfiguredYetError, UpstreamUnavailableError
from casewright_common.events import (
    ConnectionStatus,
    EmbeddingSettings,
    ProjectConfiguredV1,
    StoryChange,
    StoryChangedV1,
    StoryIndexedV1,
)
from casewright_embedder.service.stories import IndexStory
from casewright_embedder.testing import IndexedStoriesInMemory, PointsInMemory, WordEmbedding

Changed = Callable[..., StoryChangedV1]


class Bench:
    def __init__(self, configuration: ConfigurationView) -> None:
        self.model = WordEmbedding()
        self.points = PointsInMemory()
        self.index = IndexStory(
            models=self.model,
            points=self.points,
            stories=IndexedStoriesInMemory(),
            configuration=configuration,
        )

    def texts(self) -> set[str]:
        return {p.payload.text for points in self.points.collections.values() for p in points.values()}


@pytest.fixture
def bench(configuration: ConfigurationView) -> Bench:
    return Bench(configuration)


async def indexed(bench: Bench, changed: StoryChangedV1) -> StoryIndexedV1:
    event = await bench.index(changed)
    assert event is not None
    return event


async def test_a_story_is_published_whole_with_the_ids_of_its_points(bench: Bench, changed: Changed) -> None:
    story = changed()
    event = await indexed(bench, story)
    assert event.story == story.story
    assert event.caused_by == story.event_id
    assert set(event.point_ids) == set(bench.points.collections[event.collection])
    payload = bench.points.collections[event.collection][event.point_ids[0]].payload
    assert (payload.source.kind, payload.issue_key, payload.revision) == ("story", "SHOP-1", 1)


async def test_redelivery_returns_the_same_event_without_embedding_again(
    bench: Bench, changed: Changed
) -> None:
    first = await indexed(bench, changed())
    asked = list(bench.model.asked)
    assert await bench.index(changed()) == first
    assert bench.model.asked == asked


async def test_a_revision_embeds_only_the_text_that_is_new(bench: Bench, changed: Changed) -> None:
    await bench.index(changed())
    bench.model.asked.clear()
    event = await indexed(bench, changed(revision=2, criteria=("The link expires after 60 min.",)))
    assert bench.model.asked == ["The link expires after 60 min."]
    assert "The link expires after 30 min." not in bench.texts()
    points = bench.points.collections[event.collection]
    assert {point.payload.revision for point in points.values()} == {2}


async def test_points_that_qdrant_lost_are_embedded_again(bench: Bench, changed: Changed) -> None:
    event = await indexed(bench, changed())
    bench.points.collections[event.collection].clear()
    again = await indexed(bench, changed(revision=2))
    assert set(again.point_ids) == set(bench.points.collections[again.collection])


async def test_an_older_revision_after_a_newer_one_changes_nothing(bench: Bench, changed: Changed) -> None:
    await bench.index(changed(revision=2, text="The newer text."))
    assert await bench.index(changed(revision=1, text="The older text.")) is None
    assert any("newer" in text for text in bench.texts())
    assert not any("older" in text for text in bench.texts())


async def test_two_revisions_at_once_leave_the_newer_one(bench: Bench, changed: Changed) -> None:
    await asyncio.gather(
        bench.index(changed(revision=2, text="The newer text.")),
        bench.index(changed(revision=1, text="The older text.")),
        bench.index(changed(revision=2, text="The newer text.")),
    )
    assert any("newer" in text for text in bench.texts())
    assert not any("older" in text for text in bench.texts())


async def test_removal_deletes_the_points_of_that_story_only(bench: Bench, changed: Changed) -> None:
    await bench.index(changed())
    await bench.index(changed(issue_id="10002", issue_key="SHOP-2", text="Another story."))
    event = await indexed(bench, changed(revision=2, change=StoryChange.REMOVED))
    assert event.change is StoryChange.REMOVED
    assert event.point_ids == ()
    assert {p.payload.issue_key for p in bench.points.collections[event.collection].values()} == {"SHOP-2"}


async def test_removal_of_a_story_that_was_never_indexed_is_published_too(
    bench: Bench, changed: Changed
) -> None:
    event = await indexed(bench, changed(change=StoryChange.REMOVED))
    assert event.point_ids == ()


async def test_removal_needs_no_configuration(changed: Changed) -> None:
    bench = Bench(ConfigurationView())
    assert (await indexed(bench, changed(change=StoryChange.REMOVED))).change is StoryChange.REMOVED


async def test_another_model_moves_the_story_to_another_collection(
    bench: Bench, changed: Changed, configuration: ConfigurationView, project: ProjectConfiguredV1
) -> None:
    old = await indexed(bench, changed())
    configuration.apply(
        project.model_copy(
            update={"revision": 2, "embedding": EmbeddingSettings(model="openai/some", dimension=4)}
        )
    )
    new = await indexed(bench, changed(revision=2))
    assert new.collection != old.collection
    assert bench.points.collections[old.collection] == {}
    assert set(bench.points.collections[new.collection]) == set(new.point_ids)


async def test_an_unknown_project_lets_the_story_wait(changed: Changed) -> None:
    with pytest.raises(NotConfiguredYetError):
        await Bench(ConfigurationView()).index(changed())


async def test_a_removed_project_does_not_let_the_story_wait_for_ever(
    project: ProjectConfiguredV1, changed: Changed
) -> None:
    gone = project.model_copy(update={"revision": 2, "status": ConnectionStatus.REMOVED})
    assert await Bench(ConfigurationView(gone)).index(changed()) is None


async def test_a_failure_half_way_leaves_nothing_that_looks_done(bench: Bench, changed: Changed) -> None:
    bench.model.failures.append(UpstreamUnavailableError("model", "busy"))
    with pytest.raises(UpstreamUnavailableError):
        await bench.index(changed())
    bench.points.down = True
    with pytest.raises(UpstreamUnavailableError):
        await bench.index(changed())
    bench.points.down = False
    assert len((await indexed(bench, changed())).point_ids) == 2


async def test_a_story_without_a_word_has_no_points(bench: Bench, changed: Changed) -> None:
    assert (await indexed(bench, changed(title="", text="", criteria=()))).point_ids == ()
