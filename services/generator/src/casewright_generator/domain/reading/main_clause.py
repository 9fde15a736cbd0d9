"""Reads the main clause of a sentence: who may do what, or what must be seen."""

import re
from dataclasses import dataclass, replace

from casewright_generator.domain.language import clauses, words
from casewright_generator.domain.language.clauses import Clause, Form
from casewright_generator.domain.language.masking import quotations
from casewright_generator.domain.reading import changes, inputs, observing, sense
from casewright_generator.domain.reading.chores import is_chore
from casewright_generator.domain.reading.constraints import constraints
from casewright_generator.domain.reading.sentences import conjuncts
from casewright_generator.domain.reading.situations import (
    Setting,
    acts,
    doable,
    observation,
    person,
    place_condition,
    referent,
    retold,
    with_name,
    without_determiner,
)
from casewright_generator.domain.reading.statements import Condition, Kind, Statement
from casewright_generator.domain.reading.ways import way_to


@dataclass(frozen=True, slots=True)
class Reader:
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
        running = self.setting.strict and not self.setting.complaints
        if running and clause.form is Form.IMPERATIVE and clause.verb in _STEPS:
            return None
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
        if _is_sight_of_text(clause):
            return self._read_there(clause, given, actions)
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

    def _read_there(self, clause: Clause, given: list[str], actions: list[str]) -> Statement | None:
        """`The user sees "Sold out" when …`: what leads there is done, and seeing it is no step."""
        steps = actions or ([clauses.sentence(self.setting.errand)] if self.setting.errand else [])
        seen = observing.result_of(replace(clause, negated=False))
        if not steps or clause.negated:
            return None
        return Statement(
            **self._common(clause),  # type: ignore[arg-type]  # the fields above, by name
            kind=Kind.SCENARIO,
            headline=f"{seen.rstrip('.')} {self._when()}".strip(),
            given=tuple(given),
            actions=tuple(steps),
            outcomes=(seen,),
            actor=without_determiner(person(clause.subject, self.setting)),
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
        if not actions:
            actions, outcomes = self._brought_about(clause, outcomes)
        if not actions:
            return None
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

    def _brought_about(self, clause: Clause, outcomes: tuple[str, ...]) -> tuple[list[str], tuple[str, ...]]:
        """The action that leads to the outcomes, and they as seen then; no action where none is known."""
        if _is_choice(clause):
            chosen = f"Choose {clause.rest} for {observing.definite(clause.subject)}"
            return [clauses.sentence(chosen)], (clauses.sentence(clauses.present(clause)),)
        if observing.is_request(clause.subject) and clause.form is Form.ACTIVE:
            return [f"Send {clause.subject}."], (clauses.sentence(clauses.effect(clause)), *outcomes[1:])
        possible = clause.modal in {"can", "may", "could"} and not clause.negated
        if possible and clause.form is Form.ACTIVE:
            able = replace(clause, modal="")
            seen = observing.result_of(replace(able, subject=clause.subject))
            return [clauses.sentence(clauses.causative(able))], (seen,)
        if not clause.subject or (clause.subject.lower() == "the system" and not self.setting.errand):
            return [], outcomes
        way = way_to(clause, self.setting)
        return [clauses.sentence(way)] if way else [], outcomes


def _is_sight_of_text(clause: Clause) -> bool:
    """`sees "Room not available"`: a text that is shown."""
    quoted = bool(re.match(r"(?:(?:the|an?) (?:error )?(?:message|text|hint|error) )?[\"“]", clause.rest))
    return clause.form is Form.ACTIVE and clause.verb in {"see", "read"} and quoted


def _is_choice(clause: Clause) -> bool:
    """`A standing order can be weekly`."""
    chosen = clause.form is Form.COPULA and clause.modal in {"can", "may"} and not clause.negated
    return chosen and len(clause.rest.split()) == 1 and clause.rest.isalpha()


_STEPS = words.word_set("create put insert have")
"""What running text more often tells to reproduce something than demands."""


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
        or parts[0] in {"multiple", "several", "different", "various"}
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
