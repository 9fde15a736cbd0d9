"""What else shows, later or elsewhere, that something was done: the trace that it leaves."""

from casewright_generator.domain.language import words

_TRACES = {
    "filter": "What does not fit is not listed",
    "search": "What does not match is not listed",
    "sort": "The order holds from the first entry to the last",
    "print": "Nothing is cut off on the paper",
    "pick": "The selection shows {it}",
    "look up": "The result belongs to what was entered",
    "browse": "Each entry can be opened",
    "compare": "Differences between them can be seen",
}
_SHOWN = words.word_set(
    "approve reject decline accept confirm cancel book order submit request pay block unblock release revoke "
    "suspend activate deactivate enable disable archive restore close lock unlock verify assign mark flag "
    "schedule reserve subscribe freeze thaw sign publish hide refund transfer return exchange extend renew "
    "prolong swap merge split pause resume validate override lift report postpone reopen complete finish"
)
"""Verbs whose effect lasts: what was done is shown as done."""


def trace(act: str, done: str) -> str:
    """One more observation after an instruction was carried out, as a sentence; empty where none is known.

    Args:
        act: The instruction, such as `Approve the request.`
        done: What is seen at once, such as `The request is approved.`
    """
    first, _, rest = act.lower().rstrip(".").partition(" ")
    verb = f"{first} {rest.split()[0]}" if rest.split()[:1] == ["up"] else first
    pattern = _TRACES.get(verb, "")
    participle = words.participle(first)
    if not pattern and first in _SHOWN and done.lower().rstrip(".").count(f" {participle}") == 1:
        pattern = f"{{It}} {{is}} shown as {participle} when {{it}} {{is}} opened again"
    if not pattern or ":" in done or "refused" in done:
        return ""
    many = " are " in done
    it = "they" if many else "it"
    object_ = "them" if pattern.endswith("{it}") and many else it
    return pattern.format(It=it.capitalize(), it=object_, **{"is": words.is_are(it)}) + "."


_DISPLAYING = words.word_set("show display contain include list carry mention state name give print report")


def agreement(verb: str, shown: str) -> str:
    """That what is shown is the right one; empty for verbs that show nothing and for fixed texts."""
    if (
        verb not in _DISPLAYING
        or not shown
        or any(mark in shown for mark in '"“`#')
        or any(map(str.isdigit, shown))
    ):
        return ""
    return "Each value agrees with the test data." if "," in shown or " and " in shown else _AGREES


_AGREES = "This agrees with the test data."
