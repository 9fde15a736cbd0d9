"""Jira's wiki markup, read into the same blocks as ADF. Never raises; time is linear in the text.

Exports and old projects often hold text whose line ends became two blanks (`Steps:  * one  * two`). Text
without any newline is therefore cut at runs of blanks again, code excepted; elsewhere only a run of blanks
before a list, heading or table marker counts as a line end.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from casewright_ingest.domain.blocks import Block, BlockKind, clean
from casewright_ingest.domain.sections import split_label
from casewright_ingest.domain.wiki_inline import inline, is_all_strong

_VERBATIM = re.compile(
    r"(?<![{$\\])\{(?P<name>code|noformat)(?::(?P<parameters>[^{}\n]{0,200}))?\}(?!\})", re.IGNORECASE
)
_MACRO = re.compile(
    r"(?<![{$\\])\{(?P<name>quote|panel|info|note|warning|tip|expand|section|column|anchor|toc|html|csv|chart"
    r"|status|excerpt)(?::(?P<parameters>[^{}\n]{0,300}))?\}(?!\})",
    re.IGNORECASE,
)
_TITLE = re.compile(r"(?:^|\|)\s*title\s*=([^|]*)", re.IGNORECASE)
_UNKNOWN_MACRO_LINE = re.compile(r"\{[A-Za-z][\w-]{0,40}:[^{}\n]{0,300}=[^{}\n]{0,300}\}")
_HEADING = re.compile(r"h([1-6])\.\s*(.*)", re.IGNORECASE | re.DOTALL)
_RULE = re.compile(r"-{4,}")
_ITEM = re.compile(r"([*#]{1,10}|-{1,3}|[*#]{1,9}-|[•·▪◦‣\u2013])\s+(\S.*)", re.DOTALL)
_NUMBERED = re.compile(r"(?:\(\d{1,2}\)\.?|\d{1,2}[.)]|\(?[a-h]\))(?:\s+|(?=[A-Za-z]{2}))(\S.*)", re.DOTALL)
_CHECKBOX = re.compile(r"(?:\[[ xX/]?\]|\([x/]\)|[☐☑☒✓✔✅❌])\s+(?=\S)")
_BREAK = re.compile(r"(?<!\\)\\\\(?=\s|$)")
_BLANKS_BEFORE_MARKER = re.compile(r"(?<! ) {2,}+(?=h[1-6]\. |[*#]{1,6} \S|- \S|\|\|?\S)")
_FLAT_BREAK = re.compile(r" {2,}")
_FLAT_MARKER = re.compile(r"(?<=[:.]) (?=h[1-6]\. )|(?<=\S) (?=\(!\) [A-Z])")
_LIST_AFTER_COLON = re.compile(r"(?::|^(?:AC|COS|DoD))\s([-*#])\s+(?=\S)")
_RUN_IN_STARS = re.compile(r" (?=[*#]{1,4} \S)")
_RUN_IN_DASH_CAPITAL = re.compile(r" (?=--? [A-Z])")
_RUN_IN_RULE = re.compile(r" ?(?<!-)-{4,}(?!-) ?")
_RUN_IN_RESULT = re.compile(
    r"(?<=[\w.!)\"']) (?=(?:actual(?:ly)?|expected) (?:results?|behaviou?r)\s?[:\uff1a])", re.IGNORECASE
)
_RUN_IN_STAR = re.compile(r" (?=\*{1,3} [A-Za-z]{2})")
_RUN_IN_NUMBER = re.compile(r" (?=\d{1,2}[.)] [A-Z])")
_FIRST_NUMBER = re.compile(r"(?:^|[:.] )1[.)] [A-Z]")
_FEWEST_ITEMS = 2
_SINGLE_BAR = re.compile(r"(?<!\|)\|(?!\|)")
_RUN_IN = {
    "-": re.compile(r" (?=--? \S)"),
    "*": re.compile(r" (?=\*{1,4} \S)"),
    "#": re.compile(r" (?=#{1,4} \S)"),
}
_PARAGRAPH_GAP = 4
_SHORT_LABEL = 60


def read_wiki(markup: str) -> tuple[Block, ...]:
    """Blocks of a wiki-markup text, in order; plain text is wiki markup too."""
    text = clean(markup).strip()
    flat = "\n" not in text
    reader = _Reader()
    for part, language in _verbatim_parts(text):
        if language is None:
            for line in _lines(part, flat=flat):
                reader.line(line)
        else:
            reader.code(part, language)
    reader.end()
    return tuple(reader.blocks)


def _verbatim_parts(text: str) -> Iterator[tuple[str, str | None]]:
    """Text as (markup, None) and (code, language), in order; a block that isn't closed runs to the end."""
    position, opened = 0, None
    for match in _VERBATIM.finditer(text):
        name = match["name"].lower()
        if opened is None:
            yield text[position : match.start()], None
            opened, language = name, _language(name, match["parameters"])
        elif name == opened:
            yield text[position : match.start()], language
            opened = None
        else:
            continue
        position = match.end()
    yield text[position:], None if opened is None else language


def _language(name: str, parameters: str | None) -> str:
    if name != "code" or not parameters:
        return ""
    first = parameters.split("|", 1)[0].strip().lower()
    return first if first.isalnum() else ""


def _lines(text: str, *, flat: bool) -> Iterator[str]:
    text = _RUN_IN_RESULT.sub("\n", _MACRO.sub(_macro, text))
    if flat:
        text = _RUN_IN_RULE.sub("\n----\n", text)
        text = _FLAT_BREAK.sub(
            lambda run: "\n\n" if len(run.group()) >= _PARAGRAPH_GAP else "\n", _FLAT_MARKER.sub("\n", text)
        )
    else:
        text = _BLANKS_BEFORE_MARKER.sub("\n", text)
    for line in _BREAK.sub("\n", text).split("\n"):
        yield from _run_in_list(line) if flat else (line,)


def _macro(match: re.Match[str]) -> str:
    title = _TITLE.search(match["parameters"] or "")
    return f"\n\nh6. {title[1].strip()}\n" if title and title[1].strip() else "\n\n"


def _run_in_list(line: str) -> Iterator[str]:
    """`COS: - one - two` as three lines; only where the line ends are lost."""
    after_colon = _LIST_AFTER_COLON.search(line)
    if after_colon:
        marker = after_colon[1]
        yield line[: after_colon.start(1)].strip()
        listed = f"{marker} {line[after_colon.end() :]}"
        yield from _RUN_IN[marker].sub("\n", listed).split("\n")
    elif line.startswith(("* ", "# ", "** ", "## ")):
        yield from _RUN_IN_STARS.sub("\n", line).split("\n")
    elif line.startswith("- "):
        # One dash before a small letter may be a dash; two or more are a list.
        every = line.count(" - ") > 1
        yield from (_RUN_IN["-"] if every else _RUN_IN_DASH_CAPITAL).sub("\n", line).split("\n")
    elif len(_RUN_IN_STAR.findall(line)) >= _FEWEST_ITEMS:
        yield from _RUN_IN_STAR.sub("\n", line).split("\n")
    elif (
        _FIRST_NUMBER.search(line) and len(_RUN_IN_NUMBER.findall(line)) >= _FEWEST_ITEMS - line[0].isdigit()
    ):
        yield from _RUN_IN_NUMBER.sub("\n", line).split("\n")
    else:
        yield line


@dataclass
class _Reader:
    blocks: list[Block] = field(default_factory=list)
    paragraph: list[str] = field(default_factory=list)
    rows: list[tuple[tuple[str, ...], bool]] = field(default_factory=list)
    open_row: list[str] = field(default_factory=list)
    in_item: bool = False

    def line(self, raw: str) -> None:
        line = raw.strip()
        if self.open_row:
            self._continue_row(line)
            return
        if line.startswith("|") and line != "|":
            self._flush_paragraph()
            if line.endswith("|"):
                self._row(line)
            else:
                self.open_row = [line]
            return
        self._flush_table()
        if not line or _UNKNOWN_MACRO_LINE.fullmatch(line):
            self._flush_paragraph()
        elif not self._structure(line):
            self._text(line)

    def code(self, text: str, language: str) -> None:
        self.end()
        body = text.strip("\n").rstrip()
        if body.strip():
            self.blocks.append(
                Block(BlockKind.CODE, body.lstrip() if "\n" not in body else body, language=language)
            )

    def end(self) -> None:
        if self.open_row:
            self._row(" ".join(self.open_row) + "|")
        self._flush_table()
        self._flush_paragraph()

    def _structure(self, line: str) -> bool:
        """Take the line if it is a heading, a rule or a list item."""
        if heading := _HEADING.fullmatch(line):
            self._flush_paragraph()
            if text := inline(heading[2]):
                self.blocks.append(Block(BlockKind.HEADING, text, level=int(heading[1])))
            return True
        if _RULE.fullmatch(line):
            self._flush_paragraph()
            self.blocks.append(Block(BlockKind.RULE))
            return True
        item, numbered = _ITEM.fullmatch(line), _NUMBERED.fullmatch(line)
        if item:
            self._item(item[2], level=len(item[1]), ordered=item[1].endswith("#"))
        elif numbered:
            self._item(numbered[1], level=1, ordered=True)
        return bool(item or numbered)

    def _item(self, markup: str, *, level: int, ordered: bool) -> None:
        self._flush_paragraph()
        checkbox = _CHECKBOX.match(markup)
        text = inline(markup[checkbox.end() :] if checkbox else markup)
        if text:
            strong = is_all_strong(markup)
            self.blocks.append(
                Block(
                    BlockKind.ITEM, text, level=level, ordered=ordered, checkbox=bool(checkbox), strong=strong
                )
            )
        self.in_item = bool(text)

    def _text(self, line: str) -> None:
        checkbox = _CHECKBOX.match(line)
        if checkbox:
            self._item(line, level=1, ordered=False)
        elif self.in_item and not _begins_something(line):
            item = self.blocks[-1]
            self.blocks[-1] = replace(item, text="\n".join(filter(None, (item.text, inline(line)))))
        else:
            self.in_item = False
            self.paragraph.append(line.removeprefix("bq. "))

    def _flush_paragraph(self) -> None:
        self.in_item = False
        if self.paragraph:
            text = "\n".join(filter(None, map(inline, self.paragraph)))
            if text:
                strong = all(map(is_all_strong, self.paragraph))
                self.blocks.append(Block(BlockKind.PARAGRAPH, text, strong=strong))
            self.paragraph = []

    def _continue_row(self, line: str) -> None:
        if not line or line.startswith("|") or _HEADING.fullmatch(line):
            self._row(" ".join(self.open_row) + "|")
            self.open_row = []
            self.line(line)
            return
        self.open_row.append(line)
        if line.endswith("|"):
            self._row("\n".join(self.open_row))
            self.open_row = []

    def _row(self, line: str) -> None:
        is_header = line.startswith("||") and not _SINGLE_BAR.search(line.rstrip("|"))
        cells = tuple(cell.strip() for cell in _cells(line))
        if any(cells):
            self.rows.append((cells, is_header))

    def _flush_table(self) -> None:
        if self.rows:
            self._flush_paragraph()
            header_rows = (
                1
                if self.rows[0][1] and not all(header for _, header in self.rows[1:] or [((), False)])
                else 0
            )
            self.blocks.append(
                Block(BlockKind.TABLE, rows=tuple(cells for cells, _ in self.rows), header_rows=header_rows)
            )
            self.rows = []


def _begins_something(line: str) -> bool:
    """Whether a line under a list item is a label of its own rather than more of the item."""
    return (
        is_all_strong(line)
        or (line.endswith(":") and len(line) < _SHORT_LABEL)
        or split_label(inline(line))[0] is not None
    )


def _cells(line: str) -> list[str]:
    """Cells of a row; links and images lose their `|` first."""
    text = "\n".join(map(inline, line.split("\n"))).strip()
    text = text.removeprefix("|").removeprefix("|").removesuffix("|").removesuffix("|")
    return text.replace("||", "|").split("|") if "||" in text else text.split("|")
