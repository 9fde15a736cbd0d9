"""Sentences by which a team leaves something out, told by their whole shape."""

import re

_THING = (
    r"^(?!each\b|every\b)"
    r"(?!.{0,80}\b(?:that|which|who|if|when|once|until|while|after|whose|where)\b)[^.;:?!]{2,90}?"
)
"""A subject without a clause of its own."""
_WORK = (
    r"(?:story|stories|tickets?|issues?|epics?|sprints?|releases?|iterations?|projects?|change "
    r"requests?)"
)
_ITEM = r"(?:story|stories|tickets?|issues?|epics?|topics?|tasks?|pieces? of work|change requests?)"
_THIS = rf"(?:this|the present|the current) (?:first )?(?:{_WORK}|version|round|task|card|change)"
_LATER = (
    rf"(?:later|another|separate|different|next|future|follow-?up|second|own|dedicated|coming|subsequent) "
    rf"(?:{_WORK}|version)"
)
_PHASE = (
    r"(?:(?:phase|part|step|stage|version|release|round|iteration) (?:\d|two|three|ii|iii|b)\b|v\d\b|"
    r"q[1-4]\b|"
    rf"(?:(?:an?|the|its|their|our|some) )?{_LATER})"
)
_FOR_NOW = (
    r"(?:for (?:now|later|the moment|the time being|the present|a later time|another (?:day|time))|at "
    r"this point|"
    rf"at first|at the moment|(?:for|until|till|to) {_PHASE}|here|in {_THIS}|with {_THIS}|this time(?: "
    rf"round)?|yet|"
    r"aside|till later|until later|(?:for|in|with) the first (?:version|release|iteration|step|phase))"
)
_LEFT = (
    rf"(?:for (?:now|the moment|the time being)|at first|in {_THIS}|"
    r"(?:for|in|with) the first (?:version|release|iteration|step|phase))"
)
_DONE = (
    r"(?:done|handled|tackled|covered|dealt with|addressed|planned|scheduled|tracked|added|built|delivered|"
    r"solved|introduced|implemented|taken care of|looked after|looked at|picked up)"
)
_KEY = r"[A-Z][A-Z0-9]{1,9}-\d{1,6}\b"
_ENDS = r"\W*$"
_NOT = r"(?:n['\u2019]t| not)"
_SHAPES = re.compile(
    "|".join(
        (
            rf"{_THING} (?:will )?(?:comes?|follows?)(?: (?:in|up|along))? later(?: on)?{_ENDS}",
            rf"{_THING} (?:will|shall|is to|are to) be {_DONE} later(?: on)?{_ENDS}",
            (
                rf"{_THING} (?:is|are|was|were) (?:left|kept|saved|meant|reserved|something|work|a topic|"
                rf"planned|"
                rf"scheduled|slated|due) (?:out )?(?:for|in|with) (?:later|now|another (?:day|time)|"
                rf"{_PHASE})"
            ),
            (
                rf"{_THING} (?:is|are) (?:for later|off the table|not planned|a later concern|(?:a |our "
                rf")?follow-?ups?)"
                rf"(?: for now| yet| so far)?{_ENDS}"
            ),
            (
                rf"{_THING} (?:comes?|follows?|will come|will follow)(?: up)? (?:in|"
                rf"with|as part of) "
                rf"{_PHASE}"
            ),
            (
                rf"{_THING} (?:is|are|has|have|gets?|needs?|deserves?|will get|will have|will be|becomes?) "
                rf"(?:an? |the )?(?:separate|later|follow-?up|dedicated|different|future) {_ITEM}"
            ),
            rf"{_THING} (?:is|are|has|have|gets?|needs?) (?:its|their) (?:very )?own {_ITEM}",
            (
                rf"{_THING} (?:wo{_NOT}|will not|will never|(?:is|are){_NOT}(?: going to| to| meant to)?)"
                rf"(?: be)?(?: being)? (?:touched|tackled|planned|addressed|looked at|dealt with|built|"
                rf"migrated)"
                rf"(?: {_FOR_NOW})?{_ENDS}"
            ),
            (
                rf"{_THING} (?:stays?|remains?|is kept|are kept|is left|are left|keeps?) (?:out|outside|"
                rf"aside|excluded)"
                rf"(?: {_FOR_NOW}|{_ENDS}| of (?:it|this|scope|{_THIS}))"
            ),
            (
                rf"{_THING} (?:is|are) (?:explicitly|deliberately|intentionally|consciously|purposely|"
                rf"expressly) "
                r"(?:excluded|left out|omitted|not included|not covered|postponed)"
            ),
            rf"{_THING} can wait{_ENDS}",
            (
                rf"{_THING} (?:stays?|remains?|continues?|goes on|(?:is|are) (?:still )?done|runs?|"
                rf"keeps? (?:going|running))(?: to be)?(?: done)? (?:on paper|manual(?:ly)?|"
                rf"by (?:hand|phone|mail|e-?mail|post)|in (?:excel|the old [\w-]+)|as (?:it|they) (?:is|are)|"
                rf"where (?:it|they) (?:is|are)|the way (?:it|they) (?:is|are)|unchanged|untouched|"
                rf"outside the (?:system|app|tool)) "
                rf"{_FOR_NOW}{_ENDS}"
            ),
            rf"^[^.;:,]{{2,60}}: see (?-i:{_KEY})",
            (
                rf"{_THING} keeps? [a-z]{{2,12}}ing(?: (?:out|in|up|over))? (?:on paper|"
                rf"by (?:hand|phone|mail|e-?mail|post)) {_FOR_NOW}{_ENDS}"
            ),
            (
                rf"{_THING} (?:stays?|remains?|is|are) (?:still )?(?:an? )?(?:manual|paper)(?:[ -]based)? "
                rf"(?:job|task|process|work|step|matter) {_FOR_NOW}{_ENDS}"
            ),
            rf"{_THING} (?:stays?|remains?) with [\w -]{{2,40}}? for (?:now|the time being){_ENDS}",
            (
                rf"^(?:we|i)(?: are|['\u2019]re| am|['\u2019]m) not [a-z]{{2,14}}ing [^.;:?]{{2,60}}? "
                rf"{_FOR_NOW}{_ENDS}"
            ),
            (
                rf"{_THING} (?:is|are){_NOT} (?:needed|required|necessary|wanted|asked for|foreseen|"
                rf"supported|planned) (?:yet|for now|at first|so far){_ENDS}"
            ),
            rf"{_THING}: (?:in |for |with )?{_PHASE}{_ENDS}",
            (
                rf"{_THING} (?:is|are){_NOT} (?:in question|up for discussion|at issue) "
                rf"(?:here|now|in {_THIS}){_ENDS}"
            ),
            rf"{_THING} (?:we|i) (?:leave|keep|save|skip|park|postpone|drop) {_FOR_NOW}{_ENDS}",
            (
                rf"^no (?:support|need|plans?|work|changes?|handling|integration) (?:for|of|to|with|on) "
                rf"[^.;:]{{2,60}} (?:yet|for now|at first|so far|here){_ENDS}"
            ),
            rf"{_THING} (?:comes?|follows?) (?:with|in|under) (?-i:{_KEY})",
            rf"{_THING} (?:is|are) out {_FOR_NOW}",
            (
                rf"{_THING} (?:(?:is|are){_NOT}|wo{_NOT} be|will not be) "
                rf"[a-z]+(?:ed|en|wn|lt|nt|de) {_LEFT}{_ENDS}"
            ),
            rf"^(?:we|i)\b[^.;:?]{{2,80}}? (?:in|with|as part of) (?:(?:an?|the|its|their) )?{_LATER}",
            rf"{_THING}: (?:not (?:now|yet|here|this time)|later|another time|out){_ENDS}",
            rf"{_THING} (?:is|are) (?:somebody|someone) else['\u2019]s (?:job|task|work|problem|{_WORK})",
            (
                rf"{_THING} (?:is|are|belongs?|lies|fall|falls)(?: {_DONE})? (?:by|to|with) (?:another|a "
                rf"different|the other) "
                r"(?:team|department|squad|crew|group|project)"
            ),
            (
                rf"\b(?:is|are|will be|gets?) (?:handled|covered|done|dealt with|tackled|built|delivered|"
                rf"taken care of|part) (?:separately )?(?:in|by|with|under|of) (?-i:{_KEY})"
            ),
            rf"\bsee (?-i:{_KEY}) for (?:that|those|this)\b|^for [^.;:]{{2,60}},? see (?-i:{_KEY})",
            rf"\bthat(?:['\u2019]s| is)(?: for)? (?-i:{_KEY})",
            rf"^(?:this|it)(?: {_WORK})? is{_NOT} about\b",
            rf"^no [^.;:]{{2,80}} (?:in|with|as part of) {_THIS}",
            rf"^there (?:wo{_NOT}|will not|is|are) (?:be )?(?:any|no) [^.;:]{{2,80}} (?:in|with) {_THIS}",
            (
                rf"^(?:we|i)(?:['\u2019]ll| will| can| would| shall)? (?:just |simply |deliberately "
                rf")?(?:leave|keep|save|"
                rf"skip|ignore|park|drop|do without|forget(?: about)?|put|push|set|move|shift|"
                rf"hold)\b[^.;:?]{{2,80}}? "
                rf"{_FOR_NOW}"
            ),
            (
                r"^(?:we|i)(?:['\u2019]ll| will)? (?:just |deliberately )?(?:leave out|postpone|defer|"
                r"exclude)\b"
            ),
            (
                rf"^(?:we|i)(?:['\u2019]re| are| am|['\u2019]m| do| wo| will)?{_NOT}(?: going "
                rf"to)? (?:touch|migrat|tackl|"
                r"bother|worry)(?:e|ing)?\b"
            ),
            (
                rf"^(?:please |so )?(?:do{_NOT}|let['\u2019]s not) (?:touch|build|implement|migrate|bother|"
                rf"worry|start)\b"
            ),
            rf"^let['\u2019]s (?:not|leave|skip|keep)\b[^.;:?]{{2,80}}? {_FOR_NOW}",
            rf"^(?:please )?(?:forget|ignore|skip)(?: about)? [^.;:?]{{2,80}}? {_FOR_NOW}{_ENDS}",
        )
    ),
    re.IGNORECASE,
)
_OPENING = re.compile(
    (
        r"^\W{0,6}(?:(?:(?:explicitly |deliberately |still )?not (?:yet )?(?:touched|affected|changed|"
        r"covered|included|"
        r"considered|planned|addressed|supported|done|built|tackled|meant|concerned)|left out|excluded|"
        r"outside|"
        r"beyond|deferred|postponed|parked|(?:for )?later|out of scope)"
        rf"(?: (?:here|yet|for now|(?:by |in |from |of )?{_THIS}|\(for now\)))?(?::| (?:is|are) )\s*\S)"
    ),
    re.IGNORECASE,
)


def leaves_out(sentence: str) -> bool:
    """Whether a sentence says, as a whole, that the team leaves something out or for later."""
    return bool(_OPENING.search(sentence) or _SHAPES.search(sentence))
