"""Predicted against recorded, a row an area, as SVG: it needs no network and no script, on a screen or in a file."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

ROW, TOP, LEFT, WIDTH, RIGHT = 20, 26, 138, 360, 30
RANGE, MIDDLE, CAME = "#9fb6c9", "#1f4e79", "#b45309"


@dataclass(frozen=True)
class Mark:
    """One row: its ``label``, what was ``predicted`` with its 90 % range, what was ``recorded`` (None when not shown),
    and how that is ``told``."""

    label: str
    predicted: float
    low: float
    high: float
    recorded: float | None
    told: str


def forecast_picture(marks: list[Mark], legend: str) -> str:
    """An SVG 360 units wide: a bar for the range, a line for the prediction, a dot for what was recorded."""
    most = max([1.0, *(mark.high for mark in marks), *(mark.recorded or 0.0 for mark in marks)])
    height = TOP + ROW * len(marks) + 6

    def at(value: float) -> float:
        return round(LEFT + value / most * (WIDTH - LEFT - RIGHT), 1)

    rows = []
    for i, mark in enumerate(marks):
        y = TOP + ROW * i + ROW / 2
        rows.append(f'<text x="0" y="{y + 4}">{escape(mark.label[:24])}</text>')
        rows.append(
            f'<rect x="{at(mark.low)}" y="{y - 4}" width="{max(at(mark.high) - at(mark.low), 1):.1f}" height="8" '
            f'rx="2" fill="{RANGE}"/>'
            f'<rect x="{at(mark.predicted) - 1}" y="{y - 6}" width="2" height="12" fill="{MIDDLE}"/>'
        )
        if mark.recorded is not None:
            rows.append(f'<circle cx="{at(mark.recorded)}" cy="{y}" r="4" fill="{CAME}"/>')
        rows.append(f'<text x="{WIDTH}" y="{y + 4}" text-anchor="end">{escape(mark.told)}</text>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        f'font-family="sans-serif" font-size="11"><rect width="{WIDTH}" height="{height}" fill="#ffffff"/>'
        f'<text x="0" y="13">{escape(legend)}</text>{"".join(rows)}</svg>'
    )
