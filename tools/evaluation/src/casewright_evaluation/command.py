"""`casewright evaluate`: measures, shows, writes the report."""

import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from casewright_evaluation import docs, report
from casewright_evaluation.figures import Evaluation
from casewright_evaluation.measuring import evaluate
from casewright_evaluation.options import Options, Tell

Show = Callable[[Evaluation], None]


def run(options: Options, *, tell: Tell, show: Show, folder: Path | None, page: Path | None) -> int:
    """Measure, show, write; returns the status to exit with.

    Args:
        options: What to measure.
        tell: Takes a line about progress.
        show: Takes the result before anything is written.
        folder: Where the report goes; `None` for none.
        page: Where the page of the documentation goes; `None` for none.

    Raises:
        OSError: The report or the page can't be written.
    """
    evaluation = evaluate(options, tell)
    show(evaluation)
    made = origin(datetime.now(UTC))
    if folder is not None:
        written = report.write(evaluation, folder, made=made)
        tell(f"Report: {', '.join(map(str, written))}")
    if page is not None:
        docs.write(evaluation, page, made=made)
        tell(f"Page: {page}")
    return evaluation.status


def origin(now: datetime) -> str:
    """When and of what it was measured, as a sentence."""
    commit = _git("rev-parse", "--short=12", "HEAD")
    changed = " with uncommitted changes" if commit and _git("status", "--porcelain") else ""
    of = f" at commit {commit}{changed}" if commit else ""
    return f"Measured on {now:%Y-%m-%d}{of}, by `casewright evaluate`."


def _git(*arguments: str) -> str:
    """What git answers; empty where there is no git, or no checkout."""
    try:
        done = subprocess.run(  # noqa: S603 - fixed arguments
            ["git", "-C", str(Path(__file__).parent), *arguments],  # noqa: S607 - the git of whoever measures
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
