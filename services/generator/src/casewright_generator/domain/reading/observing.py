"""How a tester gets to see a thing, and what shows that something was done to it."""

import re
from dataclasses import replace

from casewright_generator.domain.language import clauses, phrasal, words
from casewright_generator.domain.language.clauses import Clause, Form
from casewright_generator.domain.language.masking import mask, tokens

_OPEN = words.word_set(
    "page screen dialog popup window view form wizard editor dashboard board gadget report tab panel "
    "perspective "
    "menu dropdown calendar homepage site website portal console app application overview profile cart "
    "basket inbox "
    "navigator sidebar document forum course survey quiz chart graph diagram"
)
_RUN = words.word_set(
    "command script job build plan stream task query analysis test batch process shell backup export import"
)
_CALL = words.word_set("api endpoint method function operation webservice resource route")
_USE = words.word_set(
    "module source sink processor server component service plugin option feature tool library driver "
    "structure "
    "support adapter connector parser client container system transformer router filter writer reader "
    "listener "
    "scheduler engine framework extension connection parameter param flag argument dsl handler provider "
    "repository "
    "utility counter gauge tuple agent runner installer search"
)
_SEEN = words.word_set(
    "column button field link page screen dialog popup menu item option parameter param flag argument "
    "command "
    "endpoint tooltip icon checkbox list label message text warning error notification email report "
    "chart graph "
    "table view tab panel section header footer banner toolbar wizard form gadget dashboard setting "
    "preference "
    "property attribute file image logo thumbnail filter title description status bar shortcut key value log "
    "entry row cell dropdown selector picker badge avatar prompt hint placeholder heading dialogue exception "
    "checkboxes"
)
_RESULTS = {
    "create": "{The} exists: it can be found and opened",
    "add": "{The} {is} there, also after the view is reloaded",
    "register": "{The} {is} registered and {is} listed",
    "delete": "{The} {is} gone: it is no longer listed and can't be opened",
    "remove": "{The} {is} gone, also after the view is reloaded",
    "edit": "{The} {has} the new values, also after the view is reloaded",
    "modify": "{The} {has} the new values, also after the view is reloaded",
    "update": "{The} {has} the new values, also after the view is reloaded",
    "change": "{The} {has} the new value, also after the view is reloaded",
    "rename": "{The} {is} listed under the new name, and no longer under the old one",
    "see": "{The} {is} shown",
    "view": "{The} {is} shown",
    "find": "{The} {is} among the results",
    "access": "{The} {is} opened",
    "visit": "{The} {is} opened",
    "download": "{The} {is} saved as a file that opens and is complete",
    "export": "{The} {is} saved as a file that opens and is complete",
    "have": "{The} {is} there",
    "use": "{The} {is} used, and no error is reported",
    "run": "{The} {is} run to the end without an error",
    "choose": "{The} {is} chosen: the selection shows it",
    "select": "{The} {is} selected: the selection shows it",
    "know": "{The} {is} shown",
    "get": "{The} {is} there",
    "receive": "{The} {is} there",
    "customize": "{The} {is} shown as set",
    "configure": "{The} {has} the value that was set, also after a restart",
    "set": "{The} {has} the value that was set",
    "specify": "{The} {is} taken over as given",
    "define": "{The} {is} taken over as given",
    "enter": "{The} {is} taken over as given",
    "provide": "{The} {is} taken over as given",
    "save": "{The} {is} stored: it has the same content when it is opened again",
    "store": "{The} {is} stored: it has the same content when it is opened again",
    "upload": "{The} {is} listed, and has the same content when it is opened",
    "import": "{The} {is} listed with the same content as in its source",
    "attach": "{The} {is} listed as attached, and can be opened",
    "copy": "{The} {is} there twice, with the same content",
    "share": "{The} can be seen by whom it was shared with",
    "undo": "{The} {is} undone: everything is as it was before",
}
PLACES = (
    _OPEN
    | _RUN
    | _CALL
    | words.word_set(
        "table list header footer banner wizard file log output response email section bar toolbar"
    )
)
_STATES_AFTER = {
    ("log", "in"): "logged in",
    ("log", "into"): "logged in",
    ("sign", "in"): "signed in",
    ("log", "out"): "logged out",
    ("sign", "out"): "signed out",
    ("sign", "up"): "signed up",
    ("opt", "in"): "opted in",
    ("opt", "out"): "opted out",
    ("login", ""): "logged in",
    ("logout", ""): "logged out",
    ("register", ""): "registered",
}
_ARTICLES = frozenset({"a", "an", "any", "my", "our", "their", "his", "her", "your", "its", "some"})
_COMPLETED = {
    ("check", "out"): "checkout",
    ("check", "in"): "check-in",
}
_OBJECT_END = re.compile(
    r",(?!\d)|:(?!\d)|\s(?:until|till|in|on|at|to|from|for|with|by|via|using|through|when|so|if|as|into|within|per|after|before|"
    r"over|of a|that|"
    r"which|who|where|without|during|instead|because|since|giving)\s"
)


def head(noun_phrase: str) -> str:
    """The noun that a phrase is about: the last word before a preposition, in lower case and singular."""
    found = ""
    for token in tokens(noun_phrase):
        if found and (
            token.bare in _CUTS
            or token.bare in words.PREPOSITIONS
            or token.bare in words.RELATIVES
            or token.bare in words.MODALS
        ):
            break
        if not token.quoted and token.bare not in words.PREPOSITIONS:
            found = token.bare
    if found.endswith("ies"):
        return found[:-3] + "y"
    return found.removesuffix("s") if not found.endswith(("ss", "us", "is")) else found


_CUTS = words.PRONOUNS | frozenset({"when", "if", "while", "so", "because", "where", "not", "then"})


def is_cut(phrase: str) -> bool:
    """Whether a conjunction or pronoun inside shows that the phrase is more than a noun phrase."""
    return any(token.bare in _CUTS for token in tokens(phrase)[1:])


def is_visible(noun_phrase: str) -> bool:
    """Whether the phrase names something that can be pointed at on a screen or in an output."""
    return head(noun_phrase) in _SEEN | _OPEN


_MADE = words.word_set(
    "refund transfer order payment purchase booking request withdrawal deposit donation reservation"
)


def is_made(noun_phrase: str) -> bool:
    """Whether the phrase names one thing that somebody makes or places: an order, a booking."""
    return head(noun_phrase) in _MADE and noun_phrase.lower().startswith(("a ", "an "))


def is_reaction(noun_phrase: str) -> bool:
    """Whether the phrase names what appears in answer to something: a message, an error, an email."""
    if noun_phrase[:1] in "\"“'" or noun_phrase.isdigit() or noun_phrase.lower().endswith("status code"):
        return True
    return "response time" in noun_phrase.lower() or head(noun_phrase) in _REACTIONS


_REQUEST = re.compile(r"^(?:GET|POST|PUT|PATCH|DELETE) /\S*")


def is_request(noun_phrase: str) -> bool:
    """Whether the phrase opens with a request to an endpoint: `POST /orders with a valid body`."""
    return bool(_REQUEST.match(noun_phrase))


_REACTIONS = words.word_set(
    "message error warning email notification exception confirmation alert toast result response mail "
    "sms hint prompt "
    "feedback"
)


def watched(noun_phrase: str) -> str:
    """`no email` → `an email`: what to watch for."""
    if noun_phrase.lower().startswith("no "):
        thing = noun_phrase[3:]
        return thing if words.is_plural(thing) else f"{'an' if thing[:1].lower() in 'aeio' else 'a'} {thing}"
    return definite(noun_phrase)


def approach(noun_phrase: str) -> str:
    """The instruction that brings a thing before the tester's eyes, without a full stop."""
    thing = definite(noun_phrase)
    noun = head(noun_phrase)
    if noun in _MADE and (words.is_plural(noun_phrase) or noun_phrase.lower().startswith(("a ", "an "))):
        one = clauses.lower_first(
            words.singular(noun_phrase) if words.is_plural(noun_phrase) else noun_phrase
        )
        made = one if one.startswith(("a ", "an ")) else f"{'an' if one[:1] in 'aeio' else 'a'} {one}"
        return f"{'Place' if noun == 'order' else 'Make'} {made}"
    many = words.is_plural(noun_phrase)
    for nouns, verb in ((_OPEN, "Open"), (_RUN, "Run"), (_CALL, "Call"), (_USE, "Use")):
        if noun in nouns and not (many and verb in {"Run", "Call"}):
            return f"{verb} {thing}"
    return f"Look at {thing}"


def definite(noun_phrase: str) -> str:
    """`a cart` → `the cart`, `cart` → `the cart`; names and what has a determiner stay."""
    phrase = noun_phrase.strip().rstrip(",.")
    first, _, others = phrase.partition(" ")
    if first.lower() in _ARTICLES and others and not others.startswith("of "):
        return f"the {others}"
    if first.lower() in words.DETERMINERS | words.PRONOUNS | {"no"}:
        return clauses.lower_first(phrase)
    if words.is_plural(phrase) or words.base_of_gerund(first) or first in words.GERUND_NOUNS:
        return _lowered(phrase)
    if first[:1].islower() and first.isalpha():
        return f"the {phrase}"
    if others and not others.islower():
        return phrase
    lowered = clauses.lower_first(phrase)
    return f"the {lowered}" if lowered != phrase else phrase


def _lowered(phrase: str) -> str:
    """`Invoices of 5 EUR` → `invoices of 5 EUR`, but `Team Leads` stays."""
    first, _, others = phrase.partition(" ")
    if others.split(" ", 1)[0].lower() in words.PREPOSITIONS and first[1:].islower():
        return phrase[:1].lower() + phrase[1:]
    return clauses.lower_first(phrase) if others.islower() or not others else phrase


_AT_MOST = re.compile(r"^(?:up to|at most|no more than|not more than) (?=\d)", re.IGNORECASE)


def object_of(rest: str) -> tuple[str, str]:
    """A verb's object and what follows it: `a file to the space` → `a file`, `to the space`."""
    rest = rest.strip().rstrip(".")
    rest = _AT_MOST.sub("", rest)
    masked = mask(rest)
    opening = rest.split(" ", 1)[0].lower()
    if opening in words.PREPOSITIONS or (words.base_of_gerund(opening) and opening not in words.GERUND_NOUNS):
        return "", rest
    listed = not any(words.base_of_gerund(word) for word in masked.lower().split())
    if listed and "," in masked and len(masked) < _LONGEST_LIST and _ENUMERATED.match(masked):
        return rest, ""
    match = _OBJECT_END.search(masked)
    if match and match.start():
        return rest[: match.start()].strip(), rest[match.start() :].strip(" ,:")
    return ("", rest.strip()) if match else (rest.strip(), "")


def has_result(verb: str) -> bool:
    """Whether there is more to see of what a verb does than that it is done."""
    return verb in _RESULTS or any(verb == known for known, _ in _STATES_AFTER)


def result_of(clause: Clause) -> str:
    """What can be seen once somebody did what the clause says, as a sentence."""
    if clause.form is Form.PASSIVE:
        thing, tail = clause.subject, clause.rest
    else:
        thing, tail = object_of(clause.rest)
    particle, others = ("", "") if clause.form is Form.PASSIVE else phrasal.parts(clause.verb, clause.rest)
    if particle:
        thing, tail = object_of(others)
    thing = _without_adverb(thing)
    if (clause.verb in words.INTRANSITIVE and not (particle and thing)) or not thing:
        return _gone_through(clause, particle)
    if particle:
        thing = definite(thing)
        done = f"{words.participle(clause.verb)} {particle}"
        return clauses.sentence(" ".join(part for part in (thing, words.is_are(thing), done, tail) if part))
    thing = definite(thing)
    template = _RESULTS.get(clause.verb)
    if clause.verb == "enter" and head(thing) not in _SEEN | _TYPED:
        template = None
    if template:
        big = (
            thing[:1].upper() + thing[1:] if thing.startswith(("the ", "all ", "each ", "every ")) else thing
        )
        be = words.is_are(thing)
        text = template.format(The=big, **{"is": be}, has=words.has_have(thing))
        text = (
            text.replace(": it is", ": they are").replace(": it can", ": they can") if be == "are" else text
        )
        text = text.replace("it has the same", "they have the same") if be == "are" else text
        text = text.replace(" and has the same", " and have the same") if be == "are" else text
        text = text.replace(" when it is opened", " when they are opened") if be == "are" else text
        text = text.replace(" exists:", " exist:") if be == "are" else text
        return clauses.sentence(text)
    if tail.startswith(("and ", "that ", "which ")):
        tail = ""
    return clauses.sentence(
        " ".join(part for part in (thing, words.is_are(thing), words.participle(clause.verb), tail) if part)
    )


_ADVERBIAL = frozenset({"later", "again", "there", "here", "elsewhere", "afterwards"})


def _without_adverb(thing: str) -> str:
    """`resources directly` → `resources`, `later` → nothing."""
    lead, _, last = thing.rpartition(" ")
    adverb = last.endswith("ly") and last[:1].islower() and last not in _NOUNS_IN_LY
    return lead if last.lower() in _ADVERBIAL or adverb else thing


_NOUNS_IN_LY = frozenset({"reply", "family", "supply", "assembly", "anomaly", "only", "monthly", "weekly"})


def _gone_through(clause: Clause, particle: str) -> str:
    """What is seen once somebody did what needs no object: `sign in` → `The user is signed in`."""
    who = clause.subject or "the user"
    if noun := _COMPLETED.get((clause.verb, particle)):
        return f"The {noun} is completed."
    first = clause.rest.split(" ", 1)[0].lower()
    if done := _STATES_AFTER.get((clause.verb, first)) or _STATES_AFTER.get((clause.verb, "")):
        return clauses.sentence(f"{definite(who)} {words.is_are(who)} {done}")
    return clauses.sentence(clauses.present(_plain(clause), subject=definite(who), negated=False))


_TYPED = words.word_set(
    "password username name code number email address date amount quantity title text comment value url pin"
)


def undone(act: str) -> str:
    """That an instruction left no trace: `upload a file` → `the file is not uploaded`; else empty."""
    clause = clauses.command(act)
    particle, others = phrasal.parts(clause.verb, clause.rest)
    thing, tail = object_of(others)
    if not clause.verb or not thing or (clause.verb in words.INTRANSITIVE and not particle):
        return ""
    if tail.startswith(("and ", "that ", "which ", "in the stat")) or thing.lower() in _SELVES:
        tail = ""
    what = definite(thing) if thing.lower() not in _SELVES else "the own account"
    done = f"{words.participle(clause.verb)} {particle}".strip()
    return " ".join(part for part in (what, words.is_are(what), "not", done, tail) if part)


_SELVES = frozenset({"himself", "herself", "itself", "themselves", "yourself", "himself or herself"})


_ENUMERATED = re.compile(r"^[\w' -]{1,40}(?:, [\w' -]{1,40}){0,8},? (?:and|or) [\w' -]{1,40}$")


_LONGEST_LIST = 160


def _plain(clause: Clause) -> Clause:
    return replace(clause, form=Form.ACTIVE, modal="")
