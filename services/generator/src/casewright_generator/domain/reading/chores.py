"""Work for the team that no test of the product can show: refactorings, documents, tests, builds, spikes."""

import re

_CHORE = re.compile(
    r"^(?:please |also |then |we (?:need|have|want|should) (?:to )?)?(?:upgrade|bump|refactor\w*|"
    r"investigat\w*|research\w*|spike|"
    r"document(?:s|ing|ation|ed)?|docs?|review\w*|analy[sz]e|analysis of|explor\w+|evaluat\w+|discuss\w*|"
    r"figure out|"
    r"find out|look (?:at|into)|think about|release|clean ?up|cleanup|rework|study|benchmark|prototype|"
    r"design\w*|write|revisit|follow[- ]?up|decide|identify|backport\w*|tidy|prepare|plan|understand|poc|"
    r"proof of concept|"
    r"experiment|learn|switch to use|modulari[sz]e|deprecate|reorgani[sz]e|restructure|"
    r"extract|decouple|normalize|polish|brainstorm|finalize|update to|port|migrate)\b(?! (?:button|link|"
    r"page|report)s?\b)(?! (?:must|can|cannot|may|are|is|shall|will)\b)",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"\b(?:(?:unit|integration)[- ]?test(?:s|ed|ing)?|acceptance tests?|functional tests?|"
    r"regression tests?|junit|behat|phpunit|test ?cases?|test coverage|"
    r"javadocs?|docs|documentation|user guide|readme|changelog|release notes|blog post|asciidoc|wiki page|"
    r"sonar|"
    r"checkstyle|code coverage|ci (?:build|plan|server|process)|nightly build|jenkins|build\.gradle|"
    r"gradle (?:task|build|plugin)s?|pom\.xml|maven (?:build|plugin|repository)|"
    r"pull request|code review|technical debt|tech debt|codebase|source code|base class|superclass|"
    r"subclass\w*|"
    r"refactor\w*|duplicated? code|deprecated (?:code|methods?|classes)|boilerplate|spike|proof of concept|"
    r"package tangles?|code ?style|copyright headers?|test suite|build script|test plan)\b",
    re.IGNORECASE,
)
_CODE_VERB = re.compile(
    r"^(?:add|create|implement|write|update|extend|improve|fix|complete|provide|make|rename|move|remove|"
    r"delete|drop|replace|"
    r"introduce|use|change|get rid of|extract)\b.{0,60}\b(?:class|classes|interface|interfaces|package|"
    r"packages|dependency|dependencies|"
    r"jars?|tests?|repo|repository|repositories|branch|annotations?|constructor|constructors|javadoc|"
    r"beans?|method|methods|module|modules|subproject|code|imports?|licen[cs]e headers?)\b",
    re.IGNORECASE,
)
_QUESTION = re.compile(r"\?\W*$")
_TALK = re.compile(
    r"\b(?:i think|seems? to|i believe|i guess|i wonder|not sure|maybe|perhaps|probably|hopefully|thanks|"
    r"tbd|in theory|imho|this (?:issue|ticket|"
    r"task|story|jira|bug) (?:is|was|should|has|will)|time[- ]?box|see (?:also|attached|comment|"
    r"the comment|below|above|https?)|as discussed|"
    r"we (?:currently|already|can't|decided|discussed|found|noticed|use|have)|would be (?:nice|good|"
    r"great)|should probably|(?<!be )attached"
    r"(?! (?:to (?:the|an?|each|every) |files?|images?|documents?|photos?)))\b",
    re.IGNORECASE,
)


def is_chore(text: str) -> bool:
    """Whether a sentence asks for work inside the team."""
    sample = text[:300].strip(" *_-#'\"“”")
    return bool(_CHORE.match(sample) or _ABOUT.search(sample) or _CODE_VERB.match(sample))


_CODE = re.compile(
    r"->\w|\);|//\S|::\w|\$[A-Za-z_]\w*|\w+(?:Error|Exception):|^\s*at [\w.]+\(|\(\w+\.java:\d+\)|<\?|/>|"
    r"</|\{\}|=>|==|(?:/[\w.-]+){4,}|\d\d:\d\d:\d\d[.,]\d",
    re.IGNORECASE,
)


def is_code(text: str) -> bool:
    """Whether a sentence is code or a message of a program."""
    return bool(_CODE.search(text[:600]))


def is_talk(text: str) -> bool:
    """Whether a sentence asks, doubts or points elsewhere instead of demanding."""
    sample = text[:600]
    return bool(_QUESTION.search(sample) or _TALK.search(sample))
