"""Closed choices: `one of`, `either … or`, `by card or by invoice`, lists after a colon, cells."""

import re
from collections.abc import Iterator

from casewright_generator.domain.language import words
from casewright_generator.domain.requirements import choice_leads
from casewright_generator.domain.requirements.found import Found
from casewright_generator.domain.requirements.listing import FLAGS, JOINS, LIST, PAIR, list_at
from casewright_generator.domain.requirements.model import ConstraintKind

_CONDITION = re.compile(
    (
        r"\b(?:if|when|whenever|unless|without|once|while|where|wenn|falls|ohne|si|cuando|sin|sans|quand|"
        r"no|not|never|nor|than|before|after|until)\b[^,;:\n]{0,60}$|"
        r"(?<=[\w,] )(?:any|every|all) (?:[\w-]+ ){0,2}$"
    ),
    re.IGNORECASE,
)
_FREQUENT = words.word_set(
    "daily weekly monthly quarterly yearly annually hourly fortnightly biweekly never always "
    "immediately täglich wöchentlich monatlich jährlich"
)
_LANGUAGES = words.word_set(
    "english german french spanish italian dutch polish danish swedish norwegian finnish portuguese "
    "greek turkish russian ukrainian czech slovak hungarian romanian "
    "bulgarian croatian serbian slovenian arabic hebrew chinese japanese korean hindi catalan basque "
    "irish welsh icelandic estonian latvian lithuanian en de fr es it nl "
    "pl eur usd gbp chf deutsch englisch französisch spanisch italienisch inglés francés español "
    "alemán anglais français allemand espagnol italien mandarin"
)
_APPROVE = (
    r"approv\w+|accept\w*|confirm\w*|grant\w*|allow\w*|validat\w+|verif\w+|sign\w*|agree\w*|keep\w*|"
    r"publish\w*|releas\w+|admit\w*|genehmig\w+|annehm\w+|acept\w+|aprueb\w+"
)
_REJECT = (
    r"reject\w*|refus\w+|declin\w+|den(?:y|ies|ied)|disapprov\w+|withhold\w*|disput\w+|dismiss\w*|"
    r"discard\w*|ablehn\w+|lehn\w+|rechaz\w+|return\w*|send\w* back"
)
_DECISION = re.compile(
    rf"\b(?P<one>{_APPROVE}) or (?P<two>{_REJECT})\b(?! by)|\b(?P<one2>{_REJECT}) or (?P<two2>{_APPROVE})\b",
    re.IGNORECASE,
)


def choices(text: str, cells: tuple[tuple[str, int, int], ...] = (), *, dutch: bool = False) -> list[Found]:
    """The closed choices of a text, in order, none within another.

    Args:
        text: As written, with its quotations.
        cells: Header, start and end of each cell, where the text is a table's row.
        dutch: Whether `of` means `or`.
    """
    text = text.replace(" of ", " or ") if dutch else text
    if not JOINS.search(text):
        return []
    found: list[Found] = []
    taken: list[tuple[int, int]] = []
    for one in (
        *_in_cells(text, cells),
        *_by_nature(text),
        *_after_triggers(text),
        *_after_colons(text),
        *_in_brackets(text),
        *_there_are(text),
        *_amounts(text),
        *_closed_off(text),
        *_as_subjects(text),
        *_decisions(text),
    ):
        if not any(one.start < end and start < one.end for start, end in taken):
            found.append(one)
            taken.append((one.start, one.end))
    return sorted(found, key=lambda one: one.start)


def _after_triggers(text: str) -> Iterator[Found]:
    for trigger in choice_leads.TRIGGERS:
        for match in trigger.pattern.finditer(text):
            if trigger.conditional and _CONDITION.search(text[max(0, match.start() - 70) : match.start()]):
                continue
            one = list_at(text, match.end(), joined=trigger.joined, least=trigger.least)
            if one and not (trigger.joined == "and" and _all_happen(text[: match.end()], one)):
                yield one


def _all_happen(before: str, one: Found) -> bool:
    """`are saved, checked and sent`: what is done, each after the other."""
    return before.endswith((" are ", " is ")) and all(
        words.base_of_participle(value.split()[0].lower()) for value in one.values
    )


def _after_colons(text: str) -> Iterator[Found]:
    for match in choice_leads.COLON.finditer(text):
        lead = match["lead"]
        held = choice_leads.HOLDING.search(lead[-80:])
        listing = not held and bool(choice_leads.LISTING.search(lead[-80:]))
        end = text.find("\n", match.end())
        closing = choice_leads.NOTHING_ELSE.search(
            text[_list_end(text, match.end()) : end if end > 0 else None]
        )
        joined = "any" if closing or listing or _SLASHED.match(text, match.end()) else "or"
        if one := list_at(text, match.end(), joined=joined, least=2, whole=not listing):
            yield one
        elif listing and (tight := _TIGHT.match(text, match.end())):
            values = tuple(tight.group().split("/"))
            if not {value.lower() for value in values} <= FLAGS:
                yield Found(ConstraintKind.ENUMERATION, tight.start(), tight.end(), values=values)


_SLASHED = re.compile(r"[\w' -]{1,30}?(?: / [\w' -]{1,30}?){2,12}(?=\s*(?:[.;(\n]|$))")
"""Three and more values between slashes, and nothing behind them."""


_TIGHT = re.compile(r"[^\W_]{1,15}(?:/[^\W_]{1,15}){1,12}(?=[.;,\n]|$)")
"""`S/M/L`."""


def _list_end(text: str, at: int) -> int:
    match = LIST.match(text, at)
    return match.end() if match else at


def _in_brackets(text: str) -> Iterator[Found]:
    for match in choice_leads.BRACKET.finditer(text):
        head = text[max(0, match.start() - _REACH) : match.start()]
        kind = choice_leads.OF_A_KIND.search(head) or choice_leads.CATCH_ALL.search(match["list"])
        one = list_at(
            text,
            match.start("list"),
            joined="any" if kind else "or",
            least=PAIR + 1 if kind and " or " not in match["list"] else PAIR,
            stop=match.end("list"),
        )
        if one and (one.end >= match.end("list") - 1 or choice_leads.CLOSED.match(text, one.end)):
            yield one


def _there_are(text: str) -> Iterator[Found]:
    """`There are small, medium and large crates`: the kinds of a thing, before its noun."""
    for match in choice_leads.THERE_ARE.finditer(text):
        values = tuple(_NATURE_SPLIT.split(match["list"]))
        low = [value.lower() for value in values]
        things = any(value.endswith("s") and not value.endswith("ss") for value in low)
        if not things and len(set(low)) == len(low) and not any(one in _UNLIKE for one in low):
            yield Found(ConstraintKind.ENUMERATION, match.start("list"), match.end("list"), values=values)


_UNLIKE = words.word_set(
    "two three four five six seven eight nine ten more many few several no some other further different new"
)


def _closed_off(text: str) -> Iterator[Found]:
    """A list after which the text says that there is nothing else."""
    for match in choice_leads.CLOSING.finditer(text):
        start, end = match.start("list"), match.end("list")
        one = list_at(text, start, joined="any", least=2, stop=end)
        held = " or " not in match["list"] and choice_leads.ALL_HOLD.search(
            text[max(0, start - _REACH) : start]
        )
        if one and one.end == end and not held:
            yield one


def _amounts(text: str) -> Iterator[Found]:
    """`15, 30 or 45 minutes`: three amounts and more that share their unit."""
    for match in choice_leads.AMOUNTS.finditer(text):
        before = text[max(0, match.start() - 70) : match.start()]
        if not _CONDITION.search(before) and not choice_leads.CODES.search(before):
            values = tuple(re.split(r",? or |, ", match["list"]))
            yield Found(ConstraintKind.ENUMERATION, match.start(), match.end("unit"), values=values)


_REACH = 40


def _as_subjects(text: str) -> Iterator[Found]:
    """`A, B and C are the options`: in lower case only where the words after it leave no doubt."""
    for pattern in (choice_leads.ARE_OPTIONS, choice_leads.ONLY_ALLOWED, choice_leads.SUBJECT):
        for match in pattern.finditer(text):
            start, end = match.start("list"), match.end("list")
            if only := _ONLY.match(text, start, end):
                start = only.end()
            one = list_at(text, start, joined="and", least=2, stop=end)
            if (
                one
                and one.end == end
                and (pattern is not choice_leads.SUBJECT or all(value[:1].isupper() for value in one.values))
            ):
                yield one


_ONLY = re.compile(r"(?:(?:only|both|then|and|just) )+", re.IGNORECASE)


def _decisions(text: str) -> Iterator[Found]:
    for match in _DECISION.finditer(text):
        if _CONDITION.search(text[max(0, match.start() - 60) : match.start()]) or re.search(
            r"\b(?:be|is|are|been|was|were|gets?)\s$", text[: match.start()][-5:]
        ):
            continue
        values = (match["one"] or match["one2"], match["two"] or match["two2"])
        yield Found(ConstraintKind.ENUMERATION, match.start(), match.end(), values=values)


_NATURE = re.compile(
    r"(?<![^\W\d_])[^\W\d_]{1,20}(?:, [^\W\d_]{1,20}){0,24},? (?:or|and|oder|und|o|y|ou|et) [^\W\d_]{1,20}\b"
)


def _by_nature(text: str) -> Iterator[Found]:
    """Lists of languages or frequencies, whatever stands before them."""
    for match in _NATURE.finditer(text):
        items = tuple(one for one in _NATURE_SPLIT.split(match.group()) if one)
        low = [one.lower() for one in items]
        disjoint = _NATURE_OR.search(match.group()) is not None
        spoken = all(len(one) > PAIR and one in _LANGUAGES for one in low)
        spoken = spoken and (disjoint or all(one[0].isupper() for one in items))
        if len(items) > 1 and (spoken or (disjoint and all(one in _FREQUENT for one in low))):
            yield Found(ConstraintKind.ENUMERATION, match.start(), match.end(), values=items)


_NATURE_SPLIT = re.compile(r", |,? (?:or|and|oder|und|o|y|ou|et) ")
_NATURE_OR = re.compile(r" (?:or|oder|o|ou) ")


def _in_cells(text: str, cells: tuple[tuple[str, int, int], ...]) -> Iterator[Found]:
    for header, start, end in cells:
        cell = text[start:end]
        at = start + len(cell) - len(cell.lstrip())
        values = tuple(part.strip() for part in cell.split("/"))
        spaced = " / " in cell and all(_SHORT.fullmatch(value) for value in values)
        if len(values) > 1 and (spaced or all(value.isalpha() for value in values)):
            if {value.lower() for value in values} - FLAGS:
                yield Found(ConstraintKind.ENUMERATION, at, end, values=values)
            continue
        listed = bool(choice_leads.OF_VALUES.search(header))
        one = list_at(text, at, joined="any" if listed else "or", least=2, stop=end)
        if one and one.end >= at + len(cell.strip().rstrip(".")) and (listed or _are_names(one.values)):
            yield one


_SHORT = re.compile(r"[^\W\d_]+(?:[ -][^\W\d_]+){0,2}")


def _are_names(values: tuple[str, ...]) -> bool:
    """Whether the items of a cell are short and nothing that was done (`swapped or tuned`)."""
    short = len(values) > PAIR or all(len(value.split()) <= PAIR for value in values)
    return short and not any(words.base_of_participle(value.split()[-1].lower()) for value in values)
