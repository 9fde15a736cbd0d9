"""Names of formats: of files, of codes, of dates."""

import re

_TYPES = (
    r"PDF/A(?:-\d\w?)?|PDF|PNG|JPE?G|GIF|HEIC|HEIF|WebP|WEBP|SVG|TIFF?|BMP|CSV|TSV|XLSX?|XLSM|DOCX?|"
    r"PPTX?|ODT|ODS|RTF|TXT|XML|JSON(?:L| Lines)?|"
    r"YAML|HTML5?|EPUB|ZIP|TAR|GZIP|7z|RAR|MP[34]|M4A|WAV|FLAC|OGG|AVI|MOV|MKV|WebM|AAC|ICS|"
    r"iCal(?:endar)?|vCard|VCF|GPX|KML|GeoJSON|DXF|DWG|STEP|STL|"
    r"IFC|EML|MSG|PEM|PKCS ?#?12|FHIR|HL7|DICOM|EDIFACT|camt\.\d{3}|pain\.\d{3}|MT940|BIBTEX|BibTeX|"
    r"RIS|MARC|DATEV|XRechnung|ZUGFeRD|SEPA XML|Parquet|Avro|Markdown|LaTeX|"
    r"NDJSON|GeoPackage|GraphML|TOML|LDIF|OFX|QIF|UBL|BMEcat|MusicXML|AVIF|JPEG ?XL|PKPASS|MOBI|AZW3|OBJ|"
    r"glTF|GLB|3MF|LAS|FASTA|GTFS|RDF|LZ4|LZMA|BZ2|GZ|H\.26[45]|AV1|VP9|MPEG-?[24]|Opus|DMP|ISO image|"
    r"AsciiDoc|NetCDF|SQL|APK|IPA|RAW|DNG|PSD|INDD|AI|EPS|CR2|MIDI|SRT|VTT|WebVTT|mbox"
)
_NAMES = (
    r"ISO[ -](?:3166|639|4217|20022|6346|15924)(?:-\d)?(?: alpha-?\d)?|ISBN|"
    r"UTF-(?:8|16|32)(?: with(?:out)?(?: a)? BOM)?|"
    r"BCP ?47|IMEI|ISIN|LEI|MAC address(?:es)?|"
    r"ICD-1[01](?:-GM)?|UN/LOCODE|WGS ?84|base ?32|MD5|"
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
_PART = r"(?:DD?|dd?|TT|MMMM?|MM?|mm|YYYY|YY|yyyy|yy|JJJJ|JJ|AAAA|HH?|hh?|SS|ss)"
_STAMP = rf"(?=[\w./:T -]{{0,12}}(?:DD|dd|TT|MM|mm|YY|yy|JJ|HH|hh))(?:{_PART}[-/.: T]){{1,5}}{_PART}"
"""A date or a time of day in letters."""
TYPE = re.compile(
    rf"(?<![\w.-])(?P<name>{_TYPES})(?:['\u2019]?s(?=\W|$))?(?![\w])(?!-\d)(?! (?:Ops|team|squad|guild)\b)"
)
LOWER = re.compile(
    r"(?:(?<![\w/@])|(?<=[a-z]/))(?:\.(?P<dotted>[a-z][a-z0-9]{1,4})\b|(?<!\.)(?P<plain>pdf|png|jpe?g|gif|"
    r"csv|xlsx?|docx?|txt|"
    r"xml|json|zip|mp[34]|svg|html|webp)"
    r"(?=,? (?:files?|or|and|oder|und|document|format|export|attachment)s?\b|,|"
    r"/(?:pdf|png|jpe?g|gif|csv|xml|json|zip|svg)|\.?$|[;)|]| [ .,;]| $))"
)
DOTTED = frozenset(
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
NAME = re.compile(rf"(?<![\w.-])(?:{_NAMES})(?![\w])|(?<!\w)(?:{_STAMP}|{_DATES})(?!\w)")
OFFICE = re.compile(
    r"\bplain text\b(?= (?:or|and|file|format|only)|[.,;]|$)|"
    r"(?:(?<=\bas )|(?<=\bto )|(?<=\bin )|(?<=\ban )|(?<=\ba )|(?<=\bor )|(?<=\band )|(?<=, ))"
    r"(?:Excel|Word|PowerPoint|OpenDocument|OpenOffice)"
    r"(?= (?:files?|sheets?|workbooks?|documents?|formats?|exports?|or|and)\b|[.,;]|$)"
)
UNKNOWN = re.compile(
    r"(?<![\w-])(?!(?:API|ID|PIN|SMS|UK|US|EU|VAT|HR|IT|QR|UI|OK|CI|QA|CV|TV|URL|AM|PM|CEO)\b)"
    r"[A-Z][A-Z0-9]{2,4}(?=-?\s?(?:files?|formats?)\b)"
)
"""A kind of file that isn't known, but called one."""
FURTHER = re.compile(
    r"(?:,? (?:or|and)|,|/| \+)\s?(?:an? )?(?!(?:API|ID|PIN|SMS|UK|US|EU|VAT|HR|IT|QR|UI|OK|CV|URL)\b)"
    r"(?P<name>[A-Z][A-Z0-9]{2,4})(?=[.,;)\n]|$| (?:or|and|files?|images?|documents?|exports?|formats?)\b)"
)
"""An unknown kind of file beside a known one."""
BEFORE = re.compile(
    r"(?<![\w-])(?!(?:API|ID|PIN|SMS|UK|US|EU|VAT|HR|IT|QR|UI|OK|CV|URL)\b)"
    r"(?P<name>[A-Z][A-Z0-9]{1,6}(?:-[A-Z0-9]{1,4})?|[A-Z]-[A-Z0-9]{2,5})"
    r"(?:,? (?:or|and) (?:an? )?|, (?:an? )?|/| \+ )\Z"
)
"""The same in front of it."""
