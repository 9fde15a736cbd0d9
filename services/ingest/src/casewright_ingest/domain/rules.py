"""Cells of a table of fields and rules, as sentences: `Name`, `max 50 characters`."""

import re
from collections.abc import Sequence

SUBJECT_COLUMN = re.compile(
    r"(?:(?:form|input|data|user|entry) )?(?:fields?|attributes?|propert(?:y|ies)|parameters?|settings?"
    r"|options?"
    r"|inputs?|elements?|items?|names?|roles?|keys?|columns?|field names?|feld|felder|eingabefeld|champ"
    r"|campo)\W*",
    re.IGNORECASE,
)
"""Header of the column that names what the rules are about."""
RULE_COLUMN = re.compile(
    r"(?:(?:validation|business|field) )?(?:rules?|constraints?|restrictions?|limits?|validations?"
    r"|requirements?"
    r"|(?:allowed|valid|permitted|possible|accepted)(?: (?:values?|range|input))?|range|format"
    r"|(?:max|min)(?:imum|\.)?(?: ?(?:length|value|size|characters))?|length|conditions?|regeln?|vorgaben?"
    r"|grenzen?|r[eè]gles?|reglas?)\W*",
    re.IGNORECASE,
)
_REQUIRED_COLUMN = re.compile(
    r"(?:mandatory|required|pflicht(?:feld)?|obligatoire|obligatorio)\W*", re.IGNORECASE
)
_DEFAULT_COLUMN = re.compile(r"(?:default|standard)(?: value| setting)?\W*", re.IGNORECASE)
_BOUND_COLUMN = re.compile(
    r"(?P<bound>max|min)(?:imum|\.)? ?(?P<of>length|characters|value|size)?\W*", re.IGNORECASE
)
_YES, _NO = (
    frozenset({"yes", "y", "x", "true", "ja", "oui", "✓", "✔"}),
    frozenset({"no", "n", "false", "nein"}),
)
_LENGTHS = (
    r"(?:characters?|chars?|letters?|digits?|symbols?|words?|lines?|items?|entries|decimals?"
    r"|decimal places)"
)
_NUMBER = r"\d{1,3}(?:[,.' ]\d{3})+|\d+(?:[.,]\d+)?"
_UNIT = r"(?P<unit>%|[€$£]|[A-Za-z]{1,14}(?: [a-z]{1,12})?)?"
_MOST = re.compile(
    rf"(?:max(?:imum|\.)?(?: length)?|at most|up to|no more than|not more than|<="
    rf"|≤)(?: of)?:? ?(?P<n>{_NUMBER}) ?{_UNIT}",
    re.IGNORECASE,
)
_LEAST = re.compile(
    rf"(?:min(?:imum|\.)?(?: length)?|at least|no less than|not less than|>="
    rf"|≥)(?: of)?:? ?(?P<n>{_NUMBER}) ?{_UNIT}",
    re.IGNORECASE,
)
_RANGE = re.compile(
    rf"(?:between |from )?(?P<n>{_NUMBER}) ?(?:to|and|-|\u2013|\.\.\.?|…) ?(?P<m>{_NUMBER}) ?{_UNIT}",
    re.IGNORECASE,
)
_EXACTLY = re.compile(rf"exactly (?P<n>{_NUMBER}) ?{_UNIT}", re.IGNORECASE)
_ONE_OF = re.compile(
    r"(?:is )?(?:one of|either)(?: the following)?:? (?P<values>\S.*)", re.IGNORECASE | re.DOTALL
)
_QUALITY = re.compile(
    r"(?:is )?(?P<quality>(?:always |not )?(?:mandatory|required|optional|read-only|unique|numeric"
    r"|alphanumeric"
    r"|case[- ](?:in)?sensitive|editable|empty|hidden|disabled|encrypted))",
    re.IGNORECASE,
)
_DEFAULT = re.compile(r"(?:default(?:s to)?|by default)(?: is| value)?:? (?P<value>\S.{0,60})", re.IGNORECASE)
_PREDICATE = re.compile(
    r"(?P<verb>must|should|shall|can|cannot|may|has|have|is|are|needs|accepts|allows|contains|starts|ends"
    r"|shows"
    r"|cannot be|can't)\b.*",
    re.IGNORECASE | re.DOTALL,
)
_VALUES = re.compile(
    r"(?=[^.]{3,120}$)[\w+-]{1,20}(?: [\w+-]{1,20})?(?:, [\w+-]{1,20})*,? or [\w+-]{1,20}", re.IGNORECASE
)
_OVER = re.compile(
    rf"(?:over|above|more than|under|below|less than|from|>|<|up to|ab|über"
    rf"|bis) ?(?P<n>{_NUMBER}) ?{_UNIT}",
    re.IGNORECASE,
)
_NONE = frozenset({"", "-", "\u2013", "—", "n/a", "none", "./."})
_PART = re.compile(r"[;,] +")
_LONGEST_RULE = 400


def rule_of(rule: str) -> str | None:
    """What a cell demands, as the end of a sentence: `max 50 characters` as `has at most 50 characters`.

    `None` for a cell that states no rule in a known shape.
    """
    text = rule.strip().rstrip(".;")[:_LONGEST_RULE]
    if whole := _one(text):
        return whole
    parts = [_one(part) for part in _PART.split(text)]
    return " and ".join(filter(None, parts)) if len(parts) > 1 and all(parts) else None


def is_range(cell: str) -> bool:
    """Whether a cell is a range of amounts: `up to 50 EUR`, `50 to 100`, `over 100`."""
    return any(shape.fullmatch(cell[:_LONGEST_RULE]) for shape in (_RANGE, _MOST, _LEAST, _OVER))


def states_rules(name: str) -> bool:
    """Whether a column of that name holds rules for what the first column names."""
    return any(column.fullmatch(name) for column in (RULE_COLUMN, _REQUIRED_COLUMN, _BOUND_COLUMN))


def _one(text: str) -> str | None:  # noqa: PLR0911  # one line per shape
    if match := _RANGE.fullmatch(text):
        return _bounded(f"between {match['n']} and {match['m']}", match["unit"])
    if match := _MOST.fullmatch(text):
        return _bounded(f"at most {match['n']}", match["unit"])
    if match := _LEAST.fullmatch(text):
        return _bounded(f"at least {match['n']}", match["unit"])
    if match := _EXACTLY.fullmatch(text):
        return _bounded(f"exactly {match['n']}", match["unit"])
    if match := _ONE_OF.fullmatch(text):
        return f"is one of {match['values']}"
    if match := _QUALITY.fullmatch(text):
        quality = match["quality"].lower()
        return "must not be empty" if quality == "not empty" else f"is {quality}"
    if match := _DEFAULT.fullmatch(text):
        return f"is {match['value']} by default"
    if _VALUES.fullmatch(text):
        return f"is one of {text}"
    if match := _PREDICATE.fullmatch(text):
        return text[: len(match["verb"])].lower() + text[len(match["verb"]) :]
    return None


def _bounded(bounds: str, unit: str | None) -> str:
    if unit and re.match(_LENGTHS, unit, re.IGNORECASE):
        counted = re.sub(r"^chars?\b", "characters", unit, flags=re.IGNORECASE)
        return f"has {bounds} {counted}"
    return f"is {bounds} {unit}" if unit and unit not in "%€$£" else f"is {bounds}{unit or ''}"


def row_rule(names: Sequence[str], cells: Sequence[str]) -> str | None:
    """A row of a table of fields and rules as one sentence; `None` where it states no rule.

    Args:
        names: The headers of the columns, the first naming what the rules are about; may be empty.
        cells: The row's, without line ends.
    """
    subject = cells[0].rstrip(":* ") if cells else ""
    demands: list[str] = []
    others: list[str] = []
    for index, cell in enumerate(cells[1:], start=1):
        name = names[index] if index < len(names) else ""
        demand = _demand(name, cell)
        if demand:
            demands.append(demand)
        elif cell.strip() not in _NONE:
            others.append(f"{name}: {cell}" if name and not RULE_COLUMN.fullmatch(name) else cell)
    if not subject or not (demands or others):
        return None
    if not demands:
        return f"{subject}: " + "; ".join(others)
    return "; ".join((f"{subject} " + " and ".join(dict.fromkeys(demands)), *others))


def _demand(name: str, cell: str) -> str | None:
    low = cell.lower().strip(" .")
    if _REQUIRED_COLUMN.fullmatch(name) and low in _YES | _NO:
        return "is mandatory" if low in _YES else "is optional"
    if _DEFAULT_COLUMN.fullmatch(name) and cell and low not in {"-", "none", "n/a"}:
        return f"is {cell} by default"
    bound = _BOUND_COLUMN.fullmatch(name)
    if bound and re.fullmatch(rf"(?:{_NUMBER}) ?{_UNIT}", cell):
        unit = "" if bound["of"] not in {"length", "characters"} or not cell[-1].isdigit() else " characters"
        return _one(f"{bound['bound'].lower()} {cell}{unit}")
    if (
        re.fullmatch(r"(?:allowed|valid|permitted|accepted)(?: values?)?\W*", name, re.IGNORECASE)
        and "," in cell
    ):
        return f"is one of {cell}"
    return rule_of(cell)
