"""Links, e-mail addresses and mentions that the story doesn't contain: nothing of the kind may reach Jira."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from casewright_common.events import CaseDraft, GateFinding
from casewright_generator.domain.gate.checks import found

_LOOKALIKES = str.maketrans(
    {
        **dict(
            zip(
                "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u04bb\u0501\u051b\u051d",
                "aeopcyxijshdqw",
                strict=True,
            )
        ),
        **dict(zip("\u0442\u043a\u043c\u043d\u0432\u0433\u0438", "tkmhbru", strict=True)),
        **dict(
            zip(
                "\u03bf\u03b1\u03b5\u03bd\u03b9\u03c1\u03c4\u03c5\u03ba\u03c7\u03b7",
                "oaeviptukxn",
                strict=True,
            )
        ),
        **dict(
            zip("\u2215\u2044\u29f8\u0589\u2236\ua789\u02d0\u3002\uff61\u2024", "///::::...", strict=True)
        ),
    }
)
"""Letters of other alphabets, and signs, that look like Latin ones."""
_SCHEME = re.compile(r"(?<![a-z0-9])(?:[a-z][a-z0-9+.-]{1,15}|hxxps?)://[^\s\"'<>)\]|}]+")
_BARE_SCHEME = re.compile(
    r"(?<![a-z0-9])(?:javascript|vbscript|data|mailto|file|tel|sms|callto|skype|blob|about):"
    r"[^\s\"'<>)\]|}]{2,}"
)
_HOST = re.compile(
    r"(?<![\w@.-])(?:www\.[\w-]+(?:\.[\w-]+)*|(?:[\w-]+\.)+(?:com|org|net|io|dev|app|co|uk|de|fr|es|"
    r"it|nl|eu|us|"
    r"info|biz|me|ai|cloud|test|example|invalid|internal|local|xyz|site|online|shop|ru|cn|tk|gov|edu|"
    r"int|mil))"
    r"(?![\w-])(?:[:/][^\s\"'<>)\]|}]*)?"
)
_FILES = "csv|docx?|gif|html?|jpe?g|json|log|md|pdf|png|svg|txt|xlsx?|xml|ya?ml|zip"
_PATH = re.compile(rf"(?<![\w@./-])(?:[a-z0-9][a-z0-9-]*\.)+(?!(?:{_FILES})/)[a-z]{{2,18}}/[^\s\"'<>)\]|}}]+")
"""A host of any domain with a path, as in a short link; two kinds of files are none: `csv/pdf`."""
_SHARE = re.compile(
    r"(?<![\w\\])\\\\[\w.-]+\\[^\s\"'<>|]+|(?<![a-z0-9])[a-z][a-z0-9+.-]{1,15}:\\\\[^\s\"'<>|]+"
)
_HREF = re.compile(r"\b(?:href|src)\s*=\s*[\"']?([^\s\"'>]+)")
_PROTOCOL_LESS = re.compile(r"(?<![:\w])//[\w-]+(?:\.[\w-]+)+[^\s\"'<>)\]|}]*")
_ADDRESS = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.])")
_MARKDOWN = re.compile(r"\]\(\s*([^)\s]+)")
_MAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
_MENTION = re.compile(r"\[~[^\]]+\]|<[@!#][^>\s]+>|(?<![\w.@/-])@[\w][\w.-]*")
_RESERVED = re.compile(r"[@.]example\.(?:com|org|net)$")
"""Domains of RFC 2606, which nobody can own: fit for sample data."""


_DEFANGED = re.compile(r"(?<=\w)(?:\[\.\]|\(\.\)|\{\.\}|[\[({]dot[\])}])(?=\w)")
"""A dot as reports of attacks write it; mail programs and people make it one again."""
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@lru_cache(maxsize=4_096)
def unmasked(text: str) -> str:
    """What a reader, or Jira, would take the text for: no invisible characters, no lookalikes."""
    if text.isascii():
        # Most texts: the same in a tenth of the time.
        return _DEFANGED.sub(".", _CONTROLS.sub("", text).casefold())
    plain = unicodedata.normalize("NFKC", text)
    seen = "".join(one for one in plain if unicodedata.category(one) not in {"Cf", "Cc"} or one in "\n\t")
    return _DEFANGED.sub(".", seen.casefold().translate(_LOOKALIKES))


def invented(case: CaseDraft, known: str, planned: str = "") -> Iterator[GateFinding]:
    """Links, addresses and mentions that `known`, unmasked, doesn't contain.

    An e-mail address of a reserved domain may also be sample data, or come from the `planned` condition.
    """
    steps = (f"{step.action}\n{step.expected}" for step in case.steps)
    data = (f"{item.name}\n{item.value}" for item in case.data)
    text = unmasked("\n".join((case.title, *case.preconditions, *data, *steps, _gherkin(case), *case.tags)))
    planned = unmasked(planned)
    samples = unmasked("\n".join((planned, *(item.value for item in case.data if item.sample))))
    mails = set(_MAIL.findall(text))
    for mail in sorted(mails):
        sampled = mail in samples and _RESERVED.search(mail)
        if mail not in known and not sampled:
            yield found("invented_link", f"Nothing says {mail}.")
    for link in sorted(set(_links(_MAIL.sub(" ", text)))):
        bare = link.rstrip(".,;:!?")
        if bare not in known and not (bare in planned and _RESERVED.search(f"@{bare}")):
            yield found("invented_link", f"Nothing says {link}.")
    for mention in sorted(set(_MENTION.findall(_MAIL.sub(" ", text)))):
        if mention.rstrip(".-") not in known:
            yield found("invented_mention", f"Nobody mentioned {mention}.")


def _gherkin(case: CaseDraft) -> str:
    """The scenario without its own tags, which are written as mentions are."""
    own = {f"@{tag}".casefold() for tag in case.tags}
    return "\n".join(
        line
        for line in case.gherkin.splitlines()
        if not line.strip().startswith("@") or not {one.casefold() for one in line.split()} <= own
    )


def _links(text: str) -> Iterator[str]:
    for pattern in (_SCHEME, _BARE_SCHEME, _HOST, _PATH, _SHARE, _HREF, _PROTOCOL_LESS, _ADDRESS):
        yield from pattern.findall(text)
    yield from (link for link in _MARKDOWN.findall(text) if any(sign in link for sign in "./:#"))
