"""Small drawings of the pages, as SVG."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

ROW, LEFT, RIGHT, WIDTH = 30, 330, 90, 900


def dot_plot(dots: Sequence[Mapping[str, Any]], unit: str) -> str:
    """Return a dot a source on one axis, the report's value as a dashed line through all rows.

    Parameters
    ----------
    dots : sequence of dict
        ``label``, ``value``, ``shown`` and ``kind``, the report's first.
    unit : str
        What the axis measures.
    """
    numbers = [dot["value"] for dot in dots]
    low, high = min(0.0, *numbers), max(numbers)
    span = (high - low) or 1.0
    height = ROW * len(dots) + 34

    def across(value: float) -> float:
        return float(LEFT + (WIDTH - LEFT - RIGHT) * (value - low) / span)

    words = escape("; ".join(f"{dot['label']}: {dot['shown']}" for dot in dots))
    foot, line = height - 26, across(numbers[0])
    parts = [
        f'<svg class="dots" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{words}">',
        f'<line class="axis" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{foot}" y2="{foot}"/>',
        f'<text class="unit" x="{LEFT}" y="{height - 8}">{low:g}, in {escape(unit)}</text>',
        f'<line class="report" x1="{line:.1f}" x2="{line:.1f}" y1="6" y2="{foot}"/>',
    ]
    for place, dot in enumerate(dots):
        y, x = ROW * place + 20, across(dot["value"])
        kind, name = dot["kind"], escape(dot["label"])
        parts += [
            f'<text class="name" x="{LEFT - 14}" y="{y + 5}">{name}</text>',
            f'<circle class="{kind}" cx="{x:.1f}" cy="{y}" r="6"/>',
            f'<text class="{kind}" x="{x + 12:.1f}" y="{y + 5}">{escape(dot["shown"])}</text>',
        ]
    return "\n".join([*parts, "</svg>"])
