"""The study, headless: columns and versions, clauses, history, focus, events."""

from __future__ import annotations

import threading

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from datalens.predicate import col, inside
from datalens.study.derived import Derived
from datalens.study.gestures import exact
from datalens.study.selection import Selection
from datalens.study.study import Study
from datalens.table.opening import open_source

SQUARE = [(0.0, 0.0), (2.5, 0.0), (2.5, 2.5), (0.0, 2.5)]


def make(key="id", **roles):
    frame = pd.DataFrame(
        {
            "id": [f"r{i}" for i in range(6)],
            "loss": [0.0, 1.0, 2.0, np.nan, 4.0, 5.0],
            "source": ["web", "web", "book", "book", "code", None],
            "x": [0.5, 1.0, 2.0, 3.0, 4.0, 5.0],
            "y": [0.5, 1.0, 2.0, 3.0, 4.0, 5.0],
        }
    )
    return Study(open_source(frame, key=key), {"key": key, "x": "x", "y": "y", **roles})


def derived(name, values, version, **kwargs):
    return Derived(name, pa.chunked_array([pa.array(values)]), version, "by hand", **kwargs)


def nothing_selected_means_everything_test():
    study = make()
    assert (study.mask(), study.count(), len(Selection(study).keys())) == (None, 6, 6)


def clauses_of_different_sources_are_anded_test():
    study = make()
    study.set_clause("column:source", col("source") == "web")
    study.set_clause("column:loss", col("loss") > 0.5)
    assert Selection(study).keys() == ["r1"]


def clauses_of_one_source_replace_test():
    study = make()
    study.set_clause("column:source", col("source") == "web")
    study.set_clause("column:source", col("source") == "book")
    assert Selection(study).keys() == ["r2", "r3"]


@pytest.mark.parametrize(
    ("mode", "keys"),
    [
        ("replace", ["r2", "r3"]),
        ("add", ["r0", "r1", "r2", "r3"]),
        ("subtract", ["r0", "r1"]),
        ("intersect", ["r2"]),
    ],
)
def modes_act_inside_the_maps_clause_test(mode, keys):
    study = make()
    study.set_clause("map", inside("x", "y", SQUARE))
    study.set_clause("map", col("source") == "book", mode)
    if mode == "subtract":
        keys = ["r0", "r1"]
    assert Selection(study).keys() == keys
    assert study.mask_of(Selection(study).predicate).tolist() == study.mask().tolist()


def subtract_from_nothing_leaves_the_rest_test():
    study = make()
    study.set_clause("map", col("source") == "web", "subtract")
    assert study.count() == 4


def a_legend_ignores_its_own_clause_test():
    study = make()
    study.set_clause("column:source", col("source") == "web")
    assert study.mask_without("column:source") is None
    assert study.mask_without("map").sum() == 2


def code_replaces_all_clauses_test():
    study = make()
    study.set_clause("search", col("source") == "web")
    study.select(col("loss") >= 4)
    assert [clause.source for clause in study.clauses] == ["code"]
    study.select(None)
    assert study.count() == 6


def undo_and_redo_test():
    study = make()
    study.set_clause("map", col("loss") > 1)
    study.set_clause("map", col("loss") > 4)
    study.undo()
    assert study.count() == 3
    study.undo()
    assert study.mask() is None
    study.redo()
    study.redo()
    assert study.count() == 1
    study.redo()
    assert study.count() == 1


def the_same_gesture_twice_is_one_step_test():
    study = make()
    study.set_clause("map", col("loss") > 1)
    revision = study.revision
    study.set_clause("map", col("loss") > 1)
    assert study.revision == revision


@pytest.mark.parametrize("key", ["id", None])
def a_recomputed_column_keeps_the_selected_rows_test(key):
    study = make(key)
    study.add_columns([derived("score", [1, 2, 3, 4, 5, 6], "v1")])
    study.set_clause("column:score", col("score") > 4)
    before = Selection(study).keys()
    study.set_clause("column:score", col("score") > 5)
    study.add_columns([derived("score", [6, 5, 4, 3, 2, 1], "v2")])
    assert study.clauses[0].note == "made from earlier values"
    assert study.count() == 1
    assert study.mask_of(study.clauses[0].predicate).tolist() == study.mask().tolist()
    study.undo()
    assert Selection(study).keys() == before


def the_same_version_keeps_the_clause_test():
    study = make()
    study.add_columns([derived("score", [1, 2, 3, 4, 5, 6], "v1")])
    study.set_clause("column:score", col("score") > 4)
    study.add_columns([derived("score", [1, 2, 3, 4, 5, 6], "v1")])
    assert study.clauses[0].note is None


def a_computed_column_never_takes_a_name_of_the_data_test():
    with pytest.raises(ValueError, match=r"already has a column 'loss'.*name="):
        make().add_columns([derived("loss", [1] * 6, "v1")])


def missing_columns_are_named_test():
    with pytest.raises(KeyError, match=r"no column 'los'\. Did you mean 'loss'"):
        make().set_clause("code", col("los") > 1)


def a_failed_gesture_leaves_the_selection_test():
    study = make()
    study.set_clause("map", col("loss") > 1)
    with pytest.raises((TypeError, ValueError), match="source"):
        study.set_clause("map", col("source") > 1)
    assert study.count() == 3
    assert not study.history.can_redo


def keys_without_a_key_column_hold_on_the_plain_frame_test():
    frame = pd.DataFrame({"a": [1, 1, 2], "b": [[1], [1], None]})
    study = Study(open_source(frame), {})
    predicate = study.keys_predicate(np.array([False, True, True]))
    assert study.mask_of(predicate).tolist() == [False, True, True]
    assert predicate.mask(frame).tolist() == [False, True, True]
    assert (~predicate | (col("a") == 2)).mask(frame).tolist() == [True, False, True]


def focus_test():
    study = make()
    study.set_focus(3)
    assert (study.focus, study.key_of(3), study.ordinal_of("r3")) == (3, "r3", 3)
    with pytest.raises(IndexError, match="has 6 rows"):
        study.set_focus(6)


def listeners_hear_each_change_until_they_end_test():
    study, heard = make(), []
    end = study.listen(lambda event, _: heard.append((event, study.revision)))
    study.set_clause("map", col("loss") > 1)
    study.set_focus(1)
    end()
    study.set_focus(2)
    assert heard == [("changed", 1), ("changed", 2)]


def gestures_from_many_threads_keep_count_test():
    study = make()

    def gesture(number):
        for i in range(50):
            study.set_clause(f"column:{number}", col("loss") > i % 3)
            study.mask()

    threads = [threading.Thread(target=gesture, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {clause.source for clause in study.clauses} == {f"column:{n}" for n in range(4)}


def a_drawn_polygon_becomes_short_and_selects_the_same_test():
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"x": rng.normal(size=2_000), "y": rng.normal(size=2_000)})
    study = Study(open_source(frame), {"x": "x", "y": "y"})
    angle = np.linspace(0, 2 * np.pi, 200, endpoint=False)
    drawn = inside("x", "y", list(zip(np.cos(angle).tolist(), np.sin(angle).tolist(), strict=True)))
    short = exact(study, drawn)
    assert len(short.polygon) < len(drawn.polygon)
    assert (study.mask_of(short) == study.mask_of(drawn)).all()


def roles_are_guessed_and_said_test():
    study = make()
    assert study.roles.columns["source"] == "source"
    assert study.roles.guessed == {"source"}


def one_coordinate_alone_is_refused_test():
    frame = pd.DataFrame({"x": [1.0]})
    with pytest.raises(ValueError, match="without y="):
        Study(open_source(frame), {"x": "x"})
    with pytest.raises(KeyError, match="given as text="):
        Study(open_source(frame), {"text": "txt"})
