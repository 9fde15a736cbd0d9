"""From one sentence of a story to the statement that it makes."""

import re
from dataclasses import dataclass, replace

from casewright_generator.domain import changes, clauses, defects, inputs, observing, sense, words
from casewright_generator.domain.chores import is_chore, is_code, is_talk
from casewright_generator.domain.clauses import Clause, Form
from casewright_generator.domain.constraints import constraints
from casewright_generator.domain.masking import mask, quotations, tokens
from casewright_generator.domain.sentences import Scenario, conjuncts, split
from casewright_generator.domain.statements import Condition, Kind, Statement


@dataclass(frozen=True, slots=True)
class Setting:
    """What a sentence can't be read without.

    Attributes:
        roles: Last words of the roles that the story names, in lower case.
        role: The story's role, where it names just one; empty otherwise.
        topic: What `it` and `this` stand for: the thing that the title is about; may be empty.
        errand: The title as an instruction, where it is one; may be empty.
        strict: Whether it is running text, which describes more often than it demands.
        complaints: Whether a sentence may report a fault instead of demanding something.
    """

    roles: frozenset[str] = frozenset()
    role: str = ""
    topic: str = ""
    errand: str = ""
    complaints: bool = False
    strict: bool = False

    @property
    def person(self) -> str:
        """Whom `I` and `they` stand for."""
        return f"the {self.role}" if self.role else "the user"


_LABEL = re.compile(
    r"^(?:\W*(?:ac|rule|req|r|us|tc|scenario|note|nb|expected(?: results?| behaviou?r| outcome)?|requirement|goal|summary|feature)[ -]?\d*(?:\.\d+)*[:.)\]]|\W*\[[^\]]{1,20}\])\s+",
    re.IGNORECASE,
)
_AS_A = re.compile(
    r"^(?:in order to\b[^,]{3,160}, ?)?as (?:an?|the)?\s*(?P<role>[^,.]{2,60}?),?\s+(?:i|we)(?:'d| would| will)?\s*(?:also )?(?P<modal>want|wants|like|need|wish|must|should|can|expect|have)\b(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_BENEFIT = re.compile(
    r",?\s+(?:so that\b|so (?:i|we|they|users?|it|the)\b|in order (?:to|that)\b|because\b|since (?:it|this|the|we)\b|such that i\b|to (?:improve|simplify|ease|facilitate|speed up|avoid confusion)\b).*",
    re.IGNORECASE | re.DOTALL,
)
_CHECK = re.compile(
    r"^(?:please |also |and )?(?:ensure|make sure|verify|check|confirm|validate|assert|test|guarantee)(?: that| the fact that|(?= (?:the|all|an?|no|it|each|every|only|users?)\b))\s+",
    re.IGNORECASE,
)
_NEED = re.compile(
    r"^(?:we|i|you)(?:'d| would)?(?: also| really)? (?:need|want|should|must|have|like|wish|would like)(?: to have| to be able to| to|(?= (?:an?|the|some)\b))\s+",
    re.IGNORECASE,
)
_ABILITY = re.compile(
    r"^(?:(?:it|this|there) (?:should|must|shall|will|is|would|needs to|has to) (?:also )?(?:be )?|(?:should|must) be )?(?:made )?"
    r"(?:possible|(?:provide|add|implement|introduce|offer|have|get|give(?: the)? users?|include|support|allow)? ?(?:for )?(?:an?|the|some)? ?(?:ability|possibility|option|way|means|facility|capability|support)(?: for (?:an?|the)? ?(?P<who>users?|admins?|administrators?|developers?|customers?))?)"
    r"(?: for (?:an?|the|all)? ?(?P<whom>\w+))? to (?P<act>[a-z]+ .*)",
    re.IGNORECASE | re.DOTALL,
)
_PARENTHESIS = re.compile(
    r"\s*\((?:e\.?g\.?|i\.?e\.?|for example|see|such as|cf\.?|as in|like)\b[^()]{0,200}\)|\s*\((?=[^()]{60,400}\))[^()]*\)",
    re.IGNORECASE,
)
_OTHERWISE = re.compile(r"[,;.]?\s*\b(?:otherwise|or else|if not),?\s+", re.IGNORECASE)
_PRONOUN = re.compile(
    r"^(?:it)\b(?=\s+(?:should|must|shall|will|can|cannot|could|may|needs?|has|have|is|are|does|do|also|only)\b)",
    re.IGNORECASE,
)
_PERSON = re.compile(r"^(?:i|we|they|he|she|you|one|someone|anyone|(?:the |an? )?users?)$", re.IGNORECASE)
_MAX_SENTENCE = 600


_NAME = re.compile(r"^(?P<name>[\w./`'\"-]+(?: [\w./-]+){0,2})(?: \([^()\n]{1,40}\))?: (?=\S.{12,})")
_TAG = re.compile(r"^(?:\[[^\]\n]{1,30}\]\s*[-:]?\s*)+|^[A-Z][\w/&]*(?: [\w/&]+){0,2}(?::| -) (?=[A-Za-z\"])")


def labelled(text: str) -> tuple[str, str]:
    """A name that a criterion opens with, and what it says of it: `timeout (optional): the time …`."""
    match = _NAME.match(text)
    if not match or match["name"].lower().split()[0] in _NO_NAMES or constraints(text[:160]):
        return "", text
    return match["name"], text[match.end() :]


_NO_NAMES = words.word_set(
    "given when then scenario note nb ac rule expected if as example e.g hint tip todo"
)


def heading(title: str) -> str:
    """A title as an instruction or a noun phrase: without tags, and without `As a user, I want to`."""
    title = " ".join(title.split())
    bare = _TAG.sub("", title)
    title = bare if len(bare.split()) > 1 else title
    wish = _AS_A.match(title)
    if not wish:
        return title
    sentence = _BENEFIT.sub("", _wish(wish, Setting()))
    return re.sub(r"^(?:the user can (?:quickly |easily )?|there should be |the ability to )", "", sentence)


def of_scenario(criterion: str, text: str, parts: Scenario, setting: Setting) -> Statement:
    """The statement of a Given/When/Then."""
    for part in parts.given:
        who = _introduced(part, setting)
        if who:
            setting = replace(setting, role=who)
            break
    given = [_state(part, setting) for part in parts.given]
    actions: list[str] = []
    for part in parts.when:
        _sort(part, given, actions, setting)
    outcomes = tuple(_observation(part, setting) for part in parts.then)
    trigger = " and ".join(_retold(part, setting) for part in parts.when)
    first = " and ".join(
        outcome.rstrip(".") if not index else clauses.lower_first(outcome.rstrip("."))
        for index, outcome in enumerate(outcomes[:2])
    )
    headline = f"{first} when {trigger}" if trigger else first
    if not actions:
        last = clauses.parse(parts.then[0])
        actions.append(
            clauses.sentence(observing.approach(last.subject) if last.subject else "Look at the result")
        )
    return Statement(
        criterion, text, Kind.SCENARIO, headline, tuple(given), tuple(actions), outcomes,
        actor="",
        constraints=constraints(" ".join(text.split())) if "\n" not in text else (),
        quotes=quotations(text),
        negated=any(f" {word} " in f" {part.lower()} " for part in parts.then for word in ("not", "no", "cannot", "error")),
        main=parts.then[0],
    )  # fmt: skip


def _introduced(text: str, setting: Setting) -> str:
    """The person whom a Given brings in: `a registered user on the login page` → `registered user`."""
    clause = clauses.parse(text)
    phrase = clause.subject if clause.has_predicate else text
    thing, _ = observing.object_of(phrase)
    if clauses.is_actor(thing, setting.roles) and thing.lower() not in words.PRONOUNS:
        return _bare(thing).lower()
    return ""


def of_sentence(criterion: str, text: str, setting: Setting) -> Statement | None:
    """The statement of one sentence; `None` where it demands nothing that can be seen."""
    sentence = _prepared(text)
    if (
        not sentence
        or len(sentence) > _MAX_SENTENCE
        or is_talk(sentence)
        or is_code(sentence)
        or is_chore(sentence)
    ):
        return None
    if wish := _AS_A.match(sentence):
        setting = replace(setting, role=_bare(wish["role"].strip()).lower())
        sentence = _wish(wish, setting)
    sentence = _IF_ANY.sub("", sentence)
    sentence = _BENEFIT.sub("", _CHECK.sub("", sentence, count=1)).strip()
    if setting.complaints and (defect := defects.read(criterion, text, sentence)):
        return defect
    sentence = _normalised(_NEED.sub("", sentence, count=1))
    if ability := _ABILITY.match(sentence):
        who = ability["who"] or ability["whom"]
        sentence = f"{setting.person if not who else 'the ' + who.rstrip('s')} can {ability['act']}"
    if is_chore(sentence):
        return None
    if setting.topic:
        sentence = _PRONOUN.sub(lambda _: setting.topic, sentence, count=1)
    sentence, otherwise = _otherwise(sentence)
    conditions, main = split(sentence)
    clause = clauses.parse(main)
    if not clause.verb:
        return None if setting.strict else _bare_limit(criterion, text, sentence)
    reader = _Reader(criterion, text, sentence, conditions, main, otherwise, setting)
    return reader.read(clause)


_EXAMPLE = re.compile(r",? for (?:example|instance)[.:]?$", re.IGNORECASE)
_IF_ANY = re.compile(
    r",? \(?(?:if|as|where|when) (?:desired|possible|necessary|needed|applicable|required|appropriate|wanted)\b\)?",
    re.IGNORECASE,
)
_NEEDS_TO_BE = re.compile(
    r"\b(?:will |would |should |might |may )?(?:(?:(?<!no )needs?|has|have|ought) to|(?:is|are) to) be\b",
    re.IGNORECASE,
)
_NEEDS_TO = re.compile(
    r"(?<!we )(?<!you )(?<!i )(?<!no )\b(?:will |would |should |might |may )?(?<!no )needs? to (?=[a-z]{2})",
    re.IGNORECASE,
)
_SPLICED = re.compile(
    r"^(?P<first>[^,]{4,160}), (?:it|they|this) (?P<modal>should|must|shall)(?: have to)? (?P<rest>.+)$",
    re.IGNORECASE,
)
_UPDATED_TO = re.compile(
    r"\b(should|must|shall|will) be (?:updated|changed|modified|extended|enhanced|improved|adapted|configured) to (?=[a-z]{2})",
    re.IGNORECASE,
)
_POSSIBLE_FOR = re.compile(
    r"^(?:make it possible|it should be possible|it must be possible|it is possible) for (?:the |an? |all )?(?P<who>[\w -]{2,30}?)s? to (?P<act>.*)$",
    re.IGNORECASE,
)
_HAS_IT = re.compile(
    r"^(?:an? |the )(?P<who>[\w -]{2,40}?) has (?P<thing>(?:the |an? )?[\w -]{2,50}?) to (?P<act>(?:be )?[a-z-]+\b.*)$",
    re.IGNORECASE,
)


def _normalised(sentence: str) -> str:
    """The same demand in the plainer words that the rest reads."""
    sentence = _NEEDS_TO.sub("must ", _NEEDS_TO_BE.sub("must be", sentence))
    sentence = _UPDATED_TO.sub(r"\1 ", sentence)
    sentence = re.sub(r"\b[Mm]ake use of\b", "use", sentence)
    if (match := _SPLICED.match(sentence)) and (subject := clauses.parse(match["first"]).subject):
        return f"{subject} {match['modal']} {match['rest'].replace(': ', ' ', 1)}"
    if match := _POSSIBLE_FOR.match(sentence):
        return f"The {match['who']} can {match['act']}"
    match = _HAS_IT.match(sentence)
    if match and clauses.is_actor(match["who"]) and words.is_verb(match["act"].split()[0].strip(",.")):
        return f"{match['thing']} should {match['act']}"
    return sentence


def _prepared(text: str) -> str:
    flat = " ".join(text.split()).strip(" *_-")
    flat = _LABEL.sub("", flat, count=1)
    bare = _TAG.sub("", flat)
    flat = bare if len(bare.split()) > 2 and not constraints(flat) else flat  # noqa: PLR2004 - shorter says nothing
    flat = flat.replace("{{", "").replace("}}", "")
    return _EXAMPLE.sub("", _PARENTHESIS.sub("", flat)).strip()


def _wish(wish: re.Match[str], setting: Setting) -> str:
    rest = wish["rest"].strip()
    rest = re.sub(
        r"^to (?:be able to )?(?:have (?:the |an? )?(?:ability|option|possibility) to )?|^the (?:ability|option|possibility) to |^to$",
        "",
        rest,
        count=1,
    )
    rest = re.sub(r"^be able to ", "", rest, count=1)
    first = rest.split(maxsplit=1)[0].lower() if rest.split() else ""
    if words.is_verb(first) and first not in words.DETERMINERS:
        return f"{setting.person} can {rest}"
    passive = re.match(r"(.{3,120}?) to (be .*|[a-z]+ .*)", rest)
    if passive and clauses.parse(passive[1]).verb == "":
        return f"{passive[1]} should {passive[2]}"
    return (
        f"there should be {rest}"
        if first in {"a", "an"}
        else f"{setting.person} can see {rest}"
        if observing.is_visible(rest)
        else rest
    )


def _otherwise(sentence: str) -> tuple[str, str]:
    match = _OTHERWISE.search(mask(sentence))
    if not match or match.start() < 12:  # noqa: PLR2004 - nothing that it could be the alternative of
        return sentence, ""
    return sentence[: match.start()].strip(), sentence[match.end() :].strip()


def _bare_limit(criterion: str, text: str, sentence: str) -> Statement | None:
    """`Password: 8 to 64 characters`, `Maximum upload size 10 MB`."""
    found = constraints(sentence)
    if not found or len(sentence) > 160:  # noqa: PLR2004 - longer is prose
        return None
    label, colon, _ = sentence.partition(":")
    subject = label if colon and len(label) < found[0].start + 1 else sentence[: found[0].start]
    subject = re.sub(
        r"\b(?:must|is|the|a|an|max\w*|min\w*|of|limit)\b\.?", "", subject, flags=re.IGNORECASE
    ).strip(" :-–(")
    subject = " ".join(subject.split())
    if not subject or len(subject.split()) > 6:  # noqa: PLR2004 - longer is no field's name
        return None
    return Statement(
        criterion, text, Kind.LIMIT, sentence, subject=subject, constraints=found, main=sentence, verb="be",
        outcomes=(clauses.sentence(sentence),), actions=(clauses.sentence(observing.approach(subject)),),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the main clause of one sentence."""

    criterion: str
    text: str
    sentence: str
    conditions: tuple[Condition, ...]
    main: str
    otherwise: str
    setting: Setting

    def read(self, clause: Clause) -> Statement | None:
        given: list[str] = []
        actions: list[str] = []
        named = _referent(clause, self.setting)
        for condition in self.conditions:
            _place(replace(condition, text=_named(condition.text, named)), given, actions, self.setting)
        if demand := inputs.demanded(clause):
            return self._entered(clause, demand, given, actions)
        if clause.form is Form.IMPERATIVE and not clause.negated and (change := changes.read(clause)):
            return self._changed(change, given, actions)
        if clause.form is Form.IMPERATIVE and not self.conditions and not _demands(clause):
            return None
        if clause.form is Form.GERUND or not self._is_sound(clause):
            return None
        if able := self._enabling(clause):
            return self._able(able, given, actions)
        if not clause.subject and clause.form is not Form.IMPERATIVE:
            clause = replace(clause, subject=self.setting.topic)
        if _acts(clause, self.setting) and clause.modal not in {"will", "would"}:
            return self._able(clause, given, actions)
        if (
            clause.form is Form.PASSIVE
            and clauses.is_capability(clause)
            and _doable(replace(clause, negated=False))
        ):
            return self._able(clause, given, actions)
        return self._observed(clause, given, actions)

    def _is_sound(self, clause: Clause) -> bool:
        elliptic = not clause.subject and bool(self.setting.topic)
        if elliptic and self.setting.strict and clause.modal not in {"must", "shall", "should", ""}:
            return False
        known = replace(clause, subject=self.setting.topic) if elliptic else clause
        if not sense.is_sound(known, strict=self.setting.strict):
            return False
        return not self.setting.strict or sense.is_demand(clause, conditional=bool(self.conditions))

    def _enabling(self, clause: Clause) -> Clause | None:
        """`X should support storing Y`, `X must allow users to see Y`, `X should be able to read Y`."""
        if clause.form is not Form.ACTIVE or clause.negated or not clause.rest:
            return None
        if clause.verb == "have" and clause.rest.startswith("access to "):
            return replace(clause, verb="access", rest=clause.rest.removeprefix("access to "), modal="can")
        if clause.verb in {"allow", "let", "enable", "permit", "support"}:
            rest = re.sub(
                r"^(?:for )?(?:the |an? |all )?(?:users?|customers?|admins?|developers?|people|us|me|you|one|someone)(?: to)? ",
                "",
                clause.rest,
            )
            first, _, others = rest.partition(" ")
            base = words.base_of_gerund(first) or (
                first if words.is_verb(first) and rest != clause.rest else ""
            )
            if base and others:
                return replace(clause, subject=self.setting.person, verb=base, rest=others, modal="can")
        return None

    def _common(self, clause: Clause) -> dict[str, object]:
        return {
            "criterion": self.criterion,
            "text": self.text,
            "subject": clause.subject,
            "verb": clause.verb,
            "object": clause.subject if clause.form is Form.PASSIVE else clause.rest,
            "modal": clause.modal,
            "negated": clause.negated,
            "conditions": tuple(
                replace(one, text=_named(one.text, _referent(clause, self.setting)))
                for one in self.conditions
            ),
            "otherwise": _observation(self.otherwise, self.setting) if self.otherwise else "",
            "main": self.main,
            "constraints": constraints(self.sentence),
            "quotes": quotations(self.text),
        }

    def _when(self) -> str:
        return " ".join(f"{c.marker} {_retold(c.text, self.setting)}" for c in self.conditions)

    def _seen(self, part: str, clause: Clause) -> str:
        own = clauses.parse(part)
        if own.form is Form.ACTIVE and own.verb and not own.subject and clause.subject:
            return clauses.sentence(clauses.present(replace(own, subject=clause.subject)))
        return _observation(part, self.setting)

    def _way_to(self, clause: Clause) -> str:
        """How the subject comes before the tester's eyes: through the place that the clause names, if any."""
        for match in _WHERE.finditer(mask(clause.rest)):
            place = clause.rest[match.start(1) : match.end(1)]
            if observing.head(place) in observing.PLACES:
                return f"{observing.approach(place)} and look at {observing.definite(clause.subject)}"
        if self.setting.errand and observing.is_reaction(clause.subject):
            return self.setting.errand
        if self.setting.errand and observing.head(clause.subject) == self.setting.errand.split()[0].lower():
            return self.setting.errand
        if clause.subject.lower().startswith("no ") or observing.is_reaction(clause.subject):
            return f"Watch for {observing.watched(clause.subject)}"
        if clauses.is_actor(clause.subject, self.setting.roles) and clause.form is Form.ACTIVE:
            thing, _ = observing.object_of(clause.rest)
            return (
                observing.approach(thing) if thing else observing.approach(self.setting.topic or clause.rest)
            )
        return observing.approach(clause.subject)

    def _able(self, clause: Clause, given: list[str], actions: list[str]) -> Statement | None:
        """Somebody can or can't do something."""
        passive = clause.form is Form.PASSIVE
        act = clauses.passive_as_imperative(clause) if passive else clauses.imperative(clause, negated=False)
        if is_chore(act) and self.setting.role in _DEVELOPERS:
            return None
        if not passive:
            act = _one(act, clause)
        parts = [act] if passive else conjuncts(act)
        if any(clauses.parse(part).form is not Form.IMPERATIVE for part in parts):
            parts = [act]
        *before, last = parts
        actions = [*actions, *(clauses.sentence(_commanded(part)) for part in [*before, last])]
        headline = clauses.sentence(self._spoken(clause)).rstrip(".")
        if headline.lower().startswith("only ") and not clause.negated:
            headline = headline[5:6].upper() + headline[6:]
        if when := self._when():
            headline = f"{headline} {when}"
        parsed = clause if passive else _last(clause, before, last)
        outcomes = (
            ()
            if clause.negated
            else (observing.result_of(replace(parsed, subject=clause.subject, negated=False)),)
        )
        return Statement(
            **self._common(clause),  # type: ignore[arg-type]  # the fields above, by name
            kind=Kind.PROHIBITION if clause.negated else Kind.CAPABILITY,
            headline=headline,
            given=tuple(given),
            actions=tuple(actions),
            outcomes=outcomes,
            actor="" if passive else _bare(_person(clause.subject, self.setting)),
            assumed=True,
        )

    def _spoken(self, clause: Clause) -> str:
        """The main clause with its pronoun resolved."""
        who = _person(clause.subject, self.setting)
        if who == clause.subject:
            return self.main
        rest = (
            self.main[len(clause.subject) :]
            if self.main.startswith(clause.subject)
            else f" can {clause.verb} {clause.rest}"
        )
        return f"{who}{rest}"

    def _changed(self, change: changes.Change, given: list[str], actions: list[str]) -> Statement:
        headline = change.outcome.rstrip(".")
        if when := self._when():
            headline = f"{headline} {when}"
        steps = (
            (*actions, clauses.sentence(change.action)) if change.action and not actions else tuple(actions)
        )
        return Statement(
            self.criterion, self.text, Kind.CHANGE, headline, tuple(given), steps, (clauses.sentence(change.outcome),),
            subject=change.subject, verb=change.verb, object=change.subject, conditions=self.conditions, main=self.main,
            constraints=constraints(self.sentence), quotes=quotations(self.text), assumed=change.assumed,
            negated=change.negated,
        )  # fmt: skip

    def _entered(
        self, clause: Clause, demand: inputs.Demand, given: list[str], actions: list[str]
    ) -> Statement:
        """A value must or must not be so: it is tried, and refused."""
        refusal = clauses.sentence(f"{demand.refused} is not accepted")
        said = _observation(self.otherwise, self.setting) if self.otherwise else ""
        headline = f"Reject {demand.what}"
        if when := self._when():
            headline = f"{headline} {when}"
        common = self._common(clause) | {"otherwise": ""}
        return Statement(
            **common,  # type: ignore[arg-type]  # the fields above, by name
            kind=Kind.REFUSAL,
            headline=headline,
            given=tuple(given),
            actions=(*actions, clauses.sentence(demand.action)),
            outcomes=(refusal, *((said,) if said else ())),
        )

    def _observed(self, clause: Clause, given: list[str], actions: list[str]) -> Statement | None:
        """Something is, shows or does something."""
        outcomes = tuple(self._seen(part, clause) for part in conjuncts(self.main))
        if clause.subject and not clauses.parse(conjuncts(self.main)[0]).subject:
            outcomes = (clauses.sentence(clauses.present(clause)), *outcomes[1:])
        headline = " and ".join(
            outcome.rstrip(".") if not index else clauses.lower_first(outcome.rstrip("."))
            for index, outcome in enumerate(outcomes[:2])
        )
        if when := self._when():
            headline = f"{headline} {when}"
        doing = clauses.gerund_subject(clause)
        if doing:
            actions = [*actions, clauses.sentence(doing)]
            outcomes = (clauses.sentence(clauses.effect(clause)), *outcomes[1:])
        if (
            not actions
            and clause.modal in {"can", "may", "could"}
            and clause.form is Form.ACTIVE
            and not clause.negated
        ):
            able = replace(clause, modal="")
            actions = [clauses.sentence(clauses.causative(able))]
            outcomes = (observing.result_of(replace(able, subject=clause.subject)),)
        if not actions:
            if not clause.subject:
                return None
            actions = [clauses.sentence(self._way_to(clause))]
        if not self.conditions and not doing and not _says_something(clause):
            return None
        if not all(sense.is_short(outcome) for outcome in outcomes):
            return None
        return Statement(
            **self._common(clause),  # type: ignore[arg-type]  # the fields above, by name
            kind=Kind.SCENARIO if self.conditions or doing else Kind.PROPERTY,
            headline=headline,
            given=tuple(given),
            actions=tuple(actions),
            outcomes=outcomes,
        )


def _referent(clause: Clause, setting: Setting) -> str:
    """What `it` in a condition stands for: the thing acted on, or else what the main clause is about."""
    if clause.form is Form.ACTIVE and clauses.is_actor(clause.subject, setting.roles):
        found = tokens(clause.rest)
        places = [token for token in found[1:] if token.bare in words.DETERMINERS]
        return observing.definite(clause.rest[places[-1].start :]) if places else ""
    return observing.definite(clause.subject) if clause.subject else ""


def _named(text: str, name: str) -> str:
    """The condition with `it` or `they` replaced."""
    first, _, others = text.partition(" ")
    fits = first.lower() == ("they" if words.is_plural(name) else "it")
    if not name or not fits or not others or clauses.is_actor(name):
        return text
    return f"{name} {others}"


def _demands(clause: Clause) -> bool:
    return clause.negated or clause.verb in {
        "show",
        "display",
        "return",
        "send",
        "throw",
        "log",
        "sort",
        "print",
        "redirect",
        "highlight",
        "notify",
        "warn",
    }


def _says_something(clause: Clause) -> bool:
    """Whether the clause demands rather than describes: it has a modal, or shows what is seen."""
    return bool(clause.modal) or clause.form is not Form.COPULA or bool(clause.rest)


_PLACE = re.compile(
    r"^(?:on|in|at) ((?:the|an?|each|every|all) .{2,60}?) (?=(?:there )?(?:is|are|should|must|will)\b)",
    re.IGNORECASE,
)
_WHERE = re.compile(
    r"\b(?:on|in|at|from) ((?:the|an?|each|every) [^,.;]{3,50}?)(?=$| (?:when|if|with|as|for|by|so|that|which|instead|and)\b|[,.;])",
    re.IGNORECASE,
)


def _place(condition: Condition, given: list[str], actions: list[str], setting: Setting) -> None:
    if condition.marker == "unless":
        given.append(_denied(condition.text, setting))
    elif condition.marker == "until":
        given.append(_denied(condition.text, setting))
    else:
        _sort(condition.text, given, actions, setting)


def _denied(text: str, setting: Setting) -> str:
    clause = clauses.parse(text)
    if clause.subject and clause.verb:
        return clauses.sentence(
            clauses.present(clause, subject=_person(clause.subject, setting), negated=not clause.negated)
        )
    return clauses.sentence(f"This is not so: {clauses.lower_first(text)}")


def _acts(clause: Clause, setting: Setting) -> bool:
    return (
        clause.form is Form.ACTIVE
        and clause.verb not in words.STATIVE | {"fail", "expect", "wish", "like"}
        and (clause.verb != "receive" or bool(clause.modal))
        and clauses.is_actor(clause.subject, setting.roles)
    )


def _sort(text: str, given: list[str], actions: list[str], setting: Setting) -> None:
    """Put a condition where it belongs: what somebody does is an action, what holds a precondition."""
    for part in conjuncts(text):
        clause = clauses.parse(part)
        if entry := inputs.entered(clause):
            actions.append(clauses.sentence(entry))
        elif _is_done_by_tester(clause, setting, bool(actions)):
            actions.append(clauses.sentence(clauses.imperative(clause)))
        elif clause.form is Form.PASSIVE and _doable(clause):
            actions.append(clauses.sentence(clauses.passive_as_imperative(clause)))
        elif _happens(clause):
            actions.append(clauses.sentence(clauses.causative(clause)))
        else:
            given.append(_state(part, setting))


def _is_done_by_tester(clause: Clause, setting: Setting, after_action: bool) -> bool:  # noqa: FBT001 - private
    if clause.form in (Form.GERUND, Form.IMPERATIVE):
        return True
    if clause.perfect:
        return False
    return _acts(clause, setting) or (
        not clause.subject and clause.form is Form.ACTIVE and bool(clause.verb) and after_action
    )


def _happens(clause: Clause) -> bool:
    """Whether the clause is an event that the tester must bring about."""
    return (
        clause.form is Form.ACTIVE
        and clause.verb not in words.STATIVE | {"exceed", "match", "apply", "lack"}
        and not (clause.past or clause.negated or clause.modal)
        and bool(clause.subject)
        and not clause.subject.lower().startswith(("no ", "nothing", "none"))
    )


def _state(text: str, setting: Setting) -> str:
    clause = clauses.parse(text)
    bare = text.lower().removeprefix("not ").split()
    if setting.topic and bare and words.base_of_participle(bare[0]) and not clause.subject:
        return clauses.sentence(f"{setting.topic} {words.is_are(setting.topic)} {text}")
    if not clause.has_predicate:
        be = words.is_are(text)
        first = text.split(maxsplit=1)[0].lower() if text.split() else ""
        return clauses.sentence(
            f"There {be} {text}" if first in {"a", "an", "two", "three", "no", "some"} else text
        )
    who = _person(clause.subject, setting)
    if clause.subject and who != clause.subject and clause.form is not Form.IMPERATIVE:
        if clause.past and clause.form is Form.ACTIVE:
            return clauses.sentence(
                f"{who}{text[len(clause.subject) :]}" if text.startswith(clause.subject) else text
            )
        return clauses.sentence(clauses.present(clause, subject=who))
    return clauses.sentence(text)


def _retold(text: str, setting: Setting) -> str:
    """A condition as written, for a title; its pronoun resolved."""
    text = text.strip().rstrip(".")
    clause = clauses.parse(text)
    who = _person(clause.subject, setting)
    if (
        clause.subject
        and who != clause.subject
        and text.startswith(clause.subject)
        and clause.form in (Form.ACTIVE, Form.PASSIVE, Form.COPULA)
    ):
        return clauses.present(clause, subject=who)
    return clauses.lower_first(text)


def _person(subject: str, setting: Setting) -> str:
    return setting.person if subject.lower() in {"i", "we", "they", "he", "she", "you", "my"} else subject


_STATES = words.word_set(
    "display show enable disable expire lock require associate relate connect locate select authenticate "
    "allow base limit bind include use support miss enrol enroll mark own log see find know start stop run need "
    "hide call set wrap describe define expect give provide implement handle want intend reach exceed receive"
)


def _doable(clause: Clause) -> bool:
    if clause.subject.lower().startswith(("no ", "nothing")) or clause.subject.lower() in {
        "it",
        "this",
        "they",
        "that",
    }:
        return False
    return (
        not clause.negated
        and clause.verb not in _STATES
        and bool(clause.subject)
        and not clause.rest.startswith("by the system")
    )


def _observation(text: str, setting: Setting) -> str:
    clause = clauses.parse(text)
    if not clause.verb:
        return clauses.sentence(text)
    if clause.modal in {"can", "may", "could", "might"} and clause.form is Form.ACTIVE:
        who = _person(clause.subject, setting)
        able = f"{'cannot' if clause.negated else 'can'}"
        return clauses.sentence(f"{who} {able} {clause.verb} {clause.rest}")
    if clause.modal in {"can", "may"} and clause.form is not Form.IMPERATIVE:
        return clauses.sentence(text)
    who = _person(clause.subject, setting)
    return clauses.sentence(clauses.present(clause, subject=who))


def _last(clause: Clause, before: list[str], last: str) -> Clause:
    """The clause of the last action."""
    verb, _, rest = last.partition(" ")
    if verb.lower() == clause.verb and not before:
        return replace(clause, rest=rest)
    parsed = clauses.parse(last)
    return parsed if parsed.verb else clause


_MANY = words.word_set("see view sort filter list search compare browse count")
_LONGEST_PLAIN = 2


def _one(act: str, clause: Clause) -> str:
    """`Create courses` → `Create a course`: one is enough to try it."""
    if not act.lower().startswith(f"{clause.verb} "):
        return act
    thing, tail = observing.object_of(act[len(clause.verb) :].strip())
    parts = thing.split()
    if (
        clause.verb in _MANY
        or " them" in f" {tail}"
        or " their" in f" {tail}"
        or not 0 < len(parts) <= _LONGEST_PLAIN
    ):
        return act
    if not thing.islower() or not words.is_plural(thing) or parts[0] in words.DETERMINERS | _PARTICLES:
        return act
    return " ".join(
        part for part in (clause.verb.capitalize(), limits_article(words.singular(thing)), tail) if part
    )


def limits_article(noun: str) -> str:
    """With `a` or `an`."""
    return f"an {noun}" if noun[:1].lower() in "aeio" else f"a {noun}"


_DEVELOPERS = frozenset({"developer", "dev", "committer", "maintainer", "architect", "team member"})
_PARTICLES = words.word_set("out in up off on down back away over through")


def _commanded(text: str) -> str:
    clause = clauses.parse(text)
    if clause.form is Form.ACTIVE and not clause.subject:
        return clauses.imperative(clause)
    return text


def _bare(noun_phrase: str) -> str:
    first, _, others = noun_phrase.partition(" ")
    return others if first.lower() in words.DETERMINERS and others else noun_phrase


def sort_conditions(
    conditions: tuple[Condition, ...], setting: Setting
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """States to set up and actions to take, from conditions."""
    given: list[str] = []
    actions: list[str] = []
    for condition in conditions:
        _place(condition, given, actions, setting)
    return tuple(given), tuple(actions)
