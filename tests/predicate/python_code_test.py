import ast
import datetime as dt
import sys

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings

from datalens.core.errors import NotExpressibleError
from datalens.core.keys import Identity
from datalens.predicate import col, everything, inside, keys
from predicate.cases import COMPARED, COMPUTED, NAN, NESTED, table, trees


def function(predicate, name="selected"):
    code = predicate.code("python", result=name)
    namespace = {}
    exec(code, namespace)  # noqa: S102
    return namespace[name]


def check(predicate, table):
    selects = function(predicate)
    answers = [selects(row) for row in table.to_pylist()]
    assert {type(answer) for answer in answers} <= {bool}
    assert answers == predicate.mask(table).tolist()


@pytest.mark.parametrize("predicate", [*COMPARED, *COMPUTED, *NESTED], ids=str)
def same_rows_test(predicate):
    check(predicate, table())


@pytest.mark.parametrize("predicate", [*COMPARED, *COMPUTED, *NESTED], ids=str)
def standard_library_alone_test(predicate):
    for node in ast.walk(ast.parse(predicate.code("python"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module] if isinstance(node, ast.ImportFrom) else []
        assert set(names) <= sys.stdlib_module_names


@settings(max_examples=150, deadline=None)
@given(trees)
def combined_test(predicate):
    check(predicate, table())


def integers_beside_floats_test():
    check(col("n") >= col("b"), table())


def columns_of_known_types_need_no_helper_test():
    big = 2**53
    data = pa.table({"n": [big + 1, 1, None], "m": [big, 2, 3], "f": [float(big), 0.5, 1.0], "a": ["a", "c", None],
                     "b": ["b", "b", "b"]})  # fmt: skip
    for predicate, line in {
        col("n") > col("m"): "n is not None and m is not None and n > m",
        col("n") > col("f"): "n is not None and f is not None and float(n) > f",
        col("a") < col("b"): "isinstance(a, str) and isinstance(b, str) and a < b",
    }.items():
        code = predicate.code("python", schema=data)
        assert code.endswith(f"    return {line}")
        assert "def compare" not in code
        namespace = {}
        exec(code, namespace)  # noqa: S102
        found = [namespace["selected"](row) for row in data.to_pylist()]
        assert found == predicate.mask(data).tolist()
    # NaN in place of null differs from nothing.
    assert "def compare" in (col("n") != col("m")).code("python", schema=data)


def code_test():
    predicate = (col("loss") > 3.2) & col("source").is_in(["web", "books"]) & ~col("text").contains("cookie")
    assert predicate.code("python").splitlines() == [
        "def selected(row):",
        '    loss = row.get("loss")',
        '    source = row.get("source")',
        '    text = row.get("text")',
        "    return (",
        "        loss is not None",
        "        and loss > 3.2",
        '        and source in {"web", "books"}',
        '        and not (isinstance(text, str) and "cookie" in text)',
        "    )",
    ]


@pytest.mark.parametrize("dialect", ["python", "datatrove"])
def quoting_test(dialect):
    for text in (
        '"',
        "'",
        "\"'",
        "\\",
        "\n",
        "\r",
        "\0",
        "\ud800",
        "\u202e",
        "😀",
        '"""',
        "{x}",
        "%s",
        "#",
        "",
    ):
        code = (
            (col(text) == text) & col(text).contains(text) & col(text).is_in([text] * 2 + ["b" * 80])
        ).code(dialect)
        found = {
            node.value
            for node in ast.walk(ast.parse(code))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
        assert found - {"Selected"} == {text, "b" * 80}
        assert "\u202e" not in code


def deep_and_long_test():
    deep = col("a") > 1
    for i in range(20):
        deep = ~((deep & (col("b") > i)) | (col("s") == str(i)))
    check(deep, table())
    long = col("a") > 1
    for i in range(300):
        long = long & (col("b") > i)
    check(~long, table())


def only_the_helpers_that_are_needed_test():
    assert "def divide" not in (col("a") / 2 > col("b")).code("python")
    assert "def divide" in (2 / col("a") > 1).code("python")
    assert "import" not in (col("a").length() > 2).code("python")


@pytest.mark.parametrize("predicate", [*COMPARED, *COMPUTED, *NESTED], ids=str)
def lines_fit_test(predicate):
    assert max(map(len, predicate.code("python").splitlines())) <= 100


def lasso_stays_readable_test():
    points = [(float(x), float(x * x % 17) + 0.25) for x in range(24)]
    code = (inside("x", "y", points) & ~inside("u", "v", points)).code("python")
    assert len(code.splitlines()) < 40
    assert code.count("0.0, 0.25") == 1


def nan_in_place_of_null_test():
    frame = pa.table({"s": ["a", None], "n": [1, None], "tags": [["a"], None], "m": [{"u": "a"}, None]})
    for predicate in (
        col("s") != "b",
        ~(col("s") > "b"),
        col("s").length() > 0,
        col("s").matches("a"),
        col("n") != 3,
        col("n") > 0,
        col("n") + 1 > 0,
        col("n").is_null(),
        col("tags").any() == "a",
        col("m").field("u").is_null(),
        inside("n", "n", [(0, 0), (9, 0), (9, 9)]),
    ):
        row = dict.fromkeys(("s", "n", "tags", "m"), NAN)
        assert function(predicate)(row) is predicate.mask(frame).tolist()[1]


def missing_keys_are_null_test():
    predicate = (col("a") > 1) | col("b").is_null() | (col("m").field("u") == "h")
    rows = [{"a": 0}, {"a": 0, "b": 1}, {"b": 1, "m": {}}, {"b": 1, "m": {"u": "h"}}]
    assert [function(predicate)(row) for row in rows] == [True, False, False, True]


@pytest.mark.parametrize(
    "name",
    [
        "row",
        "math",
        "re",
        "item",
        "is_null",
        "inside",
        "lasso",
        "datetime",
        "date",
        "float",
        "selected",
        "",
        "in",
    ],
)
def names_that_collide_test(name):
    frame = pa.table(
        {name: [1.0, None, 3.0], "x": [1.0, 2.0, 0.0], "l": [[2], [9], None], "s": ["a", "b", None]}
    )
    check((col(name) / col("x") > 0) | (col("l").any() > 3), frame)
    check(inside(name, "x", [(0, 0), (4, 0), (4, 4)]) & ~col("s").matches("b$") & ~col(name).is_null(), frame)


@pytest.mark.parametrize("result", ["math", "re", "inside", "row", "x", "item", "lasso"])
def names_of_the_function_test(result):
    predicate = inside("x", "x", [(-1, -1), (4, -1), (4, 4)]) & (2 / col("x") > 1) & (col("l").any() > 3)
    assert function(predicate & ~col("s").matches("a"), result)({"x": 1.0, "l": [4], "s": "b"})


def hiding_a_builtin_test():
    with pytest.raises(ValueError, match="would hide Python's own any"):
        (col("a") > 1).code("python", result="any")


@pytest.mark.parametrize("identity", [Identity("row", (), 4), Identity("content", ("a",))])
def keys_of_a_whole_table_test(identity):
    some = keys([1] if identity.scheme == "row" else ["0123456789abcdef-0"], identity)
    with pytest.raises(NotExpressibleError, match=r"keys by (row|content)"):
        some.code("python")


def long_lists_test():
    wanted = [f"doc-{i}" for i in range(500)]
    some = keys(wanted, Identity("column", ("id",)))
    assert "keys = frozenset([" in some.code("python")
    assert function(some)({"id": "doc-499"}) is True
    assert function(~some)({"id": None}) is True


def zero_rows_test():
    check(col("a") > 1, table().slice(0, 0))
    assert function(everything())({}) is True


@pytest.mark.parametrize(
    "predicate",
    [
        col("tags").any() == "web",
        ~(col("tags").any() == "web"),
        col("tags").all() != "web",
        col("tags").length() > 1,
        col("flags").any() == True,  # noqa: E712
        col("vector").dot([1.0, 1.0]) > 2,
        col("vector").cosine([1.0, 0.0]) > 0.8,
        col("deep").any().any() == 4,
        col("turns").any().field("parts").any() == "b",
        col("meta").field("sizes").any() > 1,
        col("meta").field("sizes").length() == 2,
        col("tags").is_null(),
        ~col("turns").is_null(),
    ],
    ids=str,
)
def rows_of_pandas_test(predicate):
    frame = pa.table(
        {
            "tags": [["web", "a"], ["books"], [], None],
            "flags": [[True], [False], [], None],
            "vector": pa.array([[1.0, 2.0], [2.0, 0.1], [0.0, 0.0], None], pa.list_(pa.float32(), 2)),
            "deep": [[[1], [4]], [[2], None], [], None],
            "turns": [[{"parts": ["a", "b"]}], [{"parts": None}], [], None],
            "meta": [{"sizes": [1, 2]}, {"sizes": [1]}, {"sizes": None}, None],
        }
    )
    selects = function(predicate)
    wanted = predicate.mask(frame).tolist()
    assert [bool(selects(row)) for row in frame.to_pandas().to_dict("records")] == wanted
    assert [selects(row) for row in frame.to_pylist()] == wanted


def times_in_arrays_test():
    frame = pa.table({"days": pa.array([[dt.datetime(2024, 1, 2)]], pa.list_(pa.timestamp("us")))})  # noqa: DTZ001
    selects = function(col("days").any() > dt.datetime(2024, 1, 1))  # noqa: DTZ001
    assert selects(frame.to_pylist()[0])
    with pytest.raises(TypeError, match="Times in arrays lack zones"):
        selects(frame.to_pandas().to_dict("records")[0])


def missing_times_of_pandas_test():
    moment = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
    rows = pd.DataFrame({"at": pd.Series([moment, pd.NaT])}).to_dict("records")
    for predicate in (col("at") == moment, col("at").is_in([moment]), col("at") >= moment):
        assert [bool(function(predicate)(row)) for row in rows] == [True, False]
