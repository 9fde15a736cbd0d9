from uuid import UUID

import pytest

from casewright_embedder.domain.names import collection_name, point_id

ORG, OTHER = UUID(int=1), UUID(int=2)


def test_a_collection_says_organisation_model_and_dimension() -> None:
    name = collection_name(ORG, model="local/all-MiniLM-L6-v2", dimension=384)
    assert ORG.hex in name
    assert "local-all-minilm-l6-v2" in name
    assert name.endswith("-384")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ((ORG, "a/b", 3), (OTHER, "a/b", 3)),
        ((ORG, "a/b", 3), (ORG, "a-b", 3)),
        ((ORG, "a/b", 3), (ORG, "a/b", 4)),
        ((ORG, "x" * 300 + "a", 3), (ORG, "x" * 300 + "b", 3)),
    ],
)
def test_collections_never_meet(one: tuple[UUID, str, int], other: tuple[UUID, str, int]) -> None:
    names = [collection_name(org, model=model, dimension=dimension) for org, model, dimension in (one, other)]
    assert names[0] != names[1]
    assert all(len(name) < 200 and "/" not in name for name in names)


def test_equal_text_in_two_issues_makes_two_points() -> None:
    ids = {
        point_id(ORG, "site", "1", kind="story", digest="d"),
        point_id(ORG, "site", "2", kind="story", digest="d"),
        point_id(ORG, "other site", "1", kind="story", digest="d"),
        point_id(OTHER, "site", "1", kind="story", digest="d"),
        point_id(ORG, "site", "1", kind="case", digest="d"),
    }
    assert len(ids) == 5
