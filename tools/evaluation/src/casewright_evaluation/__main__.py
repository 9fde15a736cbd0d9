"""A quick look at criteria or constraints of the tuning stories, while rules change.

The hold-out is measured only with `--part holdout`, and of it only figures are shown, never texts: whoever
changes rules must not see it.
"""

import argparse
import os
import sys
from collections.abc import Iterable, Iterator

from casewright_evaluation import reading, stories
from casewright_evaluation.scores import Counts
from casewright_evaluation.understanding import Understanding, by_kind, counted, understand

_SETS = ("roles", "states", "exclusions")


def main(arguments: list[str] | None = None) -> int:
    """Print the figures; returns the status to exit with."""
    parser = argparse.ArgumentParser(prog="casewright_evaluation", description=__doc__)
    parser.add_argument("what", choices=("criteria", "constraints"))
    parser.add_argument(
        "--part", choices=stories.PARTS, default="tuning", help="this part of the stories (default: tuning)"
    )
    parser.add_argument("--verbose", action="store_true", help="each miss and surplus of the tuning stories")
    options = parser.parse_args(arguments)
    try:
        answered = stories.load(options.part)
    except stories.StoryFileError as error:
        print(error, file=sys.stderr)
        return 2
    found = [understand(reading.read(story)) for story in answered]
    if options.verbose:
        shown = [one for one in found if one.read.answered.part == "tuning"]
        print("\n".join(line for one in shown for line in misses(one, options.what)))
    print("\n".join(figures(found, options.what, options.part)))
    return 0


def misses(one: Understanding, what: str) -> Iterator[str]:
    """Each miss (-) and each surplus (+) of a story, under its name; nothing where all is right."""
    lines: list[str] = []
    if what == "criteria":
        lines += (f"  - {quote}" for quote in one.criteria.missed)
        lines += (f"  + {item.id} ({item.origin}) {item.text}" for item in one.criteria.surplus)
    else:
        quotes = {
            id(item): criterion.quote
            for criterion in one.read.answered.criteria
            for item in criterion.constraints
        }
        lines += (f"  - {_shown(item)}   in: {quotes[id(item)]}" for item in one.constraints.missed)
        lines += (f"  + {_shown(item)}   {item.criterion}: {item.text}" for item in one.constraints.surplus)
        for name in _SETS:
            matched = getattr(one, name)
            lines += (f"  - {name}: {item}" for item in matched.missed)
            lines += (f"  + {name}: {item}" for item in matched.surplus)
    if lines:
        yield one.read.answered.name
        yield from (line.replace("\n", "\n      ") for line in lines)


def _shown(constraint: object) -> str:
    fields = ("kind", "low", "low_in", "high", "high_in", "unit", "values", "from_state", "to_state")
    values = ((name, getattr(constraint, name)) for name in fields)
    return ", ".join(
        f"{name} {value}" for name, value in values if value not in {None, "", ()} and value is not True
    )


def figures(found: list[Understanding], what: str, part: str) -> Iterable[str]:
    """Lines with precision, recall and F1."""
    yield f"{part}: {len(found)} stories"
    yield _line(what, counted(found, what))
    if what == "criteria":
        for shape in sorted({one.read.answered.shape for one in found}):
            of_shape = [one for one in found if one.read.answered.shape == shape]
            yield _line(f"  {shape}", counted(of_shape, what))
    else:
        for kind, counts in by_kind(found).items():
            yield _line(f"  {kind}", counts)
        for name in _SETS:
            yield _line(name, counted(found, name))


def _line(name: str, counts: Counts) -> str:
    return (
        f"  {name:<16} precision {counts.precision:.3f}  recall {counts.recall:.3f}  F1 {counts.f1:.3f}"
        f"  ({counts.right} right, {counts.missed} missed, {counts.surplus} surplus)"
    )


def piped() -> int:
    """The same for a shell: nobody is told off for reading the first lines only."""
    try:
        status = main()
        sys.stdout.flush()
    except BrokenPipeError:
        # What is left in the buffer has nowhere to go, and would be missed again at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return status


if __name__ == "__main__":
    sys.exit(piped())
