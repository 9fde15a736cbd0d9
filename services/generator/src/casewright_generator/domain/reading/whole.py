"""Whether a case is whole: no half sentence, no torn noun phrase, nothing of what its author thinks."""

import re

from casewright_generator.domain.language import clauses, words
from casewright_generator.domain.language.clauses import Form
from casewright_generator.domain.language.masking import mask, tokens
from casewright_generator.domain.reading import observing
from casewright_generator.domain.reading.statements import Kind, Statement

_TORN = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # an article before what can't be a noun: "The if the job is stateful", "The well is run"
        (
            r"^(?:the|an?) (?:if|whether|how|what|when|to|not|also|well|and|or|as|for|by|with|immediately|"
            r"directly|everything|here|automatically|correctly|properly|manually|the|is|are)\b"
        ),
        # cut off behind a little word
        r"\b(?:is|are|be|the|an?|to|of|and|or|not|who|which|who have)\.$",
        # a denial that can't be turned round: "The filter has any effect", "Any event is fired"
        r"\b(?:have|has|shows?) any\b|^any\b|(?<!not )\bat all\.$|does not must|^this does not happen\b",
        # a fault whose name is a sentence: "No listener fails with NPE occurs"
        r"^no .*\b(?:fails?|is|are|does) .*\boccurs?\.$|^(?:no )?error show",
        # a pronoun in the place of a thing, and a second sentence behind a semicolon
        r"\bit yourself\b|\b(?:yourself|themselves) (?:is|are)\b|^the (?:everything|anything|all)\b",
        r"; (?:it|they|this|we|that)(?:'re|'s)?\b",
        # half a phrase: "Is renamed to something", "The bar appears only", "And fields are there"
        r"\bto something\b|\bappears? only\.$|^(?:and|or|but) |\bthese steps\.$|^have the possibility\b",
        r"^(?:on|in|at|by|for|with|to|from) (?:where|what|how|which)\b|\b(?:is|are) (?:re)?deploy\.$",
        # words that lost their place: "Benchmarks along are published", "The page is there style info"
        r"\balong (?:is|are)\b|\b(?:is|are) shown to be\b|^try to [a-z]+ of\b",
        (
            r"\b(?:is|are) there (?!(?:in|on|at|for|and|with|after|also|when|as|to|under|below|above|again|"
            r"instead|by|if|once|too|then|now|next|from|within|twice|only|any|already|by)\b)[a-z]"
        ),
        # the next item of a numbered list, and a phrase without its noun
        r"\b\d\. [A-Z]|^(?:of|upon|should)\b",
    )
)
_THINKS = re.compile(r"\bI(?:'m|'d|'ve| think| guess| believe| would)\b|\bwe(?:'re|'d|'ve| think)\b")
_NEEDS_OBJECT = words.word_set("get have contain include provide return use need allow take give save cause")


def is_whole(statement: Statement) -> bool:
    """Whether nothing in the case is torn or half a sentence; holds for whatever it was read from."""
    texts = (*statement.given, *statement.actions, *statement.outcomes)
    if statement.actor[:1].isdigit():
        return False  # "Acting as a 13 person"
    if not all(map(_is_command, statement.actions)) or any(map(_is_gerund, statement.outcomes)):
        return False
    if statement.kind is Kind.PROHIBITION and statement.actions:
        texts = (*texts, observing.undone(statement.actions[-1]))
    return not any(is_torn(text) for text in texts) and not any(map(_is_broken, statement.outcomes))


def _is_gerund(outcome: str) -> bool:
    """Whether it is but a gerund: `Allowing for notifications`."""
    return clauses.parse(outcome).form is Form.GERUND


def _is_command(action: str) -> bool:
    """Whether it starts like an instruction, and not like a noun or with a mark."""
    found = tokens(action)
    if not found or not action[0].isalpha() or found[0].bare in words.DETERMINERS | words.PRONOUNS | _NO_STEP:
        return False
    if _NO_ACT.match(action):
        return False
    related = any(token.bare in words.RELATIVES | {"when", "if", "because", "as"} for token in found)
    return related or not _CLAUSAL.search(mask(action))


_NO_ACT = re.compile(
    r"^(?:Try to )?(?:do (?:everything|anything|something|all|it|this|that)|see (?!the |an? ).*|want to .*|"
    r"(?:order|user|account|payment|booking|report|document|file|form|record|address|plan|sign|book) "
    r"(?:cancell|confirm|creat|delet|complet|registr|valid|modific|activ|notific|"
    r"integr|configur)[a-z]*tion)\.$",
    re.IGNORECASE,
)
"""What tells no tester what to do: a noun phrase whose first word might be a verb, or doing `everything`."""
_NO_STEP = frozenset({"as", "if", "when", "because", "since", "time", "for", "on", "in", "there", "fix"})
_CLAUSAL = re.compile(
    r"\b(?:doesn't|don't|does not|isn't|aren't|can't)\b|"
    r"\band (?:have|has|also|consider|assert|it|they|we)\b|\b(?:due|depending|anymore)\b|"
    r"\bthen either\b|---|,[a-z]|\b(?:stays|remains) the same\b|"
    r"\b(?:should|must|possibly)\b",
    re.IGNORECASE,
)


def is_torn(text: str) -> bool:
    """Whether a text is cut off, joined from halves, or tells what its author thinks."""
    masked = mask(text)
    if any(pattern.search(masked) for pattern in _TORN) or _THINKS.search(masked):
        return True
    return (
        bool(re.search(r"<[a-z]+ [^>]*$", text))
        or text.count("(") != text.count(")")
        or text.count("[") != text.count("]")
        or text.count('"') % 2 == 1
    )


def _is_broken(outcome: str) -> bool:
    """Whether it is no sentence: `The user gets`, `The domain is redeploy`, `A is the B is shown`."""
    clause = clauses.parse(outcome)
    lacking = clause.verb in _NEEDS_OBJECT and not clause.rest
    if clause.form is Form.ACTIVE and (lacking or clause.verb == "do"):
        return True
    if clause.form is not Form.COPULA:
        return False
    found = tokens(clause.rest)
    first = next((token for token in found if token.bare not in {"now", "not", "then"}), None)
    torn = {"use", "return", "store", "show", "log"}
    if first and not first.quoted and (first.bare in torn or _is_bare_verb(first.bare)):
        return True
    joined = any(token.bare in words.RELATIVES | _JOINING or token.text[-1:] in ",:;" for token in found)
    return not joined and any(token.bare in {"is", "are"} and not token.quoted for token in found)


def _is_bare_verb(word: str) -> bool:
    return words.is_verb(word) and not words.may_be_noun(word) and word not in _ADJECTIVES


_ADJECTIVES = words.word_set(
    "open empty set complete clear separate correct free live own present select close secure duplicate read "
    "put lower better even welcome dry warm narrow"
)
_JOINING = words.word_set(
    "and or but when if that than as because where while after before until unless what how"
)
