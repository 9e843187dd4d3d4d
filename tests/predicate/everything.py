# ruff: noqa: DTZ001 (columns without a time zone are what is tested)
"""A table with columns of every kind, and predicates over all of them, for the tests of several dialects."""

import datetime as dt
from decimal import Decimal

import pyarrow as pa

from datalens.core.keys import Identity
from datalens.predicate import col, inside, keys

NAN, INF = float("nan"), float("inf")
BIG = 2**53 + 1

#: Names and texts that printed code has to quote, and that engines may take for something else.
STRANGE = [
    "", "*", "^a.*$", "^", "a.b", '"', "'", "\"'", "\\", "\n", "\r", "\0", "\u202eab", "😀", '"""', "{x}", "%s", "$a",
]  # fmt: skip

TABLE = pa.table(
    {
        "i": pa.array([1, 2, None, BIG, -3, 0]),
        "i8": pa.array([1, 2, None, 100, -3, 0], pa.int8()),
        "u": pa.array([1, 2, None, 2**64 - 1, BIG, 0], pa.uint64()),
        "x": pa.array([1.0, NAN, None, INF, -INF, -0.0]),
        "y": pa.array([1.0, 1.0, 1.0, NAN, None, 0.5]),
        "g": pa.array([0.1, NAN, None, INF, 3.2, 0.0], pa.float32()),
        "s": ["a", "web", None, "", "é 😀 cookie", "décaf cookies\n"],
        "r": ["b", "web", "x", None, "", "décaf"],
        "f": [True, False, None, True, False, None],
        "c": pa.array(["a", "web", None, "", "web", "x"]).dictionary_encode(),
        "p": pa.array(
            [*map(Decimal, ("1.50", "2.25")), None, *map(Decimal, ("-1", "3.00", "0"))], pa.decimal128(10, 2)
        ),
        "d": [dt.date(2024, 1, 1), dt.date(2024, 1, 2), None, dt.date(1, 1, 1), dt.date(1970, 1, 1), None],
        "t": pa.array(
            [dt.datetime(2024, 1, 1), dt.datetime(2024, 1, 1, 12), None, dt.datetime(1970, 1, 1), None, None]
        ),
        "z": pa.array(
            [dt.datetime(2024, 1, day, tzinfo=dt.UTC) for day in (1, 2, 3, 4, 5)] + [None],
            pa.timestamp("us", "Europe/Berlin"),
        ),
        "e": pa.array(
            [dt.timedelta(minutes=1), dt.timedelta(hours=1), None, dt.timedelta(-1), dt.timedelta(0), None]
        ),
        "l": [["a", None], [], None, ["web", "a"], [None], ["é"]],
        "n": pa.array([[1.0, NAN], [], None, [None, 3.0], [-1.0], [5.0, 6.0]]),
        "m": [
            {"a": 1, "b": "x", "c": NAN},
            {"a": None, "b": None, "c": None},
            None,
            *[{"a": 3, "b": "", "c": 1.5}] * 3,
        ],
        "k": [
            [{"role": "tool", "n": [1, 2]}],
            [],
            None,
            [{"role": "user", "n": None}, None],
            [None],
            [{"role": "tool"}],
        ],
        "o": pa.nulls(6),
    }
)

SCALARS = [
    *(getattr(col(name), op)(value) for name in ("i", "x") for op in ("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__") for value in (1, BIG)),
    *(getattr(col("x"), op)(value) for op in ("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__") for value in (0.5, 0.0, INF, -INF)),
    *(getattr(col("g"), op)(value) for op in ("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__") for value in (0.1, 3.2, 0.5)),
    col("i8") > 300,
    col("i8") < 2.5,
    col("i") > 2**70,
    col("u") > -1,
    col("u") == 2**64 - 1,
    col("u") >= BIG,
    col("x") > 2**70,
    col("i").between(0, 2),
    col("x").between(-1, INF),
    col("x").between(-INF, 1.5),
    col("g").between(0.1, 3.2),
    col("i").is_in([1, BIG]),
    col("i").is_in([1, 2.5]),
    col("i").is_in([]),
    col("u").is_in([2**64 - 1, 2**70, 1, -1]),
    col("x").is_in([1, 0]),
    col("x").is_in([0.5, INF]),
    col("g").is_in([0.1, 0]),
    col("i8").is_in([1, 300]),
    col("i").is_null(),
    col("x").is_null(),
    col("g").is_null(),
    col("i") == col("x"),
    col("x") < col("y"),
    col("x") >= col("y"),
    col("y") > col("x"),
    col("y") <= col("x"),
    col("x") != col("y"),
    col("x") == col("x"),
    col("s") == "web",
    col("s") != "web",
    col("s") > "b",
    col("s") <= "é",
    col("s").between("", "b"),
    col("s").is_in(["a", "web"]),
    col("s").is_in([]),
    col("s").contains("cookie"),
    col("s").contains(""),
    col("s").contains("."),
    col("s").starts_with("é 😀"),
    col("s").is_null(),
    col("s") == col("r"),
    col("s") < col("r"),
    col("s") != col("r"),
    col("s").matches(r"cookies?$"),
    col("s").matches(r"\bcaf"),
    col("s").matches(r"(?i)^WEB|[^a]\n"),
    col("s").matches(r"^.\s."),
    col("f") == True,  # noqa: E712
    col("f") != True,  # noqa: E712
    col("f").is_in([False]),
    col("f").is_null(),
    col("c") == "web",
    col("c") != "web",
    col("c").is_in(["web", "q"]),
    col("c").contains("w"),
    col("c").starts_with(""),
    col("c").matches("^w"),
    col("c").is_null(),
    col("c") == col("s"),
    col("p") == Decimal("1.5"),
    col("p") != Decimal("1.501"),
    col("p") > Decimal("1.4999"),
    col("p").between(Decimal("1.5"), Decimal("2.25")),
    col("p").is_in([Decimal("2.25"), Decimal("1.5001")]),
    col("p") > 1,
    col("p") != 3,
    col("p").is_in([3, 0]),
    col("p").is_null(),
    col("d") == dt.date(2024, 1, 1),
    col("d") > dt.date(1969, 1, 1),
    col("d").between(dt.date(1, 1, 1), dt.date(2024, 1, 1)),
    col("d").is_in([dt.date(2024, 1, 1), dt.date(1, 1, 1)]),
    col("t") == dt.date(2024, 1, 1),
    col("t") != dt.date(2024, 1, 1),
    col("t") >= dt.date(2024, 1, 1),
    col("t").is_in([dt.date(2024, 1, 1), dt.date(1970, 1, 1)]),
    col("t") > dt.datetime(2024, 1, 1),
    col("t").between(dt.datetime(2024, 1, 1), dt.datetime(2024, 1, 1, 12)),
    col("t").is_in([dt.datetime(2024, 1, 1)]),
    col("z") >= dt.datetime(2024, 1, 2, tzinfo=dt.UTC),
    col("z") != dt.datetime(2024, 1, 2, 1, tzinfo=dt.timezone(dt.timedelta(hours=1))),
    col("z").is_in([dt.datetime(2024, 1, 3, tzinfo=dt.UTC)]),
    col("e") > dt.timedelta(0),
    col("e") == dt.timedelta(hours=1),
    col("e").is_in([dt.timedelta(-1)]),
    col("o") == 1,
    col("o") > 1.5,
    col("o") == "a",
    col("o").is_null(),
    col("o").contains("a"),
    inside("x", "y", [(0, 0), (4, 0), (4, 4), (0, 4)]),
    inside("i", "g", [(-5, -1), (4, 0), (4, 4), (-1, 5), (4, -5)]),
    keys(["a", "web"], Identity("column", ("s",))),
    keys([1, BIG], Identity("column", ("i",))),
    (col("x") > 0) & ~((col("s") == "a") | (col("i") != 2)),
    ~(~(col("x") > 0) & ~col("s").contains("a")),
]  # fmt: skip

COMPUTED = [
    col("s").length() > 2,
    col("s").length() != 3.0,
    col("c").length() == 3,
    col("s").length() >= col("i"),
    col("s").length() < col("r").length(),
    col("x") + 1 > col("y"),
    col("x") - col("x") == 0,
    col("x") / col("y") != 1,
    col("y") / col("x") <= col("y"),
    col("i8") * 100 > 150,
    col("u") - 5 < 0,
    col("g") + 1 == 1.1,
    1 / col("x") > 0,
    1 - col("i") <= col("x") * 2,
    col("i") / 3 >= 1 / 3,
    (col("x") + col("y")) * (col("i") - 1) > -(2**70),
    2**60 + col("i") != 2.0**60,
]

MEMBERS = [
    col("m").field("a") > 1,
    col("m").field("b") == "x",
    col("m").field("b").contains(""),
    col("m").field("b").matches("^x"),
    col("m").field("c").is_null(),
    col("m").field("c") > 1.25,
    col("m").field("a").is_in([3]),
    col("m").field("a") + 1 >= 4,
    col("m").is_null(),
]

NESTED = [
    col("l").length() > 1,
    col("l").any() == "web",
    col("l").all() != "web",
    col("l").any().is_in(["é", "a"]),
    col("l").any().contains("e"),
    col("l").all().starts_with("w"),
    col("l").any().matches("^a$"),
    col("l").any().is_null(),
    col("l").all().is_null(),
    col("l").all().length() <= 3,
    col("n").any() > 2.5,
    col("n").all() > 1,
    col("n").any() != 3,
    col("n").any().is_null(),
    col("n").all().between(0, INF),
    col("n").any() / 3 > 1,
    col("n").all() + 1 < 100,
    col("k").any().field("role") == "tool",
    col("k").all().field("role") == "tool",
    col("k").any().field("role").is_null(),
    col("k").any().field("n").any() == 2,
    col("k").any().field("n").length() == 2,
    col("m").field("b").length() == 1,
    col("l").is_null(),
]

PREDICATES = [*SCALARS, *COMPUTED, *MEMBERS, *NESTED]
