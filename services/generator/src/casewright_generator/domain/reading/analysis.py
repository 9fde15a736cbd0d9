"""Reads a story: which statements can be tested, and what the author left open."""

import re
from dataclasses import dataclass, field, replace

from casewright_common.events import Criterion, CriterionOrigin, Story
from casewright_generator.domain.language import clauses, enumerated, led_in, plainer, words
from casewright_generator.domain.language.masking import quotations
from casewright_generator.domain.planning import transitions
from casewright_generator.domain.planning.conditions import normal
from casewright_generator.domain.reading import (
    bounded,
    compounds,
    demands,
    facts,
    invalid,
    observing,
    phrasing,
    plain_rows,
    quoted,
    references,
    reproduction,
    rows,
    scenarios,
    sense,
    sentences,
    tone,
    whole,
    worth,
)
from casewright_generator.domain.reading.chores import is_chore
from casewright_generator.domain.reading.situations import Setting
from casewright_generator.domain.reading.statements import Statement
from casewright_generator.domain.requirements import reading as requirements
from casewright_generator.domain.requirements.exclusions import exclusions
from casewright_generator.domain.requirements.model import Requirements
from casewright_generator.domain.rules import idioms

_VAGUE = words.phrases(
    "fast | quickly | slow | easy | easily | simple | user-friendly | user friendly | "
    "intuitive | appropriate | appropriately | adequate | reasonable | robust | flexible | "
    "efficient | efficiently | properly | as needed | if necessary | if possible | where "
    "possible | some | several | various | etc | and so on | tbd | to be defined | tbc | "
    "better | improved | nice | good | seamless | smooth | correctly"
)
_AS_A = re.compile(
    r"(?:^|(?<=[.:*\n])) *as an? +(?P<role>[^,.\n]{2,60}?)(?:,| +i\b| +we\b|\n)|"
    r"\bas an? +(?P<later>[^,.\n]{2,60}?),? +(?:i|we)\b",
    re.IGNORECASE | re.MULTILINE,
)
_ROLE_WORDS = 5
MAX_CRITERIA = 200
_MAX_IMPLICIT = 12
_LONGEST_TOPIC = 8


@dataclass(frozen=True, slots=True)
class Analysis:
    """What was read in a story.

    Attributes:
        criteria: The story's, or, where it has none, those that title and text yield.
        statements: What can be tested, in the order of the criteria.
        opaque: Criteria without a testable statement.
        roles: Roles that the story names, in lower case.
        vague: Words that can't be tested, with the id of their criterion.
        out_of_scope: Sentences that exclude something.
        quotes: Quoted texts, wherever they stand.
        setting: What its sentences are read with.
        language: `en`, or empty where it is another or can't be told.
        requirements: The constraints, roles and states of its criteria.
    """

    title: str
    criteria: tuple[Criterion, ...]
    statements: tuple[Statement, ...]
    opaque: tuple[Criterion, ...] = ()
    roles: tuple[str, ...] = ()
    vague: tuple[tuple[str, str], ...] = ()
    out_of_scope: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()
    setting: Setting = field(default_factory=Setting)
    language: str = "en"
    requirements: Requirements = field(default_factory=Requirements)


def analyse(story: Story) -> Analysis:
    """Read a story. Never raises; what isn't understood is in `opaque`."""
    roles = _roles(story)
    setting = _setting(story, roles)
    left_out = exclusions(story)
    excluded = {normal(line) for line in left_out}
    named = [criterion for criterion in story.criteria if normal(criterion.text) not in excluded]
    criteria = tuple(named[:MAX_CRITERIA]) or _implicit(story, setting)
    team = is_chore(phrasing.heading(story.title))
    found: list[Statement] = []
    opaque: list[Criterion] = []
    told = not team and tone.is_told(story.title, story.text)
    if told:
        errand = setting.errand if setting.errand.partition(" ")[0].lower() not in _TEAMS else ""
        people = {last for role in requirements.read(story).roles for last in role.split()[-1:]}
        setting = replace(
            setting,
            told=True,
            story=story.text,
            errand=errand or _plot(story),
            roles=setting.roles | people | {words.plural(one) for one in people},
        )
    rough = not told and worth.is_rough(story.title, story.text)
    rules = {} if team else rows.read(tuple(criteria), setting)
    for criterion in criteria:
        if criterion.id in rules:
            found.append(rules[criterion.id])
            continue
        own = replace(
            setting,
            complaints=_is_title(criterion.text, story),
            strict=criterion.origin is CriterionOrigin.SENTENCE
            and not told
            and not _is_right(criterion.text),
            reported=_is_title(criterion.text, story) or story.issue_type.lower() in _FAULTS,
        )
        before = _before(criterion, story) if told else ""
        read = [] if quoted.is_foreign(criterion.text) else _read(criterion, own, before)
        if team and own.strict:
            read = []
        quotable = not own.strict and not team and not is_chore(criterion.text)
        quotable = quotable and not (told and facts.is_unmeasured(criterion.text.rstrip(". ")))
        if not read and (quotable or quoted.is_foreign(criterion.text)):
            read = quoted.of_text(criterion.id, criterion.text, own)
        kept = [one for one in read if _is_kept(one, own, rough=rough)]
        if told and not kept and not quoted.is_foreign(criterion.text):
            kept = [
                one
                for one in facts.as_told(criterion.id, criterion.text, own)
                if _is_kept(one, own, rough=rough)
            ]
        read = kept
        found.extend(read)
        if not read:
            opaque.append(criterion)
    case = reproduction.read(story, tuple(criteria), setting)
    if case:
        found = reproduction.without_repeated(found, case)
        opaque = [criterion for criterion in opaque if criterion.id != case.criterion]
    text = "\n".join((story.title, story.text, *(criterion.text for criterion in criteria)))
    return Analysis(
        title=story.title,
        criteria=tuple(criteria),
        statements=_with_neighbours(transitions.prepared(found, story.title)),
        opaque=tuple(opaque),
        roles=roles,
        vague=_vague(criteria),
        out_of_scope=left_out,
        quotes=quotations(text),
        setting=setting,
        language=_language(text),
        requirements=requirements.read(story.model_copy(update={"criteria": tuple(criteria)})),
    )


def _with_neighbours(statements: tuple[Statement, ...]) -> tuple[Statement, ...]:
    """Where a statement only says what to watch for, the action by which another one brings it about."""
    found = []
    for statement in statements:
        noun = observing.head(statement.subject.removeprefix("No ").removeprefix("no "))
        causes = (
            other
            for other in statements
            if other.conditions and not other.negated and observing.head(other.subject) == noun
        )
        cause = next((other for other in causes if other is not statement), None)
        watching = statement.actions[-1:] and statement.actions[-1].startswith("Watch for ")
        found.append(replace(statement, actions=cause.actions) if watching and cause else statement)
    return tuple(found)


def _implicit(story: Story, setting: Setting) -> tuple[Criterion, ...]:
    """What title and text demand, where ingest found no criteria."""
    excluded = {normal(line) for line in exclusions(story)}
    prose = [one for one in sentences.sentences(_prose(story.text)) if normal(one) not in excluded]
    texts = [story.title, *prose][:_MAX_IMPLICIT]
    read = [
        text
        for text in texts
        if demands.of_sentence(
            "AC-1",
            text,
            replace(
                setting,
                complaints=_is_title(text, story),
                strict=True,
                reported=_is_title(text, story) or story.issue_type.lower() in _FAULTS,
            ),
        )
    ]
    return tuple(
        Criterion(id=f"AC-{number}", text=text, origin=CriterionOrigin.SENTENCE)
        for number, text in enumerate(read, start=1)
    )


_FAULTS = frozenset({"bug", "defect", "fault", "incident"})


# Not `a user can …`: wishes of developers come so.
_RIGHT = re.compile(
    r"^(?P<who>(?:the|all|every|each) [a-z]+(?: [a-z]+)?) (?:can|may|(?:should|must|is|are) (?:be )?able to|"
    r"(?:is|are) (?:allowed|required) to) (?P<what>[^:;()]{3,160})$",
    re.IGNORECASE,
)


def _is_right(text: str) -> bool:
    """Whether a sentence plainly says what somebody can or has to do: a demand, wherever it stands."""
    match = _RIGHT.match(led_in.joined(text).strip().rstrip("."))
    return match is not None and clauses.is_actor(match["who"]) and not tone.is_developers(text)


def _is_title(text: str, story: Story) -> bool:
    return " ".join(text.split()).rstrip(".") == " ".join(story.title.split()).rstrip(".")


def _prose(text: str) -> str:
    """The text without its code blocks."""
    return "\n".join(part for index, part in enumerate(text.split("```")) if index % 2 == 0)


def _before(criterion: Criterion, story: Story) -> str:
    """What stands before a criterion: in the text, or else the criteria before it."""
    at = story.text.find(criterion.text)
    if at > 0:
        return story.text[:at]
    place = next((n for n, one in enumerate(story.criteria) if one.id == criterion.id), 0)
    return "\n".join(one.text for one in story.criteria[:place])


def _read(criterion: Criterion, setting: Setting, before: str = "") -> list[Statement]:
    if parts := sentences.scenario(criterion.text):
        statement = scenarios.of_scenario(criterion.id, criterion.text, parts, setting)
        return bounded.cases(statement) or [statement]
    label, text = phrasing.labelled(plainer.put_plainly(led_in.joined(criterion.text)))
    if label:
        setting = replace(setting, topic=label)
    if setting.told and (row := plain_rows.cells(text)):
        head = plain_rows.header(row, setting.story)
        if not (demand := plain_rows.demand(row, head)):
            return plain_rows.cases(criterion.id, criterion.text, row, head, setting)
        text = demand
    items = enumerated.expanded(text)
    plain = replace(setting, told=False)
    meant = criterion.origin is not CriterionOrigin.SENTENCE
    if not setting.told or meant:
        read = [one for item in items for part in _parts(item) for one in _of_part(criterion.id, part, plain)]
        if not setting.told or any(_is_kept(one, setting, rough=False) for one in read):
            return read
    return [
        one
        for item in items
        for part in _told(item, before, setting)
        for one in _of_part(criterion.id, part, setting)
    ]


def _of_part(criterion: str, part: str, setting: Setting) -> list[Statement]:
    """The statements of one demand: by a rule in a customary form, by its grammar, or as it is told."""
    if cases := idioms.read(criterion, part, part, setting):
        return cases
    if setting.told and facts.is_unmeasured(part):
        return []
    if setting.told and (cases := facts.counted_cases(criterion, part, setting)):
        return cases
    if one := demands.of_sentence(criterion, part, setting):
        one = facts.livened(one, setting) if setting.told else one
        read = [one, *invalid.attempt(one)]
        if not setting.told or all(_is_kept(each, setting, rough=False) for each in read):
            return read
    return facts.plain_cases(criterion, part, setting) if setting.told else []


def _told(item: str, before: str, setting: Setting) -> list[str]:
    """The single demands of an item of a story, their pronouns replaced."""
    found: list[str] = []
    for sentence in sentences.sentences(item):
        for part in compounds.demands(references.resolved(sentence, before, setting)):
            whole = references.resolved(part, before, setting)
            found.extend(phrasing.halves(plainer.put_plainly(whole)))
            before = f"{before}\n{whole}"
    return found


def _is_kept(statement: Statement, setting: Setting, *, rough: bool) -> bool:
    if not whole.is_whole(statement):
        return False
    if setting.strict:
        return worth.is_telling(statement, titled=setting.complaints)
    return worth.is_plausible(statement, rough=rough)


def _parts(text: str) -> list[str]:
    """The single demands of an item, in plain words."""
    return [
        half for whole in sentences.sentences(text) for half in phrasing.halves(plainer.put_plainly(whole))
    ]


def _setting(story: Story, roles: tuple[str, ...]) -> Setting:
    known = frozenset(role.split()[-1] for role in roles)
    title = phrasing.heading(story.title)
    clause = clauses.parse(title)
    known |= frozenset(f"{role}s" for role in known)
    role = roles[0] if len(roles) == 1 else ""
    return Setting(known, role, _topic(clause), _errand(story, title, clause), title=title)


def _errand(story: Story, title: str, clause: clauses.Clause) -> str:
    """What the story lets its user do, as an instruction: its title, or else its wish; may be empty."""
    if observing.is_request(title):
        return f"Send {title}"
    wish = _wish(story)
    wished = clause.verb in _ERRANDS or (wish is not None and clause.verb == wish.verb)
    if clause.form is clauses.Form.IMPERATIVE and wished and not is_chore(title):
        return clauses.imperative(clause)
    if wish and title.lower().startswith(f"{wish.verb} ") and wish.verb not in _PASSIVELY:
        return title.rstrip(".")  # "Export orders …" may look like a noun and its verb
    if wish and wish.verb not in _PASSIVELY and not is_chore(wish.text):
        thing = clauses.imperative(wish)
        return thing if len(thing.split()) <= _LONGEST_ERRAND else ""
    return ""


def _plot(story: Story) -> str:
    """What the story is about, as an instruction: its title or wish, where the story is told as one."""
    title = re.sub(
        r"^[A-Z][\w -]{1,20}: (?:let|allow) [a-z ]+? (?=[a-z]+ )", "", phrasing.heading(story.title)
    )
    clause = clauses.parse(title)
    if clause.form is clauses.Form.IMPERATIVE and clause.rest and clause.verb not in _TEAMS:
        return clauses.imperative(clause)
    if clause.form is clauses.Form.ACTIVE and clauses.is_actor(clause.subject) and not clause.negated:
        return clauses.imperative(clause)
    first, _, rest = title.partition(" ")
    finite = any(word in words.AUXILIARIES for word in rest.lower().split())
    verbal = words.is_verb(first.lower()) and first.lower() not in _NOUNS | _TEAMS and first[:1].isupper()
    told = clause.form is clauses.Form.ACTIVE and not words.may_be_noun(clause.verb)
    if verbal and rest and not finite and not told:
        return title.rstrip(".")  # "Order copies online": a noun, were it not for what follows
    wish = _wish(story)
    if wish and wish.verb not in _PASSIVELY | _NOUNS and len(wish.text.split()) <= _LONGEST_PLOT:
        return clauses.imperative(wish)
    named = (
        clause.form is clauses.Form.PHRASE
        and not finite
        and len(title.split()) <= _LONGEST_PLOT
        and not any(mark in title for mark in ":;,.?!")
    )
    name = (
        rest[:1].isupper() and not rest.split()[0].isupper()
    )  # "Mask Passwords" may be a verb that isn't known
    return f"Try out {observing.definite(title)}" if named and not clause.subject and not name else ""


_LETS = re.compile(
    r"^(?:[A-Z][\w -]{1,20}: )?(?:let|allow|enable) [a-z]+(?: [a-z]+)? (?:to )?"
    r"(?P<act>(?=(?:add|fix|edit|see|choose|send|share|book|order|create|upload|pay|change|cancel|manage|request|report)\b)[a-z]+)",
    re.IGNORECASE,
)
_TEAMS = words.word_set(
    "show display support allow enable let make provide introduce explain stop avoid prevent improve "
    "implement ensure keep ask guide handle"
)
"""Verbs of titles that tell the team or the product what to do, not the user."""
_NOUNS = words.word_set("rate backup return state test control access contact process user guide share claim")
"""Verbs that open a title as nouns."""


_LONGEST_PLOT = 14


def _wish(story: Story) -> clauses.Clause | None:
    """What `As a …, I want to …` asks for, as an instruction."""
    for line in sentences.sentences(_prose(story.text))[:_MAX_IMPLICIT]:
        if match := phrasing.AS_A.match(line):
            said = phrasing.BENEFIT.sub("", phrasing.wished(match, Setting())).strip(" .,")
            clause = clauses.parse(re.sub(r"^the user can ", "", said))
            return clause if clause.form is clauses.Form.IMPERATIVE else None
    return None


_LONGEST_ERRAND = 9
_PASSIVELY = words.word_set("see view know get have be receive want need like understand make track keep use")


_ERRANDS = words.word_set(
    "search upload download filter sort register log login transfer pay send submit import export book "
    "order buy "
    "enter select choose delete edit rename share print save view open close run reset cancel approve "
    "reject create"
)


def _topic(title: clauses.Clause) -> str:
    """What the title is about: the object of its verb, or the whole of a short noun phrase."""
    phrase = title.rest if title.form is clauses.Form.IMPERATIVE else title.text
    if title.has_predicate and title.form is not clauses.Form.IMPERATIVE:
        phrase = title.subject
    thing, _ = observing.object_of(phrase)
    if (
        not thing
        or any(mark in thing for mark in ";:,")
        or len(thing.split()) > _LONGEST_TOPIC
        or not sense.is_thing(thing)
        or any(words.base_of_third(word.lower()) in words.HARDLY_NOUNS for word in thing.split()[1:])
    ):
        return ""
    return observing.definite(thing)


def _roles(story: Story) -> tuple[str, ...]:
    found: list[str] = []
    for match in _AS_A.finditer(f"{story.title}\n{story.text}\n"):
        role = (match["role"] or match["later"]).strip(" *_").lower()
        if len(role.split()) <= _ROLE_WORDS and role not in found:
            found.append(role)
    return tuple(found)


def _vague(criteria: tuple[Criterion, ...]) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    for criterion in criteria:
        padded = f" {' '.join(word.strip('.,;:()') for word in criterion.text.lower().split())} "
        found.extend((criterion.id, word) for word in _VAGUE if f" {word} " in padded)
    return tuple(found)


def _language(text: str) -> str:
    return "" if quoted.is_foreign(text) else "en"
