# ruff: noqa: S608 (SQL is what is tested)
import struct

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from datalens.predicate import col, inside

NAN, INF = float("nan"), float("inf")
#: What a division of zero by zero gives on x86.
NEGATIVE_NAN = struct.unpack("d", struct.pack("Q", 0xFFF8000000000000))[0]
NUMBER, WHOLE, TEXT = "loss \"x'", "n", "té\\xt{😀}"
numbers = st.sampled_from([0.0, -0.0, 1.0, -1.5, 3.2, 0.1, INF, -INF]) | st.floats(allow_nan=False)
wholes = st.integers(-3, 3) | st.integers(-(2**63), 2**63 - 1)
texts = st.sampled_from(
    ["", "a", "web", "it's", 'say "hi"', "a\nb", "\\", "😀", "é", "%", "nan", "\0"]
) | st.text(st.characters(exclude_categories=["Cs"]), max_size=4)


@st.composite
def frames(draw):
    size = draw(st.integers(0, 6))

    def column(values, kind):
        return pa.array(draw(st.lists(st.none() | values, min_size=size, max_size=size)), kind)

    return pa.table(
        {
            "row": pa.array(range(size), pa.int64()),
            NUMBER: column(numbers | st.just(NAN) | st.just(NEGATIVE_NAN), pa.float64()),
            "y": column(numbers, pa.float64()),
            "single": column(st.floats(width=32) | st.sampled_from([3.2, 0.1]), pa.float32()),
            WHOLE: column(wholes, pa.int64()),
            TEXT: column(texts, pa.string()),
        }
    )


def comparisons(name, values):
    column = col(name)
    made = [getattr(column, f"__{op}__") for op in ("eq", "ne", "lt", "le", "gt", "ge")]
    lists = st.builds(column.is_in, st.lists(values, max_size=4))
    return st.one_of(
        *[st.builds(method, values) for method in made], st.builds(column.between, values, values), lists
    )


coordinate = st.floats(-5, 5) | st.integers(-3, 3)
leaves = st.one_of(
    *[comparisons(name, numbers) for name in (NUMBER, "single")],
    comparisons(WHOLE, wholes),
    comparisons(TEXT, texts),
    st.builds(lambda a, b: col(NUMBER) * a - col("y") > b, numbers, numbers),
    st.builds(lambda a: col(TEXT).length() <= a, wholes),
    st.builds(col(TEXT).contains, texts),
    st.builds(col(TEXT).starts_with, texts),
    st.sampled_from([col(name).is_null() for name in (NUMBER, "single", WHOLE, TEXT)]),
    st.builds(
        inside,
        st.just(NUMBER),
        st.just("y"),
        st.lists(st.tuples(coordinate, coordinate), min_size=3, max_size=6),
    ),
)
pairs = st.sampled_from([method(col(other)) for one, other in ((NUMBER, "y"), ("y", WHOLE), ("single", NUMBER))
    for method in (col(one).__eq__, col(one).__ne__, col(one).__lt__, col(one).__ge__)])  # fmt: skip


def rows(predicate, table):
    return np.flatnonzero(predicate.mask(table)).tolist()


def trees(leaf):
    return st.recursive(
        leaf,
        lambda parts: st.one_of(
            st.builds(lambda a, b: a & b, parts, parts),
            st.builds(lambda a, b: a | b, parts, parts),
            parts.map(lambda a: ~a),
        ),
        max_leaves=6,
    )


@settings(max_examples=150, deadline=None)
@given(trees(leaves | pairs), frames())
def law_duckdb_test(predicate, table):
    wanted = rows(predicate, table)
    with duckdb.connect() as connection:
        connection.register("t", table)
        for types in ({}, {"schema": table}):
            query = f'SELECT "row" FROM t WHERE {predicate.code("duckdb", **types)}'
            assert [row for (row,) in connection.execute(query).fetchall()] == wanted


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(trees(leaves), trees(leaves | pairs), frames())
def law_lance_test(tmp_path, predicate, typed, table):
    lance = pytest.importorskip("lance")
    dataset = lance.write_dataset(table, tmp_path / "t.lance", mode="overwrite")
    for part, types in ((predicate, {}), (typed, {"schema": table})):
        found = dataset.to_table(columns=["row"], filter=part.code("lance", **types))["row"].to_pylist()
        assert found == rows(part, table)
