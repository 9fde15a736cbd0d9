"""`casewright evaluate`: what is asked for, and how the figures are shown."""

from pathlib import Path
from typing import get_args

import typer
from rich.table import Table

from casewright_evaluation import command
from casewright_evaluation.figures import Evaluation, table
from casewright_evaluation.options import SECTIONS, Options
from casewright_evaluation.report import summary
from casewright_evaluation.stories import Part
from casewright_standalone.terminal import console, fail, tell, tell_progress


def evaluate(
    *,
    part: str | None,
    only: list[str],
    sample: int,
    report: Path | None,
    page: Path | None,
    model: str | None = None,
    api_base: str | None = None,
    stories: int = 5,
) -> None:
    """Measure, show the figures, write what was asked for.

    Raises:
        typer.Exit: With status 1 where a figure is below its aim, 2 where something wasn't measured or the
            options make no sense.
    """
    parts: dict[str, Part] = {one: one for one in get_args(Part)}
    if part is not None and part not in parts:
        fail(f"There is no part {part}; there are {', '.join(parts)}.", status=2)
    if wrong := sorted(set(only) - set(SECTIONS)):
        fail(f"There is no section {', '.join(wrong)}; there are {', '.join(SECTIONS)}.", status=2)
    if page is not None and (part or only):
        fail("The page shows a whole run: leave out --part and --only.", status=2)
    if model is None and (api_base or only == ["model"]):
        fail("Name the model with --model, such as openai/gpt-4o-mini.", status=2)
    if model is not None and not all(model.partition("/")):
        fail(f"{model} names no provider: write provider/model, such as openai/{model.strip('/')}.", status=2)
    options = Options(
        sections=tuple(one for one in SECTIONS if not only or one in only),
        parts=(parts[part],) if part else tuple(parts.values()),
        sample=sample,
        model=model,
        api_base=api_base,
        stories=stories,
    )
    try:
        status = command.run(options, tell=tell_progress, show=_show, folder=report, page=page)
    except OSError as error:
        fail(f"The report can't be written: {error.strerror} ({error.filename}).", status=2)
    if status:
        raise typer.Exit(status)


def _show(evaluation: Evaluation) -> None:
    for section in evaluation.sections:
        shown = Table(title=section.title, title_justify="left", caption=section.note, caption_justify="left")
        for column in ("figure", "value", "of", "aim", ""):
            shown.add_column(column, justify="right" if column in {"value", "of"} else "left")
        for row in table(section.figures):
            shown.add_row(*(cell.strip("*") for cell in row))
        if section.figures:
            console.print(shown)
    tell(summary(evaluation))
