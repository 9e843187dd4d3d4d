"""Frames that nobody would make on purpose, from a small grammar; the same ones each time.

A frame is a draw of: how many rows, what index, what the columns are called, what kinds of values they hold, which of
them are null, whether rows repeat, and what container it comes in. Each kind of value is drawn at least once.
"""

from __future__ import annotations

import datetime as dt
import itertools
import random
import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa

UTC = dt.UTC
FAR_EAST = dt.timezone(dt.timedelta(hours=9))
SELF_HELD: list[Any] = []
SELF_HELD.append(SELF_HELD)


class Told:
    """An object that says what it is."""

    def __init__(self, what: int) -> None:
        self.what = what

    def __repr__(self) -> str:
        return f"Told({self.what})"


class Untold:
    """An object whose text names a place in memory."""


class Broken:
    """An object whose text can't be made."""

    def __repr__(self) -> str:
        msg = "no text"
        raise RuntimeError(msg)


def cycle(*values: Any) -> Callable[[int], list[Any]]:
    return lambda n: list(itertools.islice(itertools.cycle(values), n))


#: Python's objects, in a pandas column of objects.
OBJECTS: dict[str, Callable[[int], list[Any]]] = {
    "numbers and text": cycle(1, "1", 2.5, "two"),
    "booleans and integers": cycle(True, 2, False),
    "booleans and None": cycle(True, None, False),
    "dicts and lists": cycle({"a": 1}, [1, 2], "plain"),
    "bytes and text": cycle("a", b"a", b"\xff\xfe"),
    "bytes": cycle(b"", b"\x00\xff", b"abc"),
    "numpy text": cycle(np.str_("a"), np.str_("b\x00c")),
    "numpy bytes": cycle(np.bytes_(b"a"), np.bytes_(b"\xff")),
    "numpy numbers": cycle(np.int8(1), np.int64(2), np.int16(-3)),
    "floats and integers": cycle(1, 2.5, -3),
    "floats and large integers": cycle(2**53 + 1, 0.5),
    "integers of 64 bits": cycle(2**64 - 1, 0, 2**63),
    "integers beyond 64 bits": cycle(2**64, -5, 2**100),
    "integers beyond 76 digits": cycle(10**80, 1),
    "sets": cycle({"b", "a", "c"}, {"z"}, set()),
    "frozen sets": cycle(frozenset({"b", "a"}), frozenset()),
    "tuples": cycle((1, 2), (3,)),
    "ragged lists": cycle([1.0, 2.0], [3.0], []),
    "lists of several types": cycle([1, "a"], [None], [{"b": 2}]),
    "lists of surrogates": cycle(["\ud800"], ["fine"]),
    "empty lists": cycle([], []),
    "arrays": cycle(np.arange(3.0), np.arange(3.0) / 7),
    "ragged arrays": cycle(np.arange(2), np.arange(5)),
    "matrices": cycle(np.eye(2), np.zeros((2, 2))),
    "long lists": cycle(list(range(20_000)), [1]),
    "dicts": cycle({"a": 1, "b": "x"}, {"b": "y"}),
    "dicts of several types": cycle({"a": 1}, {"a": "one"}),
    "empty dicts": cycle({}, {}),
    "dicts with numbers as keys": cycle({1: "a"}, {2: "b"}),
    "exceptions": cycle(ValueError("bad"), RuntimeError("worse", 1)),
    "exceptions in lists": cycle([ValueError("bad")], []),
    "objects": cycle(Told(1), Told(2), Told(1)),
    "classes": cycle(int, str),
    "complex objects": cycle(1 + 2j, 0j),
    "uuids": cycle(uuid.UUID(int=1), uuid.UUID(int=2), uuid.UUID(int=1)),
    "paths": cycle(PurePosixPath("a/b"), PurePosixPath("c")),
    "decimals": cycle(Decimal("1.10"), Decimal(-2), Decimal("1e20")),
    "decimals of all sizes": cycle(Decimal("1e-60"), Decimal("1e60")),
    "decimals that are no numbers": cycle(Decimal("NaN"), Decimal("1.5")),
    "times in several zones": cycle(
        dt.datetime(2020, 1, 1, tzinfo=UTC), dt.datetime(2020, 1, 1, 5, tzinfo=FAR_EAST)
    ),
    "times with and without a zone": cycle(dt.datetime(2020, 1, 1, tzinfo=UTC), dt.datetime(2020, 1, 1)),  # noqa: DTZ001
    "days and times": cycle(dt.date(2020, 1, 1), dt.datetime(2020, 1, 1, 5)),  # noqa: DTZ001
    "days": cycle(dt.date(1, 1, 1), dt.date(9999, 12, 31), dt.date(2020, 2, 29)),
    "times out of nanoseconds' range": cycle(dt.datetime(1, 1, 1), dt.datetime(9999, 12, 31)),  # noqa: DTZ001
    "times of day": cycle(dt.time(1, 2), dt.time(23, 59, 59, 999_999)),
    "durations": cycle(dt.timedelta(1), dt.timedelta(-1, 5)),
    "numpy dates": cycle(np.datetime64("2020"), np.datetime64("2021-05")),
    "offsets": cycle(pd.DateOffset(months=1), pd.DateOffset(days=2)),
    "pandas' missing values": cycle(pd.NA, "a", pd.NaT, None, float("nan")),
    "only None": cycle(None, None),
    "surrogates": cycle("a\ud800b", "fine", "\udfff", "a\ufffdb"),
    "surrogates and numbers": cycle("a\ud800", 5),
    "nul bytes": cycle("a\x00b", "\x00", "a"),
    "markup and quotes": cycle("<script>alert(1)</script>", "it's", 'say "hi"', "${x}`;'--"),
    "all of unicode": cycle("😀", "e\u0301", "\u202eright to left", "\ufeff", "\u2028", "汉字"),
    "long text": cycle("long " * 20_000, "short"),
    "blank text": cycle("", " ", "\n", "\t "),
    "stop words": cycle("the and of", "!!! ???", "the"),
}

#: What can't be shown, and is refused with a sentence that names the column.
UNSHOWN: dict[str, Callable[[int], list[Any]]] = {
    "objects without a text": cycle(Untold()),
    "functions": cycle(cycle),
    "objects whose text fails": cycle(Broken()),
    "a list that holds itself": cycle(SELF_HELD, [1]),
    "hidden objects": cycle([Untold()], "a"),
}

#: pandas' own types.
PANDAS: dict[str, Callable[[int], Any]] = {
    "periods": lambda n: pd.period_range("2020-01", periods=n, freq="M"),
    "intervals": lambda n: pd.interval_range(0, n, periods=n) if n else pd.arrays.IntervalArray([]),
    "bins": lambda n: pd.cut(np.arange(n), [-1, 1, 3, 5]),
    "sparse integers": lambda n: pd.arrays.SparseArray(np.arange(n) % 2),
    "sparse floats": lambda n: pd.arrays.SparseArray(cycle(np.nan, 1.5)(n)),
    "complex": lambda n: np.arange(n) * (1 + 2j),
    "half floats": lambda n: (np.arange(n) / 7).astype("float16"),
    "infinite": lambda n: np.array(cycle(np.inf, -np.inf, 1.0, np.nan)(n), dtype=float),
    "largest floats": lambda n: np.array(cycle(1.7e308, -1.7e308, 5e-324)(n), dtype=float),
    "float32": lambda n: np.array(cycle(0.1, 0.2)(n), dtype="float32"),
    "unsigned": lambda n: np.array(cycle(2**64 - 1, 0)(n), dtype="uint64"),
    "large integers": lambda n: np.array(cycle(2**53 + 1, 2**53, -(2**62))(n), dtype="int64"),
    "a constant": lambda n: np.full(n, 3),
    "booleans": lambda n: np.arange(n) % 2 == 0,
    "dates": lambda n: pd.date_range("2020", periods=n),
    "dates with nanoseconds": lambda n: pd.to_datetime(np.arange(n) + 1, unit="ns"),
    "dates in a zone": lambda n: pd.date_range("2020", periods=n, tz="Asia/Kathmandu"),
    "the year 30,000": lambda n: np.array(cycle("30000-01-01", "-5000-01-01", "NaT")(n), "datetime64[s]"),
    "timedeltas": lambda n: pd.to_timedelta(np.arange(n), unit="h"),
    "timedeltas of nanoseconds": lambda n: pd.to_timedelta(np.arange(n) + 1, unit="ns"),
    "categories": lambda n: pd.Categorical(cycle("a", "b", None)(n), categories=["unused", "b", "a"]),
    "ordered categories": lambda n: pd.Categorical(cycle("lo", "hi")(n), ["lo", "hi"], ordered=True),
    "categories that look alike": lambda n: pd.Categorical(cycle(1, "1", 1.5)(n)),
    "categories of numbers": lambda n: pd.Categorical(cycle(0.5, 2.0)(n)),
    "categories of days": lambda n: pd.Categorical(pd.to_datetime(cycle("2020", "2021")(n))),
    "no categories": lambda n: pd.Categorical([None] * n),
    "nullable integers": lambda n: pd.array(cycle(1, None, 2**60 + 1)(n), dtype="Int64"),
    "nullable booleans": lambda n: pd.array(cycle(True, None)(n), dtype="boolean"),
    "nullable floats": lambda n: pd.array(cycle(1.5, None)(n), dtype="Float32"),
    "python strings": lambda n: pd.array(cycle("a", None, "b")(n), dtype="string[python]"),
}

#: Arrow's types, which every container can hold.
ARROW: dict[str, Callable[[int], pa.Array]] = {
    "text": lambda n: pa.array(cycle("one text to read", "another text, longer", None)(n), pa.string()),
    "words": lambda n: pa.array(cycle("red", "green", "red")(n), pa.large_string()),
    "integers": lambda n: pa.array(range(n), pa.int64()),
    "small integers": lambda n: pa.array(cycle(-128, 127, None)(n), pa.int8()),
    "unsigned integers": lambda n: pa.array(cycle(2**64 - 1, 1)(n), pa.uint64()),
    "floats": lambda n: pa.array(cycle(0.1, float("nan"), None, 1e300, float("-inf"))(n), pa.float64()),
    "single floats": lambda n: pa.array(cycle(0.1, 0.25)(n), pa.float32()),
    "true and false": lambda n: pa.array(cycle(True, False, None)(n), pa.bool_()),
    "moments": lambda n: pa.array(cycle(dt.datetime(2020, 1, 1), None)(n), pa.timestamp("us")),  # noqa: DTZ001
    "moments in zones": lambda n: pa.array(cycle(0, 10**9)(n), pa.timestamp("ms", "America/Lima")),
    "calendar days": lambda n: pa.array(cycle(dt.date(2020, 1, 1), None)(n), pa.date32()),
    "clock times": lambda n: pa.array(cycle(dt.time(1, 2), dt.time(3))(n), pa.time64("us")),
    "spans": lambda n: pa.array(cycle(dt.timedelta(1), None)(n), pa.duration("us")),
    "fixed decimals": lambda n: pa.array(cycle(Decimal("1.25"), None)(n), pa.decimal128(9, 2)),
    "raw bytes": lambda n: pa.array(cycle(b"\xff", b"", None)(n), pa.binary()),
    "lists": lambda n: pa.array(cycle([1, 2], [], None)(n), pa.list_(pa.int64())),
    "lists of texts": lambda n: pa.array(cycle(["a"], [None], [])(n), pa.list_(pa.string())),
    "vectors": lambda n: pa.array(cycle([1.0, 2.0], [0.5, 0.5])(n), pa.list_(pa.float32(), 2)),
    "structs": lambda n: pa.array(cycle({"a": 1, "b": ["x"]}, None)(n)) if n else pa.array([], pa.null()),
    "nothing": pa.nulls,
    "dictionary": lambda n: pa.array(cycle("a", "b", None)(n), pa.string()).dictionary_encode(),
}

#: Arrow's types that other libraries don't take, in an Arrow table alone.
ARROW_ONLY: dict[str, Callable[[int], pa.Array]] = {
    "views of text": lambda n: pa.array(cycle("a", None)(n), pa.string_view()),
    "views of bytes": lambda n: pa.array(cycle(b"a", None)(n), pa.binary_view()),
    "runs": lambda n: pa.RunEndEncodedArray.from_arrays(
        pa.array([n], pa.int32()) if n else pa.array([], pa.int32()),
        pa.array([7.5][: min(n, 1)], pa.float64()),
    ),
    "uuids of Arrow": lambda n: pa.array([uuid.UUID(int=i).bytes for i in range(n)], pa.binary(16)).cast(
        pa.uuid()
    ),
    "half": lambda n: pa.array(np.arange(n).astype("float16")),
    "maps": lambda n: pa.array(cycle([("a", 1)], [], None)(n), pa.map_(pa.string(), pa.int64())),
    "unions of lists": lambda n: pa.array(cycle([[1], []], [])(n), pa.list_(pa.list_(pa.int8()))),
}

NAMES = [
    "text", "x", "y", "cluster", "embedding", "self", "index", "df", "pd", "columns", "", " ", "  two  spaces ",
    "it's", 'say "hi"', "new\nline", "tab\t", "😀", "\x00nul", "a.b", "{brace}", "back\\slash", "`tick`", "import os",
    "<b>bold</b>", "__datalens_key__", "é", "e\u0301", "0", "n" * 10_000, "row_keys", "selected",
]  # fmt: skip

#: Names that are refused, each with a word of the sentence that says so.
BAD_NAMES: list[tuple[list[Any], str]] = [
    ([0, 1], "Column name 0 is int"),
    ([None, "a"], "Column name None is NoneType"),
    ([("a", "b"), ("a", "c")], r"Column name \('a', 'b'\) is tuple, not text. Rename: .*join"),
    ([pd.Timestamp("2020"), "a"], r"Column name Timestamp"),
    ([1.5, "a"], "Column name 1.5 is float"),
    (["a", "a"], "Column 'a' is there 2 times"),
    (["\ud800", "a"], r"Column name '\\ud800' has a lone surrogate"),
]

INDEXES: dict[str, Callable[[int], Any]] = {
    "numbers": pd.RangeIndex,
    "texts": lambda n: pd.Index([f"row {i}" for i in range(n)], dtype=object),
    "equal": lambda n: pd.Index([7] * n),
    "dates": lambda n: pd.date_range("2020", periods=n, tz="UTC"),
    "levels": lambda n: pd.MultiIndex.from_arrays([["a"] * n, range(n)], names=["x", None]),
    "backwards": lambda n: pd.RangeIndex(n - 1, -1, -1, name="text"),
}

ROWS = (0, 1, 2, 3, 7, 12)
NULLS = ("as they are", "first", "all")
CONTAINERS = ("pandas", "nullable", "arrow", "polars", "pyarrow")


@dataclass
class Hostile:
    """One frame, and what is to become of it.

    Attributes
    ----------
    called : str
        What it is, for the test's message.
    frame : object
        The frame.
    kinds : dict of str to str
        The kind of value of each column.
    refused : str or None
        What the sentence must say where it can't be opened.
    """

    called: str
    frame: Any
    kinds: dict[Any, str]
    refused: str | None = None


def frames(seed: int = 0, *, draws: int = 1) -> Iterator[Hostile]:
    """Yield the frames: each kind of value `draws` times, then the names and the shapes that are refused."""
    rng = random.Random(seed)
    everything = {**OBJECTS, **PANDAS, **ARROW, **ARROW_ONLY, **UNSHOWN}
    for kind in [kind for kind in everything for _ in range(draws)]:
        others = [k for k in (*OBJECTS, *PANDAS, *ARROW) if k != kind]
        yield _frame(rng, [kind, *rng.sample(others, rng.randint(0, 2))])
    for container in CONTAINERS:
        for _ in range(6 * draws):
            yield _arrow_frame(rng, rng.sample(list(ARROW), rng.randint(1, 4)), container)
    for names, sentence in BAD_NAMES:
        values = pd.DataFrame([[1, 2]] * rng.choice(ROWS[1:]))
        values.columns = pd.Index(names, dtype=object)
        yield Hostile(f"named {names!r}", values, {}, sentence)
    levels = pd.DataFrame(np.ones((2, 2)), columns=pd.MultiIndex.from_product([["a"], [1, 2]]))
    yield Hostile("levels of columns", levels, {}, r"Column name \('a', 1\) is tuple")
    yield Hostile("no columns", pd.DataFrame(index=range(3)), {}, "3 rows and no columns")
    objects = pl.DataFrame({"o": pl.Series([object()], dtype=pl.Object)})
    yield Hostile("objects in polars", objects, {}, "Column 'o' holds Python objects")
    yield Hostile("nothing at all", pd.DataFrame(), {})
    for container in CONTAINERS:
        yield _as(
            container,
            "no rows",
            pa.table({"a": pa.array([], pa.int64()), "t": pa.array([], pa.string())}),
            {},
        )


def _frame(rng: random.Random, kinds: list[str]) -> Hostile:
    if all(kind in ARROW for kind in kinds):
        return _arrow_frame(rng, kinds, rng.choice(CONTAINERS))
    if kinds[0] in ARROW_ONLY:
        return _arrow_frame(rng, [kinds[0]], "pyarrow")
    names = dict(zip(rng.sample(NAMES, len(kinds)), kinds, strict=True))
    rows, nulls, index = rng.choice(ROWS), rng.choice(NULLS), rng.choice(list(INDEXES))
    unshown = kinds[0] in UNSHOWN
    if unshown:
        rows, nulls = max(rows, 1), "as they are"
    columns = {name: _column(kind, rows, nulls) for name, kind in names.items()}
    frame = pd.DataFrame(columns, index=INDEXES["numbers"](rows))
    frame = _repeated(rng, frame)
    frame.index = INDEXES[index](rows)
    called = f"{rows} rows, index of {index}, nulls {nulls}: {names}"
    refused = f"Column {next(iter(names))!r} holds values of type" if unshown else None
    return Hostile(called, frame, names, refused and _literally(refused))


def _column(kind: str, rows: int, nulls: str) -> pd.Series:
    if kind in OBJECTS or kind in UNSHOWN:
        values = np.empty(rows, dtype=object)
        for i, value in enumerate((OBJECTS | UNSHOWN)[kind](rows)):
            values[i] = value
        column = pd.Series(values, dtype=object)
    elif kind in PANDAS:
        column = pd.Series(PANDAS[kind](rows))
    else:
        column = pa.table({"a": ARROW[kind](rows)}).to_pandas()["a"]
    number = isinstance(column.dtype, np.dtype) and column.dtype.kind in "iubc"
    if nulls == "as they are" or number or isinstance(column.dtype, pd.SparseDtype) or not rows:
        return column
    gone = np.arange(rows) < (rows if nulls == "all" else 1)
    if column.dtype == object:
        column = column.copy()
        column[gone] = None
        return column
    return column.mask(gone)


def _repeated(rng: random.Random, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame, or with some rows equal to others, or with all rows equal."""
    order = np.arange(len(frame))
    how = rng.choice(("none", "none", "some", "all"))
    if len(frame) and how != "none":
        order = order // 2 if how == "some" else order * 0
    return frame.iloc[order].reset_index(drop=True)


def _arrow_frame(rng: random.Random, kinds: list[str], container: str) -> Hostile:
    rows = rng.choice(ROWS)
    names = dict(zip(rng.sample(NAMES, len(kinds)), kinds, strict=True))
    make = ARROW | ARROW_ONLY
    table = pa.table([make[kind](rows) for kind in kinds], names=list(names))
    return _as(container, f"{rows} rows: {names}", table, names)


def _as(container: str, called: str, table: pa.Table, kinds: dict[Any, str]) -> Hostile:
    frame: Any = table
    if container == "pandas":
        frame = table.to_pandas()
    elif container == "nullable":
        frame = table.to_pandas().convert_dtypes()
    elif container == "arrow":
        frame = table.to_pandas(types_mapper=pd.ArrowDtype)
    elif container == "polars":
        frame = pl.from_arrow(table)
    return Hostile(f"{container}, {called}", frame, kinds)


def _literally(text: str) -> str:
    return re.escape(text)
