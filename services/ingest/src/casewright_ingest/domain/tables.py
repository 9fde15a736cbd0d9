"""Rows of a table as criteria."""

import re
from collections.abc import Iterator

from casewright_ingest.domain.blocks import Block

_CRITERIA_COLUMN = re.compile(
    r"\b(?:acceptance|criteri(?:a|on)|requirements?|expected|expectation|business rules?|should|must|outcome"
    r"|erwartet\w*|akzeptanz\w*|anforderung\w*|attendu\w*|esperad\w*|requisitos?)\b",
    re.IGNORECASE,
)
_DROPPED_COLUMN = re.compile(
    r"(?:#|no\.?|nr\.?|id|key|status|done\??|ok\??|priority|prio|owner|assignee|comments?|notes?|remarks?|actual.*"
    r"|tested( by)?|pass(ed)?(/fail(ed)?)?|result\s*\(.*|jira|ticket|estimate|ac|ac ?#|ac ?id|test case)\W*",
    re.IGNORECASE,
)
_IDENTIFIER = re.compile(r"(?:[A-Za-z]{1,5}[-_. ]?)?\d{1,4}(?:\.\d{1,3}){0,3}[.):]?")


def criteria_rows(table: Block, *, in_criteria: bool) -> Iterator[str]:
    """One statement per row, columns named by the header.

    Args:
        table: A block of that kind.
        in_criteria: Whether it stands where criteria stand; elsewhere only a header that speaks of
            criteria, requirements or what is expected makes its rows criteria.
    """
    header = table.rows[0] if table.header_rows else ()
    if not header and table.rows and any(map(_CRITERIA_COLUMN.search, table.rows[0])):
        header = table.rows[0]
    if not in_criteria and not any(map(_CRITERIA_COLUMN.search, header)):
        return
    names = [" ".join(name.split()).rstrip(":") for name in header]
    for row in table.rows[1:] if header else table.rows:
        cells = [
            (names[index] if index < len(names) else "", " ".join(cell.split()))
            for index, cell in enumerate(row)
            if cell.strip() and not (index < len(names) and _DROPPED_COLUMN.fullmatch(names[index]))
        ]
        cells = [cell for cell in cells if not _IDENTIFIER.fullmatch(cell[1])] or cells
        if len(cells) == 1:
            yield cells[0][1]
        elif cells:
            yield "; ".join(f"{name}: {text}" if name else text for name, text in cells)
