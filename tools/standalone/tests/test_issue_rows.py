from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casewright_standalone.engines.errors import CommandError
from casewright_standalone.issue_rows import LONGEST_DESCRIPTION, LONGEST_SUMMARY, IssueRow, read_rows

HEADER = "issuekey,title,description,storypoint\n"


def write(folder: Path, content: bytes | str) -> Path:
    path = folder / "issues.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_rows_are_read_in_order_up_to_the_limit(tmp_path: Path) -> None:
    path = write(tmp_path, HEADER + 'A-1,One,"line 1\nline 2",3\nA-2,Two,,\nA-3,Three,x,1\n')
    rows = read_rows(path, limit=2)
    assert [(row.number, row.key, row.summary, row.description) for row in rows] == [
        (1, "A-1", "One", "line 1\nline 2"),
        (2, "A-2", "Two", ""),
    ]


def test_broken_bytes_nul_and_a_byte_order_mark_are_no_reason_to_stop(tmp_path: Path) -> None:
    path = write(tmp_path, "\ufeff".encode() + HEADER.encode() + b"A-1,caf\xe9\x00,\xff\xfe,1\n")
    row = read_rows(path)[0]
    assert row.summary == "caf\N{REPLACEMENT CHARACTER}"
    assert row.description == "\N{REPLACEMENT CHARACTER}" * 2


def test_a_row_that_is_too_short_or_empty_still_counts(tmp_path: Path) -> None:
    rows = read_rows(write(tmp_path, HEADER + "A-1\n,,\n"))
    assert [(row.key, row.summary, row.description) for row in rows] == [
        ("A-1", "(no title)", ""),
        ("row 2", "(no title)", ""),
    ]


def test_what_jira_would_not_take_is_cut_and_said(tmp_path: Path) -> None:
    row = read_rows(write(tmp_path, HEADER + f"A-1,{'t' * 300},{'d' * 200_000},1\n"))[0]
    assert (len(row.summary), len(row.description), row.shortened) == (
        LONGEST_SUMMARY,
        LONGEST_DESCRIPTION,
        True,
    )


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "has no column issuekey, title, description"),
        ("a,b\n1,2\n", "has no column issuekey, title, description"),
        (HEADER, "holds no issues"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "has no column"),
    ],
)
def test_a_file_that_holds_no_issues_is_one_clear_sentence(
    tmp_path: Path, content: bytes | str, sentence: str
) -> None:
    with pytest.raises(CommandError, match=sentence) as raised:
        read_rows(write(tmp_path, content))
    assert "\n" not in str(raised.value)


def test_a_file_that_is_not_there_is_one_clear_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"none.csv can't be read: No such file or directory\.$"):
        read_rows(tmp_path / "none.csv")


@given(content=st.binary(max_size=300))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_whatever_is_in_the_file_it_gives_rows_or_one_sentence(tmp_path: Path, content: bytes) -> None:
    sentence = ""
    rows: list[IssueRow] = []
    try:
        rows = read_rows(write(tmp_path, HEADER.encode() + content))
    except CommandError as error:
        sentence = str(error)
    assert bool(rows) != bool(sentence)
    assert "\n" not in sentence
    assert all(row.summary and "\0" not in row.description for row in rows)


def test_all_seven_real_files_are_read(shared_data: Callable[[str], Path]) -> None:
    counted = {path.name: len(read_rows(path)) for path in sorted(shared_data("issues").glob("*.csv"))}
    assert len(counted) == 7
    assert sum(counted.values()) == 8_501
