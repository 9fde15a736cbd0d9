"""Bars with their aims, as SVG that needs nothing beside it."""

from collections.abc import Sequence
from html import escape

from casewright_evaluation.figures import Figure

_ROW, _BAR, _LABELS, _SCALE, _VALUES = 24, 14, 380, 360, 90
_SURE = "#4a7c59"
_BELOW = "#b3402e"
_UNASKED = "#7a8794"


def bars(figures: Sequence[Figure]) -> str:
    """A horizontal bar for each share and score, with a mark where its aim is; empty where there is none."""
    shown = [one for one in figures if one.unit in {"share", "score"} and 0 <= one.value <= 1]
    if not shown:
        return ""
    width, height = _LABELS + _SCALE + _VALUES, _ROW * len(shown) + 8
    rows = "".join(_row(one, 4 + _ROW * place) for place, one in enumerate(shown))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" role="img" '
        f'font-family="sans-serif" font-size="12">{rows}</svg>'
    )


def _row(figure: Figure, top: int) -> str:
    middle = top + _ROW / 2
    colour = _UNASKED if figure.aim is None else _SURE if figure.holds else _BELOW
    bar = f'x="{_LABELS}" y="{top + (_ROW - _BAR) / 2}" height="{_BAR}"'
    told = f"<title>{escape(figure.name)}: {figure.shown()}</title>"
    parts = [
        f'<text x="{_LABELS - 8}" y="{middle + 4}" text-anchor="end">{escape(_short(figure.name))}</text>',
        f'<rect {bar} width="{_SCALE}" fill="#eceff1"/>',
        f'<rect {bar} width="{_SCALE * figure.value:.1f}" fill="{colour}">{told}</rect>',
        f'<text x="{_LABELS + _SCALE + 8}" y="{middle + 4}">{figure.shown()}</text>',
    ]
    bounds = (figure.aim.least, figure.aim.most, figure.aim.above) if figure.aim else ()
    for aim in (bound for bound in bounds if bound is not None):
        at = _LABELS + _SCALE * aim
        parts.append(
            f'<line x1="{at:.1f}" x2="{at:.1f}" y1="{top + 2}" y2="{top + _ROW - 2}" stroke="#111" '
            f'stroke-width="2"><title>aim {figure.aim}</title></line>'
        )
    return "".join(parts)


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else name[: _LONGEST - 1] + "…"


_LONGEST = 60
