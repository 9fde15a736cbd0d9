"""Passages that were written by hand, and for which story each is of use."""

from functools import cache
from pathlib import Path
from typing import Final

import yaml
from pydantic import BaseModel, ConfigDict, Field

FILE: Final = Path(__file__).with_name("passages.yaml")
NOBODY: Final = "none"


class Passage(BaseModel):
    """What a document or an approved case says.

    Attributes:
        about: Name of the story that it is of use for, or `none`.
        grade: 2: needed; 1: helps; 0: of no use.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    about: str
    grade: int = Field(default=0, ge=0, le=2)
    text: str = Field(min_length=1)


@cache
def passages() -> tuple[Passage, ...]:
    """All of them, in the order of the file."""
    return tuple(map(Passage.model_validate, yaml.safe_load(FILE.read_text(encoding="utf-8"))))
