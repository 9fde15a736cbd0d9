"""The report of an evaluation: Markdown, HTML with plots, JSON."""

import json
from dataclasses import asdict
from html import escape
from pathlib import Path

from casewright_evaluation.figures import Evaluation, Section, table
from casewright_evaluation.plots import bars

_HEAD = ("figure", "value", "of", "aim", "")
_STYLE = (
    "body{font:15px/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1f23}"
    "table{border-collapse:collapse;margin:1rem 0}td,th{padding:.2rem .8rem;border-bottom:1px solid #dde1e4;"
    "text-align:left}td:nth-child(2),td:nth-child(3){text-align:right}.below{color:#b3402e;font-weight:bold}"
    ".holds{color:#4a7c59}svg{max-width:100%;height:auto}"
)


def write(evaluation: Evaluation, folder: Path, *, made: str) -> tuple[Path, ...]:
    """Write `report.md`, `report.html` and `report.json`, and make the folder if need be.

    Args:
        evaluation: What was measured.
        folder: Where they go; what is there by these names is replaced.
        made: Of what, when and how, in a sentence.

    Raises:
        OSError: They can't be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    texts = {
        "report.md": markdown(evaluation, made=made),
        "report.html": html(evaluation, made=made),
        "report.json": as_json(evaluation, made=made),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return tuple(folder / name for name in texts)


def summary(evaluation: Evaluation) -> str:
    """What holds and what doesn't, in a sentence or a few lines."""
    lines = [
        f"Below its aim: {section.title}: {one.name} is {one.shown()}, aim {one.aim}."
        for section in evaluation.sections
        for one in section.figures
        if not one.holds
    ]
    lines += [f"Not measured: {one}." for one in (reason.rstrip(".") for reason in evaluation.skipped)]
    return "\n".join(lines) or "All figures that have an aim reach it."


def markdown(evaluation: Evaluation, *, made: str, title: str = "# Evaluation") -> str:
    """Sections with a table each."""
    parts = [title, made]
    verdict = summary(evaluation).splitlines()
    parts.append(verdict[0] if len(verdict) == 1 else "\n".join(f"- {line}" for line in verdict))
    for section in evaluation.sections:
        parts += [f"## {section.title}", *filter(None, [section.note])]
        parts += [f"Not measured: {reason.rstrip('.')}." for reason in section.skipped]
        if section.figures:
            parts.append(_markdown_table(section))
    return "\n\n".join(parts) + "\n"


def _markdown_table(section: Section) -> str:
    rows = [_HEAD, ("---", "---:", "---:", "---", "---"), *table(section.figures)]
    cells = ([cell.replace("|", "\\|") for cell in row] for row in rows)
    return "\n".join(f"| {' | '.join(row)} |" for row in cells)


def html(evaluation: Evaluation, *, made: str) -> str:
    """One page without anything outside it."""
    sections = "".join(_html_section(section) for section in evaluation.sections)
    verdict = "".join(f"<p>{escape(line)}</p>" for line in summary(evaluation).splitlines())
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Evaluation</title>'
        f"<style>{_STYLE}</style></head><body><h1>Evaluation</h1><p>{escape(made)}</p>{verdict}{sections}"
        "</body></html>\n"
    )


def _html_section(section: Section) -> str:
    skipped = "".join(f'<p class="below">Not measured: {escape(reason)}</p>' for reason in section.skipped)
    rows = "".join("<tr>" + "".join(_cell(cell) for cell in row) + "</tr>" for row in table(section.figures))
    head = "".join(f"<th>{cell}</th>" for cell in _HEAD)
    shown = f"{bars(section.figures)}<table><tr>{head}</tr>{rows}</table>" if section.figures else ""
    return f"<h2>{escape(section.title)}</h2><p>{escape(section.note)}</p>{skipped}{shown}"


def _cell(cell: str) -> str:
    plain = cell.strip("*")
    return f'<td class="{plain}">{plain}</td>' if plain in {"holds", "below"} else f"<td>{escape(cell)}</td>"


def as_json(evaluation: Evaluation, *, made: str) -> str:
    """For programs: figures by section, with aims and their reasons."""
    sections = [
        {
            "title": section.title,
            "note": section.note,
            "skipped": section.skipped,
            "figures": [{**asdict(one), "holds": one.holds} for one in section.figures],
        }
        for section in evaluation.sections
    ]
    whole = {"made": made, "status": evaluation.status, "sections": sections}
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"
