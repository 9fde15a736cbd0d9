"""From one sentence of a story to the statement that it makes."""

import re
from dataclasses import dataclass, replace

from casewright_generator.domain import changes, clauses, defects, inputs, observing, phrasing, sense, words
from casewright_generator.domain.chores import is_chore, is_code, is_talk
from casewright_generator.domain.clauses import Clause, Form
from casewright_generator.domain.constraints import constraints
from casewright_generator.domain.masking import mask, quotations
from casewright_generator.domain.sentences import conjuncts, split
from casewright_generator.domain.situations import (
    Setting,
    acts,
    doable,
    observation,
    person,
    place_condition,
    referent,
    resolved,
    retold,
    with_name,
    without_determiner,
)
from casewright_generator.domain.statements import Condition, Kind, Statement

_MAX_SENTENCE = 600
_LONGEST_LIMIT = 160
_LONGEST_FIELD = 6
"""Words up to which a phrase may be the name of a field."""


_ASKS = re.compile(
    r"^(?:should|would|could|can|do|does|did|is|are|will|may) (?:we|it|i|you|they|the|this|these|there)\b",
    re.IGNORECASE,
)


def of_sentence(criterion: str, text: str, setting: Setting) -> Statement | None:
    """The statement of one sentence; `None` where it demands nothing that can be seen."""
    sentence = phrasing.prepared(text)
    if (
        not sentence
        or _ASKS.match(sentence)
        or not (sentence[0].isalnum() or sentence[0] in "\"“'`(<-/{$@#*")
        or len(sentence) > _MAX_SENTENCE
        or is_talk(sentence)
        or is_code(sentence)
        or is_chore(sentence)
    ):
        return None
    if wish := phrasing.AS_A.match(sentence):
        setting = replace(setting, role=without_determiner(wish["role"].strip()).lower())
        sentence = phrasing.wished(wish, setting)
    sentence = phrasing.IF_ANY.sub("", sentence)
    demanded = bool(phrasing.CHECK.match(sentence))
    sentence = phrasing.BENEFIT.sub("", phrasing.CHECK.sub("", sentence, count=1)).strip()
    if setting.strict:
        sentence = phrasing.BUT.sub("", sentence)
    if setting.complaints and not demanded and (defect := defects.read(criterion, text, sentence)):
        return defect
    sentence = phrasing.CHECK.sub("", phrasing.NEED.sub("", sentence, count=1), count=1)
    sentence = phrasing.normalised(sentence)
    if expiring := phrasing.expiry(sentence):
        sentence = text = expiring
    if ability := phrasing.ABILITY.match(sentence):
        who = ability["who"] or ability["whom"]
        sentence = f"{setting.person if not who else 'the ' + who.rstrip('s')} can {ability['act']}"
    if is_chore(sentence):
        return None
    if setting.topic:
        sentence = phrasing.PRONOUN.sub(lambda _: setting.topic, sentence, count=1)
    sentence, otherwise = phrasing.alternative(sentence)
    conditions, main = split(sentence)
    main = resolved(main, conditions, setting)
    clause = clauses.parse(main)
    if not clause.verb:
        return None if setting.strict else _bare_limit(criterion, text, sentence)
    if clause.subject.lower() == "we" and clause.modal not in {"can", "may"} and not wish:
        return None  # the team speaks of itself
    reader = _Reader(criterion, text, sentence, conditions, main, otherwise, setting)
    found = reader.read(clause)
    return found if found and all(map(sense.is_doable, found.actions)) else None


def _bare_limit(criterion: str, text: str, sentence: str) -> Statement | None:
    """`Password: 8 to 64 characters`, `Maximum upload size 10 MB`."""
    found = constraints(sentence)
    if not found or len(sentence) > _LONGEST_LIMIT:
        return None
    label, colon, _ = sentence.partition(":")
    subject = label if colon and len(label) < found[0].start + 1 else sentence[: found[0].start]
    subject = re.sub(
        r"\b(?:must|is|the|a|an|max\w*|min\w*|of|limit)\b\.?", "", subject, flags=re.IGNORECASE
    ).strip(" :-\u2013(")
    subject = " ".join(subject.split())
    if not subject or len(subject.split()) > _LONGEST_FIELD:
        return None
    return Statement(
        criterion,
        text,
        Kind.LIMIT,
        sentence,
        subject=subject,
        constraints=found,
        main=sentence,
        verb="be",
        outcomes=(clauses.sentence(sentence),),
        actions=(clauses.sentence(observing.approach(subject)),),
    )


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
        """The statement of the sentence whose main clause this is."""
        given: list[str] = []
        actions: list[str] = []
        named = referent(clause, self.setting)
        for condition in self.conditions:
            place_condition(
                replace(condition, text=with_name(condition.text, named)), given, actions, self.setting
            )
        if demand := inputs.demanded(clause):
            return self._entered(clause, demand, given, actions)
        if clause.form is Form.IMPERATIVE and not clause.negated and (change := changes.read(clause)):
            return self._changed(change, given, actions)
        idle = clause.form is Form.IMPERATIVE and not self.conditions and not _demands(clause)
        if idle or clause.form is Form.GERUND or not self._is_sound(clause):
            return None
        if not clause.subject and clause.form is not Form.IMPERATIVE:
            clause = replace(clause, subject=self.setting.topic)
        clause = self._enabling(clause) or clause
        if self._is_able(clause):
            return self._able(clause, given, actions)
        return self._observed(clause, given, actions)

    def _is_able(self, clause: Clause) -> bool:
        """Whether the clause says what somebody can or can't do."""
        if acts(clause, self.setting):
            return clause.modal not in {"will", "would"}
        passive = clause.form is Form.PASSIVE and clauses.is_capability(clause)
        return passive and doable(replace(clause, negated=False))

    def _is_sound(self, clause: Clause) -> bool:
        elliptic = not clause.subject and bool(self.setting.topic)
        if elliptic and self.setting.strict and clause.modal not in {"must", "shall", "should", ""}:
            return False
        known = replace(clause, subject=self.setting.topic) if elliptic else clause
        if not sense.is_sound(known, strict=self.setting.strict):
            return False
        if not self.setting.strict:
            return True
        if (
            self.setting.reported
            and clause.modal in {"", "will", "would"}
            and clause.form is not Form.IMPERATIVE
        ):
            return False
        return sense.is_demand(clause, conditional=bool(self.conditions))

    def _enabling(self, clause: Clause) -> Clause | None:
        """`X should support storing Y`, `X must allow users to see Y`, `X should be able to read Y`."""
        if clause.form is not Form.ACTIVE or clause.negated or not clause.rest:
            return None
        if clause.verb == "have" and clause.rest.startswith("access to "):
            return replace(clause, verb="access", rest=clause.rest.removeprefix("access to "), modal="can")
        if clause.verb in {"allow", "let", "enable", "permit", "support"}:
            rest = re.sub(
                r"^(?:for )?(?:the |an? |all )?(?:users?|customers?|admins?|developers?|people|us|me|you|"
                r"one|someone)(?: to)? ",
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
                replace(one, text=with_name(one.text, referent(clause, self.setting)))
                for one in self.conditions
            ),
            "otherwise": self._otherwise(clause),
            "main": self.main,
            "constraints": constraints(self.sentence),
            "quotes": quotations(self.text),
        }

    def _otherwise(self, clause: Clause) -> str:
        if not self.otherwise:
            return ""
        first, _, others = self.otherwise.partition(" ")
        name = observing.definite(clause.subject)
        told = f"{name} {others}" if first.lower() in {"it", "they"} and clause.subject else self.otherwise
        return observation(told, self.setting)

    def _when(self) -> str:
        return " ".join(f"{c.marker} {retold(c.text, self.setting)}" for c in self.conditions)

    def _seen(self, part: str, clause: Clause) -> str:
        own = clauses.parse(part)
        if own.form is Form.ACTIVE and own.verb and not own.subject and clause.subject:
            return clauses.sentence(clauses.present(replace(own, subject=clause.subject)))
        return observation(part, self.setting)

    def _way_to(self, clause: Clause) -> str:
        """How the subject comes before the tester's eyes: through the place that the clause names, if any."""
        for match in _WHERE.finditer(mask(clause.rest)):
            place = clause.rest[match.start(1) : match.end(1)]
            if observing.head(place) in observing.PLACES:
                return f"{observing.approach(place)} and look at {observing.definite(clause.subject)}"
        errand = self.setting.errand
        if observing.is_request(clause.subject):
            return f"Send {clause.subject}"
        if errand and (
            (clause.form is Form.PASSIVE and clause.verb in {"send", "notify", "return"})
            or observing.is_reaction(clause.subject)
            or observing.head(clause.subject) in _PROGRAM
            or (
                observing.head(clause.subject) == errand.split()[0].lower()
                and not constraints(clause.subject)
                and not any(map(str.isdigit, clause.subject))
            )
            or (
                errand.split()[0].lower() in _MAKING
                and observing.head(clause.subject) in map(observing.head, errand.split())
            )
        ):
            return errand
        if clause.subject.lower().startswith("no "):
            return f"Watch for {observing.watched(clause.subject)}"
        if (
            clause.form is Form.ACTIVE
            and observing.is_reaction(clause.subject)
            and clause.verb in {"contain", "have", "show", "include", "list"}
        ):
            return f"Look at {observing.definite(clause.subject)}"
        if observing.is_reaction(clause.subject):
            return observing.approach(self.setting.topic) if self.setting.topic else ""
        if errand and clause.verb in {"receive", "get"}:
            return errand
        if clause.verb in {"reduce", "increase", "lower", "raise", "double"} and clause.form is Form.ACTIVE:
            return f"Use {clauses.lower_first(clause.subject)}"
        if clauses.is_actor(clause.subject, self.setting.roles) and clause.form is Form.ACTIVE:
            thing, _ = observing.object_of(clause.rest)
            return (
                observing.approach(thing) if thing else observing.approach(self.setting.topic or clause.rest)
            )
        thing, _ = observing.object_of(clause.subject)
        return observing.approach(
            thing if len(clause.subject.split()) > _LONGEST_SIGHT and thing else clause.subject
        )

    def _able(self, clause: Clause, given: list[str], actions: list[str]) -> Statement | None:
        """Somebody can or can't do something."""
        passive = clause.form is Form.PASSIVE
        act = clauses.passive_as_imperative(clause) if passive else clauses.imperative(clause, negated=False)
        if is_chore(act) and self.setting.role in _DEVELOPERS:
            return None
        if not passive:
            act = _one(act, clause)
        parts = [act] if passive else conjuncts(act)
        parts = [_commanded(re.sub(r"^To (?=[a-z])", "", part)) for part in parts]
        if any(clauses.parse(part).form is not Form.IMPERATIVE for part in parts):
            parts = [act]
        *before, last = parts
        actions = [*actions, *(clauses.sentence(_sighted(part)) for part in [*before, last])]
        headline = clauses.sentence(self._spoken(clause)).rstrip(".")
        if headline.lower().startswith("only ") and not clause.negated:
            headline = headline[5:6].upper() + headline[6:]
        if when := self._when():
            headline = f"{headline} {when}"
        if not passive and clause.verb in {"see", "view"} and clause.rest.lower().startswith("only "):
            return self._only_seen(clause, given, headline)
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
            actor="" if passive else without_determiner(person(clause.subject, self.setting)),
            assumed=True,
        )

    def _only_seen(self, clause: Clause, given: list[str], headline: str) -> Statement:
        """`Members see only their own tasks`: nothing else may be shown."""
        seen = clause.rest[len("only ") :].rstrip(".")
        thing = clauses.imperative(replace(clause, rest=seen)).partition(" ")[2]
        return Statement(
            **self._common(clause),  # type: ignore[arg-type]  # the fields above, by name
            kind=Kind.SCENARIO,
            headline=headline,
            given=tuple(given),
            actions=(clauses.sentence(f"Look at {thing}"),),
            outcomes=(clauses.sentence(f"Only {seen} {words.is_are(seen)} shown"),),
            actor=without_determiner(person(clause.subject, self.setting)),
        )

    def _spoken(self, clause: Clause) -> str:
        """The main clause with its pronoun resolved."""
        who = person(clause.subject, self.setting)
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
            self.criterion,
            self.text,
            Kind.CHANGE,
            headline,
            tuple(given),
            steps,
            (clauses.sentence(change.outcome),),
            subject=change.subject,
            verb=change.verb,
            object=change.subject,
            conditions=self.conditions,
            main=self.main,
            constraints=constraints(self.sentence),
            quotes=quotations(self.text),
            assumed=change.assumed,
            negated=change.negated,
        )

    def _entered(
        self, clause: Clause, demand: inputs.Demand, given: list[str], actions: list[str]
    ) -> Statement:
        """A value must or must not be so: it is tried, and refused."""
        refusal = clauses.sentence(f"{demand.refused} is not accepted")
        said = self._otherwise(clause)
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
        if not actions and _is_choice(clause):
            actions = [clauses.sentence(f"Choose {clause.rest} for {observing.definite(clause.subject)}")]
            outcomes = (clauses.sentence(clauses.present(clause)),)
        if not actions and observing.is_request(clause.subject) and clause.form is Form.ACTIVE:
            actions = [f"Send {clause.subject}."]
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
            if not clause.subject or (clause.subject.lower() == "the system" and not self.setting.errand):
                return None
            if not (way := self._way_to(clause)):
                return None
            actions = [clauses.sentence(way)]
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


def _is_choice(clause: Clause) -> bool:
    """`A standing order can be weekly`."""
    chosen = clause.form is Form.COPULA and clause.modal in {"can", "may"} and not clause.negated
    return chosen and len(clause.rest.split()) == 1 and clause.rest.isalpha()


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


_LONGEST_SIGHT = 7
"""Words up to which a thing is looked at by its whole name."""
_PROGRAM = words.word_set("api system server endpoint service response")
_MAKING = words.word_set("export download print generate")

_WHERE = re.compile(
    r"\b(?:on|in|at|from) ((?:the|an?|each|every) [^,.;]{3,50}?)(?=$| (?:when|if|with|as|for|by|so|that|"
    r"which|instead|and)\b|[,.;])",
    re.IGNORECASE,
)


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
    if (
        not thing.replace(" ", "").isalpha()
        or not thing.islower()
        or not words.is_plural(thing)
        or parts[0] in words.DETERMINERS | _PARTICLES
    ):
        return act
    return " ".join(
        part for part in (clause.verb.capitalize(), words.with_article(words.singular(thing)), tail) if part
    )


_DEVELOPERS = frozenset({"developer", "dev", "committer", "maintainer", "architect", "team member"})


_PARTICLES = words.word_set("out in up off on down back away over through")


def _sighted(act: str) -> str:
    """`See the list` as `Look at the list`."""
    return re.sub(r"^(?:See|View) (?=[a-z])", "Look at ", act)


def _commanded(text: str) -> str:
    clause = clauses.parse(text)
    if clause.form is Form.ACTIVE and not clause.subject:
        return clauses.imperative(clause)
    return text
