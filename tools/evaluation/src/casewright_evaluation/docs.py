"""The page of figures in the documentation."""

from pathlib import Path

from casewright_evaluation import aims
from casewright_evaluation.figures import Evaluation
from casewright_evaluation.report import markdown

_INTRODUCTION = """\
# How good the cases are

What `casewright evaluate` measured last; `make evaluate` writes this page. How each figure is counted
stands in [tools/evaluation/README.md](../tools/evaluation/README.md). The command ends with status 1 where a
figure is below its aim, with status 2 where something could not be measured."""


def page(evaluation: Evaluation, *, made: str) -> str:
    """The whole page: figures, then the aims with their reasons."""
    rows = [f"| `{key}` | {aim} | {aim.reason} |" for key, aim in aims.AIMS.items()]
    reasons = "\n".join(["## Aims", "", "| figures | aim | because |", "| --- | --- | --- |", *rows])
    return f"{markdown(evaluation, made=made, title=_INTRODUCTION)}\n{reasons}\n"


def write(evaluation: Evaluation, path: Path, *, made: str) -> None:
    """Write the page.

    Raises:
        OSError: It can't be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page(evaluation, made=made), encoding="utf-8")
