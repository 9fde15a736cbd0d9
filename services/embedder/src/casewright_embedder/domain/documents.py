"""A document's sections, each with the headings that lead to it."""

import re
from collections.abc import Iterator

_HEADING = re.compile(r"^(#{1,6})[ \t]+(.+?)[ \t]*#*[ \t]*$")
_FENCE = re.compile(r"^ {0,3}(```|~~~)")


def sections(title: str, text: str) -> Iterator[tuple[str, str]]:
    """Heading trail (`Title > Chapter > Section`) and text of each section of a Markdown document.

    Plain text, and Markdown without headings, is one section. A heading inside fenced code is none.
    """
    trail: list[tuple[int, str]] = []
    lines: list[str] = []
    fenced = ""

    def section() -> tuple[str, str]:
        return " > ".join([title.strip(), *(name for _, name in trail)]).strip(" >"), "\n".join(lines).strip()

    for line in text.splitlines():
        if fence := _FENCE.match(line):
            fenced = "" if fenced == fence[1] else fenced or fence[1]
        heading = None if fenced else _HEADING.match(line)
        if heading is None:
            lines.append(line)
            continue
        if any(map(str.strip, lines)):
            yield section()
        level = len(heading[1])
        trail = [*((depth, name) for depth, name in trail if depth < level), (level, heading[2])]
        lines = []
    if any(map(str.strip, lines)):
        yield section()
