"""What the law found, shrunk: each case once made an engine select other rows, or fail."""

# ruff: noqa: DTZ001 (columns without a time zone are tried too)

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pyarrow as pa
import pytest

from datalens.predicate import Predicate, col, inside
from laws import oracle
from laws.engines import numbered
from laws.law_test import ENGINES, ask

BIG = 2**53
NEW_YORK = pa.timestamp("us", "America/New_York")
#: Clocks go back an hour: 1:30 for the second time. Python's == holds it to be unequal to any moment of another zone.
AGAIN = dt.datetime(2024, 11, 3, 6, 30, tzinfo=dt.UTC)
SINGLES = pa.array([0.1, 2**24, 1e-30, 0.0, None], pa.float32())
ZEROS = pa.table(
    {"x": [0.0, -0.0, 1.0, -1.0, float("inf"), float("nan"), None], "n": [0, 0, 1, -1, 5, None, 2]}
)
HALVES = pa.table(
    {
        "h": pa.array([1, -128, None, -0.0, 0.1, 2], pa.float16()),
        "g": pa.array([1, 0, 1, None, 2, 0.5], pa.float16()),
        "x": [1.0, 2, 3, -1, 0.1, 2],
    }
)

CASES: dict[str, tuple[pa.Table, Predicate]] = {
    # polars' Rust panics where it hands a column with such a name to Arrow.
    "a NUL in a name": (pa.table({"\x00nul": [1, 2]}), col("\x00nul") > 1),
    "the hour that clocks go back to": (pa.table({"t": pa.array([AGAIN, None], NEW_YORK)}), col("t") == AGAIN),
    "that hour, in two columns": (
        pa.table({"t": pa.array([AGAIN], NEW_YORK), "u": pa.array([AGAIN - dt.timedelta(hours=1)], NEW_YORK)}),
        col("t") > col("u"),
    ),
    # polars multiplies by the reciprocal where a column is divided by a number.
    "an edge whose slope is rounded": (
        pa.table({"x": [2.0, 0.0], "y": [2.0, 0.0]}),
        inside("x", "y", [(2.0, 0.5), (2.5, -1.5), (-1.5, 1e17)]),
    ),
    "a quotient that is rounded": (
        pa.table({"x": [5.0, 7.0, 0.7, 0.1], "q": [5.0 / 3, 7 / 3, 0.7 / 3, 0.1 / 3]}),
        col("x") / 3 == col("q"),
    ),
    "an infinity by a number": (pa.table({"x": [float("inf"), 1.0]}), col("x") / 3 > 1),
    "integers in lists are no floats": (pa.table({"n": pa.array([2**64 - 1, 1], pa.uint64())}), col("n").is_in([2.0**64, 1])),
    "an integer that floats round": (pa.table({"n": [BIG, BIG + 1, None]}), col("n") == BIG + 1),
    "signed and unsigned": (
        pa.table({"n": pa.array([-1, 5], pa.int64()), "u": pa.array([2**64 - 1, 5], pa.uint64())}),
        col("n") == col("u"),
    ),
    "no categories": (pa.table({"c": pa.array([None, None], pa.string()).dictionary_encode()}), col("c").contains("a")),
    "bounds of which one has more than 64 bits": (pa.table({"x": [1.0, None]}), col("x").between(1, 2**63)),
    "half a character as a bound": (pa.table({"t": ["a", None]}), col("t").between("", "\ud800")),
    "every row, as an expression": (pa.table({"n": [1, 2]}), ~(col("n") > 1) & ~~(col("n") == col("n"))),
    "two zones": (
        pa.table({"t": pa.array([AGAIN], pa.timestamp("us", "UTC")), "u": pa.array([AGAIN], NEW_YORK)}),
        col("t") <= col("u"),
    ),
    # Arrow has no such comparison, and pandas then holds all to be unequal.
    "two zones and two units": (
        pa.table({"t": pa.array([AGAIN, None], pa.timestamp("ms", "UTC")), "u": pa.array([AGAIN, AGAIN], NEW_YORK)}),
        col("t") == col("u"),
    ),
    "a category's text": (
        pa.table({"c": pa.array(["a cookie", None, "é"]).dictionary_encode()}),
        col("c").contains("cookie") | (col("c").length() == 1),
    ),
    "an integer beside a null in a list": (
        pa.table({"l": pa.array([[BIG + 1, None], [BIG], None], pa.list_(pa.int64()))}),
        col("l").any() == BIG + 1,
    ),
    "a day at its midnight": (
        pa.table({"t": pa.array([dt.datetime(2024, 1, 1), dt.datetime(2024, 1, 1, 0, 0, 0, 1)], pa.timestamp("us"))}),
        col("t") <= dt.date(2024, 1, 1),
    ),
    "nothing behind a null list": (
        pa.table({"l": pa.array([None, [], [None], [1]], pa.list_(pa.int64()))}),
        col("l").all() == 1,
    ),
    "a field of no struct": (
        pa.table({"s": pa.array([None, {"a": None}, {"a": 1}], pa.struct({"a": pa.int64()}))}),
        col("s").field("a").is_null(),
    ),
    "a newline before the end": (pa.table({"t": ["a\n", "a", "a\v"]}), col("t").matches(r"a\s*$")),
    # Rust's looks at all of Unicode's letters.
    "an edge after é": (pa.table({"t": ["é", "éa", "aé"]}), col("t").matches(r"é\b")),
    # RE2 took the long s and the kelvin sign for letters in another case, beside alternatives.
    "letters in either case beside others": (
        pa.table({"t": ["\u017f", "\u212a", "s", "K", "x", None]}),
        col("t").matches("(?i)s|x") | col("t").matches(r"(?i)(k|\d)") | ~col("t").matches(r"[Ss]|\t"),
    ),
    # Lance cut the finer of two units off.
    "microseconds beside seconds": (
        pa.table({"t": pa.array([1, 10**6, 5 * 10**6, None], pa.timestamp("us")), "u": pa.array([0, 1, 6, 0], pa.timestamp("s"))}),
        ~(col("t") == col("u")),
    ),
    "milliseconds of one zone beside seconds of another": (
        pa.table({"t": pa.array([1, 1000, 5000, None], pa.timestamp("ms", "America/New_York")), "u": pa.array([0, 1, 6, 0], pa.timestamp("s", "UTC"))}),
        col("t") > col("u"),
    ),
    # Arrow wraps it around, numpy looks for none in a list.
    "a duration that nanoseconds don't reach": (
        pa.table({"t": pa.array([0, 10**18, None], pa.duration("ns"))}),
        (col("t") > dt.timedelta(days=-200_000)) & ~col("t").is_in([dt.timedelta(days=200_000), dt.timedelta(0)]),
    ),
    "a moment that nanoseconds don't reach": (
        pa.table({"t": pa.array([0, 10**18, None], pa.timestamp("ns", "UTC"))}),
        (col("t") < dt.datetime(9999, 12, 31, tzinfo=dt.UTC)) & ~(col("t") == dt.datetime(1600, 1, 1, tzinfo=dt.UTC)),
    ),
    # polars looks for no integers among floats.
    "large integers in a list": (pa.table({"x": [float(BIG), 1.0, None]}), col("x").is_in([BIG, 0])),
    "a float in a list": (pa.table({"x": pa.array([0.0, None], pa.float32())}), col("x").is_in([0])),
    "two categories": (
        pa.table({"c": pa.array(["a", "b"]).dictionary_encode(), "d": pa.array(["b", "b"]).dictionary_encode()}),
        col("c") != col("d"),
    ),
    # polars brings a float bound, an integer bound and a column of integers to floats.
    "bounds of two types": (pa.table({"n": [BIG, BIG + 1, BIG - 1, None]}), col("n").between(float(BIG), BIG)),
    # polars rounds to the coarser of two units.
    "durations of two units": (
        pa.table({"t": pa.array([1, -1, 1000, None], pa.duration("ns")), "u": pa.array([0, 0, 1, 0], pa.duration("us"))}),
        col("t") < col("u"),
    ),
    "a duration of a finer unit beside null": (
        pa.table({"t": pa.array([1, 1000, None], pa.duration("us")), "u": pa.array([None, 1, None], pa.duration("ms"))}),
        col("t") != col("u"),
    ),
    "a moment among nanoseconds": (
        pa.table({"t": pa.array([0, 1, 10**18, None], pa.timestamp("ns", "UTC"))}),
        (col("t") > dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) & ~col("t").is_in([dt.datetime(2001, 9, 9, 1, 46, 40, tzinfo=dt.UTC)]),
    ),
    # Arrow wraps the year 1600 around, in nanoseconds.
    "a day that nanoseconds don't reach": (
        pa.table({"t": pa.array([0, 10**18, None], pa.timestamp("ns"))}),
        (col("t") > dt.date(1600, 1, 1)) & col("t").between(dt.datetime(1600, 1, 1), dt.datetime(3000, 1, 1)),
    ),
    "an integer of 64 bits beside a fraction": (pa.table({"x": [0.0, 2.0**63, None]}), col("x").is_in([2**63, 5e-324])),
    # Arrow brings no integer beyond 2**24 to floats.
    "a fraction among large integers": (pa.table({"n": [2**24 + 1, BIG + 1, 2, None]}), col("n") > 2.5),
    "a whole float among large integers": (pa.table({"n": [BIG, 2**24 + 1, 0, None]}), col("n") == -0.0),
    "a float that large integers round to": (pa.table({"n": [BIG, BIG + 1, BIG + 2, None]}), col("n") <= float(BIG)),
    "days in milliseconds": (
        pa.table({"d": pa.array([dt.date(1, 1, 1), dt.date(2024, 1, 1), None], pa.date64())}),
        col("d").is_in([dt.date(1, 1, 1), dt.date(1969, 12, 31)]),
    ),
    "a day before nanoseconds begin": (pa.table({"d": [dt.date(1, 1, 1), None]}), col("d") == dt.date(1, 1, 1)),
    # DuckDB looked for these with 64 bits, Spark and Postgres for the second.
    "fractions of 32 bits in a list": (pa.table({"x": SINGLES}), ~col("x").is_in([0.1, 3, 1e-30])),
    "an integer of more than 24 bits in a list": (pa.table({"x": SINGLES}), col("x").is_in([2**24 + 1])),
    "fractions in a list, of integers": (pa.table({"n": [1, BIG + 1, None]}), col("n").is_in([0.1, 1, BIG + 1])),
    "an integer of more than 24 bits": (pa.table({"x": SINGLES}), col("x") >= 2**24 + 1),
    # DuckDB made 32-bit floats of the integers, where it wasn't told the types.
    "integers beside 32-bit floats": (
        pa.table({"n": [2**24 + 1, 2**24, None, 0], "x": pa.array([2**24, 2**24, 0, None], pa.float32())}),
        col("n") > col("x"),
    ),
    # Spark's optimizer takes a comparison that holds of every integer for one that holds of null.
    "more than 64 bits beside decimals": (
        pa.table({"d": pa.array([Decimal(0), Decimal("-12345678901234567890.1"), None], pa.decimal128(38, 10))}),
        col("d").between(-12345678901234567890, 2**53 + 1),
    ),
    "more than 64 bits, and null": (pa.table({"n": [1, None]}), col("n") < 2**70),
    "more than 64 bits around, and null": (pa.table({"n": [1, None]}), ~col("n").between(-(2**70), 2**70)),
    # Of 38 digits, DuckDB and Spark had none left for the integer.
    "thirty decimals beside integers": (pa.table({"n": [0, 2**62, None]}), col("n") != 1e-30),
    # Lance took floats for the list, in which 2**53 + 1 is 2**53.
    "integers of several sizes in a list": (
        pa.table({"n": [BIG, BIG + 1, None]}),
        ~col("n").is_in([BIG + 1, 10**20]),
    ),
    # Arrow and Lance failed to bring these to the column's type, and the column to theirs.
    "what no decimal of the column is": (
        pa.table({"d": pa.array([Decimal("1.50"), Decimal(-3), None], pa.decimal128(5, 2))}),
        (col("d") < 2**53 + 1) & ~col("d").is_in([1000, -3]) & ~col("d").is_in([Decimal("1.505")]) & (col("d") > Decimal("1.499")),
    ),
    "decimals that have no type in common": (
        pa.table({"d": pa.array([Decimal("0.5"), None], pa.decimal128(38, 10)), "e": pa.array([Decimal(10**30), Decimal(1)], pa.decimal128(38, 0))}),
        col("d") < col("e"),
    ),
    "an integer of 64 bits, unsigned, beside small ones": (
        pa.table({"u": pa.array([2**64 - 1, 1, None], pa.uint64())}),
        (col("u") > 1) & (col("u") != 2**64) & ~col("u").is_in([-1]),
    ),
    "an integer one below those of 64 bits": (pa.table({"n": [-(2**63), None]}), col("n") > -(2**63) - 1),
    "large integers beside floats": (
        pa.table({"n": [2**63 - 1, BIG + 1, None], "x": [2.0**63, 1.5, None]}),
        (col("n") >= col("x")) & (col("n") != col("x")) | (col("n") == col("x")),
    ),
    "a large integer among floats of 32 bits": (pa.table({"x": SINGLES}), col("x").is_in([2**53 - 2**30])),
    # Arrow looked for one zero alone, where it is what the column's precision makes of a number.
    "what 32 bits round to zero": (pa.table({"x": pa.array([0.0, -0.0, 1.0, None], pa.float32())}), ~col("x").is_in([1e-46])),
    "a bound that 32 bits don't hold": (pa.table({"x": SINGLES}), col("x").between(-1e300, 0.1)),
    "floats of 16 bits": (
        pa.table({"x": pa.array([0.1, -0.0, float("inf"), None], pa.float16()), "n": [1, 2, 3, 4]}),
        (col("x") != col("n")) & ~col("x").is_in([0.1]) & (col("x") < 1e39),
    ),
    # One is brought to the nanoseconds of the other, which reach from 1677 to 2262.
    "years that nanoseconds beside them don't reach": (
        pa.table({"t": pa.array([dt.datetime(1, 1, 1), dt.datetime(9999, 1, 1), None], pa.timestamp("us")), "u": pa.array([0, 1, 2], pa.timestamp("ns"))}),
        col("t") < col("u"),
    ),
    "moments beside moments in nanoseconds": (
        pa.table({"t": pa.array([AGAIN, AGAIN, None], pa.timestamp("us", "UTC")), "u": pa.array([AGAIN, None, AGAIN], pa.timestamp("ns", "UTC"))}),
        ~(col("t") < col("u")),
    ),
    "a moment among nanoseconds of UTC": (
        pa.table({"u": pa.array([AGAIN, None], pa.timestamp("ns", "UTC"))}),
        ~col("u").is_in([AGAIN]) | (col("u") >= AGAIN),
    ),
    "a far time in a list, negated": (
        pa.table({"t": pa.array([dt.datetime(1600, 1, 1), None], pa.timestamp("us")), "u": pa.array([0, None], pa.timestamp("ns"))}),
        ~col("t").is_in([dt.datetime(1600, 1, 1)]) & ~col("u").is_in([dt.datetime(1600, 1, 1)]),
    ),
    # DuckDB and Lance read -0.0 as a decimal or an integer, which have no negative zero.
    "a division by negative zero": (ZEROS, col("x") / -0.0 < 0),
    "a division by a product with negative zero": (ZEROS, 1 / (col("n") * -0.0) < 0),
    "a division by negative zero less a column": (ZEROS, 1 / (-0.0 - col("x")) < 0),
    "negative zero by a column": (ZEROS, -0.0 / col("n") + 1 / (-0.0 / col("x")) < 0),
    # Polars took 0 - x for -x, x + 0 and x - -0.0 for x.
    "a division by a column less than zero": (ZEROS, 1 / (0 - col("x")) < 0),
    "a division by integers less than zero": (ZEROS, 1 / (0.0 - col("n")) < 0),
    "a division by a column and zero": (ZEROS, 1 / (col("x") + 0) > 0),
    "a division by zero and a column": (ZEROS, 1 / ((0.0 + col("x")) * 2) > 0),
    "a division by a column less negative zero": (ZEROS, 1 / (1 / (1 / (col("x") - -0.0))) > 0),
    # Arrow compares no two floats of 16 bits, and looks for none.
    "another float of 16 bits": (HALVES, (col("h") != -128) | col("h").is_null()),
    "floats of 16 bits in a list": (HALVES, ~col("h").is_in([0, 0.5, 1])),
    "floats of 64 bits beside those of 16": (HALVES, (col("x") <= col("h")) & (col("h") == col("h"))),
    "floats of 16 bits beside their like": (HALVES, (col("h") != col("g")) & (col("h") + 1 > col("g"))),
    # Arrow tells the two zeros apart in a list.
    "a zero beside a fraction in a list": (ZEROS, ~col("x").is_in([0, 0.1])),
    # Lance took the moment for one on New York's clocks.
    "a moment in New York": (pa.table({"t": pa.array([AGAIN], NEW_YORK)}), ~(col("t") < AGAIN)),
}  # fmt: skip


@pytest.mark.parametrize("name", ENGINES)
@pytest.mark.parametrize("case", CASES)
def regression_test(case, name):
    plain, predicate = CASES[case]
    table = numbered(plain)
    rows = [number for number, kept in enumerate(oracle.selected(predicate, table)) if kept]
    ask(ENGINES[name], predicate, table, rows)


def the_oracle_says_test():
    said = {case: oracle.selected(predicate, table) for case, (table, predicate) in CASES.items()}
    assert said["the hour that clocks go back to"] == [True, False]
    assert said["that hour, in two columns"] == [True]
    assert said["an edge whose slope is rounded"] == [True, False]
    assert said["a quotient that is rounded"] == [True] * 4
    assert said["an integer that floats round"] == [False, True, False]
    assert said["signed and unsigned"] == [False, True]
    assert said["nothing behind a null list"] == [False, True, False, True]
    assert said["a field of no struct"] == [True, True, False]
    assert said["two zones and two units"] == [True, False]
    assert said["a category's text"] == [True, False, True]
    assert said["an integer beside a null in a list"] == [True, False, False]
    assert said["an edge after é"] == [False, True, False]
    assert said["a newline before the end"] == [True, True, False]
    assert said["bounds of two types"] == [True, False, False, False]
    assert said["durations of two units"] == [False, True, False, False]
    assert said["a fraction among large integers"] == [True, True, False, False]
    assert said["a float that large integers round to"] == [True, True, False, False]
