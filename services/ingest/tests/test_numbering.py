"""Numbers of criteria over the revisions of a story."""

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from casewright_common.events import Criterion, CriterionOrigin, IssueReceivedV1, StoryChangedV1
from casewright_ingest.domain.numbering import Numbered, number_of, numbered
from casewright_ingest.domain.revisions import content_hash
from casewright_ingest.service import IngestIssue

Received = Callable[..., IssueReceivedV1]


def criteria(*texts: str) -> tuple[Criterion, ...]:
    return tuple(
        Criterion(id=f"AC-{place}", text=text, origin=CriterionOrigin.LIST)
        for place, text in enumerate(texts, start=1)
    )


def told(result: Numbered) -> list[tuple[int, str]]:
    return [(number_of(one), one.text) for one in result.criteria]


def test_the_first_revision_counts_from_one_in_the_order_of_the_issue() -> None:
    assert told(numbered(criteria("A name is shown", "A price is shown"))) == [
        (1, "A name is shown"),
        (2, "A price is shown"),
    ]


def test_a_criterion_keeps_its_number_when_others_come_go_and_move() -> None:
    first = numbered(criteria("The name is shown", "Only admins delete", "Mails are sent at 8:00"))
    second = numbered(
        criteria("Mails are sent at 8:00", "Guests see nothing here", "the name is shown!"), first.criteria
    )
    assert told(second) == [
        (3, "Mails are sent at 8:00"),
        (4, "Guests see nothing here"),
        (1, "the name is shown!"),
    ]
    assert second.highest == 4


def test_an_edited_criterion_keeps_its_number() -> None:
    first = numbered(criteria("A code has 8 characters", "A code can be used once"))
    second = numbered(
        criteria("A code can be used at most twice", "A code has 10 characters"), first.criteria
    )
    assert told(second) == [(2, "A code can be used at most twice"), (1, "A code has 10 characters")]


def test_what_says_something_else_is_no_edit() -> None:
    first = numbered(criteria("A code has 8 characters"))
    assert told(numbered(criteria("Guests pay by card"), first.criteria)) == [(2, "Guests pay by card")]


def test_of_two_that_are_as_much_alike_the_nearer_one_was_edited() -> None:
    first = numbered(criteria("Name has at most 50 signs", "x y z", "City has at most 50 signs"))
    second = numbered(criteria("x y z", "Town has at most 50 signs"), first.criteria)
    assert told(second) == [(2, "x y z"), (1, "Town has at most 50 signs")]


def test_the_number_of_a_removed_criterion_is_never_given_again() -> None:
    first = numbered(criteria("The name is shown", "Mails are sent at 8:00"))
    second = numbered(criteria("The name is shown"), first.criteria, highest=first.highest)
    third = numbered(
        criteria("The name is shown", "Guests pay by card"), second.criteria, highest=second.highest
    )
    assert told(third) == [(1, "The name is shown"), (3, "Guests pay by card")]


TEXTS = st.lists(
    st.lists(
        st.sampled_from(["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"]), min_size=1, max_size=5
    ).map(" ".join)
    | st.text(min_size=1, max_size=8),
    max_size=8,
    unique_by=lambda text: " ".join(text.casefold().split()),
)


@given(st.lists(TEXTS, min_size=1, max_size=6))
def test_numbers_are_unique_and_never_given_to_another_criterion_again(revisions: list[list[str]]) -> None:
    state = Numbered((), 0)
    gone: set[int] = set()
    for texts in revisions:
        before = {number_of(one) for one in state.criteria}
        after = numbered(criteria(*texts), state.criteria, highest=state.highest)
        numbers = [number_of(one) for one in after.criteria]
        assert len(set(numbers)) == len(numbers)
        assert [one.text for one in after.criteria] == texts
        assert not gone & set(numbers)
        assert all(number in before or number > state.highest for number in numbers)
        assert after.highest == max([state.highest, *numbers])
        gone |= before - set(numbers)
        state = after


@given(
    st.lists(st.integers(0, 99), unique=True, min_size=1, max_size=12),
    st.lists(st.integers(100, 199), unique=True, max_size=6),
    st.randoms(use_true_random=False),
    st.integers(0, 6),
)
def test_unchanged_criteria_keep_their_numbers_wherever_they_move(
    old: list[int], new: list[int], random: object, drop: int
) -> None:
    first = numbered(criteria(*(f"thing {number} is shown" for number in old)))
    number_before = {one.text: number_of(one) for one in first.criteria}
    kept = [*(f"thing {number} is shown" for number in old[drop:]), *(f"item {n} is hidden" for n in new)]
    random.shuffle(kept)  # type: ignore[attr-defined]  # hypothesis gives it no better type
    second = numbered(criteria(*kept), first.criteria, highest=first.highest)
    for one in second.criteria:
        if one.text in number_before:
            assert number_of(one) == number_before[one.text]


async def changed_by(ingest: IngestIssue, received: IssueReceivedV1) -> StoryChangedV1:
    changed = await ingest(received)
    assert changed is not None
    return changed


def items(*texts: str) -> str:
    return "AC:\n" + "\n".join(f"* {text}" for text in texts)


async def test_numbers_live_on_over_revisions_removal_and_redelivery(
    ingest: IngestIssue, received: Received
) -> None:
    one, two, three = "The form opens", "A mail is sent at noon", "Guests pay by card"
    first = await changed_by(ingest, received(description=items(one, two)))
    second = await changed_by(ingest, received(minutes=1, description=items(one)))
    assert [criterion.id for criterion in second.story.criteria] == ["AC-1"]
    await changed_by(ingest, received(minutes=2, change="deleted"))
    again = received(minutes=3, description=items(three, one))
    third = await changed_by(ingest, again)
    assert [criterion.id for criterion in third.story.criteria] == ["AC-3", "AC-1"]
    assert (await changed_by(ingest, again)).model_dump_json() == third.model_dump_json()
    assert third.revision == first.revision + 3


async def test_an_old_text_is_a_new_revision_whose_hash_is_the_old_one(
    ingest: IngestIssue, received: Received
) -> None:
    one, two = "The form opens", "A mail is sent at noon"
    first = await changed_by(ingest, received(description=items(one, two)))
    await changed_by(ingest, received(minutes=1, description=items(one)))
    third = await changed_by(ingest, received(minutes=2, description=items(one, two)))
    assert [criterion.id for criterion in third.story.criteria] == ["AC-1", "AC-3"]
    assert third.content_hash == first.content_hash == content_hash(third.story)
    assert await ingest(received(minutes=3, description=items(one, two))) is None
