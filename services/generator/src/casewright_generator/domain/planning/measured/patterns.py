"""Formats: a value that fits, and values that each break one thing."""

import re

from casewright_common.events import Technique
from casewright_generator.domain.planning.conditions import TestCondition
from casewright_generator.domain.planning.measured.cases import Datum, as_act, made, upper
from casewright_generator.domain.planning.measured.entered import accepted, refused
from casewright_generator.domain.planning.measured.sites import Site, phrase
from casewright_generator.domain.requirements.model import ConstraintKind

_KNOWN = {
    "E.164": ("+493012345678", (("03012345678", "without country code"), ("+49 30 12AB", "with letters"))),
    "EAN-13": ("4006381333931", (("4006381333932", "wrong check digit"), ("400638133393", "12 digits"))),
    "IBAN": (
        "DE89370400440532013000",
        (("DE89370400440532013001", "wrong check digits"), ("DE8937040044", "too short")),
    ),
    "ISO 3166": ("DE", (("XX", "no such country"), ("DEU", "three letters"))),
    "ISO 4217": ("EUR", (("XYZ", "no such currency"), ("EURO", "four letters"))),
    "ISO 8601": ("2027-03-01", (("01.03.2027", "another order"), ("2027-02-30", "no such day"))),
    "email": ("jo@example.com", (("jo.example.com", "without @"), ("jo@", "without a domain"))),
    "e-mail": ("jo@example.com", (("jo.example.com", "without @"), ("jo@", "without a domain"))),
    "HH:MM": (
        "14:07",
        (("25:07", "no such hour"), ("14:60", "no such minute"), ("14.07", "another separator")),
    ),
    "HH:MM:SS": (
        "14:07:09",
        (("14:60:09", "no such minute"), ("14:07", "without seconds"), ("14-07-09", "another separator")),
    ),
    "YYYY-MM-DD": ("2027-03-05", (("05-03-2027", "another order"), ("2027-02-30", "no such day"))),
    "DD.MM.YYYY": ("05.03.2027", (("2027.03.05", "another order"), ("30.02.2027", "no such day"))),
    "DD/MM/YYYY": ("05/03/2027", (("2027/03/05", "another order"), ("30/02/2027", "no such day"))),
    "MM/DD/YYYY": ("03/05/2027", (("2027/03/05", "another order"), ("02/30/2027", "no such day"))),
}
_PLACEHOLDERS = re.compile(r"^(?=.*(?:N{2,}|9{3,}|X{2,}|A{2,}|#{2,}|Y{4}))[A-Z0-9#][A-Z0-9#/.\- ]{2,24}$")
_NAME = re.compile(
    r"^(?P<thing>.+?),? (?:(?:(?:can|may|must|has to|have to|should) )?(?:be|is|are|has|have|follows?|"
    r"matches|must match|use|uses)|which follows)"
    r"(?: (?:typed|entered|given|written|stored|shown|displayed|in|as|the|a|valid|of|like|form|format|"
    r"pattern|scheme))*$",
    re.IGNORECASE,
)
_MADE = re.compile(
    r"\b(?:stored|shown|displayed|printed|numbered|generated)\b|\b(?:label|receipt|ticket|its)\b",
    re.IGNORECASE,
)


def patterns(site: Site) -> list[TestCondition]:
    """The conditions of a format; none for one that isn't known or isn't said of anything."""
    one = site.constraint
    if one.kind is not ConstraintKind.FORMAT or len(one.values) != 1:
        return []
    pattern = one.values[0]
    samples = _KNOWN.get(pattern) or (_filled(pattern) if _PLACEHOLDERS.match(pattern) else None)
    name = _name(site)
    if samples is None or not name:
        return []
    good, wrong = samples
    label, what = upper(name), as_act(name)
    if _MADE.search(site.before):
        return []
    technique = Technique.EQUIVALENCE_PARTITION
    found = [
        made(
            site,
            f"{label}: {good} accepted (fits {pattern})",
            [
                (
                    f"For {what}, enter {good}, and save",
                    accepted(what),
                )
            ],
            data=[Datum(what, good, sample=True)],
            technique=technique,
        )
    ]
    for value, why in wrong:
        told = (
            refused(site, what)
            if site.reaction
            else f"The input for {what} is refused: a message names the format {pattern}; nothing is saved"
        )
        found.append(
            made(
                site,
                f"{label}: {value} refused ({why})",
                [(f"For {what}, enter {value}, and try to save", told)],
                data=[Datum(what, value, sample=True)],
                technique=technique,
                negative=True,
            )
        )
    return found


def _name(site: Site) -> str:
    if site.label and not site.before:
        return phrase(site.label)
    match = _NAME.match(site.before.rstrip(" ,"))
    if not match:
        return ""
    last = re.split(r"\b(?:in|types in|enters|types) (?=the\b)", match["thing"])[-1]
    return phrase(last)


def _filled(pattern: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """A value of a pattern of placeholders, one that is too short and one with a sign of another kind."""
    good, digit, letter = "", iter("1234567890123456789012345"), iter("BCDFGHJKLMNPQRSTVWXZBCDFG")
    year = "2027" if "YYYY" in pattern else ""
    rest = pattern.replace("YYYY", "\0")
    for at, sign in enumerate(rest):
        run = rest[at - 1 : at] == sign or rest[at + 1 : at + 2] == sign
        if sign == "\0":
            good += year
        elif sign in "9#" or (sign == "N" and run):
            good += next(digit)
        elif sign in "XA" and run:
            good += next(letter)
        else:
            good += sign
    last = good[-1]
    other = f"{good[:-1]}{'A' if last.isdigit() else '7'}"
    why = "a letter in place of a digit" if last.isdigit() else "a digit in place of a letter"
    return good, ((good[:-1], "one sign too few"), (f"{good}{last}", "one sign too many"), (other, why))
