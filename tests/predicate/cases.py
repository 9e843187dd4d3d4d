# ruff: noqa: DTZ001 (columns without a time zone are what is tested)
"""A table with every kind of column and odd values, and predicates of every node over it."""

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

import pyarrow as pa
from hypothesis import strategies as st

from datalens.core.keys import Identity
from datalens.predicate import col, everything, inside, keys

ODD = "a \"quoted\" 'name'\n{x} 😀\\"
BERLIN = ZoneInfo("Europe/Berlin")
NAN, INF = float("nan"), float("inf")
BIG = 2**53


def _repeated(fold):
    """Return 2:30 of the hour that the clocks of Berlin repeat."""
    return dt.datetime(2024, 10, 27, 2, 30, tzinfo=BERLIN, fold=fold)


def table():
    """Make the table: eight rows, nulls in every column."""
    return pa.table(
        {
            "a": pa.array([1.0, -2.5, NAN, None, INF, -INF, 0.0, -0.0]),
            "b": pa.array([2.0, -2.5, 1.0, 4.0, INF, 0.0, 0.0, None]),
            "n": pa.array([1, BIG + 1, None, -3, 0, BIG, 7, 2], pa.int64()),
            "m": pa.array([1, BIG, 5, -4, 0, BIG + 1, None, 2], pa.int64()),
            "h": pa.array([2**63, 2**63 + 1, None, 0, BIG + 1, 5, 2**64 - 1, BIG], pa.uint64()),
            "s": ["a", "", None, "web 😀", "caf\u00e9", "a\nb", "Cookie banner", "\u05d0\u05d1"],
            "class": ["a", "b", None, "web", "caf\u00e9", "", "x", "\u05d0\u05d1"],
            ODD: pa.array([3, 1, None, 4, 1, 5, 9, 2], pa.int64()),
            "f": [True, False, None, True, False, None, True, False],
            "t": [dt.datetime(2024, 1, 1, h) if h else None for h in range(8)],
            "z": pa.array(
                [_repeated(0), _repeated(1), None, *[_repeated(0) + dt.timedelta(days=d) for d in range(5)]],
                pa.timestamp("us", "Europe/Berlin"),
            ),
            "w": pa.array(
                [_repeated(1), _repeated(1), _repeated(0), None, *[_repeated(0)] * 4],
                pa.timestamp("us", "Europe/Berlin"),
            ),
            "tn": pa.array(
                [1_704_067_200_000_000_000 + i if i else None for i in range(8)], pa.timestamp("ns")
            ),
            "zn": pa.array(
                [1_730_000_000_000_000_000 * (i % 2) for i in range(8)], pa.timestamp("ns", "Europe/Berlin")
            ),
            "un": pa.array([i * 1000 + i % 3 if i else None for i in range(8)], pa.duration("ns")),
            "k": pa.array(["a", None, "web 😀", "a", "b", "", "b", "a"]).dictionary_encode(),
            "d": [dt.date(2024, 1, 1 + i) if i != 2 else None for i in range(8)],
            "u": [dt.timedelta(seconds=i * 1.5) if i != 3 else None for i in range(8)],
            "p": [Decimal("1.50"), None, Decimal("-2.25"), *[Decimal(i) for i in range(5)]],
            "tags": [["web", None], [], None, ["a\nb", "web"], [None], ["caf\u00e9"], ["x", "y"], [""]],
            "scores": pa.array(
                [[1, 5], [], None, [7], [None, 9], [BIG + 1], [-1], [2, 3]], pa.list_(pa.int64())
            ),
            "reals": pa.array([[1.5, NAN], [], None, [INF], [None, 9.0], [0.0], [-0.0, 2.0], [2.0]]),
            "grid": [[[1], [2, None]], [], None, [None], [[]], [[9]], [[1, 9], [3]], [None, [9]]],
            "flags": [[True], [False, None], [], None, [True, False], [], [None], [True]],
            "days": [[dt.date(2024, 1, 1)], [], None, [None], [dt.date(2024, 1, 2), None], [], [], []],
            "times": [
                [dt.datetime(2024, 1, 1)],
                [],
                None,
                [None],
                [dt.datetime(2024, 1, 2), None],
                [],
                [],
                [],
            ],
            "meta": [
                {"url": "http://a", "n": 3, "tags": ["x"]},
                {"url": None, "n": None, "tags": []},
                None,
                {"url": "", "n": -1, "tags": None},
                *[{"url": "https://b😀", "n": 8, "tags": [None, "web"]}] * 4,
            ],
            "chat": [
                [{"role": "user", "text": "hi"}, {"role": "tool", "text": None}],
                [],
                None,
                [None],
                [{"role": None, "text": "x"}],
                *[[{"role": "user", "text": "a😀"}]] * 3,
            ],
            "v": [
                [1.0, 2.0, 2.0],
                [0.0, 0.0, 0.0],
                None,
                [-1.0, 0.5, 3.0],
                [None, 1.0, 1.0],
                [NAN, 1.0, 1.0],
                [INF, 0.0, 1.0],
                [2.0],
            ],
        }
    )


POLYGON = [(0, 0), (4, 4), (4, 0), (0, 4), (-3, 2), (-3, -3)]

COMPARED = [
    everything(),
    ~everything(),
    col("a") > 1,
    ~(col("a") > 1),
    col("a") != 1,
    col("a") == 0,
    col("a") < INF,
    col("a").between(-3, 1.5),
    col("a").is_in([1, -2.5, INF]),
    ~col("a").is_null(),
    col("n") == BIG + 1,
    col("n") > BIG,
    col("n").between(BIG, BIG + 1),
    col("n").is_in([BIG + 1, 7]),
    col("n").is_in([BIG + 1, 1e300]),
    col("a") < col("b"),
    col("a") == col("b"),
    col("a") != col("b"),
    col("n") < col("m"),
    col("n") != col("m"),
    col(ODD) > 2,
    (col(ODD) > 2) | (col("class") == "b"),
    col("s") == "",
    col("s") != "a",
    col("s") > "a",
    col("s").between("a", "b"),
    col("s") == col("class"),
    ~(col("s") >= col("class")),
    (col("n") > 0) & (col("s") == col("class")),
    col("b") != 2**64 - 1,
    col("b").between(-(2**70), 2**70),
    col("n") < 2**63,
    col("s").is_in(["a", "\u05d0\u05d1"]),
    ~col("s").is_in([]),
    col("s").contains("\u00e9"),
    ~col("s").starts_with("web"),
    col("f") == True,  # noqa: E712
    col("f") != True,  # noqa: E712
    ~(col("f") == False),  # noqa: E712
    col("f").is_in([True]),
    col("t") > dt.datetime(2024, 1, 1, 3),
    col("t") != dt.datetime(2024, 1, 1, 3),
    col("t") > dt.date(2023, 12, 31),
    col("z") == _repeated(0),
    col("z") != _repeated(1),
    col("z") <= _repeated(1),
    col("z").is_in([_repeated(1)]),
    col("z") < col("w"),
    col("tn") > dt.datetime(2024, 1, 1),
    col("tn") != dt.date(2024, 1, 1),
    col("zn") == dt.datetime.fromtimestamp(1_730_000_000, dt.UTC),
    col("zn") < dt.datetime(2024, 1, 1, tzinfo=dt.UTC),
    col("un") >= dt.timedelta(microseconds=4),
    col("un").is_in([dt.timedelta(microseconds=3), dt.timedelta(microseconds=4)]),
    col("k") == "a",
    ~(col("k") != "a"),
    col("k").is_in(["b", ""]),
    col("k").is_null(),
    col("n").is_in([BIG, 2.5]),
    ~col("a").is_in([0, 1]),
    col("n").is_in([0]) | (col("m") > 4),
    ~col("h").is_in([2**63 + 1, 0]),
    col("h") == 2**63,
    col("h") > 2**63,
    col("h").between(0.5, 2**63),
    col("a").is_in([BIG + 1, 1]),
    col("z") == col("w"),
    ~(col("z") != col("w")),
    col("d") <= dt.date(2024, 1, 2),
    col("d") != dt.date(2024, 1, 2),
    col("d").is_in([dt.date(2024, 1, 2)]),
    col("d").between(dt.date(2024, 1, 2), dt.date(2024, 1, 5)),
    col("u") >= dt.timedelta(seconds=3),
    col("u") != dt.timedelta(seconds=1.5),
    col("u").is_in([dt.timedelta(seconds=1.5)]),
    col("p") > 1,
    col("p") != Decimal("1.5"),
    col("p").is_in([Decimal("1.5"), Decimal(3)]),
    inside("a", "b", POLYGON),
    ~inside("b", ODD, POLYGON),
    inside("p", "b", POLYGON),
    keys(["a", "web"], Identity("column", ("class",))),
]

COMPUTED = [
    col("s").length() > 2,
    ~(col("s").length() == 4),
    col("s").length() != 1,
    col("s").length() > col("class").length(),
    col("tags").length() == 2,
    ~(col("tags").length() < 1),
    col("scores").length() * 2 - 1 > col("b"),
    col("b") - col("a") > 0.3,
    ~(col("b") - col("a") > 0.3),
    col("a") - (col("b") - 1) <= 2,
    col("a") * col("b") + 1 >= 1,
    col("a") / col("b") > 0,
    col("b") / col("a") == INF,
    ~(col("a") / col("b") != 1),
    1 / col("a") < 0,
    col("n") / 0 != 1,
    col("n") - col("m") == 0,
    col("n") + 1 == col("m"),
    -col("n") != col(ODD),
    col("n") * 1 == BIG,
    col(ODD) * 0.1 < col("s").length() / col("class").length(),
    (col("a") * col("b")).between(-1, 10) & (col("s") > ""),
    col("k").length() > 1,
    col("k").matches("^[ab]$"),
    col("s").matches(r"\bcaf\b"),
    col("s").matches("(?i)cookie"),
    ~col("s").matches("a$"),
    col("s").matches(r"^\w+$"),
    col("s").matches(r"\W") & (col("n") > 0),
    col("class").matches(".") | (col("a") > 3),
]

NESTED = [
    col("tags").any() == "web",
    ~(col("tags").any() == "web"),
    col("tags").all() != "web",
    col("tags").any().is_null(),
    col("tags").any().contains("e"),
    col("tags").all().is_in(["x", "y", ""]),
    col("tags").any().matches(r"\w\b"),
    col("tags").any().length() > 3,
    col("scores").any() > 6,
    col("scores").all() > 0,
    col("scores").any() == BIG + 1,
    col("scores").any() * 2 > 9,
    10 / col("reals").any() == INF,
    col("reals").all() >= 0,
    col("reals").any().is_null(),
    col("reals").any() != 2,
    col("grid").any().any() == 9,
    col("grid").any().all() > 0,
    col("grid").all().length() > 0,
    col("flags").any() == True,  # noqa: E712
    col("flags").all() != True,  # noqa: E712
    col("days").any() == dt.date(2024, 1, 1),
    col("days").any() != dt.date(2024, 1, 1),
    col("days").all().is_null(),
    col("times").any() > dt.datetime(2024, 1, 1),
    col("times").any() != dt.datetime(2024, 1, 1),
    col("meta").field("url").starts_with("http:"),
    col("meta").field("url").is_null(),
    ~col("meta").field("n").between(0, 5),
    col("meta").field("n") - 1 > 3,
    col("meta").field("tags").any() == "web",
    col("meta").field("tags").is_null(),
    col("meta").field("tags").length() > 0,
    col("chat").any().field("role") == "tool",
    ~(col("chat").all().field("role") == "user"),
    col("chat").any().field("text").is_null(),
    col("chat").any().field("text").contains("😀") & (col("a") > 0),
    (col("tags").any() == "web") | (col("scores").all() > 0) | (col("s") == "a"),
    col("v").dot([1, 0.5, -2]) >= -2,
    col("v").dot([1, 0.5, -2]) < 100,
    ~(col("v").cosine([1, 2, 2]) > 0.9),
    (col("v").cosine([1, 2, 2]) <= 1.1) & (col("n") > 0),
]

#: Any of them, combined.
trees = st.recursive(
    st.sampled_from([*COMPARED, *COMPUTED, *NESTED]),
    lambda parts: st.one_of(
        st.builds(lambda a, b: a & b, parts, parts),
        st.builds(lambda a, b: a | b, parts, parts),
        parts.map(lambda a: ~a),
    ),
    max_leaves=5,
)
