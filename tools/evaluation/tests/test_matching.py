import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewright_evaluation.matching import likeness, match, match_sets, match_texts, stem, tokens
from casewright_evaluation.scores import Counts, total

QUOTE = "A voucher code has exactly 8 characters."
WORDS = st.lists(
    st.sampled_from(
        ["code", "voucher", "has", "eight", "at", "most", "must", "never", "show", "hide", "red"]
    ),
    max_size=12,
)


@pytest.mark.parametrize(
    "found",
    [
        QUOTE,
        "a voucher code has EXACTLY 8 characters",
        "A voucher code has 8 characters.",
        "When paying online, a voucher code always has exactly 8 characters.",
        "The service must check, before anything else happens: a voucher code has exactly 8 characters",
    ],
)
def test_the_same_criterion_in_slightly_other_words_is_found(found: str) -> None:
    assert likeness(QUOTE, found) > 0


@pytest.mark.parametrize(
    "found",
    [
        "",
        "…",
        "A voucher can be used once.",
        "8 characters",
        f"{QUOTE} It can be used once, and only on baskets of 20 EUR or more, and never twice.",
        f"{'Something else that stands before it and goes on and on. ' * 3}{QUOTE}",
    ],
)
def test_another_text_or_half_of_it_or_a_whole_paragraph_is_not_found(found: str) -> None:
    assert likeness(QUOTE, found) == 0


def test_the_headers_of_a_row_do_not_count_against_it() -> None:
    row = "Role: Guest; May invite colleagues: no; Signed out after: 2 hours"
    assert likeness("Guest | no | 2 hours", row) > 0
    assert likeness("Guest | no | 2 hours", row.replace("Guest", "Owner").replace("2", "8")) == 0


@given(WORDS, WORDS)
def test_likeness_lies_between_0_and_1_and_a_text_is_itself(one: list[str], other: list[str]) -> None:
    assert 0 <= likeness(" ".join(one), " ".join(other)) <= 1
    assert likeness(" ".join(one), " ".join(one)) == (1 if one else 0)


@given(st.lists(st.lists(st.booleans(), min_size=4, max_size=4), min_size=1, max_size=4))
def test_as_many_pairs_are_made_as_there_can_be(allowed: list[list[bool]]) -> None:
    def most(row: int, used: frozenset[int]) -> int:
        if row == len(allowed):
            return 0
        taken = [1 + most(row + 1, used | {n}) for n in range(4) if allowed[row][n] and n not in used]
        return max([most(row + 1, used), *taken])

    matched = match(range(len(allowed)), range(4), lambda row, column: float(allowed[row][column]))
    assert len(matched.pairs) == most(0, frozenset())
    assert len(matched.pairs) + len(matched.missed) == len(allowed)
    assert len(matched.pairs) + len(matched.surplus) == 4
    assert len({column for _, column in matched.pairs}) == len(matched.pairs)


def test_the_better_of_two_takes_the_quote_and_the_other_is_surplus() -> None:
    matched = match_texts([QUOTE], ["A voucher code has exactly 9 characters.", QUOTE])
    assert matched.pairs == ((QUOTE, QUOTE),)
    assert matched.counts == Counts(right=1, surplus=1)


def test_names_are_compared_without_case_and_plural_and_once_each() -> None:
    matched = match_sets(["Shopper", "branch manager"], ["shoppers", "SHOPPER", "auditor"])
    assert matched.counts == Counts(right=1, missed=1, surplus=1)


@pytest.mark.parametrize(
    ("one", "other"), [("entry", "entries"), ("box", "boxes"), ("Versuch", "Versuche"), ("photo", "photos")]
)
def test_singular_and_plural_have_one_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


def test_marks_and_case_are_no_words() -> None:
    assert tokens("The {{X-Limit}} is *5,000* …") == ("the", "x", "limit", "is", "5", "000")


@given(st.lists(st.builds(Counts, st.integers(0, 9), st.integers(0, 9), st.integers(0, 9)), max_size=5))
def test_f1_is_the_harmonic_mean_of_the_summed_counts(counts: list[Counts]) -> None:
    summed = total(counts)
    assert 0 <= summed.f1 <= 1
    if summed.right:
        assert summed.f1 == pytest.approx(
            2 * summed.precision * summed.recall / (summed.precision + summed.recall)
        )


def test_finding_nothing_where_nothing_is_to_be_found_is_right() -> None:
    assert (Counts().precision, Counts().recall, Counts().f1) == (1, 1, 1)
    assert Counts(missed=1).f1 == 0
