"""Given/When/Then, wherever it stands: paragraphs, items, code blocks, tables, outlines with examples."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from casewright_ingest.domain.blocks import Block, BlockKind
from casewright_ingest.domain.outlines import expanded, parted
from casewright_ingest.domain.sections import split_label

_LANGUAGES = frozenset({"gherkin", "cucumber", "feature", "behat"})


class _Keyword(Enum):
    FEATURE = auto()
    BACKGROUND = auto()
    SCENARIO = auto()
    EXAMPLES = auto()
    GIVEN = auto()
    WHEN = auto()
    THEN = auto()
    AND = auto()


_NAMES: dict[_Keyword, tuple[str, ...]] = {
    _Keyword.FEATURE: ("feature", "funktionalität", "fonctionnalité", "característica", "funcionalidade"),
    _Keyword.BACKGROUND: ("background", "grundlage", "contexte", "antecedentes"),
    _Keyword.SCENARIO: (
        "scenario outline", "scenario template", "scenario", "example", "szenariogrundriss", "szenario",
        "plan du scénario", "scénario", "esquema del escenario", "escenario", "cenário",
    ),
    _Keyword.EXAMPLES: ("examples", "beispiele", "exemples", "ejemplos", "exemplos"),
    _Keyword.GIVEN: (
        "given", "gegeben sei", "gegeben seien", "gegeben", "angenommen", "étant donné que", "étant donné",
        "etant donné", "soit", "dado que", "dado", "dada", "dados",
    ),
    _Keyword.WHEN: ("when", "wenn", "quand", "lorsque", "cuando", "quando"),
    _Keyword.THEN: ("then", "dann", "alors", "entonces", "então", "entao"),
    _Keyword.AND: ("and", "but", "und", "aber", "et", "mais", "y", "pero", "e", "mas"),
}  # fmt: skip
_TITLED = frozenset({_Keyword.FEATURE, _Keyword.BACKGROUND, _Keyword.SCENARIO, _Keyword.EXAMPLES})
_OF_NAME = {name: keyword for keyword, names in _NAMES.items() for name in names}
_LINE = re.compile(
    r"[-*•>\s]*("
    + "|".join(re.escape(name) for name in sorted(_OF_NAME, key=len, reverse=True))
    + r")(?=[\s:,.]|$)\s*(\d{0,3}\s*[:.\-\u2013])?",
    re.IGNORECASE,
)
_CAPITALISED = re.compile(
    r"(?:[,;.]|\s/)?\s+(?=(?:When|Then|And|But|WHEN|THEN|AND|BUT|Wenn|Dann|Quand|Alors|Cuando"
    r"|Entonces)[\s,:])"
)
_JOINED = re.compile(r"(?<![.!?:])(?:[,;]|\s/)?\s+(?=(?:Then|And|But|THEN|AND|BUT)\s)")
_BARE = re.compile(r"\w+\s*[:.\-]?")
_RUN_IN = re.compile(r"[,;.]?\s+(?=(?:when|then)\s)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Scenario:
    """One scenario.

    Attributes:
        text: Its steps, one per line, after its title if it has one.
        position: Index of the block that it begins in.
    """

    text: str
    position: int


@dataclass(frozen=True, slots=True)
class Scenarios:
    """All scenarios of a document.

    Attributes:
        lines: The (block, line) pairs that belong to them; a table or code block counts as line 0.
    """

    found: tuple[Scenario, ...]
    lines: frozenset[tuple[int, int]]


def find_scenarios(blocks: Sequence[Block]) -> Scenarios:
    """Scenarios in order; one needs a Then, and a Given or a When, each at the beginning of a line."""
    walk = _Walk()
    for position, block in enumerate(blocks):
        if block.kind is BlockKind.CODE:
            walk.code(position, block)
        elif block.kind is BlockKind.TABLE:
            walk.table(position, block)
        elif block.kind is BlockKind.RULE:
            walk.close()
        else:
            for number, line in enumerate(block.text.split("\n")):
                walk.line((position, number), line, continues=number > 0)
    walk.close()
    return Scenarios(tuple(walk.found), frozenset(walk.taken))


@dataclass
class _Walk:
    found: list[Scenario] = field(default_factory=list)
    taken: set[tuple[int, int]] = field(default_factory=set)
    background: list[str] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)
    places: list[tuple[int, int]] = field(default_factory=list)
    seen: set[_Keyword] = field(default_factory=set)

    def line(self, place: tuple[int, int], line: str, *, continues: bool) -> None:
        if _keyword(line) is None:
            line = split_label(line)[1]  # "AC: Given a cart"
        for number, part in enumerate(_parts(line)):
            keyword = _keyword(part)
            if keyword is None:
                self._plain(place, part, continues=continues or number > 0)
            else:
                self._step(place, keyword, part)

    def code(self, position: int, block: Block) -> None:
        text = block.text if "\n" in block.text else re.sub(r" {2,}", "\n", block.text)
        lines = [" ".join(line.split()) for line in text.split("\n") if line.strip()]
        keywords = {_keyword(part) for line in lines for part in _parts(line)}
        if block.language not in _LANGUAGES and not {_Keyword.GIVEN, _Keyword.THEN} <= keywords:
            if self.steps:  # a doc string of the step before
                self._plain((position, 0), block.text, continues=True)
            return
        self.close()
        for number, line in enumerate(lines):
            self.line((position, 0), line, continues=number > 0)
        self.close()

    def table(self, position: int, block: Block) -> None:
        columns = _columns(block)
        if columns is not None:
            self.close()
            self._rows(position, block, columns)
        elif self.steps and (self.seen & {_Keyword.EXAMPLES, _Keyword.THEN, _Keyword.GIVEN}):
            for row in block.rows:
                self._plain((position, 0), " | ".join(row), continues=True)
        else:
            self.close()

    def close(self) -> None:
        """End the current run of steps; keep it if it is a scenario."""
        steps, seen, places = self.steps, self.seen, self.places
        self.steps, self.seen, self.places = [], set(), []
        if _Keyword.BACKGROUND in seen and _Keyword.THEN not in seen:
            self.background = steps[1:]
            self.taken.update(places)
        elif _Keyword.THEN in seen and (_Keyword.GIVEN in seen or _is_strict(steps, seen)):
            titled = _keyword(steps[0]) in _TITLED
            title, told = (steps[:1], steps[1:]) if titled else ([], steps)
            for lines in self._told(title, told):
                self.found.append(Scenario("\n".join(lines), places[0][0]))
            self.taken.update(places)

    def _told(self, title: list[str], steps: list[str]) -> Iterator[list[str]]:
        """The scenarios that one run of steps is: a row of examples each, a When and its Then each."""
        for name, concrete in expanded(title, self._kinds(steps)):
            yield from parted(name, self.background, concrete)

    @staticmethod
    def _kinds(steps: list[str]) -> list[tuple[str, str]]:
        """Each step with the kind that decides where it goes; a line that goes on has none."""
        return [(keyword.name if (keyword := _keyword(step)) else "", step) for step in steps]

    def _step(self, place: tuple[int, int], keyword: _Keyword, part: str) -> None:
        if keyword is _Keyword.AND and not self.steps:
            return
        opens = keyword in {_Keyword.FEATURE, _Keyword.BACKGROUND, _Keyword.SCENARIO} or (
            keyword is _Keyword.GIVEN and _Keyword.THEN in self.seen
        )
        if opens:
            self.close()
        if keyword is _Keyword.FEATURE:
            self.background = []
            return
        self.steps.append(part.removesuffix(" /"))
        self.places.append(place)
        self.seen.add(keyword)

    def _plain(self, place: tuple[int, int], text: str, *, continues: bool) -> None:
        if not text.strip():
            return
        if self.steps and (continues or _BARE.fullmatch(self.steps[-1])):
            self.steps.append(text.strip())
            self.places.append(place)
        else:
            self.close()

    def _rows(self, position: int, block: Block, columns: dict[_Keyword, int]) -> None:
        for row in block.rows[1:]:
            steps = [
                f"{keyword.name.capitalize()} {_without_keyword(row[column])}"
                for keyword, column in columns.items()
                if column < len(row) and row[column].strip()
            ]
            if steps:
                self.found.append(Scenario("\n".join(steps), position))
        self.taken.add((position, 0))


def _is_strict(steps: list[str], seen: set[_Keyword]) -> bool:
    """Whether steps without a Given are a scenario rather than prose that says when and then."""
    if _Keyword.WHEN not in seen:
        return False
    return _Keyword.SCENARIO in seen or all(
        step[:1].isupper() and ". " not in step and not step.endswith("?") for step in steps
    )


def _parts(line: str) -> Iterator[str]:
    """A line with several steps run into one, as its steps."""
    keyword = _keyword(line)
    if keyword in {_Keyword.WHEN, _Keyword.THEN, _Keyword.AND}:
        yield from (part.strip() for part in _JOINED.split(line))
        return
    if keyword not in {_Keyword.GIVEN, _Keyword.SCENARIO}:
        yield line
        return
    split = _CAPITALISED.split(line)
    if keyword is _Keyword.GIVEN and not any(_keyword(part) is _Keyword.THEN for part in split):
        run_in = _RUN_IN.split(line)
        split = run_in if any(_keyword(part) is _Keyword.THEN for part in run_in) else split
    for part in split:
        yield part.strip()


def _keyword(line: str) -> _Keyword | None:
    match = _LINE.match(line[:80])
    if not match:
        return None
    keyword = _OF_NAME[match[1].lower()]
    if len(match[1]) == 1 and match[1].islower():
        return None  # a letter, not the Spanish or Portuguese "and" at the beginning of a line
    if keyword in _TITLED and not match[2] and match.end() < len(line.rstrip()):
        return None  # "Scenario 3 fails" is prose, "Scenario 3: …" a title
    return keyword


def _without_keyword(text: str) -> str:
    match = _LINE.match(text)
    rest = text[match.end() :].strip() if match and _keyword(text) not in {None, *_TITLED} else text.strip()
    return " ".join((rest or text).split())


def _columns(block: Block) -> dict[_Keyword, int] | None:
    """Columns of a table whose first row names Given (or When) and Then."""
    if len(block.rows) < 2:  # noqa: PLR2004  # a header and a row
        return None
    names = [" ".join(cell.split()).casefold().rstrip(":") for cell in block.rows[0]]
    columns = {
        keyword: names.index(name)
        for keyword in (_Keyword.GIVEN, _Keyword.WHEN, _Keyword.THEN)
        for name in _NAMES[keyword]
        if name in names
    }
    return columns if _Keyword.THEN in columns and len(columns) > 1 else None
