"""What chips show of conditions can be typed, where it says all that the condition does."""

# ruff: noqa: DTZ001 (columns without a time zone are what is tested)
import datetime as dt
from decimal import Decimal

import numpy as np
import pytest

from datalens.core.keys import Identity
from datalens.predicate import Predicate, col, everything, inside, keys
from datalens.predicate.parse import ParseError
from predicate.parse_printed_test import PREDICATES, TABLES

parse = Predicate.parse
a, s, tags, k, t = map(col, ("a", "s", "tags", "k", "t"))
KINDS = {"a": "number", "b": "number", "s": "text", "p": "decimal", "f": "boolean", "tags": "list", "k": "list", "t": "datetime",
         "z": "instant", "day": "date", "m": "struct", "x": "number", "y": "number", "v": "list", "r": "text", "grid": "list"}  # fmt: skip

LABELS = [
    a == 3, a != 3, a > 3.5, a <= -2, a == float("-inf"), a == col("b"), a - col("b") > 0.25, (a + 1) * 2 == 4,
    s == "web", s != "web", s == "12", s.is_null(), ~s.is_null(), s.length() > 3, s.length() == 3, s.length() >= col("r").length(),
    a.between(1, 2.5), a.between(float("-inf"), 2), s.between("ab", "cd"), col("day").between(dt.date(2024, 1, 1), dt.date(2024, 1, 2)),
    a.is_in([1, -2]), s.is_in(["web"]), s.is_in(["web", "books"]), col("day").is_in([dt.date(2024, 1, 1)]),
    s.contains("cookie banner"), s.starts_with("http:"), s.matches("cookie"), s.contains(""),
    col("day") == dt.date(2024, 2, 29), t > dt.datetime(2024, 1, 1, 10), t == dt.datetime(2024, 1, 1, 10, 30, 1, 5),
    col("z") <= dt.datetime(2024, 1, 1, 10, tzinfo=dt.UTC), t.is_in([dt.datetime(2024, 1, 1, 10), dt.datetime(2024, 1, 1, 11)]),
    col("p") > Decimal("1.10"), col("p") == Decimal("1.5"), col("f") == True,  # noqa: E712
    tags.any() == "web", tags.all() != "web", tags.any().is_null(), tags.any().contains("e"), tags.any().is_in(["web", "q"]),
    tags.any().length() > 3, tags.length() == 2, ~(tags.any() == "web"), col("grid").any().all() > 0, col("grid").any().length() > 1,
    k.any().field("role") == "tool", k.all().field("role").is_null(), k.any().field("m").field("n") > 1, k.any().field("role").length() > 3,
    col("m").field("url") == "web", col("m").field("url").starts_with("http"), col("m").field("tags").any() == "web",
    (a > 3) & (s == "web"), (a > 3) | ~(s == "web"), ((a > 1) | (a < 0)) & s.is_null(), everything(), ~everything(),
]  # fmt: skip

#: What says less than the condition does, or something else that is typed.
UNREADABLE = {
    inside("x", "y", [(0, 0), (1, 0), (1, 1)]): "leaves out the numbers",
    inside("x", "y", [(0, 0), (1, 0), (1, 1), (0, 1)]): "leaves out the numbers",
    col("v").dot([1, 2]) >= 3: "leaves out the numbers",
    keys(["a", "b"], Identity("column", ("s",))): "expected",
    s.is_in(["a1", "b1", "c1"]): "doesn't name all values",
    s.is_in([]): "list of nothing or of the word",
    s == "null": None,  # asks for null
    s == "nulls": "Did you mean 'null'",
    s == "missing": "Did you mean 'missing'",
    s == "a": "is a column here",
    s == "the web": "several words",
    s == "": "was expected after 'is'",
    s > "web": "A text is in quotes",
    s.matches("^a+"): "A pattern is in quotes",
    s.contains('"'): "closing",
    col("f") != True: None,  # "is not true", as in SQL, is what isn't true  # noqa: E712
    a == 1.2345678: None,  # six digits are shown
    col("grid").any().any().field("n") > 1: "Whose field this is",
    col("u") > dt.timedelta(seconds=3): "expected",
    col("my col") > 3: "A comparison was expected",
}


@pytest.mark.parametrize("predicate", LABELS, ids=repr)
def label_test(predicate):
    assert parse(predicate.label(), columns=KINDS) == _as_shown(predicate)


def _as_shown(predicate):
    """Return what a label can tell from others: whole numbers have no point in it, and neither do texts of digits."""
    return {s == "12": s == 12}.get(predicate, predicate)


@pytest.mark.parametrize("predicate", UNREADABLE, ids=repr)
def other_label_test(predicate):
    sentence = UNREADABLE[predicate]
    names = KINDS | {"u": "timedelta"}
    if sentence is None:
        assert parse(predicate.label(), columns=names) != predicate
        return
    with pytest.raises(ParseError) as raised:
        parse(predicate.label(), columns=names)
    assert sentence in raised.value.sentence


def everything_of_the_tables_test():
    same = wrong = 0
    for name, table in TABLES.items():
        for predicate in PREDICATES[name]:
            try:
                read = parse(predicate.label(), columns=table)
            except ParseError:
                continue
            if read == predicate or np.array_equal(read.mask(table), predicate.mask(table)):
                same += 1
                continue
            # "is not true", and a number of more than six digits.
            assert "is not True" in predicate.label() or "1.15292e+18" in predicate.label()
            wrong += 1
    assert same > 290
    assert wrong < 5


@pytest.mark.parametrize(
    ("said", "position", "sentence"),
    [
        ("s is webb and a is nul", 19, "Did you mean 'null'"),
        ("a from 1 and 2", 9, "'to' was expected"),
        ("a in 1, 2 3", 10, "'and', 'or' or the end"),
        ("s in web, a", 10, "is a column here"),
        ("any of 3 > 1", 7, "A column was expected"),
        ("a > 1 is web", 9, "'is' stands after a column"),
        ("a is 3", 5, "'null', 'not null'"),
    ],
)
def wrong_label_test(said, position, sentence):
    dialect = "duckdb" if said == "a is 3" else None
    with pytest.raises(ParseError) as raised:
        parse(said, columns=KINDS, dialect=dialect)
    assert sentence in raised.value.sentence
    assert raised.value.position == position
