"""Closed choices: each value once, exactly those, and what isn't among them."""

import re

from casewright_common.events import Technique
from casewright_generator.domain.language import words
from casewright_generator.domain.planning.conditions import TestCondition
from casewright_generator.domain.planning.measured.cases import Datum, as_act, lowered, made, upper
from casewright_generator.domain.planning.measured.entered import refused
from casewright_generator.domain.planning.measured.sites import Site, phrase
from casewright_generator.domain.requirements.model import ConstraintKind

_MOST = 12
_FILE = re.compile(r"^[A-Z][A-Za-z0-9/-]{1,5}$")
_UPLOADED = re.compile(
    r"\b(?:upload\w*|attach\w*|import\w*|accept\w*|file|files|photos?|pictures?|images?|scans?|proofs?|"
    r"dumps?|documents?)\b",
    re.IGNORECASE,
)
_OFFERED = re.compile(
    r"\b(?:offered|export\w*|download\w*|generated|available|saved as|sent as|report|sheet|receipt|mailed)\b",
    re.IGNORECASE,
)
_OTHERS = ("TXT", "EXE", "MP3")
_OPTION = re.compile(
    r"^(?P<thing>.+?) (?:(?:can|may|must|has to|have to|should)(?: only)? be|is|are)(?: (?:either|one of|"
    r"only|always|any of|exactly one of|a choice of|limited to|a dropdown with the entries))?$",
    re.IGNORECASE,
)
_CHOOSING = re.compile(
    r"\b(?P<verb>chooses?|picks?|selects?|ticks?|sets?|enters?|marks?)(?: (?:between|from|one of|either|"
    r"one out of|among|any of))?(?: (?P<thing>(?:an?|the|one|their|its) [\w' -]{2,40}?))?(?: (?:to|as|from|"
    r"on the [\w ]+|out of|of))?:?$",
    re.IGNORECASE,
)
_FOR = re.compile(
    r"^for (?:the|each|every|an?) (?P<thing>[\w' -]{2,30}?)(?:, | (?=you\b|they\b|one\b|the |an? ))",
    re.IGNORECASE,
)
_PARENTHESIS = re.compile(r"(?:an?|the|its|one) (?P<thing>[\w-]+(?: [\w-]+)?) ?\($", re.IGNORECASE)
_NEEDS = re.compile(
    r"\b(?:needs?|has|have|gets?|carries) (?:an?|one|the) (?P<thing>[\w-]+(?: [\w-]+)??)(?: out of| from| of|"
    r":)*:?$",
    re.IGNORECASE,
)


def listed(site: Site) -> list[TestCondition]:
    """The conditions of a list of values; none where it isn't clear what they are values of."""
    one = site.constraint
    values = list(one.values)
    if one.kind not in (ConstraintKind.ENUMERATION, ConstraintKind.FORMAT) or not 0 < len(values) <= _MOST:
        return []
    if all(_FILE.match(value) and value.upper() in _TYPES for value in values):
        return _files(site, values)
    if one.kind is ConstraintKind.FORMAT or len(values) < 2:  # noqa: PLR2004  # one value is no choice
        return []
    name = _name(site)
    return _choices(site, name, values) if name else []


_TYPES = frozenset(
    [
        "PDF",
        "PNG",
        "JPG",
        "JPEG",
        "HEIC",
        "HEIF",
        "GIF",
        "WEBP",
        "TIFF",
        "TIF",
        "BMP",
        "SVG",
        "CSV",
        "XLSX",
        "XLS",
        "ODS",
        "ODT",
        "DOC",
        "DOCX",
        "TXT",
        "RTF",
        "XML",
        "JSON",
        "ZIP",
        "MP3",
        "MP4",
        "WAV",
        "MOV",
        "AVI",
        "OGG",
        "EPUB",
        "GPX",
        "KML",
        "ICS",
        "DMP",
        "PPTX",
        "HTML",
        "M4A",
        "FLAC",
        "STL",
        "DXF",
        "PDF/A",
    ]
)


def _name(site: Site) -> str:  # noqa: PLR0911  # one return for each form of a sentence
    before = site.before.rstrip(" ,:")
    if site.label and not before:
        return phrase(site.label)
    if match := _PARENTHESIS.search(site.before):
        return phrase(match["thing"])
    if match := _OPTION.match(before):
        return phrase(match["thing"])
    if match := _NEEDS.search(before):
        return phrase(match["thing"])
    if match := _CHOOSING.search(before):
        if match["thing"]:
            return phrase(re.sub(r" on the .*$", "", match["thing"]))
        if lead := _FOR.match(site.sentence):
            return phrase(lead["thing"])
        return "choice" if not site.label else phrase(site.label)
    return (
        phrase(before)
        if 0 < len(before.split()) <= _SHORT and not set(before.lower().split()) & words.VERBS
        else ""
    )


_SHORT = 3


def _choices(site: Site, name: str, values: list[str]) -> list[TestCondition]:
    label, what = upper(name), as_act(name)
    told = f"{', '.join(values[:-1])} and {values[-1]}"
    shown = Datum(what, "; ".join(values))
    open_ = site.constraint.kind is ConstraintKind.ENUMERATION
    found = [
        made(
            site,
            f"{label}: exactly {told} are offered",
            [
                (
                    f"For {what}, look at the offered values",
                    f"Exactly these are offered: {told}; nothing else can be chosen or entered",
                )
            ],
            data=[shown],
            technique=Technique.EQUIVALENCE_PARTITION,
        ),
        made(
            site,
            f"{label}: each of {told} can be chosen",
            [
                (
                    f"For {what}, choose {value}, and save",
                    f"When it is opened again, {value} is shown for {what}",
                )
                for value in values
            ],
            data=[shown],
            technique=Technique.EQUIVALENCE_PARTITION,
        ),
    ]
    if site.reaction and open_:
        found.append(
            made(
                site,
                f"{label}: a value other than {told} is refused",
                [(f"For {what}, enter the value unlisted, and try to save", refused(site, what))],
                data=[Datum(what, "unlisted", sample=True)],
                technique=Technique.EQUIVALENCE_PARTITION,
                negative=True,
            )
        )
    return found


def _files(site: Site, values: list[str]) -> list[TestCondition]:
    """Each type of file, and one other."""
    told = f"{', '.join(values[:-1])} and {values[-1]}" if len(values) > 1 else values[0]
    technique = Technique.EQUIVALENCE_PARTITION
    given = _OFFERED.search(site.before) and not re.search(
        r"\b(?:upload\w*|import\w*|accept\w*)\b", site.sentence, re.IGNORECASE
    )
    if given:
        match = re.match(
            r"^(?:the |an? )?(?P<thing>[\w' -]{2,40}?)(?: (?:is|are|can be|takes)\b.*)?$",
            site.before.rstrip(" ,"),
            re.IGNORECASE,
        )
        thing = phrase(match["thing"]) if match else ""
        if not thing:
            return []
        return [
            made(
                site,
                f"{upper(thing)}: available as {told}",
                [
                    (
                        f"For {as_act(thing)}, get it as {value}, and open the file",
                        f"The file is a valid {value}, and its content is that of the {lowered(thing)}",
                    )
                    for value in values
                ],
                data=[Datum("format", "; ".join(values))],
                technique=technique,
            )
        ]
    if not _UPLOADED.search(f"{site.label} {site.before} {site.after}"):
        return []
    other = next(one for one in _OTHERS if one not in values)
    thing = _file(site)
    return [
        made(
            site,
            f"{upper(thing)}: {told} accepted",
            [
                (
                    f"For {as_act(thing)}, upload a valid {value} file",
                    f"The {value} file is accepted and listed, and can be opened",
                )
                for value in values
            ],
            data=[Datum("file type", "; ".join(values))],
            technique=technique,
        ),
        made(
            site,
            f"{upper(thing)}: {other} refused",
            [
                (
                    f"For {as_act(thing)}, try to upload {words.with_article(other)} file",
                    f"The {other} file is refused: a message names {told} as allowed, and nothing is saved",
                )
            ],
            data=[Datum("file type", other, sample=True)],
            technique=technique,
            negative=True,
            supposed=True,
        ),
    ]


def _file(site: Site) -> str:
    """What the files are called in the story."""
    for text in (site.label, site.before):
        if match := re.search(
            r"\b(?P<noun>(?:[a-z]+ )?(?:photo|picture|image|scan|proof|dump|document|attachment|signature|"
            r"logo|receipt|invoice|certificate)s?)\b",
            text,
            re.IGNORECASE,
        ):
            noun = match["noun"].split()
            keep = (
                noun
                if len(noun) == 1
                or noun[0].lower() not in words.DETERMINERS | words.PREPOSITIONS | {"single", "accepted"}
                else noun[1:]
            )
            return " ".join(keep)
    return "file"
