"""The many ways of asking for something, reduced to a plain clause."""

import re

from casewright_generator.domain.language import clauses, words
from casewright_generator.domain.language.masking import mask
from casewright_generator.domain.reading import observing
from casewright_generator.domain.reading.constraints import constraints
from casewright_generator.domain.reading.situations import Setting

_NAME_ALONE = 2
"""Words up to which a sentence without its label is but a name."""
_SHORTEST_MAIN = 12
"""Characters that `otherwise` needs before it to be an alternative."""
_LABEL = re.compile(
    r"^(?:\W*(?:ac|rule|req|r|us|tc|scenario|note|nb|expected(?: results?| behaviou?r| outcome)?|"
    r"requirement|goal|summary|feature)[ -]?\d*(?:\.\d+)*[:.)\]]|\W*\[[^\]]{1,20}\])\s+",
    re.IGNORECASE,
)


AS_A = re.compile(
    r"^(?:in order to\b[^,]{3,160}, ?)?as (?:an?|the)?\s*(?P<role>[^,.]{2,60}?),?\s+(?:i|we)(?:'d| would|"
    r" will)?\s*(?:also )?(?P<modal>want|wants|like|need|wish|must|should|can|expect|have)\b(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)


BENEFIT = re.compile(
    r",?\s+(?:so that\b|so (?:i|we|they|users?|it|the)\b|in order (?:to|that)\b|because\b|since\b(?! \d)|"
    r"such that i\b|to (?:improve|simplify|ease|facilitate|speed up|avoid confusion)\b).*",
    re.IGNORECASE | re.DOTALL,
)


CHECK = re.compile(
    r"^(?:please |also |and )?(?:ensure|make sure|verify|check|confirm|validate|assert|test|"
    r"guarantee)(?: that| the fact that|(?= (?:the|all|an?|no|it|each|every|only|users?)\b))\s+",
    re.IGNORECASE,
)


NEED = re.compile(
    r"^(?:we|i|you)(?:'d| would)?(?: also| really)? (?:need|want|should|must|have|like|wish|"
    r"would like)(?: to have| to be able to| to|(?= (?:an?|the|some)\b))\s+",
    re.IGNORECASE,
)


ABILITY = re.compile(
    r"^(?:(?:it|this|there) (?:should|must|shall|will|is|would|needs to|has to) (?:also )?(?:be )?|"
    r"(?:should|must) be )?(?:made )?"
    r"(?:possible|(?:provide|add|implement|introduce|offer|have|get|give(?: the)? users?|include|support|"
    r"allow)? ?(?:for )?(?:an?|the|some)? ?(?:ability|possibility|option|way|means|facility|capability|"
    r"support)(?: for (?:an?|the)? ?(?P<who>users?|admins?|administrators?|developers?|customers?))?)"
    r"(?: for (?:an?|the|all)? ?(?P<whom>\w+))? to (?P<act>[a-z]+ .*)",
    re.IGNORECASE | re.DOTALL,
)


_PARENTHESIS = re.compile(
    r"\s*\((?:e\.?g\.?|i\.?e\.?|for example|see|such as|cf\.?|as in|like)\b[^()]{0,200}\)|"
    r"\s*\((?=[^()]{60,400}\))[^()]*\)",
    re.IGNORECASE,
)


_OTHERWISE = re.compile(
    r"[,;.]?\s*\b(?:otherwise|or else|if not),?\s+|;\s+(?=(?:any |all )?(?:further|more|other|additional)\b)",
    re.IGNORECASE,
)


PRONOUN = re.compile(
    r"^(?:it)\b(?=\s+(?:should|must|shall|will|can|cannot|could|may|needs?|has|have|is|are|does|do|also|"
    r"only)\b)",
    re.IGNORECASE,
)


_NAME = re.compile(r"^(?P<name>[\w./`'\"-]+(?: [\w./-]+){0,2})(?: \([^()\n]{1,40}\))?: (?=\S.{12,})")


_TAG = re.compile(r"^(?:\[[^\]\n]{1,30}\]\s*[-:]?\s*)+|^[A-Z][\w/&]*(?: [\w/&]+){0,2}(?::| -) (?=[A-Za-z\"])")


def labelled(text: str) -> tuple[str, str]:
    """A name that a criterion opens with, and what it says of it: `timeout (optional): the time …`."""
    match = _NAME.match(text)
    if not match or any(word in words.AUXILIARIES for word in match["name"].lower().split()):
        return "", text
    if match["name"].lower().split()[0] in _NO_NAMES or constraints(text[:160]):
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
    wish = AS_A.match(title)
    if not wish:
        return title
    sentence = BENEFIT.sub("", wished(wish, Setting()))
    return re.sub(r"^(?:the user can (?:quickly |easily )?|there should be |the ability to )", "", sentence)


BUT = re.compile(r",? but\b(?! not\b| only\b).*", re.IGNORECASE)


_EXAMPLE = re.compile(r",? for (?:example|instance)[.:]?$", re.IGNORECASE)


IF_ANY = re.compile(
    r",? \(?(?:if|as|where|when) (?:desired|possible|necessary|needed|applicable|required|appropriate|"
    r"wanted)\b\)?",
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
    r"\b(should|must|shall|will) be (?:updated|changed|modified|extended|enhanced|improved|adapted|"
    r"configured) to (?=[a-z]{2})",
    re.IGNORECASE,
)


_POSSIBLE_FOR = re.compile(
    r"^(?:make it possible|it should be possible|it must be possible|it is possible) for (?:the |an? |"
    r"all )?(?P<who>[\w -]{2,30}?)s? to (?P<act>.*)$",
    re.IGNORECASE,
)


_WANTS_TO = re.compile(
    r"^((?:an? |the )?[\w-]+(?: [\w-]+)?) (?:wants?|needs?|would like) "
    r"(?:the (?:ability|option) |to be able |a way )?to (?=[a-z])",
    re.IGNORECASE,
)
_HAS_IT = re.compile(
    r"^(?:an? |the )(?P<who>[\w -]{2,40}?) has (?P<thing>(?:the |an? "
    r")?[\w -]{2,50}?) to (?P<act>(?:be )?[a-z-]+\b.*)$",
    re.IGNORECASE,
)


_VALID_FOR = re.compile(
    r"^(?P<what>(?:the|an?|each|every) [\w -]{2,40}?) (?:is|are|stays|remains|must be|should be) "
    r"(?:only )?valid "
    r"(?:for|within) (?P<span>(?:\d{1,4}|one|two|three|four|five|six|seven|ten|twelve) "
    r"(?:second|minute|hour|day|week|month|year)s?)\.?$",
    re.IGNORECASE,
)


def expiry(sentence: str) -> str:
    """`The code is valid for 5 minutes` as `The code expires after 5 minutes`; empty for anything else."""
    match = _VALID_FOR.match(sentence)
    return f"{match['what']} expires after {match['span']}." if match else ""


def normalised(sentence: str) -> str:
    """The same demand in the plainer words that the rest reads."""
    sentence = _NEEDS_TO.sub("must ", _NEEDS_TO_BE.sub("must be", sentence))
    sentence = _UPDATED_TO.sub(r"\1 ", sentence)
    sentence = re.sub(r"\b[Mm]ake use of\b", "use", sentence)
    if (match := _SPLICED.match(sentence)) and (subject := clauses.parse(match["first"]).subject):
        return f"{subject} {match['modal']} {match['rest'].replace(': ', ' ', 1)}"
    if match := _POSSIBLE_FOR.match(sentence):
        return f"The {match['who']} can {match['act']}"
    sentence = _WANTS_TO.sub(r"\1 can ", sentence)
    match = _HAS_IT.match(sentence)
    if match and clauses.is_actor(match["who"]) and words.is_verb(match["act"].split()[0].strip(",.")):
        return f"{match['thing']} should {match['act']}"
    return sentence


def prepared(text: str) -> str:
    """One line, without label, tag, markup and asides."""
    flat = " ".join(text.split()).strip(" *_-")
    flat = _LABEL.sub("", flat, count=1)
    bare = _TAG.sub("", flat)
    flat = bare if len(bare.split()) > _NAME_ALONE and not constraints(flat) else flat
    flat = flat.replace("{{", "").replace("}}", "")
    return _EXAMPLE.sub("", _PARENTHESIS.sub("", flat)).strip()


def wished(wish: re.Match[str], setting: Setting) -> str:
    """What `As a …, I want …` asks for, as a statement."""
    rest = wish["rest"].strip()
    rest = re.sub(
        r"^to (?:be able to )?(?:have (?:the |an? )?(?:ability|option|possibility) to )?|^the (?:ability|"
        r"option|possibility) to |^to$",
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


def alternative(sentence: str) -> tuple[str, str]:
    """The sentence without its `otherwise`, and what follows that word."""
    match = _OTHERWISE.search(mask(sentence))
    if not match or match.start() < _SHORTEST_MAIN:
        return sentence, ""
    return sentence[: match.start()].strip(), sentence[match.end() :].strip()


_HALVES = re.compile(
    r"^(?P<who>(?:the|an?|each|every) [\w-]+(?: [\w-]+)?) (?P<one>[a-z]+s (?:[\w ]{0,40} )?"
    r"(?:after|within) \d{1,6} [a-z]+),? and (?P<two>(?:can|may|must|cannot) (?:only )?(?:be )?[a-z]+ .+)$",
    re.IGNORECASE,
)


_IDLE = re.compile(
    r"^(after \d{1,6} [a-z]+ (?:of|without) [a-z]+(?: activity)?) (?=(?:the|an?|his|their) )", re.IGNORECASE
)


def halves(text: str) -> tuple[str, ...]:
    """`The token expires after 15 minutes and can be used once` says two things of the token."""
    text = _IDLE.sub(r"\1, ", text, count=1)
    match = _HALVES.match(text)
    return (f"{match['who']} {match['one']}.", f"{match['who']} {match['two']}") if match else (text,)
