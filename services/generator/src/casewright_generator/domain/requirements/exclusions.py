"""What a story says is not a part of it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from casewright_common.events import Story
from casewright_generator.domain.requirements.leaving_out import leaves_out

_HEADING = re.compile(
    r"^\W{0,6}(?:h[1-6]\.\s*)?\W{0,4}(?:(?:explicitly |currently )?(?:out[- ]of[- ]scope|not in(?: "
    r"the)? scope|non[- ]?goals?|outside(?: of)?(?: the)? scope|not included|not part of (?:this|the) "
    r"(?:story|ticket|issue|scope)|not now|"
    r"exclusions?|excluded|what (?:this|it) is not|what we (?:won['\u2019]t|don['\u2019]t|do not|will "
    r"not) do|won['\u2019]t do|will not do|won['\u2019]t have|we won['\u2019]t|not covered|left out|"
    r"deferred|for later|later|not in this (?:story|release|iteration|version|one)|"
    r"nicht(?:[- ]?ziele?| enthalten| im umfang| teil (?:der|dieser) story)|außerhalb des (?:umfangs|"
    r"scopes?)|abgrenzung|nicht im scope|ausgeschlossen|"
    r"fuera de(?:l)? alcance|no incluido|no objetivos|hors (?:du )?(?:périmètre|scope|champ)|non "
    r"inclus|non[- ]objectifs|fuori ambito|buiten scope|fora do escopo)"
    r"(?: (?:for now|for this story|of this story|for the moment|yet|here|in this story|\(for "
    r"now\)))?)\W{0,4}$",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"^\W{0,6}(?:out[- ]of[- ]scope|not in(?: the)? scope|non[- ]?goals?|outside(?: the)? scope|not in "
    r"this (?:story|release|ticket|version|iteration|one)|not included(?: here)?|not part of (?:this|"
    r"the) (?:story|ticket|issue|scope)|excluded|exclusions?|"
    r"not covered(?: here)?|won['\u2019]t do|nicht (?:im scope|enthalten|teil dieser story)|außerhalb "
    r"des umfangs|fuera de(?:l)? alcance|hors périmètre|hors scope|fora do escopo|no incluido|non "
    r"inclus)"
    r"(?: (?:for now|of this story|for this story|yet|here))?\W{0,3}[:\u2013\u2014-]\s*\S",
    re.IGNORECASE,
)
_STORY = (
    r"(?:(?:first |user |one |same )?(?:story|ticket|issue|task|iteration|release|version|feature|change|"
    r"scope|epic|card|piece of work|sprint|round|one))\b"
)
_END = r"(?=\s*(?:[.,;:!)]|$|either\b|yet\b|for now\b|\u2013|-))"
_THIS = rf"(?:(?:this|the present|the current) {_STORY}|this{_END})"
_OTHER = (
    r"(?:own|later|separate|different|next|follow-?up|another|future|other|second|subsequent|dedicated|"
    r"coming)"
    r"(?: (?:own|later|separate|different))?"
)
_WORK = r"(?:story|stories|tickets?|issues?|iteration|sprint|epic|release|version)\b"
_DONE = (
    r"(?:done|handled|tackled|covered|dealt with|addressed|planned|scheduled|tracked|added|built|delivered|"
    r"considered|looked at|specified|described)"
)
_NOT = r"(?:n['\u2019]t| not| no longer)"
_SENTENCE = re.compile(
    "|".join(
        (
            (
                r"\b(?:is|are|remains?|stays?|was|were|lies?|falls?|being|be)(?: \w+ly| also| all| still)? "
                rf"(?:out[- ]of[- ]scope|outside(?: of)? (?:the |our |this )?scope|outside(?: of)? {_THIS}|"
                r"beyond the scope)"
            ),
            rf"\b(?:is|are){_NOT}(?: \w+ly| yet| a)? (?:part|subject|content)(?: of {_THIS})",
            rf"\b(?:is|are){_NOT}(?: \w+ly| yet)? (?:in|within)(?: the)? scope\b",
            (
                rf"\b(?:is|are){_NOT}(?: yet)? (?:covered|included|affected|addressed|handled|"
                rf"considered|touched|"
                rf"dealt with|tackled|contained)(?: \w+ly)? (?:(?:by|in|with|within|as part of|under) "
                rf"{_THIS}|here\b)"
            ),
            rf"\b(?:is|are){_NOT} (?:covered|included|handled|addressed|in) either(?=\W*$)",
            rf"\b(?:do|does){_NOT} (?:belong|go) (?:(?:to|in|into|under|with) {_THIS}|here\b)",
            (
                rf"\b(?:this|the) (?:story|ticket|issue|scope)(?: (?:does|do|will|is|shall|wo))?{_NOT} "
                rf"(?:cover|include|"
                r"address|handle|deal with|touch|concern|affect|contain|comprise|about|extend to|solve|"
                r"tackle)\b"
            ),
            rf"\bthis (?:does|will|wo){_NOT} (?:cover|address|deal with|touch|extend to|concern)\b",
            r"\bthis (?:story|ticket|issue) (?:excludes|leaves out)\b",
            (
                r"(?<!that )(?<!which )(?<!who )\b(?:won['\u2019]t|will not|are not going to|is not going to|"
                r"aren['\u2019]t|isn['\u2019]t|needn['\u2019]t|need not|shall not|don['\u2019]t|do not|"
                r"not to) "
                r"(?:be )?(?:touch(?:ed)?|changed?|covered?|included?|tackled?|addressed?|build|built|done|"
                r"do anything|dealt with|supported?|implement(?:ed)?|deliver(?:ed)?|look at|considered|"
                r"worry about|handled)(?: \w+){0,4}? (?:here\b|(?:in|as part of|with|within|for) "
                rf"{_THIS}|for now\b|yet(?=\W*$)|(?:at )?this time\b|in the first (?:release|version|"
                rf"iteration)|"
                r"(?:in|until) (?:phase|version|release) \w+)"
            ),
            (
                r"\b(?:we|the team)(?: \w+)? (?:won['\u2019]t|will not|don['\u2019]t|do not|are not going to|"
                r"aren['\u2019]t) (?:\w+ly )?(?:touch(?:ing)?|chang(?:e|ing)|cover|include|tackle|address|"
                r"build|do|"
                r"support|implement|deliver|migrate|look at|handle)\b(?= (?:\w+ ){0,8}?(?:here|now|yet|"
                r"them|it|this "
                r"(?:time|story|ticket))\b)"
            ),
            (
                rf"\b(?:follows?|comes?|will come|will follow)(?: (?:up|on|later|separately))* (?:in|"
                rf"with|as) "
                rf"(?:an?|the|their|its)? ?{_OTHER} {_WORK}"
            ),
            rf"\b(?:gets?|have|has) (?:an?|their|its|his) {_OTHER} stor(?:y|ies)\b",
            (
                rf"\b(?:be|is|are) {_DONE}(?: (?:later|separately|up))* (?:in|with|by|as|under) (?:an?|the|"
                rf"their|its|one "
                rf"of the)? ?{_OTHER} {_WORK}"
            ),
            (
                r"\b(?:is|are) (?:an? )?(?:different|separate|another|other) (?:topics?|stor(?:y|ies)|"
                r"tickets?|issues?|"
                r"matters?|epics?|subjects?)"
            ),
            (
                rf"\b(?:is|are) (?:left|kept|deferred|postponed|excluded|saved|reserved|parked|pushed|"
                rf"moved)(?: "
                rf"(?:out|back|off))? (?:(?:to|for|of|from|until|till) (?:(?:an?|the|our|some) "
                rf")?(?:{_OTHER} )?(?:{_WORK}|"
                rf"{_THIS})|out for now|of scope)"
            ),
            (
                r"\b(?:we|i) (?:will )?(?:leave|keep|save|postpone|defer|move)(?: \w+){1,6}? (?:for|to|"
                r"until) "
                rf"(?:an?|the)? ?{_OTHER} {_WORK}"
            ),
            rf"\b(?:is|are) {_DONE} separately(?=\W*$)",
            r"\bwe (?:don['\u2019]t|do not|won['\u2019]t|will not) deal with\b(?=.{0,60}\bhere\b)",
            r"\b(?:is|are) (?:deferred|postponed|left out)(?: for now| for the moment)?(?=\W*$)",
            (
                r"\b(?:stays?|remains?) (?:as (?:it|they) (?:is|are)|unchanged|"
                r"untouched)\b(?=.{0,60}\b(?:here|touch|this "
                r"(?:story|ticket)))"
            ),
            (
                rf"\bout of scope\b|\bnot (?:a part|part) of {_THIS}|\bnot in this (?:first )?(?:story|"
                rf"ticket|issue|"
                r"release|version|iteration|sprint)\b"
            ),
            rf"\bnot (?:covered|included|handled|addressed) (?:here\b|in {_THIS}|by {_THIS})",
            r"\b(?:is|are)(?:n['\u2019]t| not) in here\b|\bnon-goals?:",
        )
    ),
    re.IGNORECASE,
)
_FOREIGN = re.compile(
    r"\bnicht (?:teil|bestandteil|gegenstand|inhalt) (?:dieser|dieses|der|des|von)\b|\bgehör(?:t|en) "
    r"nicht (?:zu|in) (?:dieser|dieses|diesem|diese|der story)\b|\bnicht im (?:scope|umfang)\b|"
    r"\baußerhalb (?:des|dieser) (?:scopes?|umfangs|story)\b|"
    r"\b(?:wird|werden) (?:hier|in dieser story) nicht (?:behandelt|betrachtet|umgesetzt|angefasst|"
    r"berücksichtigt)\b|\bnicht in diese[rm] (?:story|ticket|vorgang)\b|\b(?:folgt|folgen|kommt|"
    r"kommen) (?:in einer|mit einer|erst in einer|in einem) (?:späteren|anderen|eigenen|separaten|"
    r"weiteren)\b|"
    r"\b(?:bleibt|bleiben|ist|sind) (?:hier )?(?:außen vor|ausgenommen von dieser|ausgeklammert)\b|"
    r"\beigene story\b|\beigenes ticket\b|\bspätere[nr]? story\b|"
    r"\b(?:queda|quedan) fuera de (?:esta|este|l alcance)\b|\bfuera de(?:l)? alcance\b|\bno (?:forma|"
    r"forman) parte de est[ae]\b|\bno (?:se incluye|se incluyen|entra|entran|está incluid\w|están "
    r"incluid\w+)(?: \w+)? en est[ae]\b|\bno es parte de est[ae]\b|\b(?:será|serán|se tratará|se hará) "
    r"(?:objeto )?(?:de|en) otra historia\b|"
    r"\b(?:fera|feront|font|fait) l['\u2019]objet d['\u2019]une? autre\b|\bhors (?:du )?(?:périmètre|"
    r"scope|champ)\b|\bne (?:fait|font) pas partie de (?:cette|ce)\b|\bn['\u2019](?:est|sont) pas "
    r"(?:inclus\w*|concerné\w*|couvert\w*|traité\w*)(?: \w+)?(?: (?:dans|par) cette)?|\bne (?:concerne|"
    r"couvre) pas\b|"
    r"\bfuori (?:ambito|dallo scope)\b|\bnon (?:fa|fanno) parte di quest\w\b|\bvalt(?:en)? buiten "
    r"(?:deze|de) (?:story|scope)\b|\bbuiten scope\b|\bhoort niet bij deze\b|\bfora do (?:escopo|"
    r"âmbito)\b|\bnão (?:faz|fazem) parte dest\w\b",
    re.IGNORECASE,
)
_PRODUCT = re.compile(
    r"\b(?:if|when|whenever|unless|while)\b.*\b(?:out of scope|not included|not covered)\b|\b(?:users?|"
    r"customers?|system|app|page|screen|button|message|error|field|dialog)\b[^.]{0,60}\b(?:shows?|"
    r"sees?|displays?|says?|reads?)\b[^.]{0,40}\b(?:not covered|not included|out of scope)\b|"
    r"[\"“„][^\"”“]*(?:not (?:covered|included)|out of scope)[^\"”“]*[\"”“]",
    re.IGNORECASE,
)
_SENTENCES = re.compile(r"(?<=[.!?])(?:\)|\"|”)?\s+(?=[\"“„«(]?[A-ZÄÖÜÉÁÍÓÚÀ¿¡0-9])")
_ABBREVIATED = re.compile(
    r"(?:\b(?:e\.g|i\.e|z\.B|approx|max|min|no|nr|etc|vs|bzw|ca|Mr|Mrs|Dr|St|incl|excl|resp)\.)$",
    re.IGNORECASE,
)
_ITEM = re.compile(r"^\s*(?:[-*+•#]+|\d+[.)]|\[[ x]\])\s+")
_WIKI_HEADING = re.compile(r"^\s*(?:h[1-6]\.\s|#{1,6}\s)|^\*[^*]{2,60}\*:?$|^[A-Z][^.!?|]{1,60}:$")
_CODE = "```"
_LONGEST = 400
_LONGEST_HEADING = 80


def exclusions(story: Story) -> tuple[str, ...]:
    """Sentences and items that exclude something, as they stand in the text, in order, each once."""
    return tuple(dict.fromkeys(_found(story.text)))


def _found(text: str) -> Iterator[str]:
    section = _Section()
    for part in text.split(_CODE)[::2]:  # without the code
        for line in part.split("\n"):
            stripped = line.strip()
            if not stripped:
                section.blank = True
            elif len(stripped) <= _LONGEST_HEADING and _HEADING.match(stripped) and not _ITEM.match(line):
                section = _Section(inside=True)
            elif section.takes(line):
                body = _ITEM.sub("", line).strip()
                yield from [body] if _ITEM.match(line) else sentences(body)
            else:
                yield from _told(_ITEM.sub("", line).strip())


@dataclass(slots=True)
class _Section:
    """What stands under a heading such as `Out of scope`: one list, or one paragraph.

    Attributes:
        inside: Whether such a heading was the last one.
        blank: Whether the line before was empty.
        listed: Whether the section's lines are items.
        started: Whether the section has a line yet.
    """

    inside: bool = False
    blank: bool = False
    listed: bool = False
    started: bool = False

    def takes(self, line: str) -> bool:
        """Whether a line belongs to the section; remembers what it was."""
        item = bool(_ITEM.match(line))
        apart = self.blank and self.started
        if (apart and not (self.listed and item)) or _WIKI_HEADING.match(line.strip()):
            self.inside = False
        self.blank, self.listed, self.started = False, item, True
        return self.inside


def _told(body: str) -> Iterator[str]:
    if len(body) <= _LONGEST and _LABEL.match(body) and not _first_is_all(body):
        yield body
        return
    for sentence in sentences(body):
        if len(sentence) <= _LONGEST and excludes(sentence):
            yield sentence


def _first_is_all(body: str) -> bool:
    """Whether a labelled line has more sentences, which are judged one by one."""
    return len(sentences(body)) > 1 and not body.split(":", maxsplit=1)[0].strip().lower().startswith(
        ("out of scope", "non-goal")
    )


def excludes(sentence: str) -> bool:
    """Whether a sentence says that something isn't part of the story."""
    if _LABEL.match(sentence):
        return True
    if _FOREIGN.search(sentence):
        return True
    if sentence.rstrip().endswith("?") or _PRODUCT.search(sentence):
        return False
    return bool(_SENTENCE.search(sentence)) or leaves_out(sentence)


def sentences(text: str) -> list[str]:
    """The sentences of a line."""
    parts = _SENTENCES.split(text)
    found: list[str] = []
    for part in parts:
        if found and _ABBREVIATED.search(found[-1]):
            found[-1] = f"{found[-1]} {part}"
        else:
            found.append(part)
    return [part.strip() for part in found if part.strip()]
