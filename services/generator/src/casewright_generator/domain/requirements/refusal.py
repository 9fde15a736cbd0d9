"""Whether a clause says what isn't allowed, so that its bounds are those of what is."""

import re

_EN = (
    r"\b(?:reject(?:s|ed)?|declin(?:e|es|ed)|refus(?:e|es|ed)|den(?:y|ies|ied)|forbidden|prohibited|"
    r"disallowed|barred|"
    r"cut off|truncated|turned (?:away|down|back)|locked|(?:is|are|gets?|be) blocked|invalid|"
    r"impossible|ignored|skipped|"
    r"(?:an? )?error (?:message )?(?:is|appears|shows)|fails?(?= validation| with\b| the (?:check|"
    r"test|validation|calibration|inspection|audit|review|rule)\b|"
    r"\s*(?:[.;,|]|$))|"
    r"(?:causes?|yields?|raises?|throws?|triggers?|shows?|displays?|produces?|brings?|(?:leads?|"
    r"comes? down) to|ends? in|results? in|"
    r"(?:is|are|gets?) met with) an? (?:\w+ )?error|"
    r"(?:returns?|answers?|responds?|yields?|gets?)(?: with| by)?(?: an?)? (?:HTTP )?4\d\d|"
    r"(?:counts? as|(?:is|are|becomes?|makes? [\w ]{1,30}?)) void|nothing (?:is|gets)|"
    r"(?:left|kept|shut|filtered|thrown|sorted|screened) (?:out|behind|back)|stays? (?:behind|out|where)|"
    r"sent back|bounced?|gr[ea]yed(?: out)?|excluded from|not (?:\w+ "
    r")?(?:allowed|permitted|accepted|"
    r"possible|available|valid|eligible|entitled|supported|offered|granted|able))\b|"
    r"\b(?:is|are|was|were)n['\u2019]t (?:\w+ )?(?:allowed|permitted|accepted|possible|available|valid|"
    r"eligible|entitled|offered|supported)\b|"
    r"\b(?:can|may|must|shall|should|could|will|wo)(?:not| not|n?['\u2019]t| never)\b(?! (?:exceed|"
    r"surpass|go (?:over|above|below|under)|fall below|drop below)\b| (?:\w+ ){1,4}?(?:more|less|fewer|"
    r"longer|over|above|"
    r"below|under|\w+er than)\b)|\bcannot\b|\bcan no longer\b|\bmust never\b|"
    r"\b(?:is|are|was|were|gets?|be)(?:n['\u2019]t| not| never) (?:\w+ly |even |then )?(?!shown|"
    r"visible|displayed|charged|billed|needed|required|"
    r"necessary|notified|asked|reminded of|older|longer|more|less|younger|higher|informed|"
    r"listed)(?:\w+ed|saved|sent|started|"
    r"begun|booked|paid|given|taken|drawn|run|built|made|let)\b|"
    r"\b(?:does|do|did)(?:n['\u2019]t| not) (?:start|begin|work|open|go (?:to|ahead|through|on|out|"
    r"live)|get (?:an?|the|any|through)|receive (?:an?|the|any)|"
    r"qualify|fit|"
    r"get in|make it|come in|"
    r"save|submit|pass|count|apply|proceed|run)\b|"
    r"\bno longer (?:possible|allowed|accepted)\b|\bnobody (?:can|may)\b|\bno (?:booking|order|payment|"
    r"upload) is\b"
)
_BY_LANGUAGE = {
    "en": _EN,
    "de": (
        r"\b(?:nicht|kein\w*|abgelehnt|abgewiesen|gesperrt|verweigert|zurückgewiesen|ungültig|unzulässig|"
        r"verboten|ausgeschlossen)\b"
    ),
    "es": (
        r"\bno (?:se )?(?:pued\w+|permit\w+|acept\w+|podr\w+|deb\w+|es posible|está\w*)|\b(?:rechaz\w+|"
        r"bloque\w+|deneg\w+|prohib\w+)\b"
    ),
    "fr": (
        r"\bne (?:peu\w+|doi\w+|sont|est|pourr\w+)[^.;]{0,12} pas\b|\bn['\u2019](?:est|a|ont) pas\b|"
        r"\b(?:refus\w+|rejet\w+|bloqu\w+|interdit\w*|impossible)\b"
    ),
    "it": r"\bnon (?:può|possono|è|sono)\b|\b(?:rifiutat\w+|bloccat\w+|vietat\w+)\b",
    "nl": r"\b(?:niet|geen|geweigerd|geblokkeerd|afgewezen)\b",
    "pt": r"\bnão (?:pode\w*|é|são|deve\w*)\b|\b(?:rejeitad\w+|recusad\w+|bloquead\w+)\b",
}
_PATTERNS = {language: re.compile(words, re.IGNORECASE) for language, words in _BY_LANGUAGE.items()}
_SAME = re.compile(
    (
        r"^\W*(?:and )?(?:the )?same (?:goes|applies|holds|is true|for)\b|^\W*(?:likewise|similarly|so "
        r"(?:is|are|do|does))\b"
    ),
    re.IGNORECASE,
)
_LESS_STRICT = re.compile(
    (
        r",? (?:provided|as long as|so that|because|since|unless|although|even if|except|otherwise|or else|"
        r"even though)\b.*"
    ),
    re.IGNORECASE | re.DOTALL,
)
_LOCKED = re.compile(
    (
        r"\b(?:lock(?:s|ed)?|block(?:s|ed)?|suspend(?:s|ed)?|disabled?|frozen|banned|gesperrt|bloque\w+|"
        r"bloqu\w+)\b"
    ),
    re.IGNORECASE,
)


def refuses(clause: str, language: str) -> bool:
    """Whether what the clause speaks of is refused, locked or can't be."""
    pattern = _PATTERNS.get(language)
    return bool(pattern and pattern.search(_LESS_STRICT.sub("", clause)))


def locks(clause: str) -> bool:
    """Whether something is locked or blocked."""
    return bool(_LOCKED.search(clause))


def says_the_same(text: str) -> bool:
    """Whether a sentence takes over what the one before said of something else: `Same goes for …`."""
    return bool(_SAME.search(text))
