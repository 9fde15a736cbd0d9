"""Work for the team that no test of the product can show: refactorings, documents, tests, builds, spikes."""

import re

_CHORE = re.compile(
    r"^(?:please |also |then |we (?:need|have|want|should) (?:to )?)?(?:upgrade|bump|refactor\w*|investigat\w*|research\w*|spike|"
    r"document(?:s|ing|ation|ed)?|docs?|review\w*|analy[sz]e|analysis of|explor\w+|evaluat\w+|discuss\w*|figure out|"
    r"find out|look (?:at|into)|think about|release|clean ?up|cleanup|rework|study|benchmark|prototype|"
    r"design\w*|write|revisit|follow[- ]?up|decide|identify|backport\w*|tidy|prepare|plan|understand|poc|proof of concept|"
    r"experiment|learn|switch to use|modulari[sz]e|deprecate|reorgani[sz]e|restructure|"
    r"extract|decouple|normalize|polish|brainstorm|finalize|update to|port|migrate)\b(?! (?:button|link|page|report)s?\b)",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"\b(?:(?:unit|integration)[- ]?test(?:s|ed|ing)?|acceptance tests?|functional tests?|regression tests?|junit|behat|phpunit|test ?cases?|test coverage|"
    r"javadocs?|docs|documentation|user guide|readme|changelog|release notes|blog post|asciidoc|wiki page|sonar|"
    r"checkstyle|code coverage|ci (?:build|plan|server|process)|nightly build|jenkins|build\.gradle|gradle (?:task|build|plugin)s?|pom\.xml|maven (?:build|plugin|repository)|"
    r"pull request|code review|technical debt|tech debt|codebase|source code|base class|superclass|subclass\w*|"
    r"refactor\w*|duplicated? code|deprecated (?:code|methods?|classes)|boilerplate|spike|proof of concept|"
    r"package tangles?|code ?style|copyright headers?|test suite|build script|test plan)\b",
    re.IGNORECASE,
)
_CODE_VERB = re.compile(
    r"^(?:add|create|implement|write|update|extend|improve|fix|complete|provide|make|rename|move|remove|delete|drop|replace|"
    r"introduce|use|change|get rid of|extract)\b.{0,60}\b(?:class|classes|interface|interfaces|package|packages|dependency|dependencies|"
    r"jars?|tests?|repo|repository|repositories|branch|annotations?|constructor|constructors|javadoc|beans?|method|methods|module|modules|subproject|code|imports?|licen[cs]e headers?)\b",
    re.IGNORECASE,
)
_QUESTION = re.compile(r"\?\W*$")
_TALK = re.compile(
    r"\b(?:i think|seems? to|i believe|i guess|i wonder|not sure|maybe|perhaps|probably|hopefully|thanks|tbd|in theory|imho|this (?:issue|ticket|"
    r"task|story|jira|bug) (?:is|was|should|has|will)|time[- ]?box|see (?:also|attached|comment|the comment|below|above|https?)|as discussed|"
    r"we (?:currently|already|can't|decided|discussed|found|noticed|use|have)|would be (?:nice|good|great)|should probably|attached)\b",
    re.IGNORECASE,
)


def is_chore(text: str) -> bool:
    """Whether a sentence asks for work inside the team."""
    sample = text[:300].strip(" *_-#'\"“”")
    return bool(_CHORE.match(sample) or _ABOUT.search(sample) or _CODE_VERB.match(sample))


_CODE = re.compile(
    r"->\w|\);|//\S|::\w|\$[A-Za-z_]\w*|\w+(?:Error|Exception):|^\s*at [\w.]+\(|\(\w+\.java:\d+\)|<\?|/>|</|\{\}|=>|==",
    re.IGNORECASE,
)


def is_code(text: str) -> bool:
    """Whether a sentence is code or a message of a program."""
    return bool(_CODE.search(text[:600]))


def is_talk(text: str) -> bool:
    """Whether a sentence asks, doubts or points elsewhere instead of demanding."""
    sample = text[:600]
    return bool(_QUESTION.search(sample) or _TALK.search(sample))
