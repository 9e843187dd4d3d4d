"""The sample that is saved with a notebook: every stratum, bounded, the same each time, and what it holds."""

from __future__ import annotations

import base64
import json
import threading
import zlib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import datalens as dl
from datalens.widgets import sample
from datalens.widgets.desk import Desk
from datalens.widgets.hub import Hub
from datalens.widgets.keeper import SampleKeeper

EVIL = "<img src=x onerror=alert(1)>😀\x00</script>"
# What js/test/host/saved.test.ts reads.
FIXTURE = Path(__file__).resolve().parents[2] / "js/test/host/saved-grid.json"


def unpacked(payload):
    data = zlib.decompress(payload)
    size = int.from_bytes(data[:4], "little")
    header = json.loads(data[4 : 4 + size])
    start = -(-(4 + size) // 8) * 8
    arrays = {}
    for info in header["arrays"]:
        place = start + info["offset"]
        array = np.frombuffer(data, info["dtype"], info["length"], place)
        arrays[info["name"]] = array.view("float64") if info["name"].endswith(".values") else array
    return header, arrays


def packed(lens, color=None):
    desk = Desk(lens._study)
    return sample.pack_sample(desk, sample.choose_rows(desk, color), color)


def every_stratum_is_there_and_large_ones_in_proportion_test():
    strata = np.repeat(np.arange(5, dtype=np.uint8), [60_000, 30_000, 9_000, 990, 10])
    chosen = sample.stratified(strata, 1_000)
    assert np.bincount(strata[chosen]).tolist() == [600, 300, 90, 9, 1]
    assert (np.diff(chosen) > 0).all()
    assert chosen.tolist() == sample.stratified(strata, 1_000).tolist()


def rare_strata_take_from_the_largest_test():
    strata = np.concatenate([np.zeros(9_900, np.uint16), np.arange(1, 101, dtype=np.uint16)])
    counts = np.bincount(strata[sample.stratified(strata, 120)])
    assert counts.tolist() == [20] + [1] * 100


def few_rows_are_all_there_test():
    assert sample.stratified(np.zeros(7, np.uint8), 10).tolist() == list(range(7))
    assert sample.stratified(np.zeros(0, np.uint8), 10).tolist() == []


def many_rows_are_bounded_in_number_and_size_test():
    n = 50_000
    rng = np.random.default_rng(0)
    words = np.array([f"w{i}" for i in range(5_000)])
    frame = pd.DataFrame(
        {"id": [f"d{i}" for i in range(n)], "x": rng.normal(size=n), "y": rng.normal(size=n)}
    )
    frame["text"] = [" ".join(row) for row in words[rng.integers(0, 5_000, (n, 40))]]
    frame["source"] = np.where(np.arange(n) == 17, "rare", "common")
    frame["loss"] = rng.normal(size=n)
    payload = packed(dl.Lens(frame, text="text", source="source", key="id", x="x", y="y"))
    header, arrays = unpacked(payload)
    assert (header["rows"], header["of"], len(arrays["ordinals"]), header["map"]["n"]) == (
        20_000,
        n,
        20_000,
        20_000,
    )
    assert 17 in arrays["ordinals"]
    assert len(payload) < 2_200_000


def it_holds_keys_places_texts_codes_and_numbers_test():
    frame = pd.DataFrame({"id": ["a", "b", "c"], "x": [0.0, np.nan, 2.0], "y": [0.0, 1.0, 4.0]})
    frame["text"], frame["side"], frame["loss"] = [EVIL, None, "z" * 300], ["l", "r", "l"], [0.5, np.nan, 2.0]
    header, arrays = unpacked(packed(dl.Lens(frame, text="text", label="side", key="id", x="x", y="y")))
    columns = {column["name"]: column for column in header["columns"]}
    assert list(columns) == ["id", "text", "side", "loss"]
    assert columns["text"]["cells"] == [EVIL, None, {"text": "z" * 200, "of": 300}]
    assert [value["label"] for value in columns["side"]["legend"]["values"]] == ["l", "r"]
    assert arrays["c2.codes"].tolist() == [3, 4, 3]
    assert np.array_equal(arrays["c3.values"], [0.5, np.nan, 2.0], equal_nan=True)
    assert header["keys"] == ["a", "b", "c"]
    assert (header["map"]["n"], arrays["placed"].tolist()) == (2, [0b101])


def colors_are_those_of_the_whole_data_test(monkeypatch):
    monkeypatch.setattr(sample, "MAX_ROWS", 10)
    frame = pd.DataFrame({"side": [*"a" * 50, *"b" * 49, *"c" * 1], "x": 1.0, "y": 1.0})
    lens = dl.Lens(frame, source="side", x="x", y="y")
    header, arrays = unpacked(packed(lens))
    codes, _ = Desk(lens._study).coloring("side", None)
    assert arrays["c0.codes"].tolist() == codes[arrays["ordinals"]].tolist()
    assert [v["label"] for v in header["columns"][0]["legend"]["values"]] == ["a", "b", "c"]


def a_long_legend_is_cut_to_other_values_test():
    frame = pd.DataFrame({"name": [f"n{i % 800}" for i in range(8_000)], "x": 1.0, "y": 1.0})
    header, arrays = unpacked(packed(dl.Lens(frame, source="name", x="x", y="y")))
    legend = header["columns"][0]["legend"]
    assert header["columns"][0]["cells"][:2] == ["n0", "n1"]
    assert (len(legend["values"]), legend["other"]["values"]) == (500, 300)
    assert int((arrays["c0.codes"] == 2).sum()) == 3_000


@pytest.mark.parametrize(
    "frame",
    [{"a": [1.5, 2.5]}, {"t": [None, None]}, {"a": []}, {"when": pd.to_datetime(["2026-01-01", None])}],
)
def without_a_map_or_text_or_rows_it_still_is_read_test(frame):
    header, _ = unpacked(packed(dl.Lens(pd.DataFrame(frame))))
    assert header["map"] is None
    assert len(header["keys"]) == header["rows"] == len(next(iter(frame.values())))


def what_a_float_cannot_say_is_text_test():
    frame = pd.DataFrame({"a": [np.inf, 1.5] * 30, "b": [2**60 + i for i in range(60)]})
    header, _ = unpacked(packed(dl.Lens(frame)))
    assert [column["cells"][:2] for column in header["columns"]] == [
        ["∞", "1.5"],
        [str(2**60), str(2**60 + 1)],
    ]


def a_lens_that_is_not_shown_keeps_nothing_test():
    hub = Hub(dl.Lens(pd.DataFrame({"a": [1, 2]}))._study)
    assert (hub.sample, hub.marks) == (b"", {})


def the_sample_follows_columns_and_the_marks_the_selection_test():
    frame = pd.DataFrame({"x": np.arange(20.0), "y": np.arange(20.0)})
    lens = dl.Lens(frame, x="x", y="y")
    keeper = SampleKeeper(Desk(lens._study))
    assert keeper.refresh()
    assert not keeper.refresh()
    lens.selection = dl.col("x") < 3
    assert keeper.marks() == {"clauses": [b"\x07\x00\x00"]}
    lens.cluster(method="kmeans", n_clusters=2)
    assert keeper.refresh()
    assert "cluster" in [column["name"] for column in unpacked(keeper.payload)[0]["columns"]]


def the_color_a_person_chose_is_kept_test():
    frame = pd.DataFrame({f"n{i}": np.arange(60) * 1.5 for i in range(12)}).assign(x=1.0, y=1.0)
    view = dl.Lens(frame, x="x", y="y").explore()
    assert view.hub.sample == b""  # the view is on the page before
    view.hub._refresh_sample()
    assert "n11" not in [column["name"] for column in unpacked(view.hub.sample)[0]["columns"]]
    view.settings = {"color": "n11"}
    view.hub._refresh_sample()
    assert "n11" in [column["name"] for column in unpacked(view.hub.sample)[0]["columns"]]
    view.settings = {"color": ["not a name"]}
    view.hub.close()
    view.hub.close()


def a_view_that_comes_up_does_not_wait_for_a_sample_test():
    view = dl.Lens(pd.DataFrame({f"n{i}": np.arange(60) * 1.5 for i in range(12)})).explore()
    hub = view.hub

    def after_a_request():
        thread = threading.Thread(target=hub._refresh_sample)
        thread.start()
        thread.join()

    after_a_request()
    assert hub.sample == b""
    hub._refresh_sample()  # the cell's end
    first = hub.sample
    assert first
    view.settings = {"color": "n11"}
    after_a_request()
    assert hub.sample != first


def what_cannot_be_kept_does_not_fail_the_view_test(monkeypatch, caplog):
    monkeypatch.setattr("datalens.widgets.keeper.pack_sample", lambda *_: 1 / 0)
    view = dl.Lens(pd.DataFrame({"a": [1, 2]})).explore()
    view.hub._refresh_sample()
    assert view.hub.sample == b""
    assert "no sample could be kept" in caplog.text


def the_front_ends_fixture_is_what_is_packed_test():
    """Where this fails the format has changed: write the fixture anew and look at js/src/host/sample.ts."""
    frame = pd.DataFrame({"id": [f"p{i}" for i in range(100)]})
    frame["x"], frame["y"] = frame.index % 10 * 1.0, frame.index // 10 * 1.0
    frame.loc[99, "x"] = np.nan
    frame["side"] = np.where(frame.index % 10 < 5, "left", "right")
    frame.loc[3, "side"] = None
    frame["loss"] = frame.index / 100.0
    frame["text"] = ["the text of " + key for key in frame["id"]]
    header, arrays = unpacked(packed(dl.Lens(frame, text="text", source="side", key="id", x="x", y="y")))
    stored, known = unpacked(base64.b64decode(json.loads(FIXTURE.read_text())["sample"]))
    assert header == stored
    assert {name: array.tobytes() for name, array in arrays.items()} == {
        name: array.tobytes() for name, array in known.items()
    }
