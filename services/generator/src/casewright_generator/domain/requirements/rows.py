"""A table's row as cells with their headers."""

import re
from bisect import bisect_right
from dataclasses import dataclass

from casewright_common.events import Criterion, CriterionOrigin, Story

_NAMED = re.compile(r"(?P<header>[^:;|\n]{1,60}): (?P<value>[^;\n]*)(?:; |$)")
_BAR = " | "
_ENOUGH = 0.8


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell.

    Attributes:
        header: Of its column; may be empty.
        start: Offset of `value` in the criterion's text.
    """

    header: str
    value: str
    start: int


class Tables:
    """The rows of a story's tables, by their text."""

    def __init__(self, story: Story) -> None:
        self.headers: dict[str, tuple[str, ...]] = {}
        header: tuple[str, ...] = ()
        inside = False
        for line in story.text.split("\n"):
            if _BAR not in line:
                inside = False
                continue
            cells = tuple(cell.strip() for cell in line.split("|"))
            if not inside:
                header, inside = cells, True
                continue
            self.headers.setdefault(_flat(line), header)

    def cells(self, criterion: Criterion) -> tuple[Cell, ...]:
        """The cells of a criterion that is a row; empty for any other."""
        text = criterion.text
        if _BAR in text and "\n" not in text:
            headers = self.headers.get(_flat(text), ())
            found = []
            at = 0
            for index, value in enumerate(text.split("|")):
                lead = len(value) - len(value.lstrip())
                found.append(Cell(headers[index] if index < len(headers) else "", value.strip(), at + lead))
                at += len(value) + 1
            return tuple(found)
        if criterion.origin is not CriterionOrigin.TABLE:
            return ()
        cells = tuple(
            Cell(match["header"].strip(), match["value"].strip(), match.start("value"))
            for match in _NAMED.finditer(text)
        )
        size = sum(len(cell.header) + len(cell.value) + 4 for cell in cells)
        return cells if len(cells) > 1 and size >= _ENOUGH * len(text) else ()


def _flat(line: str) -> str:
    return " ".join(line.split())


@dataclass(frozen=True, slots=True)
class Spliced:
    """A row as one line that reads like a sentence: short values have their header before them.

    Attributes:
        places: Offsets in `text`, each with the offset in the criterion that it comes from and the length of
            what follows from there; ascending.
        cells: Header, start and end in `text` of each value.
    """

    text: str
    places: tuple[tuple[int, int, int], ...]
    cells: tuple[tuple[str, int, int], ...]

    def origin(self, at: int, *, opening: bool = False) -> int:
        """Where in the criterion the character at `at` stands; one of a header, at its value."""
        index = bisect_right(self.places, at, key=lambda place: place[0]) - 1
        if index < 0:
            return 0
        start, source, length = self.places[index]
        if at - start >= length and opening and index + 1 < len(self.places):
            return self.places[index + 1][1]  # a header, which stands elsewhere
        return source + max(0, min(at - start, length - 1))


_VALUE = re.compile(
    r"^(?:[<>=≤≥~]|max|min|up to|at (?:least|most)|more|less|over|under|none|from|between|exactly|\W{0,2}\d|"
    r"(?:one|two|three|four|five|six|ten) \w+$)",
    re.IGNORECASE,
)
_PLAIN_HEADER = re.compile(
    r"^(?:#|no\.?|nr\.?|id|key|rules?|conditions?|requirements?|descriptions?|criteri\w+|criterion|"
    r"outcomes?|results?|expected.*|behaviou?rs?|messages?|"
    r"remarks?|notes?|comments?|priority|what|constraints?|validations?|"
    r"acceptance.*|details?|then|given|when|if|fields?|limits?|values?)$",
    re.IGNORECASE,
)
_UNIT = re.compile(r"[(\[]\s*(?:in )?(?P<unit>[^()\[\]]{1,12}?)\s*[)\]]|\bin (?P<in>[A-Za-z€$£%]{1,8})$")


def spliced(cells: tuple[Cell, ...]) -> Spliced:
    """The row as one line; a header stands before each value that needs it."""
    parts: list[str] = []
    places: list[tuple[int, int, int]] = []
    marks: list[tuple[str, int, int]] = []
    length = 0
    for index, cell in enumerate(cells):
        lead = " | " if index else ""
        named = cell.header and not _PLAIN_HEADER.match(cell.header)
        header = _UNIT.sub("", cell.header).strip() if named else ""
        short = bool(_VALUE.match(cell.value))
        lead += (f"{header} " if _OPEN.search(header) else f"{header}: ") if short and header else ""
        parts.append(lead)
        length += len(lead)
        places.append((length, cell.start, len(cell.value)))
        start = length
        parts.append(cell.value)
        length += len(cell.value)
        end = length
        unit = _UNIT.search(cell.header)
        if unit and short and not re.search(r"[A-Za-z%€$£]\s*$", cell.value):
            extra = f" {unit['unit'] or unit['in']}"
            parts.append(extra)
            length += len(extra)
        elif (
            short
            and header
            and re.fullmatch(
                (
                    r"(?:max\.?|min\.?|up to|at most|at least|[<>≤≥=]+)?\s*[\d.,]+(?:\s*(?:-|to|"
                    r"\u2013)\s*[\d.,]+)?"
                ),
                cell.value,
            )
        ):
            extra = _counted(header)
            parts.append(extra)
            length += len(extra)
        marks.append((cell.header, start, end))
    return Spliced("".join(parts), tuple(places), tuple(marks))


_OPEN = re.compile(
    (
        r"\b(?:after|within|until|till|from|before|by|every|for|than|least|most|to|at|in|nach|bis|ab|up|"
        r"every|of)$"
    ),
    re.IGNORECASE,
)
_LENGTH = re.compile(r"\b(?:length|länge|longitud|longueur)\b", re.IGNORECASE)
_RATE = re.compile(r"(?:\bper\b|/|\ba\b).*$", re.IGNORECASE)


def _counted(header: str) -> str:
    """What the numbers of a column count: characters of a length, or the last plural of its header."""
    if _LENGTH.search(header):
        return " characters"
    words = [word for word in _RATE.sub("", header).split() if word.isalpha()]
    for word in reversed(words):
        if word.lower().endswith("s") and not word.lower().endswith(("ss", "us")):
            return f" {word.lower()}"
    return ""
