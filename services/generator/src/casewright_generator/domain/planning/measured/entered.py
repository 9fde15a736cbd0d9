"""Values that somebody enters or chooses: at the bounds they are accepted, beyond them refused."""

import re

from casewright_generator.domain.language import words
from casewright_generator.domain.planning.conditions import TestCondition
from casewright_generator.domain.planning.measured.cases import Datum, as_act, made, upper
from casewright_generator.domain.planning.measured.points import Point, allowed, points
from casewright_generator.domain.planning.measured.sites import Site, phrase, rejoined
from casewright_generator.domain.requirements.model import ConstraintKind

_MODAL = r"(?:must|may|can|could|should|shall|will|has to|have to|needs? to)"
_BOUNDING = (
    rf"(?:{_MODAL}(?: not|n['\u2019]t)? )?(?:also )?(?:be|is|are|isn['\u2019]t|mustn['\u2019]t be|have|has|"
    rf"contain|contains|hold|holds|span|spans|run|runs|go|goes|"
    r"range|ranges|lies?|takes?|counts?|measures?|weighs?|needs?|exceed|comprises?|consists? of|made of|"
    r"ends?|stays?|remains?)"
    r"(?: (?:optional|mandatory|required|and|entered|counted|given|typed|measured|set|chosen|limited|"
    r"restricted|capped|in [a-z]+|to|at|after|always|,))*"
)
_SUBJECT = re.compile(rf"^(?P<thing>.+?),? (?P<verb>{_BOUNDING}),?$", re.IGNORECASE)
_SET = re.compile(
    r"\b(?:sets?|enters?|chooses?|picks?|selects?|types?|adjusts?|gives?|fills? in)(?: in)? (?P<thing>it|"
    r"them|.+?)(?: to| at| from)?$",
    re.IGNORECASE,
)
_PARENTHESIS = re.compile(r"(?P<thing>(?:[\w'\u2019-]+ ){0,4}[\w'\u2019-]+) ?[(\[]$")
_OF = re.compile(
    r"\b(?P<thing>(?:an?|the|every|each) (?:[\w'\u2019-]+ ){0,2}[\w'\u2019-]+) (?:of|with)$", re.IGNORECASE
)
_NEEDED = re.compile(r"^(?:is|are) (?:needed|required|mandatory|allowed|possible|accepted)\b", re.IGNORECASE)
_WHICH = re.compile(
    r"\b(?:the|an?|its|their|his|her) (?P<thing>(?:[\w'\u2019-]+ ){0,4}[\w'\u2019-]+), which "
    r"(?:is|are|has|have|must be|must have|has to be|may be|can be)$",
    re.IGNORECASE,
)
_ENTERED = re.compile(
    r"^(?:is|are|must be|has to be|have to be|can be|may be) "
    r"(?:entered|given|typed|filled in|provided|set|chosen)\b",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"(?:^|[ ,])(?P<thing>(?:an?|the|every|each) (?:[\w'\u2019-]+ ){0,2}[\w'\u2019-]+)"
    r"(?: (?:of|with|between))?$",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"^(?:$|[,;.)\]]|(?:long|in length|wide|high|tall|deep|each|in size|inclusive|or (?:less|more|older)|"
    r"only|per\b|"
    r"and\b|of the\b|as the upper|"
    r"is allowed|are allowed|without exception|including|excluding|plus\b|at the outside|in total|"
    r"per [a-z]+))",
    re.IGNORECASE,
)
_FILLER = re.compile(
    r"^(?:(?:optional|mandatory|required|whole number|number|text|free text|integer|entered|numeric|"
    r"in [a-z%]+)[,:]? ?)*(?:from|and)?$",
    re.IGNORECASE,
)
_GENERIC = words.word_set(
    "fields field limits limit rules rule values value validation constraints inputs input data"
)
_TYPED = words.word_set(
    "name title description comment note caption password passphrase username subject message reason "
    "remark text headline "
    "summary nickname alias abstract bio label code pin postcode zip number email address"
)
_MADE = re.compile(
    r"\b(?:is|are|gets?|get) (?:then )?(?:automatically )?(?:generated|created|issued|assigned|printed|"
    r"produced|numbered|drawn up|sent)\b",
    re.IGNORECASE,
)
_ENTRY = re.compile(
    r"\b(?:enter|enters|entered|type|types|typed|fill|fills|choose|chooses|chosen|set|sets|pick|picks|upload|"
    r"uploads|"
    r"mandatory|required|optional|must|may|can|should|mustn['\u2019]t|has to|have to|needs?)\b",
    re.IGNORECASE,
)
_HOLDS = re.compile(r"\b(?:contains?|includes?)$", re.IGNORECASE)
"""A password that contains a digit may be longer than that."""
_NAMED_LIMIT = re.compile(r"\b(?:limit|maximum [a-z]+|minimum [a-z]+) is\b", re.IGNORECASE)
_SIDES = re.compile(r"^(?:wide|high|tall|deep|thick)\b")
_LIMITS = words.word_set("limit maximum minimum cap load quota")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_LONGEST_SAMPLE = 60
_KINDS = frozenset(
    {
        ConstraintKind.LENGTH,
        ConstraintKind.NUMBER,
        ConstraintKind.MONEY,
        ConstraintKind.PERCENT,
        ConstraintKind.SIZE,
        ConstraintKind.WEIGHT,
        ConstraintKind.AGE,
        ConstraintKind.DURATION,
        ConstraintKind.COUNT,
    }
)


def entered(site: Site, story: str, *, three: bool) -> list[TestCondition]:
    """The conditions of the bounds of a value; none where the sentence doesn't bound one.

    Args:
        site: Where the bounds stand.
        story: All criteria, by which what is made by the product is told from what is entered.
        three: Whether both neighbours of each bound are taken.
    """
    if site.constraint.kind not in _KINDS or (site.constraint.low is None and site.constraint.high is None):
        return []
    names = [name for name in _names(site) if _is_entered(name, site, story)]
    return [_condition(site, name, point) for name in names for point in points(site.constraint, three=three)]


def _names(site: Site) -> list[str]:  # noqa: C901, PLR0911  # one return for each form of a sentence
    kind, before = site.constraint.kind, rejoined(site.before)
    if kind is ConstraintKind.DURATION and not re.match(r"^(?:long|in length)\b", site.after):
        return []
    if kind is ConstraintKind.LENGTH and site.constraint.unit != "characters" and _HOLDS.search(before):
        return []
    if _NAMED_LIMIT.search(f"{before} {site.constraint.text}"):
        return []
    if _ENTERED.match(site.after) and (match := _NAMED.search(before)):
        return _listed(match["thing"])
    if not _TAIL.match(site.after) and not (_NEEDED.match(site.after) and _OF.search(before)):
        return []
    ranged = site.constraint.low is not None and site.constraint.high is not None and _IS.match(before)
    if match := _WHICH.search(before):
        return _listed(match["thing"])
    if (
        kind is ConstraintKind.COUNT
        and not (site.label and _FILLER.match(before))
        and not _SET.search(before)
        and not ranged
    ):
        return []
    if site.label and site.label.lower() not in _GENERIC and _FILLER.match(before):
        return _listed(site.label)
    if match := _PARENTHESIS.search(before):
        return _nearest(match["thing"])
    if (match := _SET.search(before)) and (found := _listed(_own(match["thing"], site))):
        return found
    if match := _SUBJECT.match(before):
        kept = match["verb"].lower().rsplit(maxsplit=1)[-1].startswith(("stay", "remain"))
        return [] if kept and kind is ConstraintKind.NUMBER else _listed(match["thing"])
    if match := _OF.search(before):
        return _listed(match["thing"])
    return _listed(before.rstrip(",")) if _is_short(before) else []


_NUMBERED = re.compile(
    r"\b(?:numbers?|codes?|ids?|sequences?|series) (?:always )?(?:runs?|goes|go|counts?|starts?)(?: from)?$|"
    r"^(?:the )?[a-z]+ numbers (?:the |its |all )?[\w -]{2,40} from$",
    re.IGNORECASE,
)
"""What the product counts up by itself: `Queue numbers run from`."""
_ITS = re.compile(r"\b(?:sets?|enters?|chooses?) it\b", re.IGNORECASE)


def _own(thing: str, site: Site) -> str:
    return site.label if thing.lower() in {"it", "them"} else thing


_IS = re.compile(
    rf"^.+ (?:{_MODAL} be|is|are|ranges?|goes)(?: (?:entered|counted|given|measured|set|chosen|"
    rf"limited))?(?: from| to)?$",
    re.IGNORECASE,
)
_SHORT = 4


def _is_short(before: str) -> bool:
    """`Hive weight between 10 and 120 kg`, `Name, at most 80 characters`: a noun and its bounds."""
    bare = re.sub(r",? (?:from|optional|up to)$", "", before.rstrip(","))
    return 0 < len(bare.split()) <= _SHORT or ("," in before or " and " in before)


def _nearest(text: str) -> list[str]:
    """The noun right before a parenthesis: `Every photo can be given a caption (`."""
    found = text.split()
    starts = [n for n, word in enumerate(found) if word.lower() in words.DETERMINERS]
    bare = " ".join(found[starts[-1] :] if starts else found)
    return [name] if (name := phrase(bare)) else []


def _listed(text: str) -> list[str]:
    """`first name and last name` are two."""
    text = re.sub(r",? (?:from|optional|both)$|, (?:text|number|whole number)$", "", text.strip().rstrip(","))
    parts = re.split(r", and | and |, ", text)
    names = [phrase(part) for part in parts]
    if all(names) and (len(parts) == 1 or not any(len(part.split()) > _SHORT for part in parts)):
        return names
    whole = phrase(text)
    return [whole] if whole else []


def _is_entered(name: str, site: Site, story: str) -> bool:
    """Whether it is a person who sets the value, not the product."""
    head = name.lower().split()[-1]
    if _NUMBERED.search(site.before) and not site.label and not _ENTRY.search(site.sentence):
        return False
    limit = head in _LIMITS and not _ITS.search(site.before)
    if limit or (site.constraint.kind is ConstraintKind.AGE and head != "age"):
        return False
    own = words.singular(head)
    if any(
        own in line.lower() and _MADE.search(line) and not _ENTRY.search(line) for line in story.splitlines()
    ):
        return False
    exact = site.constraint.low == site.constraint.high
    if not exact or site.label or site.reaction:
        return True
    return own in _TYPED or bool(_ENTRY.search(site.sentence))


def _condition(site: Site, name: str, point: Point) -> TestCondition:
    kind = site.constraint.kind
    label, what = upper(name), as_act(name)
    value = Datum(what, point.text)
    if kind is ConstraintKind.LENGTH:
        action, value = _typed(site, what, point)
    elif kind is ConstraintKind.SIZE:
        one = words.singular(what) if words.is_plural(what) else what
        action = (
            f"Use {words.with_article(one)} of {point.text}"
            if not one.endswith("size")
            else f"For {what}, use a file of {point.text}"
        )
    elif side := _SIDES.match(site.after):
        one = words.singular(what) if words.is_plural(what) else what
        action = f"Use {words.with_article(one)} that is {point.text} {side.group()}"
    elif kind is ConstraintKind.DURATION:
        action = f"For {what}, make it {point.text} long"
    else:
        action = f"For {what}, enter or set {point.text}"
    if point.inside:
        title = f"{label}: {point.text} accepted ({point.place})"
        return made(
            site,
            title,
            [
                (
                    f"{action}, and save",
                    accepted(what),
                )
            ],
            data=[value],
        )
    return made(
        site,
        f"{label}: {point.text} refused ({point.place})",
        [(f"{action}, and try to save", refused(site, what))],
        data=[value],
        negative=True,
    )


def accepted(what: str) -> str:
    """What is seen where a value is within its bounds."""
    return f"The input for {what} is accepted without an error, and is still there when it is opened again"


def refused(site: Site, what: str) -> str:
    """What is seen where a value is beyond its bounds."""
    told = (
        f'the message "{site.reaction}" is shown'
        if site.reaction
        else f"a message names {allowed(site.constraint)} as allowed"
    )
    return f"The input for {what} is refused: {told}, and nothing is saved"


def _typed(site: Site, what: str, point: Point) -> tuple[str, Datum]:
    size = int(point.order[0])
    unit = site.constraint.unit
    if size == 0:
        return f"For {what}, enter nothing", Datum(what, f"empty ({point.text})")
    digits = unit == "digits"
    text = ("1234567890" if digits else _LETTERS) * 4
    if size > _LONGEST_SAMPLE or unit not in {"characters", "digits", "letters"}:
        return f"For {what}, enter {point.text}", Datum(what, point.text)
    return f"For {what}, enter {point.text}", Datum(what, f"{text[:size]} ({point.text})", sample=True)
