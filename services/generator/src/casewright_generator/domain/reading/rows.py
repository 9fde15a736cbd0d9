"""Rows of a table as rules: the columns that look like results are expected, the others are given."""

import re
from dataclasses import dataclass

from casewright_common.events import Criterion, CriterionOrigin
from casewright_generator.domain.language import clauses, words
from casewright_generator.domain.language.masking import quotations
from casewright_generator.domain.reading.constraints import constraints, points
from casewright_generator.domain.reading.situations import Setting
from casewright_generator.domain.reading.statements import Kind, Statement

_CELL = re.compile(r"(?P<header>[^:;]{1,60}): (?P<value>[^;]{1,200})(?:; |$)")
_RESULTS = words.word_set(
    "cost costs price prices discount fee fees rate result results outcome output response message error "
    "status expected tax decision behaviour behavior access points bonus"
)
_EXPECTED = re.compile(r"^(?:expected(?: results?| outcome| behaviou?r)?|then)$", re.IGNORECASE)
_STEP = re.compile(r"^(?:steps?|actions?|when)$", re.IGNORECASE)
_LISTS = words.word_set("field column parameter property attribute element id no nr # setting key type")
_FEWEST = 2
_LONGEST_VALUE = 12


@dataclass(frozen=True, slots=True)
class Cell:
    """A column's header and its value in one row."""

    header: str
    value: str

    @property
    def name(self) -> str:
        """The header for the middle of a sentence."""
        first = self.header.split(maxsplit=1)[0]
        return self.header[:1].lower() + self.header[1:] if first[1:].islower() else self.header


def read(criteria: tuple[Criterion, ...], setting: Setting) -> dict[str, Statement]:
    """The statements of those criteria that are rows of one table, by the criterion's id.

    A table that lists fields rather than rules gives none.
    """
    found: dict[str, tuple[Cell, ...]] = {}
    for criterion in criteria:
        cells = _cells(criterion.text)
        if criterion.origin is CriterionOrigin.TABLE and len(cells) >= _FEWEST:
            found[criterion.id] = cells
    tables: dict[tuple[str, ...], dict[str, tuple[Cell, ...]]] = {}
    for id_, cells in found.items():
        tables.setdefault(tuple(cell.header for cell in cells), {})[id_] = cells
    texts = {criterion.id: criterion.text for criterion in criteria}
    return {
        id_: statement
        for headers, rows in tables.items()
        if (outputs := _outputs(headers, rows, setting))
        for id_, cells in rows.items()
        if (statement := _statement(id_, texts[id_], cells, outputs))
    }


def _cells(text: str) -> tuple[Cell, ...]:
    flat = " ".join(text.split()).rstrip(".")
    cells = tuple(Cell(m["header"].strip(), m["value"].strip()) for m in _CELL.finditer(flat))
    size = sum(len(cell.header) + len(cell.value) + 4 for cell in cells)
    return cells if cells and size >= len(flat) else ()


def _outputs(headers: tuple[str, ...], rows: dict[str, tuple[Cell, ...]], setting: Setting) -> frozenset[str]:
    """The headers of the results; none where the table lists things instead of stating rules."""
    plain = [header.lower() for header in headers]
    if set(plain[0].split()) & _LISTS:
        return frozenset()
    named = [
        header
        for header, low in zip(headers[1:], plain[1:], strict=True)
        if set(low.split()) & _RESULTS or (setting.topic and low in setting.topic.lower())
    ]
    if headers[-1] not in named and len(rows) < _FEWEST:
        return frozenset()
    last = {headers[-1]}
    for header in reversed(headers[1:-1]):
        if header not in named or headers[-1] not in named:
            break
        last.add(header)
    return frozenset(last)


def _statement(id_: str, text: str, cells: tuple[Cell, ...], outputs: frozenset[str]) -> Statement | None:
    if cells[0].header.lower() in _ROLES and all(cell.value.lower() in _MARKS for cell in cells[1:]):
        return _rights(id_, text, cells)
    given = [cell for cell in cells if cell.header not in outputs]
    seen = [cell for cell in cells if cell.header in outputs]
    if not given or any(len(cell.value.split()) > _LONGEST_VALUE for cell in given):
        return None
    inputs = _listed(given)
    if _EXPECTED.match(seen[-1].header):
        step = next((cell for cell in given if _STEP.match(cell.header)), None)
        states = [cell for cell in given if cell is not step]
        action = step.value if step else f"Try it with {inputs}"
        outcomes = [seen[-1].value]
        headline = f"{seen[-1].value.rstrip('.')}: {_listed(states) if step and states else action}"
    else:
        outcomes = [_outcome(cell) for cell in seen]
        action = f"Look at {_listed_names(seen)} for {inputs}"
        headline = f"{' and '.join(one.removeprefix('The ') for one in outcomes)} for {inputs}"
    return Statement(
        criterion=id_,
        text=text,
        kind=Kind.ROW,
        headline=clauses.capital(headline),
        actions=(clauses.sentence(action),),
        outcomes=tuple(clauses.sentence(one) for one in outcomes),
        subject=seen[0].header,
        object=seen[0].value,
        data=tuple((cell.name, _sample(cell)) for cell in given),
        quotes=quotations(text),
        main=text,
    )


def _rights(id_: str, text: str, cells: tuple[Cell, ...]) -> Statement:
    """A row of `Role | View | Edit`: each right is tried."""
    may = [cell.name for cell in cells[1:] if cell.value.lower() in _YES]
    may_not = [cell.name for cell in cells[1:] if cell.value.lower() not in _YES]
    role = cells[0]
    told = (
        f"Allowed: {', '.join(may)}." if may else "",
        f"Refused: {', '.join(may_not)}." if may_not else "",
    )
    return Statement(
        criterion=id_,
        text=text,
        kind=Kind.ROW,
        headline=f"Rights of {role.name} {role.value}: "
        + "; ".join(one for one in (", ".join(may), f"not {', '.join(may_not)}" if may_not else "") if one),
        given=(f"Acting as {role.value}.",),
        actions=(f"Try each of these: {', '.join(cell.name for cell in cells[1:])}.",),
        outcomes=tuple(one for one in told if one),
        subject="role",
        object=role.value,
        data=((role.name, role.value),),
        main=text,
    )


def _sample(cell: Cell) -> str:
    """A value of the cell: `100 EUR or more` is tried at its limit."""
    limits = constraints(cell.value)
    inside = [point for point in points(limits[0]) if point.inside] if len(limits) == 1 else []
    return inside[0].text if inside else cell.value


def _listed(cells: list[Cell]) -> str:
    told = [f"{cell.name} {cell.value}" for cell in cells]
    return told[0] if len(told) == 1 else f"{', '.join(told[:-1])} and {told[-1]}"


def _listed_names(cells: list[Cell]) -> str:
    return " and ".join(f"the {cell.name}" for cell in cells)


def _outcome(cell: Cell) -> str:
    thing = f"The {cell.name}"
    if cell.value.lower() in _MARKS:
        return f"{thing}: {cell.value}"
    return f"{thing} {words.is_are(cell.name)} {cell.value}"


_ROLES = frozenset({"role", "user", "user role", "group", "profile", "permission level"})
_YES = frozenset({"yes", "x", "true", "✓"})
_MARKS = frozenset({"yes", "no", "x", "-", "true", "false", "n/a", "none", "✓", "✗"})
