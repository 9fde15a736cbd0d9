"""Formats of text, files and codes that a criterion names."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from casewright_generator.domain.requirements.found import Found
from casewright_generator.domain.requirements.model import ConstraintKind

_TYPES = (
    r"PDF/A(?:-\d\w?)?|PDF|PNG|JPE?G|GIF|HEIC|HEIF|WebP|WEBP|SVG|TIFF?|BMP|CSV|TSV|XLSX?|XLSM|DOCX?|"
    r"PPTX?|ODT|ODS|RTF|TXT|XML|JSON(?:L| Lines)?|"
    r"YAML|HTML5?|EPUB|ZIP|TAR|GZIP|7z|RAR|MP[34]|M4A|WAV|FLAC|OGG|AVI|MOV|MKV|WebM|AAC|ICS|"
    r"iCal(?:endar)?|vCard|VCF|GPX|KML|GeoJSON|DXF|DWG|STEP|STL|"
    r"IFC|EML|MSG|PEM|PKCS ?#?12|FHIR|HL7|DICOM|EDIFACT|camt\.\d{3}|pain\.\d{3}|MT940|BIBTEX|BibTeX|"
    r"RIS|MARC|DATEV|XRechnung|ZUGFeRD|SEPA XML|Parquet|Avro|Markdown|LaTeX|"
    r"AsciiDoc|NetCDF|SQL|APK|IPA|RAW|DNG|PSD|INDD|AI|EPS|CR2|MIDI|SRT|VTT|WebVTT|mbox"
)
_NAMES = (
    r"ISO 8601|RFC ?\d{3,5}|E\.164|UTF-(?:8|16)|ASCII|UUID(?:v\d)?|GUID|ULID|ISBN(?:-1[03])?|ISSN|"
    r"EAN(?:-?(?:8|13))?|GTIN(?:-1\d)?|IBAN|BIC|VIN|"
    r"Code ?(?:39|128)|Data ?Matrix|base ?64(?:url)?|Base ?64|hex(?=[ -]encoded)|hexadecimal|hex(?= "
    r"(?:colou?r|code|string|digits))|CIDR|IPv[46]|DOI|ORCID|"
    r"ISO[ -](?:3166|4217|639|20022)(?:-\d)?|alphanumeric|(?:semantic versioning|semver)|24-hour|"
    r"AES-\d{3}|SHA-?\d{3}|JWT"
)
_DATES = (
    r"(?:YYYY|JJJJ|AAAA|yyyy)[-/.]?(?:MM|mm)(?:[-/.]?(?:DD|TT|JJ|dd))?(?:[T ]HH:MM(?::SS)?)?|(?:DD|TT|"
    r"dd|JJ)[-/.](?:MM|mm)[-/.](?:YYYY|YY|JJJJ|AAAA|yyyy)|"
    r"MM/DD/YYYY|MM/YY(?:YY)?|HH:MM(?::SS)?|hh:mm(?::ss)?|mm:ss|MM:SS"
)
_TYPE = re.compile(rf"(?<![\w.-])(?:{_TYPES})(?![\w])(?!-\d)(?! (?:Ops|team|squad|guild)\b)")
_LOWER = re.compile(
    r"(?<![\w/@])(?:\.(?P<dotted>[a-z][a-z0-9]{1,4})\b|(?<!\.)(?P<plain>pdf|png|jpe?g|gif|csv|xlsx?|"
    r"docx?|txt|"
    r"xml|json|zip|mp[34]|svg|html|webp)"
    r"(?=,? (?:files?|or|and|oder|und|document|format|export|attachment)s?\b|,|\.?$|[;)|]))"
)
_DOTTED = frozenset(
    [
        "pdf",
        "png",
        "jpg",
        "jpeg",
        "gif",
        "csv",
        "xls",
        "xlsx",
        "doc",
        "docx",
        "txt",
        "xml",
        "json",
        "zip",
        "mp3",
        "mp4",
        "svg",
        "html",
        "heic",
        "webp",
        "ics",
        "tif",
        "tiff",
        "ppt",
        "pptx",
        "bmp",
        "rtf",
        "yaml",
        "yml",
        "md",
        "log",
        "wav",
        "mov",
        "gpx",
        "kml",
        "vcf",
        "eml",
        "pem",
        "tar",
        "gz",
        "epub",
        "odt",
        "ods",
        "bak",
        "msi",
        "exe",
        "apk",
    ]
)
_NAME = re.compile(rf"(?<![\w.-])(?:{_NAMES})(?![\w])|(?<!\w)(?:{_DATES})(?!\w)")
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
_MADE_OF = re.compile(
    r"\b(?:only|consists? (?:only )?of|made (?:up )?(?:only )?of|contains? only|may contain|composed "
    r"of|made from|besteht (?:nur )?aus|solo)(?: (?:of|contain|the|upper-?case|lower-?case|uppercase|"
    r"capital|small|Latin))* (?P<list>(?:(?:upper-?case |lower-?case |capital |small |Latin "
    r")?(?:letters|digits|numbers|hyphens|dashes|underscores|spaces|dots|periods|"
    r"Buchstaben|Ziffern|letras|números|lettres|chiffres)(?:,? (?:and|or|und|oder|y|et) |, )?){2,6})",
    re.IGNORECASE,
)
_SPLIT = re.compile(r",? (?:and|or|und|oder|y|et) |, ")
_GLUE = re.compile(
    r"\s*(?:,|/|or|and|oder|und|y|o|ou|et|as|&|files?|images?|\([^()\n]{1,40}\)|,? ?(?:or|and|oder|"
    r"und) (?:as )?(?:an? )?)*\s*"
)


@dataclass(frozen=True, slots=True)
class _Named:
    value: str
    start: int
    end: int


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
        if groups and _GLUE.fullmatch(text, groups[-1][-1].end, one.start):
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
    for pattern in (_TYPE, _NAME):
        for match in pattern.finditer(masked):
            yield _Named(match.group(), match.start(), match.end())
    for match in _LOWER.finditer(masked):
        if match["plain"] or match["dotted"] in _DOTTED:
            yield _Named(match["plain"] or f".{match['dotted']}", match.start(), match.end())
    for match in _ADDRESS.finditer(masked):
        value = match["value"] or match["value2"] or match["value3"]
        yield _Named(value, match.start(), match.end())
    yield from _entered(masked)
    yield from _patterns(text, masked)
    yield from _made_of(text, masked)


def _entered(masked: str) -> Iterator[_Named]:
    """An e-mail address that somebody gives, as opposed to a mail that is sent."""
    for match in _EMAIL.finditer(masked):
        clause = masked[max(0, match.start() - 80) : match.end() + 60]
        if match["valid"] or match["after"] or (match["address"] and _ENTERED.search(clause)):
            yield _Named(match["value"], match.start("value"), match.end())


def _patterns(text: str, masked: str) -> Iterator[_Named]:
    """`the pattern AB-1234`; the pattern may be quoted, but not what speaks of it."""
    for match in _PATTERN.finditer(text):
        head = slice(match.start(), match.start() + 4)
        if masked[head] == text[head]:
            group = "quoted" if match["quoted"] else "plain"
            yield _Named(match[group], match.start(group), match.end())


def _made_of(text: str, masked: str) -> Iterator[_Named]:
    """`only letters and digits`."""
    for match in _MADE_OF.finditer(masked):
        values = [part.strip() for part in _SPLIT.split(match["list"].strip(" ,")) if part.strip()]
        if len(values) > 1:
            yield from _listed(values, match.start("list"), text)


def _listed(values: list[str], at: int, text: str) -> Iterator[_Named]:
    for value in values:
        start = text.find(value, at)
        if start >= 0:
            at = start + len(value)
            yield _Named(value, start, at)
