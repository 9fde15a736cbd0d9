from datetime import UTC, datetime, timedelta

from casewright_common.delivery import DeadLetter
from casewright_standalone.dead_letters import Parked
from casewright_standalone.parked_lines import lines, oldest_first, summary

START = datetime(2026, 11, 1, tzinfo=UTC)


def parked(offset: int, *, partition: int = 0, minute: int = 0, code: str = "internal") -> Parked:
    letter = DeadLetter(
        key=b"k",
        value=b"{}",
        headers=(),
        error_code=code,
        error="Broken: first\nsecond [/red]" + "x" * 500,
        frames="",
        topic="story.changed.v1",
        partition=partition,
        offset=offset,
        group="casewright.embedder",
        attempts=3,
        parked_at=START + timedelta(minutes=minute),
    )
    return Parked("story.changed.v1.dlq", partition, offset, letter)


def test_the_summary_counts_by_topic_group_and_error_code_most_first_and_what_was_sent_back() -> None:
    messages = [parked(0, code="malformed_message"), parked(1), parked(2)]
    messages.append(Parked("story.changed.v1.dlq", 0, 3, None))
    waiting = {messages[0].id, messages[2].id, messages[3].id}
    assert list(summary(messages, waiting)) == [
        "2 parked on story.changed.v1 by casewright.embedder: internal (1 of them sent back)",
        "1 parked on story.changed.v1 by casewright.embedder: malformed_message",
        "1 parked on story.changed.v1 by nobody: not a dead letter of Casewright's",
    ]


def test_each_message_is_one_line_that_begins_with_its_whole_id() -> None:
    messages = [parked(7), Parked("story.changed.v1.dlq", 1, 123_456, None)]
    shown = list(lines(messages, {messages[0].id}))
    assert [line.split()[0] for line in shown] == [messages[1].id, messages[0].id]
    assert shown[0].endswith("not a dead letter of Casewright's  (sent back)")
    assert "internal: Broken: first second [/red]x" in shown[1]
    assert all("\n" not in line and len(line) < 300 for line in shown)


def test_the_oldest_comes_first_whatever_its_partition() -> None:
    messages = [parked(5, minute=2), parked(9, partition=1, minute=1), parked(6, minute=3)]
    assert [message.offset for message in oldest_first(messages)] == [9, 5, 6]
