"""Wiki markup read into blocks and plain text."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casewright_ingest.domain.blocks import MOST_CHARACTERS_SEEN, BlockKind, plain_text
from casewright_ingest.domain.wiki import read_wiki


def rendered(markup: str) -> str:
    return plain_text(read_wiki(markup))


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("h2. Goal\nText\n\nMore", "Goal\n\nText\n\nMore"),
        ("* one\n** deep\n# two\n- three", "- one\n  - deep\n- two\n- three"),
        ("1. first\n2) second\n(3) third", "- first\n- second\n- third"),
        ("\u2022 dot\n\u2022 other", "- dot\n- other"),
        ("||A||B||\n|1|[two|http://x.net]|\n|3|4|", "A | B\n1 | two\n3 | 4"),
        ("|a|b\nmore|", "a | b more"),
        ("{code:java}\nint x;\n  y();\n{code}\nafter", "```java\nint x;\n  y();\n```\n\nafter"),
        ("{noformat}* no list{noformat}", "```\n* no list\n```"),
        ("{code}never closed\n* x", "```\nnever closed\n* x\n```"),
        ("{quote}said{quote}\nbq. again", "said\n\nagain"),
        ("{panel:title=Rules|borderStyle=solid}\n* one\n{panel}", "Rules\n\n- one"),
        ("a {color:red}red{color} word", "a red word"),
        ("one \\\\ two", "one\ntwo"),
        ("before\n----\nafter", "before\n\nafter"),
        ("{toc}\n{unknown:a=b}\ntext", "text"),
        ("item\n* one\ncontinued\n* two", "item\n\n- one\n  continued\n- two"),
        ("* [ ] to do\n* [x] done", "- to do\n- done"),
    ],
)
def test_markup_becomes_text(markup: str, expected: str) -> None:
    assert rendered(markup) == expected


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("*bold*, _italic_ and +under+.", "bold, italic and under."),
        ("[text|https://x.net/a_b_c] [https://x.net]", "text https://x.net"),
        ("[~ann] [^log.txt] [mail|mailto:a@b.c]", "@ann log.txt mail"),
        ("see !shot.png|thumbnail! and !http://x.net/a.png!", "see and"),
        ("{{*.java _x_}} stays", "*.java _x_ stays"),
        ("(!) Careful (!)", "Careful"),
        (r"\{escaped\} \[too\]", "{escaped} [too]"),
    ],
)
def test_inline_markup_becomes_text(markup: str, expected: str) -> None:
    assert rendered(markup) == expected


@pytest.mark.parametrize(
    "text",
    [
        "snake_case_name and __init__ and _private",
        "*.java and *.xml, **/*.py, /tmp/*/x*",
        "2 * 3 * 4 = 24, a*b, `a*b`",
        "*/5 * * * * cron",
        "version 1.2_3 and 4.0-beta+7, C++ and +1",
        "--option=[true|false] | [a-z]+ | array[0]",
        "/streams/{name}/{id} and ${date} and #{bean}",
        "Wow! Really! Yes!",
        r"C:\\temp and \\server\share",
        "-5 to -1, self-made, x - y",
        "[ERROR] not a link",
        "3.5 is a number and 2.x a branch",
        "e.g. this, i.e. that",
    ],
)
def test_text_that_only_looks_like_markup_stays_as_it_is(text: str) -> None:
    assert rendered(text) == text


@pytest.mark.parametrize(
    ("flat", "expected"),
    [
        ("Steps:  * one  * two  ** deep", "Steps:\n\n- one\n- two\n  - deep"),
        ("Text.  More text.    New paragraph", "Text.\nMore text.\n\nNew paragraph"),
        ("a  # step one  # step two", "a\n\n- step one\n- step two"),
        ("COS: - one - two", "COS:\n\n- one\n- two"),
        ("* one * two ** deep", "- one\n- two\n  - deep"),
        ("- one - two - three", "- one\n- two\n- three"),
        ("- one - with a dash", "- one - with a dash"),
        ("x  ||A||B||  |1|2|", "x\n\nA | B\n1 | 2"),
        ("x  {code}a  b    c{code}  y", "x\n\n```\na  b    c\n```\n\ny"),
        ("Bla  h3. Title  text", "Bla\n\nTitle\n\ntext"),
    ],
)
def test_lost_line_ends_are_found_again(flat: str, expected: str) -> None:
    assert rendered(flat) == expected


def test_with_line_ends_two_blanks_are_two_blanks() -> None:
    assert rendered("One.  Two.\nThree") == "One. Two.\nThree"
    assert rendered("Do:  * one  * two\nThen") == "Do:\n\n- one\n- two\n  Then"


def test_a_label_under_a_list_is_no_part_of_its_last_item() -> None:
    blocks = read_wiki("* one\nExpected result: it works")
    assert [block.kind for block in blocks] == [BlockKind.ITEM, BlockKind.PARAGRAPH]


MARKUP = st.text(alphabet="ab *#-_+|{}[]!\\\n\t:.(x)h1?~^&\u00a0\ud800\x00", max_size=80) | st.lists(
    st.sampled_from(
        ["{code}", "{noformat}", "{panel:title=x}", "{color:red}", "|", "||", "* ", "# ", "h1. ", "[a|",
         "]", "!", "{{", "}}", "  ", "\n", "\\\\", "word", "a_b", "----", "Given ", "When ", "Then ",
         "AC:", "- "]
    ),
    max_size=40,
).map("".join)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(MARKUP)
def test_any_text_is_read(markup: str) -> None:
    result = rendered(markup)
    result.encode()
    assert "\x00" not in result
    assert rendered(result) is not None


@given(st.lists(st.sampled_from(["alpha", "beta", "gamma", "delta", "epsilon"]), min_size=1, max_size=30))
def test_no_word_of_plain_text_is_lost(words: list[str]) -> None:
    assert rendered(" ".join(words)).split() == words


@pytest.mark.parametrize(
    "unit",
    ["*", "_", "[", "!", "|", "||", "{", "{{", "{code}", " ", "\n", "(", "\\", ".", "!a", "[a|", "a.", "{a:",
     "- ",
     "  * x", "| a ", "Given ", "a_b*", "x, ", "?!", "http://", "@", "&", "\n|a", "\n* Given x"],
)  # fmt: skip
def test_time_is_linear_whatever_is_repeated(unit: str) -> None:
    from casewright_ingest.domain.criteria import find_criteria  # noqa: PLC0415

    def seconds(length: int) -> float:
        markup = unit * (length // len(unit))
        start = time.process_time()
        blocks = read_wiki(markup)
        find_criteria("Title", blocks)
        plain_text(blocks)
        return time.process_time() - start

    assert seconds(16_000) < 3
    assert seconds(64_000) < 12


def test_length_is_bounded() -> None:
    assert len(rendered("x" * (2 * MOST_CHARACTERS_SEEN))) == MOST_CHARACTERS_SEEN
