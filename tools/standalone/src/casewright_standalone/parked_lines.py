"""Parked messages as lines of text, which no narrow terminal or pipe cuts."""

from collections import Counter
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime

from casewright_standalone.dead_letters import Parked

FOREIGN = "not a dead letter of Casewright's"
_ERROR_CHARACTERS = 160


def oldest_first(messages: Sequence[Parked]) -> list[Parked]:
    """Per topic in the order in which they were parked; those of others first."""
    never = datetime.min.replace(tzinfo=UTC)
    return sorted(
        messages,
        key=lambda one: (
            one.topic,
            one.letter.parked_at if one.letter else never,
            one.partition,
            one.offset,
        ),
    )


def summary(messages: Sequence[Parked], waiting: AbstractSet[str]) -> Iterator[str]:
    """How many were parked by topic, group and error code, most first, and how many of them still wait.

    Args:
        messages: Parked messages.
        waiting: Ids of those that were not sent back yet.
    """
    parked = Counter(_reason(message) for message in messages)
    still = Counter(_reason(message) for message in messages if message.id in waiting)
    for reason, number in sorted(parked.items(), key=lambda entry: (-entry[1], entry[0])):
        topic, why = reason
        sent = number - still[reason]
        yield f"{number} parked on {topic} {why}" + (f" ({sent} of them sent back)" if sent else "")


def lines(messages: Sequence[Parked], waiting: AbstractSet[str]) -> Iterator[str]:
    """One line per message, oldest first per topic; it begins with the id that `show` and `replay` take."""
    width = max((len(message.id) for message in messages), default=0)
    for message in oldest_first(messages):
        sent = "" if message.id in waiting else "  (sent back)"
        letter = message.letter
        if letter is None:
            yield f"{message.id:<{width}}  {FOREIGN}{sent}"
            continue
        error = " ".join(letter.error.split())[:_ERROR_CHARACTERS]
        at = letter.parked_at.strftime("%Y-%m-%d %H:%M:%S")
        yield f"{message.id:<{width}}  {at}  {letter.group}  {letter.error_code}: {error}{sent}"


def _reason(message: Parked) -> tuple[str, str]:
    letter = message.letter
    why = f"by {letter.group}: {letter.error_code}" if letter is not None else f"by nobody: {FOREIGN}"
    return message.topic.removesuffix(".dlq"), why
