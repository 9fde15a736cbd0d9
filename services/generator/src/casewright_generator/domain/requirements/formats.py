"""Formats of text, files and codes that a criterion names."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from casewright_generator.domain.requirements import format_names, masks
from casewright_generator.domain.requirements.found import Found
from casewright_generator.domain.requirements.model import ConstraintKind

_EMAIL = re.compile(
    (
        r"\b(?P<valid>valid |well-formed |gültige[rn]? |válid\w+ |valide )?(?P<value>e-?mail|E-?Mail|"
        r"e-?Mail|correo electrónico)(?P<address>[ -]?(?:address(?:es)?|adressen?|adresse|dirección))?(?: "
        r"(?P<after>válid\w+|valide|format))?"
    ),
    re.IGNORECASE,
)
_ENTERED = re.compile(
    r"\b(?:enter\w*|giv\w+|gave|provid\w+|asks? for|asked for|fields?|form|requires?|required|"
    r"type[sd]?|fill\w*|contain\w*|valid\w*|mandatory|must be|consists? of|"
    r"needs?|with name|accepts?|states?|supply|supplies|register\w*|angeben|eingeben|gibt|pflichtfeld|"
    r"addresses only|only [\w ]{0,20}e-?mail addresses|addresses are (?:accepted|allowed)|"
    r"introduc\w+|obligatori\w+|saisi\w*)\b",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"\b(?:valid|well-formed|gültige\w*|absolute|full|complete) (?P<value>URLs?|phone numbers?|"
    r"telephone numbers?|mobile numbers?|links?|post ?codes?|zip codes?|"
    r"VAT (?:ID|number)s?|tax numbers?|licen[cs]e plates?|web address(?:es)?|domain names?|IP "
    r"address(?:es)?|JSON|date|regular expressions?|UUID)|"
    r"\b(?:must be|be|is|enters?|gives?|has to be) an? (?P<value2>(?:https?|HTTPS?) (?:URL|address|"
    r"link)|URL)|\b(?P<value3>https?://|HTTPS)(?= (?:only|URLs?))",
)
_PATTERN = re.compile(
    r"\b(?:patterns?|formats?|form|mask|regex|regular expression|notation|muster|format|"
    r"formato|patrón)(?: (?:is|of|like|the|must be|must match|has|as|lautet|es))*:? ?"
    r"(?:[\"“„`'](?P<quoted>[^\"”“`'\n]{2,60})[\"”“`']|"
    r"(?P<plain>(?=[^\s,;]*[-#/._\d])[A-Z0-9#{][\w#./{}\[\]*+?\\^$()-]{2,40}[\w#}\]$]|"
    r"[A-Z]{2,}[0-9N#X]{2,}))",
)
_SIGN = (
    r"(?:upper-?case |lower-?case |capital |small |Latin )?(?:letters|digits|numbers|hyphens|dashes|"
    r"underscores|spaces|dots|periods|apostrophes|slashes|Buchstaben|Ziffern|letras|números|lettres|chiffres)"
)
_SIGNS = rf"(?:{_SIGN}(?:,? (?:and|or|und|oder|y|et) |, )?)"
_MADE_OF = re.compile(
    rf"\b(?:only|consists? (?:only )?of|made (?:up )?(?:only )?(?:of|from)|contains? only|(?:may|can|must) "
    rf"(?:only )?contain|composed of|built from|limited to|restricted to|besteht (?:nur )?aus|solo)"
    rf"(?: (?:of|contain|the|be))* (?P<list>{_SIGNS}{{2,6}})|"
    rf"\b(?P<before>{_SIGNS}{{2,6}})(?<=\w)(?= only\b| and nothing else\b)|"
    rf"\b(?:only|exclusively|nothing but) (?:contain |of )?(?P<one>{_SIGN})(?=[.,;\n]|$| (?:are|may|can)\b)|"
    rf"(?<!\d )\b(?P<alone>{_SIGN})(?= only\b)",
    re.IGNORECASE,
)
_SPLIT = re.compile(r",? (?:and|or|und|oder|y|et) |, ")
_GLUE = re.compile(
    r"\s*(?:,|/|or|and|oder|und|y|o|ou|et|as|&|files?|images?|\([^()\n]{1,40}\)|of|, an?\b|"
    r",? ?(?:or|and|oder|und|ou|et|o|y|e) (?:as |als |en )?(?:(?:an?|une?|eine?|einen|una?|un) )?)*\s*"
)


@dataclass(frozen=True, slots=True)
class _Named:
    value: str
    start: int
    end: int
    beside: bool = False
    """Whether it belongs to the one before it, whatever stands between them."""


def formats(text: str, masked: str) -> list[Found]:
    """The formats that a text names; those that are listed together are one constraint.

    Args:
        text: As written.
        masked: The text without quotations and examples, of the same length.
    """
    named = sorted(_named(text, masked), key=lambda one: (one.start, -one.end))
    groups: list[list[_Named]] = []
    for one in named:
        if groups and one.start < groups[-1][-1].end:
            continue
        if groups and (one.beside or _GLUE.fullmatch(text, groups[-1][-1].end, one.start)):
            groups[-1].append(one)
        else:
            groups.append([one])
    found = [
        Found(
            ConstraintKind.FORMAT,
            group[0].start,
            group[-1].end,
            values=tuple(dict.fromkeys(one.value for one in group)),
        )
        for group in groups
    ]
    unique: dict[frozenset[str], Found] = {}
    for group in found:
        unique.setdefault(frozenset(value.lower() for value in group.values), group)
    return list(unique.values())


def _named(text: str, masked: str) -> Iterator[_Named]:
    for pattern in (format_names.TYPE, format_names.NAME, format_names.OFFICE, format_names.UNKNOWN):
        for match in pattern.finditer(masked):
            if _OF_ANOTHER.match(masked, match.end()):
                continue
            if pattern in {format_names.TYPE, format_names.OFFICE}:
                yield from _unknown_before(masked, match.start())
            value = match["name"] if pattern is format_names.TYPE else match.group()
            yield _Named(value, match.start(), match.end())
            yield from _unknown(masked, match.end())
    for match in format_names.LOWER.finditer(masked):
        if match["plain"] or match["dotted"] in format_names.DOTTED:
            yield _Named(match["plain"] or f".{match['dotted']}", match.start(), match.end())
    for match in _ADDRESS.finditer(masked):
        value = match["value"] or match["value2"] or match["value3"]
        yield _Named(value, match.start(), match.end())
    yield from _entered(masked)
    yield from _patterns(text, masked)
    yield from _made_of(text, masked)


def _unknown(masked: str, at: int) -> Iterator[_Named]:
    """Kinds of files that nobody knows, beside one that is known."""
    for _ in range(_MOST):
        match = format_names.FURTHER.match(masked, at)
        if not match:
            return
        at = match.end("name")
        yield _Named(match["name"], match.start("name"), at)


def _unknown_before(masked: str, at: int) -> Iterator[_Named]:
    for _ in range(_MOST):
        match = format_names.BEFORE.search(masked, max(0, at - _NEAR), at)
        if not match:
            return
        at = match.start("name")
        yield _Named(match["name"], at, match.end("name"))


_MOST = 8
_NEAR = 24
_OF_ANOTHER = re.compile(
    r" (?:files?|documents?|exports?) (?:is|are|must be|has to be|have to be) (?:encoded|compressed|packed|"
    r"zipped|wrapped)\b"
)
"""`CSV files are encoded in …`: what is told of them is another format."""


def _entered(masked: str) -> Iterator[_Named]:
    """An e-mail address that somebody gives, as opposed to a mail that is sent."""
    for match in _EMAIL.finditer(masked):
        clause = masked[max(0, match.start() - 80) : match.end() + 60]
        named = match["address"] and (
            _ENTERED.search(clause) or _IS_ONE.search(masked, max(0, match.start() - _NEAR), match.start())
        )
        if match["valid"] or match["after"] or named:
            yield _Named(match["value"], match.start("value"), match.end())


_IS_ONE = re.compile(r"\b(?:is|are|be|has to be) (?:an? |the )?(?:\w+ )?\Z")


def _patterns(text: str, masked: str) -> Iterator[_Named]:
    """`the pattern AB-1234`; the pattern may be quoted, but not what speaks of it."""
    for match in _PATTERN.finditer(text):
        head = slice(match.start(), match.start() + 4)
        if masked[head] == text[head]:
            group = "quoted" if match["quoted"] else "plain"
            yield _Named(match[group], match.start(group), match.end())
            yield from (
                _Named(text[at:end], at, end, beside=True) for at, end in masks.beside(text, match.end())
            )
    for start, end, beside in (*masks.masks(text), *((one, to, False) for one, to in masks.examples(text))):
        if masked[max(0, start - 3) : start].strip("~\"“„`' ") or start == 0:
            yield _Named(text[start:end], start, end, beside=beside)


def _made_of(text: str, masked: str) -> Iterator[_Named]:
    """`only letters and digits`, `digits only`."""
    for match in _MADE_OF.finditer(masked):
        group = next(name for name in ("list", "before", "one", "alone") if match[name])
        if group in {"before", "alone"} and _OF_SORT.search(
            masked, max(0, match.start() - _NEAR), match.start()
        ):
            continue
        values = [_PLAIN_SIGN.sub("", part) for part in _SPLIT.split(match[group].strip(" ,"))]
        yield from _listed([value for value in values if value], match.start(group), text)


_OF_SORT = re.compile(
    r"(?:\b(?!(?:of|from|be|is|are|with|to|in|by|and|or|the|as|only|contains?|accepts?|allows?|takes?|uses?|"
    r"using|holds?|enters?|has|have|types?|small|capital|latin|lower|upper|plain|simple|aus|nur|"
    r"de)\b)[^\W\d_]{2,}) \Z",
    re.IGNORECASE,
)
"""A noun or adjective in front that says which: `mobile numbers only`."""
_PLAIN_SIGN = re.compile(r"^(?:upper-?case|lower-?case|capital|small|latin)\s|^\s+|\s+$", re.IGNORECASE)


def _listed(values: list[str], at: int, text: str) -> Iterator[_Named]:
    for value in values:
        start = text.find(value, at)
        if start >= 0:
            at = start + len(value)
            yield _Named(value, start, at)
