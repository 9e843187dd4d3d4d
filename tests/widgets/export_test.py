"""The map as a file: what it shows, names without overlap in dense places, and what it refuses."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

import datalens as dl
from datalens.space.points import place_points
from datalens.widgets import inks, naming, picture
from datalens.widgets.pen import Pen
from datalens.widgets.raster import Frame

MAP = Path(__file__).resolve().parents[2] / "js/src/map"


def blobs(n=6000, kinds=6, seed=0, names="topic {}"):
    """Return kinds of points, each about two middles of its own."""
    rng = np.random.default_rng(seed)
    kind = np.minimum(rng.geometric(0.35, n) - 1, kinds - 1)
    part = (rng.random(n) < 0.3).astype(int)
    middles = rng.uniform(-10, 10, (kinds, 2, 2))
    xy = middles[kind, part] + rng.normal(0, 0.5, (n, 2))
    labels = [names.format(k) for k in kind]
    return pd.DataFrame({"x": xy[:, 0], "y": xy[:, 1], "topic": labels, "loss": rng.random(n)}), middles


def lens_of(frame):
    return dl.Lens(frame, x="x", y="y", label="topic")


def pixels_of(path):
    return np.asarray(Image.open(path).convert("RGB")).astype(int)


def near_ink(pixels, ink, off=14):
    return int((np.abs(pixels - inks.rgb(ink)).max(axis=2) < off).sum())


def a_map_is_written_at_its_size_with_colors_and_legend_test(tmp_path):
    frame, _ = blobs()
    view = dl.Map(lens_of(frame))
    path = view.png(tmp_path / "map.png", width=700, height=500, scale=3)
    assert path == tmp_path / "map.png"
    pixels = pixels_of(path)
    assert pixels.shape == (1500, 2100, 3)
    body, legend = pixels[:, : (700 - picture.LEGEND) * 3], pixels[:, (700 - picture.LEGEND) * 3 :]
    for ink in inks.CATEGORIES[:3]:
        assert near_ink(body, ink, 40) > 500
        assert near_ink(legend, ink) > 300
    assert pixels[-1, 0].tolist() == [255, 255, 255]
    assert view.png(str(path), scale=1) == path  # replaced
    assert pixels_of(path).shape == (900, 1200, 3)


def a_dark_map_has_the_dark_themes_colors_test(tmp_path):
    frame, _ = blobs()
    view = dl.Map(lens_of(frame))
    pixels = pixels_of(view.png(tmp_path / "dark.png", theme="dark", scale=1))
    assert pixels[-1, 0].tolist() == list(inks.rgb(inks.DARK.ground))
    assert near_ink(pixels, inks.CATEGORIES_DARK[0], 40) > 100
    number = pixels_of(view.png(tmp_path / "loss.png", theme="dark", scale=1, color="loss"))
    assert near_ink(number[:, -picture.LEGEND :], inks.RAMP_DARK[-1], 30) > 100


def what_is_not_selected_is_grey_and_counted_test(tmp_path):
    frame, _ = blobs()
    lens = lens_of(frame)
    lens.selection = dl.col("topic") == "topic 0"
    pixels = pixels_of(dl.Map(lens).png(tmp_path / "map.png", scale=1, names=False))
    body = pixels[:, : -picture.LEGEND]
    assert near_ink(body, inks.CATEGORIES[0], 40) > 100
    assert near_ink(body, inks.CATEGORIES[1], 40) == 0


def names_stand_on_the_map_and_can_be_left_out_test(tmp_path):
    frame, _ = blobs()
    view = dl.Map(lens_of(frame))
    named = pixels_of(view.png(tmp_path / "named.png", scale=1))[:, : -picture.LEGEND]
    plain = pixels_of(view.png(tmp_path / "plain.png", scale=1, names=False))[:, : -picture.LEGEND]
    dark = [(part[picture.TITLE :].max(axis=2) < 80).sum() for part in (named, plain)]
    assert dark[1] == 0
    assert dark[0] > 200


def clusters_are_named_where_other_colors_are_shown_test(tmp_path):
    frame, _ = blobs()
    frame["text"] = frame["topic"].str.replace("topic ", "about word")
    lens = dl.Lens(frame, x="x", y="y", text="text").cluster(method="kmeans", n_clusters=5)
    paths = [
        dl.Map(lens).png(tmp_path / f"{color}.png", scale=1, color=color) for color in ("loss", "cluster")
    ]
    for path in paths:
        assert (pixels_of(path)[picture.TITLE :, : -picture.LEGEND].max(axis=2) < 80).sum() > 100


def both_sides_of_zero_have_colors_of_their_own_test(tmp_path):
    frame, _ = blobs(300)
    frame["difference"] = np.linspace(-1, 1, len(frame))
    view = dl.Map(lens_of(frame), color="difference")
    view.settings = {**view.settings, "scale": "symmetric"}
    shown = pixels_of(view.png(tmp_path / "a.png", scale=1))
    for ink in (inks.DIVERGING[0], inks.DIVERGING[-1]):
        assert near_ink(shown[:, -picture.LEGEND :], ink, 30) > 20


def the_views_own_colors_are_taken_test(tmp_path):
    frame, _ = blobs(300)
    view = dl.Map(lens_of(frame), color="loss")
    number = pixels_of(view.png(tmp_path / "a.png", scale=1))
    assert near_ink(number[:, -picture.LEGEND :], inks.RAMP[-1], 30) > 100
    view.settings = {"color": None}
    one = pixels_of(view.png(tmp_path / "b.png", scale=1, names=False))
    assert near_ink(one, inks.ACCENT, 40) > 100
    assert near_ink(one, inks.CATEGORIES[1], 40) == 0
    view.settings = {"color": "gone"}
    assert near_ink(pixels_of(view.png(tmp_path / "c.png", scale=1)), inks.CATEGORIES[1]) > 100


def names_that_the_font_lacks_are_told_test(tmp_path):
    frame, _ = blobs(names="\u65e5\u672c {}")
    with pytest.warns(UserWarning, match=r"no\. 1: \u65e5\u672c"):
        path = dl.Map(lens_of(frame)).png(tmp_path / "map.png", scale=1)
    assert "\u65e5\u672c" in Image.open(path).info["Legend"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"theme": "blue"}, "theme='blue'"),
        ({"width": 100}, "at least 320 x 200"),
        ({"scale": 0}, "Give another scale"),
        ({"scale": 40}, "Give another scale"),
        ({"color": "nothing"}, "nothing"),
    ],
)
def what_cant_be_drawn_is_refused_test(tmp_path, options, said):
    frame, _ = blobs(100)
    with pytest.raises((ValueError, KeyError), match=said):
        dl.Map(lens_of(frame)).png(tmp_path / "map.png", **options)
    assert not (tmp_path / "map.png").exists()


def no_map_yet_is_said_test(tmp_path):
    with pytest.raises(ValueError, match="project"):
        dl.Map(dl.Lens(pd.DataFrame({"a": [1, 2]}))).png(tmp_path / "map.png")


@pytest.mark.parametrize("seed", range(8))
def names_do_not_overlap_and_lie_in_their_densest_part_test(seed):
    frame, middles = blobs(kinds=40, seed=seed, names="a name of {}")
    points = place_points(frame["x"].to_numpy(), frame["y"].to_numpy())
    kind = frame["topic"].str.rsplit(n=1).str[-1].astype(int).to_numpy()[points.rows]
    codes = (kind + 3).astype(np.uint8)
    values = [{"label": f"a name of {k}"} for k in range(40)]
    legend = {"kind": "category", "values": values, "other": {"values": 0}}
    pen = Pen(Image.new("RGB", (10, 10)), 2, inks.LIGHT)
    frame_ = Frame.around(points, 1000, 700, 2)
    names = naming.place_names(points, codes, legend, frame_, pen.length, lambda _, label: label)
    assert len(names) > 3
    for i, a in enumerate(names):
        assert a.width / 2 < a.x < 500 - a.width / 2
        assert a.height / 2 < a.y < 350 - a.height / 2
        for b in names[:i]:
            assert abs(a.x - b.x) >= (a.width + b.width) / 2 or abs(a.y - b.y) >= (a.height + b.height) / 2
    steps, counts = naming.dense_places(points, codes, 40)
    assert counts.sum() == len(frame)
    for k in range(3):
        at = steps[k] * points.scale + points.origin
        assert np.hypot(*(middles[k] - at).T).min() < 1.0


def the_rules_are_the_front_ends_test():
    source = (MAP / "names.ts").read_text()
    shape = r"MOST_NAMES = (\d+);.*CHARACTERS = (\d+);.*CELLS = (\d+);.*ENOUGH = 1 << (\d+);.*GAP = \[(\d+), (\d+)\].*EDGE = (\d+);"
    found = [int(part) for part in re.search(shape, source, re.DOTALL).groups()]
    assert found == [
        naming.MOST_NAMES, naming.CHARACTERS, naming.CELLS, naming.ENOUGH.bit_length() - 1, *naming.GAP, naming.EDGE
    ]  # fmt: skip
    assert f"DIM = {naming.DIM};" in (MAP / "name-layer.ts").read_text()
    palette = (MAP / "palette.ts").read_text()
    for ink in inks.DARK.inks.values():
        assert ink in palette


def a_path_that_can_hold_no_png_is_refused_before_it_is_drawn_test(tmp_path):
    view = dl.Map(dl.Lens(pd.DataFrame({"x": [0.0, 1.0], "y": [0.0, 1.0]}), x="x", y="y"))
    with pytest.raises(ValueError, match=r"name it 'map\.png'"):
        view.png(tmp_path / "map.jpg")
    with pytest.raises(FileNotFoundError, match=r"no folder .*missing"):
        view.png(tmp_path / "missing" / "map.png")
    assert list(tmp_path.iterdir()) == []
    assert view.png(tmp_path / "MAP.PNG").is_file()
