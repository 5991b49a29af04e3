"""Every notebook in this process: it shows what is stored, and its pictures can be read.

In a picture no words stand over other words, and none are too pale.
"""

from unittest.mock import patch

import matplotlib
import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from analysis import paths
from analysis.check import compare
from analysis.check.execute import seen, stored

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
    hidden = {
        label
        for axes in canvas.axes
        for axis in (axes.xaxis, axes.yaxis)
        for label in axis.get_ticklabels(which="both")
        if not _in_view(axis, label)
    }
    texts = [one for one in canvas.findobj(Text) if one.get_visible() and one.get_text().strip()]
    return [(one, one.get_window_extent(renderer)) for one in texts if one not in hidden]


def _in_view(axis, text):
    """Return whether a tick's label lies within its axis: others are not drawn."""
    low, high = sorted(axis.get_view_interval())
    place = text.get_position()[0 if axis.axis_name == "x" else 1]
    return low - 1e-9 <= place <= high + 1e-9


def overlapping(words):
    """Return pairs of texts whose boxes share more than two pixels each way."""
    left, low, right, high = np.array([box.extents for _, box in words]).T
    wide = np.minimum.outer(right, right) - np.maximum.outer(left, left)
    tall = np.minimum.outer(high, high) - np.maximum.outer(low, low)
    pairs = np.argwhere(np.triu((wide > 2) & (tall > 2), k=1))
    return [(words[one][0].get_text(), words[other][0].get_text()) for one, other in pairs]


def pale(canvas, words):
    """Return texts whose contrast with what lies behind is below 4.5."""
    bars = [one for one in canvas.findobj(Rectangle) if one.get_visible() and one.axes]
    bars = [one for one in bars if one is not one.axes.patch and one.get_facecolor()[3] > 0]
    boxes = [(bar.get_window_extent(), bar.get_facecolor()) for bar in bars]
    found = []
    for text, box in words:
        x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
        behind = [colour for bar, colour in boxes if bar.contains(x, y)]
        ratio = contrast(text.get_color(), behind[-1] if behind else "white")
        if ratio < 4.5:
            found.append((text.get_text(), round(ratio, 1)))
    return found


@pytest.mark.parametrize("path", paths.notebooks(), ids=lambda p: p.stem)
def test_it_shows_what_is_stored_and_its_words_can_be_read(path, data):
    wrong = []

    def look(canvas, *_, **__):
        words = words_of(canvas)
        wrong.extend(("over each other", *pair) for pair in overlapping(words))
        wrong.extend(("too pale", *one) for one in pale(canvas, words))

    with patch.object(Figure, "savefig", look):
        assert [str(one) for one in compare.between(stored(path), seen(path))] == []
    assert wrong == []
