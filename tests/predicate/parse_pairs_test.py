"""Two columns compared in pandas' Arrow types, which printed code brings to one type first, are read back."""

import itertools

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from datalens.core.errors import NotExpressibleError, UnfitError
from datalens.predicate import Predicate, col
from datalens.predicate.parse import ParseError

SCHEMA = pa.schema(
    {
        "double": pa.float64(),
        "half": pa.float16(),
        "int": pa.int64(),
        "uint": pa.uint8(),
        "cents": pa.decimal128(38, 2),
        "whole": pa.decimal128(38, 0),
        "ns": pa.timestamp("ns"),
        "ms": pa.timestamp("ms"),
        "instant": pa.timestamp("ns", "UTC"),
        "paris": pa.timestamp("us", "Europe/Paris"),
        "fine": pa.duration("ns"),
        "coarse": pa.duration("s"),
        "text": pa.string(),
        "large": pa.large_string(),
        "day": pa.date32(),
    }
)
FRAME = SCHEMA.empty_table().to_pandas(types_mapper=pd.ArrowDtype)
MIXED = [("double", "int"), ("int", "uint"), ("ns", "ms"), ("fine", "coarse"), ("cents", "whole")]


@pytest.mark.parametrize("op", ["eq", "ne", "gt"])
def all_pairs_test(op):
    read = set()
    for left, right in itertools.permutations(SCHEMA.names, 2):
        predicate = col(left)._compare(op, col(right))
        try:
            code = predicate.code("pandas", schema=FRAME)
        except (UnfitError, NotExpressibleError):
            continue
        read.add((left, right))
        for columns in (None, SCHEMA.names, SCHEMA, FRAME):
            assert Predicate.parse(code, columns=columns, dialect="pandas") == predicate, code
            assert Predicate.parse(code, columns=columns) == predicate, code
    assert read.issuperset(MIXED)


@pytest.mark.parametrize("frame", ["nanoseconds", "exact", "pd", "self.df"])
def joined_test(frame):
    predicate = (col("double") > col("int")) & ((col("int") != col("uint")) | ~(col("ns") == col("ms")))
    code = predicate.code("pandas", schema=FRAME, frame=frame)
    assert Predicate.parse(code, dialect="pandas") == predicate


@pytest.mark.parametrize(("left", "right"), MIXED)
def tampered_test(left, right):
    code = (col(left) > col(right)).code("pandas", schema=FRAME)
    for old, new in (
        ('["ms"]', '["ms"] + 1'),
        ('"float64") > ', '"float32") > '),
        ("10**6", "10**5"),
        ("pa.decimal128(20, 0)", "pa.int8()"),
        (".astype(exact) >", " >"),
        ("nanoseconds(df", "(df"),
        ("nanoseconds(df", "ns(df"),
    ):
        if old in code:
            with pytest.raises(ParseError):
                Predicate.parse(code.replace(old, new, 1), dialect="pandas")


@pytest.mark.parametrize(
    "code",
    [
        'df["int"].astype("float64") > df["uint"].astype("float64")',
        'df["cents"].astype("float64") > df["whole"].astype("float64")',
        'e = pd.ArrowDtype(pa.decimal128(20, 0))\ndf["double"].astype(e) > df["half"].astype(e)',
    ],
)
def rounding_test(code):
    """What rounds the columns' values isn't a comparison of the columns."""
    with pytest.raises(ParseError):
        Predicate.parse(code, columns=SCHEMA, dialect="pandas")


@pytest.mark.parametrize(
    "predicate",
    [
        col("h") != -128,
        ~(col("h") != 1),
        col("h").is_in([1, 2]),
        ~col("h").is_in([1]),
        col("f") <= col("h"),
        col("g") == col("h"),
        col("h") != col("g"),
        col("h") != col("f"),
        col("h") > col("i"),
    ],
    ids=repr,
)
def floats_of_16_bits_are_read_back_test(predicate):
    half = pa.array([np.float16(1), np.float16(2), None], pa.float16())
    table = pa.table({"h": half, "g": half.take(pa.array([1, 1, 0])), "f": [0.5, 2.0, None], "i": [0, 1, 2]})
    frame = table.to_pandas(types_mapper=pd.ArrowDtype)
    code = predicate.code("pandas", schema=frame)
    assert 'astype("float64")' in code
    for columns in (None, frame):
        assert Predicate.parse(code, dialect="pandas", columns=columns) == predicate


def large_numbers_among_floats_are_not_read_test():
    with pytest.raises(ParseError):
        Predicate.parse(f'df["a"].astype("float64").isin([{2**53}])', dialect="pandas")
