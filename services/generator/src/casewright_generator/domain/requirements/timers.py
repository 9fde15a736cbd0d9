"""Whether a time span is allowed, must pass, or is the time after which something happens by itself."""

import re
from dataclasses import dataclass

from casewright_generator.domain.requirements.comparators import Relation
from casewright_generator.domain.requirements.model import ConstraintKind

_EVENT = (
    r"expir\w*|laps\w+|clos(?:e|es|ed)|delet\w+|remov\w+|discard\w*|dropped|drops|purg\w+|archiv\w+|"
    r"cancel\w*|void\w*|forfeit\w*|"
    r"sign(?:s|ed)? (?:\w+ )?out|log(?:s|ged)? (?:\w+ )?(?:out|off)|lock(?:s|ed)?|unlock\w*|releas\w+|"
    r"remind\w*|retr(?:y|ies|ied)|escalat\w+|vanish\w*|"
    r"disappear\w*|gone|goes|go|falls?|reverts?|returns?|becomes?|chang\w+|moves?|moved|set to|stop\w*|"
    r"flag\w*|tim(?:es|ed) out|"
    r"widen\w*|taken|issues?|notified|alert\w*|resets?|refunded|turns?|switch\w*|ends?|ended|eras\w+|"
    r"anonymi\w+|freed|refreshed|"
    r"withdrawn|downgraded|deactivated|disabled|suspended|blocked|billed|charged|starts?|hidden|marked|"
    r"filed|rolled back|aborted|terminated|"
    r"thrown out|sent|resent|repeated|reopened|gets? a|reassigned|offered to|passed on|forwarded|"
    r"invalid|stale"
)
_HAPPENS = re.compile(rf"\b(?:{_EVENT})\b", re.IGNORECASE)
_OWN = re.compile(
    r"\bby (?:the|a|an|our|its) (?:\w+[ -])?(?:system|server|service|software|application|app|platform|"
    r"scheduler|job|"
    r"cron\w*|script|machine|clean-?up|housekeeping|robot|bot|process|gateway|backend)\b|"
    r"\b(?:nightly|scheduled|background|daily|hourly) (?:job|run|task|clean-?up|batch|script|process)\b|"
    r"\bunattended\b|\bwithout (?:any(?:body|one)|somebody|someone|a (?:human|person)|human|manual|any "
    r"(?:manual|human|"
    r"action|click|help|doing|further))\b|\b(?:nobody|no one) (?:has|having|needs|needing) to\b|"
    r"\bautomatic\w*|\bby (?:itself|themselves)\b|\bon (?:its|their) own\b|\bautomatisch\b|\bvon "
    r"selbst\b|\bautomátic\w+|\bautomatiquement\b|"
    r"\bautomaticamente\b",
    re.IGNORECASE,
)
_STRICT = re.compile(
    r"\b(?:expir\w*|laps\w+|sign(?:s|ed) (?:\w+ )?out|log(?:s|ged) (?:\w+ )?(?:out|off)|(?:is|are|"
    r"gets?) (?:\w+ )?(?:locked|deleted|removed|closed|cancell?ed|archived|"
    r"purged|discarded|released|dropped)|tim(?:es|ed) out|ends?|ended)\b",
    re.IGNORECASE,
)
_UNDONE = re.compile(
    r"\b(?:not|n['\u2019]t|no|nobody|no one|nothing|without|never|unless|otherwise|idle|inactiv\w+|"
    r"unused|untouched|untreated|unanswered|unpaid|"
    r"unread|unclaimed|abandoned|failed|fails|waiting|pending|nicht|kein\w*|no se|n['\u2019]est pas|"
    r"pas|non|niet|não)\b|n['\u2019]t\b",
    re.IGNORECASE,
)
_LOCKED_FOR = re.compile(
    r"\b(?:is|are|be|gets?|stays?|remains?|been|becomes?|being|wird|werden|ist|bleibt|se|queda|est|"
    r"reste)\b(?: \w+){0,3}? (?:locked|blocked|suspended|frozen|barred|banned|"
    r"disabled|muted|quarantined|gesperrt|bloquead\w+|bloqué\w*|excluded|refused|paused|silenced|"
    r"snoozed|throttled|inactive|unavailable|closed|shut)\b[^,;.]{0,40}$|"
    r"\b(?:lock|block|suspend|freeze|ban|disable|mute|pause) (?:the|an?|his|her|their|its|any|all|this|"
    r"that)\b"
    r"[^,;.]{0,40}$|"
    r"\b(?:locks|blocks|suspends|freezes|bans|disables|mutes|pauses|bloquea|bloque|"
    r"sperrt)\b[^,;.]{0,40}$|\b(?:lock(?:out)?|ban|block|cool-?down|suspension) (?:lasts|"
    r"of)\b[^,;.]{0,10}$",
    re.IGNORECASE,
)
_VALID_FOR = re.compile(
    (
        r"\b(?:valid|good|usable|redeemable|reserved|held|blocked|hold\w*|on hold|live|active|"
        r"gültig|reserviert|válid\w+|"
        r"valables?|valide)\b[^,;.]{0,30}$"
    ),
    re.IGNORECASE,
)
_CAN = re.compile(
    r"\b(?:can|may|could|possible|allowed|able|lets?|kann|können|darf|dürfen|möglich|puede\w*|peut|"
    r"peuvent|può|possono|kan|pode\w*|free to|"
    r"has the right|entitled|permitted)\b",
    re.IGNORECASE,
)
_TIMEOUT_NAME = re.compile(
    r"\b(?:time-?outs?|idle (?:time|period|limit)|inactivity|ttl|time to live|expiry(?: time| period| "
    r"date)?|expiration(?: time)?|expires?|"
    r"lapses?|lock-?out(?: time| period)?|session length|retry (?:interval|delay))\b[^,;.]{0,20}$",
    re.IGNORECASE,
)
_AFTER_BEFORE = re.compile(
    r"\b(?:after|nach|después de|tras|pasad[oa]s|a l[oa]s|après|au bout de|dopo|na|após|depois de|once)(?: "
    r"(?:a|the|an?other|further|"
    r"another|about|more|period of|time of|total of|de|weiteren?|only|just|some))*\s*$",
    re.IGNORECASE,
)
_AFTER_BEHIND = re.compile(
    r"(?: (?:or more|of (?:inactivity|idleness|silence|no \w+|doing nothing)))?\s*(?:,? ?later\b|"
    r"after\b|have (?:passed|gone by|elapsed)|has (?:passed|elapsed)|of (?:inactivity|idleness|being "
    r"idle)|"
    r"without\b|ago\b|nach\b|später|después|más tarde|après|plus tard|dopo|later|depois|passed|"
    r"afterwards|(?:from|since|of) (?:the )?(?:last|receipt|"
    r"sending|creation|being))",
    re.IGNORECASE,
)
_BEFORE_BEHIND = re.compile(
    r"\s*(?:in advance|ahead(?: of)?|before(?:hand)?|prior to|vor\b|im Voraus|vorher|antes|de "
    r"antelación|avant|à l'avance|prima|voor|"
    r"in anticipo|de antecedência|earlier)",
    re.IGNORECASE,
)
_AHEAD = re.compile(
    (
        r"\s*(?:in advance|ahead(?! of the \w+ (?:is|must))|im Voraus|de antelación|à l'avance|in "
        r"anticipo|de "
        r"antecedência|into the future)"
    ),
    re.IGNORECASE,
)
_ONLY_AFTER = re.compile(
    (
        r"\b(?:only|not until|no earlier than|not before|at the earliest|earliest|no sooner than|not "
        r"earlier than|frühestens|erst)\s*(?:after\s*|nach\s*)?$"
    ),
    re.IGNORECASE,
)
_AT_THE_LATEST = re.compile(
    (
        r"(?:\bat the latest|\bno later than|\bnot later than|\bspätestens|\bà más tardar|\bau plus tard|\ba "
        r"más tardar)\s*(?:after|nach|by|\w{1,3})?\s*$"
    ),
    re.IGNORECASE,
)
_UNTIL = re.compile(
    r"\b(?:until|till|up until|up to|as late as|bis(?: zu)?|hasta|jusqu['\u2019]à|fino a|tot|até|by|"
    r"deadline (?:\w+ ){0,4}is|"
    r"latest|no later than|not later than|spätestens|at the latest)\s*$",
    re.IGNORECASE,
)
_FROM = re.compile(
    r"\b(?:from|starting|as early as|earliest|no earlier than|not earlier than|no sooner than|not before|"
    r"at the earliest|ab|frühestens|"
    r"desde|à partir de)\s*$",
    re.IGNORECASE,
)
_EVERY = re.compile(
    r"\b(?:every|each|once every|once per|alle|jede\w?|cada|tou(?:te)?s les|ogni|elke)\s*$", re.IGNORECASE
)
_AT_LEAST_EVERY = re.compile(
    (
        r"\bat least (?:once )?(?:every|in|per|a|an|each)\s*$|\bno less often than every\s*$|\bmindestens "
        r"alle\s*$"
    ),
    re.IGNORECASE,
)
_AT_MOST_EVERY = re.compile(
    (
        r"\b(?:at most|no more than|not more than|no more often than|not more often than|only) (?:once "
        r")?(?:every|in|per|each)?\s*$"
    ),
    re.IGNORECASE,
)
_FOR = re.compile(
    r"\b(?:for|during|durante|pendant|während|für|lang|per|durch|over|voor)(?: (?:a|the|another|further|"
    r"full|total of|period of|next|first|about|up to|at least|"
    r"only|just|weitere|de))*\s*$",
    re.IGNORECASE,
)
_TO_DO = re.compile(
    (
        r"\b(?:has|have|gets?|is given|are given|hat|haben|tiene|a|ont|dispone de)(?: (?:then|a|the|"
        r"another))*\s*$"
    ),
    re.IGNORECASE,
)
_ASKED = re.compile(r" (?:\w+ )?(?:to|in which to|um|para|pour) \w+", re.IGNORECASE)
_NOUN_OF = re.compile(
    (
        r"\b(?:time|period|pause|window|delay|interval|break|phase|wait|duration|slot|span|gap|"
        r"distance|notice|"
        r"term|trial)s? of(?: (?:at|about))?\s*$"
    ),
    re.IGNORECASE,
)
_IS = re.compile(r"\b(?:is|are|be|lies|lie|falls|remains?)(?: exactly)?\s*$", re.IGNORECASE)
_SENT = re.compile(
    r"\b(?:remind\w*|reminder|sent|sends|notif\w+|gets?|receives?|goes out|go out|published|told|"
    r"alert\w*|mail(?:ed)?|e-mail(?:ed)?|asks?|"
    r"warn\w*|informed|opens?|starts?|closes?|is (?:issued|created|shown|generated|offered)|"
    r"recordatorio|rappel|erinner\w+|invites?|invited|pushed|"
    r"message|notification|offer)\b",
    re.IGNORECASE,
)
_DEADLINE = re.compile(
    r"\b(?:deadline|cut-?off|closing date|latest|must|has to|have to|needs? to|due|frist)\b", re.IGNORECASE
)
_IN = re.compile(r"\b(?:in|inside|en|dans)\s*$", re.IGNORECASE)
_TILL_THEN = re.compile(
    (
        r"\bthen\b|\bif (?:that|this|it) (?:does|did|has|is)(?:n['\u2019]t| not)|\bif not\b|\botherwise\b|"
        r"\bafter (?:that|which)\b|\bafterwards\b"
    ),
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a time span bounds."""

    kind: ConstraintKind
    relation: Relation


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands around a time span.

    Attributes:
        relation: What its own comparator says, if it has one.
        words: The comparator, as written.
        before: The clause up to the comparator; `after` behind the unit.
        whole: The sentence or scenario; `rest` is what of it stands behind the unit.
    """

    relation: Relation
    words: str
    before: str
    after: str
    whole: str
    rest: str


def reading(span: Surroundings) -> Reading:
    """Kind and relation of a time span that stands alone."""
    plain = span.relation in {Relation.NONE, Relation.EXACT}
    lead = f"{span.before}{span.words}"
    passed = _AFTER_BEHIND.match(span.after)
    if frequency := _frequency(lead):
        made = Reading(ConstraintKind.DURATION, frequency)
    elif _BEFORE_BEHIND.match(span.after):
        made = _ahead(span, lead)
    elif _TIMEOUT_NAME.search(span.before) and (plain or span.relation is Relation.AT_MOST):
        made = Reading(ConstraintKind.TIMEOUT, Relation.AT_MOST)
    elif not plain:
        made = _bounded(span, lead)
    elif _UNTIL.search(lead) and passed:
        made = Reading(ConstraintKind.DURATION, Relation.AT_MOST)
    elif span.relation is Relation.NONE and (passed or _AFTER_BEFORE.search(lead)):
        made = _passed(span, lead)
    else:
        made = _lasting(span, lead)
    return made


def _frequency(lead: str) -> Relation:
    if _AT_LEAST_EVERY.search(lead):
        return Relation.AT_MOST
    if _AT_MOST_EVERY.search(lead) and "every" in lead[-12:]:
        return Relation.AT_LEAST
    return Relation.EXACT if _EVERY.search(lead) else Relation.NONE


def _ahead(span: Surroundings, lead: str) -> Reading:
    """`2 hours before …`: more time is earlier, so that a latest moment is a lower bound."""
    duration, relation = ConstraintKind.DURATION, span.relation
    told = relation if relation not in {Relation.NONE, Relation.EXACT} else Relation.NONE
    open_ended = bool(_AHEAD.match(span.after))
    if _WAITS.search(lead) and not _OBLIGED.search(span.before):
        made = Reading(ConstraintKind.TIMEOUT, Relation.AT_MOST)
    elif _FROM.search(lead) or (relation is Relation.AT_MOST and (open_ended or _FOR.search(lead))):
        made = Reading(duration, Relation.AT_MOST)
    elif _UNTIL.search(lead) or (
        told is Relation.AT_MOST
        and _LAST.search(span.words)
        and _NOTHING.search(f"{span.before} {span.after}")
    ):
        made = Reading(duration, Relation.AT_LEAST)
    elif told is Relation.MORE and _LATER.search(span.words):
        made = Reading(duration, Relation.LESS)
    elif told is Relation.LESS and _SOONER.search(span.words):
        made = Reading(duration, Relation.MORE)
    elif told is Relation.AT_MOST:
        made = Reading(duration, told if _NEARER.search(span.words) else Relation.AT_LEAST)
    elif told is not Relation.NONE:
        made = Reading(duration, told)
    elif (
        (_SENT.search(span.whole) or _OWN.search(span.rest) or _OWN.search(span.before))
        and not _CAN.search(span.before)
        and not _DEADLINE.search(span.before)
    ):
        made = Reading(ConstraintKind.TIMEOUT, Relation.AT_MOST)
    else:
        free = open_ended and _CAN.search(span.before)
        made = Reading(duration, Relation.AT_MOST if free else Relation.AT_LEAST)
    return made


_DUE = re.compile(r"\b(?:due|payable|fällig)\s*$", re.IGNORECASE)
_NEARER = re.compile(r"\bwithin|\blast|\bno more|\bnot more|n['\u2019]t|\bnot\b|innerhalb")
_WAITS = re.compile(r"\b(?:waits?|pauses?)(?: for)?(?: another)?\s*$", re.IGNORECASE)
_OBLIGED = re.compile(r"\b(?:must|has to|have to|needs? to|should|can|may|only)\b", re.IGNORECASE)
_LAST = re.compile(r"\b(?:last|final)\b", re.IGNORECASE)
_LATER = re.compile(r"\blater\b", re.IGNORECASE)
_SOONER = re.compile(r"\b(?:earlier|sooner)\b", re.IGNORECASE)
_NOTHING = re.compile(
    r"\b(?:no|none|nothing|nobody|no one|not|never|neither|cannot|impossible|forbidden|refused|rejected|"
    r"blocked|locked|"
    r"closed|frozen)\b|n['\u2019]t\b",
    re.IGNORECASE,
)
_WITHIN = re.compile(r"\b(?:within|during|first|next|innerhalb|binnen|sous|entro|dentro|in)\b", re.IGNORECASE)
_IDLE = re.compile(
    r"\bidle|inactiv|untouched|unused|without|\bsilent|\bquiet|unanswered|unattended|unopened|unread|unclaimed|"
    r"uncollected|dormant|\boffline"
)
_AFTER_MORE = re.compile(r"\bafter\s*$")
_AFTER_NEXT = re.compile(r"\s*(?:after|later|before|nach)\b")
_GERMAN_VALID = re.compile(r"\s*(?:lang )?(?:gültig|reserviert)\b")
_GERMAN_LOCKED = re.compile(r"\s*(?:gesperrt|blockiert)\b")
_LONG = re.compile(r"\s*(?:lang|long)\b")
_STAYS_POSSIBLE = re.compile(r"\b(?:remains?|stays?) possible\b")


def _bounded(span: Surroundings, lead: str) -> Reading:
    """A span with a comparator; `within` with nothing done and something that then happens is a time-out."""
    rest = f"{span.before} {span.after}"
    ends = False
    if span.relation is Relation.AT_MOST and _WITHIN.search(span.words + lead[-8:]):
        undone = _UNDONE.search(span.before)
        ends = undone is not None and bool(
            _OWN.search(rest)
            or _HAPPENS.search(span.after)
            or _HAPPENS.search(span.before[: undone.start()])
            or _is_undone(span)
        )
    elif span.relation is Relation.MORE:
        idle = _STRICT.search(span.after) and _IDLE.search(rest)
        idle = idle or (_STRICT.search(span.after) and _OWN.search(rest))
        ends = bool(idle or _AFTER_MORE.search(span.before))
    if ends:
        return Reading(ConstraintKind.TIMEOUT, Relation.AT_MOST)
    return Reading(ConstraintKind.DURATION, span.relation)


def _passed(span: Surroundings, lead: str) -> Reading:
    """`after 5 days`, `5 days later`."""
    duration, lasting = ConstraintKind.DURATION, _FOR.search(lead)
    if _AT_THE_LATEST.search(lead) or _DUE.search(lead):
        made = Reading(duration, Relation.AT_MOST)
    elif _NOUN_OF.search(lead) or (_IS.search(lead) and _AFTER_NEXT.match(span.after)):
        made = Reading(duration, Relation.EXACT)
    elif _ONLY_AFTER.search(lead):
        made = Reading(duration, Relation.AT_LEAST)
    elif _NO_MORE.search(span.after[:_NEAR]):
        made = Reading(duration, Relation.AT_MOST)
    elif _CAN.search(f"{span.before} {span.after}") and not _OWN.search(span.whole):
        made = Reading(duration, Relation.AT_MOST if lasting else Relation.AT_LEAST)
    elif lasting and not _TILL_THEN.search(span.after) and not _UNDONE.search(span.before):
        made = _lasting(span, lead)
    else:
        made = Reading(ConstraintKind.TIMEOUT, Relation.AT_MOST)
    return made


_ONLY_IF = re.compile(
    r"\bonly\b[^.;]*\b(?:if|when|where|once|provided(?: that)?|as long as)(?: there (?:is|are|lies?)| "
    r"at)?\s*$|"
    r"\b(?:possible|allowed|permitted|accepted|granted|valid|okay|fine) (?:if|when|where|provided(?: "
    r"that)?|as long as)"
    r"(?: there (?:is|are))?\s*$",
    re.IGNORECASE,
)
"""`only possible if 30 minutes lie between them`."""
_NO_MORE = re.compile(
    r"^[^;.]*?(?:\b(?:no|nobody|nothing|none|no one)\b[^,;.]*\b(?:can|may|possible|allowed|accepted|able|"
    r"permitted)\b|"
    r"\b(?:(?:can|may) (?:no longer|not|never)|cannot|no longer|(?:is|are) (?:not|no longer) (?:\w+ "
    r")?(?:possible|allowed|"
    r"accepted|permitted|able)|impossible|too late|not possible)\b|\b(?:ca|is|are)n['\u2019]t (?:\w+ )?"
    r"(?:be|possible|allowed|accepted|permitted|able)\b)",
    re.IGNORECASE,
)
"""`after 5 days no … is possible`."""
_LASTED = re.compile(rf"\b(?:been|has|have|had|waits?|was|were)\b|{_UNDONE.pattern}", re.IGNORECASE)


def _lasting(span: Surroundings, lead: str) -> Reading:
    """`for 5 days`, `has 5 days to …`, `takes 5 days`."""
    duration, timeout = ConstraintKind.DURATION, ConstraintKind.TIMEOUT
    if _TO_DO.search(lead) and _ASKED.match(span.after):
        follows = _TILL_THEN.search(span.rest) and (_OWN.search(span.rest) or _HAPPENS.search(span.rest))
        made = Reading(timeout if follows else duration, Relation.AT_MOST)
    elif (
        (_TO_DO.search(lead) and _TILL_THEN.search(span.after) and _HAPPENS.search(span.rest))
        or _GERMAN_VALID.match(span.after)
        or (_LOCKED_FOR.search(span.before) and _LONG.match(span.after))
    ):
        made = Reading(timeout, Relation.AT_MOST)
    elif _FOR.search(lead):
        made = _for(span)
    elif _IN.search(lead):
        ends = _STRICT.search(span.before) or _is_undone(span)
        made = Reading(timeout if ends else duration, Relation.AT_MOST)
    elif _ONLY_IF.search(span.before[-_NEAR:]):
        made = Reading(duration, Relation.AT_LEAST)
    else:
        made = Reading(duration, Relation.EXACT)
    return made


_THEN_AGAIN = re.compile(
    r",? (?:(?:and|but) )?(?:then|after (?:that|which)|afterwards|whereupon|before (?:it|they|being))\b",
    re.IGNORECASE,
)
_KEPT = re.compile(
    r"\b(?:keeps?|kept|retain\w*|stor(?:e|es|ed)|remember\w*|preserv\w*|saves?|saved|sav(?:e|ed)|accessible|"
    r"available|reachable|visible|editable|on offer|open|usable|works?|playable|downloadable|listed|"
    r"redeemable|alive|active|stands?)\b"
    r"[^,;.]{0,40}$",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"\b(?:if|when|once|unless|whoever|whose|who|that|which|where|as soon as)\b[^,;]*?"
    r"(?:\b(?:not|never|no|nobody|nothing|none|fails? to|neither)\b|n['\u2019]t\b)[^,;]*$",
    re.IGNORECASE,
)
"""`if nobody answers`, `whoever doesn't …`."""
_SO_BE_IT = re.compile(
    r"^(?: [\w'\u2019-]+){0,4}?(?:,|(?= (?:is|are|gets?|will|loses?)\b))(?!.*\b(?:can|may|could|might|must|"
    r"should|has to|"
    r"have to)\b)[^.;]*\b(?:(?:is|are|gets?|be|been) (?:\w+ly )?\w+|\w{3,}s)\b",
    re.IGNORECASE,
)
"""What then happens, rather than what somebody may or must do."""


_NEAR = 160
"""Characters around a time span in which a condition or what follows is looked for."""


def _is_undone(span: Surroundings) -> bool:
    """Whether nothing is done so long, and what then happens is told before or behind."""
    before = span.before[-_NEAR:]
    condition = _CONDITION.search(before)
    if condition is None:
        return False
    first = before[: condition.start()]
    told = _SAID.search(first) and not _CAN.search(first) and not span.after.strip()
    return bool(told or _SO_BE_IT.search(span.after[:_NEAR]))


_SAID = re.compile(r"\b(?:(?:is|are|gets?|will be) (?:\w+ly )?\w+|\w{3,}s)\b", re.IGNORECASE)


_HAVING = re.compile(
    r"\b(?:must|has to|have to|needs? to|should) have (?:\w+ )?\w+(?:ed|n|ld|d)\b[^,;.]{0,40}$"
)
"""`must have held a licence for 2 years`"""


def _for(span: Surroundings) -> Reading:
    """`for 5 days`: locked or untouched so long, or what can be done so long."""
    locked = _LOCKED_FOR.search(span.before) or _GERMAN_LOCKED.match(span.after)
    happens = _OWN.search(span.whole) or _HAPPENS.search(span.whole)
    untouched = _LASTED.search(span.before) and happens and not _CAN.search(span.before)
    valid = _VALID_FOR.search(span.before) and not _STAYS_POSSIBLE.search(span.before)
    again = _THEN_AGAIN.match(span.after) and not _CAN.search(span.before)
    undone = _is_undone(span)
    if _HAVING.search(span.before):
        return Reading(ConstraintKind.DURATION, Relation.AT_LEAST)
    if locked or untouched or valid or again or undone:
        return Reading(ConstraintKind.TIMEOUT, Relation.AT_MOST)
    if _CAN.search(f"{span.before} {span.after}") or _KEPT.search(span.before):
        return Reading(ConstraintKind.DURATION, Relation.AT_MOST)
    if _TILL_THEN.search(span.after) and _HAPPENS.search(span.after):
        return Reading(ConstraintKind.TIMEOUT, Relation.AT_MOST)
    return Reading(ConstraintKind.DURATION, Relation.EXACT)
