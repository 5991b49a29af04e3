"""Figures: what they carry beside the picture."""

from xml.etree import ElementTree

import pandas as pd

from analysis import figures

FRAME = pd.DataFrame({"year": [2020, 2021], "value": [1.0, 2.0], "area": ["China", "China"]})
WORDS = {"title": "It doubled", "unit": "dollars", "source": "somebody"}


def test_a_figure_carries_its_data_and_words():
    figure = figures.lines(FRAME, x="year", y="value", colour="area", **WORDS)
    bundle, metadata = figure._repr_mimebundle_()
    assert "It doubled" in metadata[figures.SVG]["alt"]
    picture = ElementTree.fromstring(bundle[figures.SVG])
    assert picture.get("aria-label") == metadata[figures.SVG]["alt"]
    assert "It doubled" in "".join(picture.itertext())
    assert "It doubled" in bundle["text/plain"] and "somebody" in bundle["text/plain"]
    assert bundle[figures.MIME]["data"]["value"] == [1.0, 2.0]


def test_the_same_table_gives_the_same_picture_to_the_byte():
    one, two = (figures.bars(FRAME, x="value", y="year", **WORDS) for _ in range(2))
    assert one.svg == two.svg


def test_stacked_bars_keep_every_part():
    frame = pd.DataFrame({"confirmed": [1, 2], "untested": [3, 0]}, index=["a", "b"])
    data = figures.stacked(frame, **WORDS)._repr_mimebundle_()[0][figures.MIME]["data"]
    assert data["confirmed"] == [1, 2] and data["untested"] == [3, 0]


def test_dots_stand_on_the_values_that_they_carry():
    frame = pd.DataFrame(
        {
            "panel": ["share", "share"],
            "label": ["a", "b"],
            "value": [5.9, 58.0],
            "low": [5.85, 58.0],
            "high": [5.95, 58.0],
            "kind": ["agrees", "differs"],
        }
    )
    figure = figures.dots(frame, stated={"share": 5.9}, **WORDS)
    data = figure._repr_mimebundle_()[0][figures.MIME]["data"]
    assert data["value"] == [5.9, 58.0] and data["kind"] == ["agrees", "differs"]


def test_a_place_gained_is_drawn_upwards():
    frame = pd.DataFrame({"before": [2, 1], "after": [1, 2]}, index=["a", "b"])
    up = figures.slope(frame, first_on_top=True, **WORDS)
    down = figures.slope(frame, **WORDS)
    assert up.svg != down.svg


def test_a_line_skips_a_count_that_lacks_it():
    frame = pd.DataFrame(
        {"one": [1, 2, 3], "two": [2, None, 1], "three": [1, 2, None]}, index=["a", "b", "c"]
    )
    figure = figures.slope(frame, first_on_top=True, **WORDS)
    data = figure._repr_mimebundle_()[0][figures.MIME]["data"]
    assert data["two"][0] == 2 and data["two"][2] == 1
