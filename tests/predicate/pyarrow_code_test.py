# ruff: noqa: DTZ001 (columns without a time zone are what is tested)
import ast
import datetime as dt
import warnings
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.dataset as ds
import pytest
from hypothesis import given, settings

from datalens.core.errors import ColumnError, NotExpressibleError
from datalens.core.keys import Identity
from datalens.predicate import col, everything, inside, keys
from predicate.everything import COMPUTED, MEMBERS, NESTED, SCALARS, STRANGE, TABLE
from predicate.pandas_code_test import frames, trees

TRIANGLE = [(0, 0), (4, 0), (4, 4)]
NAN = float("nan")

#: What Arrow refuses where the types are not known: floats of 16 bits, integers beyond 2**53 beside floats, decimals beside integers, times finer than microseconds.
REFUSED = (
    "not in range",
    "overflow",
    "Precision is not great enough",
    "would cause data loss",
    "out of bounds",
    "would lose data",
    "outside of the range exactly representable",
    "was truncated converting",
    "(halffloat",
    "more than 64 bits",
)


def run(predicate, table, **names):
    namespace = {names.get("frame", "df"): table}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        exec(predicate.code("pyarrow", **names), namespace)  # noqa: S102
    return namespace[names.get("result", "selected")]


def rows(predicate, table, **names):
    table = table.append_column("row number", pa.array(range(table.num_rows), pa.int64()))
    found = run(predicate, table, **names)["row number"].to_pylist()
    scanned = run(predicate, ds.dataset(table), **names)
    assert scanned.to_table()["row number"].to_pylist() == found
    return found


def check(predicate, table):
    wanted = np.flatnonzero(predicate.mask(table)).tolist()
    assert rows(predicate, table, schema=table.schema) == wanted
    assert rows(predicate, table) == wanted


@pytest.mark.parametrize(
    ("predicate", "code"),
    [
        (col("loss") > 3, 'pc.field("loss") > 3'),
        (col("loss") > 2.5, 'pc.field("loss").cast("double", safe=False) > 2.5'),
        (~(col("loss") > 3), '~pc.coalesce(pc.field("loss") > 3, False)'),
        (col("n") != 3, '(pc.field("n") != 3) & ~pc.is_nan(pc.field("n"))'),
        (col("n").is_in([1, 2]), '(pc.field("n") == 1) | (pc.field("n") == 2)'),
        (~col("s").is_in(["a", "b"]), '~pc.field("s").isin(["a", "b"])'),
        (keys([1, 2], Identity("column", ("id",))), 'pc.field("id").isin([1, 2])'),
        (col("x").is_null(), 'pc.field("x").is_null(nan_is_null=True)'),
        (col("meta").field("url") == "x", 'pc.field("meta", "url") == "x"'),
        (col("s").contains("x"), 'pc.match_substring(pc.field("s").cast("large_string"), "x")'),
    ],
)
def code_test(predicate, code):
    assert predicate.code("pyarrow") == f"import pyarrow.compute as pc\n\nselected = df.filter({code})"


SCHEMA = pa.schema(
    {
        "x": pa.float64(),
        "single": pa.float32(),
        "half": pa.float16(),
        "n": pa.int64(),
        "h": pa.uint64(),
        "s": pa.string(),
        "k": pa.dictionary(pa.int32(), pa.string()),
        "f": pa.bool_(),
        "t": pa.timestamp("s"),
        "nano": pa.timestamp("ns"),
        "tokyo": pa.timestamp("ms", "Asia/Tokyo"),
        "p": pa.decimal128(9, 2),
        "tags": pa.list_(pa.string()),
        "m": pa.struct({"x": pa.float64()}),
    }
)
HALF = dt.datetime(2024, 1, 2, 0, 0, 0, 500_000)


@pytest.mark.parametrize(
    ("predicate", "condition"),
    [
        (col("n") > 2.5, 'pc.field("n") > 2'),
        (col("n") >= 2.5, 'pc.field("n") > 2'),
        (col("n") < 2.5, 'pc.field("n") <= 2'),
        (col("n") == 2.5, "pc.scalar(False)"),
        (col("n") != 2.5, 'pc.field("n").is_valid()'),
        (col("n") < 2**63, 'pc.field("n").is_valid()'),
        (col("n") > 2.0**53, 'pc.field("n").cast("double", safe=False) > 9007199254740992.0'),
        (col("n") != 3, 'pc.field("n") != 3'),
        (col("h") > 3, 'pc.field("h") > pa.scalar(3, pa.uint64())'),
        (col("h").is_in([3, -1]), 'pc.field("h").isin(pa.array([3], pa.uint64()))'),
        (col("x") > 2**53 + 2, 'pc.field("x") > 9007199254740994.0'),
        (col("single") > 0.1, 'pc.field("single") > pa.scalar(0.1, pa.float32())'),
        (col("single").is_in([0.1, 0]), 'pc.field("single").isin([0.1, 0.0, -0.0])'),
        (col("half") > 0.1, 'pc.field("half").cast("double", safe=False) > 0.0999755859375'),
        (~col("n").is_null(), 'pc.field("n").is_valid()'),
        (col("x").is_null(), 'pc.field("x").is_null(nan_is_null=True)'),
        (col("f") == False, '~pc.field("f")'),  # noqa: E712
        (col("s").contains("x"), 'pc.match_substring(pc.field("s"), "x")'),
        (col("k").contains("x"), 'pc.match_substring(pc.field("k").cast("large_string"), "x")'),
        (col("t") > HALF, 'pc.field("t") > datetime(2024, 1, 2)'),
        (col("nano") > dt.datetime(1, 1, 1), 'pc.field("nano").is_valid()'),
        (
            col("tokyo") > HALF.replace(tzinfo=dt.UTC),
            'pc.field("tokyo").cast(pa.timestamp("ms", "UTC")) > datetime(2024, 1, 2, 0, 0, 0, 500000, tzinfo=UTC)',
        ),
        (col("p") > 3, 'pc.field("p") > Decimal("3")'),
        (col("p") > Decimal("1.105"), 'pc.field("p") > Decimal("1.10")'),
        (col("p").is_in([Decimal("1.1"), Decimal("1.105")]), 'pc.field("p").isin([Decimal("1.1")])'),
        (col("tags").length() > 2, 'pc.list_value_length(pc.field("tags")) > 2'),
        (
            col("n") == col("h"),
            'pc.field("n").cast(pa.decimal128(20)) == pc.field("h").cast(pa.decimal128(20))',
        ),
        (col("n") != col("n"), 'pc.field("n") != pc.field("n")'),
        (col("m").field("x") > 2.5, 'pc.field("m", "x") > 2.5'),
    ],
)
def typed_code_test(predicate, condition):
    code = predicate.code("pyarrow", schema=SCHEMA)
    assert " ".join(code.split("selected = ")[1].split()).replace("( ", "(").replace(" )", ")") == (
        f"df.filter({condition})"
    )


def columns_that_are_not_there_test():
    with pytest.raises(ColumnError, match="no column 'nn'"):
        (col("nn") > 3).code("pyarrow", schema=SCHEMA)


def breaks_at_operators_test():
    predicate = (col("loss") < 3.25) & ~(col("text").contains("we use cookies") & (col("other") > 1))
    assert predicate.code("pyarrow").splitlines()[2:] == [
        "selected = df.filter(",
        '    (pc.field("loss").cast("double", safe=False) < 3.25)',
        "    & ~pc.coalesce(",
        '        pc.match_substring(pc.field("text").cast("large_string"), "we use cookies")',
        '        & (pc.field("other") > 1),',
        "        False,",
        "    )",
        ")",
    ]


def check_or_refused(predicate, table):
    wanted = np.flatnonzero(predicate.mask(table)).tolist()
    assert rows(predicate, table, schema=table.schema) == wanted
    try:
        check(predicate, table)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, NotExpressibleError) as error:
        refusal = str(error)
    else:
        refusal = ""
    assert not refusal or any(word in refusal for word in REFUSED)


@pytest.mark.parametrize("predicate", [*SCALARS, *COMPUTED, *MEMBERS], ids=str)
def everything_test(predicate):
    # Slices without the largest integers: Arrow refuses to compare those with floats.
    for table in (TABLE, TABLE.slice(0, 2), TABLE.slice(5, 1), TABLE.slice(0, 0)):
        for part in (predicate, ~predicate, predicate | (col("s") == "web")):
            check_or_refused(part, table)


@pytest.mark.parametrize("predicate", [*NESTED[1:-2], col("n").dot([1.0]) > 0])
def inexpressible_test(predicate):
    with pytest.raises(NotExpressibleError, match="as keys"):
        predicate.code("pyarrow")


@pytest.mark.parametrize(
    "predicate",
    [keys([1], Identity("row", (), 5)), keys(["0123456789abcdef-0"], Identity("content", ("n",)))],
)
def inexpressible_keys_test(predicate):
    with pytest.raises(NotExpressibleError, match="content or number"):
        predicate.code("pyarrow")


@pytest.mark.parametrize("name", STRANGE)
def strange_names_test(name):
    table = pa.table({name: [1.0, NAN, None], "other": [2, 2, 2], "ab": [3, 3, 3]})
    for predicate in (
        col(name) > 0.5,
        ~(col(name) > 1),
        col(name).is_null(),
        col(name) >= col("other"),
        col(name) + 1 > col("ab"),
        inside(name, "other", [(0, 0), (3, 0), (3, 3), (0, 3)]),
    ):
        check(predicate, table)
    nested = pa.table({"m": [{name: 1, "a": 2}, {name: None, "a": 1}, None]})
    check(col("m").field(name) == 1, nested)


@pytest.mark.parametrize("text", [*STRANGE, "\ud800"])
def strange_texts_test(text):
    texts = ["", None, "b"] if text == "\ud800" else [text, f"a{text}b", "", None, "b"]
    for kind in (pa.string(), pa.large_string(), pa.dictionary(pa.int32(), pa.string())):
        table = pa.table({"s": pa.array(texts).cast(kind)})
        for predicate in (
            col("s") == text,
            col("s") != text,
            col("s").is_in([text]),
            col("s").contains(text),
            ~col("s").starts_with(text),
        ):
            check(predicate, table)
            check(~predicate, table)
        code = (col("s") == text if text != "\ud800" else col(text) == 1).code("pyarrow")
        assert text in {node.value for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Constant)}


def single_precision_test():
    numbers = np.array([0.1, 3.2, 0.3, 1 / 3, 16777217, np.inf, 3e38], dtype=np.float32)
    table = pa.table({"g": numbers, "x": numbers.astype(float), "i": pa.array([0, 1, 2, 3, 4, 5, 6])})
    for value in (0.1, 3.2, 0.3, 1 / 3, 1e300, 0.5, 3e38, float(numbers[0])):
        for name in table.column_names:
            column = col(name)
            for predicate in (
                column == value,
                column != value,
                column < value,
                column <= value,
                column > value,
                column >= value,
                column.is_in([value, 0.25]),
            ):
                check(predicate, table)
                check(~predicate, table)


def units_of_time_test():
    for unit in ("s", "ms", "us", "ns"):
        counts = pa.array([-1001, -1000, -1, 0, 1, None])
        table = pa.table(
            {
                "t": counts.cast(pa.timestamp(unit)),
                "z": counts.cast(pa.timestamp(unit, "Asia/Tokyo")),
                "u": counts.cast(pa.duration(unit)),
            }
        )
        at = dt.datetime(1969, 12, 31, 23, 59, 59, 999_999)
        values = {"t": at, "z": at.replace(tzinfo=dt.UTC), "u": dt.timedelta(microseconds=-1)}
        for name, value in values.items():
            column = col(name)
            for predicate in (
                column == value,
                column != value,
                column < value,
                column >= value,
                column > value,
            ):
                check_or_refused(predicate, table)
                check_or_refused(~predicate, table)


def names_test():
    predicate = inside("x", "y", TRIANGLE) & (col("t") == dt.date(2024, 1, 1))
    table = pa.table({"x": [3.0, 3.0], "y": [1.0, 1.0], "t": [dt.date(2024, 1, 1), dt.date(2024, 1, 2)]})
    for name, result in (("pc", "inside"), ("df", "lasso"), ("inside", "pc"), ("date", "part")):
        assert rows(predicate, table, frame=name, result=result) == [0]


def everything_is_the_table_test():
    table = pa.table({"a": [1, 2]})
    check(everything(), table)
    check(~everything(), table)
    check(everything() & (col("a") > 1), table)


@settings(max_examples=150, deadline=None)
@given(trees, frames())
def law_test(predicate, table):
    check_or_refused(predicate, table)


def zero_beside_large_integers_is_minus_zero_too_test():
    table = pa.table({"d": pa.array([0.0, 1.0, None, -0.0]), "n": pa.array([0, 2**53 + 1, None, 5])})
    for predicate in (col("d").is_in([2**53, 0]), col("n").is_in([2**53 + 1, 0])):
        check(predicate, table)


def precision_of_the_column_test():
    values = [0.1, 16777216, 0.5, float("inf"), 5001, None, NAN]
    halves = np.array([0.1, 2048, 0.5, np.inf, 5000, np.nan], dtype=np.float16)
    for column in (pa.array(values, pa.float32()), pa.array(values, pa.float64()), pa.array(halves)):
        table = pa.table({"x": column})
        for wanted in ([0.1], [0.1, 16777217], [5001, 0.25], [0.5, 2.5], [1e39, 3], [5003], [0, 2049]):
            for predicate in (
                col("x").is_in(wanted),
                col("x").between(wanted[0], wanted[-1]),
                col("x") > wanted[0],
                col("x") != wanted[0],
            ):
                check_or_refused(predicate, table)
                check_or_refused(~predicate, table)


def columns_of_two_units_test():
    counts = pa.array([-1001, -1000, -1, 0, 1, 1000, 1_000_001, None])
    for make in (pa.timestamp, pa.duration):
        columns = {unit: counts.cast(make(unit)) for unit in ("s", "ms", "us", "ns")}
        far = pa.array([-62_135_596_800_000_000] * 8).cast(make("us"))
        table = pa.table({**columns, "far": far})
        for left in columns:
            for right in ("s", "us", "far"):
                for predicate in (col(left) < col(right), col(left) == col(right), col(left) != col(right)):
                    check_or_refused(predicate, table)


@pytest.mark.parametrize("many", [3, 30])
def lists_of_numbers_test(many):
    table = pa.table({"n": [1, 2, 2**53 + 1, None], "x": [1.0, 2.5, 0.0, None]})
    for wanted in (range(many), [*range(many), 2.5], [*range(many), 2**53 + 1]):
        check_or_refused(col("n").is_in(wanted), table)
        check_or_refused(~col("x").is_in(wanted), table)


def large_numbers_in_decimals_test():
    numbers = [Decimal(10) ** 30, None, Decimal(1)]
    table = pa.table({"p": pa.array(numbers, pa.decimal128(38, 2))})
    for predicate in (col("p").is_in([10**30]), col("p") == 10**30, col("p") < 10**30, col("p") > 10**37):
        wanted = np.flatnonzero(predicate.mask(table)).tolist()
        assert rows(predicate, table, schema=table.schema) == wanted
    with pytest.raises(NotExpressibleError, match="more than 64 bits"):
        (col("p") == 10**30).code("pyarrow")
