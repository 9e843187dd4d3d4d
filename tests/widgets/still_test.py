"""The picture that stands in for a view: what it shows, what it escapes, what it costs."""

from __future__ import annotations

import base64
import io
import re
import threading
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

import datalens as dl
from datalens.widgets import inks, picture, raster
from datalens.widgets.desk import Desk
from datalens.widgets.still import still_html

EVIL = "<img src=x onerror=alert(1)>"
RENDERER = Path(__file__).resolve().parents[2] / "js/src/map/renderer.ts"
PALETTE = Path(__file__).resolve().parents[2] / "js/src/map/palette.ts"


def grid(n=400, **columns):
    i = np.arange(n)
    return pd.DataFrame(
        {"x": i % 20.0, "y": i // 20.0, "side": np.where(i % 20 < 10, "left", "right"), **columns}
    )


def still(frame, kind="explorer", settings=None, **roles):
    return still_html(Desk(dl.Lens(frame, **roles)._study), "n4m3", kind, settings or {})


def image(html):
    data = re.search(r'src="data:image/png;base64,([^"]+)"', html)[1]
    return Image.open(io.BytesIO(base64.b64decode(data))).convert("RGB")


def a_map_is_drawn_without_the_lock_test(monkeypatch):
    desk = Desk(dl.Lens(grid(), x="x", y="y")._study)
    drawn = picture.draw

    def draw(*arguments):
        free = []
        other = threading.Thread(target=lambda: free.append(desk.study.lock.acquire(timeout=5)))
        other.start()
        other.join()
        assert free == [True]
        return drawn(*arguments)

    monkeypatch.setattr("datalens.widgets.picture.draw", draw)
    assert "400 on the map" in still_html(desk, "n4m3", "map", {})


def of_ink(pixels, ink):
    """Say which pixels are a colour, or at least a third of it on white."""
    paper = 255.0 - np.asarray(inks.rgb(ink))
    dark = 255.0 - np.asarray(pixels, dtype=float)
    share = (dark @ paper) / (paper @ paper)
    return (share > 0.3) & (np.abs(dark - share[..., None] * paper).max(axis=-1) < 6)


def count(pixels, ink):
    return int(of_ink(pixels, ink).sum())


class Tags(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.tags, self.text = [], ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data


def classes_of(html):
    """Return the classes of the element that holds all of a still."""
    return dict(next(attrs for tag, attrs in Tags(html).tags if tag == "div"))["class"].split()


@pytest.mark.parametrize("kind", ["explorer", "map", "table", "reader", "similar"])
def formulas_in_the_data_stay_text_test(kind):
    frame = grid(**{"$x^2$ col": ["$5 for one and $6"] * 400})
    html = still(frame, kind, x="x", y="y", settings={"color": "$x^2$ col"})
    assert {"mathjax_ignore", "tex2jax_ignore"} <= set(classes_of(html))
    assert html.rindex("</div>") + len("</div>") == len(html)  # nothing stands beside it


def the_palette_is_the_front_ends_test():
    source = PALETTE.read_text()
    for ink in (*inks.CATEGORIES, inks.NONE, inks.PENDING, inks.OTHER, inks.NOISE, inks.ACCENT):
        assert (
            ink
            in source.partition("CATEGORIES_DARK")[0]
            + source.partition("const FIXED")[2].partition("dark:")[0]
        )


def a_map_has_its_points_where_they_are_in_their_colors_test():
    pixels = np.asarray(image(still(grid(), x="x", y="y", source="side")))
    assert pixels.shape == (940, 1440, 3)
    body = pixels[picture.TITLE * 2 :, : (picture.WIDTH - picture.LEGEND) * 2]
    left, right = body[:, : body.shape[1] // 2 - 20], body[:, body.shape[1] // 2 + 20 :]
    first, second = inks.CATEGORIES[:2]
    assert min(count(left, first), count(right, second)) > 3_000
    assert (count(right, first), count(left, second)) == (0, 0)
    assert body[-5, 5].tolist() == [255, 255, 255]


def what_is_not_selected_is_grey_and_the_caption_counts_test():
    lens = dl.Lens(grid(), x="x", y="y", source="side")
    lens.selection = (dl.col("side") == "left") & (dl.col("y") < 3)
    html = still_html(Desk(lens._study), "n4m3", "explorer", {})
    said = "400 rows, 400 on the map, colored by side, 30 of 400 selected"
    assert f"{said}." in Tags(html).text
    assert [attrs["alt"] for tag, attrs in Tags(html).tags if tag == "img"] == [
        f"Map of pandas frame: {said}"
    ]
    pixels = np.asarray(image(html))
    body = pixels[picture.TITLE * 2 :, : (picture.WIDTH - picture.LEGEND) * 2]
    low = body[-len(body) // 5 :, : body.shape[1] // 2]
    assert count(low, inks.CATEGORIES[0]) > 300
    assert count(body, inks.CATEGORIES[1]) == 0
    grey = np.round(255 - inks.DIM_STRENGTH * (255 - np.array(inks.rgb(inks.DIM))))
    assert (np.abs(body - grey).max(axis=2) < 8).sum() > 3_000
    lens.selection = dl.col("y") > 1000
    assert "0 of 400 selected" in still_html(Desk(lens._study), "n4m3", "map", {})


def few_selected_of_many_are_all_drawn_test(monkeypatch):
    monkeypatch.setattr(raster, "MAX_DRAWN", 40)
    lens = dl.Lens(grid(), x="x", y="y", source="side")
    lens.selection = (dl.col("x") == 3) & (dl.col("y") == 3)
    html = still_html(Desk(lens._study), "n4m3", "map", {})
    assert "1 of 400 selected (41 of them drawn)" in html
    assert count(np.asarray(image(html))[:, : (picture.WIDTH - picture.LEGEND) * 2], inks.CATEGORIES[0]) > 5


def grey_is_the_front_ends_test():
    light = re.search(r"light: \{ color: \[(.*?)\], strength: (.*?) \}", RENDERER.read_text())
    shade = tuple(round(float(part) * 255) for part in light[1].split(","))
    assert (inks.rgb(inks.DIM), inks.DIM_STRENGTH) == (shade, float(light[2]))


def a_reader_keeps_the_sample_in_focus_test():
    frame = pd.DataFrame({"id": ["<b>", "b"], "text": [f"one\n{EVIL} " + "x" * 3000, None]})
    lens = dl.Lens(frame, key="id", text="text")
    desk = Desk(lens._study)
    assert "no sample was in focus when the cell ran." in still_html(desk, "n4m3", "reader", {})
    assert "no sample was in focus when the cell ran. Neighbours need a running kernel" in still_html(
        desk, "n4m3", "similar", {}
    )
    lens.focus = "<b>"
    read = Tags(still_html(desk, "n4m3", "reader", {}))
    assert "pandas frame: sample <b> was in focus when the cell ran." in read.text
    assert f"one\n{EVIL} xxx" in read.text
    assert 1_400 < read.text.count("x") < 1_600
    assert "…" in read.text
    near = Tags(still_html(desk, "n4m3", "similar", {}))
    assert "sample <b> was in focus when the cell ran. Neighbours need a running kernel" in near.text
    assert not {"img", "b", "table"} & {tag for tag, _ in [*read.tags, *near.tags]}
    lens.focus = "b"
    assert Tags(still_html(desk, "n4m3", "reader", {})).text.endswith("null")


def y_goes_up_test():
    frame = pd.DataFrame({"x": [0.0, 1.0, 2.0], "y": [0.0, 0.0, 9.0], "c": ["low", "low", "high"]})
    pixels = np.asarray(image(still(frame, x="x", y="y", source="c")))[picture.TITLE * 2 :, :1000]
    high = np.argwhere(of_ink(pixels, inks.CATEGORIES[1]))
    low = np.argwhere(of_ink(pixels, inks.CATEGORIES[0]))
    assert high[:, 0].max() < low[:, 0].min()


def the_words_say_rows_places_and_color_test():
    frame = grid()
    frame.loc[:9, "x"] = np.nan
    html = still(frame, x="x", y="y", source="side")
    alt = next(attrs["alt"] for tag, attrs in Tags(html).tags if tag == "img")
    assert alt == "Map of pandas frame: 400 rows, 390 on the map, colored by side"
    assert "left: 200" in Tags(html).text.replace("●", "").replace("  ", " ")
    assert "datalens-still-n4m3" in classes_of(html)


def names_from_the_data_are_text_test():
    frame = grid(**{EVIL: [EVIL, "日本"] * 200})
    html = still(frame, x="x", y="y", settings={"color": EVIL})
    parsed = Tags(html)
    assert [attrs["src"][:10] for tag, attrs in parsed.tags if tag == "img"] == ["data:image"]
    assert f"{EVIL}: 200" in parsed.text
    assert "日本: 200" in parsed.text
    assert "<details open>" in html  # the picture's font can't write 日本, so the list stands open
    rows = Tags(still(frame, "table"))
    assert "img" not in [tag for tag, _ in rows.tags]
    assert EVIL in rows.text


def a_number_has_a_histogram_test():
    frame = grid(loss=np.linspace(0, 1, 400))
    html = still(frame, x="x", y="y", settings={"color": "loss"})
    assert "colored by loss" in html
    assert "<details" not in html
    pixels = np.asarray(image(html))[:, (picture.WIDTH - picture.LEGEND) * 2 :]
    for ink in (inks.RAMP[0], inks.RAMP[-1]):
        assert (np.abs(pixels.astype(int) - inks.rgb(ink)).max(axis=2) < 30).sum() > 50


def a_color_that_is_gone_and_none_draw_all_in_one_test():
    for color in (None, "gone"):
        pixels = image(still(grid(), x="x", y="y", settings={"color": color}))
        assert count(pixels, inks.ACCENT) > 3_000


def many_points_are_a_sample_and_it_says_so_test(monkeypatch):
    monkeypatch.setattr(raster, "MAX_DRAWN", 150)
    assert "(134 of them drawn)" in still(grid(), x="x", y="y", source="side")


def noise_of_many_colors_stays_small_test():
    rng = np.random.default_rng(0)
    n = 100_000
    frame = pd.DataFrame({"x": rng.uniform(size=n), "y": rng.uniform(size=n), "c": rng.normal(size=n)})
    html = still(frame, x="x", y="y", settings={"color": "c"})
    assert len(html) < picture.MAX_BYTES * 4 / 3 + 3_000


@pytest.mark.parametrize("rows", [0, 1, 2])
def next_to_no_rows_test(rows):
    html = still(grid(rows), x="x", y="y", source="side")
    assert f"{rows} rows, {rows} on the map" in html
    assert image(html).size == (1440, 940)


def without_a_map_the_first_rows_stand_there_test():
    html = still(pd.DataFrame({"id": ["a", "b"], "text": ["x" * 300, None]}), key="id")
    text = Tags(html).text
    assert "pandas frame: the first 2 of 2 rows, from when the cell ran." in text
    assert "x" * 79 + "…" in text
    assert "null" in text
    assert "<img" not in html


def a_terminal_gets_the_text_alone_test(capsys):
    view = dl.Lens(grid(), x="x", y="y").explore()
    view._ipython_display_()
    assert "Explorer" in capsys.readouterr().out
