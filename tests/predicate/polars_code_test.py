# ruff: noqa: DTZ001 (columns without a time zone are what is tested)
import ast
import datetime as dt
import warnings
from decimal import Decimal

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings

from datalens.core.errors import ColumnError, NotExpressibleError
from datalens.core.keys import Identity
from datalens.predicate import col, inside, keys
from predicate.everything import PREDICATES, STRANGE, TABLE
from predicate.pandas_code_test import frames, trees

TRIANGLE = [(0, 0), (4, 0), (4, 4)]
NAN = float("nan")


def run(predicate, df, **names):
    namespace = {names.get("frame", "df"): df}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        exec(predicate.code("polars", **names), namespace)  # noqa: S102
    return namespace[names.get("result", "selected")]


def check(predicate, frame):
    frame = frame.with_row_index("row number")
    wanted = np.flatnonzero(predicate.mask(frame)).tolist()
    assert run(predicate, frame)["row number"].to_list() == wanted
    assert run(predicate, frame, schema=frame)["row number"].to_list() == wanted
    lazy = run(predicate, frame.lazy())
    assert isinstance(lazy, pl.LazyFrame)
    assert lazy.collect()["row number"].to_list() == wanted


@pytest.mark.parametrize(
    ("predicate", "code"),
    [
        (col("loss") < 3.2, 'selected = df.filter(pl.col("loss") < 3.2)'),
        (
            col("loss") > 3.2,
            'selected = df.filter((pl.col("loss") > 3.2) & pl.col("loss").is_not_nan())',
        ),
        (~(col("loss") < 3.2), 'selected = df.filter(~(pl.col("loss") < 3.2).fill_null(False))'),
        (
            ~(col("s") == "a") & (col("s") == "b"),
            'selected = df.filter(~(pl.col("s") == "a").fill_null(False) & (pl.col("s") == "b"))',
        ),
        (~inside("x", "y", TRIANGLE), None),
        (col("s").is_in(["a", "b"]), 'selected = df.filter(pl.col("s").is_in(["a", "b"]))'),
        (col("x").between(0.5, 1), 'selected = df.filter(pl.col("x").is_between(0.5, 1))'),
        (
            col("s").contains("x"),
            'selected = df.filter(pl.col("s").cast(pl.String).str.contains("x", literal=True))',
        ),
        (
            col("tags").any() == "web",
            'selected = df.filter(pl.col("tags").list.contains("web"))',
        ),
        (
            col("scores").any() == 3,
            'selected = df.filter(pl.col("scores").list.eval(pl.element() == 3).list.any())',
        ),
        (
            col("x").is_in([0.1, 2]),
            'selected = df.filter(pl.any_horizontal(pl.col("x") == value for value in [0.1, 2]))',
        ),
        (
            col("meta").field("url") == "x",
            'selected = df.filter(pl.col("meta").struct.field("url") == "x")',
        ),
        (keys([1, 2], Identity("column", ("id",))), 'selected = df.filter(pl.col("id").is_in([1, 2]))'),
    ],
)
def code_test(predicate, code):
    printed = predicate.code("polars")
    if code is None:
        assert printed.count("fill_null") == 0
    else:
        assert printed == f"import polars as pl\n\n{code}"


TYPES = {
    "loss": pl.Float64,
    "single": pl.Float32,
    "n": pl.Int64,
    "s": pl.String,
    "k": pl.Categorical,
    "f": pl.Boolean,
    "t": pl.Datetime("us"),
    "nano": pl.Datetime("ns"),
    "z": pl.Datetime("us", "UTC"),
    "tokyo": pl.Datetime("us", "Asia/Tokyo"),
    "d": pl.Date,
    "p": pl.Decimal(9, 2),
    "tags": pl.List(pl.String),
    "v": pl.Array(pl.Float32, 2),
    "m": pl.Struct({"x": pl.Float64}),
}
DAY = dt.datetime(2024, 1, 2)


@pytest.mark.parametrize(
    ("predicate", "condition"),
    [
        (col("loss") > 3, '(pl.col("loss") > 3) & pl.col("loss").is_not_nan()'),
        (col("loss") < 3, 'pl.col("loss") < 3'),
        (col("n") != 3, 'pl.col("n") != 3'),
        (col("n").is_null(), 'pl.col("n").is_null()'),
        (~col("n").is_null(), 'pl.col("n").is_not_null()'),
        (col("loss").is_null(), 'pl.col("loss").is_null() | pl.col("loss").is_nan()'),
        (~col("loss").is_null(), 'pl.col("loss").is_not_null() & pl.col("loss").is_not_nan()'),
        (col("n").is_in([1, 2.5, 3]), 'pl.col("n").is_in([1, 3])'),
        (col("n").is_in([2.5]), "pl.lit(False)"),
        (col("loss").is_in([0.1, 3]), 'pl.col("loss").is_in([0.1, 3.0])'),
        (col("single").is_in([0.5, 3]), 'pl.col("single").is_in([0.5, 3.0])'),
        (col("single").is_in([0.1]), 'pl.col("single").is_in(pl.lit([0.1], pl.List(pl.Float32)))'),
        (col("p").is_in([1, 2]), 'pl.col("p").is_in([Decimal("1"), Decimal("2")])'),
        (col("f") == True, 'pl.col("f")'),  # noqa: E712
        (col("f") != True, '~pl.col("f")'),  # noqa: E712
        (~(col("f") == True), '~pl.col("f").fill_null(False)'),  # noqa: E712
        (col("s").contains("x"), 'pl.col("s").str.contains("x", literal=True)'),
        (col("k").starts_with("x"), 'pl.col("k").cast(pl.String).str.starts_with("x")'),
        (col("t") >= DAY, 'pl.col("t") >= datetime(2024, 1, 2)'),
        (col("t") == DAY, 'pl.col("t") == datetime(2024, 1, 2)'),
        (col("t") > dt.date(2024, 1, 2), 'pl.col("t") > datetime(2024, 1, 2)'),
        (col("t").between(DAY, DAY), 'pl.col("t").is_between(datetime(2024, 1, 2), datetime(2024, 1, 2))'),
        (col("nano") > DAY, 'pl.col("nano") > pl.lit(datetime(2024, 1, 2), pl.Datetime("ns"))'),
        (col("nano") > dt.datetime(1, 1, 1), 'pl.col("nano").is_not_null()'),
        (col("z") < DAY.replace(tzinfo=dt.UTC), 'pl.col("z") < datetime(2024, 1, 2, tzinfo=UTC)'),
        (
            col("tokyo") < DAY.replace(tzinfo=dt.UTC),
            'pl.col("tokyo").dt.convert_time_zone("UTC") < datetime(2024, 1, 2, tzinfo=UTC)',
        ),
        (col("d").is_in([DAY.date()]), 'pl.col("d").is_in([date(2024, 1, 2)])'),
        (col("t").is_in([DAY.date()]), 'pl.col("t").is_in([datetime(2024, 1, 2)])'),
        (col("n") >= col("loss"), '(pl.col("n") >= pl.col("loss"))'),
        (col("s") < col("s"), 'pl.col("s") < pl.col("s")'),
        (
            col("z") < col("tokyo"),
            'pl.col("z") < pl.col("tokyo").dt.convert_time_zone("UTC")',
        ),
        (
            col("nano") < col("t"),
            'pl.col("nano").to_physical() < pl.col("t").to_physical().cast(pl.Int128) * 1000',
        ),
        (col("n") > col("loss") * 2, 'pl.col("n").cast(pl.Float64) > (pl.col("loss") * 2)'),
        (col("s").length() > 3, 'pl.col("s").str.len_chars() > 3'),
        (col("tags").length() > 3, 'pl.col("tags").list.len() > 3'),
        (col("v").length() > 3, 'pl.col("v").arr.len() > 3'),
        (col("m").field("x").is_null(), 'pl.col("m").struct.field("x").is_null()'),
    ],
)
def typed_code_test(predicate, condition):
    code = predicate.code("polars", schema=pl.DataFrame(schema=TYPES))
    assert condition in " ".join(code.split()).replace("( ", "(").replace(" )", ")")
    assert "cs." not in code
    assert "def " not in code


def columns_that_are_not_there_test():
    with pytest.raises(ColumnError, match="Did you mean 'loss'"):
        (col("los") > 3).code("polars", schema=pl.DataFrame(schema=TYPES))


def breaks_at_operators_test():
    predicate = (col("loss") < 3.25) & (col("other_loss") < 12.5) & (col("time") < dt.datetime(2024, 2, 29))
    assert predicate.code("polars").splitlines() == [
        "from datetime import datetime",
        "",
        "import polars as pl",
        "",
        "selected = df.filter(",
        '    (pl.col("loss") < 3.25)',
        '    & (pl.col("other_loss") < 12.5)',
        '    & (pl.col("time") < datetime(2024, 2, 29))',
        ")",
    ]


@pytest.mark.parametrize("predicate", PREDICATES, ids=str)
def everything_test(predicate):
    frame = pl.from_arrow(TABLE)
    check(predicate, frame)
    check(~predicate, frame)
    check(predicate | (col("i") == 2), frame)
    check(predicate, frame.clear())
    check(~predicate, frame.slice(1, 1))


@pytest.mark.parametrize("name", STRANGE)
def strange_names_test(name):
    frame = pl.DataFrame({name: [1.0, NAN, None], "other": [2, 2, 2], "ab": [3, 3, 3]})
    for predicate in (
        col(name) > 0.5,
        ~(col(name) > 1),
        col(name).is_null(),
        col(name) >= col("other"),
        col(name) + 1 > col("ab"),
        inside(name, "other", [(0, 0), (3, 0), (3, 3), (0, 3)]),
    ):
        check(predicate, frame)


@pytest.mark.parametrize("text", STRANGE)
def strange_texts_test(text):
    frame = pl.DataFrame({"s": [text, f"a{text}b", "", None, "b"]})
    for predicate in (
        col("s") == text,
        col("s") != text,
        col("s") > text,
        col("s").between("", text),
        col("s").is_in([text]),
        col("s").contains(text),
        ~col("s").starts_with(text),
    ):
        check(predicate, frame)
        code = predicate.code("polars")
        assert text in {node.value for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Constant)}


def half_characters_test():
    frame = pl.DataFrame({"s": ["a", "\ufffd\ufffd\ufffd", None]})
    for predicate in (
        col("s") == "\ud800",
        col("s") != "\ud800",
        col("s").contains("\ud800"),
        ~col("s").starts_with("\ud800"),
        col("s").is_in(["\ud800", "a"]),
    ):
        check(predicate, frame)
    with pytest.raises(NotExpressibleError, match="no valid Unicode"):
        (col("s") < "\ud800").code("polars")


def units_of_time_test():
    moment = dt.datetime(1969, 12, 31, 23, 59, 59, 999_999)
    moments = [moment, dt.datetime(1970, 1, 1), dt.datetime(2024, 1, 1, 0, 0, 0, 1000), dt.datetime(1, 1, 1)]
    for unit, ticks in (("ns", [-1001, -1000, -999, -1, 0, 1]), ("us", [-2, -1, 0, 1]), ("ms", [-1, 0, 1])):
        counts = pl.Series([*ticks, None], dtype=pl.Int64)
        frame = pl.DataFrame(
            {
                "t": counts.cast(pl.Datetime(unit)),
                "z": counts.cast(pl.Datetime(unit))
                .dt.replace_time_zone("UTC")
                .dt.convert_time_zone("Asia/Tokyo"),
                "u": counts.cast(pl.Duration(unit)),
            }
        )
        for at in moments:
            values = {"t": at, "z": at.replace(tzinfo=dt.UTC), "u": at - dt.datetime(1970, 1, 1)}
            for name, value in values.items():
                column = col(name)
                for predicate in (
                    column == value,
                    column != value,
                    column < value,
                    column <= value,
                    column > value,
                    column >= value,
                    column.between(value, value),
                    column.is_in([value]),
                ):
                    check(predicate, frame)
                    check(~predicate, frame)


def division_is_exact_test():
    rng = np.random.default_rng(0)
    values = rng.normal(size=3000)
    for divisor in (3, 7.1, -0.001, 2, 0):
        quotients = np.append(values / (divisor or np.nan), 0.0)
        frame = pl.DataFrame({"a": np.append(values, np.inf), "wanted": quotients})
        check(col("a") / divisor == col("wanted"), frame)
        check(col("a") / divisor >= 0, frame)


def linear_test():
    rng = np.random.default_rng(0)
    vectors = [*rng.normal(size=(50, 8)).tolist(), None, [1.0], [0.0] * 8, [NAN] * 8, [float("inf")] * 8]
    lists = pl.DataFrame({"v": vectors}, schema={"v": pl.List(pl.Float32)})
    arrays = pl.DataFrame(
        {"v": [v for v in vectors if not v or len(v) == 8]}, schema={"v": pl.Array(pl.Float64, 8)}
    )
    weights = rng.normal(size=8)
    for frame in (lists, arrays, lists.head(0)):
        for predicate in (col("v").dot(weights) >= 0.1, col("v").cosine(weights) < 0.2):
            check(predicate, frame)
            check(~predicate, frame)
            check(predicate & ~(col("v").dot(weights[::-1]) > 0), frame)


def names_test():
    predicate = inside("x", "y", TRIANGLE) & (col("t") == dt.date(2024, 1, 1)) & ~col("x").is_null()
    frame = pl.DataFrame({"x": [3.0, 3.0], "y": [1.0, 1.0], "t": [dt.date(2024, 1, 1), dt.date(2024, 1, 2)]})
    for name, result in (
        ("np", "inside"),
        ("pl", "lasso"),
        ("inside", "pl"),
        ("cs", "date"),
        ("date", "part"),
    ):
        assert len(run(predicate, frame, frame=name, result=result)) == 1


def everything_is_the_frame_test():
    assert (
        (col("a") == 1)
        .code("polars", frame="self.df", result="x")
        .endswith('x = self.df.filter(pl.col("a") == 1)')
    )
    frame = pl.DataFrame({"a": [1]})
    from datalens.predicate import everything

    check(everything(), frame)
    check(~everything(), frame)
    check(everything() & (col("a") > 1), frame)


@pytest.mark.parametrize(
    "predicate",
    [
        keys([1], Identity("row", (), 5)),
        keys(["0123456789abcdef-0"], Identity("content", ("n",))),
        col("p") > Decimal("1E+60"),
        col("p") == Decimal("1E-40"),
        col("s").field("*") == 1,
    ],
)
def inexpressible_test(predicate):
    with pytest.raises(NotExpressibleError):
        predicate.code("polars")


@settings(max_examples=150, deadline=None)
@given(trees, frames())
def law_test(predicate, table):
    check(predicate, pl.from_arrow(table))


def precision_of_the_column_test():
    values = [0.1, 16777216, 0.5, float("inf"), 5001, None, NAN]
    for kind in (pl.Float16, pl.Float32, pl.Float64):
        frame = pl.DataFrame({"x": pl.Series(values).cast(kind)})
        for wanted in ([0.1], [0.1, 16777217], [5001, 0.25], [0.5, 2.5], [1e39, 3], [5003]):
            check(col("x").is_in(wanted), frame)
            check(~col("x").is_in(wanted), frame)
            check(col("x").between(wanted[0], wanted[-1]), frame)


def columns_of_two_units_test():
    counts = [-1001, -1000, -999, -1, 0, 1, 999, 1000, 1_000_001, None]
    for make in (pl.Datetime, pl.Duration):
        fine = {unit: pl.Series(counts).cast(make(unit)) for unit in ("ns", "us", "ms")}
        zeros = {f"{unit}0": pl.Series([0] * len(counts)).cast(make(unit)) for unit in ("us", "ms")}
        far = pl.Series([-62_135_596_800_000_000] * len(counts)).cast(make("us"))
        frame = pl.DataFrame({**fine, **zeros, "far": far})
        for left in ("ns", "us", "ms"):
            for right in ("ns", "us", "ms0", "us0", "far"):
                for predicate in (
                    col(left) < col(right),
                    col(left) <= col(right),
                    col(left) == col(right),
                    col(left) != col(right),
                    col(right) > col(left),
                ):
                    check(predicate, frame)


def bounds_of_two_types_test():
    frame = pl.DataFrame({"n": [2**53, 2**53 + 1, 2**53 - 1, None]})
    check(col("n").between(2.0**53, 2**53), frame)
    check(col("n").between(2**53 + 1, 2.0**53), frame)
