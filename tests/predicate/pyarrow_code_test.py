# ruff: noqa: DTZ001 (columns without a time zone are what is tested)
import ast
import datetime as dt
import warnings

import numpy as np
import pyarrow as pa
import pyarrow.dataset as ds
import pytest
from hypothesis import given, settings

from datalens.core.errors import NotExpressibleError
from datalens.core.keys import Identity
from datalens.predicate import col, everything, inside, keys
from predicate.everything import COMPUTED, MEMBERS, NESTED, SCALARS, STRANGE, TABLE
from predicate.pandas_code_test import frames, trees

TRIANGLE = [(0, 0), (4, 0), (4, 4)]
NAN = float("nan")

#: What Arrow refuses: integers beyond 2**53 beside floats, decimals beside integers, times finer than microseconds.
REFUSED = (
    "not in range",
    "overflow",
    "Precision is not great enough",
    "would cause data loss",
    "out of bounds",
    "would lose data",
    "outside of the range exactly representable",
    "was truncated converting",
)


def run(predicate, **names):
    namespace = {}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        exec(predicate.code("pyarrow", **names), namespace)  # noqa: S102
    return namespace[names.get("result", "selected")]


def rows(expression, table):
    table = table.append_column("row number", pa.array(range(table.num_rows), pa.int64()))
    found = table.filter(expression)["row number"].to_pylist()
    assert ds.dataset(table).to_table(filter=expression)["row number"].to_pylist() == found
    return found


def check(predicate, table):
    assert rows(run(predicate), table) == np.flatnonzero(predicate.mask(table)).tolist()


@pytest.mark.parametrize(
    ("predicate", "code"),
    [
        (col("loss") > 3, 'selected = pc.field("loss") > 3'),
        (~(col("loss") > 3), 'selected = ~pc.coalesce(pc.field("loss") > 3, False)'),
        (col("n") != 3, 'selected = (pc.field("n") != 3) & ~pc.is_nan(pc.field("n"))'),
        (~col("s").is_in(["a", "b"]), 'selected = ~pc.field("s").isin(["a", "b"])'),
        (col("x").is_null(), 'selected = pc.field("x").is_null(nan_is_null=True)'),
        (col("meta").field("url") == "x", 'selected = pc.field("meta", "url") == "x"'),
        (
            col("s").contains("x"),
            'selected = pc.match_substring(pc.field("s").cast("large_string"), "x")',
        ),
    ],
)
def code_test(predicate, code):
    assert predicate.code("pyarrow") == f"import pyarrow.compute as pc\n\n{code}"


def breaks_at_operators_test():
    predicate = (col("loss") < 3.25) & ~(col("text").contains("we use cookies") & (col("other") > 1))
    assert predicate.code("pyarrow").splitlines()[2:] == [
        "selected = (",
        '    (pc.field("loss") < 3.25)',
        "    & ~pc.coalesce(",
        '        pc.match_substring(pc.field("text").cast("large_string"), "we use cookies")',
        '        & (pc.field("other") > 1),',
        "        False,",
        "    )",
        ")",
    ]


def check_or_refused(predicate, table):
    try:
        check(predicate, table)
    except pa.ArrowInvalid as error:
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
        assert rows(run(predicate, frame=name, result=result), table) == [0]


def everything_is_an_expression_test():
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
