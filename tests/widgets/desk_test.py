"""The fixed verbs, asked as a browser asks them; what comes in is untrusted."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

import datalens as dl
from datalens.predicate.dialects import DIALECTS
from datalens.widgets.desk import Desk
from datalens.widgets.protocol import PART_BYTES, messages

HOSTILE = "<img src=x onerror=alert(1)></script>"


@pytest.fixture
def lens():
    n = 500
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "id": [f"doc-{i}" for i in range(n)],
            "text": [f"{HOSTILE} sample number {i} with some more words to read" for i in range(n)],
            "loss": rng.normal(size=n),
            HOSTILE: [HOSTILE, None] * (n // 2),
            "x": rng.uniform(size=n),
            "y": np.where(np.arange(n) < 490, rng.uniform(size=n), np.nan),
        }
    )
    return dl.Lens(frame, key="id", text="text", x="x", y="y")


@pytest.fixture
def desk(lens):
    return Desk(lens._study)


def ask(desk, verb, **args):
    result, arrays = desk.answer(verb, args)
    json.dumps(result, allow_nan=False)  # all that goes out is JSON
    return result, arrays


def hello_test(desk):
    state, arrays = ask(desk, "hello")
    assert (state["rows"], state["map"]["placed"], state["text"], arrays) == (500, 490, "text", {})
    assert [c["role"] for c in state["columns"]] == ["key", "text", None, None, "x", "y"]


def placed_counts_rows_with_both_coordinates_test():
    nan, inf = float("nan"), float("inf")
    frame = pd.DataFrame({"x": [1.0, nan, inf, 2.0, 3.0], "y": [1.0, 1.0, 1.0, 2.0, nan]})
    desk = Desk(dl.Lens(frame, x="x", y="y")._study)
    assert ask(desk, "hello")[0]["map"]["placed"] == 2 == ask(desk, "points")[0]["n"]


def a_box_stays_a_box_and_is_called_one_test(desk):
    corners = [[0.1, 0.1], [0.5, 0.1], [0.5, 0.5], [0.1, 0.5]]
    ask(desk, "clause", source="map", predicate={"op": "inside", "x": "x", "y": "y", "polygon": corners})
    clause = ask(desk, "hello")[0]["selection"]["clauses"][0]
    assert (clause["label"], clause["predicate"]["polygon"]) == ("inside box", corners)


def too_many_keys_are_not_copied_but_said_test(monkeypatch, desk):
    monkeypatch.setattr("datalens.study.code.MAX_KEYS", 10)
    keys = ask(desk, "code", dialect="pandas")[0]["forms"][1]
    assert keys["code"] is None
    assert "500 keys are too many" in keys["why"]


def points_are_placed_rows_in_their_order_test(desk, lens):
    result, arrays = ask(desk, "points")
    placed = np.unpackbits(arrays["placed"], bitorder="little")[:500]
    assert placed.tolist() == [1] * 490 + [0] * 10
    x = result["origin"][0] + result["scale"][0] * arrays["xy"][:, 0]
    assert np.allclose(x, lens.to_frame()["x"].to_numpy()[:490], atol=result["scale"][0])


def a_point_is_sent_in_five_bytes_with_its_color_test():
    rows = np.random.default_rng(0).normal(size=(1000, 2))
    lens = dl.Lens(pd.DataFrame(rows, columns=["x", "y"]), x="x", y="y")
    desk = Desk(lens._study)
    sent = [*desk.answer("points", {})[1].values(), *desk.answer("color", {"column": "x"})[1].values()]
    assert sum(array.nbytes for array in sent) == 5 * 1000


def refined(desk, bounds, version=None):
    version = version or ask(desk, "hello")[0]["map"]["version"]
    result, arrays = ask(desk, "refine", version=version, bounds=bounds)
    halves = np.stack([arrays["rests"] & 65535, arrays["rests"] >> 16], axis=1).astype(int)
    return result, arrays["ordinals"], (halves - 32768) / 65536


def positions_in_view_have_32_bits_an_axis_test(desk, lens):
    placed, _ = ask(desk, "points")
    result, ordinals, rests = refined(desk, [0.25, 0, 0.5, 1])
    frame = lens.to_frame()
    inside = frame["x"].between(0.25, 0.5) & frame["y"].notna()
    assert ordinals.tolist() == np.flatnonzero(inside).tolist()
    assert (ordinals.dtype, result["rows"]) == (np.uint32, len(ordinals))
    wanted = frame[["x", "y"]].to_numpy()[ordinals]
    steps = np.rint((wanted - placed["origin"]) / placed["scale"])
    exact = placed["origin"] + (steps + rests) * placed["scale"]
    assert (np.abs(exact - wanted) <= np.array(placed["scale"]) / 65536).all()
    assert (np.abs(placed["origin"] + steps * placed["scale"] - wanted) > 1e-6).any()


def of_too_many_rows_none_is_refined_and_it_is_said_test(monkeypatch, desk):
    monkeypatch.setattr("datalens.widgets.refine.MOST_ROWS", 100)
    result, ordinals, _ = refined(desk, [0, 0, 1, 1])
    assert (result["rows"], result["most"], len(ordinals)) == (490, 100, 0)
    assert len(refined(desk, [0, 0, 0.1, 1])[1]) == len(refined(desk, [0, 0, 0.1, 1])[2]) > 0


def of_another_map_no_row_is_refined_test(desk):
    assert len(refined(desk, [0, 0, 1, 1], version="an earlier one")[1]) == 0


def points_on_one_line_are_refined_along_it_test():
    frame = pd.DataFrame({"x": [7.0, 7.0, 7.0], "y": [0.0, 1.25, 65535.0]})
    _, ordinals, rests = refined(Desk(dl.Lens(frame, x="x", y="y")._study), [7, 0, 7, 2])
    assert (ordinals.tolist(), rests.tolist()) == ([0, 1], [[0, 0], [0, 0.25]])


def color_codes_are_in_the_order_of_rows_test(desk):
    result, arrays = ask(desk, "color", column=HOSTILE, scale=None)
    assert result["values"] == [{"value": HOSTILE, "label": HOSTILE, "count": 250, "selected": 250}]
    assert ((arrays["codes"] == 0) == (np.arange(500) % 2 == 1)).all()


def a_lasso_selects_and_the_mask_says_which_test(desk, lens):
    polygon = [[0, 0], [0.5, 0], [0.5, 0.5], [0, 0.5]]
    ask(desk, "clause", source="map", predicate={"op": "inside", "x": "x", "y": "y", "polygon": polygon})
    frame = lens.to_frame()
    expected = ((frame["x"] < 0.5) & (frame["y"] < 0.5)).to_numpy()
    bits = np.unpackbits(desk.mask_bits(), bitorder="little")[:500].astype(bool)
    assert (bits == expected).all()
    state, _ = ask(desk, "hello")
    assert state["selection"]["count"] == expected.sum()


def legend_counts_ignore_their_own_clause_test(desk):
    ask(
        desk,
        "clause",
        source=f"column:{HOSTILE}",
        predicate={"op": "is_null", "column": HOSTILE},
        mode="replace",
    )
    result, _ = ask(desk, "legend", column=HOSTILE, scale=None)
    assert result["values"][0]["selected"] == 250


def page_sorted_and_selected_test(desk, lens):
    ask(
        desk, "clause", source="column:loss", mode="replace",
        predicate={"op": "gt", "left": {"column": "loss"}, "right": {"value": 0}},
    )  # fmt: skip
    sort = [{"column": "loss", "descending": True}]
    expected = lens.to_frame().query("loss > 0").sort_values("loss", ascending=False)["id"].tolist()
    keys = []
    for start in range(0, len(expected), 100):
        page, _ = ask(desk, "page", start=start, count=100, sort=sort, columns=None)
        keys += [row["key"] for row in page["rows"]]
    assert keys == expected
    assert page["total"] == len(expected)


def page_beyond_the_end_is_empty_test(desk):
    page, _ = ask(desk, "page", start=10_000, count=25, sort=[], columns=None)
    assert (page["rows"], page["total"]) == ([], 500)


def locate_finds_the_place_in_the_sorting_test(desk, lens):
    sort = [{"column": "loss", "descending": False}]
    smallest = int(lens.to_frame()["loss"].argmin())
    assert ask(desk, "locate", ordinal=smallest, sort=sort)[0] == {"index": 0}
    ask(desk, "clause", source="search", predicate={"op": "contains", "column": "text", "value": "number 3 "})
    assert ask(desk, "locate", ordinal=smallest, sort=sort)[0] == {"index": None}


def row_has_all_columns_as_text_test(desk):
    row, _ = ask(desk, "row", ordinal=0)
    assert {c["name"]: c["cell"] for c in row["columns"]}[HOSTILE] == HOSTILE
    assert row["key"] == "doc-0"


def snippet_test(desk):
    result, _ = ask(desk, "snippet", ordinals=[3])
    assert result["keys"] == ["doc-3"]
    assert result["texts"][0].startswith(HOSTILE)


def code_has_both_forms_test(desk):
    ask(desk, "clause", source="search", predicate={"op": "contains", "column": "text", "value": "number 3 "})
    forms = ask(desk, "code", dialect="pandas")[0]["forms"]
    assert [form["form"] for form in forms] == ["columns", "keys"]
    assert "doc-3" in forms[1]["code"]


@pytest.mark.parametrize("dialect", DIALECTS)
def code_in_every_dialect_is_there_or_says_why_not_test(desk, dialect):
    assert dialect in ask(desk, "hello")[0]["dialects"]
    ask(desk, "clause", source="search", predicate={"op": "contains", "column": "text", "value": "number 3 "})
    for form in ask(desk, "code", dialect=dialect)[0]["forms"]:
        assert (form["code"] is None) == (form["why"] is not None)


def undo_test(desk):
    ask(desk, "clause", source="search", predicate={"op": "contains", "column": "text", "value": "number 3 "})
    ask(desk, "undo")
    assert ask(desk, "hello")[0]["selection"]["count"] == 500
    ask(desk, "redo")
    assert ask(desk, "hello")[0]["selection"]["count"] == 1


@pytest.mark.parametrize(
    ("verb", "args"),
    [
        ("eval", {"code": "1"}),
        ("code", {"dialect": "cobol"}),
        ("code", {"dialect": "../pandas"}),
        (None, {}),
        ("page", None),
        ("page", {"start": "0; DROP TABLE"}),
        ("page", {"start": 0, "count": 10, "sort": [{"column": "nope", "descending": True}]}),
        ("row", {"ordinal": 10**12}),
        ("row", {"ordinal": -1}),
        ("row", {"ordinal": True}),
        ("focus", {"ordinal": 500}),
        ("snippet", {"ordinals": [-1]}),
        ("snippet", {"ordinals": "all"}),
        ("color", {"column": "nope"}),
        ("color", {}),
        ("refine", {}),
        ("refine", {"bounds": "0,0,1,1"}),
        ("refine", {"bounds": [0, 0, 1]}),
        ("refine", {"bounds": [0, 0, 1, "1"]}),
        ("refine", {"bounds": [0, 0, 1, True]}),
        ("refine", {"bounds": [0, 0, 1, float("nan")]}),
        ("refine", {"bounds": [0, 0, 1, float("inf")]}),
        ("refine", {"bounds": [0, 0, 1, 10**400]}),
        ("clause", {"source": "map", "predicate": {"op": "exec"}}),
        ("clause", {"source": "map", "predicate": {"op": "inside", "x": "x", "y": "y", "polygon": "p"}}),
        ("clause", {"source": "map", "predicate": {"op": "is_null", "column": "x"}, "mode": "xor"}),
        ("clause", {"source": "map", "predicate": {"op": "contains", "column": "loss", "value": "a"}}),
    ],
)
def hostile_requests_are_refused_with_a_sentence_test(desk, verb, args):
    before = desk.study.revision
    with pytest.raises((ValueError, TypeError, KeyError, IndexError)) as error:
        desk.answer(verb, args)
    assert len(str(error.value)) > 10
    assert desk.study.revision == before


def messages_are_cut_and_joined_test():
    big = np.arange(3 * PART_BYTES // 4, dtype=np.uint32)
    small = np.array([7, 8, 9], dtype=np.uint8)
    parts = list(messages({"id": 1}, {"ok": True}, {"small": small, "big": big}))
    assert [content["part"] for content, _ in parts] == list(range(len(parts)))
    assert all(len(buffer) <= PART_BYTES for _, buffers in parts for buffer in buffers)
    payload = b"".join(bytes(buffer) for _, buffers in parts for buffer in buffers)
    infos = {info["name"]: info for info in parts[0][0]["arrays"]}
    assert (np.frombuffer(payload, "uint32", big.size, infos["big"]["offset"]) == big).all()
    assert np.frombuffer(payload, "uint8", 3, infos["small"]["offset"]).tolist() == [7, 8, 9]
    assert "ok" not in parts[1][0]


@pytest.mark.parametrize("rows", [0, 1, 2])
def next_to_no_rows_test(rows):
    frame = pd.DataFrame({"text": ["a"] * rows, "x": [1.0] * rows, "y": [2.0] * rows})
    desk = Desk(dl.Lens(frame, text="text", x="x", y="y")._study)
    for verb, args in [
        ("hello", {}),
        ("points", {}),
        ("color", {"column": "x", "scale": None}),
        ("color", {"column": "text", "scale": None}),
        ("page", {"start": 0, "count": 25, "sort": [{"column": "x", "descending": False}]}),
        ("code", {}),
    ]:
        ask(desk, verb, **args)
    assert ask(desk, "points")[0]["n"] == rows


def the_bar_types_counts_and_groups_conditions_test(desk, lens):
    assert ask(desk, "preview", text="loss > 0", source=None)[0]["error"] is None
    ask(desk, "type", text="loss > 0", source=None)
    ask(desk, "type", text="x < 0.5", source=None)
    first, _ = ask(desk, "hello")[0]["selection"]["clauses"]
    assert (first["source"], first["label"], first["enabled"], first["joined"]) == (
        "typed:1",
        "loss > 0",
        True,
        None,
    )
    frame = lens.to_frame()
    assert first["only"] == int(((frame["loss"] <= 0) & (frame["x"] < 0.5)).sum())
    assert ask(desk, "asText", source="typed:2")[0] == {"text": "x < 0.5"}
    ask(desk, "enable", source="typed:2", on=False)
    assert lens.selection.count == int((frame["loss"] > 0).sum())
    ask(desk, "enable", source="typed:2", on=True)
    ask(desk, "negate", source="typed:2")
    ask(desk, "either", sources=["typed:1", "typed:2"])
    (group,) = ask(desk, "hello")[0]["selection"]["clauses"]
    assert (group["joined"], group["parts"]) == ("or", ["loss > 0", "not (x < 0.5)"])
    assert lens.selection.count == int(((frame["loss"] > 0) | ~(frame["x"] < 0.5)).sum())
    ask(desk, "part", source=group["source"], part=1)
    assert ask(desk, "hello")[0]["selection"]["clauses"][0]["label"] == "loss > 0"


def the_history_is_listed_and_jumped_in_test(desk, lens):
    lens.selection = dl.col("loss") > 0
    lens.selection = None
    listed = ask(desk, "history")[0]
    assert [step["label"].split(",")[0] for step in listed["steps"]] == [
        "all 500 rows",
        "loss > 0",
        "cleared",
    ]
    assert (listed["position"], listed["of"]) == (2, 3)
    ask(desk, "jump", step=1)
    assert lens.selection.predicate == (dl.col("loss") > 0)


@pytest.mark.parametrize(
    ("verb", "args"),
    [
        ("type", {"text": 3}),
        ("type", {"text": "loss >"}),
        ("type", {"text": "x" * 100_000}),
        ("type", {"text": "loss > 1", "source": "nobody"}),
        ("negate", {"source": "nobody"}),
        ("either", {"sources": "map"}),
        ("either", {"sources": ["map"]}),
        ("part", {"source": "map", "part": True}),
        ("jump", {"step": 99}),
        ("jump", {"step": None}),
    ],
)
def what_the_bar_can_not_do_is_said_test(desk, verb, args):
    with pytest.raises((ValueError, TypeError, KeyError, IndexError)):
        desk.answer(verb, args)
    assert ask(desk, "hello")[0]["selection"]["clauses"] == []


def selections_are_saved_applied_and_removed_test(tmp_path):
    frame = pd.DataFrame({"id": ["a", "b", "c"], "loss": [0.1, 3.5, 4.0]})
    lens = dl.Lens(frame, key="id", store=tmp_path)
    desk = Desk(lens._study)
    lens.selection = dl.col("loss") > 3
    ask(desk, "save", name=" hard ", note=HOSTILE, replace=False)
    with pytest.raises(ValueError, match="already"):
        ask(desk, "save", name="hard", note="", replace=False)
    ask(desk, "clear")
    ask(desk, "apply", name="hard", mode="minus")
    assert lens.selection.keys() == ["a"]
    again = ask(Desk(dl.Lens(frame, key="id", store=tmp_path)._study), "saved")[0]
    assert [(item["name"], item["note"], item["count"]) for item in again["items"]] == [("hard", HOSTILE, 2)]
    assert (again["problem"], again["isKept"]) == (None, True)
    ask(desk, "unsave", name="hard")
    assert ask(desk, "saved")[0]["items"] == []


def what_can_not_be_kept_is_said_and_kept_elsewhere_test(tmp_path, monkeypatch):
    monkeypatch.setenv("DATALENS_STORE", str(tmp_path / "mine"))
    (tmp_path / "beside").mkdir()
    path = tmp_path / "beside" / "rows.parquet"
    pd.DataFrame({"id": ["a", "b"], "loss": [0.1, 3.5]}).to_parquet(path)
    path.with_name(path.name + ".datalens.sqlite").mkdir()  # nothing can be written there
    with pytest.warns(UserWarning, match="datalens.sqlite"):
        lens = dl.Lens(path, key="id")
    desk = Desk(lens._study)
    ask(desk, "save", name="all", note="", replace=False)
    found = ask(desk, "saved")[0]
    assert (found["isKept"], len(found["items"])) == (False, 1)
    assert ask(desk, "rescue")[0]["path"].startswith(str(tmp_path / "mine"))
    found = ask(desk, "saved")[0]
    assert (found["problem"], found["isKept"], len(found["items"])) == (None, True, 1)
    assert any((tmp_path / "mine").iterdir())


@pytest.mark.parametrize(
    ("verb", "args"),
    [
        ("save", {"name": "", "note": ""}),
        ("save", {"name": 3, "note": ""}),
        ("save", {"name": "x" * 1000, "note": ""}),
        ("apply", {"name": "nothing"}),
        ("unsave", {"name": "nothing"}),
    ],
)
def what_can_not_be_saved_is_said_test(desk, verb, args):
    with pytest.raises((ValueError, TypeError, KeyError)):
        desk.answer(verb, args)
