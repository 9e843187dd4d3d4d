"""The kinds of columns that the law is tried on: Arrow's type, values, and literals that fit it."""

# ruff: noqa: DTZ001 (columns without a time zone are tried too)

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

NAN, INF = float("nan"), float("inf")
BIG = 2**53


@dataclass(frozen=True)
class Kind:
    """A kind of column.

    Attributes
    ----------
    type : pyarrow.DataType
    family : str
        What it can be asked and compared with.
    pool : list
        Values that a row may have, beside null.
    literals : list
        Values that it is compared with, beside its own and their neighbours.
    of : dict
        What is inside: the kind of a list's items (called "item"), or of a struct's fields.
    """

    type: Any
    family: str
    pool: list[Any]
    literals: list[Any]
    of: dict[str, Kind] = field(default_factory=dict)


TEXTS = [
    "", "a", "b", "A", "ab", "abc abc", "a1_", "é", "e\u0301", "\u017f", "\u212a", "\u0130", "\u0131", "K", "sk", "it's", 'say "hi"', "new\nline", "\n",
    "a\n", "back\\slash", "\\", "%", "_", "a%b", "😀", "😀a", "\u202eab", "שלום", "مرحبا", " ", "\t", "\v", "\x1f",
    "\u00a0", "\u2028", "1", "-1.5", "nan", "NULL", "null", "true", "{x}", "$1", "$$", "?", ":a", "--", "/*", "#", "`",
    "\uffff", "\U0010ffff", "\ue000", "http://a.b/c?d=1", "x" * 40, "\x00", "a\x00b",
]  # fmt: skip
INTEGERS = [0, 1, 2, 3, -1, -7, 100, BIG, BIG + 1, -BIG - 1, 2**62, 2**63 - 1, -(2**63)]
NUMBERS = [
    0,
    1,
    -1,
    0.5,
    -0.0,
    2.0,
    BIG,
    BIG + 1,
    float(BIG),
    -BIG - 1,
    2**63,
    2**64,
    -(2**63) - 1,
    INF,
    -INF,
    1e300,
]
FLOATS = [
    0.0,
    -0.0,
    1.0,
    2.0,
    -1.5,
    0.1,
    1 / 3,
    NAN,
    INF,
    -INF,
    1e300,
    -1e300,
    5e-324,
    float(BIG),
    float(BIG + 2),
]
SMALL_FLOATS = [
    float(np.float32(v)) for v in (0.0, -0.0, 1, 2, -1.5, 0.1, 1 / 3, NAN, INF, -INF, 3e38, 1e-45, 2**24, BIG)
]
TINY_FLOATS = [
    float(np.float16(v)) for v in (0.0, -0.0, 1, 2, -1.5, 0.1, 1 / 3, NAN, INF, -INF, 65504, 6e-8, 2048)
]
# Some as floats of 32 and 16 bits hold them, others that these round: onto a neighbour, to zero, to infinity.
ROUNDED = [
    0, 1, -1, 0.5, -0.0, 0.1, 1 / 3, 3.2, 2**24, 2**24 + 1, BIG + 1, 2**63, 1e39, -1e39, 3.5e38, 1e-46, 1e300, INF, -INF,
    2049, 65519, 65520, 1e-9, *SMALL_FLOATS[5:7], *TINY_FLOATS[5:7],
]  # fmt: skip
DATES = [
    dt.date(2024, 2, 29),
    dt.date(2024, 3, 1),
    dt.date(1970, 1, 1),
    dt.date(1969, 12, 31),
    dt.date(1600, 1, 1),
]
FAR_DATES = [dt.date(1, 1, 1), dt.date(9999, 12, 31)]
TIMES = [
    dt.datetime(2024, 2, 29), dt.datetime(2024, 2, 29, 0, 0, 0, 1), dt.datetime(2024, 2, 28, 23, 59, 59, 999_999),
    dt.datetime(1970, 1, 1), dt.datetime(1969, 12, 31, 23, 59, 59, 999_999), dt.datetime(1600, 1, 1),
]  # fmt: skip
FAR_TIMES = [dt.datetime(1, 1, 1), dt.datetime(9999, 12, 31, 23, 59, 59, 999_999)]
# The second and third are an hour apart and the same on New York's clocks.
INSTANTS = [
    dt.datetime(2024, 2, 29, tzinfo=dt.UTC), dt.datetime(2024, 11, 3, 5, 30, tzinfo=dt.UTC),
    dt.datetime(2024, 11, 3, 6, 30, tzinfo=dt.UTC), dt.datetime(1969, 12, 31, 23, 59, 59, 999_999, dt.UTC),
    dt.datetime(1900, 1, 1, tzinfo=dt.UTC), dt.datetime(2199, 12, 31, 23, 59, tzinfo=dt.UTC),
]  # fmt: skip
# Beside what microseconds count, with nanoseconds between them; within the years that these reach.
FINE_TIMES = [
    *TIMES[:5],
    pd.Timestamp("2024-02-29 00:00:00.000000001"),
    pd.Timestamp("1969-12-31 23:59:59.999999999"),
]
FINE_INSTANTS = [*INSTANTS, pd.Timestamp("2024-11-03 05:30:00.000000001", tz="UTC")]
EAST = dt.timezone(dt.timedelta(hours=5, minutes=45))
DURATIONS = [
    dt.timedelta(),
    dt.timedelta(1),
    dt.timedelta(-1, 5),
    dt.timedelta(0, 0, 1),
    dt.timedelta(36_500),
]
FINE_DURATIONS = [dt.timedelta(), dt.timedelta(1), pd.Timedelta(1), pd.Timedelta(-1), pd.Timedelta(1001)]
WHOLE_DECIMALS = [Decimal(0), Decimal(1), Decimal(-3), Decimal(BIG + 1), Decimal(999999999999999999)]
SMALL_DECIMALS = [Decimal("0.00000"), Decimal("0.00001"), Decimal("-0.99999"), Decimal("0.10000")]
DECIMALS = [Decimal("0.00"), Decimal("1.10"), Decimal("1.11"), Decimal("-2.50"), Decimal("9999999.99")]
LONG_DECIMALS = [
    Decimal("0E-10"), Decimal("0.1000000001"), Decimal(BIG + 1), Decimal("-12345678901234567890.0000000001"),
]  # fmt: skip
# No text with a lone surrogate is in an Arrow table, but a person may ask for one.
ASKED_TEXTS = ["", "a", "A", "'", '"', "\\", "\n", "%", "_", "é", "😀", "ab", "\x00", "\ud800"]
ASKED_DECIMALS = [0, 1, -3, BIG + 1, Decimal("1.1"), Decimal("1.105"), Decimal("-2.5"), Decimal("1E+12")]
ASKED_TIMES = [*TIMES, *FAR_TIMES, dt.date(2024, 2, 29), dt.date(2024, 3, 1), dt.date(1970, 1, 1)]
VECTORS = [[0.0, 0.0], [1.0, 2.0], [3.0, 4.0], [-1.0, 0.5], [0.5, 0.5], [NAN, 1.0], [INF, 0.0], [2.0, -1.0]]

_INTEGER = Kind(pa.int64(), "number", INTEGERS, NUMBERS)
_FLOAT = Kind(pa.float64(), "number", FLOATS, NUMBERS)
_TEXT = Kind(pa.string(), "text", TEXTS, ASKED_TEXTS)
_LISTED = Kind(
    pa.list_(pa.string()),
    "list",
    [[], ["a"], ["a", "b"], [None], [None, "a"], ["", "it's", "😀"]],
    [],
    {"item": _TEXT},
)
_FIELDS = {"a": _INTEGER, "text": _TEXT, 'it\'s "odd".é': _FLOAT, "tags": _LISTED}
_STRUCT = Kind(
    pa.struct([(name, kind.type) for name, kind in _FIELDS.items()]),
    "struct",
    [
        dict(zip(_FIELDS, row, strict=True))
        for row in (
            (1, "a", 0.5, ["a"]), (BIG + 1, "", NAN, []), (None, None, None, None), (0, "it's", INF, [None]),
            (2, "😀", -0.0, None), (-1, "A", 1.5, ["b", "a", None]),
        )
    ],
    [],
    _FIELDS,
)  # fmt: skip
_MESSAGE = {"role": _TEXT, "n": _INTEGER}
_CASES = {"a": _INTEGER, "A": _TEXT}
_NUMBERS = Kind(pa.list_(pa.int64()), "list", [[], [1], [2, 3], [None], None], [], {"item": _INTEGER})
_TURN = {"tags": _LISTED, "meta": Kind(pa.struct([("n", pa.int64())]), "struct", [], [], {"n": _INTEGER})}


def _fields(fields: dict[str, Kind]) -> Any:
    return pa.struct([(name, kind.type) for name, kind in fields.items()])


def _seconds(values: list[Any]) -> list[Any]:
    return [value for value in values if not getattr(value, "microseconds", getattr(value, "microsecond", 0))]


KINDS: dict[str, Kind] = {
    "integer": _INTEGER,
    "float": _FLOAT,
    "text": _TEXT,
    "boolean": Kind(pa.bool_(), "boolean", [True, False], [True, False]),
    "int32": Kind(pa.int32(), "number", [0, 1, -1, 5, 2**31 - 1, -(2**31)], NUMBERS),
    "uint64": Kind(pa.uint64(), "number", [0, 1, 2, BIG + 1, 2**63, 2**64 - 1], NUMBERS),
    "float32": Kind(pa.float32(), "number", SMALL_FLOATS, ROUNDED),
    "date": Kind(pa.date32(), "date", [*DATES, *FAR_DATES], [*DATES, *FAR_DATES]),
    "time": Kind(pa.timestamp("us"), "datetime", [*TIMES, *FAR_TIMES], ASKED_TIMES),
    "moment": Kind(pa.timestamp("us", "UTC"), "instant", INSTANTS, [v.astimezone(EAST) for v in INSTANTS]),
    "moment in New York": Kind(pa.timestamp("us", "America/New_York"), "instant", INSTANTS, INSTANTS),
    "duration": Kind(pa.duration("us"), "timedelta", DURATIONS, [*DURATIONS, dt.timedelta(-999), dt.timedelta(0, 1)]),
    "decimal": Kind(pa.decimal128(9, 2), "decimal", DECIMALS, ASKED_DECIMALS),
    "long decimal": Kind(pa.decimal128(38, 10), "decimal", LONG_DECIMALS, ASKED_DECIMALS),
    "category": Kind(pa.dictionary(pa.int32(), pa.string()), "category", TEXTS, ASKED_TEXTS),
    "list of texts": _LISTED,
    "list of integers": Kind(
        pa.list_(pa.int64()), "list", [[], [1], [1, 2, 3], [None], [0, None], [BIG + 1]], [], {"item": _INTEGER}
    ),
    "list of floats": Kind(
        pa.list_(pa.float64()), "list", [[], [0.5], [NAN], [1.0, None], [INF, -0.0]], [], {"item": _FLOAT}
    ),
    "struct": _STRUCT,
    "messages": Kind(
        pa.list_(pa.struct([(name, kind.type) for name, kind in _MESSAGE.items()])),
        "list",
        [
            [], [{"role": "user", "n": 1}], [{"role": "tool", "n": None}, {"role": "user", "n": 2}],
            [None, {"role": None, "n": 3}],
        ],
        [],
        {"item": Kind(pa.struct([(n, k.type) for n, k in _MESSAGE.items()]), "struct", [], [], _MESSAGE)},
    ),
    "list of 32-bit floats": Kind(
        pa.list_(pa.float32()), "list", [[], SMALL_FLOATS[5:7], [None, SMALL_FLOATS[5]], [NAN], [2.0**24]], [],
        {"item": Kind(pa.float32(), "number", SMALL_FLOATS, ROUNDED)},
    ),
    "vector": Kind(pa.list_(pa.float32(), 2), "vector", VECTORS, []),
    "ragged vector": Kind(pa.list_(pa.float64()), "vector", [*VECTORS, [], [1.0], [1.0, 2.0, 3.0]], []),
}  # fmt: skip


#: Drawn half as often.
RARE: dict[str, Kind] = {
    "int8": Kind(pa.int8(), "number", [0, 1, -1, 127, -128], [*NUMBERS, 127, 128, -129, 255]),
    "uint16": Kind(pa.uint16(), "number", [0, 1, 2, 65535], [*NUMBERS, 65535, 65536]),
    "float16": Kind(pa.float16(), "number", TINY_FLOATS, ROUNDED),
    "large text": Kind(pa.large_string(), "text", TEXTS, ASKED_TEXTS),
    "text view": Kind(pa.string_view(), "text", TEXTS, ASKED_TEXTS),
    "large category": Kind(pa.dictionary(pa.int8(), pa.large_string()), "category", TEXTS[:40], ASKED_TEXTS),
    "day in milliseconds": Kind(pa.date64(), "date", [*DATES, *FAR_DATES], [*DATES, *FAR_DATES]),
    "time in seconds": Kind(pa.timestamp("s"), "datetime", _seconds([*TIMES, *FAR_TIMES]), ASKED_TIMES),
    "time in milliseconds": Kind(pa.timestamp("ms"), "datetime", _seconds(TIMES), ASKED_TIMES),
    "time in nanoseconds": Kind(pa.timestamp("ns"), "datetime", FINE_TIMES, ASKED_TIMES),
    "moment in Kathmandu": Kind(pa.timestamp("ms", "Asia/Kathmandu"), "instant", _seconds(INSTANTS), INSTANTS),
    "moment in nanoseconds": Kind(pa.timestamp("ns", "UTC"), "instant", FINE_INSTANTS, INSTANTS),
    "duration in seconds": Kind(pa.duration("s"), "timedelta", _seconds(DURATIONS), DURATIONS),
    "duration in nanoseconds": Kind(pa.duration("ns"), "timedelta", FINE_DURATIONS, DURATIONS),
    "whole decimal": Kind(pa.decimal128(18, 0), "decimal", WHOLE_DECIMALS, ASKED_DECIMALS),
    "small decimal": Kind(pa.decimal128(5, 5), "decimal", SMALL_DECIMALS, ASKED_DECIMALS),
    "large list of texts": Kind(pa.large_list(pa.string()), "list", _LISTED.pool, [], {"item": _TEXT}),
    "list of lists": Kind(
        pa.list_(_NUMBERS.type), "list", [[], [[1]], [[], [2, 3]], [None, [None]], [[1, 2], None]], [], {"item": _NUMBERS}
    ),
    "names that differ in case": Kind(
        _fields(_CASES), "struct", [{"a": 1, "A": "a"}, {"a": None, "A": ""}, {"a": 2, "A": None}], [], _CASES
    ),
    "turns": Kind(
        pa.list_(_fields(_TURN)), "list",
        [
            [], [{"tags": ["a", None], "meta": {"n": 1}}], [None, {"tags": [], "meta": None}],
            [{"tags": None, "meta": {"n": None}}, {"tags": ["b"], "meta": {"n": 2}}],
        ],
        [], {"item": Kind(_fields(_TURN), "struct", [], [], _TURN)},
    ),
}  # fmt: skip
KINDS |= RARE
#: What is compared with one another, so that frames hold several of a family.
FAMILIES = [
    names
    for family in ("datetime", "instant", "timedelta", "decimal", "date", "number", "text")
    if len(names := [name for name, kind in KINDS.items() if kind.family == family]) > 1
]


def near(value: Any, kind: Kind) -> list[Any]:
    """Return a value and its neighbours, as literals that fit its column; none for what has no literal."""
    try:
        return [v for v in _near(value, kind) if not (isinstance(v, float) and math.isnan(v))]
    except OverflowError:  # at the calendar's end
        return [value]


def _near(value: Any, kind: Kind) -> list[Any]:
    match value:
        case None:
            return []
        case bool():
            return [value]
        case int():
            return [value - 1, value, value + 1, float(value)]
        case float() if kind.type in (pa.float32(), pa.float16()):
            narrow = np.float32 if kind.type == pa.float32() else np.float16
            return [value, float(np.nextafter(narrow(value), narrow(0))), math.nextafter(value, INF)]
        case float():
            return [value, math.nextafter(value, INF), math.nextafter(value, -INF)]
        case str():
            return [value, value[:1], value[1:], value + "a"]
        case pd.Timestamp() | pd.Timedelta():
            # No literal has nanoseconds.
            whole = (
                value.floor("us").to_pydatetime()
                if isinstance(value, pd.Timestamp)
                else value.to_pytimedelta()
            )
            return [whole, whole + dt.timedelta(microseconds=1)]
        case dt.datetime():
            return [value, value + dt.timedelta(microseconds=1), value - dt.timedelta(microseconds=1)]
        case dt.date():
            return [value, value + dt.timedelta(1), value - dt.timedelta(1)]
        case dt.timedelta():
            return [value, value + dt.timedelta(microseconds=1), -value]
        case Decimal():
            return [value, value + Decimal("0.001"), int(value)]
    return []
