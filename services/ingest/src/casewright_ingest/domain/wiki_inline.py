"""Wiki markup within a line: links, images, emphasis. Text that only looks like markup stays as it is."""

import re

_MONO = re.compile(r"\{\{([^\n]{1,500}?)\}\}")
_COLOR = re.compile(r"\{color(?::[^{}\n]{0,40})?\}", re.IGNORECASE)
_LINK = re.compile(r"(?<!\\)\[([^\[\]\n]{1,2000})\]")
_TARGET = re.compile(r"(?:[a-z][a-z0-9+.-]{1,20}://|mailto:|www\.|[#^~/]|file:)\S", re.IGNORECASE)
_IMAGE = re.compile(
    r"!(?=[^\s!|])[^!|\n]{0,300}?(?:\.[A-Za-z0-9]{2,5}|://[^!|\s]{1,300})(?:\|[^!\n]{0,200})?!(?![\w=])"
)
_BEFORE = r"(?:(?<=^)|(?<=[\s(\[\"'>,;:|\-\u2013—]))"
_AFTER = r"(?=$|[\s)\]\"'<,;:.!?/|\-\u2013—])"
_EMPHASIS = (
    re.compile(_BEFORE + r"\*(?=[^\s*])([^*\n]{1,500})(?<=[^\s*])\*" + _AFTER),
    re.compile(_BEFORE + r"_(?=[^\s_])([^_\n]{1,500})(?<=[^\s_])_" + _AFTER),
    re.compile(_BEFORE + r"\+(?=[A-Za-z])([^+\n]{1,300})(?<=[^\s+])\+" + _AFTER),
)
_ICON = re.compile(r"(?<!\S)\((?:/|x|!|\?|\*|\*[rgby]|on|off|\+|-)\)(?!\S)")
_ESCAPED = re.compile(r"\\([{}\[\]*|!])")
_ALL_STRONG = re.compile(
    r"(?:\*[^*\n]{1,200}\*|_[^_\n]{1,200}_|\+[^+\n]{1,200}\+|\*_[^*_\n]{1,200}_\*"
    r"|\(!\) [^()\n]{1,80} \(!\))\s*[:.]?"
)


def inline(markup: str) -> str:
    """Plain text of one line: links by their text, mentions as `@name`, images dropped, blanks made one."""
    text = markup
    if "{" in text:
        text = _COLOR.sub("", text)
    if "!" in text:
        text = _IMAGE.sub("", text)
    if "[" in text:
        text = _LINK.sub(_link, text)
    # Split by a pattern with one group, every second part is the inside of {{…}}, which is verbatim.
    parts = _MONO.split(text)
    parts[::2] = map(_without_emphasis, parts[::2])
    return " ".join("".join(parts).split())


def is_all_strong(markup: str) -> bool:
    """Whether the whole line is emphasised, a colon after it allowed."""
    return bool(_ALL_STRONG.fullmatch(markup.strip()))


def _without_emphasis(text: str) -> str:
    for pattern in _EMPHASIS:
        text = pattern.sub(r"\1", text)
    if "(" in text:
        text = _ICON.sub("", text)
    return _ESCAPED.sub(r"\1", text) if "\\" in text else text


def _link(match: re.Match[str]) -> str:
    body = match[1]
    if body.startswith("~"):
        return f"@{body[1:].removeprefix('accountid:')}"
    if body.startswith("^"):
        return body[1:]
    text, bar, target = body.partition("|")
    if bar and _TARGET.match(target.strip()):
        return text.strip() or target.partition("|")[0].strip()
    if not bar and _TARGET.match(body) and not body.startswith(("/", "#")):
        return body
    return match[0]
