"""A row of a table as its cells stand in the text, `Reading | 1 to 8 digits`, with its table's header."""

import re

from casewright_common.events import Technique
from casewright_generator.domain.reading.constraints import constraints, points
from casewright_generator.domain.reading.situations import Setting
from casewright_generator.domain.reading.statements import Statement
from casewright_generator.domain.rules.said import Said

_BAR = " | "
_COUNTED = re.compile(r"^(?:#|no\.?|nr\.?|number|id)$", re.IGNORECASE)
_RANKED = re.compile(r"^(?:must|should|could|won't|high|medium|low|p\d)$", re.IGNORECASE)
_FIELDS = re.compile(
    r"^(?:form )?(?:field|input|attribute|property|column|entry)s?(?: name)?$", re.IGNORECASE
)
_ANSWER = re.compile(r"\b(?:message|error|answer|response|code|otherwise|reaction)\b", re.IGNORECASE)
"""Headers of what is seen where a limit is broken."""
_SENTENCE = 5
"""Words from which a cell may be a sentence."""


def cells(text: str) -> tuple[str, ...]:
    """The cells of a row; none where the text is no row."""
    flat = " ".join(text.split())
    return tuple(cell.strip() for cell in flat.split(_BAR)) if _BAR in flat else ()


def header(row: tuple[str, ...], story: str) -> tuple[str, ...]:
    """The first line of the table that holds the row; empty where it can't be found."""
    first: tuple[str, ...] = ()
    for line in story.splitlines():
        found = cells(line)
        first = (first or found) if found else ()
        if found == row and found != first and len(first) == len(row):
            return first
    return ()


def demand(row: tuple[str, ...], head: tuple[str, ...]) -> str:
    """The one sentence of a row that numbers and ranks demands; empty for other rows."""
    counted = bool(head and _COUNTED.match(head[0])) or row[0].isdigit()
    told = [cell for cell in row[1 if counted else 0 :] if not _RANKED.match(cell)]
    return told[0] if counted and len(told) == 1 and len(told[0].split()) >= _SENTENCE else ""


def cases(
    criterion: str, text: str, row: tuple[str, ...], head: tuple[str, ...], setting: Setting
) -> list[Statement]:
    """One case that sees all cells of the row, and one for each side of each limit in a cell."""
    said = Said(criterion, text, text)
    names = head or ("", *("" for _ in row[1:]))
    listed = bool(_FIELDS.match(names[0]))
    subject = row[0] if listed or not names[0] else f"{names[0]} {row[0]}"
    where = f'"{row[0]}" filled in' if listed else _lowered(subject)
    rest = [(name, cell) for name, cell in zip(names[1:], row[1:], strict=False) if cell]
    if not rest:
        return []
    act = setting.errand.rstrip(".") or "Try it out"
    made = [
        said.case(
            f"{subject}: {_told(*rest[0])}",
            (f"{act}, with {where}",),
            tuple(_told(name, cell) for name, cell in rest),
            technique=Technique.DECISION_TABLE,
            data=((names[0].lower() or "row", row[0]),),
        )
    ]
    answers = tuple(_told(name, cell) for name, cell in rest if _ANSWER.search(name))
    tried = {True: act, False: f"Try to {_lowered(act)}"}
    for name, cell in rest:
        for limit in constraints(cell):
            for point in points(limit):
                told = point.text if listed or not name else f"{_lowered(name)} {point.text}"
                verdict = "accepted" if point.inside else "refused"
                made.append(
                    said.case(
                        f"{subject}: {told} is {verdict}",
                        (
                            f'{tried[point.inside]}, with {told} as "{row[0]}"'
                            if listed
                            else f"{tried[point.inside]}, with {where} and {told}",
                        ),
                        (f"{told} is {verdict}",)
                        if point.inside
                        else (f"This is refused: the limit is {limit.text}", *answers),
                        technique=Technique.BOUNDARY_VALUE,
                        data=((name.lower() or "value", point.text),),
                        negative=not point.inside,
                    )
                )
    return made


def _told(name: str, cell: str) -> str:
    return f"{name}: {cell}" if name else cell


def _lowered(text: str) -> str:
    first = text.split(maxsplit=1)[0] if text.split() else ""
    return text[:1].lower() + text[1:] if first[1:].islower() else text
