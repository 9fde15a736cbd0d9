"""Formats and closed lists: one example in the format or of each value, and one that is not."""

import re

from casewright_common.events import Technique
from casewright_generator.domain.language import clauses, words
from casewright_generator.domain.reading import observing
from casewright_generator.domain.reading.situations import Setting
from casewright_generator.domain.reading.statements import Statement
from casewright_generator.domain.rules.said import Said

_BE = r"(?:is|are|must be|should be|shall be|has to be|have to be|can be|may be|will be)"
_THING = r"(?P<thing>(?:the |an? |each |every |all )?[A-Za-z][\w -]{2,50}?)"
_SHOWN = (
    r"(?P<done>shown|displayed|printed|formatted|rendered|output|exported|entered|given|typed|provided|"
    r"written)"
)
_SPLIT = re.compile(r",? (?:or|and) |, ")
_MOST = 8
_LONGEST_VALUE = 3

_ONE_OF = re.compile(
    rf"^{_THING} {_BE} (?:exactly )?(?:one of(?: the following)?(?: values| options)?:? |either )"
    r"(?P<values>[^.;:()]{3,160})$",
    re.IGNORECASE,
)
_SWITCHED = re.compile(
    rf"^{_THING} (?:can|may) be (?P<done>switched|changed|set|toggled) (?:between|to) "
    r"(?P<values>[^.;:()]{3,120}(?:, | and | or )[^.;:()]{1,40})$",
    re.IGNORECASE,
)
_AVAILABLE = re.compile(
    rf"^{_THING} (?:is|are|must be|should be) available (?:as|in) (?:an? )?(?P<values>[A-Z][^.;:()]{{1,80}}?)"
    r"(?: (?:files?|formats?))?$"
)
_PATTERN = re.compile(
    rf"^{_THING} (?:{_BE} {_SHOWN} )?(?:{_BE} )?(?:as|in|using|with) (?:the )?(?:\d\d-hour )?(?:date |time )?"
    r"(?:format )?(?:of )?\(?[\"“]?(?P<format>(?:[YyMmDdHhs]{1,4}[-/.: T]{0,2}){2,6})[\"”]?\)?(?: format)?$",
)
_HOURS = re.compile(
    rf"^{_THING} {_BE} {_SHOWN} (?:in|as|using) (?:the )?24[- ]h(?:our)?s? (?:format|notation|"
    rf"clock)(?: \(HH:mm\))?$",
    re.IGNORECASE,
)
_DECIMALS = re.compile(
    rf"^{_THING} {_BE} (?:shown|displayed|printed|formatted|rounded|rendered) (?:with|to) (?:exactly )?"
    r"(?P<n>one|two|three|four|[1-4]) (?:decimals?|decimal places|decimal digits|"
    r"digits after the (?:decimal )?point)$",
    re.IGNORECASE,
)
_EXAMPLE = re.compile(
    rf"^{_THING} {_BE} (?:{_SHOWN} )?in the format (?P<example>[\"“]?[+\w][\w+/ .:@-]{{3,40}}\d[\"”]?)$",
    re.IGNORECASE,
)
_VALID = re.compile(
    r"^(?P<thing>(?:the |an? |each |every )?(?:[\w-]+ )?(?P<kind>e-?mail(?: address)?|url|web address|iban)) "
    r"(?:must|should|has to|needs to) be (?:an? )?(?:valid|in a valid format)(?: [\w -]{3,30})?$",
    re.IGNORECASE,
)


def formats(flat: str, said: Said, setting: Setting) -> list[Statement]:
    """The cases of a format or of a closed list."""
    for form in (_one_of, _switched, _available, _dated, _hours, _decimals, _example, _valid):
        if found := form(flat, said, setting):
            return found
    return []


def _values(listed: str) -> list[str]:
    found = [one.strip(" \"“”'") for one in _SPLIT.split(listed.strip())]
    short = all(one and len(one.split()) <= _LONGEST_VALUE for one in found)
    return found if short and 1 < len(found) <= _MOST else []


def _one_of(flat: str, said: Said, setting: Setting) -> list[Statement]:
    """`The status is one of open, closed, archived`."""
    del setting
    match = _ONE_OF.match(flat)
    values = _values(match["values"]) if match else []
    if not match or not values:
        return []
    return _each_value(said, match["thing"], values)


def _each_value(said: Said, thing: str, values: list[str]) -> list[Statement]:
    name = _bare(thing)
    what = observing.definite(f"the {name}")
    listed = f"{', '.join(values[:-1])} or {values[-1]}"
    found = [
        said.case(
            f"{name} can be {value}",
            (f"Set {what} to {value}",),
            (f"{what} is {value}",),
            technique=Technique.EQUIVALENCE_PARTITION,
            data=((name, value),),
        )
        for value in values
    ]
    found.append(
        said.case(
            f"Refuse a {name} other than {listed}",
            (f"Try to set {what} to {_UNLISTED}",),
            (f"This is refused or not offered: {what} is not {_UNLISTED}",),
            technique=Technique.EQUIVALENCE_PARTITION,
            data=((name, _UNLISTED.strip('"')),),
            negative=True,
        )
    )
    return found


_UNLISTED = '"unlisted"'


def _switched(flat: str, said: Said, setting: Setting) -> list[Statement]:
    """`The language can be switched between German, English and French`."""
    del setting
    match = _SWITCHED.match(flat)
    values = _values(match["values"]) if match else []
    verb = words.base_of_participle(match["done"].lower()) if match else ""
    if not match or not values or any(one.split()[0].lower() in words.DETERMINERS for one in values):
        return []
    thing = observing.definite(match["thing"])
    return [
        said.case(
            f"{verb} {thing} to {value}",
            (f"{verb} {thing} to {value}",),
            (f"{thing} {words.is_are(thing)} {value}",),
            technique=Technique.EQUIVALENCE_PARTITION,
            data=((_bare(match["thing"]), value),),
        )
        for value in values
    ]


def _available(flat: str, said: Said, setting: Setting) -> list[Statement]:
    """`The export is available as CSV, PDF or XLSX`."""
    del setting
    match = _AVAILABLE.match(flat)
    values = _values(match["values"]) if match else []
    if not match or not values or not all(one.isupper() for one in values):
        return []
    thing = observing.definite(match["thing"])
    return [
        said.case(
            f"{thing} {words.is_are(thing)} available as {value}",
            (f"Get {thing} as {value}, and open the file",),
            (f"The file opens as {value} and has the content of {thing}",),
            technique=Technique.EQUIVALENCE_PARTITION,
            data=(("format", value),),
        )
        for value in values
    ]


# In the order in which they are replaced: 5 March 1987, 7 minutes and 9 seconds past 2 p.m.
_PARTS = (
    (r"[Yy]{4}", "1987"),
    (r"[Dd]{2}", "05"),
    (r"(?<=[Hh]{2}:)[Mm]{2}", "07"),
    (r"[Hh]{2}", "14"),
    (r"(?<=\d\d:)[Mm]{2}", "07"),
    (r"MMM", "Mar"),
    (r"[Mm]{2}", "03"),
    (r"[Ss]{2}", "09"),
    (r"[Yy]{2}", "87"),
)
_DAY, _TIME = "5 March 1987", "7 minutes past 2 p.m."


def _dated(flat: str, said: Said, setting: Setting) -> list[Statement]:
    """`Dates are shown as YYYY-MM-DD`, `The date of birth is entered in the format DD.MM.YYYY`."""
    del setting
    match = _PATTERN.match(flat)
    if not match or not (match["format"].upper().startswith(("YY", "DD", "MM", "HH"))):
        return []
    pattern = match["format"].strip()
    sample = _filled(pattern)
    if re.search(r"[A-Za-z]", re.sub(r"T|Mar", "", sample)):
        return []
    day, time = bool(re.search("[Yy]|[Dd]{2}", pattern)), bool(re.search("[Hh]{2}", pattern))
    told = " ".join(
        filter(None, (_DAY if day else "", f"at {_TIME}" if time and day else _TIME if time else ""))
    )
    if match["done"] and match["done"].lower() in _ENTERED:
        return _entered(said, match["thing"], pattern, sample, day=day)
    return [_seen(said, match["thing"], told, sample, pattern)]


_ENTERED = frozenset({"entered", "given", "typed", "provided", "written"})


def _filled(pattern: str) -> str:
    """The example in the pattern."""
    made = pattern
    for part, value in _PARTS:
        made = re.sub(part, value, made)
    return made


def _seen(said: Said, thing: str, told: str, sample: str, pattern: str) -> Statement:
    one = _bare(words.singular(_bare(thing)) if words.is_plural(thing) else thing)
    return said.case(
        f"{clauses.capital(observing.definite(thing))}: {told} is shown as {sample}",
        (f"Open a view that shows the {one} {told}",),
        (f"The {one} reads {sample}",),
        technique=Technique.EQUIVALENCE_PARTITION,
        data=((one, told), ("expected", f"{sample} ({pattern})")),
    )


def _entered(said: Said, thing: str, pattern: str, sample: str, *, day: bool) -> list[Statement]:
    name = _bare(thing)
    other = "03/05/87" if "/" not in pattern else "05-03-87"
    tries: list[tuple[str, str, bool]] = [
        (sample, f"in the format {pattern}", True),
        (other if day else "2 p.m.", f"not in the format {pattern}", False),
    ]
    if day and re.search("[Dd]{2}", pattern) and "M" in pattern.upper():
        tries.append(
            (_filled(re.sub("[Dd]{2}", "31", re.sub("[Mm]{2}", "02", pattern))), "no such day", False)
        )
    return [
        said.case(
            f"{'Accept' if good else 'Reject'} {value} as {name} ({why})",
            (f"Enter {value} as {name}",),
            (f"{value} is {'' if good else 'not '}accepted as {name}",),
            technique=Technique.EQUIVALENCE_PARTITION,
            data=((name, value),),
            negative=not good,
        )
        for value, why, good in tries
    ]


def _hours(flat: str, said: Said, setting: Setting) -> list[Statement]:
    del setting
    match = _HOURS.match(flat)
    return [_seen(said, match["thing"], _TIME, "14:07", "24 hours")] if match else []


_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4}


def _decimals(flat: str, said: Said, setting: Setting) -> list[Statement]:
    """`Amounts are displayed with two decimals`: a whole number, and one with a decimal."""
    del setting
    match = _DECIMALS.match(flat)
    if not match:
        return []
    digits = _NUMBERS.get(match["n"].lower()) or int(match["n"])
    one = _bare(words.singular(_bare(match["thing"])) if words.is_plural(match["thing"]) else match["thing"])
    return [
        said.case(
            f"{one} {value} is shown as {value:.{digits}f}",
            (f"Open a view that shows {words.with_article(one)} of {value}",),
            (f"The {one} reads {value:.{digits}f}",),
            technique=Technique.EQUIVALENCE_PARTITION,
            data=((one, f"{value}"),),
        )
        for value in ((7, 0.5) if digits > 1 else (7,))
    ]


def _example(flat: str, said: Said, setting: Setting) -> list[Statement]:
    """`The phone number must be in the format +49 123 4567890`."""
    del setting
    match = _EXAMPLE.match(flat)
    if not match or (match["done"] and match["done"].lower() not in _ENTERED):
        return []
    name, good = _bare(match["thing"]), match["example"].strip('"“”')
    wrong = f"{good[:-1]}x"
    return [
        said.case(
            f"Accept {good} as {name}",
            (f"Enter {good} as {name}",),
            (f"{good} is accepted as {name}",),
            technique=Technique.EQUIVALENCE_PARTITION,
            data=((name, good),),
        ),
        said.case(
            f"Reject {wrong} as {name}, which is not in the format",
            (f"Enter {wrong} as {name}",),
            (f"{wrong} is not accepted as {name}",),
            technique=Technique.EQUIVALENCE_PARTITION,
            data=((name, wrong),),
            negative=True,
        ),
    ]


_SAMPLES = {
    "e": (("jo@example.com", True), ("jo.example.com", False), ("jo@", False)),
    "u": (("https://example.com/a", True), ("example", False)),
    "w": (("https://example.com/a", True), ("example", False)),
    "i": (("DE89 3704 0044 0532 0130 00", True), ("DE89 3704 0044 0532 0130 01", False)),
}


def _valid(flat: str, said: Said, setting: Setting) -> list[Statement]:
    """`The email address must be valid`."""
    del setting
    match = _VALID.match(flat)
    if not match or match["kind"][0].lower() not in _SAMPLES:
        return []
    name = _bare(match["thing"])
    return [
        said.case(
            f"{'Accept' if good else 'Reject'} {value} as {name}",
            (f"Enter {value} as {name}",),
            (f"{value} is {'' if good else 'not '}accepted as {name}",),
            technique=Technique.EQUIVALENCE_PARTITION,
            data=((name, value),),
            negative=not good,
        )
        for value, good in _SAMPLES[match["kind"][0].lower()]
    ]


def _bare(thing: str) -> str:
    bare = re.sub(r"^(?:the|an?|each|every|all) ", "", thing.strip(), flags=re.IGNORECASE)
    return clauses.lower_first(bare)
