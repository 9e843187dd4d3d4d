"""Saved selections as a module: run, reviewed by a linter, and read back without being run."""

from __future__ import annotations

import importlib.util
import subprocess
import sys

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

import datalens as dl
from datalens.core.errors import MissingFileError
from datalens.study.derived import Derived
from datalens.study.filters import identifiers

LASSO = [(0.0, 0.0), (2.5, 0.0), (2.5, 3.5)]
FRAME = pd.DataFrame(
    {
        "id": [f"r{i}" for i in range(6)],
        "loss": [0.0, 1.0, 2.0, np.nan, 4.0, 5.0],
        "my source": ["web", "web", "book", "book", 'it\'s "q" \\', None],
        "x": [0.5, 1.0, 2.0, 3.0, 4.0, 5.0],
        "y": [0.5, 1.0, 2.0, 3.0, 4.0, 5.0],
        "tags": [["a"], [], None, ["b"], ["a"], []],
    }
)
PREDICATES = {
    "hard": dl.col("loss") > 1.5,
    "a lasso": dl.inside("x", "y", LASSO),
    "both": dl.inside("x", "y", LASSO) | ~dl.inside("y", "x", LASSO[::-1]),
    "everything": dl.everything(),
    "by key": dl.keys(["r1", "r4"], dl.Identity("column", ("id",))),
    "2nd class": ~(dl.col("my source") == 'it\'s "q" \\'),
    "quoted": dl.col("my source").is_in(['"""', "\\", "\n", "\u202e", "web"]),
    "nulls": dl.col("my source").is_null() & (dl.col("x") + dl.col("y") > 3),
    "pattern": dl.col("my source").matches(r"^\w+b$"),
}


@pytest.fixture(autouse=True)
def own_store(tmp_path, monkeypatch):
    monkeypatch.setenv("DATALENS_STORE", str(tmp_path / "store"))


def make(frame=FRAME, key="id", **kwargs):
    return dl.Lens(frame, key=key, **kwargs)


def saved(predicates=PREDICATES, frame=FRAME, **kwargs):
    lens = make(frame, **kwargs)
    for name, predicate in predicates.items():
        lens.selections[name] = predicate
    return lens.selections


def load(path):
    spec = importlib.util.spec_from_file_location("filters_under_test", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("form", ["columns", "keys"])
def each_function_selects_the_same_rows_test(tmp_path, form):
    selections = saved()
    module = load(selections.write(tmp_path / "filters.py", form=form))
    assert list(module.SELECTIONS) == list(PREDICATES)
    for name, select in module.SELECTIONS.items():
        assert select(FRAME)["id"].tolist() == selections[name].keys(), name
    module.check(FRAME)
    module.check(FRAME[::-1])


def rows_without_a_key_are_found_by_content_test(tmp_path):
    lens = dl.Lens(FRAME.drop(columns="id"), key=False)
    lens.selections["some"] = lens._study.keys_predicate(np.arange(6) % 2 == 0)
    path = lens.selections.write(tmp_path / "filters.py")
    module = load(path)
    data = FRAME.drop(columns="id")
    assert module.some(data).index.tolist() == [0, 2, 4]
    module.check(data)
    assert lens.selections.read(path)["some"].mask(data).tolist() == [True, False] * 3


def files_are_checked_as_pandas_reads_them_test(tmp_path):
    path = tmp_path / "rows.parquet"
    FRAME.to_parquet(path)
    lens = dl.Lens(path, key="id")
    for name in ("hard", "nulls"):
        lens.selections[name] = PREDICATES[name]
    module = load(lens.selections.write(tmp_path / "filters.py"))
    module.check(pd.read_parquet(path))


@pytest.mark.parametrize(
    ("change", "match"),
    [
        (lambda d: d[:5], "5 rows, where 6 were expected"),
        (lambda d: d.drop(columns="loss"), r"columns are missing: \['loss'\]"),
        (lambda d: d.assign(loss=d["loss"] + 0.01), "content of .* is not what it was"),
    ],
)
def other_data_fails_the_check_test(tmp_path, change, match):
    module = load(saved().write(tmp_path / "filters.py"))
    with pytest.raises(ValueError, match=match):
        module.check(change(FRAME))


def ruff(*arguments):
    if importlib.util.find_spec("ruff") is None:
        pytest.skip("needs ruff, which is not in the environment of pandas 2.2: pip install -e '.[test]'")
    command = [sys.executable, "-m", "ruff", *arguments, "--isolated"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def a_linter_has_nothing_to_say_test(tmp_path):
    selections = saved()
    selections.note("hard", 'three\nlines \\ and """ quotes \u202e and \'more\' ' + "long " * 40)
    for form in ("columns", "keys"):
        path = selections.write(tmp_path / f"{form}.py", form=form)
        ruff("check", "--select", "E4,E7,E9,F,I,W,UP,D200,D209,D400,D403,PLE,PLW", path)


def it_is_laid_out_as_a_formatter_does_test(tmp_path):
    # What is printed to be as wide as can be is a little too wide inside a function.
    selections = saved({name: p for name, p in PREDICATES.items() if name != "pattern"})
    ruff("format", "--diff", selections.write(tmp_path / "filters.py"))


def a_function_says_what_it_is_test(tmp_path):
    lens = make()
    lens._study.add_columns([Derived("score", pa.chunked_array([pa.array(range(6))]), "v1", "by hand")])
    lens.selections["top"] = dl.col("score") > 3
    lens.selections.note("top", "to be read")
    said = load(lens.selections.write(tmp_path / "filters.py")).top.__doc__
    assert "Rows: 2 of 6" in said
    assert f"Saved: {lens.selections['top'].time} by " in said
    assert "Form: columns\n" in said
    assert "Needs: 'score'\n" in said
    assert "Computed: 'score', by DataLens" in said
    assert "Note: to be read\n" in said
    assert "Condition: score > 3\n" in said


def what_is_kept_as_keys_is_written_by_key_test(tmp_path):
    lens = make()
    for version, values in (("v1", range(6)), ("v2", [0] * 6)):
        lens._study.add_columns([Derived("score", pa.chunked_array([pa.array(values)]), version, "by hand")])
        if version == "v1":
            lens.selections["top"] = dl.col("score") > 3
    module = load(lens.selections.write(tmp_path / "filters.py"))
    assert module.top(FRAME)["id"].tolist() == ["r4", "r5"]
    assert "kept as 2 keys" in module.top.__doc__


def conditions_are_read_back_test(tmp_path):
    selections = saved()
    found = selections.read(selections.write(tmp_path / "filters.py"))
    assert list(found) == list(PREDICATES)
    same = {name for name, predicate in found.items() if predicate == PREDICATES[name]}
    assert same == set(PREDICATES)
    assert selections.read(selections.write(tmp_path / "by_key.py", form="keys")).keys() == found.keys()


def conditions_by_key_are_read_back_as_the_same_rows_test(tmp_path):
    selections = saved()
    for name, predicate in selections.read(selections.write(tmp_path / "filters.py", form="keys")).items():
        assert predicate.mask(FRAME).tolist() == PREDICATES[name].mask(FRAME).tolist()


def an_edited_condition_is_read_as_it_stands_test(tmp_path):
    selections = saved()
    path = selections.write(tmp_path / "filters.py")
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace('df["loss"] > 1.5', 'df["loss"] > 2.5').replace("(2.5, 3.5)]", "(2.5, 4.5)]"),
        encoding="utf-8",
    )
    found = selections.read(path)
    assert found["hard"] == (dl.col("loss") > 2.5)
    assert found["a lasso"].polygon[-1] == (2.5, 4.5)
    selections.update(found)
    assert selections["hard"].keys() == ["r4", "r5"]


HOSTILE = """
import os
os.system("touch {mark}")

def evil(df):
    return df[__import__("os").system("touch {mark}")]

def other(df):
    import os
    return df[(lambda: os.system("touch {mark}"))()]

def helper(x):
    return os.system("touch {mark}")

def by_helper(df):
    return df[helper(df["loss"])]

def endless(df):
    while True:
        pass

SELECTIONS = {{"a": {function}}}
"""


@pytest.mark.parametrize("function", ["evil", "other", "by_helper", "endless", "nobody"])
def nothing_is_run_when_a_module_is_read_test(tmp_path, function):
    path, mark = tmp_path / "filters.py", tmp_path / "mark"
    path.write_text(HOSTILE.format(mark=mark, function=function))
    with pytest.raises(ValueError, match=rf"{function} of .*can't be read as a condition|no such function"):
        make().selections.read(path)
    assert not mark.exists()


@pytest.mark.parametrize(
    ("content", "match"),
    [
        (b"x = 1", "has no SELECTIONS"),
        (b"SELECTIONS = {'a': print()}", "not a dict from texts to functions"),
        (b"SELECTIONS = {**a}", "not a dict from texts to functions"),
        (b"def f(:", r"no Python module .*line 1"),
        (b"\xff\xfe", "no text in UTF-8"),
        (b"a\0b", "no Python module"),
        (b"(" * 5_000, "no Python module"),
        (b"x = " + b"-" * 100_000 + b"1", "no Python module|SELECTIONS"),
    ],
)
def what_is_no_module_of_selections_is_said_test(tmp_path, content, match):
    path = tmp_path / "filters.py"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=match):
        make().selections.read(path)


def a_docstring_can_not_lie_test(tmp_path):
    path = tmp_path / "filters.py"
    path.write_text(
        'def f(df):\n    """Say.\n\n    Condition: loss > 1\n    """\n    return df[df["x"] > 3]\n\nSELECTIONS = {"f": f}\n'
    )
    assert make().selections.read(path) == {"f": dl.col("x") > 3}


def a_missing_file_is_said_test(tmp_path):
    with pytest.raises(MissingFileError, match=r"no file .*filters\.py"):
        make().selections.read(tmp_path / "filters.py")


def nothing_saved_is_said_test(tmp_path):
    with pytest.raises(ValueError, match="Nothing is saved yet"):
        make().selections.write(tmp_path / "filters.py")
    assert not list(tmp_path.glob("*.py"))


def names_become_valid_unique_names_of_functions_test():
    names = [
        "df",
        "check",
        "print",
        "None",
        "__import__('os')",
        "ﬁlter",
        "filter",
        "a" * 300,
        "日本",
        "x;y",
        "X y",
        "",
        "_",
    ]
    made = identifiers(names, {"df", "check"})
    assert len(set(made)) == len(names)
    assert all(name.isidentifier() for name in made)
    assert not {"df", "check", "print", "filter"} & set(made)
