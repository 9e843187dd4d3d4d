"""Columns of 32-bit floats: printed code rounds literals as they do, where its engine would compare in 64 bits."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pytest

import datalens as dl
from datalens.predicate import col

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
    col("s").field("f") == 0.1,
    col("l").any() >= 3.2,
]


@pytest.mark.parametrize("predicate", PREDICATES, ids=repr)
def python_test(predicate):
    namespace = {}
    exec(predicate.code("python", schema=TABLE), namespace)  # noqa: S102 - our own code
    assert [namespace["selected"](row) for row in TABLE.to_pylist()] == predicate.mask(TABLE).tolist()


@pytest.mark.parametrize("predicate", PREDICATES[:5], ids=repr)
def arrow_backed_pandas_test(predicate):
    df = TABLE.select(["id", "f"]).to_pandas(types_mapper=pd.ArrowDtype)
    lens = dl.Lens(df, key="id")
    lens.selection = predicate
    namespace = {"df": df}
    exec(lens.selection.code(), namespace)  # noqa: S102 - our own code
    assert namespace["selected"]["id"].tolist() == lens.selection.keys()


def numpy_needs_no_digits_test():
    lens = dl.Lens(TABLE.to_pandas(), key="id")
    lens.selection = col("f") > 3.2
    assert 'df["f"] > 3.2]' in lens.selection.code()
