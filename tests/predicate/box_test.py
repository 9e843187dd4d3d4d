"""A lasso that is a rectangle along the axes is printed as comparisons that select the very same points."""

import itertools

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from datalens.predicate import Inside, Predicate, col, inside
from datalens.predicate.polygon import polygon_mask

SIDES = {"x": (0.1, 3.5), "y": (-1.0, 2.0)}
AROUND = [np.nextafter(side, way) for pair in SIDES.values() for side in pair for way in (-np.inf, np.inf)]
POINTS = np.array(
    [0.1, 3.5, -1.0, 2.0, *AROUND, float(np.float32(0.1)), 0.0, 1.0, 9.0, np.nan, np.inf, -np.inf]
)
X, Y = (side.ravel() for side in np.meshgrid(POINTS, POINTS))
CORNERS = [(x, y) for x, y in itertools.product(*SIDES.values())]
ORDERS = [
    order
    for order in itertools.permutations([CORNERS[i] for i in (0, 1, 3, 2)])
    if inside("x", "y", order).is_box
]
TABLE = pa.table({"x": X, "y": Y})
SINGLES = pa.table({"x": pa.array(X, pa.float32()), "y": pa.array(Y, pa.float64())})
WHOLE = pa.table({"x": pa.array([0, 1, 3, 4, None]), "y": pa.array([-1, 2, 1, 0, 1], pa.int8())})


def run(code, frame):
    scope = {"df": frame}
    exec(code, scope)  # noqa: S102
    return scope["selected"]


def selected(dialect, predicate, table, *, is_typed):
    """Return the rows' numbers that printed code selects."""
    numbered = table.append_column("row", pa.array(range(table.num_rows)))
    schema = {"schema": numbered} if is_typed else {}
    if dialect == "pandas":
        frame = numbered.to_pandas()
        return run(predicate.code("pandas", **({"schema": frame} if is_typed else {})), frame)["row"].tolist()
    if dialect == "nullable":
        frame = numbered.to_pandas(types_mapper=pd.ArrowDtype)
        return run(predicate.code("pandas", **({"schema": frame} if is_typed else {})), frame)["row"].tolist()
    if dialect == "polars":
        return run(predicate.code("polars", **schema), pl.from_arrow(numbered))["row"].to_list()
    if dialect == "pyarrow":
        return run(predicate.code("pyarrow", **schema), numbered)["row"].to_pylist()
    function = run_function(predicate.code("python"))
    return [row["row"] for row in numbered.to_pylist() if function(row)]


def run_function(code):
    scope = {}
    exec(code, scope)  # noqa: S102
    return scope["selected"]


def orders_test():
    # Four starts, two ways around.
    assert len(ORDERS) == 8


@pytest.mark.parametrize("is_typed", [False, True], ids=["", "typed"])
@pytest.mark.parametrize("table", [TABLE, SINGLES, WHOLE], ids=["double", "float", "integers"])
@pytest.mark.parametrize("dialect", ["pandas", "nullable", "polars", "pyarrow", "python"])
def same_points_test(dialect, table, is_typed):
    x, y = (table[name].to_numpy().astype(float) for name in "xy")
    for order in ORDERS:
        box = inside("x", "y", order)
        mask = polygon_mask(x, y, order)
        assert np.array_equal(box.mask(table), mask)
        assert selected(dialect, box, table, is_typed=is_typed) == np.flatnonzero(mask).tolist()
        assert selected(dialect, ~box, table, is_typed=is_typed) == np.flatnonzero(~mask).tolist()


@pytest.mark.parametrize("dialect", ["pandas", "polars", "pyarrow", "python", "datatrove", "duckdb", "lance"])
def no_helper_test(dialect):
    code = inside("x", "y", ORDERS[0]).code(dialect)
    assert "inside" not in code
    assert "lasso" not in code


@pytest.mark.parametrize("dialect", ["pandas", "polars", "pyarrow", "python"])
@pytest.mark.parametrize(
    "polygon",
    [
        [(1, 0), (1, 0), (1, 2), (1, 2)],
        [(0, 1), (3, 1), (3, 1), (0, 1)],
        [(0, 0), (2, 2), (2, 0), (0, 2)],
        [(0, 0), (2, 0), (2, 2), (0, 2), (0, 0)],
    ],
    ids=["no width", "no height", "crossed", "closed"],
)
def no_box_test(dialect, polygon):
    lasso = inside("x", "y", polygon)
    assert not lasso.is_box
    mask = polygon_mask(X, Y, polygon)
    assert selected(dialect, lasso, TABLE, is_typed=True) == np.flatnonzero(mask).tolist()


@pytest.mark.parametrize("dialect", ["pandas", "duckdb", "lance", "spark", "trino", "postgres"])
def read_back_test(dialect):
    box = inside("x", "y", ORDERS[0])
    for predicate in (box, ~box & (col("n") > 1), (col("n") > 1) & box & inside("x", "z", ORDERS[3])):
        code = predicate.code(dialect)
        read = Predicate.parse(code, dialect=dialect)
        boxes = [
            part
            for part in (read.of if read != box and hasattr(read, "of") else [read])
            if isinstance(part, Inside)
        ]
        assert all(part.is_box for part in boxes)
        assert read.code(dialect) == code
        assert read.columns == predicate.columns


def pandas_test():
    # There all is compared as floats, so that no bound is too large, and one column may be along both axes.
    box = inside("x", "y", [(0, 0), (1e60, 0), (1e60, 1), (0, 1)])
    assert Predicate.parse(box.code("pandas"), dialect="pandas").code("pandas") == box.code("pandas")
    same = inside("x", "x", [(0, 1), (4, 1), (4, 3), (0, 3)])
    assert Predicate.parse(same.code("pandas"), dialect="pandas").code("pandas") == same.code("pandas")
    plain = '(df["x"] >= 0) & (df["x"] < 1) & (df["y"] >= 0) & (df["y"] < 1)'
    assert not isinstance(Predicate.parse(plain, dialect="pandas"), Inside)
