"""Given/When/Then, clause by clause."""

import re
from dataclasses import replace

from casewright_generator.domain.language import clauses, words
from casewright_generator.domain.language.masking import quotations
from casewright_generator.domain.reading import observing
from casewright_generator.domain.reading.constraints import constraints
from casewright_generator.domain.reading.sentences import Scenario
from casewright_generator.domain.reading.situations import (
    Setting,
    observation,
    retold,
    sort_out,
    state,
    without_determiner,
)
from casewright_generator.domain.reading.statements import Kind, Statement


def of_scenario(criterion: str, text: str, parts: Scenario, setting: Setting) -> Statement:
    """The statement of a Given/When/Then."""
    for part in parts.given:
        who = _introduced(part, setting)
        if who:
            setting = replace(setting, role=who)
            break
    given = [_present(part, setting) for part in parts.given]
    actions: list[str] = []
    for part in parts.when:
        sort_out(part, given, actions, setting)
    outcomes = tuple(observation(part, setting) for part in _with_subjects(parts.then))
    trigger = " and ".join(retold(part, setting) for part in parts.when)
    first = " and ".join(
        outcome.rstrip(".") if not index else clauses.lower_first(outcome.rstrip("."))
        for index, outcome in enumerate(outcomes[:2])
    )
    headline = f"{first} when {trigger}" if trigger else first
    if label := _label(text):
        headline = label
    if not actions and parts.when:
        actions = [clauses.sentence(f"Bring this about: {retold(part, setting)}") for part in parts.when]
        given = [one for one in given if one not in {state(part, setting) for part in parts.when}]
    if not actions:
        last = clauses.parse(parts.then[0])
        actions.append(
            clauses.sentence(observing.approach(last.subject) if last.subject else "Look at the result")
        )
    return Statement(
        criterion,
        text,
        Kind.SCENARIO,
        headline,
        tuple(given),
        tuple(actions),
        outcomes,
        actor="",
        constraints=constraints(" ".join(text.split())) if "\n" not in text else (),
        quotes=quotations(text),
        negated=any(
            f" {word} " in f" {part.lower()} "
            for part in parts.then
            for word in ("not", "no", "cannot", "error")
        ),
        main=parts.then[0],
    )


def _with_subjects(parts: tuple[str, ...]) -> list[str]:
    """`is locked out` after `the player is removed`, with its subject."""
    found: list[str] = []
    subject = ""
    for part in parts:
        clause = clauses.parse(part)
        first = part.split(maxsplit=1)[0].lower() if part.split() else ""
        leaning = not clause.subject and (first in words.AUXILIARIES or bool(words.base_of_third(first)))
        found.append(f"{subject} {part}" if leaning and subject else part)
        subject = clause.subject or subject
    return found


_LABEL = re.compile(
    r"^\W*(?:scenario|example)\b[ \d]*(?:outline)?\s*[:.-]\s*(?P<name>[^\n]{4,120})$",
    re.IGNORECASE | re.MULTILINE,
)
_FEWEST_WORDS = 2


def _label(text: str) -> str:
    """The name that the author gave the scenario; empty where it has none that says something."""
    match = _LABEL.search(text)
    name = match["name"].strip(" *_.") if match else ""
    return clauses.capital(name) if len(name.split()) >= _FEWEST_WORDS else ""


def _present(part: str, setting: Setting) -> str:
    """A Given as a state; a person alone is whom the tester plays."""
    if not clauses.parse(part).has_predicate and clauses.is_actor(part, setting.roles):
        return clauses.sentence(f"Acting as {words.with_article(without_determiner(part))}")
    return state(part, setting)


def _introduced(text: str, setting: Setting) -> str:
    """The person whom a Given brings in: `a registered user on the login page` → `registered user`."""
    clause = clauses.parse(text)
    phrase = clause.subject if clause.has_predicate else text
    thing, _ = observing.object_of(phrase)
    if clauses.is_actor(thing, setting.roles) and thing.lower() not in words.PRONOUNS:
        return without_determiner(thing).lower()
    return ""
