"""FullTeaching's requirements: numbered sentences, some with numbered parts."""

import re
from dataclasses import dataclass
from pathlib import Path

_NUMBERED = re.compile(r"^\((\d+)\)\s*(.+)$", re.MULTILINE)
_PART = re.compile(r"\((\d+\.\d+)\)\s*")
_LINK = re.compile(r"(?:[\s,;.]+|\s(?:and|or))+$")


@dataclass(frozen=True, slots=True)
class Requirement:
    """One requirement: a story of its own.

    Attributes:
        number: As in the file.
        text: Without its number.
        parts: What it demands: its numbered parts, or itself.
    """

    number: str
    text: str
    parts: tuple[str, ...]


def parse(text: str) -> tuple[Requirement, ...]:
    """The requirements in the order of the file."""
    return tuple(_requirement(number, line.strip()) for number, line in _NUMBERED.findall(text))


def read(path: Path) -> tuple[Requirement, ...]:
    """The requirements of a file.

    Raises:
        OSError: It can't be read.
    """
    return parse(path.read_text(encoding="utf-8"))


def _requirement(number: str, text: str) -> Requirement:
    pieces = _PART.split(text)
    parts = tuple(_LINK.sub("", piece) for piece in pieces[2::2])
    return Requirement(number, text, parts or (text,))
