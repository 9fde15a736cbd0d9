"""Scenarios that stand for several: outlines with examples, and several When/Then pairs in one."""

import re
from collections.abc import Iterator, Mapping, Sequence

MOST_SCENARIOS = 50
"""Most scenarios that one run of steps becomes, so that long tables cost linear time."""
_LONGEST_NAME = 110
_PLACEHOLDER = re.compile(r"<([^<>\n]{1,60})>")
_OUTLINE = re.compile(
    r"(scenario|szenario|cenário|scénario|escenario)\s?(?:outline|template|grundriss)", re.IGNORECASE
)
_GOES_ON = re.compile(
    r"\b(?:again|another|others?|second|third|next|then|afterwards?|still|remaining|rest|back|once more"
    r"|also)\b",
    re.IGNORECASE,
)
Step = tuple[str, str]
"""Its kind (`GIVEN`, `WHEN`, …; empty for a line that goes on) and its text."""


def expanded(title: list[str], steps: Sequence[Step]) -> Iterator[tuple[list[str], list[Step]]]:
    """Title and steps once per row of examples, placeholders replaced; as they are where there are none."""
    first = next((index for index, (kind, _) in enumerate(steps) if kind == "EXAMPLES"), len(steps))
    outline, examples = list(steps[:first]), steps[first:]
    names = {name.casefold() for _, text in outline for name in _PLACEHOLDER.findall(text)}
    rows = [row for row in _examples(examples) if names & row.keys()] if names else []
    if not rows:
        yield title, list(steps)
        return
    for row in rows[:MOST_SCENARIOS]:
        yield [_named(line, row) for line in title], [(kind, _filled(text, row)) for kind, text in outline]


def _examples(lines: Sequence[Step]) -> Iterator[dict[str, str]]:
    """Rows of the tables under `Examples:`, by the names in their first row in lower case."""
    header: list[str] = []
    count = 0
    for kind, line in lines:
        if kind == "EXAMPLES":
            header = []
            continue
        if count >= MOST_SCENARIOS:
            continue
        cells = [cell.strip() for cell in line.strip().removeprefix("|").removesuffix("|").split("|")]
        if not header:
            header = [cell.strip("<>* ").casefold() for cell in cells]
        elif any(cells):
            count += 1
            yield dict(zip(header, cells, strict=False))


def _filled(text: str, row: Mapping[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda match: row.get(match[1].strip().casefold(), match[0]), text)


def _named(title: str, row: Mapping[str, str]) -> str:
    """The title of one row: by its placeholders, else by what tells the row from the others."""
    plain = _OUTLINE.sub(r"\1", title, count=1)
    filled = _filled(plain, row)
    if filled != plain or ":" not in plain:
        return filled
    told = ", ".join(f"{name} {value}" for name, value in row.items() if name and value)
    return f"{plain} ({told})" if len(plain) + len(told) < _LONGEST_NAME else plain


def parted(title: list[str], background: Sequence[str], steps: Sequence[Step]) -> Iterator[list[str]]:
    """Lines of one scenario per When and its Then; they share the Given.

    A later one keeps the actions before it where its own refers to them: `When I remove the other`.
    """
    starts = _starts(steps)
    if len(starts) <= 1:
        yield [*title, *background, *(text for _, text in steps)]
        return
    given = _shared(steps[: _first_action(steps)])
    before: list[str] = []
    for number, (start, end) in enumerate(zip(starts, [*starts[1:], len(steps)], strict=True), start=1):
        own = list(steps[start:end])
        name = [f"{line} ({number})" for line in title]
        setting = [] if number == 1 else [*background, *given]
        setting = [*background] if number == 1 else setting
        goes_on = number > 1 and _GOES_ON.search(own[0][1])
        yield [*name, *setting, *(before if goes_on else ()), *(text for _, text in own)]
        before += _actions(own)


def _starts(steps: Sequence[Step]) -> list[int]:
    """Where each scenario begins: at the top, and at each When that follows a Then."""
    starts, told = [0], False
    for index, (kind, _) in enumerate(steps):
        if kind == "WHEN" and told:
            starts.append(index)
            told = False
        told = told or kind == "THEN"
    return starts[:MOST_SCENARIOS]


def _first_action(steps: Sequence[Step]) -> int:
    return next((index for index, (kind, _) in enumerate(steps) if kind in {"WHEN", "THEN"}), len(steps))


def _shared(steps: Sequence[Step]) -> list[str]:
    return [text for _, text in steps]


def _actions(steps: Sequence[Step]) -> list[str]:
    """The When of a scenario and what goes on with it, up to its Then."""
    found: list[str] = []
    acting = False
    for kind, text in steps:
        acting = kind == "WHEN" or (acting and kind in {"AND", ""})
        if acting:
            found.append(text)
    return found
