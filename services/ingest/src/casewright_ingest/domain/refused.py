"""The words by which running text, which nobody meant as a criterion, is refused all the same."""

import re

from casewright_ingest.domain.vocabulary import spoken

TEAM_LEAD = re.compile(
    r"^\W*(?:so |then |therefore |also |and |but |now |for now |instead |to [^,]{2,80}, )?,?"
    r"(?:(?:we|you|us|let's|someone|developers?|the (?:dev )?team)\b )?"
    r"(?:(?:also|then|really|still|just|probably|definitely|first|only|either) )?"
    r"(?:(?:should|must|could|can|will|would|might|may|need|needs|have|has|want|ought|like|love|plan|try"
    r"|be|able|to|also|just|probably|really|maybe|possibly|then|start|consider|at least)\b ?){1,8}",
    re.IGNORECASE,
)
"""What stands before the work itself in `We should probably improve it`."""
EMPTY_TASK = re.compile(
    r"^(?:improve|enhance|fix|change|address|solve|resolve|handle|tackle|optimi[sz]e|simplify|do|redo"
    r"|rethink"
    r"|investigat\w*|look|check|make sure|have|get|see|know|work|consider|think|care|deal|agree|decide\w*"
    r"|discuss\w*|talk|find|ask|wait|go)"
    r"(?:\W+(?:it|this|that|these|those|them|things?|something|everything|stuff|all|some|better|again"
    r"|now|soon"
    r"|properly|somehow|on|of|with|about|at|into|the|a|an|agreement|feedback|whether|if|how|what|which|why"
    r"|who|where|when)\b){0,3}(?:$|\W*[.!]|(?<=whether)|(?<=how)|(?<=what)|(?<=why)|(?<=which))",
    re.IGNORECASE,
)
"""Work that names neither a thing nor an outcome."""
EMPTY_QUALITY = re.compile(
    r"^\W*(?:(?:we|you) (?:should|need to|must|have to) )?"
    r"(?:(?:improve|enhance|optimi[sz]e|simplify|polish|rework|redesign|tweak"
    r"|tune)\b(?!.{0,200}\b(?:so that|by"
    r"|such that|to (?:show|allow|support|include|accept|use|display|return)|when|if)\b)[^0-9]*$"
    r"|make\b[^0-9]{0,120}\b(?:better|faster|nicer|easier|simpler|cleaner|clearer|prettier|robust"
    r"|consistent"
    r"|usable|useful|user[- ]friendly|intuitive|readable|maintainable|efficient|flexible|generic)\W*$)",
    re.IGNORECASE,
)
"""A quality without a measure: nobody can say when it is reached."""
DANGLING = re.compile(
    r"^\W*(?:(?:and|but|so|also|then|however|thus|hence|therefore|otherwise|else|now|or)\b,? )*"
    r"(?:if (?:so|not|yes)\b|it|this|that|these|those|they|them|there|he|she|which|such|some|most|many"
    r"|others?"
    r"|everything|nothing|something|one|people|anyone|everybody|everyone|somebody|nobody|someone"
    r"|no need|the (?:same|other|first|second|former|latter|idea|work|reason|problem|issue|bug|cause"
    r"|fix|solution"
    r"|workaround|only (?:way|thing|problem)|question|code|patch|current|existing|easiest|best|simplest)"
    r"|up to (?:this|that|now)|due to|given (?:that|the)|as (?:no|a result|it)|because|since|although|while"
    r"|legal|marketing|qa|ux|ops|sales|design|management|product)\b",
    re.IGNORECASE,
)
"""Begins with what only the sentences before make clear, or with what explains."""
EXPLAINS = spoken("""
    because | since | so far | due to | thus | therefore | hence | which means | meaning that | up to (?:now
    |this point) | as follows | in order to inherit | workaround | for example | for instance | every ?time
    | constantly | randomly | sometimes | often | usually | typically | always \\w+ed | still | anymore
    | any more | unnecessar\\w+ | already | cannot | can't | can not | won't | will not | even if | tempting
    | suddenly | after (?:upgrading|the upgrade|updating) | leads? to | results? in | caus(?:es|ed|ing)
    | effectively | to be honest | otherwise
""")
"""Words of background and of complaint, which a sentence that demands nothing had better not hold."""
ASKS_INSIDE = re.compile(
    r"^\W*(?:what|why|how|which|who|whose|whether|where)\b|\bwhy\b.{0,80}\bwhy\b", re.IGNORECASE
)
UNFINISHED = re.compile(
    r"(?:(?<!-)\b(?:such as|like|e\.g\.?|i\.e\.?|following|as follows|example|namely|see|and|or|the|a"
    r"|an|of|to|with|for"
    r"|by|that|which|in|on|at|from|is|are|be|should|must|can|will|into|than|because|if|when)|[,(\[=&+/])$"
    r"|\b(?:e\.g|i\.e)\.$",
    re.IGNORECASE,
)
ENDS_WITH_PARTICLE = re.compile(
    r"\b(?:with (?:[\w-]+ )?[\w-]+|\w+ed|is|are|be|put|turn|switch|logs?|signs?|stays?|remains?|goes|"
    r"comes?|kept|left|it"
    r"|them|sent|filled|carr(?:y|ies)) (?:on|in)$",
    re.IGNORECASE,
)
"""`with gloves on`, `is logged in`: nothing is missing there."""
BEGINS_BADLY = re.compile(r"^\s*(?:[:;,.)\]}|=/\\%&+~^?!]|->|--+\s|\*\s|#\s)")
NAMED_THING = re.compile(
    r"^\W*[\w'/-]+(?: (?!(?:that|which|why|how|whether|if|what|when|where|who|because|so|and"
    r"|to)\b)[\w'\"/-]+){1,5}?"
    r" (?:is|are|isn't|aren't|must|should|shall|can|can't|cannot|may|has|shows?|contains?|returns?"
    r"|displays?|appears?"
    r"|opens?|closes?|expires?|remains?|stays?|runs|becomes?|lists|gets|includes?|changes|allows?|works)\b",
    re.IGNORECASE,
)
"""`Submit button is disabled`: what looks like work is a name there."""
PROCESS = re.compile(
    r"^\W*(?:(?:all |the |new |unit |automated |integration |e2e |code |user |api |peer )*"
    r"(?:code|tests?|tested|review|reviews?|documentation|docs?|readme|changelog|build|pipeline|ci"
    r"|coverage|stor(?:y|ies)|pr"
    r"|pull request|merge request|branch|demo|release notes|feature|po|product owner|qa|stakeholders?)\b ?"
    r"(?:(?:is|are|has|have|been|was|by|the|on|in|to|for|with|at least|\d+ ?%|fully|peer|a|of)\b ?)*"
    r"(?:review\w*|merged|writ\w+|updated|approv\w*|deployed|green|pass\w*|accept\w*|done|complete\w*"
    r"|tested|signed off"
    r"|sign-off|shown|demoed|added|exist|documented|automated|given|\d+ ?%|coverage)\b.{0,60}$"
    r"|(?:merged|deployed|released|reviewed|tested|demoed|documented|signed off|accepted|approved) (?:to"
    r"|in|on|into|by|with|and)\b"
    r".{0,60}$|(?:merged|deployed|released|reviewed|tested|demoed|documented)\W*$|(?:code"
    r"|peer) reviews?\W*$|unit tests?\W*$)",
    re.IGNORECASE,
)
"""An item of a checklist that tells how the team works, not what the product does."""
NARRATED = re.compile(
    r"^\W*(?:now|then|next|the following)\b|\b(?:as far as|sounds like|the following have|can cause"
    r"|may cause)\b|:$",
    re.IGNORECASE,
)
"""Tells a story, or announces what follows."""
CAN_BY_NAME = re.compile(
    r"^\W*(?:(?i:an?|the|each|every|any|all|only|no)|[A-Z][a-z]+s)\b[^.,;]{2,80}?\b(?:can|cannot|can't"
    r"|can not)\b"
    r"(?! (?:cause|lead|get|become|result|also|now|then|be (?:defined|found|seen|closed|reproduced|done)))"
)
"""`A guest can look`: says of something by name what it can do, not what may come of it."""
DANGLING_DEMAND = re.compile(
    r"^\W*(?:(?:and|but|so|also|then|thus|hence|therefore|otherwise|else|or)\b,? )*"
    r"(?:if (?:so|not|yes)\b|(?:this|that|these|those|the|an?(?=.{0,40} (?:must|should|needs?|has to|"
    r"shall)\b)) (?:work|analysis|task|issue|ticket"
    r"|discussion|decision"
    r"|choices?|fix|patch|refactoring|effort|approach|bug|bug report|code|class|method|api docs?|docs?"
    r"|documentation"
    r"|test|tests|example|sample)\b|there (?:is|are|should be|must be) (?:\w+ ){0,3}"
    r"(?:choices?|reasons?|decisions?|way|ways|discussion|problems?|issues?)\b"
    r"|unless .{0,80} (?:think|prefer|object)|i\b|step \d)",
    re.IGNORECASE,
)
"""Demands something of the team's own work, or of what only the sentences before make clear."""
CODE_WORK = re.compile(
    r"^\W*(?:add|create|implement|write|update|extend|make|rename|move|remove|delete|drop|replace|introduce"
    r"|use|change|get rid of|extract|split|merge|separate|split|switch|convert|pull|push|place)\b.{0,80}"
    r"(?:\b(?:class(?:es)?|interfaces?|annotations?|constructors?|beans?|methods?"
    r"|subprojects?|codebase|mocks?|utils?|superclass|baseclass|subclass|codec|spi|stub|tasklets?"
    r"|maven artifacts?)\b|\w\(\)"
    r"|(?-i:\b[A-Z][a-z]+(?:[A-Z][a-z]+){2,}\b))",
    re.IGNORECASE,
)
"""Work on the code that nobody sees from outside."""
MENDING_TITLE = re.compile(
    r"^\W*(?:remove|fix|avoid|stop|prevent|do not|don't|resolve|clean|reduce|eliminate|get rid|correct)\b",
    re.IGNORECASE,
)
"""Such an issue tells in the present tense what must end."""
