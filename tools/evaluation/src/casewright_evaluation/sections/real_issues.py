"""Real issues of public projects."""

import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor

from casewright_evaluation import issues, reading
from casewright_evaluation.designing import Tally, designed, tally
from casewright_evaluation.figures import Section
from casewright_evaluation.options import Options, Tell
from casewright_evaluation.sections.figuring import of_cases

_AT_A_TIME = 500
_FEW = 1_000
"""Issues up to which a second process would cost more than it saves."""


def measure(options: Options, tell: Tell) -> Iterator[Section]:
    """The designer's cases of a sample, and of all."""
    folder = options.settings.issues
    try:
        found = issues.read(folder)
    except OSError as error:
        reason = f"{error.strerror or error}; set CASEWRIGHT_ISSUES to the folder of CSV files"
        yield Section("Real issues", "", skipped=(f"Real issues: {reason}",))
        return
    drawn = issues.sample(found, options.sample)
    tell(f"Designing cases for a sample of {len(drawn)} real issues …")
    yield Section(
        "Real issues, a sample",
        f"{len(drawn)} of {len(found):,} issues of public projects, drawn by the hash of their keys.",
        tuple(of_cases(tallied(drawn), "sample")),
    )
    counted_issues = found[: options.limit]
    done, summed = 0, Tally()
    for one in _tallies(counted_issues, options.workers):
        summed += one
        done += one.stories
        tell(f"Designing cases for all issues: {done:,} of {len(counted_issues):,} …")
    note = f"{len(counted_issues):,} issues, most of them developers' notes and reports of faults."
    yield Section("Real issues, all", note, tuple(of_cases(summed, "issues")))


def tallied(some: Sequence[issues.Issue]) -> Tally:
    """What the designer makes of these issues."""
    return tally(designed(reading.story(one.title, one.description), story_id=one.id) for one in some)


def _tallies(found: Sequence[issues.Issue], workers: int) -> Iterator[Tally]:
    chunks = [found[start : start + _AT_A_TIME] for start in range(0, len(found), _AT_A_TIME)]
    if workers == 1 or len(found) <= _FEW:
        yield from map(tallied, chunks)
        return
    # Spawned: threads of this process would not survive a fork.
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield from pool.map(tallied, chunks)
