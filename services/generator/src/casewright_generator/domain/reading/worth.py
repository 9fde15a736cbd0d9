"""Whether a tester would keep the case of a statement: better a question than a case that shows nothing."""

import re

from casewright_generator.domain.language import clauses, words
from casewright_generator.domain.language.clauses import Form
from casewright_generator.domain.language.masking import Token, mask, tokens
from casewright_generator.domain.reading import observing, sights
from casewright_generator.domain.reading.statements import Kind, Statement

_OURS = words.word_set("look watch open use call run let make go")
"""Verbs of instructions that were made up to get at a thing, unless the sentence has them too."""
_HOLLOW = re.compile(
    r"and no error is reported|\bknows?\b|run to the end without an error|(?:succeeds?|"
    r"runs?) without (?:an? )?(?:error|problem|reopen)|\bruns?(?: well)?\.$|\bshows? well\b|"
    r"\bhappens?\.$|"
    r"\bworks?(?: (?:fine|well|properly|nicely|correctly|again|just fine))?\b|\bproper(?:ly)?\b|"
    r"\bcorrect(?:ly)?\b|\bhard time\b|\b(?:uses|does|explains|handles|supports) (?:it|this|that|them)\b|"
    r"\bimprov\w+|\bas expected\b|\brefactor\w*|\bsupports?\b|\bis (?:used|implemented|supported|handled)\b|"
    r"^The following\b|\bthe same feature\b|^The (?:issue|problem|bug|fix)\b",
    re.IGNORECASE,
)
"""Results that say no more than that it is good."""
_HEDGED = re.compile(
    r"\b(?:often|sometimes|appears? to|seems?|seem to|used to|currently|already|though|although|difficult|"
    r"a lot|might|maybe|perhaps|basically|e\.g|i\.e|etc|instead of that|whatever|some kind|as possible|"
    r"as follows|the following)\b",
    re.IGNORECASE,
)
_SELF = re.compile(r"(?:^|[\s(])(?:I|I'm|I'd|I've|we|We|us|me|you|You)\b(?!\w)")
_LONGEST_THING = 6
_LONGEST_OUTCOME = 28


def is_telling(statement: Statement, *, titled: bool) -> bool:
    """Whether the case of a sentence that nobody called a criterion has a real step and a result to see.

    `titled` says that the sentence is the story's title.
    """
    if statement.kind in (Kind.CASE, Kind.ROW):
        return True
    if _is_faults_echo(statement) or _is_look_at_behaviour(statement):
        return False
    if _echoes(statement) or any(map(_is_vague_step, statement.actions)) or not statement.actions:
        return False
    outcome = " ".join(statement.outcomes)
    if _is_empty_talk(outcome, statement) or not all(map(_can_be_set_up, statement.given)):
        return False
    if not statement.modal and statement.conditions and not titled:
        seen = sights.is_seen(statement.outcomes) and not _FAULTY.search(mask(outcome))
        if not seen:
            return False  # a fault is told, or how it is made
    demanded = titled or statement.modal in {"must", "should", "shall"}
    return all(_is_real(action, statement, demanded=demanded) for action in statement.actions)


def _is_empty_talk(outcome: str, statement: Statement) -> bool:
    """Whether the outcome doubts, praises, tells of the team's work, or is too long to check."""
    masked = mask(outcome)
    technical = _TECHNICAL.search(mask(" ".join((*statement.actions, outcome))))
    return bool(
        _HEDGED.search(masked)
        or _HOLLOW.search(masked)
        or _SELF.search(masked)
        or technical
        or len(outcome.split()) > _LONGEST_OUTCOME
        or _is_invented(outcome, statement)
    )


_TECHNICAL = re.compile(r"\btests?\b|>=|<=|==|->")


def is_plausible(statement: Statement, *, rough: bool) -> bool:
    """Whether the case of an item of a list holds together; an author's list may hold anything.

    `rough` says that the story is a developer's note rather than a specification.
    """
    if _is_look_at_behaviour(statement):
        return False
    if rough and statement.kind not in (Kind.REFUSAL, Kind.DEFECT, Kind.LIMIT):
        return is_telling(statement, titled=False)
    told = statement.kind in (Kind.PROPERTY, Kind.QUOTED, Kind.CHANGE) and bool(statement.actions)
    limited = statement.constraints and ", " not in statement.actions[-1]
    if not told or limited:  # boundary values say what to do
        return True
    outcome, action = " ".join(statement.outcomes), statement.actions[-1]
    complains = statement.negated and statement.modal == "can"
    bare = re.match(r"Look for (?:the |an? )?[\w-]+\.$", action)
    half = statement.kind is Kind.PROPERTY and not all(map(_is_said_whole, statement.outcomes))
    if complains or bare or half or _is_invented(outcome, statement) or _SPLICED.search(mask(outcome)):
        return False
    looked = _LOOKED.match(action)
    return looked is None or _is_worth_a_look(looked, outcome, statement)


def _is_faults_echo(statement: Statement) -> bool:
    """`Log to the log`: `The user logs to the log`: what can't be done is but done."""
    if statement.kind is not Kind.DEFECT:
        return False
    verb = statement.actions[-1].split()[0].lower() if statement.actions else ""
    outcome = " ".join(statement.outcomes).lower()
    return verb == "get" or outcome.startswith(f"the user {words.third_person(verb)}") or " needs " in outcome


def _is_look_at_behaviour(statement: Statement) -> bool:
    """`Look at the field`: `The field accepts only digits`: what only shows once something is done."""
    if all(map(_APPROACH.match, statement.actions)) and any(map(_POSSIBLE.search, statement.outcomes)):
        return statement.kind in (Kind.PROPERTY, Kind.QUOTED, Kind.CHANGE)
    looked = all(re.match(r"(?:Look (?:at|for)|Watch for) ", action) for action in statement.actions)
    if statement.kind in (Kind.CASE, Kind.ROW, Kind.DEFECT) or not looked:
        return False
    if any(map(_IN_TIME.search, statement.outcomes)):
        return True  # nothing says when the time starts
    if statement.constraints:
        return False
    return any(_is_behaviour(one, caused=bool(statement.conditions)) for one in statement.outcomes)


def _is_behaviour(outcome: str, *, caused: bool) -> bool:
    clause = clauses.parse(outcome)
    if clause.form is Form.ACTIVE or clause.modal in {"can", "could"}:
        return bool(clause.modal) or clause.verb not in sights.SHOWING | _STANDS
    traced = caused or sights.is_visible((outcome,)) or clause.verb in _LASTING
    return clause.form is Form.PASSIVE and not traced


_POSSIBLE = re.compile(r"\b(?:can|cannot|could) (?:also |only |not )?(?:be )?[a-z]+", re.IGNORECASE)
_IN_TIME = re.compile(
    r"\b(?:(?:within|in less than) (?:\d|one|two|three|five|ten)|immediately\b|at once\b|instantly\b)",
    re.IGNORECASE,
)
_STANDS = words.word_set("read count start end belong reflect stay remain become")
_LASTING = words.word_set(
    "log record store save list archive delete remove add create update send reset number date sum count "
    "calculate round format attach translate"
)


_LOOKED = re.compile(r"^(Look (?:at|for)|Watch for|Use|Open|Call|Run|Let|Make) (.+)\.$")


def _is_worth_a_look(looked: re.Match[str], outcome: str, statement: Statement) -> bool:
    thing, _, sight = looked[2].partition(" and look ")
    named = (sight.partition(" ")[2] if sight else thing).strip()
    return not (
        looked[1] in {"Let", "Make", "Watch for"}
        or _HEDGED.search(mask(outcome))
        or _HOLLOW.search(mask(outcome))
        or (not statement.modal and _COMPLAINT.search(mask(outcome)))
        or len(named.split()) > _LONGEST_THING + 1
        or any(map(_is_code, tokens(mask(named))))
        or not _PLAIN.match(named)
        or not _is_thing(named, demanded=bool(statement.modal))
    )


def is_rough(title: str, text: str) -> bool:
    """Whether a story is a developer's note: code, identifiers, addresses or paths in it."""
    sample = f"{title}\n{text[:_LONGEST_SAMPLE]}"
    if _AS_A.search(sample):
        return False  # told as a story, whatever else stands there
    if len({token.text for token in tokens(sample) if _is_code(token)}) >= _FEW or "http" in sample:
        return True
    prose = _WISH.sub("", mask(sample))
    return bool(_TEAM.search(prose) or _DOUBTED.search(prose) or "?" in prose)


_TEAM = re.compile(
    r"\bI(?:'m|'ve|'d| think| guess| believe| was| tried| noticed| found)\b|\b(?:[Ww]e|us|let's)\b"
)
_DOUBTED = re.compile(
    r"\b(?:currently|seems?|maybe|perhaps|probably|basically|used to|as far as|at the moment)\b",
    re.IGNORECASE,
)


_WISH = re.compile(
    r"\bas an? [^\n.]{2,200}|\bso that [^\n.]{2,200}|\b(?:when|given|then|and) i\b", re.IGNORECASE
)


_AS_A = re.compile(
    r"\bas an? [^\n.,]{2,60},? (?:i|we) (?:want|need|would like|can|wish|should)\b", re.IGNORECASE
)
_LONGEST_SAMPLE = 3000


def _is_said_whole(outcome: str) -> bool:
    return clauses.parse(outcome).form not in (Form.PHRASE, Form.GERUND)


def _is_thing(named: str, *, demanded: bool) -> bool:
    """Whether it can be looked at: no person, no name of a program, no abstraction, no half sentence."""
    parts = named.split()
    first, last = parts[0], parts[-1].lower()
    noun = observing.head(named)
    if noun in _INTERNAL or noun in {"user", "person"} or words.base_of_gerund(first):
        return False
    bare = [token.bare for token in tokens(named)]
    if any(word in words.PREPOSITIONS | {"here", "like", "to", "and", "sure", "there"} for word in bare[:2]):
        return False
    if any(word in words.PRONOUNS | {"still"} for word in bare) or last == "well" or last.endswith("ly"):
        return False
    if clauses.is_actor(named) and first.lower() not in words.DETERMINERS:
        return False
    if first[:1].isupper() and not demanded and not words.is_plural(named) and not sights.is_on_screen(noun):
        return False
    verbal = words.is_verb(last) and not words.may_be_noun(last)
    return not verbal and not (len(named.split()) <= _FEW and words.base_of_participle(last))


_FEW = 2


_SPLICED = re.compile(
    r" but (?:the|only|it|we)\b|, (?:this|it|we|but|so|i|you|they|there|not|don't|only|but not)\b|: \S| - ",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"^(?:[\w'-]+|\"[^\"]+\"|“[^”]+”|'[^']+')(?: (?:[\w'/-]+|\"[^\"]+\"|“[^”]+”|'[^']+'))*$")
_INTERNAL = words.word_set(
    "class interface module package library method code test documentation api plugin bean component server "
    "repository framework bug everything anything something one ability solution spike sequence use approach "
    "idea goal way reason version strategy implementation"
)


def _is_code(token: Token) -> bool:
    """`DataSource`, `my_key`, `--date`: what no screen shows."""
    return any(letter in "_{}<>=@$\\*" for letter in token.text) or bool(_CAMEL.search(token.text))


_CAMEL = re.compile(r"[a-z][A-Z]|\w\.\w+\.\w|^--\w|\w\(\)")


def _echoes(statement: Statement) -> bool:
    """`Apply algorithms` → `Algorithms are applied`: a result made up of the act shows nothing of its own."""
    if not statement.assumed or statement.kind is not Kind.CAPABILITY or not statement.actions:
        return False
    verb = statement.actions[-1].split()[0].lower()
    if verb in _HOLLOW_VERBS:
        return True
    if any(words.third_person(verb) in outcome.lower().split()[:_OPENING] for outcome in statement.outcomes):
        return True  # "The user clicks …"
    return verb not in _SHOWN_BY_STATE and not observing.has_result(verb)


_SHOWN_BY_STATE = words.word_set(
    "cancel approve reject send sort filter publish submit start stop deploy undeploy destroy pause "
    "resume archive "
    "restore lock unlock enable disable hide show collapse expand assign close reopen move merge "
    "duplicate mark "
    "pin invite sign log check uncheck pick drag reset order book pay open click turn switch print "
    "withdraw reply restart load compress convert encrypt connect install uninstall override "
    "transfer link unlink schedule edit zoom scroll move search"
)
_OPENING = 5
_HOLLOW_VERBS = words.word_set("provide have get use know specify define understand run configure set")
_COMPLAINT = re.compile(
    r"\b(?:ignored|fatal|throws?|wrong\w*|broken|lost|stuck|twice|hard time|too (?:wide|long|small|"
    r"big|large|slow|many))\b",
    re.IGNORECASE,
)
_FAULTY = re.compile(
    r"\b(?:ignored|not listed|fatal|throws?|thrown|exposed|prevents?|fails?|failed|errors?|"
    r"exceptions?|wrong\w*|"
    r"missing|lost|null|broken|invalid|does not|do not|cannot|can't|is not|are not|no longer|instead|twice|"
    r"stuck|too (?:wide|long|small|large|slow|many)|need(?:s|ed)?)\b",
    re.IGNORECASE,
)


def _is_vague_step(action: str) -> bool:
    """Whether it says too little to be done: `Pass these as --options`, `Import`, `Choose this mode`."""
    if len(action.split()) == 1 or re.search(r"\b(?:everything|anything|something)\b", action):
        return True
    first, _, rest = action.partition(" ")
    coded = first in {"Create", "Add", "Register"} and any(map(_is_code, tokens(rest)))
    return coded or bool(re.match(r"(?:these|this|that|it|them|those|such)\b", rest))


_ANSWERS = words.word_set(
    "shows displays redirects opens closes sends logs prints returns notifies warns highlights sorts "
    "lists hides"
)


def _is_invented(outcome: str, statement: Statement) -> bool:
    """`The system improves logging`: an instruction to the team, told as what the product does."""
    told = outcome.startswith("The system ") and "system" not in statement.text.lower()
    return told and outcome.split(maxsplit=3)[2].rstrip(".") not in _ANSWERS


def _can_be_set_up(given: str) -> bool:
    """Whether a state can be set up: one that is doubted or told at length can't."""
    return not _HEDGED.search(mask(given)) and len(given.split()) <= _LONGEST_OUTCOME


def _is_real(action: str, statement: Statement, *, demanded: bool) -> bool:
    """Whether a step is one that the sentence itself names, or leads to something on a screen."""
    found = tokens(action)
    verb = found[0].bare if found else ""
    if verb in {"let", "make"}:
        return bool(re.match(r"Let \d.* pass\b", action))
    if verb not in _OURS:
        coded = observing.head(action.partition(" ")[2]) in _INTERNAL
        return not (coded and verb in {"create", "add", "write"})
    said = verb not in {"look", "watch"} and _has_verb(statement.text, verb)
    sees = statement.kind is Kind.CAPABILITY and any(
        _has_verb(statement.text, one) for one in ("see", "view")
    )
    return said or sees or _leads_to_sight(action, statement, demanded=demanded)


def _leads_to_sight(action: str, statement: Statement, *, demanded: bool) -> bool:
    match = _APPROACH.match(action)
    if not match:
        return False
    place, _, sight = match["thing"].partition(" and look ")
    bare = match["verb"] == "Look for" and len(place.split()) <= _FEW  # "Look for the page"
    first = place.split(maxsplit=1)[0].lower()
    if (
        bare
        or words.base_of_gerund(first)
        or first in words.PREPOSITIONS | {"upon", "sure", "there"}
        or "," in place
    ):
        return False
    if sights.is_on_screen(place) and (not sight or len(sight.split()) <= _LONGEST_THING + 1):
        return sights.is_visible(statement.outcomes)
    named = len(place.split()) <= _LONGEST_THING and observing.head(place) not in _INTERNAL
    return demanded and named and _shows_off_screen(match["verb"], statement)


def _shows_off_screen(verb: str, statement: Statement) -> bool:
    """Whether what is on no known screen can be checked: where it stands is said, or it leaves a trace."""
    seen, visible = " ".join(statement.outcomes), sights.is_visible(statement.outcomes)
    if verb.startswith("Look"):
        return visible and bool(_PLACED.search(seen))
    if verb != "Open" and _APPEARS.search(seen):
        return False  # "Use the counter": "The counter is displayed", "The sink has an identifier"
    return visible or sights.is_effect(statement.outcomes)


_PLACED = re.compile(
    r"\b(?:shown|displayed|appears?|hidden|listed|sorted|highlighted|visible)\b.{0,20}"
    r" (?:in|on|at|under|above|below|next to) (?:the |small )?\w",
    re.IGNORECASE,
)
"""What says where to look for it."""
_APPEARS = re.compile(
    r"\b(?:is|are) (?:displayed|shown|there|added)\b|\b(?:has|have|contains?|includes?|appears?)\b"
)
_APPROACH = re.compile(r"^(?P<verb>Look (?:at|for)|Open|Use|Run|Call) (?P<thing>.+?)\.?$")


def _has_verb(text: str, verb: str) -> bool:
    forms = {verb, words.third_person(verb), words.gerund(verb), words.participle(verb)}
    return any(token.bare in forms for token in tokens(text))
