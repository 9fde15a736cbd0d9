"""The words by which running text is judged. Alternatives stand between bars; each is a regular expression.

Texts are matched in lower case or case-blind, with typographic apostrophes made plain, and cut to a bound, s
    o
that every search is linear.
"""

import re


def _any(alternatives: str) -> str:
    """One group out of alternatives that are spread over lines for the reader."""
    return (
        "(?:"
        + "|".join(part for part in (" ".join(a.split()) for a in alternatives.split("|")) if part)
        + ")"
    )


def spoken(alternatives: str) -> re.Pattern[str]:
    """One of the alternatives, as whole words."""
    return re.compile(rf"\b{_any(alternatives)}\b", re.IGNORECASE)


def _start(alternatives: str) -> re.Pattern[str]:
    return re.compile(rf"^\W*{_any(alternatives)}\b", re.IGNORECASE)


def _imperative(alternatives: str) -> re.Pattern[str]:
    # Not before a colon or equals sign ("Update: …"), nor as the name of something that fails.
    prefix = "(?:(?:also|please|only|always|never|do not|don't) )?"
    return re.compile(rf"^\W*{prefix}{_any(alternatives)}\b(?!\s*[:=])", re.IGNORECASE)


STRONG = spoken("""
    must | mustn't | shall | shan't | should | shouldn't | ought to | (?:is|are) required to
    | (?:is|are) (?:not )?(?:expected|supposed|allowed|permitted) to | (?:is|are) (?:only|never|always) \\w+
    | (?:is|are) (?:mandatory|optional|required|read-only|(?:disabled|enabled) by default)
    | not (?:be )?(?:allowed|permitted) | may not | may only | can only | has to be | have to be
    | needs? to be
    | needs to \\w+ | expected (?:result|behaviou?r|outcome)
    | muss | müssen | soll | sollen | sollte | sollten | darf | dürfen | doit | doivent | devrait
    | devraient
    | debe | deben | debería | deberían | deve | devem | deveria | devono | moet | moeten | powinien
    | powinna
    | должен | должна | должны
""")
STRONG_ASIAN = re.compile("必须|应该|应当|必要がある|すること|しなければ")
MEDIUM = spoken("""
    can | cannot | can't | will | won't | (?:is|are|be) able to | needs | has to | have to | needs? to
    | need not
    | kann | können | peut | peuvent | puede | pueden | pode | podem | può | possono
""")
WOULD = spoken("would")
NICE_TO_HAVE = spoken("""
    it(?:'d| would| might| could) be (?:\\w+ )?(?:nice|good|great|better|useful|helpful|cool|ideal|handy
    |desirable)
""")
BEHAVIOUR = spoken("""
    displays? | shows? | returns? | throws? | appears? | sends? | saves? | stores? | opens? | closes?
    | redirects? | rejects? | accepts? | hides? | updates? | deletes? | removes? | creates? | contains?
    | includes? | lists? | prints? | sorts? | filters? | validates? | prevents? | allows? | supports?
    | notifies | receives? | defaults? | remains? | stays? | becomes?
    | (?:is|are|gets?) (?:displayed|shown|returned|thrown|sent|saved|stored|opened|closed|redirected
    |rejected
    |accepted|hidden|updated|deleted|removed|created|listed|logged|printed|sorted|filtered|validated
    |prevented
    |notified|visible|enabled|disabled|selected|highlighted|available)
""")
CONDITION = re.compile(
    r"^\W*(?:when|if|once|whenever|as soon as|after|unless|given|on)\b.{3,400}?(?:,|\bthen\b)",
    re.IGNORECASE | re.DOTALL,
)
DEMANDED_BEHAVIOUR = _imperative("""
    show | display | allow | hide | support | prevent | include | ensure | make sure | make it possible
    | let
    | warn | notify | reject | limit | restrict | return | validate | disallow | exclude | provide | enforce
    | default | sort | highlight | redirect | alert | (?:the )?(?:ability|option|possibility) to
    | possible to
""")
DEMANDED_CHANGE = _imperative("""
    add | remove | rename | replace | change | enable | disable | implement | create | introduce
    | expose | make
    | use | move | set | store | save | send | export | import | convert | extend | handle | delete | drop
    | update | switch | separate | split | merge | keep | preserve | copy | register | generate | delegate
    | bring back | reduce | increase | avoid | check | verify | improve | automatically | auto-\\w+
    | new (?:[\\w-]+ ){3,}[\\w-]+
    | enhance | throw | propagate | configure | persist | treat | apply | put | stop | start | integrate
    | record
    | print | leverage | have (?:an?|the) | share | combine | consolidate | simplify
""")
TITLE_SHALL = re.compile(
    r"^(?P<subject>(?!need|fail|unable|able|ability|option|how|way|possib|not |have |want|try|allow"
    r"|make|add)"
    r"\w[^:]{2,70}?)"
    r" (?:needs? )?to (?P<action>(?:be|support|use|allow|display|show|return|include|accept|have|provide"
    r"|contain"
    r"|handle|take|store|send|work|default|respect|default|notify|create|remove|update)\b.{3,200})$",
    re.IGNORECASE,
)
CHORE = re.compile(
    r"^\W*(?:please )?"
    + _any("""
    upgrade | bump | refactor | investigate | research | spike | document | review | analy[sz]e | explore
    | evaluate | discuss | figure out | find out | look (?:at|into) | think about | release | clean ?up
    | migrate | rework | study | benchmark | prototype | design | write | revisit | follow[- ]up | decide
    | identify | backport | cherry-pick | tidy | see | refer | read | ask | talk | prepare | plan | triage
    | understand | deprecate | define | determine | consider | experiment | try | learn | track | commit
    | port
    | submit | publish | rewrite | assess | collect | brainstorm | continue | collaborate | derive
    | update to (?:[\\w-]+ ){0,4}v?\\d[\\w.]*
    | time ?box | create (?:[\\w-]+ ){0,2}(?:jiras?|stories|sub-?tasks?)
    | bench ?test | scope (?:out|the) | agree | get (?:(?:an|some) )?(?:agreement|feedback|approval
    |sign-?off)
    | come up with | work (?:on|with|out) | start (?:on|with|working) | complete the | finish
    | finali[sz]e | sync
    | (?:update|move|switch|merge|export|push|copy|pull|go|convert)\\b.{0,80}?\\b(?:to|into|from|in|on)
    (?:[\\w./-]+ ){0,4}(?:latest|newest|newer|svn|trunk|master|git|github|branch|repos?|repository|library
    |libraries|versions?|snapshots?|dependency|dependencies|releases?)
    | (?:update|add|remove|clean|fix|manage|resolve)\\b (?:[\\w./-]+ ){0,3}(?:dependency|dependencies
    |libraries
    |jars?|poms?|gradle|maven|imports?|javadoc|copyrights?|licen[cs]es?|translations?)
    | (?:implement|complete|do|create|add) (?:[\\w./-]+ ){0,4}part \\d
    | (?:add|create|implement|update|extend|improve|fix|complete|provide|make|more|use|get|set ?up|run
    |enable
    |remove|move|split|modify|build|port) (?:[\\w/.-]+ ){0,4}?(?:\\w+[- ])?(?:tests?|test ?cases?
    |test coverage
    |documentation|docs?|javadocs?|readme|wiki|sonar|ci build|ci plan|jenkins|build plan|bamboo plan|poc
    |changelog
    |release notes)
    """)
    + r"\b|^\W*(?:poc|docs?|documentation|tests?|unit tests?|fix)\b|\bspike\b",
    re.IGNORECASE,
)
META = spoken("""
    as (?:you|we) can see | can be (?:seen|found|reproduced|closed|read|viewed at)
    | you can (?:see|find|reproduce|read|check|use|also) | like this
    | as (?:it|they) should | am sure | i'm sure | this doc
    | should (?:we|i|this|probably (?:we|be discussed)) | should(?:n't| not)? have (?:been )?\\w+(?:ed|n)
    | should (?:be|get) (?:discussed|investigated|fixed|reviewed|considered|refactored|reworked|revisited
    |documented|tested|cleaned|done in|done as|addressed|closed|backported|part of|released|split)
    | (?:it|this|that|these|which|all|everything|change|fix|work|implementation|solution|task|migration|rest
    |approach|refactoring) should be (?:safe|fairly|relatively|easy|straightforward|simple|in line|enough)
    | (?:i|we) (?:think|believe|guess|feel|wonder|don't know|am not sure|are not sure|assume|noticed
    |found|tried
    |discovered|saw|see|had|got|get|did|have (?:a|an|been|noticed|found|seen|tried|some|no|the|two|already))
    | (?:this|that|it|which) (?:will|would|should|can|could) (?:also )?(?:make|help|cause|simplify
    |improve|reduce
    |lead|mean|be (?:\\w+ )?(?:useful|helpful|easier|better|nice|great|good|confusing))
    | you should feel | not sure
    | this (?:issue|ticket|bug|task|jira|story|card) (?:is|was|should|can|has|will|needs|covers|tracks|must)
    | (?:see|refer to) (?:the )?(?:attached|attachment|screenshot|comment|also|above|below|https?)
    | blocked by (?:[a-z]+-\\d|an?other|the (?:other )?(?:story|issue|ticket|bug))
    | depends on [a-z]+-\\d+ | linked issue | pull request | code review
    | split into sub-?tasks | follow-?up
    | this sprint | next sprint | story points? | unit tests? | test coverage | flaky
    | needs? (?:to be )?(?:more )?(?:discuss|investigat|research|refactor|review|rework|think|thought|decide
    |clarif)\\w* | tests? (?:should|must|needs?|pass) | hope | hopefully | unfortunately | for some reason
    | thanks | perhaps | maybe | might | probably | in theory | wondering | it seems | seems to | looks like
    | apparently | to be honest | afaik | imho | imo | btw
""")
FAULT = spoken("""
    fails? | failed | failing | failure | broken | wrong | wrongly | incorrect | incorrectly | doesn't
    | does not | don't | didn't | did not | no longer | crash | crashes | unable to | couldn't | could not
    | hangs? | freezes? | unexpected | unexpectedly | isn't | is not | aren't | are not | stalls?
    | impossible
    | missing | bugs? | npe | regression | stack ?trace | lost | duplicated? | flaky | weird | strange
""")
OBSERVATION = spoken("""
    currently | at the moment | at present | right now | nowadays | previously | in the past | formerly
    | used to (?:be|work|have|do) | as of now | until now | so far | existing behaviou?r | was | were
    | wasn't | weren't
    | has been | have been | had been | exception | error | errors | instead of | problems? | issues?
    | actually | even though | although | despite | slow | annoying | ugly | confusing | misleading
    | disaster
    | there (?:is|are) no
""")
USER_CAN = _start(
    "(?:an? |the )?(?:\\w+ )?(?:users?|administrators?|admins?|customers?) (?:can|is able|are able)"
)
BUG_TITLE = spoken("""
    fails? | failed | failing | broken | wrong | incorrect | incorrectly | doesn't | does not | don't
    | didn't | did not | no longer | crash | crashes | unable | can't | cannot | can not | could not
    | couldn't
    | hangs? | freezes? | unexpected | isn't | is not | not (?:work|show|update|display|correct|save
    |load)\\w*
    | missing | bug | npe | \\w*exception | error | errors | regression | lost | leak | flaky | problem
    | stalls?
    | crashing | disappears? | inconsistent
    | still
""")
BUG_TEXT = spoken("""
    (?:to|steps to) (?:reproduce|replicate) | actual (?:result|behaviou?r)s? | stack ?trace | caused by:
    | expected (?:result|behaviou?r)s? | reproducible
""")
BACKGROUND = _start("""
    currently | at the moment | at present | right now | nowadays | today | previously | in the past
    | formerly
    | as of now | until now | so far | the problem | this is because | the reason | the issue is
    | for instance
    | for example | e\\.g | fyi | note | nb | ps | p\\.s | actual | by the way | imagine | suppose
    | let's say | because | since
""")
TEAM = spoken("""
    we | i | you | let's | us | someone | developers? | dev team | one (?:can|could|should|must|has)
""")
TEAM_TASK = _start("needs? to | have to | there is a need | must be able to | should probably")
INTENT = re.compile(
    r"^\W*(?:this|the) (?:issue|task|story|ticket|improvement|feature|item|bug|card|jira|work|epic"
    r"|enhancement) "
    r"(?:is|aims|will be|involves|intends|calls|covers|tracks|includes) ?(?:to|for|about|adding|that of)? "
    r"(?P<what>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
CHECK_PREFIX = re.compile(
    r"^(?:please )?(?:verify|ensure|check|confirm|validate|make sure|assert|test) that (?=\S)"
    r"|^(?:ensure|make sure) (?=(?:the|an?|all|no|it|each|every|only|users?|that)\b)"
    r"|^expected (?:result|behaviou?r|outcome)s?(?: is| are|:)?(?: that)? (?=\S)",
    re.IGNORECASE,
)
CONNECTIVE = re.compile(
    r"^(?:so|and|but|also|thus|therefore|hence|however|obviously|basically|additionally|furthermore"
    r"|moreover"
    r"|finally|likewise|similarly),? (?!that\b|as\b|far\b|long\b|to\b)(?=\S)",
    re.IGNORECASE,
)
STEP = re.compile(
    r"^\W*(?:then |now |and |next,? )?"
    + _any("""
    click | go to | go into | goto | open | log ?in | log ?out | login | navigate | enter | type
    | select | choose
    | press | run | start | launch | install | visit | drag | scroll | create an? | create the | add an?
    | edit | set up | turn on | turn off | enable | disable | configure | deploy | browse | view | load
    | save
    | check out | right[- ]click | double[- ]click | import | execute | download | upload | purge | make an?
    | switch | set the | try to | as an?(?: \\w+){1,2} (?:go|log|click) | unzip | extract
    """)
    + r"\b",
    re.IGNORECASE,
)
NUMBERED_STEP = re.compile(
    r"^\W*(?:then |now |and |so )?"
    + _any("""
    check | try | copy | put | export | find | get | look | call | wait | restart | observe | notice
    | verify | use
    | connect | create | if you | i | after | the (?:admin|result|error|page)
    """)
    + r"\b",
    re.IGNORECASE,
)
CODE = re.compile(
    r"^\W*(?:(?-i:(?:WARN|ERROR|INFO|DEBUG|FATAL|TRACE)\b)|at [\w.$<>]{1,200}\("
    r"|caused by\b|exception in\b|\d{4}-\d\d-\d\d[ T]\d\d[:.]|\d\d:\d\d:\d\d"
    r"|(?:debug|info|warn|warning|error|trace|severe)\W?[:\[(])"
    r"|^\s*(?:select\b.{1,200}\bfrom\b.{1,200}(?:\bwhere\b|;\s*$)|insert into\b|update \w{1,60} set\b)"
    r"|^\s*(?:(?:public|private|protected|import|package|static|function|var|create table"
    r"|alter table|drop table) [^.]{0,200}[;({]|</?\w|<\?|//|/\*|\$ |\$\w{1,60} ?[=(-]|#!|> |xd:>|mvn "
    r"|curl "
    r"|git "
    r"|java |sudo |cd /|wget |line \d+ of )"
    r"|^\s*[\w.-]{2,60}=\S|^\s*[\w$-]+(?:[.:/\\]{1,3}[\w$-]+){2,}\W*$"
    r"|[;{}]\s*$|\b(?:\w{1,60}\.){2,10}\w{0,60}(?:exception|error)\b|^[<>] "
    r"|\b[\w.]{1,80}\.\w{1,60}:\d{1,5} - |=>|::\w{1,60}\(|\w\(\w{0,60}\)\s?[;{]",
    re.IGNORECASE,
)
QUESTION = re.compile(
    r"[?\uff1f][\s\"')\]]*$|^(?:why|what|how|who|where|which|should we|do we|does|is there|can we"
    r"|could we|shall we)\b"
    r".{0,400}\?",
    re.IGNORECASE,
)
PREDICATE = spoken("""
    is | are | isn't | aren't | be | has | have | had | was | were | does | do | doesn't | don't | did |
    gets? | works? | would | may | might | let | sees? | goes | comes? | takes? | makes? | gives? |
    uses? | needs? | starts? | stops? | changes? | resets? | expires? | runs? | ends? | follows? |
    equals? | matches | exceeds? | enters? | selects? | clicks? | loads? | moves? | keeps? | counts? |
    links? | reads? | writes? | applies | apply | ist | sind | wird | werden | hat | haben | zeigt | est
    | sont | es | son | after | within | until | before | when | if | once | unless | only | always |
    never | not | no | at (?:most|least)
""")
"""Signs that an entry states something rather than names it."""
