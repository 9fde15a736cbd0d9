"""Plain statements of a limit, an answer or a choice: `The link is valid for 24 hours.`."""

import re
from functools import lru_cache

from casewright_ingest.domain import refused
from casewright_ingest.domain import vocabulary as say
from casewright_ingest.domain.sentences import (
    is_chore,
    is_fragment,
    is_question,
    is_step,
    judged,
    looks_like_code,
    words_in,
)
from casewright_ingest.domain.wishes import is_role_sentence

_FEWEST_WORDS = 3
_MOST_WORDS = 45
_NUMBER = r"(?:\d[\d.,']*+|one|two|three|four|five|six|seven|eight|nine|ten|twelve)"
_UNITS = (
    r"(?:seconds?|secs?|minutes?|mins?|hours?|days?|weeks?|months?|years?|ms|milliseconds?|characters?"
    r"|chars?|letters?"
    r"|digits?|bytes?|[kmgt]i?b|megabytes?|gigabytes?|kilobytes?|pixels?|px|percent|requests?|calls?"
    r"|attempts?|times"
    r"|items?|entries|rows?|lines?|columns?|pages?|files?|users?|euros?|eur|usd|dollars?|points?|results?"
    r"|messages?"
    r"|records?|decimals?|decimal places|stars?|tickets?|seats?|votes?|words?|devices?|sessions?|images?"
    r"|photos?|sekunden?|minuten?|stunden?"
    r"|tagen?|wochen?|monaten?|jahren?|zeichen|stellen|versuchen?)"
)
_MEASURE = re.compile(
    rf"(?<![\w.,'-])(?:\d[\d.,']*+[ -]?(?:\w{{1,20}}+ )?|{_NUMBER} )(?:{_UNITS}\b|%|[€$£])"
    rf"|[€$£] ?\d|\bper (?:second"
    rf"|minute|hour|day|user)\b"
    rf"|\bbetween {_NUMBER} and \d",
    re.IGNORECASE,
)
_BOUND = re.compile(
    rf"\b(?:at (?:most|least)|no (?:more|less|fewer) than|max(?:imum|\.)?(?: of)?|min(?:imum|\.)?(?: of)?"
    rf"|up to"
    rf"|exactly|limited to|höchstens|mindestens|maximal|bis zu|longer than|shorter than"
    rf"|within)\s(?:of )?{_NUMBER}\b",
    re.IGNORECASE,
)
_STATUS = re.compile(
    r"\b(?:returns?|returned|responds? with|answers?(?: with)?|answered with|gives?|status(?: code)?|http"
    r"|code|is|gets?)"
    r" (?:an? )?(?:http )?(?:status )?(?:code )?[1-5]\d\d\b(?![.,]?\d)"
    r"|\b[1-5]\d\d(?: \([^()]{1,40}\)| [A-Z][A-Za-z ]{2,30})? is (?:returned|sent|answered|given)\b",
    re.IGNORECASE,
)
_SAID = re.compile(
    r"(?:\"[^\"]{2,200}\"|“[^”]{2,200}”|„[^“”]{2,200}[“”]|'[^']{2,120}') ?(?:is|are|appears?|gets)? ?"
    r"(?:shown|displayed|returned|printed|appears?|sent|logged)"
    r"|\b(?:shows?|displays?|returns?|says?|reads?|prints?|titled|labell?ed|named)"
    r" (?:an? |the )?(?:\w+ ){0,3}(?:\"|“|„|'(?=\w))",
    re.IGNORECASE,
)
_REFUSAL = re.compile(
    r"\b(?:an?|the) (?:\w+ ){0,2}(?:error|warning|hint"
    r"|error message)(?: message)?(?: [\"“„][^\"”]{1,160}[\"”“])? "
    r"(?:is|are|gets) (?:shown|displayed|returned|raised)\b"
    r"|\b(?:shows|displays|returns|gives) an? (?:\w+ ){0,2}(?:error|warning|hint|error message)\b"
    r"|\b(?:is|are) (?:rejected|refused|denied|blocked|locked|logged out)\b",
    re.IGNORECASE,
)
_CHOICE = re.compile(
    r"\b(?:is|are) (?:one of|either|limited to)\b"
    r"|^\W*(?:allowed|permitted|supported|accepted|valid)(?: [\w-]+){0,3} (?:are|is)\b"
    r"|^\W*(?:an?|each|every|any|all|only)\b[^.]{2,80}?\bmay\b(?! (?:well|also be|need|require|want|cause"
    r"|lead|result"
    r"|happen|seem|not))",
    re.IGNORECASE,
)
_DEFAULT = re.compile(
    r"\bdefault(?:s to|:| is| =)? ?[\"']?\w|\b(?:is|are) [^.]{1,60} by default\b|\b(?:on|off) by default\b",
    re.IGNORECASE,
)
_PRESENT = re.compile(
    r"\b(?:is|are|has|have|may|can|returns?|takes?|lasts?|expires?|costs?|contains?|means?|tells?|gets?"
    r"|accepts?"
    r"|allows?|shows?|displays?|sends?|ends?|starts?|holds?|keeps?|stays?|remains?|receives?|pays?|runs?"
    r"|counts?"
    r"|responds?|answers?|gives?|includes?|consists?|supports?|applies|apply|locks?|blocks?|logs?|rejects?"
    r"|refuses?"
    r"|says?|reads?|limits?|needs?|requires?|ist|sind|hat|haben|wird|werden|kostet|dauert|gilt|gelten"
    r"|moves?|switches|turns?|passes|closes?|opens?|saves?|refreshes|repeats?|retries|carries|names?)\b",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"^\W*(?:the|an?|each|every|any|all|only|no|without|with|after|when|if|once|on|for|in|by default|der"
    r"|die|das|eine?r?|jede[rs]?|[A-Z0-9\"“])(?![a-z]*')",
)
_NO_SUBJECT = re.compile(
    r"[\"“][^\"“”]*[\"”]\W*$|\W*(?:\w+ing(?! (?:is|costs|takes|needs|ends)\b)|will"
    r"|when (?:\w+ ){0,3}(?:attempt|try)\w*)\b",
    re.IGNORECASE,
)
_TOLD = re.compile(
    r"\b(?:we|i|you|i'm|we're|our|my|us|me|someone|somebody|people|told|said|reported|complained|noticed"
    r"|asked"
    r"|last (?:week|month|year|time)|ago|yesterday|years? old|sprint|team|developers?|jira|ticket|commit"
    r"|branch"
    r"|build|release|estimate\w*|workaround|customers? (?:complain|ask|report|want|say)\w*|would|could|but"
    r"|however"
    r"|about|around|approx\w*|roughly|only (?:a|one) (?:way|problem)|too|very|quite|already|still|took|did"
    r"|had"
    r"|reproduc\w*|tested|tried|because|since|seems?|appears? to|supposed|hard-?coded|for example|e\.g"
    r"|for instance"
    r"|such as|http://|https://|attached|screenshot|notice|now|500|below|above|currently|reason\w*"
    r"|based on|another story|as far as|sounds like|this|these|whilst|while|whole lot|a bit|background"
    r"|present on|implications?|similar|(?:is|are) \w+ing)\b",
    re.IGNORECASE,
)
_CODE_NAME = re.compile(
    r"\b[A-Z]?[a-z]+[A-Z]\w+|\w_\w|\w\(\)|\w\.[a-z]\w+\.\w|(?<![\w/-])[\w/-]++\.(?:xml|java|php|js|css|jar"
    r"|exe)\b"
)
_COMPLAINT = re.compile(
    r"\b(?:customers?|users?|people|clients?|support)\b.{0,40}\b(?:complain|ask|report|said|told|miss"
    r"|phone)\w*",
    re.IGNORECASE,
)
_OURS = re.compile(r"\b(?:we|our|us)\b", re.IGNORECASE)
_OF_THINGS = re.compile(
    r"\W*(?:(?i:the|an?|each|every|all|no)\b|(?:[A-Z][a-z]+ )?[A-Z]?[a-z]+s (?:are|have)\b)"
)
_NOT_DONE = re.compile(r"\b(?:is|are) not\b")
_FAILED = re.compile(r"\b(?:failed|wrong|incorrect|unsuccessful|missing) (?=\w)", re.IGNORECASE)
_QUOTED = re.compile(r"\"[^\"]{1,200}\"|“[^”]{1,200}”|„[^“”]{1,200}[“”]")
_SUBJECT_OF = re.compile(
    r"(?P<subject>(?:The|An?|Each|Every) (?!(?:problem|issue|reason|idea|fix|bug|goal|point|result"
    r"|cause)\b)[\w'-]+(?: [\w'-]+){0,3}?) " + _PRESENT.pattern,
    re.IGNORECASE,
)
_IT = re.compile(r"It (?=(?:can|must|may|should|shall|cannot|is|has|expires|costs|lasts|takes|contains)\b)")
_MOVES = re.compile(
    r"\b(?:moves?|changes?|goes|switches|turns?|falls?|returns?|passes|is (?:moved|set|changed))(?: "
    r"back)? from [\"\u201c]?"
    r"(?-i:[A-Z])[\w ]{1,30}?[\"\u201d]? (?:to|into) [\"\u201c]?(?-i:[A-Z])",
    re.IGNORECASE,
)
"""From one named state to another."""
_SIGNS = (_MOVES, _MEASURE, _BOUND, _STATUS, _SAID, _REFUSAL, _CHOICE)
_ENTRY = re.compile(r"[\w /()-]{2,40}: \S")
_MENTIONS_ERROR = re.compile(
    r"\b(?:an?|the|no)\b(?: \w+){0,2} (?:error|exception|warning)s?\b|\berror messages?\b", re.IGNORECASE
)


def states_bound(text: str) -> bool:
    """Whether a text holds a measure, a bound, a status code, a text that is shown, a refusal or a choice."""
    return any(sign.search(text) for sign in _SIGNS)


@lru_cache(maxsize=512)
def is_fact(sentence: str) -> bool:
    """Whether a sentence tells, in the plain present, a limit, an answer, an outcome or a choice."""
    text = judged(sentence)
    return states_bound(text) and _is_plain(text)


def is_fact_entry(text: str) -> bool:
    """Whether a list item states one, be it without a verb: `Mail: daily or never; default daily`."""
    own = judged(text)
    if is_fact(own):
        return True
    signs = _DEFAULT.search(own) or _BOUND.search(own) or (_ENTRY.match(own) and _MEASURE.search(own))
    return bool(signs) and words_in(own) >= _FEWEST_WORDS and not is_step(own) and not _is_background(own)


def is_plain_present(sentence: str) -> bool:
    """Whether a sentence among facts tells one as well: of a thing by name, in the present tense."""
    text = judged(sentence)
    return bool(_OF_THINGS.match(text)) and _is_plain(_NOT_DONE.sub("is", text))


@lru_cache(maxsize=512)
def is_told_aside(sentence: str) -> bool:
    """Whether a sentence marks itself as background: it tells who wants what, or how things were."""
    text = judged(sentence)
    return bool(
        is_role_sentence(text) or say.BACKGROUND.search(text) or _COMPLAINT.search(text) or _OURS.search(text)
    )


def named(sentence: str, before: str) -> str:
    """A sentence that speaks of `it`, by the name that the sentence `before` gives it, if it gives one."""
    subject = _SUBJECT_OF.match(before)
    if subject is None or not _IT.match(sentence):
        return sentence
    noun = subject["subject"].split(" ", 1)[1]
    return _IT.sub(f"The {noun} ", sentence, count=1)


def _is_plain(text: str) -> bool:
    return (
        not _CODE_NAME.search(text)
        and _FEWEST_WORDS <= words_in(text) <= _MOST_WORDS
        and bool(_SUBJECT.match(text))
        and bool(_PRESENT.search(text))
        and not _is_background(text)
        and not _NO_SUBJECT.match(text)
        and not is_fragment(text)
        and not refused.DANGLING.match(text)
        and not refused.EXPLAINS.search(text)
    )


def _is_background(text: str) -> bool:
    answers = _REFUSAL.search(text) or _SAID.search(text)
    text = _QUOTED.sub('"it"', text)
    spoken = _FAILED.sub("", _MENTIONS_ERROR.sub("it", text) if answers else text)
    return bool(
        is_question(text)
        or looks_like_code(text)
        or is_chore(text)
        or is_role_sentence(text)
        or say.META.search(text)
        or say.BACKGROUND.search(text)
        or _TOLD.search(text)
        or say.OBSERVATION.search(spoken)
        or say.FAULT.search(spoken)
    )
