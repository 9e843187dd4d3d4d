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
from datalens.predicate import Predicate, col, inside, keys
from predicate import cases
from predicate.cases import COMPARED, COMPUTED, NESTED, table
from predicate.conftest import FRAMES

TRIANGLE = [(0, 0), (4, 0), (4, 4)]


def run(predicate, df, *, schema=None, **names):
    namespace = {names.get("frame", "df"): df}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        exec(predicate.code("pandas", schema=schema, **names), namespace)  # noqa: S102
    return namespace[names.get("result", "selected")]


def check(predicate, frame):
    """Assert which rows are selected, with the columns' types and without."""
    frame = frame.assign(row=range(len(frame)))
    wanted = np.flatnonzero(predicate.mask(frame)).tolist()
    types = pa.Schema.from_pandas(frame)
    for schema in (None, frame, types, types.remove_metadata()):
        assert run(predicate, frame, schema=schema)["row"].tolist() == wanted


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
        (
            col("u") > dt.timedelta(hours=1),
            'import pandas as pd\n\nselected = df[df["u"] > pd.Timedelta(hours=1)]',
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
    with pytest.raises(ValueError, match=r"There are: .*\bpandas\b"):
        (col("a") > 1).code("cobol")
    with pytest.raises(ValueError, match=r"There is no dialect 'panda'\. Did you mean 'pandas'\?"):
        (col("a") > 1).code("panda")


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


@pytest.mark.parametrize("predicate", [*COMPARED, *COMPUTED, *NESTED], ids=str)
def every_node_test(make_pandas, predicate):
    check(predicate, make_pandas(**dict(zip(table().column_names, table().columns, strict=True))))


@settings(max_examples=150, deadline=None)
@given(cases.trees, st.sampled_from(["pandas", "pandas nullable", "pandas arrow"]))
def combined_test(predicate, kind):
    check(predicate, FRAMES[kind](cases.table()))


def computed_code_test():
    predicate = (col("b") - col("a") * 2 > 0.3) & (col("text").length() <= 20) & col("text").matches(r"\d+")
    assert predicate.code().splitlines()[-7:] == [
        "selected = df[",
        '    (df["b"].astype("float64") - df["a"].astype("float64") * 2 > 0.3)',
        "    & (",
        '        df["text"].map(len, na_action="ignore").to_numpy("float64", na_value=np.nan) <= 20',
        "    )",
        '    & df["text"].str.contains("[0-9]+", na=False)',
        "]",
    ]


def word_boundaries_code_test():
    assert col("t").matches(r"\ba$").code().splitlines() == [
        "import re",
        "",
        r'selected = df[df["t"].astype(object).str.contains(r"\ba\Z", flags=re.ASCII, na=False)]',
    ]


@pytest.mark.parametrize(
    ("predicate", "code"),
    [
        (
            col("tags").any() == "web",
            'df["tags"].map(lambda tags: "web" in tags, na_action="ignore").eq(True)',
        ),
        (
            col("sizes").all() > 2.5,
            """df["sizes"].map(
    lambda sizes: all(item is not None and item > 2.5 for item in sizes),
    na_action="ignore",
).eq(True)""",
        ),
        (
            ~(col("meta").field("url") == "a"),
            """~df["meta"].map(
    lambda meta: meta.get("url") == "a",
    na_action="ignore",
).eq(True).fillna(False)""",
        ),
    ],
    ids=str,
)
def items_code_test(predicate, code):
    shown = "".join(predicate.code().split()).replace(",)", ")")
    assert shown == f"selected=df[{''.join(code.split())}]".replace(",)", ")")
    assert max(map(len, predicate.code().splitlines())) <= 88


def rare_items_code_test():
    code = (col("times").any() > dt.datetime(2024, 1, 1)).code()
    assert (
        code.splitlines()[-1] == 'selected = df[python_values(df["times"]).map(matches_times).astype(bool)]'
    )


TYPED = pa.table(
    {
        "loss": pa.array([0.1, float("nan"), None, 0.5], pa.float32()),
        "x": pa.array([0.1, float("nan"), None, 0.5]),
        "n": pa.array([1, 2, 3, 2**53 + 1]),
        "c": pa.array(["a", None, "web", "a"]).dictionary_encode(),
        "text": ["a", None, "web", ""],
        "t": pa.array([dt.datetime(2024, 1, 1, tzinfo=dt.UTC), None] * 2, pa.timestamp("us", "UTC")),
        "u": pa.array([dt.datetime(2024, 1, 1, tzinfo=dt.UTC)] * 4, pa.timestamp("ms", "America/New_York")),
    }
)


@pytest.mark.parametrize(
    ("predicate", "numpy", "arrow"),
    [
        (col("loss") > 0.1, 'df["loss"] > 0.1', 'df["loss"] > 0.10000000149011612'),
        (col("loss").is_in([0.1, 7]), 'df["loss"].isin([0.10000000149011612, 7])', None),
        (col("loss").is_null(), 'df["loss"].isna()', 'df["loss"].astype("float64").isna()'),
        (~col("text").is_null(), '~df["text"].isna()', None),
        (col("n").is_in([0, 2**53 + 1]), 'df["n"].isin([0, 9007199254740993])', None),
        (col("n") == 2**53 + 1, 'df["n"] == 9007199254740993', None),
        (col("n") != 2, 'df["n"].notna() & (df["n"] != 2)', None),
        (col("x") - col("x") == 0, 'df["x"] - df["x"] == 0', 'df["x"].astype("float64") - df["x"].astype("float64") == 0'),
        (col("text").length() > 2, 'df["text"].str.len() > 2', None),
        (col("text").length() != 1, 'df["text"].notna() & (df["text"].str.len() != 1)', None),
        (
            col("c").contains("w"),
            'df["c"].str.contains("w", regex=False, na=False)',
            'df["c"].astype(object).str.contains("w", regex=False, na=False)',
        ),
        (col("t") == col("u"), 'df["t"].dt.tz_convert("UTC") == df["u"].dt.tz_convert("UTC")', None),
        ((col("n") > 2) & (col("text") == "web"), '(df["n"] > 2) & (df["text"] == "web")', '(df["text"] == "web") & (df["n"] > 2)'),
    ],
    ids=str,
)  # fmt: skip
def typed_code_test(predicate, numpy, arrow):
    for frame, code in (
        (TYPED.to_pandas(), numpy),
        (TYPED.to_pandas(types_mapper=pd.ArrowDtype), arrow or numpy),
    ):
        frame["row"] = range(4)
        types = pa.Schema.from_pandas(frame)
        assert code in " ".join(predicate.code(schema=types).split())
        for schema in (frame, types, types.remove_metadata()):
            assert (
                run(predicate, frame, schema=schema)["row"].tolist()
                == np.flatnonzero(predicate.mask(TYPED)).tolist()
            )


def many_bits_test():
    for dtype in (
        "float16",
        "float32",
        "Float32",
        "float32[pyarrow]",
        "float64",
        "Float64",
        "double[pyarrow]",
    ):
        frame = pd.DataFrame({"x": pd.Series([0.1, 0.5, 3.2, 2048, None], dtype=dtype)})
        check(col("x").is_in([0.1, 3.2]), frame)
        check(~col("x").is_in([0.1, 7]) & ~col("x").is_null(), frame)
        check(col("x").is_in([0, 0.5]), frame)
    singles = pd.DataFrame({"x": pd.Series([2**24, 2.0**60, None], dtype="float32")})
    for dtype in ("float32", "Float32", "float32[pyarrow]"):
        check(col("x").is_in([2**24 + 1, 2**60 + 1]), singles.astype(dtype))
    assert col("x").is_in([0.1]).code().splitlines()[2:] == [
        "wanted = [0.1]",
        'if df["x"].dtype.kind == "f":  # isin() compares 32-bit floats in 64 bits',
        '    wanted = pd.Series(wanted, dtype=df["x"].dtype).tolist()',
        'selected = df[df["x"].isin(wanted)]',
    ]


@pytest.mark.parametrize(
    "name", ["df", "np", "value", "item", "python_values", "weights", "pattern", "", "in"]
)
def column_names_that_collide_test(make_pandas, name):
    frame = make_pandas(
        **{name: [["a", None], None, ["b"]], "v": [[1.0, 2.0], None, [0.5, 1.0]], "n": [1, 2, None]}
    )
    lists = (col(name).any().matches("a$") | (col(name).length() != 2)) & ~(col(name).all() == "x")
    check(lists & (col("v").dot([1, 1]) > 0), frame)
    check((col(name).any() == "a") & (col(name).any() == "b"), frame)


@pytest.mark.parametrize("size", [0, 3])
def nothing_but_nulls_test(make_pandas, size):
    frame = make_pandas(
        l=pa.array([None] * size, pa.list_(pa.string())), s=pa.array([None] * size, pa.string())
    )
    check(col("l").any() == "a", frame)
    check((col("l").length() > 0) | ~col("l").all().is_null(), frame)
    check(~(col("s").length() != 2), frame)


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


@pytest.mark.parametrize(
    "predicate",
    [
        col("v").any().is_in([0.1]),
        ~col("v").all().is_in([0.1, 16777217]),
        col("v").any().is_in([0.1 + whole for whole in range(30)]),
    ],
)
def lists_of_singles_test(predicate):
    """Of numpy's arrays no type is known, and their items have another hash than the literals that equal them."""
    check(predicate, pd.DataFrame({"v": [np.array([0.1, 2**24], "float32"), np.array([2], "float32"), None]}))


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


@pytest.mark.parametrize(
    "schema",
    [
        pd.DataFrame({"a": [1], "b": [2.0]}),
        pd.DataFrame({"a": [1], "b": [2]}).convert_dtypes(),
        pa.schema([("a", pa.int64()), ("b", pa.string())]),
    ],
    ids=["numpy", "nullable", "arrow"],
)
def unequal_columns_of_known_types_test(schema):
    node = col("a") != (col("b") if isinstance(schema, pd.DataFrame) else col("a"))
    code = node.code("pandas", schema=schema)
    sides = "" if node.columns == ("a",) else ' & df["b"].notna()'
    assert code == f'selected = df[df["a"].notna(){sides} & (df["a"] != df["{node.columns[-1]}"])]'
    assert Predicate.parse(code) == node


def unequal_arrow_floats_keep_the_note_test():
    code = (col("a") != 3).code("pandas", schema=pa.schema([("a", pa.float64())]))
    assert '(df["a"] == df["a"])' in code


@pytest.mark.parametrize("name", ["text", "instruction", "a much longer name of a column"])
def lengths_fit_test(name):
    length = col(name).length()
    frame = pd.DataFrame({name: ["abc", "abcdef", None, "abcd"], "n": [1.0, 2.0, 3.0, None]})
    for node in (length > 3, (length > 3) & (col("n") > 1), length != 4, length + col("n") > 5):
        code = node.code("pandas")
        assert max(map(len, code.splitlines())) <= 88
        assert Predicate.parse(code) == node
        scope = {"df": frame}
        exec(code, scope)  # noqa: S102
        assert scope["selected"].index.tolist() == frame[node].index.tolist()


@pytest.mark.parametrize("dialect", ["pandas", "polars", "pyarrow"])
@pytest.mark.parametrize("option", [{"frame": "len"}, {"frame": "list.train"}, {"result": "map"}])
def names_that_hide_builtins_test(dialect, option):
    with pytest.raises(ValueError, match="would hide Python's own"):
        (col("a") > 1).code(dialect, **option)
    assert (col("a") > 1).code("duckdb", **option) == (col("a") > 1).code("duckdb")


CATEGORIES = {"p": ["a", "b", None, "c"], "q": ["a", "c", "a", None]}


@pytest.mark.parametrize("other", ["category", "object", "string[python]", "string[pyarrow]"])
@pytest.mark.parametrize("arrow", [False, True])
def categories_beside_other_columns_test(other, arrow):
    frame = pd.DataFrame({"p": pd.Categorical(CATEGORIES["p"]), "q": pd.array(CATEGORIES["q"], dtype=other)})
    if arrow:
        frame = pa.Table.from_pandas(frame).to_pandas(types_mapper=pd.ArrowDtype)
    p, q = col("p"), col("q")
    for predicate in (p == q, p != q, ~(p == q), ~(q != p)):
        scope = {"df": frame}
        exec(predicate.code("pandas", schema=frame), scope)  # noqa: S102
        assert scope["selected"].index.tolist() == np.flatnonzero(predicate.mask(frame)).tolist()
