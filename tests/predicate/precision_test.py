"""Columns of 32-bit floats: printed code rounds literals as they do, where its engine would compare in 64 bits."""

from __future__ import annotations

import duckdb
import pandas as pd
import pyarrow as pa
import pytest

import datalens as dl
from datalens.core.keys import Identity
from datalens.predicate import col, keys

TABLE = pa.table(
    {
        "id": ["a", "b", "c"],
        "f": pa.array([0.1, 3.2, 0.5], pa.float32()),
        "s": pa.array([{"f": 0.1}, {"f": 3.2}, None], pa.struct({"f": pa.float32()})),
        "l": pa.array([[0.1], [3.2, 0.5], []], pa.list_(pa.float32())),
    }
)
PREDICATES = [
    col("f") > 0.1,
    col("f") == 0.1,
    ~(col("f") <= 3.2),
    col("f").between(0.1, 3.2),
    col("f") < 1e300,
    col("f").is_in([0.1, 0.5]),
    keys([3.2], Identity("column", ("f",))),
    col("s").field("f") == 0.1,
    col("l").any() >= 3.2,
    col("s").field("f").is_in([0.1, 7]),
    col("l").all().is_in([3.2, 0.5]),
]


@pytest.mark.parametrize("predicate", PREDICATES, ids=repr)
def python_test(predicate):
    namespace = {}
    exec(predicate.code("python", schema=TABLE), namespace)  # noqa: S102 - our own code
    assert [namespace["selected"](row) for row in TABLE.to_pylist()] == predicate.mask(TABLE).tolist()


@pytest.mark.parametrize("predicate", PREDICATES[:6], ids=repr)
def arrow_backed_pandas_test(predicate):
    df = TABLE.select(["id", "f"]).to_pandas(types_mapper=pd.ArrowDtype)
    lens = dl.Lens(df, key="id")
    lens.selection = predicate
    namespace = {"df": df}
    exec(lens.selection.code(), namespace)  # noqa: S102 - our own code
    assert namespace["selected"]["id"].tolist() == lens.selection.keys()


PAIRS = pa.table(
    {
        "n": pa.array([1, 20000001, None, 2, 3, 16777217], pa.int64()),
        "i": pa.array([1, 20000001, None, 2, 3, 16777217], pa.int32()),
        "f": pa.array([0.1, 2e7, None, float("nan"), -0.0, 16777216.0], pa.float32()),
    }
)


@pytest.mark.parametrize(
    "predicate",
    [
        col("n") == col("f"),
        col("f") < col("n"),
        col("i") == col("f"),
        ~(col("i") != col("f")),
        col("n") >= col("f"),
    ],
    ids=repr,
)
def integers_beside_32_bits_in_sql_test(predicate):
    table = PAIRS.append_column("row", pa.array(range(6)))
    query = f"SELECT row FROM t WHERE {predicate.code('duckdb', schema=table)} ORDER BY row"  # noqa: S608 - our own code
    found = duckdb.connect().register("t", table).execute(query).fetchall()
    assert [row for (row,) in found] == [row for row, kept in enumerate(predicate.mask(table)) if kept]


def numpy_needs_no_digits_test():
    lens = dl.Lens(TABLE.to_pandas(), key="id")
    lens.selection = col("f") > 3.2
    assert 'df["f"] > 3.2]' in lens.selection.code()
