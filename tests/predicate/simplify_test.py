# ruff: noqa: DTZ001 (columns without a time zone are what is tested)
import datetime as dt
from decimal import Decimal

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from datalens.core.keys import Identity
from datalens.predicate import And, Between, IsIn, Not, Or, col, everything, inside, keys

NOTHING = ~everything()
x, y = col("x"), col("y")
a, b, c = col("a").is_null(), col("b").is_null(), col("c").is_null()
ROWS = Identity("row", (), 9, "f.parquet")


@pytest.mark.parametrize(
    ("predicate", "expected"),
    [
        (a & a, a),
        (a | a | b, a | b),
        (Not(Not(a)), a),
        (Not(Not(Not(a))), ~a),
        (And((a, And((b, And((c, a)))))), And((a, b, c))),
        (Or((a, Or((b, c)))), Or((a, b, c))),
        (a & (a | b), a),
        (a | (a & b), a),
        ((a | b) & c & (b | c), (a | b) & c),
        (a & ~a, NOTHING),
        (a | ~a, everything()),
        (everything() & a, a),
        (everything() & everything(), everything()),
        (everything() | a, everything()),
        (NOTHING | a, a),
        (NOTHING & a, NOTHING),
        ((x > 1) & (x > 2), x > 2),
        ((x > 1) | (x > 2), x > 1),
        ((x < 1) & (x < 2) & (x <= 0.5), x <= 0.5),
        ((x > 2) & (x >= 2), x > 2),
        ((x > 2) | (x >= 2), x >= 2),
        ((x >= 1) & (x <= 3), x.between(1, 3)),
        ((x <= 3) & (y > 1) & (x >= 1), x.between(1, 3) & (y > 1)),
        (x.between(1, 5) & (x > 2), (x > 2) & (x <= 5)),
        (x.between(1, 5) & x.between(2, 7), x.between(2, 5)),
        (x.between(1, 3) | x.between(2, 5), x.between(1, 5)),
        (x.between(1, 2) | x.between(3, 4), x.between(1, 2) | x.between(3, 4)),
        (x.between(2, 3) | (x > 1), x > 1),
        (x.between(2, 3) | (x < 3), x.between(2, 3) | (x < 3)),
        ((x > 1) & (x < 3), (x > 1) & (x < 3)),
        ((x > 3) & (x < 1), NOTHING),
        ((x > 1) & (x <= 1), NOTHING),
        ((x >= 3) & (x <= 1), NOTHING),
        (x.between("b", "a"), NOTHING),
        (Between("x", 3, 3), x.between(3, 3)),
        ((x == 1) | (x == 2) | x.is_in([2, 5]), x.is_in([1, 2, 5])),
        ((x == "a") | (x == "b"), x.is_in(["a", "b"])),
        (x.is_in([1, 2, 3]) & x.is_in([3, 2]), x.is_in([2, 3])),
        (x.is_in([1, 2]) & (x == 2), x == 2),
        ((x == 1) & (x == 2), NOTHING),
        (x.is_in([]) | a, a),
        (x.is_in(["a"]), x == "a"),
        (keys([1, 2], ROWS) | keys([3], ROWS), keys([1, 2, 3], ROWS)),
        (keys([1, 2], ROWS) & keys([2], ROWS), keys([2], ROWS)),
        ((x.length() > 3) & (x.length() > 5), x.length() > 5),
    ],
    ids=str,
)
def shorter_test(predicate, expected):
    assert predicate.simplify() == expected


@pytest.mark.parametrize(
    "predicate",
    [
        # One number in a column of 32-bit floats.
        (x > 0.1) & (x >= 0.1000000001),
        # == rounds its literal to the column, is_in doesn't.
        (x == 0.1) | (x == 0.2),
        x.is_in([0.1]),
        (x == 12345) | (x == 12347),
        # An integer column is compared with the first as integers, with the second as floats.
        (x > 2**53) & (x > 2.0**53),
        x.is_in([2**53, 5]) & x.is_in([2**53 + 1, 5]),
        x.is_in([2**24, 5]) & x.is_in([2**24 + 1, 5]),
        # Of several kinds: one of them doesn't fit, and says so.
        (x > 1) & (x > "a"),
        (x > 1) & (x > Decimal(2)),
        # Divided by, these differ.
        (y / 0.0 > 1) & (y / -0.0 > 1),
        # Nulls are neither.
        (x > 1) | (x <= 1),
        ~(x > 1),
        x.between(0.1000000001, 0.1),
    ],
    ids=str,
)
def left_alone_test(predicate):
    assert predicate.simplify() == predicate


@pytest.mark.parametrize(
    ("predicate", "expected"),
    [
        ((x < 9) & a & (x > 1), (x < 9) & a & (x > 1)),
        ((x >= 1) & a & (y > 2) & (x <= 9), x.between(1, 9) & a & (y > 2)),
        (a & (x <= 9) & b & (x >= 1) & c, a & x.between(1, 9) & b & c),
        (a & (x > 1) & b & (x > 5) & c, a & (x > 5) & b & c),
        (b & a & ((c & x.is_in([1, 2])) & b), b & a & c & x.is_in([1, 2])),
        (a | (x == 1) | b | (x == 2) | c, a | x.is_in([1, 2]) | b | c),
        (a & x.is_in([3, 1, 2]) & b & x.is_in([1, 3]), a & x.is_in([3, 1]) & b),
    ],
    ids=str,
)
def clauses_keep_their_order_test(predicate, expected):
    assert predicate.simplify() == expected


def interval_that_a_column_may_round_test():
    assert ((x >= 0.1000000001) & (x <= 0.1)).simplify() == x.between(0.1000000001, 0.1)


def deep_test():
    predicate = x > 0
    for i in range(20):
        predicate = ~((predicate & (x > i)) | (y == i))
    assert predicate.simplify() == predicate.simplify().simplify()


def wide_test():
    many = Or(tuple(x == i / 8 for i in range(20_000)))
    assert len(many.simplify().of) < 20_000
    bounds = And(tuple(x > i for i in range(20_000)))
    assert bounds.simplify() == (x > 19_999)


def lists_that_share_a_rounded_value_test():
    # 32 bits hold the two as one number, so the lists share it there.
    both = col("v").is_in([0.1, 5]) & col("v").is_in([0.1000000001, 6])
    frame = pd.DataFrame({"v": np.array([0.1, 5, 6], np.float32)})
    assert both.mask(frame).tolist() == both.simplify().mask(frame).tolist() == [True, False, False]


DAY = dt.datetime(2024, 1, 1)
MOMENTS = [DAY, DAY + dt.timedelta(microseconds=1), DAY + dt.timedelta(days=1)]
NEAR = [0.1, 0.1000000001, float(np.float32(0.1)), 0.0, -0.0, 1, 1.0, 1.0000000001, 2, 2.5, 3, 3.0]
FAR = [2049, 12345, 65519, 65520, 70000, 80000, 2**24, 2**24 + 1, 2**53, 2**53 + 1, 2.0**53, 1e17, 2**64]
NUMBERS = [*NEAR, *FAR, -1, -(2**53), float("inf"), float("-inf"), 1e300]
LITERALS = {
    "n": NUMBERS,
    "s": ["", "a", "b", "é", "\ud800", "😀"],
    "f": [True, False],
    "t": [*MOMENTS, DAY.date()],
    "z": [moment.replace(tzinfo=dt.UTC) for moment in MOMENTS],
    "d": [DAY.date(), dt.date(2024, 1, 2)],
    "l": [dt.timedelta(microseconds=i) for i in (0, 1, 1_000_000)],
    "p": [Decimal("1.5"), Decimal("1.50"), 1, 2, Decimal(2), 2.5],
}


def _numbers(dtype):
    with np.errstate(all="ignore"):
        return np.array(NUMBERS, dtype=float).astype(dtype)


COLUMNS = {
    "n": [
        np.array([0, 1, 2, 3, 2049, 12344, 2**53 - 1, 2**53, 2**53 + 1, 10**17, 10**17 + 1, -1]),
        np.array([0, 1, 2, 3, 4, 5, 255], np.uint8),
        np.array([0, 1, 2**53, 2**53 + 1, 2**64 - 1], np.uint64),
        *(np.append(_numbers(dtype), dtype("nan")) for dtype in (np.float16, np.float32, np.float64)),
        pd.array([0, 1, 2, None, 2**53 + 1], "Int64"),
        pd.array([0.1, None, 1, 2.5, 2**53], pd.ArrowDtype(pa.float32())),
        pd.Series([2**70, 2**64, 1, None], dtype=object),
        pd.Series([1, 2, None, 2], dtype="category"),
    ],
    "s": [
        ["", "a", "b", "é", None, "😀"],
        pd.Series(["a", "\ud800", None, "b"], dtype=object),
        pd.Series(["a", "b", None], dtype="category"),
        pd.Series([None, None], dtype=object),
    ],
    "f": [pd.array([True, False, None], "boolean"), np.array([True, False])],
    "t": [pd.array([*MOMENTS, None], pd.ArrowDtype(pa.timestamp(unit))) for unit in ("us", "ns")],
    "z": [pd.array([*LITERALS["z"], None], pd.ArrowDtype(pa.timestamp("us", "Europe/Berlin")))],
    "d": [pd.array([*LITERALS["d"], None], pd.ArrowDtype(pa.date32()))],
    "l": [pd.array([*LITERALS["l"], None], pd.ArrowDtype(pa.duration("us")))],
    "p": [pd.array([Decimal("1.50"), Decimal(2), None], pd.ArrowDtype(pa.decimal128(9, 2)))],
}
FRAMES = {
    kind: [
        pd.DataFrame({"v": column, "w": [1.0, np.nan, *[2.5] * len(column)][: len(column)]})
        for column in columns
    ]
    for kind, columns in COLUMNS.items()
}


@st.composite
def leaves(draw, kind):
    if draw(st.integers(0, 5)) == 0:
        return draw(
            st.sampled_from([everything(), col("v").is_null(), col("w") > 1, col("w") / -0.0 > 1, NOTHING])
        )
    literal = st.sampled_from(LITERALS[kind])
    how = draw(
        st.sampled_from(
            ["eq", "ne", "in"] if kind == "f" else ["eq", "ne", "lt", "le", "gt", "ge", "between", "in"]
        )
    )
    try:
        if how == "in":
            return IsIn("v", draw(st.lists(literal, max_size=3)))
        if how == "between":
            return Between("v", draw(literal), draw(literal))
    except TypeError:  # a list or bounds of two kinds
        assume(condition=False)
    return getattr(col("v"), f"__{how}__")(draw(literal))


def trees(kind):
    def join(inner):
        parts = st.lists(inner, min_size=2, max_size=4)
        return st.one_of(st.builds(And, parts), st.builds(Or, parts), st.builds(Not, inner))

    return st.recursive(leaves(kind), join, max_leaves=12)


@pytest.mark.parametrize("kind", LITERALS)
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def same_rows_test(kind, data):
    predicate = data.draw(trees(kind))
    simple = predicate.simplify()
    assert simple.simplify() == simple
    for frame in FRAMES[kind]:
        try:
            expected = predicate.mask(frame)
        except TypeError:  # a category has no order, a float is no decimal
            continue
        assert simple.mask(frame).tolist() == expected.tolist()


@settings(max_examples=100, deadline=None)
@given(trees("n"))
def same_rows_polars_test(predicate):
    frame = pl.DataFrame(
        {"v": pl.Series([0.1, None, float("nan"), 1, 2.5, 70000], dtype=pl.Float32), "w": [1.0] * 6}
    )
    assert predicate.simplify().mask(frame).tolist() == predicate.mask(frame).tolist()


def polygons_test():
    lasso = inside("x", "y", [(0, 0), (2, 0), (2, 2)])
    assert (lasso & (x > 1) & lasso).simplify() == lasso & (x > 1)
