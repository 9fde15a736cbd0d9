import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewright_common.events import (
    CaseDraft,
    CaseStep,
    Criterion,
    CriterionOrigin,
    OpenQuestion,
    QuestionKind,
    SourceSpan,
    Story,
    Technique,
    TestData,
)
from casewright_evaluation import fullteaching, gate, issues, questions, reading, stories
from casewright_evaluation.__main__ import main
from casewright_evaluation.adding import adds_plainly
from casewright_evaluation.command import origin, run
from casewright_evaluation.designing import Tally, designed, tally
from casewright_evaluation.faults import planted
from casewright_evaluation.figures import Evaluation
from casewright_evaluation.measuring import evaluate
from casewright_evaluation.options import Options
from casewright_evaluation.retrieval.linked import projects, without_keys
from casewright_evaluation.retrieval.ranking import ndcg
from casewright_evaluation.retrieval.searching import DENSE, Fusion, Query, Text, search
from casewright_evaluation.scores import Counts
from casewright_evaluation.sections.retrieving import TRIED, chosen
from casewright_evaluation.settings import EvaluationSettings
from casewright_evaluation.stories import ExpectedQuestion
from casewright_evaluation.understanding import match_criteria

TWO_PARTS = """\
(1)\tAll users can see their courses.
(2) The teacher can add students: (2.1) using an address, or (2.2) using a file (txt, PDF…).
"""


def criterion(text: str, id_: str = "AC-1", source: SourceSpan | None = None) -> Criterion:
    return Criterion(id=id_, text=text, origin=CriterionOrigin.LIST, source=source)


def case(expected: str, *data: str) -> CaseDraft:
    return CaseDraft(
        case_id=uuid5(NAMESPACE_URL, expected),
        title="A case",
        technique=Technique.USE_CASE,
        condition="A condition",
        criteria=("AC-1",),
        data=tuple(TestData(name="value", value=value) for value in data),
        steps=(CaseStep(action="Do it.", expected=expected, criteria=("AC-1",)),),
    )


def absent(folder: Path) -> EvaluationSettings:
    return EvaluationSettings(requirements=folder / "none.txt", issues=folder / "none")


def csv_of(folder: Path, rows: list[tuple[str, str, str]]) -> Path:
    lines = "".join(f'{key},"{title}","{text}"\n' for key, title, text in rows)
    (folder / "shop.csv").write_text(f"issuekey,title,description\n{lines}", encoding="utf-8")
    return folder


def test_numbered_parts_are_what_a_requirement_demands() -> None:
    first, second = fullteaching.parse(TWO_PARTS)
    assert first.parts == ("All users can see their courses.",)
    assert second.parts == ("using an address", "using a file (txt, PDF…)")


def test_fullteaching_has_39_parts(shared_data: Callable[[str], Path]) -> None:
    read = fullteaching.read(shared_data("requirements/fullteaching.txt"))
    assert (len(read), sum(len(one.parts) for one in read)) == (16, 39)


def test_a_sample_is_the_same_in_whatever_order_and_grows_by_adding(tmp_path: Path) -> None:
    folder = csv_of(tmp_path, [(f"SHOP-{n}", f"Title {n}", "") for n in range(40)])
    found = issues.read(folder)
    few = issues.sample(found, 5)
    assert issues.sample(found[::-1], 5) == few
    assert issues.sample(found, 9)[:5] == few


def test_damaged_rows_are_issues_too(tmp_path: Path) -> None:
    (tmp_path / "odd.csv").write_bytes(b"issuekey,title,description\n,,a\0b\xff\nA-1,  two  words \n")
    first, second = issues.read(tmp_path)
    assert (first.id, first.title, first.description) == ("odd/row 1", "(no title)", "ab\ufffd")
    assert (second.title, second.description) == ("two words", "")


@pytest.mark.parametrize(
    ("expected", "data", "adds"),
    [
        ("The text is refused.", ("9 characters",), True),
        ("An error names the field.", (), True),
        ("A code has 8 characters.", (), False),
        ("It works as expected.", (), False),
        ("The result is displayed correctly.", ("8",), False),
    ],
)
def test_only_new_words_in_data_or_result_add_to_a_criterion(
    expected: str, data: tuple[str, ...], *, adds: bool
) -> None:
    assert adds_plainly(case(expected, *data), criterion("A code has 8 characters.")) is adds


def test_a_retold_criterion_is_found_in_its_place_unless_it_lost_a_number() -> None:
    story = Story(title="T", text="Name must not be longer than 40 letters.", issue_type="Story")
    source = SourceSpan(part="text", start=0, end=len(story.text))
    quotes = [story.text]
    assert match_criteria(quotes, [criterion("Limit of names: 40", source=source)], story).counts.right == 1
    assert match_criteria(quotes, [criterion("Names are limited", source=source)], story).counts.right == 0
    assert match_criteria(quotes, [criterion("Limit of names: 40")], story).counts.right == 0


def test_a_row_told_as_a_sentence_is_found_and_another_row_is_not() -> None:
    story = Story(title="T", text="", issue_type="Story")
    told = criterion("Payer name is mandatory and has between 2 and 70 characters")
    assert match_criteria(["Payer name | yes | 2 to 70 characters"], [told], story).counts == Counts(right=1)
    other = match_criteria(["Street | yes | 2 to 70 characters"], [told], story).counts
    assert other == Counts(missed=1, surplus=1)


def question(kind: QuestionKind, *criteria: str, term: str = "") -> OpenQuestion:
    return OpenQuestion(
        question_id=uuid5(NAMESPACE_URL, term), kind=kind, text="?", term=term, criteria=criteria
    )


def test_questions_are_found_by_word_and_by_both_quotes() -> None:
    wanted = (
        ExpectedQuestion(kind="vague", word="quickly"),
        ExpectedQuestion(kind="contradiction", quotes=("A guild has 50 players.", "A guild has 60 players.")),
    )
    criteria = (criterion("A guild has 50 players."), criterion("A guild has 60 players.", "AC-2"))
    both = question(QuestionKind.CONTRADICTION, "AC-1", "AC-2")
    half = question(QuestionKind.CONTRADICTION, "AC-1")
    fast = question(QuestionKind.VAGUE_WORD, term="very quickly")
    other = question(QuestionKind.VAGUE_WORD, term="nice")
    beside = question(QuestionKind.MISSING_OUTCOME)
    scored = questions.score(wanted, (both, fast, other, beside), criteria)
    assert scored == {"vague": Counts(right=1, surplus=1), "contradiction": Counts(right=1)}
    assert questions.score(wanted, (half,), criteria)["contradiction"] == Counts(missed=1, surplus=1)


@given(
    st.permutations(["a", "b", "c", "d"]),
    st.dictionaries(st.sampled_from("abcd"), st.integers(1, 2), min_size=1),
)
def test_ndcg_is_1_for_the_best_order_and_less_for_none_better(
    ranked: list[str], grades: dict[str, int]
) -> None:
    best = sorted(ranked, key=lambda one: -grades.get(one, 0))
    assert 0 <= ndcg(ranked, grades) <= ndcg(best, grades) == pytest.approx(1)


def test_ndcg_without_anything_relevant_is_refused() -> None:
    with pytest.raises(ValueError, match="relevant"):
        ndcg(["a"], {})


def test_issues_that_name_another_of_their_project_become_queries_without_the_key(tmp_path: Path) -> None:
    rows = [(f"SHOP-{n}", f"Title {n}", f"See SHOP-{n + 1} and OTHER-1 and SHOP-{n}") for n in range(20)]
    (found,) = projects(issues.read(csv_of(tmp_path, rows)), queries=5, distractors=2)
    assert len(found.queries) == 5
    for linked in found.queries:
        assert [one.id for one in linked.named] == [
            f"shop/SHOP-{int(linked.issue.id.rpartition('-')[2]) + 1}"
        ]
        assert set(linked.named) <= set(found.issues)
        assert "SHOP" not in without_keys(linked.issue.description)


def test_a_project_with_few_links_is_not_searched(tmp_path: Path) -> None:
    folder = csv_of(tmp_path, [("SHOP-1", "One", "See SHOP-2"), ("SHOP-2", "Two", "")])
    assert projects(issues.read(folder), queries=5, distractors=2) == ()


@pytest.mark.connected
async def test_a_story_finds_the_text_that_speaks_of_the_same_and_each_leg_may_be_left_out() -> None:
    texts = [
        Text("same", Story(title="", text="Vouchers lower the price at the checkout.", issue_type=""), "p"),
        Text("other", Story(title="", text="The cellar is cold in winter.", issue_type=""), "p"),
        Text("elsewhere", Story(title="", text="A voucher for the checkout.", issue_type=""), "q"),
    ]
    story = Story(title="Redeem a voucher at the checkout", text="", issue_type="Story")
    (found,) = await search(texts, [Query("one", story, {"same": 2}, "p")])
    both = Fusion(2, 2, 1)
    assert both.mean([found]) == both.alone(DENSE).mean([found]) == 1
    assert chosen([found]) == TRIED[0]
    (nothing,) = await search(texts, [Query("one", story, {"same": 2}, "p", itself="same")])
    assert both.mean([nothing]) == 0


def test_what_the_designer_writes_of_a_limit_passes_and_covers() -> None:
    story = reading.story(
        "Voucher codes", "Acceptance criteria:\n* A voucher code must have at most 8 characters."
    )
    found = tally([designed(story, story_id="voucher")])
    assert (found.stories, found.criteria, found.covered) == (1, 1, 1)
    assert found.cases == found.accepted > 1
    assert (found + found).cases == 2 * found.cases
    assert Tally() + found == found


def test_the_gate_is_measured_on_what_was_planted() -> None:
    some = [one for one in planted() if one.check in {None, "uncited_step"}][:60]
    looked = gate.look(some)
    (figures,) = gate.measure(looked)
    assert figures.check == "uncited_step"
    assert figures.counts.expected == sum(one.check == "uncited_step" for one in some)
    nothing = [(one, frozenset[str]()) for one, _ in looked]
    assert gate.measure(nothing)[0].counts.recall == 0
    everywhere = [(one, frozenset({"uncited_step"})) for one, _ in looked]
    assert gate.measure(everywhere)[0].counts.surplus == sum(one.check is None for one in some)
    assert gate.clean_let_through(everywhere).right == 0


@pytest.mark.parametrize("parts", [("unusual",), ("unusual", "holdout")])
def test_planted_faults_have_two_halves_of_the_three_parts(parts: tuple[stories.Part, ...]) -> None:
    (section,) = evaluate(Options(sections=("gate",), parts=parts), lambda _: None).sections
    assert bool(section.figures) == ("holdout" in parts)


def test_absent_data_is_named_and_no_success(tmp_path: Path) -> None:
    told: list[str] = []
    options = Options(sections=("fullteaching", "issues"), settings=absent(tmp_path))
    found = evaluate(options, told.append)
    assert found.status == 2
    assert [reason.split(":")[0] for reason in found.skipped] == ["FullTeaching", "Real issues"]
    assert "CASEWRIGHT_REQUIREMENTS" in found.skipped[0]
    assert "CASEWRIGHT_ISSUES" in found.skipped[1]
    assert told


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some stories of each part are enough to see how they are measured."""
    load = stories.load
    monkeypatch.setattr(stories, "load", lambda part=None: load(part)[:20])


@pytest.mark.usefixtures("few")
def test_the_parts_of_the_stories_are_measured_apart() -> None:
    found = evaluate(Options(sections=("stories",), parts=("tuning",)), lambda _: None)
    keys = {figure.key for section in found.sections for figure in section.figures}
    assert {
        "criteria.f1.tuning",
        "constraints.f1.tuning",
        "questions.f1.tuning",
        "cases.accepted.tuning",
    } <= keys
    assert not any("holdout" in key for key in keys)


def test_real_issues_are_measured_as_a_sample_and_whole(tmp_path: Path) -> None:
    folder = csv_of(
        tmp_path, [(f"SHOP-{n}", f"The list must show at most {n} rows", "") for n in range(3, 9)]
    )
    settings = EvaluationSettings(requirements=tmp_path / "none", issues=folder)
    sample, whole = evaluate(
        Options(sections=("issues",), sample=2, settings=settings), lambda _: None
    ).sections
    of = {figure.key: figure for section in (sample, whole) for figure in section.figures}
    assert of["cases.stories.sample"].of == 2
    assert of["cases.stories.issues"].of == 6


def test_a_run_shows_writes_and_returns_the_status(tmp_path: Path) -> None:
    shown: list[Evaluation] = []
    options = Options(sections=("cost",))
    status = run(
        options, tell=lambda _: None, show=shown.append, folder=tmp_path / "report", page=tmp_path / "page.md"
    )
    assert status == 0
    assert len(shown) == 1
    assert "Measured on" in (tmp_path / "page.md").read_text(encoding="utf-8")
    assert (tmp_path / "report" / "report.html").is_file()


@pytest.mark.usefixtures("few")
def test_the_quick_look_shows_misses_of_the_tuning_stories_and_never_those_of_the_hold_out(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["constraints", "--part", "holdout", "--verbose"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert all("precision" in line or line.startswith("holdout: ") or not line for line in lines)
    assert main(["criteria", "--verbose"]) == 0
    shown = capsys.readouterr().out
    assert "tuning: " in shown
    assert "holdout" not in shown, "the hold-out is looked at only where it is named"


def test_who_reads_the_first_lines_only_sees_no_traceback() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    script = "import casewright_evaluation.__main__ as it; it.main = lambda: print('-' * 99_999); it.piped()"
    command = [sys.executable, "-c", script]
    with os.fdopen(writer, "w") as pipe:
        done = subprocess.run(command, stdout=pipe, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_origin_names_the_day() -> None:
    assert origin(datetime(2026, 5, 4, tzinfo=UTC)).startswith("Measured on 2026-05-04")
