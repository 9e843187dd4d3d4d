# ruff: noqa: DTZ001 (columns without a time zone are what is tested)
import ast
import datetime as dt
import warnings
from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datalens.core.keys import Identity
from datalens.predicate import col, inside, keys

TRIANGLE = [(0, 0), (4, 0), (4, 4)]


def run(predicate, df, **names):
    namespace = {names.get("frame", "df"): df}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        exec(predicate.code("pandas", **names), namespace)  # noqa: S102
    return namespace[names.get("result", "selected")]


def check(predicate, frame):
    frame = frame.assign(row=range(len(frame)))
    assert run(predicate, frame)["row"].tolist() == np.flatnonzero(predicate.mask(frame)).tolist()


@pytest.mark.parametrize(
    ("predicate", "code"),
    [
        (col("loss") > 3.2, 'selected = df[df["loss"] > 3.2]'),
        (~(col("loss") > 3.2), 'selected = df[~(df["loss"] > 3.2).fillna(False)]'),
        (col("s") == "it's", 'selected = df[df["s"] == "it\'s"]'),
        (col("s") != "a", 'selected = df[df["s"].notna() & (df["s"] != "a")]'),
        (col("f") == True, 'selected = df[df["f"].eq(True)]'),  # noqa: E712
        (col("s").starts_with("a"), 'selected = df[df["s"].str.startswith("a", na=False)]'),
        (
            (col("a") > 1) & col("s").is_in(["web", "books"]),
            'selected = df[(df["a"] > 1) & df["s"].isin(["web", "books"])]',
        ),
        (
            col("t") < dt.datetime(2024, 1, 1),
            'import pandas as pd\n\nselected = df[df["t"] < pd.Timestamp("2024-01-01 00:00:00")]',
        ),
        (keys(["a"], Identity("column", ("id",))), 'selected = df[df["id"].isin(["a"])]'),
    ],
)
def code_test(predicate, code):
    assert predicate.code("pandas") == code


def breaks_at_operators_test():
    predicate = (col("loss") > 3.25) & (col("other_loss") > 12.5) & ~col("text").contains("we use cookies")
    assert predicate.code().splitlines() == [
        "selected = df[",
        '    (df["loss"] > 3.25)',
        '    & (df["other_loss"] > 12.5)',
        '    & ~df["text"].str.contains("we use cookies", regex=False, na=False)',
        "]",
    ]


def wraps_long_lists_test():
    code = keys([f"doc-{i}" for i in range(500)], Identity("column", ("id",))).code()
    assert max(map(len, code.splitlines())) <= 88


def names_test():
    predicate = inside("x", "y", TRIANGLE) & (col("t") == dt.date(2024, 1, 1))
    frame = pd.DataFrame(
        {"x": [3.0, 3.0], "y": [1.0, 1.0], "t": pd.to_datetime(["2024-01-01", "2024-01-02"])}
    )
    for name, result in (("np", "inside"), ("pd", "lasso"), ("inside", "pd"), ("data", "part")):
        assert len(run(predicate, frame, frame=name, result=result)) == 1


@pytest.mark.parametrize(
    "names", [{"frame": "a b"}, {"result": "x; import os"}, {"result": "class"}, {"frame": "a..b"}]
)
def bad_names_test(names):
    with pytest.raises(ValueError, match="not a name"):
        (col("a") > 1).code("pandas", **names)


def unknown_dialect_test():
    with pytest.raises(ValueError, match="there are: "):
        (col("a") > 1).code("cobol")


def quoting_test():
    for text in ('"', "'", "\"'", "\\", "\n", "\r", "\0", "\ud800", "\u202e", "😀", '"""', "{x}", "%s", "$a"):
        code = (
            (col(text) == text) & col(text).contains(text) & keys([text], Identity("column", (text,)))
        ).code()
        tree = ast.parse(code)
        found = {
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
        assert found == {text}
        assert len(tree.body) == 1


@pytest.mark.parametrize(
    "predicate",
    [
        col("z") >= dt.datetime(2024, 1, 2, tzinfo=dt.UTC),
        ~(col("t") != dt.datetime(2024, 1, 1)),
        col("t").is_in([dt.datetime(2024, 1, 1)]),
        col("t") == dt.date(2024, 1, 1),
        ~(col("d") > dt.date(2024, 1, 1)),
        col("d").is_in([dt.date(2024, 1, 2)]),
        col("d").between(dt.date(2024, 1, 1), dt.date(2024, 1, 2)),
        col("d") != dt.date(2024, 1, 1),
        ~(col("u") > dt.timedelta(minutes=1)),
        col("u") == dt.timedelta(minutes=1),
        col("p") != Decimal("1.5"),
        ~(col("p") > 1),
        col("p").is_in([Decimal("1.5")]),
        col("l").is_null(),
        ~(col("f") != False),  # noqa: E712
        (col("n") > 0) & (col("s") == "a"),
        ~((col("n") > 0) | (col("s") == "a")),
        (col("f") == True) & ((col("n") > 1) | (col("s") != "a")),  # noqa: E712
        (col("x") == col("y")) | (col("s") >= "b"),
        col("x") != col("y"),
    ],
    ids=str,
)
def types_test(make_pandas, predicate):
    frame = make_pandas(
        n=[1, 2, None],
        x=pa.array([1.0, float("nan"), None]),
        y=[2.0, 2.0, 2.0],
        s=["a", "b", None],
        f=[True, False, None],
        t=[dt.datetime(2024, 1, 1), dt.datetime(2024, 1, 2), None],
        z=[dt.datetime(2024, 1, 1, tzinfo=dt.UTC), dt.datetime(2024, 1, 2, tzinfo=dt.UTC), None],
        d=[dt.date(2024, 1, 1), dt.date(2024, 1, 2), None],
        u=[dt.timedelta(minutes=1), dt.timedelta(hours=1), None],
        p=[Decimal("1.50"), Decimal("2.25"), None],
        l=[[1], [], None],
    )
    check(predicate, frame)


@pytest.mark.parametrize("scheme", ["column", "row", "content", "content nested"])
def keys_test(make_pandas, scheme):
    frame = make_pandas(
        id=["a", "b", "c", "d"], n=[1, 1, 2, None], s=["x", "x", "😀", None], l=[[1], [1], None, []]
    )
    identity = {
        "column": Identity("column", ("id",)),
        "row": Identity("row", (), 4, "f.parquet"),
        "content": Identity("content", ("n", "s")),
        "content nested": Identity("content", ("l", "s", "n")),
    }[scheme]
    some = keys(identity.keys(frame)[[1, 3]], identity)
    for index in (range(4), [5, 5, 6, 6]):
        indexed = frame.set_axis(index)
        check(some, indexed)
        check(~some, indexed)
        check((col("n") > 0) & ~some, indexed)
        check(some | (col("s") == "x"), indexed)


def content_keys_without_rows_test(make_pandas):
    frame = make_pandas(n=pa.array([], pa.int64()))
    check(keys(["0123456789abcdef-0"], Identity("content", ("n",))), frame)


def row_keys_of_another_frame_test():
    with pytest.raises(ValueError, match="numbered in a table of 4 rows, but 1 are here"):
        run(keys([1], Identity("row", (), 4)), pd.DataFrame({"a": [1]}))


def index_test():
    check(
        inside("x", "y", TRIANGLE) & (col("x") > 1),
        pd.DataFrame({"x": [3.0, 1.0], "y": [1, 1]}, index=[9, 9]),
    )


NUMBER, TEXT, WHOLE, FLAG = "loss \"x'\n", "té\\xt{😀}", "n", "f"
numbers = st.one_of(
    st.sampled_from([0.0, 1.0, -1.5, 3.2, float("inf"), float("-inf")]), st.floats(allow_nan=False)
)
wholes = st.one_of(st.integers(-3, 3), st.integers(-(2**53), 2**53))
texts = st.one_of(
    st.sampled_from(["", "a", "web", "it's", 'say "hi"', "a\nb", "\\", "😀", "é", "{x}", "%"]),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=4),
)


@st.composite
def frames(draw):
    size = draw(st.integers(0, 8))

    def column(values, kind):
        return pa.array(draw(st.lists(st.none() | values, min_size=size, max_size=size)), kind)

    return pa.table(
        {
            NUMBER: column(numbers | st.just(float("nan")), pa.float64()),
            "y": column(numbers, pa.float64()),
            WHOLE: column(wholes, pa.int64()),
            TEXT: column(texts, pa.string()),
            FLAG: column(st.booleans(), pa.bool_()),
        }
    )


def _comparisons(name, values):
    column = col(name)
    return st.one_of(
        st.builds(column.__eq__, values),
        st.builds(column.__ne__, values),
        st.builds(column.__lt__, values),
        st.builds(column.__le__, values),
        st.builds(column.__gt__, values),
        st.builds(column.__ge__, values),
        st.builds(column.between, values, values),
        st.builds(column.is_in, st.lists(values, max_size=4)),
        st.just(column.is_null()),
    )


coordinate = st.floats(-5, 5)
leaves = st.one_of(
    _comparisons(NUMBER, numbers),
    _comparisons(WHOLE, wholes),
    _comparisons(TEXT, texts),
    st.builds(col(TEXT).contains, texts),
    st.builds(col(TEXT).starts_with, texts),
    st.builds(col(FLAG).__eq__, st.booleans()),
    st.builds(col(FLAG).__ne__, st.booleans()),
    st.sampled_from(
        [col(NUMBER) < col("y"), col(NUMBER) == col("y"), col(NUMBER) != col("y"), col("y") >= col(WHOLE)]
    ),
    st.builds(
        inside,
        st.just(NUMBER),
        st.just("y"),
        st.lists(st.tuples(coordinate, coordinate), min_size=3, max_size=6),
    ),
    st.builds(keys, st.lists(texts, max_size=3), st.just(Identity("column", (TEXT,)))),
)
trees = st.recursive(
    leaves,
    lambda parts: st.one_of(
        st.builds(lambda a, b: a & b, parts, parts),
        st.builds(lambda a, b: a | b, parts, parts),
        parts.map(lambda a: ~a),
    ),
    max_leaves=6,
)


@settings(max_examples=200, deadline=None)
@given(trees, frames())
def law_test(predicate, table):
    import polars as pl

    wanted = predicate.mask(table).tolist()
    for frame in (table.to_pandas(types_mapper=pd.ArrowDtype), pl.from_arrow(table)):
        assert predicate.mask(frame).tolist() == wanted
    polars = pl.from_arrow(table).with_row_index("row")
    assert predicate.filter(polars.lazy()).collect()["row"].to_list() == np.flatnonzero(wanted).tolist()
    default, nullable = table.to_pandas(), table.to_pandas().convert_dtypes()
    types = {NUMBER: "float64", "y": "float64", WHOLE: "Int64", TEXT: "string", FLAG: "boolean"}
    for frame in (default, nullable):
        # A column of nothing but nulls has lost its type.
        lost = {name: dtype for name, dtype in types.items() if frame[name].isna().all()}
        check(predicate, frame.astype(lost))
    check(predicate, table.to_pandas(types_mapper=pd.ArrowDtype))
