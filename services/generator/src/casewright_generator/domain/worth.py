"""Whether a tester would keep the case of a statement: better a question than a case that shows nothing."""

import re

from casewright_generator.domain import clauses, observing, words
from casewright_generator.domain.clauses import Form
from casewright_generator.domain.masking import mask, tokens
from casewright_generator.domain.statements import Kind, Statement

_OURS = words.word_set("look watch open use call run let make go")
"""Verbs of instructions that were made up to get at a thing, unless the sentence has them too."""
_ON_SCREEN = words.word_set(
    "column button field link page screen dialog popup menu tooltip icon checkbox list label message text "
    "warning report chart graph table view tab panel section header footer banner toolbar wizard form gadget "
    "dashboard image logo thumbnail title dropdown selector picker badge avatar prompt hint placeholder heading "
    "window box bar sidebar calendar item row card tile notification profile shortcut survey quiz forum"
)
_VISIBLE = words.word_set(
    "show display list appear disappear hide highlight sort order group label name rename disable enable lock "
    "contain include have collapse expand select check underline align print render translate mark colour color "
    "open close redirect move place position replace filter pre-select clear prefill populate remember keep"
)
_QUALITIES = words.word_set(
    "there visible hidden disabled enabled empty read-only readonly editable sortable clickable selectable "
    "mandatory optional required collapsed expanded selected checked unchecked bold red green grey gray blue "
    "aligned available in on at below above under next beside first last no"
)
_HOLLOW = re.compile(
    r"and no error is reported|run to the end without an error|succeeds? without an error|"
    r"\bworks?(?: (?:fine|well|properly|nicely|correctly|again|just fine))?\b|\bproper(?:ly)?\b|\bcorrect(?:ly)?\b|"
    r"\bimprov\w+|\bas expected\b|\brefactor\w*|\bsupports?\b|\bis (?:used|implemented|supported|handled)\b|"
    r"^The following\b|\bthe same feature\b",
    re.IGNORECASE,
)
"""Results that say no more than that it is good."""
_HEDGED = re.compile(
    r"\b(?:often|sometimes|appears? to|seems?|seem to|used to|currently|already|though|although|difficult|"
    r"a lot|might|maybe|perhaps|basically|e\.g|i\.e|etc|instead of that|whatever|some kind|as possible|"
    r"as follows|the following)\b",
    re.IGNORECASE,
)
# An article before what can't be a noun: "The if the job is stateful", "The well is run".
_TORN = re.compile(
    r"^(?:the|an?) (?:if|whether|how|what|when|to|not|also|well|and|or|as|for|by|with|immediately|directly|"
    r"automatically|correctly|properly|manually|the|is|are)\b|\b(?:is|are|be|the|an?|to|of|and|or|with|not)\.$",
    re.IGNORECASE,
)
_SELF = re.compile(r"(?:^|[\s(])(?:I|I'm|I'd|I've|we|We|us|me|you|You)\b(?!\w)")
_NEEDS_OBJECT = words.word_set("get have contain include provide return use need allow take give save cause")
_LONGEST_THING = 6
_LONGEST_OUTCOME = 28


def is_whole(statement: Statement) -> bool:
    """Whether nothing in the case is torn or half a sentence; holds for whatever it was read from."""
    texts = (*statement.given, *statement.actions, *statement.outcomes)
    return not any(_is_torn(text) for text in texts) and not any(map(_lacks_object, statement.outcomes))


def is_telling(statement: Statement) -> bool:
    """Whether the case of a sentence that nobody called a criterion has a real step and a result to see."""
    if statement.kind is Kind.CASE or statement.kind is Kind.ROW:
        return True
    outcome = " ".join(statement.outcomes)
    if _HEDGED.search(mask(outcome)) or _HOLLOW.search(mask(outcome)):
        return False
    if len(outcome.split()) > _LONGEST_OUTCOME or not all(map(_is_said_by_author, [*statement.given])):
        return False
    if outcome.startswith("The system ") and "system" not in statement.text.lower():
        return False
    return bool(statement.actions) and all(_is_real(action, statement) for action in statement.actions)


def _is_said_by_author(given: str) -> bool:
    """Whether a state can be set up: one that is doubted or told at length can't."""
    return not _HEDGED.search(mask(given)) and len(given.split()) <= _LONGEST_OUTCOME


def _is_torn(text: str) -> bool:
    masked = mask(text)
    if _TORN.search(masked) or _SELF.search(masked):
        return True
    return text.count("(") != text.count(")") or text.count("[") != text.count("]")


def _lacks_object(outcome: str) -> bool:
    """`The user gets.`"""
    clause = clauses.parse(outcome)
    return clause.form is Form.ACTIVE and clause.verb in _NEEDS_OBJECT and not clause.rest


def _is_real(action: str, statement: Statement) -> bool:
    """Whether a step is one that the sentence itself names, or leads to something on a screen."""
    found = tokens(action)
    verb = found[0].bare if found else ""
    if verb in {"let", "make"}:
        return bool(re.match(r"Let \d.* pass\b", action))
    if verb not in _OURS or (verb not in {"look", "watch"} and _has_verb(statement.text, verb)):
        return True
    if verb not in {"look", "open"}:
        return False
    thing = re.sub(r"^(?:Look (?:at|for)|Open) ", "", action).rstrip(".")
    place, _, sight = thing.partition(" and look ")
    if _is_on_screen(place) and (not sight or len(sight.split()) <= _LONGEST_THING + 1):
        return _is_visible(statement.outcomes)
    return False


def _has_verb(text: str, verb: str) -> bool:
    forms = {verb, words.third_person(verb), words.gerund(verb), words.participle(verb)}
    return any(token.bare in forms for token in tokens(text))


def _is_on_screen(thing: str) -> bool:
    return len(thing.split()) <= _LONGEST_THING and observing.head(thing) in _ON_SCREEN and "(" not in thing


def _is_visible(outcomes: tuple[str, ...]) -> bool:
    """Whether each outcome is one that the eye can check."""
    for outcome in outcomes:
        clause = clauses.parse(outcome)
        first = clause.rest.split(maxsplit=1)[0].lower().strip(".,") if clause.rest else ""
        if clause.form is Form.COPULA and first not in _QUALITIES:
            return False
        if clause.form in (Form.ACTIVE, Form.PASSIVE) and clause.verb not in _VISIBLE:
            return False
        if not clause.has_predicate:
            return False
    return True
