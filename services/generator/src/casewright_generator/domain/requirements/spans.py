"""Where in a story a text stands, also when it was given a lead-in or its line breaks were changed."""

import re
from bisect import bisect_left

from casewright_common.events import SourceSpan, Story

_TOKEN = re.compile(r"\w+")
_FEWEST = 2
_ENOUGH = 0.6
_GAP = 6
"""Words that the criterion may leave out of the story's text between two of its own."""
_MOST_STARTS = 12


class Places:
    """The words of a story with their offsets, made once for all its criteria."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.tokens = [
            (match.group().lower(), match.start(), match.end()) for match in _TOKEN.finditer(story.text)
        ]
        self.at: dict[str, list[int]] = {}
        for index, (word, _, _) in enumerate(self.tokens):
            self.at.setdefault(word, []).append(index)
        self.after = 0

    def find(self, text: str) -> SourceSpan | None:
        """The place of a text: exact where it stands literally, else by its words; `None` where it doesn't.

        Of several places the first one after that of the last text that was asked for.
        """
        plain = text.strip()
        if not plain:
            return None
        literal = self._literal(plain)
        if literal:
            return literal
        aligned = self._aligned(plain)
        if aligned:
            start, end = aligned
            self.after = max(self.after, start)
            return SourceSpan(part="text", start=start, end=end)
        title = self.story.title
        if plain.rstrip(".") == title.strip().rstrip(".") and title.strip():
            start = title.index(title.strip())
            return SourceSpan(part="title", start=start, end=start + len(title.strip()))
        return None

    def _literal(self, plain: str) -> SourceSpan | None:
        text = self.story.text
        for start in (self.after, 0):
            at = text.find(plain, start)
            if at >= 0:
                self.after = max(self.after, at)
                return SourceSpan(part="text", start=at, end=at + len(plain))
        at = self.story.title.find(plain)
        return SourceSpan(part="title", start=at, end=at + len(plain)) if at >= 0 else None

    def _aligned(self, plain: str) -> tuple[int, int] | None:
        """The stretch of the text whose words are the text's last ones, in order."""
        wanted = [match.group().lower() for match in _TOKEN.finditer(plain)]
        best: tuple[int, int, int] | None = None
        for skipped in range(min(len(wanted), 3) + 1):
            rest = wanted[skipped:]
            if len(rest) < _FEWEST and len(wanted) >= _FEWEST:
                break
            for start in self._starts(rest):
                got = self._follow(rest, start)
                if got and (best is None or got[0] > best[0]):
                    best = got
            if best and best[0] >= len(rest):
                break
        if best is None:
            last = self._longest_run(wanted)
            if last is None:
                return None
            best = last
        matched, first, end = best
        if matched < _ENOUGH * len(wanted) and matched < _LONG_RUN:
            return None
        return self.tokens[first][1], self.tokens[end][2]

    def _starts(self, rest: list[str]) -> list[int]:
        places = self.at.get(rest[0], []) if rest else []
        near = bisect_left(places, self._index_after())
        return [*places[near : near + _MOST_STARTS], *places[: min(near, _MOST_STARTS)]]

    def _index_after(self) -> int:
        return bisect_left(self.tokens, self.after, key=lambda token: token[1])

    def _follow(self, rest: list[str], start: int) -> tuple[int, int, int] | None:
        at, matched, end = start, 0, start
        for word in rest:
            ahead = next(
                (
                    place
                    for place in range(at, min(at + _GAP, len(self.tokens)))
                    if self.tokens[place][0] == word
                ),
                None,
            )
            if ahead is None:
                continue
            matched, end, at = matched + 1, ahead, ahead + 1
        return (matched, start, end) if matched >= max(1, _ENOUGH * len(rest)) else None

    def _longest_run(self, wanted: list[str]) -> tuple[int, int, int] | None:
        """The longest unbroken run of the wanted words that stands in the text."""
        best: tuple[int, int, int] | None = None
        index = 0
        while index < len(wanted):
            longest = 0
            for start in self.at.get(wanted[index], [])[:_MOST_STARTS]:
                length = 0
                while (
                    index + length < len(wanted)
                    and start + length < len(self.tokens)
                    and self.tokens[start + length][0] == wanted[index + length]
                ):
                    length += 1
                if best is None or length > best[0]:
                    best = (length, start, start + length - 1)
                longest = max(longest, length)
            index += max(1, longest)
        return best if best and best[0] >= _FEWEST else None


_LONG_RUN = 4
