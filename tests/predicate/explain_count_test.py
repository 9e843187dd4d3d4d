import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datalens.core.errors import ColumnError
from datalens.core.keys import Identity
from datalens.predicate import And, Predicate, col, everything, inside, keys

FRAME = {"a": [1.0, 2.0, 3.0, None], "b": [1.0, None, 3.0, 4.0], "s": ["x", "y", None, "y"]}
CLAUSES = [
    col("a") > 1,
    col("a") < 3,
    ~(col("b") > 2),
    col("s") == "y",
    col("b").is_null(),
    col("a") == col("b"),
    everything(),
    inside("a", "b", [(0, 0), (9, 0), (0, 9)]),
    (col("a") > 2) | (col("s") == "x"),
]


def counts_test(make):
    report = ((col("a") > 1) & (col("s") == "y")).explain_count(make(**FRAME))
    assert (report.total, report.count) == (4, 1)
    assert [(c.rows, c.only, c.nulls) for c in report.clauses] == [(2, 1, 1), (2, 1, 1)]
    assert report.clauses[1].predicate == (col("s") == "y")


def one_clause_test(make):
    report = (col("a") > 1).explain_count(make(**FRAME))
    assert [(c.rows, c.only, c.nulls) for c in report.clauses] == [(2, 2, 1)]
    assert report.count == 2


def nothing_asked_test():
    report = everything().explain_count(pd.DataFrame(FRAME))
    assert (report.total, report.count) == (4, 4)
    assert [(c.rows, c.only, c.nulls) for c in report.clauses] == [(4, 0, 0)]


def zero_rows_test(make):
    report = ((col("a") > 1) & col("b").is_null()).explain_count(make(a=[], b=[]))
    assert (report.total, report.count) == (0, 0)
    assert [(c.rows, c.only, c.nulls) for c in report.clauses] == [(0, 0, 0)] * 2


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(CLAUSES), min_size=2, max_size=6))
def definition_test(clauses):
    frame = pl.DataFrame(FRAME)
    report = And(tuple(clauses)).explain_count(frame)
    masks = [clause.mask(frame) for clause in clauses]
    assert report.count == np.logical_and.reduce(masks).sum()
    for i, clause in enumerate(report.clauses):
        others = np.logical_and.reduce([np.ones(4, bool), *masks[:i], *masks[i + 1 :]])
        null = [col(name).is_null().mask(frame) for name in clause.predicate.columns]
        assert clause.rows == masks[i].sum()
        assert clause.only == (others & ~masks[i]).sum()
        assert clause.nulls == np.logical_or.reduce([np.zeros(4, bool), *null]).sum()


def each_clause_is_evaluated_once_test(monkeypatch):
    from datalens.predicate import evaluate

    asked = []
    original = evaluate.leaf_mask
    monkeypatch.setattr(evaluate, "leaf_mask", lambda node, read: asked.append(node) or original(node, read))
    (CLAUSES[0] & CLAUSES[3] & CLAUSES[4]).explain_count(pd.DataFrame(FRAME))
    assert asked == [CLAUSES[0], CLAUSES[3], CLAUSES[4]]


def named_rows_test():
    named = keys([0, 2], Identity("row", (), 4, "f.parquet"))
    report = (named & (col("a") > 1)).explain_count(pd.DataFrame(FRAME))
    assert [(c.rows, c.only, c.nulls) for c in report.clauses] == [(2, 1, 0), (2, 1, 1)]


def table_test():
    frame = pd.DataFrame({"loss": np.arange(12_345.0)})
    assert repr(((col("loss") > 100) & (col("loss") < 5000)).explain_count(frame)).splitlines() == [
        "4,899 of 12,345 rows",
        "  rows   only  nulls  clause",
        "12,244    101      0  loss > 100",
        " 5,000  7,345      0  loss < 5000",
    ]


def error_test():
    predicate: Predicate = (col("a") > 1) & (col("q") > 1)
    with pytest.raises(ColumnError, match="no column 'q'"):
        predicate.explain_count(pd.DataFrame(FRAME))


def nulls_of_a_field_are_counted_test():
    table = pa.table({"m": [{"a": 1}, {"a": None}, None]})
    (clause,) = (col("m").field("a") > 0).explain_count(table).clauses
    assert (clause.rows, clause.nulls) == (1, 2)
    (clause,) = (col("m").field("a").is_null()).explain_count(table).clauses
    assert (clause.rows, clause.nulls) == (2, 2)
