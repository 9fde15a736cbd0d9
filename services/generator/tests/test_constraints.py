import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewright_generator.domain.reading.constraints import Dimension, constraints, points


@pytest.mark.parametrize(
    ("text", "dimension", "values"),
    [
        ("The quantity must be between 1 and 10", Dimension.NUMBER, ["0 -", "1 +", "10 +", "11 -"]),
        (
            "The password must have 8 to 64 characters",
            Dimension.LENGTH,
            ["7 characters -", "8 characters +", "64 characters +", "65 characters -"],
        ),
        ("At most 5 files can be uploaded", Dimension.COUNT, ["5 files +", "6 files -"]),
        ("up to 100 remote agents", Dimension.COUNT, ["100 remote agents +", "101 remote agents -"]),
        ("files up to 1 MiB", Dimension.SIZE, ["1 MiB +", "1 MiB plus 1 byte -"]),
        ("orders over $50 ship free", Dimension.MONEY, ["$50 -", "$50.01 +"]),
        ("at least 100 EUR", Dimension.MONEY, ["99.99 EUR -", "100 EUR +"]),
        ("older than 18", Dimension.AGE, ["18 -", "19 +"]),
        ("a discount of at most 10%", Dimension.PERCENT, ["10% +", "11% -"]),
        ("within 30 seconds", Dimension.DURATION, ["30 seconds +", "31 seconds -"]),
        ("lasts 5 minutes or less", Dimension.DURATION, ["5 minutes +", "5 minutes 1 second -"]),
        ("at least one item", Dimension.COUNT, ["0 items -", "1 item +"]),
        ("price > 10", Dimension.NUMBER, ["10 -", "11 +"]),
        ("must not exceed 10 items", Dimension.COUNT, ["10 items +", "11 items -"]),
        ("cannot be longer than 255 characters", Dimension.LENGTH, ["255 characters +", "256 characters -"]),
        ("less than 1,000 rows", Dimension.COUNT, ["999 rows +", "1000 rows -"]),
        ("at least 0.5 points", Dimension.COUNT, ["0.4 points -", "0.5 points +"]),
    ],
)
def test_a_limit_has_its_neighbours_by_unit(text: str, dimension: Dimension, values: list[str]) -> None:
    (found,) = constraints(text)

    assert found.dimension is dimension
    assert [f"{point.text} {'+' if point.inside else '-'}" for point in points(found)] == values


@pytest.mark.parametrize(
    "text",
    [
        "See XD-194 and version 4.1.3",
        "on port 8080",
        "http://localhost:9000",
        "2016-04-01",
        "the code 12-34-56",
        "",
    ],
)
def test_a_number_without_a_comparator_is_no_limit(text: str) -> None:
    assert constraints(text) == ()


def test_a_number_in_a_quotation_is_no_limit() -> None:
    assert constraints('the message "at most 10 items" is shown') == ()


def test_a_time_after_which_something_happens_is_a_delay() -> None:
    (found,) = constraints("The link expires after 24 hours")

    assert found.delay
    assert [point.text for point in points(found)] == ["23 hours 59 minutes", "24 hours"]


@given(st.text(max_size=300))
def test_any_text_is_read_without_failing(text: str) -> None:
    for found in constraints(text):
        assert 0 <= found.start < found.end <= len(text)
        assert found.low is not None or found.high is not None
        assert len(points(found)) <= 4
