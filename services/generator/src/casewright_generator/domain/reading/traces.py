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
    "register": "It is possible to sign in with the new account",
    "log in": "What is reserved to signed-in users can be opened",
    "sign in": "What is reserved to signed-in users can be opened",
    "log out": "What is reserved to signed-in users can no longer be opened",
    "sign out": "What is reserved to signed-in users can no longer be opened",
    "communicate": "What one side writes arrives at the other one with the same text",
    "chat": "What one side writes arrives at the other one with the same text",
    "ask for": "The request reaches whoever has to answer it",
    "apply for": "The request reaches whoever has to decide on it",
    "enter": "What is inside is shown",
    "access": "The content is shown",
    "visit": "The content is shown",
    "open": "The content is shown",
    "start": "{It} {is} shown as running",
    "begin": "{It} {is} shown as running",
    "end": "{It} {is} no longer shown as running",
    "stop": "{It} {is} no longer shown as running",
    "mute": "Nothing of it can be heard or seen until this is undone",
    "attend": "The name is on the list of those who attend",
    "join": "The name is on the list of those who take part",
    "invite": "The invitation arrives",
    "vote": "The count is one higher",
    "rate": "The rating is counted",
    "reply": "The reply is shown below",
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
    following = rest.split()[0] if rest.split() else ""
    pattern = _TRACES.get(f"{first} {following}") or _TRACES.get(first, "")
    if first in {"pass", "hand", "give"} and " to " in rest:
        pattern = "Whoever {it} went to has {it}, and nobody else has"
    if first == "enter" and " is opened" not in done and " entered" not in done:
        pattern = ""
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
