"""Every picture as it is drawn: no words over other words, none too pale to read."""

from itertools import combinations
from unittest.mock import patch

import matplotlib
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from analysis import paths
from analysis.check.execute import seen

matplotlib.use("Agg")


def luminance(colour):
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def words_of(canvas):
    """Return the texts of a figure that are seen, each with its box in pixels."""
    canvas.canvas.draw()
    renderer = canvas.canvas.get_renderer()
    found = []
    for text in canvas.findobj(Text):
        ticks = [axis for axes in canvas.axes for axis in (axes.xaxis, axes.yaxis)]
        inside = all(
            _in_view(axis, text) for axis in ticks if text in axis.get_ticklabels(which="both")
        )
        if text.get_visible() and text.get_text().strip() and inside:
            found.append((text, text.get_window_extent(renderer)))
    return found


def _in_view(axis, text):
    """Return whether a tick's label lies within its axis: others are not drawn."""
    low, high = sorted(axis.get_view_interval())
    place = text.get_position()[0 if axis.axis_name == "x" else 1]
    return low - 1e-9 <= place <= high + 1e-9


def overlapping(words):
    """Return pairs of texts whose boxes share more than two pixels each way."""
    found = []
    for (one, a), (other, b) in combinations(words, 2):
        wide = min(a.x1, b.x1) - max(a.x0, b.x0)
        high = min(a.y1, b.y1) - max(a.y0, b.y0)
        if wide > 2 and high > 2:
            found.append((one.get_text(), other.get_text()))
    return found


def pale(canvas, words):
    """Return texts whose contrast with what lies behind is below 4.5."""
    bars = [one for one in canvas.findobj(Rectangle) if one.get_visible() and one.axes]
    bars = [one for one in bars if one is not one.axes.patch and one.get_facecolor()[3] > 0]
    found = []
    for text, box in words:
        x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
        behind = [bar.get_facecolor() for bar in bars if bar.get_window_extent().contains(x, y)]
        ratio = contrast(text.get_color(), behind[-1] if behind else "white")
        if ratio < 4.5:
            found.append((text.get_text(), round(ratio, 1)))
    return found


@pytest.mark.parametrize("path", paths.notebooks(), ids=lambda p: p.stem)
def test_words_can_be_read(path, data):
    wrong = []

    def look(canvas, *_, **__):
        words = words_of(canvas)
        wrong.extend(("over each other", *pair) for pair in overlapping(words))
        wrong.extend(("too pale", *one) for one in pale(canvas, words))

    with patch.object(Figure, "savefig", look):
        seen(path)
    assert wrong == []
