"""Steps to reproduce a fault, as the regression case that they are."""

import re
from dataclasses import replace

from casewright_common.events import Criterion, Story
from casewright_generator.domain.language import clauses, words
from casewright_generator.domain.language.masking import tokens
from casewright_generator.domain.planning.conditions import normal
from casewright_generator.domain.reading import chores, defects, sentences, whole
from casewright_generator.domain.reading.situations import Setting, observation
from casewright_generator.domain.reading.statements import Kind, Statement

_STEPS = re.compile(
    r"^\W*(?:steps? to (?:reproduce|replicate)|to reproduce|how to reproduce|reproduction steps|repro steps|"
    r"replication (?:steps|instructions)|steps)\b[^:]{0,30}:?\W*$",
    re.IGNORECASE,
)
_EXPECTED = re.compile(
    r"^\W*expected(?: results?| behaviou?rs?| outcome| output)?\W*(?::|$)\s*(?P<rest>.*)$", re.IGNORECASE
)
_LABEL = re.compile(
    r"^\W*(?:[a-z]+ ){0,3}[a-z]+:\s*$|^\W*(?:actual|result|observed|note|workaround)\b.{0,40}:", re.IGNORECASE
)
_MOST_STEPS = 12
_FEWEST_STEPS = 2
_LONGEST_STEP = 220
_MOST_OUTCOMES = 2


def read(story: Story, criteria: tuple[Criterion, ...], setting: Setting) -> Statement | None:
    """The steps with what must come out; `None` where either is missing, or no criterion fits."""
    lines = story.text.splitlines()[:400]
    steps = _steps(lines)
    expected = _expected(lines)
    if len(steps) < _FEWEST_STEPS or not criteria:
        return None
    outcomes = tuple(observation(one, setting) for one in sentences.sentences(expected)[:_MOST_OUTCOMES])
    if not outcomes:
        complaint = defects.read("AC-1", story.title, " ".join(story.title.split()))
        outcomes = complaint.outcomes if complaint else ()
    if not outcomes or any(chores.is_code(one) for one in outcomes):
        return None
    cited = _cited(criteria, expected or story.title)
    if cited is None:
        return None
    actions = tuple(map(_instruction, _without_fault(steps)))
    if len(actions) < _FEWEST_STEPS or not all(map(_can_be_done, actions)):
        return None
    if not whole.is_whole(_with(cited, actions[:0], outcomes)):
        return None  # the steps are the reporter's own words, what comes out must be whole
    return _with(cited, actions, outcomes)


def _with(cited: Criterion, actions: tuple[str, ...], outcomes: tuple[str, ...]) -> Statement:
    return Statement(
        criterion=cited.id,
        text=cited.text,
        kind=Kind.DEFECT,
        headline=outcomes[0].rstrip("."),
        actions=actions,
        outcomes=outcomes,
        main=cited.text,
    )


_SEES = re.compile(
    r"^(?:-> ?)?(?:now )?(?:see|notice|observe|note)(?: that)?\b|^(?:actual|result)\b", re.IGNORECASE
)
_PLACED = re.compile(
    r"^(?:as|in|from|on|at|under|for|with|within|using|after|once|when|if|while|via|through|to|inside)\b",
    re.IGNORECASE,
)
_INSTRUCTS = 8
"""Words of a step within which its verb must come."""


def _without_fault(steps: list[str]) -> list[str]:
    """The steps without the last one, where it tells what goes wrong."""
    last = clauses.parse(steps[-1])
    told = last.modal in {"will", "would"} or last.negated or last.form is clauses.Form.COPULA
    fault = last.form is not clauses.Form.IMPERATIVE and bool(last.subject) and told
    return steps[:-1] if fault or _SEES.match(steps[-1]) else steps


def _can_be_done(action: str) -> bool:
    """Whether a step of a reporter tells what to do: it opens with a verb, or with where, as whom or when."""
    found = [token.bare for token in tokens(action)][:_INSTRUCTS]
    if not found or action[:1] in _MARKS or whole.is_torn(action):
        return False
    if (
        words.is_verb(found[0])
        or found[0] in {"log", "login", "ensure", "go", "click", "please", "now", "then"} | _WATCHES
    ):
        return True
    return bool(_PLACED.match(action)) and any(map(words.is_verb, found[1:]))


_WATCHES = words.word_set("observe note notice see")
_MARKS = "-|!{[<>=*#"


def without_repeated(statements: list[Statement], case: Statement) -> list[Statement]:
    """The statements, that of the reproduction's criterion replaced by the reproduction."""
    kept = [one for one in statements if one.criterion != case.criterion or one.conditions or one.constraints]
    return [replace(case), *kept]


def _steps(lines: list[str]) -> list[str]:
    start = next((at for at, line in enumerate(lines) if _STEPS.match(line)), None)
    if start is None:
        return []
    found: list[str] = []
    for line in lines[start + 1 :]:
        bare = sentences.lines(line)
        if line.startswith("```") or _LABEL.match(line) or _EXPECTED.match(line):
            break
        if not bare:
            if found:
                break
            continue
        found.append(bare[0])
    sound = all(len(step) <= _LONGEST_STEP and not chores.is_code(step) for step in found)
    return found if sound and len(found) <= _MOST_STEPS else []


def _expected(lines: list[str]) -> str:
    for at, line in enumerate(lines):
        match = _EXPECTED.match(line)
        if match:
            rest = match["rest"].strip()
            following = next((one for one in lines[at + 1 : at + 3] if one.strip()), "")
            return rest or " ".join(sentences.lines(following))
    return ""


def _instruction(step: str) -> str:
    step = step.lstrip("-> ")
    clause = clauses.parse(step)
    if clause.form is clauses.Form.ACTIVE and clauses.is_actor(clause.subject) and not clause.past:
        return clauses.sentence(clauses.imperative(clause))
    return clauses.sentence(step)


def _cited(criteria: tuple[Criterion, ...], text: str) -> Criterion | None:
    """The criterion that says the same, or shares most words."""
    words = set(normal(text).split())
    best = max(criteria, key=lambda one: (len(words & set(normal(one.text).split())), -int(one.id[3:])))
    shared = len(words & set(normal(best.text).split()))
    return best if words and shared * 2 >= len(words) else None
