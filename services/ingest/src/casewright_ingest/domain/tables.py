"""Rows of a table as criteria."""

import re
from collections.abc import Iterator, Sequence

from casewright_ingest.domain.blocks import Block
from casewright_ingest.domain.rules import SUBJECT_COLUMN, is_range, row_rule, rule_of, states_rules

_CRITERIA_COLUMN = re.compile(
    r"\b(?:acceptance|criteri(?:a|on)|requirements?|expected|expectation|business rules?|should|must"
    r"|outcome"
    r"|validations?|error messages?|erwartet\w*|akzeptanz\w*|anforderung\w*|attendu\w*|esperad\w*"
    r"|requisitos?)\b",
    re.IGNORECASE,
)
_DROPPED_COLUMN = re.compile(
    r"(?:#|no\.?|nr\.?|id|priority|prio|owner|assignee|comments?|notes?|remarks?|actual.*"
    r"|tested( by)?|pass(ed)?(/fail(ed)?)?|result\s*\(.*|jira|ticket|estimate|ac|ac ?#|ac ?id"
    r"|test case)\W*",
    re.IGNORECASE,
)
_TRACKING_COLUMN = re.compile(r"(?:key|status|done\??|ok\??)\W*", re.IGNORECASE)
"""Says how far the work is where another column says what is wanted; elsewhere it may be the outcome."""
_FEWEST_WORDS_ALONE = 3
_LONGEST_NAME = 40
_CAUSE_COLUMN = re.compile(
    r"(?:http )?(?:status(?: ?codes?)?|codes?|response codes?|conditions?|cases?|situations?|events?"
    r"|triggers?|when|if"
    r"|user actions?|roles?|categor(?:y|ies)|tariffs?)\W*",
    re.IGNORECASE,
)
_EFFECT_COLUMN = re.compile(
    r"(?:when|meanings?|responses?|reactions?|system (?:response|reaction)|behaviou?rs?|outcomes?|then"
    r"|effects?|messages?"
    r"|permissions?|allowed|discounts?|prices?|fees?|returned(?: when)?)\W*",
    re.IGNORECASE,
)
_RECORD_COLUMN = re.compile(
    r"(?:environment|browser|versions?|builds?|dates?|days?|weeks?|months?|years?|quarter|links?|urls?"
    r"|files?|screens?hots?"
    r"|authors?|owners?|teams?|persons?|who|contacts?|tickets?|keys?|issues?|releases?|sprints?|duration"
    r"|time|elapsed"
    r"|run|count|total|number of .*|calls|incidents?|today|currently|before|old|as is|current.*|example)\W*",
    re.IGNORECASE,
)
"""Header of a column that records how things went rather than how they are to be."""
_MARKS = frozenset({"yes", "no", "ja", "nein", "oui", "non"})
_FEWEST_COLUMNS, _MOST_COLUMNS = 2, 6
_IDENTIFIER = re.compile(r"(?:[A-Za-z]{1,5}[-_. ]?)?\d{1,4}(?:\.\d{1,3}){0,3}[.):]?")
_DIGIT = re.compile(r"\d")
_TABLE_NAMED = re.compile(r"\b(?:table|tabelle|matrix)\b", re.IGNORECASE)
_TABLE_ANNOUNCED = re.compile(
    r"\b(?:must|should|shall|depends?|according|follow\w*|applies|apply|soll\w*|muss|gelten|gilt)\b",
    re.IGNORECASE,
)


def announces_table(line: str) -> bool:
    """Whether a line demands what the table under it says: `The fee must follow this table.`."""
    return bool(_TABLE_ANNOUNCED.search(line)) and (
        line.endswith((":", "\uff1a")) or bool(_TABLE_NAMED.search(line))
    )


def is_rule_table(table: Block) -> bool:
    """Whether a table names things in its first column and rules beside: by its header or its cells."""
    if not table.rows or not _FEWEST_COLUMNS <= len(table.rows[0]) <= _MOST_COLUMNS:
        return False
    first = [" ".join(name.split()) for name in table.rows[0]]
    if SUBJECT_COLUMN.fullmatch(first[0]) and any(map(states_rules, first[1:])):
        return len(table.rows) > 1
    if table.header_rows and not any(map(states_rules, first[1:])) and len(first) > _FEWEST_COLUMNS:
        return False  # each column has a name of its own, which its cells need
    rows = table.rows[1:] if table.header_rows else table.rows
    ruled = sum(
        0 < len(row[0]) <= _LONGEST_NAME and any(rule_of(" ".join(cell.split())) for cell in row[1:])
        for row in rows
    )
    return ruled * 2 >= len(rows) > 0


def is_story_table(table: Block) -> bool:
    """Whether a table of a story tells what holds for what: its columns are named, and none is a record's."""
    columns = len(table.rows[0]) if table.rows else 0
    if not table.header_rows or min(len(table.rows) - 1, columns) < _FEWEST_COLUMNS:
        return False
    names = [" ".join(name.split()) for name in table.rows[0]]
    if any(map(_RECORD_COLUMN.fullmatch, names)):
        return False
    cells = [cell.strip() for row in table.rows[1:] for cell in row[1:] if cell.strip()]
    return sum(any(map(str.isalpha, cell)) for cell in cells) * 2 >= len(cells) > 0


def rule_rows(table: Block) -> Iterator[str]:
    """One sentence per row of such a table: `Name has at most 50 characters`."""
    first = tuple(" ".join(name.split()).rstrip(":") for name in table.rows[0])
    named = table.header_rows or (SUBJECT_COLUMN.fullmatch(first[0]) and any(map(states_rules, first[1:])))
    for row in table.rows[1:] if named else table.rows:
        if told := row_rule(first if named else (), [" ".join(cell.split()) for cell in row]):
            yield told


def is_decision_table(table: Block) -> bool:
    """Whether a table tells what follows from what: `Status` and `When`, or ranges in its first column."""
    if not table.rows or not _FEWEST_COLUMNS <= len(table.rows[0]) <= _MOST_COLUMNS:
        return False
    first = [" ".join(name.split()) for name in table.rows[0]]
    if _CAUSE_COLUMN.fullmatch(first[0]) and any(map(_EFFECT_COLUMN.fullmatch, first[1:])):
        return len(table.rows) > 1
    rows = table.rows[1:]
    if table.header_rows and rows and all(_is_marked(row[1:]) for row in rows):
        return True
    return len(rows) > 1 and all(is_range(" ".join(row[0].split())) for row in rows)


def _is_marked(cells: Sequence[str]) -> bool:
    """Whether a row ticks what is so: `yes`, `no`."""
    return bool(cells) and all(cell.strip().casefold() in _MARKS for cell in cells)


def criteria_rows(table: Block, *, in_criteria: bool) -> Iterator[str]:
    """One statement per row, columns named by the header: `Parcel: small; Shipping costs: 4.90 EUR`.

    Args:
        table: A block of that kind.
        in_criteria: Whether it stands where criteria stand; elsewhere only a header that speaks of
            criteria, requirements or what is expected makes its rows criteria.
    """
    header = _header(table, in_criteria=in_criteria)
    of_criteria = any(map(_CRITERIA_COLUMN.search, header))
    if not in_criteria and not of_criteria:
        return
    names = [" ".join(name.split()).rstrip(":") for name in header]
    dropped = {
        index
        for index, name in enumerate(names)
        if _DROPPED_COLUMN.fullmatch(name) or (of_criteria and _TRACKING_COLUMN.fullmatch(name))
    }
    for row in table.rows[1:] if header else table.rows:
        cells = [
            (names[index] if index < len(names) else "", " ".join(cell.split()))
            for index, cell in enumerate(row)
            if cell.strip() and index not in dropped
        ]
        # A number is the row's number only where no header says what it means.
        cells = [cell for cell in cells if cell[0] or not _IDENTIFIER.fullmatch(cell[1])] or cells
        if len(cells) > 1:
            yield "; ".join(f"{name}: {text}" if name else text for name, text in cells)
        elif cells and (not header or len(names) - len(dropped) == 1 or _says_enough(cells[0][1])):
            yield cells[0][1]


def _header(table: Block, *, in_criteria: bool) -> tuple[str, ...]:
    """The row that names the columns; one that isn't marked as such shows by what stands under it."""
    if table.header_rows or not table.rows:
        return table.rows[0] if table.header_rows else ()
    first, below = table.rows[0], table.rows[1:]
    if any(map(_CRITERIA_COLUMN.search, first)) and all(len(cell) <= _LONGEST_NAME for cell in first):
        return first
    named = len(first) > 1 and all(
        0 < len(cell) <= _LONGEST_NAME and not _DIGIT.search(cell) for cell in first
    )
    has_values = any(
        all(index < len(row) and _DIGIT.search(row[index]) for row in below) for index in range(len(first))
    )
    return first if in_criteria and named and below and has_values else ()


def _says_enough(text: str) -> bool:
    return len(text.split()) >= _FEWEST_WORDS_ALONE
