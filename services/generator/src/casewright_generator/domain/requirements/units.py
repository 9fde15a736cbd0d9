"""What a number counts: the units that people write, in several languages, and their one name."""

import re
from dataclasses import dataclass

from casewright_generator.domain.requirements.model import ConstraintKind

_K = ConstraintKind


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit.

    Attributes:
        name: The name that a constraint carries.
    """

    kind: ConstraintKind
    name: str


def _table() -> dict[str, Unit]:
    found: dict[str, Unit] = {}
    for kind, name, written in _UNITS:
        for word in written.split():
            found[word.replace("_", " ")] = Unit(kind, name)
    return found


_UNITS = (
    (
        _K.LENGTH,
        "characters",
        (
            "character characters char chars zeichen caracter caracteres carácter caractère caractères "
            "carattere caratteri teken tekens caractere"
        ),
    ),
    (
        _K.LENGTH,
        "digits",
        (
            "digit digits ziffer ziffern dígito dígitos cifra cifras chiffre chiffres cijfer cijfers cifre "
            "stellen"
        ),
    ),
    (_K.LENGTH, "letters", "letter letters buchstabe buchstaben letra letras lettre lettres lettere"),
    (
        _K.LENGTH,
        "words",
        "word words wort wörter worte wörtern palabra palabras mot mots woorden palavras parole",
    ),
    (_K.LENGTH, "lines", "line lines zeile zeilen línea líneas ligne lignes regels linhas righe"),
    (_K.MONEY, "EUR", "eur euro euros € eure"),
    (_K.MONEY, "USD", "usd dollar dollars $ us$ dólares"),
    (_K.MONEY, "GBP", "gbp £ quid"),
    (_K.MONEY, "CHF", "chf franken fr. sfr"),
    (_K.MONEY, "JPY", "jpy yen ¥"),
    *(
        (_K.MONEY, code, code.lower())
        for code in (
            "SEK",
            "NOK",
            "DKK",
            "PLN",
            "CZK",
            "AUD",
            "CAD",
            "NZD",
            "INR",
            "CNY",
            "BRL",
            "MXN",
            "ZAR",
            "HUF",
            "RON",
            "TRY",
        )
    ),
    (_K.MONEY, "INR", "rupees ₹"),
    (_K.PERCENT, "", "% percent per_cent pct prozent por_ciento pour_cent per_cento procent por_cento"),
    (_K.SIZE, "bytes", "byte bytes"),
    (_K.SIZE, "KB", "kb kib kilobyte kilobytes ko"),
    (_K.SIZE, "MB", "mb mib megabyte megabytes mo meg megs"),
    (_K.SIZE, "GB", "gb gib gigabyte gigabytes go_(octets)"),
    (_K.SIZE, "TB", "tb tib terabyte terabytes"),
    (_K.WEIGHT, "kg", "kg kgs kilo kilos kilogram kilograms kilogramm kilogramme kilogrammes kilogramos"),
    (_K.WEIGHT, "g", "g gram grams gramme grammes gramm gramos grammi"),
    (_K.WEIGHT, "mg", "mg milligram milligrams"),
    (_K.WEIGHT, "lb", "lb lbs"),
    (_K.WEIGHT, "oz", "oz ounce ounces"),
    (_K.WEIGHT, "t", "t tonne tonnes tons tonnen toneladas"),
    (_K.DURATION, "milliseconds", "ms millisecond milliseconds millisekunden"),
    (
        _K.DURATION,
        "seconds",
        "s sec secs second seconds sekunde sekunden segundo segundos seconde secondes secondi seconden",
    ),
    (_K.DURATION, "minutes", "min mins minute minutes minuten minuto minutos minuti minuut"),
    (_K.DURATION, "hours", "h hr hrs hour hours stunde stunden std hora horas heure heures ora ore uur uren"),
    (
        _K.DURATION,
        "days",
        (
            "d day days tag tage tagen werktag werktage werktagen arbeitstag arbeitstage arbeitstagen "
            "kalendertage kalendertagen bankarbeitstage bankarbeitstagen día días jour jours giorno giorni "
            "dag dagen dia dias "
            "weekday weekdays workday workdays"
        ),
    ),
    (
        _K.DURATION,
        "weeks",
        "week weeks wk wks woche wochen semana semanas semaine semaines settimana settimane weken",
    ),
    (
        _K.DURATION,
        "months",
        "month months mo. monat monate monaten mes meses mois mese mesi maand maanden mês",
    ),
    (
        _K.DURATION,
        "years",
        "year years yr yrs jahr jahre jahren año años an ans année années anno anni jaar jaren ano anos",
    ),
    *(
        (_K.NUMBER, unit, unit.lower())
        for unit in (
            "°C",
            "°F",
            "mm",
            "cm",
            "km",
            "m",
            "mi",
            "px",
            "dpi",
            "fps",
            "km/h",
            "mph",
            "mmol/l",
            "mg/dl",
            "mg/l",
            "ml",
            "l",
            "cl",
            "kWh",
            "MWh",
            "Wh",
            "kW",
            "W",
            "V",
            "A",
            "Hz",
            "kHz",
            "MHz",
            "GHz",
            "dB",
            "bar",
            "hPa",
            "mbar",
            "ppm",
            "rpm",
            "Mbit/s",
            "Gbit/s",
            "kbit/s",
            "Mbps",
            "Gbps",
            "kbps",
            "MB/s",
            "lux",
            "lx",
            "mm²",
            "cm²",
            "m²",
            "m2",
            "sqm",
            "m³",
            "m3",
            "ha",
            "K",
            "ft",
            "N",
            "Nm",
            "bpm",
            "mmHg",
            "m/s",
            "µg",
            "µm",
            "°",
        )
    ),
    *(
        (_K.NUMBER, unit, unit.replace(" ", "_"))
        for unit in (
            "points",
            "miles",
            "kilometres",
            "kilometers",
            "metres",
            "meters",
            "centimetres",
            "centimeters",
            "millimetres",
            "millimeters",
            "inches",
            "feet",
            "pixels",
            "degrees",
            "stars",
            "litres",
            "liters",
            "millilitres",
            "punkte",
            "puntos",
            "credits",
            "kilowatt",
            "decimals",
            "decibels",
            "volts",
            "watts",
            "square metres",
            "square meters",
            "square kilometres",
            "square kilometers",
            "square miles",
            "square feet",
            "cubic metres",
            "cubic meters",
            "acres",
            "hectares",
            "decimal places",
            "yards",
            "calories",
            "kcal",
            "knots",
        )
    ),
    (_K.NUMBER, "points", "point pts punkten"),
    (_K.NUMBER, "miles", "mile"),
    (_K.NUMBER, "stars", "star"),
    (_K.NUMBER, "degrees", "degree grad"),
    (_K.NUMBER, "km", "kilometer kilometern"),
    (_K.NUMBER, "°C", "º c celsius degrees_celsius grad_celsius °_c"),
    (_K.COUNT, "times", "time times x mal male veces vez fois volte keer vezes"),
)
_TABLE = _table()
CASED = {unit.name: unit for unit in _TABLE.values() if unit.kind is _K.NUMBER and len(unit.name) == 1}
"""Units of one letter count only in the case in which they are customary: `5 V`, not `5 v`."""
_CURRENCIES = "|".join(
    sorted(
        {
            re.escape(word)
            for word, unit in _TABLE.items()
            if unit.kind is _K.MONEY and (not word.isalpha() or word.upper() == unit.name)
        },
        key=len,
        reverse=True,
    )
)
CURRENCY_BEFORE = re.compile(rf"(?<![\w])(?P<unit>{_CURRENCIES}) ?$", re.IGNORECASE)
_BUSINESS = (
    r"(?:business|working|work|calendar|bank(?:ing)?|school|trading|full|consecutive|whole|clear|opening|"
    r"d'affaires|ouvrés|ouvrables)"
)
AFTER = re.compile(
    rf"(?:[ \u00a0\u202f]|-)?(?:{_BUSINESS}[ -])?(?P<unit>degrees celsius|grad celsius|per cento?|por "
    rf"ciento|pour cent|"
    r"por cento|(?:square|cubic) (?:kilo)?met(?:re|er)s|square (?:miles|feet)|decimal places|"
    r"[%€$£¥₹]|°(?: ?[CF](?![A-Za-z]))?|m²|cm²|mm²|m³|(?:k|M|G)bit/s|"
    r"[^\W\d_]{1,14}/[a-z]{1,2}(?![\w])|[^\W\d_]{1,18}\.?)"
)


_LETTERS = frozenset("gtshdlmVAWKN")


def unit_after(text: str, at: int) -> tuple[Unit | None, int]:
    """The unit that follows a number which ends at `at`, and where it ends; `None` where no unit is known."""
    match = AFTER.match(text, at)
    if not match:
        return None, at
    raw = match["unit"]
    end = match.end()
    if raw.endswith("."):
        known = raw.lower() in _TABLE and not raw[0].isupper()  # `10 Mo.`: the sentence ends
        raw, end = (raw, end) if known else (raw[:-1], end - 1)
    if text[end : end + 1].isalnum():
        return None, at
    plain = raw.replace(" ", "") if raw.startswith("°") else raw.lower()
    unit = _TABLE.get(plain.lower()) or _TABLE.get(plain.lower().removesuffix("."))
    if (
        unit is None
        or (unit.name in CASED and raw not in CASED)
        or (len(raw) == 1 and raw.isalpha() and raw not in _LETTERS)
    ):
        return None, at
    if unit.kind is _K.SIZE and raw.lower() in {"mo", "ko"} and not raw[0].isupper():
        return None, at
    if len(raw) == 1 and raw in "dgst" and match.group()[0] == " " and text[end : end + 1] == "'":
        return None, at
    return unit, end


def unit_named(word: str) -> Unit | None:
    """The unit of that name, as a column's header has it: `EUR`, `MB`."""
    return _TABLE.get(word.lower().strip(" .()"))
