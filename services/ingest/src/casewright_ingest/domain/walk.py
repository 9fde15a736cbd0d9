"""One pass over a document that finds what may be a criterion, and how explicit it is."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

from casewright_common.events import CriterionOrigin
from casewright_ingest.domain.asides import is_aside
from casewright_ingest.domain.blocks import Block, BlockKind
from casewright_ingest.domain.enumerations import numbered_parts, who_is_meant
from casewright_ingest.domain.facts import is_fact, is_fact_entry, is_plain_present, is_told_aside, named
from casewright_ingest.domain.gherkin import find_scenarios
from casewright_ingest.domain.lists import Entry, is_filler, list_entries
from casewright_ingest.domain.prose import Paragraph, chosen, reads_as_story
from casewright_ingest.domain.refused import PROCESS
from casewright_ingest.domain.sections import (
    Section,
    is_numbered_criterion,
    section_of_heading,
    split_label,
)
from casewright_ingest.domain.sentences import (
    is_chore,
    is_question,
    is_step,
    looks_like_code,
    sentences,
    words_in,
)
from casewright_ingest.domain.subjects import neutral, subjects
from casewright_ingest.domain.tables import (
    announces_table,
    criteria_rows,
    is_decision_table,
    is_rule_table,
    is_story_table,
    rule_rows,
)
from casewright_ingest.domain.testability import (
    Testability,
    is_demand,
    is_firm,
    is_prose_criterion,
    is_statement,
    may_be_statement,
    testability,
)
from casewright_ingest.domain.wishes import is_role_sentence, stated, wish

MAX_STRONG_LINE = 80
_MOST_COUNTED = 20_000
"""Characters of a block in which a story's subject is looked for."""
_TERMINAL = ".!?。\uff01\uff1f"
_NOTHING = re.compile(
    r"\W*(?:tbd|tba|tbc|todo|to do|to be (?:defined|done|discussed|determined)|n/?a|none|nothing"
    r"|see (?:above|below|description"
    r"|attached|attachment|comments?)|as above|wip|\.+|-+|x+|\?+)\W*",
    re.IGNORECASE,
)
_EMPTY_RESULT = re.compile(
    r"\W*(?:then )?(?:the |all |same )*(?:results?|everything|it|this|all|analysis|job|page|feature)? ?"
    r"(?:(?:should|must|can|will)\b ?)?(?:(?:be|is|are|all|also)\b ?){0,2}"
    r"(?:(?:works?|worked|working|runs?|shows?|shown|gets?|displayed?|result|the results?|ok)\b ?){0,3}"
    r"(?:well|fine|ok|okay|correct|right|good|correctly|properly|successfully|successful|normally|normal"
    r"|as expected|as it should|shows)\W*",
    re.IGNORECASE,
)
"""What is expected, said so that nobody can tell whether it came."""
_STEPS_LEAD = re.compile(
    r"\bsteps?\b|\breproduc|\breplicat|\bi did\b|\bdo the following\b|\bhow to test\b"
    r"|\btest(?:ing)? instructions?\b",
    re.IGNORECASE,
)
_LABEL_OF_RULE = re.compile(
    r"\W*(?:errors?|error messages?|warn(?:ings?)?|info|notes?|nb|n\.b\.|system|results?|exceptions?"
    r"|important|attention|caution|hints?|fehler|warnung|hinweis|achtung|erreur|nota|errore)\s*:\s+(?=\S)",
    re.IGNORECASE,
)
"""Before an entry among criteria: what it is about, and no log line."""
_NUMBER = re.compile(
    r"^(?:AC|A/C|COS|REQ|R|FR|NFR|BR)[\s_-]?\d{1,3}(?:\.\d{1,2})*\s*[:.)\-\u2013]*\s+(?=\S)", re.IGNORECASE
)
_STRUCK = re.compile(r"-\S.*\S-")
_WHOLE_DOCUMENT, _STRONG_LINE, _LABEL_LINE, _RUN_IN_LABEL = 0, 7, 8, 9


class Tier(IntEnum):
    """How explicit a criterion is; only the most explicit ones that an issue has are taken."""

    EXPLICIT = 5
    """In a criteria field, under a heading or label, a scenario, a table of criteria."""
    STATED = 4
    """A testable list item or sentence."""
    WISHED = 3
    """What a role sentence asks for."""
    WEAK = 2
    """What the team would do."""
    FACT = 1
    """Told in the plain present with a limit, an answer or an outcome: counts beside any other."""


@dataclass(frozen=True, slots=True)
class Found:
    """What may be a criterion.

    Attributes:
        firm: Whether it says of itself that it must be so, and so counts beside what stands under a mark.
        place: Paragraph and sentence of a story's running text, whose company decides about it.
    """

    text: str
    origin: CriterionOrigin
    tier: Tier
    firm: bool = False
    place: tuple[int, int] | None = None


def found_in(
    blocks: Sequence[Block],
    *,
    is_fault: bool = False,
    is_story: bool = False,
    doubt: float = 0.0,
    title: str = "",
) -> list[Found]:
    """What may be a criterion in a description, in its order.

    Args:
        blocks: The description.
        is_fault: Whether the issue reports a fault: what it tells in the present tense is the fault then.
        is_story: Whether it is a story by its type: what its running text tells may be what must hold.
        doubt: How much more the sentences of a story have to show.
        title: Jira's summary; what it names is the story's subject.
    """
    named_things: frozenset[str] = frozenset()
    if is_story:
        named_things = subjects(
            title, (sentence for block in blocks for sentence in sentences(block.text[:_MOST_COUNTED]))
        )
        walk = Walk(blocks, is_fault=is_fault, is_story=True, told=True, subjects=named_things)
        found = walk.run()
        beside = sum(one.place is None for one in found)
        states = chosen(walk.paragraphs, doubt=doubt, beside=beside)
        if reads_as_story(walk.paragraphs, states, beside=beside):
            return [one for one in found if one.place is None or states[one.place[0]][one.place[1]]]
    return Walk(blocks, is_fault=is_fault, is_story=is_story, subjects=named_things).run()


@dataclass
class Walk:
    """One pass over a document, which knows the section that it is in."""

    blocks: Sequence[Block]
    whole_is_criteria: bool = False
    is_fault: bool = False
    """Whether the issue reports a fault: what it tells in the present tense is the fault then."""
    is_story: bool = False
    """Whether the issue is a story by its type."""
    told: bool = False
    """Whether its running text is read as a story's: `paragraphs` then wait for `chosen`."""
    subjects: frozenset[str] = frozenset()
    """Words of the team's trade that the story is about."""
    found: list[Found] = field(default_factory=list)
    paragraphs: list[Paragraph] = field(default_factory=list)
    section: Section = Section.NEUTRAL
    level: int = _WHOLE_DOCUMENT
    lead: str = ""
    """The line before a list, if it ends in a colon."""
    before_table: str = ""
    """The last sentence before a table."""
    outer: tuple[Section, int, bool] | None = None
    """What a label within a paragraph has interrupted, until the paragraph ends."""
    pending: str = ""
    """What a numbered heading says, until a criterion is found under it."""
    parted: bool = False
    """Whether headings of the same rank follow the heading for criteria at once: they are its parts."""
    at_table: bool = False
    """Whether the next block is a table."""
    prose_seen: bool = False
    list_seen: bool = False
    scenarios: dict[int, list[str]] = field(default_factory=dict)
    """Given/When/Then by the block that it begins in, until it is told."""

    def run(self) -> list[Found]:
        """What may be a criterion, in the order of the document."""
        self._enter(None, _WHOLE_DOCUMENT)
        scenarios = find_scenarios(self.blocks)
        for scenario in scenarios.found:
            self.scenarios.setdefault(scenario.position, []).append(scenario.text)
        position = 0
        while position < len(self.blocks):
            self._scenarios_at(position)
            block = self.blocks[position]
            if block.kind is BlockKind.ITEM:
                position = self._list(position, scenarios.lines)
                continue
            lines = block.text.split("\n")
            free = [line for number, line in enumerate(lines) if (position, number) not in scenarios.lines]
            after = self.blocks[position + 1 : position + 2]
            self.at_table = bool(after) and after[0].kind is BlockKind.TABLE
            if len(free) == len(lines) or free:
                self._block(block, free)
            position += 1
        self._flush_pending()
        return self.found

    def _scenarios_at(self, position: int) -> None:
        for text in self.scenarios.pop(position, ()):
            self.pending = ""
            self._take(Found(text, CriterionOrigin.GIVEN_WHEN_THEN, Tier.EXPLICIT))

    def _block(self, block: Block, lines: list[str]) -> None:
        if block.kind is BlockKind.HEADING:
            self.before_table = ""
            self._heading(" ".join(lines), block.level)
        elif block.kind is BlockKind.TABLE:
            self._table(block)
        elif block.kind is BlockKind.PARAGRAPH:
            self._paragraph(lines, strong=block.strong)
        elif block.kind is BlockKind.RULE and self.level >= _STRONG_LINE:
            self._enter(None, _WHOLE_DOCUMENT)

    def _enter(self, section: Section | None, level: int) -> None:
        """Open a section; what says nothing about criteria is criteria in a field for criteria."""
        self._flush_pending()
        if section is None or section is Section.NEUTRAL or section is Section.WEAK:
            default = Section.CRITERIA if self.whole_is_criteria else section or Section.NEUTRAL
            section = default
        self.section, self.level = section, level
        self.parted = False
        self.lead, self.prose_seen, self.list_seen = "", False, False

    def _is_part(self) -> bool:
        """Whether a heading that says nothing about it is a part of the criteria rather than their end."""
        seen = self.prose_seen or self.list_seen or self.level in {_WHOLE_DOCUMENT, _RUN_IN_LABEL}
        if self.section is Section.CRITERIA and (self.parted or not seen):
            self._flush_pending()
            self.parted, self.prose_seen, self.list_seen = True, False, False
            return True
        return False

    def _flush_pending(self) -> None:
        """A heading `AC 1: the page opens` is a criterion itself where none stands under it."""
        pending, self.pending = self.pending, ""
        if pending:
            self._add(pending, CriterionOrigin.HEADING, Tier.EXPLICIT)

    def _leave_run_in(self) -> None:
        if self.level == _RUN_IN_LABEL and self.outer is not None:
            (self.section, self.level, self.list_seen), self.outer = self.outer, None

    def _heading(self, text: str, level: int) -> None:
        section = section_of_heading(text)
        if section is None:
            labelled, rest = split_label(text)
            if labelled is Section.CRITERIA and is_numbered_criterion(text[: -len(rest)]):
                self._enter(labelled, level)
                self.pending = rest
                return
            if labelled is not None and rest:
                self._paragraph([text], strong=False)
                return
        if section is not None or level < self.level or (level == self.level and not self._is_part()):
            self._enter(section, level)
        self.lead = text if text.endswith(":") and section is None else ""

    def _table(self, block: Block) -> None:
        if self.section is not Section.EXCLUDED:
            announced = self.section is Section.CRITERIA or announces_table(self.before_table)
            if is_rule_table(block) and (announced or not self.is_fault):
                tier = Tier.EXPLICIT if announced else Tier.STATED
                for row in rule_rows(block):
                    if words_in(row) and not looks_like_code(row):
                        self._take(Found(row, self._origin(CriterionOrigin.TABLE), tier, firm=True))
                return
            decides = not self.is_fault and (
                is_decision_table(block) or (self.is_story and is_story_table(block))
            )
            for row in criteria_rows(block, in_criteria=announced or decides):
                if words_in(row) and not looks_like_code(row):
                    tier = Tier.STATED if decides and not announced else Tier.EXPLICIT
                    self._take(Found(row, self._origin(CriterionOrigin.TABLE), tier, firm=True))

    def _origin(self, origin: CriterionOrigin) -> CriterionOrigin:
        return CriterionOrigin.CUSTOM_FIELD if self.whole_is_criteria else origin

    def _paragraph(self, lines: list[str], *, strong: bool) -> None:
        self._leave_run_in()
        if self.level == _RUN_IN_LABEL or (self.level == _LABEL_LINE and self.list_seen):
            self._enter(None, _WHOLE_DOCUMENT)
        prose: list[str] = []
        for line in lines:
            section, rest = split_label(line)
            if section is None and strong:
                section = section_of_heading(line)  # alone and in bold, one word is a label
                rest = rest if section is None else ""
            if section is None or looks_like_code(rest):
                if strong and len(line) <= MAX_STRONG_LINE and not rest.endswith("."):
                    self._strong_line(line)
                else:
                    prose.append(line)
                continue
            self._prose(prose)
            prose = [rest] if rest else []
            before = (self.section, self.level, self.list_seen)
            outer = self.outer if self.level == _RUN_IN_LABEL else before
            self._enter(section, _RUN_IN_LABEL if rest else _STRONG_LINE if strong else _LABEL_LINE)
            self.outer = outer if rest else None
        self._prose(prose)

    def _strong_line(self, line: str) -> None:
        if self.level >= _STRONG_LINE and not self._is_part():
            self._enter(None, _WHOLE_DOCUMENT)
        self.lead = line if line.endswith(":") else ""

    def _prose(self, lines: list[str]) -> None:
        if not lines:
            return
        lenient = (
            self.section is Section.CRITERIA
            and not self.list_seen
            and not (self.prose_seen and self.level >= _STRONG_LINE)
        )
        self.prose_seen = True
        every = list(sentences("\n".join(lines)))
        last = every[-1] if every else ""
        self.before_table = last
        self.lead = last if last and last[-1] not in _TERMINAL else ""
        if self.section is Section.EXCLUDED:
            return
        reproducing = sum(map(is_step, every)) * 2 > len(every) > 1
        announces = self.lead.endswith((":", "\uff1a")) or (
            is_filler(last) or announces_table(last) if self.at_table else is_filler(last)
        )
        read = every[:-1] if announces else every
        told = [part for before, one in zip(["", *read], read, strict=False) for part in _parts(one, before)]
        if self.told and self.section is not Section.CRITERIA:
            self._story(told)
            return
        asides = {one for one in told if is_told_aside(one)}
        stating = [one for one in told if one not in asides]
        facts = not self.is_fault and _are_facts(stating)
        only_facts = facts and sum(map(is_fact, stating)) * 2 >= len(stating) > 1
        before = ""
        for told_so in told:
            sentence = named(told_so, before) if facts else told_so
            before = sentence
            self._sentence(
                sentence,
                lenient=lenient or self.whole_is_criteria,
                reproducing=reproducing,
                facts=facts,
                only_facts=only_facts,
            )

    def _story(self, told: list[str]) -> None:
        """A paragraph of a story: its sentences wait until all their company is known."""
        facts = _are_facts([one for one in told if not is_told_aside(one)])
        before = ""
        for number, sentence in enumerate(told):
            text = named(sentence, before)
            before = text
            firm = is_firm(text) or (facts and is_fact(text))
            statement = _statement(text)
            if statement:
                place = (len(self.paragraphs), number)
                self.found.append(Found(statement, CriterionOrigin.SENTENCE, Tier.STATED, firm, place))
        only_wished = all(
            is_role_sentence(one) for paragraph in self.paragraphs for one in paragraph.sentences
        )
        stated_before = any(one.place is None for one in self.found)
        opening = self.level == _WHOLE_DOCUMENT and only_wished and not stated_before
        self.paragraphs.append(Paragraph(tuple(neutral(one, self.subjects) for one in told), opening))

    def _sentence(
        self, sentence: str, *, lenient: bool, reproducing: bool, facts: bool, only_facts: bool
    ) -> None:
        section, rest = split_label(sentence)
        if section is Section.EXCLUDED:
            return
        text = rest if section is not None and rest else sentence
        level = testability(text)
        if self.section is Section.CRITERIA or section is Section.CRITERIA:
            demands = level >= Testability.MEDIUM or section is Section.CRITERIA or is_fact(text)
            if _acceptable(text) and (lenient or demands):
                self._add(text, CriterionOrigin.HEADING, Tier.EXPLICIT)
        elif self._tells_aside(text):
            self._wish(text, level, reproducing=reproducing)
        elif level >= self._enough(text) and is_prose_criterion(text):
            firm = is_firm(text) or (facts and is_fact(text))
            self._add(text, CriterionOrigin.SENTENCE, Tier.STATED, firm=firm)
        elif facts and (is_fact(text) or (only_facts and is_plain_present(text))):
            self._add(text, CriterionOrigin.SENTENCE, Tier.FACT, firm=True)
        else:
            self._wish(text, level, reproducing=reproducing)

    def _tells_aside(self, text: str) -> bool:
        return self.is_story and is_aside(neutral(text, self.subjects))

    def _wish(self, text: str, level: Testability, *, reproducing: bool) -> None:
        """Take a sentence as what somebody wants or the team would do, if it is one."""
        if wished := wish(text):
            self._add(wished, CriterionOrigin.SENTENCE, Tier.WISHED)
        elif (
            level and not reproducing and (not self.is_fault or is_demand(text)) and is_prose_criterion(text)
        ):
            self._add(text, CriterionOrigin.SENTENCE, Tier.WEAK)

    def _list(self, position: int, taken: frozenset[tuple[int, int]]) -> int:
        """The list that begins at `position`; returns where it ends. Labels may stand among its items."""
        self._leave_run_in()
        end = position
        while end < len(self.blocks) and self.blocks[end].kind is BlockKind.ITEM:
            end += 1
        run: list[Block] = []
        for index in range(position, end):
            block = self.blocks[index]
            section, rest = split_label(block.text)
            if index in self.scenarios or (index, 0) in taken:
                self._entries(run)
                run = []
                self._scenarios_at(index)
            if (index, 0) in taken:
                continue
            if section is not None and not rest and block.level == 1:
                self._entries(run)
                run = []
                self._enter(section, max(self.level, _LABEL_LINE))
            else:
                run.append(block)
        self._entries(run)
        self.lead, self.before_table, self.list_seen = "", "", True
        return end

    def _entries(self, items: list[Block]) -> None:
        if not items or self.section is Section.EXCLUDED or self._tells_steps(items):
            return
        entries: Iterable[Entry] = list_entries(items, lead=self.lead)
        among_statements = False
        if self.section is not Section.CRITERIA:  # there it makes no difference
            entries = list(entries)
            among_statements = not self.is_fault and _are_statements(entries)
        for entry in entries:
            self._entry(entry, among_statements=among_statements)

    def _tells_steps(self, items: list[Block]) -> bool:
        if self.section is Section.CRITERIA:
            return False
        numbered = items[0].ordered
        steps = sum(is_step(item.text, numbered=numbered and self.is_fault) for item in items)
        return bool(_STEPS_LEAD.search(self.lead)) or (
            (numbered or self.is_fault) and steps * 2 >= len(items) > 1
        )

    def _entry(self, entry: Entry, *, among_statements: bool) -> None:
        section, rest = split_label(entry.text)
        if (
            self.is_story
            and self.section is not Section.CRITERIA
            and _is_aside_entry(neutral(entry.own, self.subjects))
        ):
            return
        told = self.section is Section.CRITERIA and _is_told_by_label(entry.own)
        if _STRUCK.fullmatch(entry.own) or not (
            told or (section is not Section.EXCLUDED and _acceptable(entry.own))
        ):
            return
        text = rest if section is not None and rest and not told else entry.text
        explicit = self.section is Section.CRITERIA or section is Section.CRITERIA
        level = max(testability(text), testability(entry.own))
        origin = CriterionOrigin.CHECKLIST if entry.checkbox else CriterionOrigin.LIST
        if explicit:
            self._add(text, origin if entry.checkbox else CriterionOrigin.HEADING, Tier.EXPLICIT)
        elif wished := wish(text):
            self._add(wished, origin, Tier.WISHED)
        elif level >= self._enough(text) or (not self.is_fault and is_fact_entry(entry.own)):
            self._add(text, origin, Tier.STATED, firm=is_firm(text) or is_fact_entry(entry.own))
        elif among_statements and (level or may_be_statement(entry.own)):
            self._add(text, origin, Tier.STATED)
        elif level and (not self.is_fault or is_demand(text)):
            self._add(text, origin, Tier.WEAK)

    def _enough(self, text: str) -> Testability:
        """Level from which running text is a criterion."""
        return Testability.STRONG if self.is_fault and not is_demand(text) else Testability.MEDIUM

    def _add(self, text: str, origin: CriterionOrigin, tier: Tier, *, firm: bool = False) -> None:
        if statement := _statement(text):
            self.pending = ""
            self._take(Found(statement, self._origin(origin), tier, firm=firm))

    def _take(self, found: Found) -> None:
        self.found.append(found)


def _statement(text: str) -> str:
    """A text without its number and without what only leads it in."""
    return stated(_NUMBER.sub("", text.strip(), count=1)).strip()


def _are_facts(told: Sequence[str]) -> bool:
    """Whether a paragraph states facts: most of its sentences are one, or a demand."""
    stated = sum(is_fact(one) or testability(one) >= Testability.MEDIUM for one in told)
    return stated * 2 >= len(told) > 0


def _are_statements(entries: Sequence[Entry]) -> bool:
    """Whether most entries of a list say something of their own."""
    if len(entries) == 1:
        return is_statement(entries[0].own)
    return sum(is_statement(entry.own) or testability(entry.text) > 0 for entry in entries) * 2 >= len(
        entries
    )


def _is_aside_entry(text: str) -> bool:
    """Whether a list item of a story tells something else than a rule."""
    return is_aside(text) and not is_fact_entry(text)


def _parts(sentence: str, before: str) -> Iterator[str]:
    """A sentence, or the demands that it numbers, each with what leads in; `before` says who `they` are."""
    numbered = numbered_parts(sentence)
    if numbered is None:
        yield sentence
        return
    lead, parts = numbered
    lead = who_is_meant(lead, before)
    items = [Block(BlockKind.ITEM, part, level=1, ordered=True) for part in parts]
    yield from (entry.text for entry in list_entries(items, lead=lead))


def _is_told_by_label(text: str) -> bool:
    """Whether it is a rule behind a word such as `Note:`, which elsewhere leads in something else."""
    label = _LABEL_OF_RULE.match(text)
    rest = text[label.end() :] if label else ""
    return bool(rest) and _acceptable(rest) and (testability(rest) > 0 or may_be_statement(rest))


def _acceptable(text: str) -> bool:
    """Whether an entry that stands where criteria stand says anything."""
    return (
        words_in(text) > 0
        and not _NOTHING.fullmatch(text[:200])
        and not _EMPTY_RESULT.fullmatch(text[:200])
        and not is_question(text)
        and not is_chore(text)
        and not PROCESS.match(text[:200])
        and not looks_like_code(text)
    )
