"""How points look beside their colours: sized by a column, rare ones on top, as large and solid as asked, in pictures too."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

import datalens as dl
from datalens.widgets import inks, looks, picture

MAP = Path(__file__).resolve().parents[2] / "js/src/map"


def frame(n=400):
    xy = np.random.default_rng(0).normal(size=(n, 2))
    return pd.DataFrame(
        {
            "x": xy[:, 0],
            "y": xy[:, 1],
            "text": ["a text to read, of no kind and no size"] * n,
            "loss": np.linspace(0, 5, n),
            "good": np.arange(n) % 10 == 0,
            "stars": np.arange(n) % 5 + 1,
            "day": pd.Timestamp("2026-01-01") + pd.to_timedelta(np.arange(n), unit="D"),
            "kind": np.where(np.arange(n) % 40 == 0, "rare", "usual"),
        }
    )


def lens_of(data):
    return dl.Lens(data, x="x", y="y", label="kind")


def inked(path):
    """Return how many pixels of the map are not paper, and the darkest of them."""
    pixels = np.asarray(Image.open(path).convert("L")).astype(int)[60:, : -2 * picture.LEGEND]
    return int((pixels < 250).sum()), int(pixels.min())


@pytest.mark.parametrize("column", ["loss", "good", "stars", "day"])
def what_is_larger_is_drawn_larger_test(column):
    data = frame()
    view = dl.Map(lens_of(data), size=column)
    assert view.settings["look"] == {**looks.NO_LOOK, "by": column}
    desk = view.hub.desk
    _, _, _, points = desk.points()
    sizes = looks.look_of(desk, view.settings, points.rows).sizes
    values = data[column].to_numpy()[points.rows].astype(float)
    order = np.argsort(values, kind="stable")
    assert (np.diff(sizes[order].astype(int)) >= 0).all()
    assert looks.factors_of(sizes.min()) < 0.65
    assert looks.factors_of(sizes.max()) > 2.1


def a_column_that_cannot_size_is_refused_by_name_test():
    lens = lens_of(frame())
    with pytest.raises(TypeError, match=r"size='text' can't size points: .* numbers, dates or booleans"):
        lens.explore(size="text")
    with pytest.raises(KeyError, match=r"'los'.*loss"):
        dl.Map(lens, size="los")


def a_picture_follows_the_sliders_test(tmp_path):
    view = dl.Map(lens_of(frame()), color="loss")
    plain, dark = inked(view.png(tmp_path / "plain.png"))
    view.settings = {**view.settings, "look": {"size": 2, "opacity": 1}}
    larger, _ = inked(view.png(tmp_path / "larger.png"))
    assert larger > 1.8 * plain
    view.settings = {**view.settings, "look": {"size": 1, "opacity": 0.25}}
    same, pale = inked(view.png(tmp_path / "pale.png"))
    assert abs(same - plain) < 0.1 * plain
    assert pale > dark + 60


def a_picture_follows_the_sizes_test(tmp_path):
    data = frame(60)
    lens = lens_of(data)
    plain, _ = inked(dl.Map(lens).png(tmp_path / "plain.png", names=False))
    sized, _ = inked(dl.Map(lens, size="loss").png(tmp_path / "sized.png", names=False))
    assert sized > 1.3 * plain


def rare_colors_are_not_buried_in_a_picture_test(tmp_path):
    n = 20_000
    xy = np.random.default_rng(0).normal(size=(n, 2))
    kind = np.where(np.arange(n) < 20, "rare", "usual")
    lens = dl.Lens(pd.DataFrame({"x": xy[:, 0], "y": xy[:, 1], "kind": kind}), x="x", y="y", label="kind")
    view = dl.Map(lens)

    def rare_pixels(name):
        pixels = np.asarray(Image.open(view.png(tmp_path / name, names=False)).convert("RGB")).astype(int)
        off = np.abs(pixels[:, : -2 * picture.LEGEND] - inks.rgb(inks.CATEGORIES[1])).max(axis=2)
        return int((off < 60).sum())

    before = rare_pixels("random.png")
    view.settings = {**view.settings, "look": {**looks.NO_LOOK, "order": "rare values"}}
    assert rare_pixels("rare.png") > max(20 * 8, 2 * before)


@pytest.mark.parametrize("order", ["high values", "low values"])
def numbers_lie_upon_one_another_in_their_order_test(order):
    codes = np.concatenate([np.zeros(5, dtype=np.uint8), np.repeat(np.arange(3, 255), 2).astype(np.uint8)])
    parts = looks.passes_of(codes, {"kind": "number"}, order)
    assert sorted(np.concatenate(parts)) == list(range(len(codes)))
    ends = [(int(codes[p][codes[p] > 2].min()), int(codes[p].max())) for p in parts]
    upper = ends if order == "high values" else [(-high, -low) for low, high in ends]
    assert 2 <= len(parts) <= looks.PASSES_MAX
    assert all(a[1] < b[0] for a, b in pairwise(upper))
    assert set(range(5)) <= set(parts[0].tolist())


def the_browser_has_the_same_numbers_test():
    sizing, order = (MAP / "sizing.ts").read_text(), (MAP / "order.ts").read_text()
    least, steps = re.search(r"return ([\d.]+) \+ byte / (\d+);", sizing).groups()
    assert (float(least), int(steps)) == (looks.LEAST, looks.STEPS)
    assert f"size) / {looks.STEPS}.0" in (MAP / "shaders.ts").read_text()
    assert f"PASSES_MAX = {looks.PASSES_MAX};" in order
    assert f"UPPERMOST = 1 / {1 / looks.UPPERMOST:.0f};" in order
    assert f"RARE_GROWTH = {looks.RARE_GROWTH};" in order
    orders = re.search(r"type Order = (.*);", (MAP.parent / "host/view.ts").read_text())[1]
    assert tuple(re.findall(r'"([^"]+)"', orders)) == looks.ORDERS


@pytest.mark.parametrize(
    "given",
    [
        None,
        [],
        {"size": 1},
        {"size": 1, "opacity": float("inf")},
        {"size": 1, "opacity": 1, "by": "gone"},
        {"size": 1, "opacity": 1, "by": ["loss"]},
        {"size": 1, "opacity": 1, "order": "upside down"},
        {"size": 1, "opacity": 1, "order": ["random"]},
        {"size": 1, "opacity": 1, "contours": "yes"},
        {"size": 1, "opacity": 1, "glow": True},
    ],
)
def what_is_no_look_is_left_out_test(given):
    view = dl.Map(lens_of(frame()))
    desk = view.hub.desk
    _, _, _, points = desk.points()
    assert not looks.is_look(given, desk.study.names())
    assert looks.look_of(desk, {"look": given}, points.rows) is looks.PLAIN


def the_column_that_sizes_is_kept_with_the_notebook_test():
    data = frame()
    for i in range(12):
        data[f"n{i:02}"] = np.arange(len(data)) * (i + 1.5)
    lens = lens_of(data)
    view = dl.Map(lens, size="n11")
    hub = view.hub
    hub._refresh_sample()
    first = hub.sample
    assert "n11" in named_in(first)
    assert "n10" not in named_in(first)
    view.settings = {**view.settings, "look": {**looks.NO_LOOK, "by": "n10"}}
    hub._refresh_sample()
    assert "n10" in named_in(hub.sample)


def named_in(payload):
    import json
    import zlib

    raw = zlib.decompress(payload)
    header = json.loads(raw[4 : 4 + int.from_bytes(raw[:4], "little")])
    return [column["name"] for column in header["columns"]]
