from casewright_bench.figures import Figure, table


def figure(samples: list[float], *, least: float | None = None) -> Figure:
    return Figure("ours", samples, "theirs", [10.0, 10.0], "ms", least_ratio=least)


def test_a_ratio_is_taken_between_medians() -> None:
    assert figure([1.0, 20.0, 400.0]).ratio == 2.0


def test_a_figure_holds_within_what_is_asked_and_not_outside() -> None:
    assert figure([20.0], least=2.0).holds
    assert not figure([19.0], least=2.0).holds
    assert figure([6.0]).holds


def test_a_table_names_what_fails() -> None:
    shown = table([figure([19.0], least=2.0), figure([30.0], least=2.0)])
    assert shown.count("FAILS") == 1
    assert shown.count("holds") == 1
    assert "1.90" in shown
