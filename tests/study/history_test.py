"""The history: named steps without end, and memory that stays bounded."""

from __future__ import annotations

import threading

import numpy as np
import pyarrow as pa
import pytest

import datalens as dl
from datalens.predicate import Keys, col, inside
from datalens.study.derived import Derived
from datalens.study.rows import HELD_BYTES, Shelf
from datalens.study.study import Study
from datalens.table.opening import open_source

BOX = [(0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0)]
LASSO = [(0.0, 0.0), (0.5, 0.0), (0.3, 1.0)]


def make(rows=1_000):
    rng = np.random.default_rng(0)
    table = pa.table({"id": range(rows), "x": rng.random(rows), "y": rng.random(rows)})
    return Study(open_source(table, key="id"), {"x": "x", "y": "y"})


def labels(study):
    return [step.label for step in study.history]


def steps_are_named_by_what_was_done_test():
    study = make()
    study.set_clause("map", inside("x", "y", LASSO))
    study.set_clause("map", inside("x", "y", BOX), "add")
    study.set_clause("column:x", col("x") > 2)
    study.set_clause("column:x", None)
    study.set_clause("map", None)
    lasso, box = study.history[1].count, study.history[2].count
    assert labels(study) == [
        "all 1,000 rows",
        f"lasso, {lasso:,} rows",
        f"box added, {box:,} rows",
        "x > 2, 0 rows",
        f"without x > 2, {box:,} rows",
        "cleared, all 1,000 rows",
    ]
    assert all(a.time <= b.time for a, b in zip(study.history, list(study.history)[1:], strict=False))


def jump_goes_to_any_step_and_back_test():
    study = make()
    for limit in (0.2, 0.4, 0.6):
        study.set_clause("column:x", col("x") > limit)
    counts = [step.count for step in study.history]
    for number in (1, 3, 0, 2, -1):
        study.history.jump(number)
        assert study.count() == counts[number]
    assert study.history.position == 3
    assert not study.history.jump(3)


def a_new_step_replaces_those_that_were_undone_test():
    study = make()
    for limit in (0.2, 0.4, 0.6):
        study.set_clause("column:x", col("x") > limit)
    study.history.jump(1)
    study.select(None)
    assert [label.partition(",")[0] for label in labels(study)] == ["all 1", "x > 0.2", "cleared"]
    assert not study.history.can_redo


@pytest.mark.parametrize(("number", "error"), [(9, IndexError), (-3, IndexError), ("1", TypeError)])
def a_step_that_is_not_there_is_said_test(number, error):
    study = make()
    study.select(col("x") > 0.5)
    with pytest.raises(error, match=r"There is no step -?\d: there are 2 steps|whole number.*not str"):
        study.history.jump(number)


def views_are_told_of_each_jump_once_test():
    study, heard = make(), []
    study.select(col("x") > 0.5)
    study.listen(lambda event, _: heard.append((event, study.count())))
    study.history.jump(0)
    study.history.jump(0)
    assert heard == [("changed", 1_000)]


def old_rows_are_let_go_and_found_again_test():
    study = make()
    study._shelf = Shelf(20 * 125)  # of twenty clauses
    counts = []
    for i in range(60):
        study.set_clause("column:x", col("x") > i / 60)
        counts.append(study.count())
    assert study._shelf.nbytes <= 20 * 125
    for i in range(60):
        study.history.jump(i + 1)
        assert study.count() == counts[i] == study.clauses[0].mask.sum()


def rows_let_go_are_exact_after_their_column_was_recomputed_test():
    study = make()
    study._shelf = Shelf(10 * 125)

    def score(version, values):
        return Derived("score", pa.chunked_array([pa.array(values)]), version, "by hand")

    study.add_columns([score("v1", np.arange(1_000))])
    for i in range(40):
        study.set_clause("column:score", col("score") > i)
    study.add_columns([score("v2", np.zeros(1_000))])
    for i in range(40):
        study.history.jump(i + 1)
        assert np.flatnonzero(study.mask()).min() == i + 1
        assert isinstance(study.clauses[0].predicate, Keys)
        assert study.clauses[0].note == "made from earlier values"


def keys_of_old_steps_are_not_held_test():
    study = make()
    study.add_columns([Derived("score", pa.chunked_array([pa.array(np.arange(1_000))]), "v1", "by hand")])
    study.set_clause("column:score", col("score") > 1)
    study.add_columns([Derived("score", pa.chunked_array([pa.array(np.zeros(1_000))]), "v2", "by hand")])
    frozen = study.clauses[0]
    assert len(frozen.predicate.values) == 998
    study.select(None)
    assert frozen.condition._made is None
    study.undo()
    assert len(study.clauses[0].predicate.values) == 998


def a_thousand_steps_hold_a_bounded_number_of_bytes_test():
    study = make(100_000)
    for i in range(1_000):
        study.set_clause("column:x", col("x") > i / 1_000)
    assert study._shelf.nbytes <= min(HELD_BYTES, 1_000 * 12_500)
    assert len(study.history) == 1_001


def steps_taken_on_many_threads_all_count_test():
    study = make()

    def work(number):
        for i in range(30):
            study.set_clause(f"column:{number}", col("x") > i / 30)
            study.undo()
            study.redo()

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 0 < study.history.position < len(study.history)
    assert study.history.position == len(study.history) - 1 or study.history.can_redo


def a_lens_shows_its_history_test():
    lens = dl.Lens([{"n": 1}, {"n": 5}])
    lens.selection = dl.col("n") > 3
    lens.history.undo()
    assert lens.selection.count == 2
    assert repr(lens.history).splitlines()[1:] == ["> 0  all 2 rows", "  1  n > 3, 1 row"]
    assert lens.history[1].clauses[0].predicate == (dl.col("n") > 3)
