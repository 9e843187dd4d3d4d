"""Marks, asked for as a browser asks; what comes in is untrusted."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

import datalens as dl
from datalens.widgets.card import card_text
from datalens.widgets.desk import Desk
from datalens.widgets.keeper import SampleKeeper

HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture
def lens(tmp_path):
    n = 50
    frame = pd.DataFrame({"id": [f"d{i}" for i in range(n)], "loss": np.arange(n) / 10,
                          "x": np.arange(n), "y": np.arange(n)})  # fmt: skip
    return dl.Lens(frame, key="id", x="x", y="y", store=tmp_path)


@pytest.fixture
def desk(lens):
    return Desk(lens._study)


def ask(desk, verb, **args):
    result, arrays = desk.answer(verb, args)
    json.dumps(result, allow_nan=False)
    return (result, arrays) if arrays else result


def a_row_is_marked_test(desk):
    assert ask(desk, "marks", ordinal=3) == {
        "row": {"ordinal": 3, "tags": [], "note": "", "star": False, "seen": False}, "tags": [], "left": 50,
    }  # fmt: skip
    ask(desk, "mark", what="tag", ordinal=3, tag=HOSTILE)
    ask(desk, "mark", what="note", ordinal=3, text="cut off")
    ask(desk, "mark", what="star", ordinal=3, on=True)
    ask(desk, "mark", what="seen", ordinal=3, on=True)
    assert ask(desk, "marks", ordinal=3) == {
        "row": {"ordinal": 3, "tags": [HOSTILE], "note": "cut off", "star": True, "seen": True},
        "tags": [{"tag": HOSTILE, "count": 1, "color": None, "digit": 1}],
        "left": 49,
    }
    ask(desk, "mark", what="untag", ordinal=3, tag=HOSTILE)
    assert ask(desk, "marks", ordinal=None)["row"] is None
    assert ask(desk, "marks", ordinal=3)["row"]["tags"] == []


def all_selected_rows_are_marked_test(desk, lens):
    lens.selection = dl.col("loss") >= 4
    ask(desk, "mark", what="tag", ordinal=None, tag="late")
    assert lens.tags["late"].count == 10
    assert ask(desk, "marks", ordinal=None)["left"] == 10
    lens.selection = None
    ask(desk, "mark", what="star", ordinal=None, on=True)
    assert lens.to_pandas()["star"].sum() == 50


def tags_are_shown_as_one_wishes_test(desk, lens):
    lens.tag("d1", "a")
    lens.tag("d2", "b")
    ask(desk, "tagStyle", tag="b", color="#00FF00", digit=None, name=None)
    ask(desk, "tagStyle", tag="b", color=None, digit=1, name="c")
    assert ask(desk, "marks", ordinal=None)["tags"] == [
        {"tag": "a", "count": 1, "color": None, "digit": None},
        {"tag": "c", "count": 1, "color": "#00ff00", "digit": 1},
    ]


def the_queue_goes_in_the_table_s_order_test(desk, lens):
    lens.selection = dl.col("loss") < 0.4
    sort = [{"column": "loss", "descending": True}]
    assert ask(desk, "review", sort=sort, ordinal=None) == {"next": 3, "left": 4}
    ask(desk, "mark", what="seen", ordinal=2, on=True)
    assert ask(desk, "review", sort=sort, ordinal=3) == {"next": 1, "left": 3}
    assert ask(desk, "review", sort=sort, ordinal=0) == {"next": 3, "left": 3}  # from the top again
    lens.see(["d0", "d1", "d3"])
    assert ask(desk, "review", sort=[], ordinal=1) == {"next": None, "left": 0}


@pytest.mark.parametrize(
    ("verb", "args"),
    [
        ("mark", {"what": "drop", "ordinal": 1}),
        ("mark", {"what": "tag", "ordinal": 1, "tag": 7}),
        ("mark", {"what": "tag", "ordinal": 1, "tag": "x" * 501}),
        ("mark", {"what": "tag", "ordinal": 1, "tag": "a\nb"}),
        ("mark", {"what": "tag", "ordinal": 1, "tag": " "}),
        ("mark", {"what": "tag", "ordinal": 50, "tag": "a"}),
        ("mark", {"what": "tag", "ordinal": -1, "tag": "a"}),
        ("mark", {"what": "tag", "ordinal": True, "tag": "a"}),
        ("mark", {"what": "tag", "ordinal": "1", "tag": "a"}),
        ("mark", {"what": "note", "ordinal": None, "text": "on all"}),
        ("mark", {"what": "note", "ordinal": 1, "text": "x" * 100_001}),
        ("mark", {"what": ["tag"], "ordinal": 1, "tag": "a"}),
        ("marks", {"ordinal": 1e9}),
        ("tagStyle", {"tag": "gone", "color": "#ffffff"}),
        ("tagStyle", {"tag": "a", "color": "red; background: url(x)"}),
        ("tagStyle", {"tag": "a", "digit": 10}),
        ("tagStyle", {"tag": "a", "digit": True}),
        ("tagStyle", {"tag": "a", "name": ""}),
        ("tagStyle", {"tag": "a", "name": ["b"]}),
        ("review", {"sort": "loss"}),
        ("review", {"sort": [{"column": "los", "descending": False}]}),
        ("review", {"sort": [["loss", True]]}),
        ("review", {"sort": [], "ordinal": 99}),
    ],
)
def what_no_page_sends_is_refused_in_a_sentence_test(desk, lens, verb, args):
    lens.tag("d0", "a")
    with pytest.raises((ValueError, TypeError, KeyError, IndexError)) as raised:
        desk.answer(verb, args)
    assert str(raised.value).endswith((".", "?"))
    assert (list(lens.tags), lens.tags["a"].color, lens.tags["a"].count) == (["a"], None, 1)


def colours_are_those_of_first_tags_and_counts_of_all_test(desk, lens):
    lens.tag(["d1", "d2"], "rare")
    lens.tag(["d0", "d1", "d3"], "often")
    lens.tags.style("often", color="#123456")
    legend, arrays = ask(desk, "color", column="tags", scale=None)
    assert [(v["label"], v["count"], v["selected"], v["color"]) for v in legend["values"]] == [
        ("often", 3, 3, "#123456"), ("rare", 2, 2, 0),
    ]  # fmt: skip
    codes = dict(enumerate(arrays["codes"].tolist()))
    assert [codes[i] for i in range(5)] == [3, 4, 4, 3, 0]
    assert legend["nulls"] == 46
    lens.selection = dl.col("loss") < 0.2
    legend = ask(desk, "legend", column="tags", scale=None)
    assert [v["selected"] for v in legend["values"]] == [2, 1]
    item = {"op": "eq", "left": {"column": "item"}, "right": {"value": "rare"}}
    of = {**json.loads((dl.col("tags").any() == "rare").to_json())["predicate"]}
    assert of["op"] == "items", item
    ask(desk, "clause", source="column:tags", predicate=of, mode="replace")
    assert lens.selection.keys() == ["d1"]
    assert [v["selected"] for v in ask(desk, "legend", column="tags", scale=None)["values"]] == [2, 1]


def tables_and_the_card_show_marks_test(desk, lens):
    lens.tag("d0", "a")
    lens.tag("d0", HOSTILE)
    lens.star("d1")
    lens.see("d0")
    page = ask(desk, "page", start=0, count=2)
    assert page["columns"][-2:] == ["tags", "star"]  # what was looked at changes while one reads
    assert [row["cells"][-2:] for row in page["rows"]] == [[f"a, {HOSTILE}", ""], [None, "★"]]
    assert ask(desk, "page", start=0, count=1, columns=["seen"])["rows"][0]["cells"] == ["★"]
    assert [c["name"] for c in ask(desk, "row", ordinal=0)["columns"]] == ["id", "loss", "x", "y"]
    state, _ = desk.answer("hello", {})
    columns = {c["name"]: (c["kind"], c["role"], c["derived"], c["nulls"]) for c in state["columns"]}
    assert columns["tags"] == ("nested", "tags", False, 49)
    assert columns["seen"] == ("boolean", "seen", False, 0)
    before = state["marks"]
    lens.tags.style("a", digit=5)
    assert desk.answer("hello", {})[0]["marks"] != before
    assert f"tags           marked on 1 row: 'a' 1, {HOSTILE!r} 1" in card_text(lens._study)


def the_saved_sample_has_the_tags_that_colour_test(desk, lens):
    lens.tag("d1", "a")
    keeper = SampleKeeper(desk)
    assert keeper.refresh()
    lens.tag("d2", "a")
    assert not keeper.refresh()  # nobody looks at them
    keeper.color = "tags"
    assert keeper.refresh()
    lens.tag("d3", "a")
    assert keeper.refresh()
