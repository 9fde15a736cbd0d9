"""Sentences that say what a story leaves out, in a handful of languages."""

import re

from casewright_ingest.domain.sentences import judged
from casewright_ingest.domain.vocabulary import spoken

_ENDING = r"(?: (?:either|here|yet|now|at all|(?:by|in|with) th(?:is|e)\b.{0,40}))?\W*$"
_LEFT_OUT = spoken(f"""
    (?:out of|not in|outside(?: of)?|beyond)(?: the)? scope | not (?:be )?(?:a )?part of
    | not (?:in|for|of|with|within) (?:this|the first|the initial|the current|v1|mvp)
    | (?:nothing|none of) (?:in|of|for) this
    | (?:isn't|aren't|is not|are not|won't be|will not be|not) (?:(?:yet|to be) )?(?:covered|included|touched
    |affected|considered|addressed|in here|planned|foreseen|meant|concerned){_ENDING}
    | (?:not affected|unaffected|not touched|untouched) by (?:this|the change)
    | won't be (?:touched|changed|covered|included|done|handled|affected)
    | will not be (?:touched|changed|covered|included|done|handled|affected) (?:here|in this|by this|now)
    | stays? (?:exactly )?(?:as (?:it is|they are|is|before|today)|untouched)
    | remains? (?:exactly )?(?:as (?:it is|they are|is|before|today)|untouched)
    | (?:don't|doesn't|do not|does not) belong (?:to|in|into|here)
    | (?:an?|another|separate|different|its own|their own|later|next|follow-?up|future|upcoming|other)
    (?:\\w+ )?(?:user )?(?:story|stories|topic|epic|ticket|issue|project|matter) (?:entirely|altogether)
    | (?:an? )?(?:another|separate|different|own|later|follow-?up|future|other) (?:user )?(?:story|stories
    |topic|epic|ticket|matter)
    | (?:in|for|to|until) (?:(?:a|the) )?(?:later|next|second|future|follow-?up) (?:release|version
    |iteration|phase
    |step|round|stage|ticket|sprint)
    | (?:we|i) (?:won't|don't|will not|do not|shall not|are not going to|aren't going to) (?:(?:want
    |need) to )?
    (?:touch|do|cover|build|change|support|include|deal|handle|tackle|add|look)
    | (?:is|are|be) (?:handled|dealt with|covered|done|solved|treated) (?:by another|by a different|elsewhere
    |separately|in another|by other)
    | (?:is|are|was|were) (?:postponed|deferred|excluded|left out|left for later|parked)
    | (?:leave|leaving|keep|keeping) \\w+ (?:out|for later|aside|alone)
    | (?:this|the) story (?:doesn't|does not|isn't|is not|only|leaves)
    | no (?:need|plans?) (?:for|to) .{{1,60}} (?:now|yet|here|this time) | another (?:day|time)
    | comes? (?:later|in a later|with a later|in the next) | follows? (?:later|in a later|in another)
    | will (?:follow|come) (?:later|in a|in the|in another|with|soon|next|separately)
    | not (?:needed|required|wanted|necessary) (?:for|in) (?:the first|this|now|v1|the initial)
    | for (?:the moment|the time being)\\W*$ | (?:explicitly|deliberately) (?:not|excluded)
""")
_LABELLED = re.compile(
    r"^\W*(?:not|excluded|exclusions?|out|later|left out|non-?goals?|what'?s not|without"
    r"|no-?gos?)\b[^:]{0,40}:",
    re.IGNORECASE,
)
_OTHER_LANGUAGES = spoken("""
    nicht (?:teil|gegenstand|bestandteil|umfang|im umfang|betroffen|inbegriffen|vorgesehen|dazu)
    | nicht (?:in|für|teil von) diese[rsmn]? | außerhalb des | gehör(?:t|en) nicht | bleib(?:t
    |en) (?:unverändert
    |unberührt|wie (?:bisher|sie|es)|außen vor) | (?:eigene[sn]?|andere[snr]?|spätere[snr]?|weitere[snr]?
    |nächste[nr]?)
    (?:user )?(?:story|ticket|thema|version|release|ausbaustufe) | kommt später | (?:folgt|folgen) später
    | erst später
    | fuera de (?:esta|este|el|la|su|nuestro)?\\W*(?:alcance|historia|ámbito|story|tarea)
    | queda\\w* (?:fuera|excluid\\w+)
    | no (?:forma|forman) parte | no (?:entra|entran|se incluye|se incluyen|se contempla|se toca)
    | (?:otra|futura|próxima|siguiente) (?:historia|versión|fase|entrega) | más adelante
    | hors (?:d[ue] )?(?:périmètre|sujet|scope|cadre) | (?:autre|prochaine|future) (?:story|histoire|récit
    |version
    |ticket|évolution) | ne (?:fait|font) pas partie | (?:n'est|ne sont) pas (?:concerné|inclus|prévu
    |couvert)\\w*
    | (?<!au )plus tard | ultérieurement | fuori (?:ambito|portata) | non (?:fa|fanno) parte
    | altra (?:storia|story)
    | fora d[eoa] (?:escopo|âmbito|história) | não (?:faz|fazem) parte | outra (?:história|story)
    | buiten (?:scope|de scope|beschouwing) | geen onderdeel | hoort niet bij | (?:andere|aparte|volgende
    |latere)
    (?:story|versie|ticket)
""")


def is_exclusion(sentence: str) -> bool:
    """Whether it says that something is no part of the story."""
    text = judged(sentence)
    return bool(_LEFT_OUT.search(text) or _LABELLED.match(text) or _OTHER_LANGUAGES.search(text))
