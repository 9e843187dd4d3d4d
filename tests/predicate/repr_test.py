# ruff: noqa: DTZ001 (columns without a time zone are what is tested)
"""A predicate's repr is the code that builds it, with the names of `datalens` alone."""

import datetime as dt
import subprocess
import sys
import zoneinfo
from decimal import Decimal

import pytest

import datalens
from datalens.core.keys import Identity
from datalens.predicate import (
    Arithmetic,
    Compare,
    Field,
    Items,
    Length,
    Linear,
    Literal,
    Member,
    Predicate,
    col,
    everything,
    inside,
    keys,
)

BERLIN = zoneinfo.ZoneInfo("Europe/Berlin")
SAMPLES = [
    everything(),
    col("loss") > 3.2,
    col("") == 'it\'s "so"\n\\\0😀\u202e',
    col("a\nb'\"") != col("b"),
    col("a") == 2**60,
    col("a") > float("-inf"),
    col("a") < -0.0,
    col("a") == True,  # noqa: E712
    col("a") >= dt.datetime(2024, 1, 1, 12, tzinfo=dt.UTC),
    col("a") >= dt.datetime(2024, 1, 1, 12, 0, 0, 5),
    col("a") >= dt.datetime(2024, 7, 1, 12, tzinfo=BERLIN),
    col("a") < dt.date(2024, 2, 29),
    col("a").between(dt.timedelta(seconds=-1), dt.timedelta(days=2, microseconds=3)),
    col("a") == Decimal("1.50"),
    col("a").is_in(["x", "\ud800"]),
    col("a").is_in([]),
    col("a").is_null(),
    col("text").contains("\\"),
    col("text").starts_with(""),
    col("text").matches(r"\d+'\"\n"),
    col("text").length() > 3,
    (col("b") - col("a")) / (col("b") * 2 + 1) >= 0.3,
    col("tags").any() == "x",
    col("tags").all().is_in(["x", "y"]),
    col("meta").field("lang").starts_with("d"),
    col("turns").any().field("role") == "user",
    ~(col("turns").any().field("text").length() > 9),
    col("vector").dot([0.5, -1e-300]) >= 0.25,
    ~(col("vector").cosine([3.0, 4.0]) > 0.5),
    Linear("vector", (3.0, 4.0), 0.5, "ge", cosine=True),
    ~(col("vector").cosine([0.1, 0.2, 0.3]) <= 0.5),
    col("b") - col("a") > col("c"),
    col("text").length() >= col("n"),
    float("inf") + col("a") == col("b"),
    Compare("gt", Literal(3), Field("a")),
    Items("scores", "all", Compare("gt", Field("item"), Arithmetic("mul", Field("item"), Literal(2)))),
    Member("meta", "n", Compare("eq", Length("item"), Field("item"))),
    inside("x", "y", [(0, 0), (1.5, 0.1), (0.25, 3)]),
    keys(["a", "b"], Identity("column", ("id",))),
    keys(["0123456789abcdef-0"], Identity("content", ("a", "b'"))),
    keys([0, 8], Identity("row", (), 9, "f'.parquet", "abc")),
    (col("a") > 1) & (col("b") > 1) | ~(col("c").is_null() & (col("d") == 1)),
    ~((col("a") > 1) | keys([1], Identity("column", ("id",)))),
]


@pytest.mark.parametrize("predicate", SAMPLES, ids=repr)
def repr_builds_the_predicate_test(predicate):
    # What stands in a value's own repr is of the standard library.
    names = {"dl": datalens, "datetime": dt, "Decimal": Decimal, "zoneinfo": zoneinfo}
    assert eval(repr(predicate), names) == predicate  # noqa: S307


@pytest.mark.parametrize("name", ["Identity", "Predicate", "col", "everything", "inside", "keys"])
def names_are_there_test(name):
    assert name in datalens.__all__
    assert name in dir(datalens)
    assert getattr(datalens, name) is not None


def names_load_when_they_are_used_test():
    code = "import sys, datalens; before = 'datalens.predicate' in sys.modules; datalens.col; print(before)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def all_nodes_are_among_the_samples_test():
    def nodes(node):
        yield type(node).__name__
        of = getattr(node, "of", ())
        for part in of if isinstance(of, tuple) else (of,):
            yield from nodes(part)

    assert {node for sample in SAMPLES for node in nodes(sample)} == {
        node.__name__ for node in Predicate.__subclasses__()
    }
