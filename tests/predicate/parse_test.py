# ruff: noqa: DTZ001 (columns without a time zone are what is tested)
import datetime as dt
import pickle
import time
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datalens.core.keys import Identity
from datalens.predicate import (
    And,
    Column,
    Compare,
    Field,
    Keys,
    Length,
    Linear,
    Not,
    Or,
    Predicate,
    col,
    everything,
    inside,
    keys,
)
from datalens.predicate.parse import ParseError

parse = Predicate.parse
TRIANGLE = [(0, 0), (4, 0), (4, 4)]
a, b, loss, text, source = map(col, ("a", "b", "loss", "text", "source"))

BAR = {
    "loss > 3 and source == 'web' and text contains 'cookie'": (loss > 3)
    & (source == "web")
    & text.contains("cookie"),
    "not (a >= 1 or b is null)": ~((a >= 1) | b.is_null()),
    "source in ['web', \"books\"]": source.is_in(["web", "books"]),
    "source IN ('web')": source.is_in(["web"]),
    "source in []": source.is_in([]),
    "source not in ['web']": ~source.is_in(["web"]),
    "loss between 1 and 2 and a = 1": loss.between(1, 2) & (a == 1),
    "loss not between 1 and 2": ~loss.between(1, 2),
    "loss between a and 2": (loss >= a) & (loss <= 2),
    "text starts with 'x'": text.starts_with("x"),
    "text startswith 'x' or starts_with(text, 'y')": text.starts_with("x") | text.starts_with("y"),
    "text does not contain 'x'": ~text.contains("x"),
    "text not contains 'x'": ~text.contains("x"),
    r"text matches '(?i)foo\d'": text.matches(r"(?i)foo\d"),
    "length(text) > 100": text.length() > 100,
    "LEN(text) > length(source)": text.length() > source.length(),
    "loss_b - loss_a > 0.3": col("loss_b") - col("loss_a") > 0.3,
    "(a + 1) * 2 >= b / -3": (a + 1) * 2 >= b / -3,
    "a - (b - 1) < -a": a - (b - 1) < -a,
    "a*2>length(b)": a * 2 > b.length(),
    "any(tags) == 'web'": col("tags").any() == "web",
    "all(scores) >= 0.5": col("scores").all() >= 0.5,
    "length(any(tags)) > 3": col("tags").any().length() > 3,
    "any(tags) in ['a', 'b']": col("tags").any().is_in(["a", "b"]),
    "meta.url starts with 'http'": col("meta").field("url").starts_with("http"),
    "meta.`a b`.in is null": col("meta").field("a b").field("in").is_null(),
    "any(messages).role == 'tool'": col("messages").any().field("role") == "tool",
    "all(any(meta.tags)) > 1": col("meta").field("tags").any().all() > 1,
    "x is not null": ~col("x").is_null(),
    '"my col" > 3': col("my col") > 3,
    "`my ``col` > 3": col("my `col") > 3,
    "`in` > 3 and `` = ''": (col("in") > 3) & (col("") == ""),
    "length > 3 and date > 4 and any = 1": (col("length") > 3) & (col("date") > 4) & (col("any") == 1),
    "contains contains 'x'": col("contains").contains("x"),
    "day >= 2024-02-29": col("day") >= dt.date(2024, 2, 29),
    "t < 2024-02-29T10:00:00.5Z": col("t") < dt.datetime(2024, 2, 29, 10, 0, 0, 500_000, dt.UTC),
    "day = date '2024-02-29'": col("day") == dt.date(2024, 2, 29),
    "t = timestamp '2024-01-01 00:00:00'": col("t") == dt.datetime(2024, 1, 1),
    "t > timestamp '2024-01-01T01:00:00+01:00'": col("t") > dt.datetime(2024, 1, 1, tzinfo=dt.UTC),
    "u > duration '90s'": col("u") > dt.timedelta(seconds=90),
    "u > duration 'PT1H30M'": col("u") > dt.timedelta(hours=1.5),
    "u > interval '1 day 2 hours'": col("u") > dt.timedelta(days=1, hours=2),
    "u = duration '01:02:03'": col("u") == dt.timedelta(hours=1, minutes=2, seconds=3),
    "p = decimal '1.10'": col("p") == Decimal("1.10"),
    "flag = true or flag != FALSE": (col("flag") == True) | (col("flag") != False),  # noqa: E712
    "flag is true or flag is not false": (col("flag") == True) | ~(col("flag") == False),  # noqa: E712
    "a <> 1 && b != 2 || !a = 3": (a != 1) & (b != 2) | ~(a == 3),
    "a = 1 & b = 2 | ~a = 3": (a == 1) & (b == 2) | ~(a == 3),
    "A = 1 AND NOT b = 2": (col("A") == 1) & ~(b == 2),
    "not not a = 1": Not(Not(a == 1)),
    "a = 1 and (b = 1 and loss = 1)": And((a == 1, And((b == 1, loss == 1)))),
    "a = 1 or (b = 1 or loss = 1)": Or((a == 1, Or((b == 1, loss == 1)))),
    "1 < loss <= 3": (loss > 1) & (loss <= 3),
    "3 > loss": loss < 3,
    "a >= b": a >= b,
    'source == "web"': source == "web",
    'source = "web"': source == col("web"),
    "a = 1_000 or a = .5 or a = 1e3 or a = -0.0": (a == 1000) | (a == 0.5) | (a == 1000.0) | (a == -0.0),
    "a = 9007199254740993": a == 2**53 + 1,
    "a < float 'inf'": a < float("inf"),
    "text = 'it''s \\n'": text == "it's \\n",
    "größe > 1": col("größe") > 1,
    "everything() and a = 1": everything() & (a == 1),
    "true": everything(),
    "false": ~everything(),
    "inside(x, `y z`, [[0, 0], [4, 0], [4, 4]])": inside("x", "y z", TRIANGLE),
    "dot(e, [1, -2]) >= 0.5": col("e").dot([1, -2]) >= 0.5,
    "0.5 > dot(unit(e), [3, 4])": Linear("e", (3, 4), 0.5, "lt", cosine=True),
    "cosine(e, [3, 4]) > 0.5": col("e").cosine([3, 4]) > 0.5,
    "keys(['x', 'y'], column(id))": keys(["x", "y"], Identity("column", ("id",))),
    "keys([1], row(4, 'f.parquet', 'abc'))": keys([1], Identity("row", (), 4, "f.parquet", "abc")),
    "not coalesce(a > 1, false)": ~(a > 1),
    "text like 'x%' or text like '%x%' or text like 'x'": text.starts_with("x")
    | text.contains("x")
    | (text == "x"),
    "text like '10!%%' escape '!'": text.starts_with("10%"),
    "a > 1 -- a remark\n and b > 1": (a > 1) & (b > 1),
    "b": b == True,  # noqa: E712
    "not b": ~(b == True),  # noqa: E712
    "b and loss > 3 or not (a)": ((b == True) & (loss > 3)) | ~(a == True),  # noqa: E712
    "meta.ok and any(flags)": (col("meta").field("ok") == True) & (col("flags").any() == True),  # noqa: E712
    "'web' in tags": col("tags").any() == "web",
    "3 not in scores": ~(col("scores").any() == 3),
    "'x' in meta.tags": col("meta").field("tags").any() == "x",
    "source in ('web', 'news')": source.is_in(["web", "news"]),
    "a == None and b != None": a.is_null() & ~b.is_null(),
    "a == null or a is None or a is not none": a.is_null() | a.is_null() | ~a.is_null(),
    "a is nan and b is not nan": a.is_null() & ~b.is_null(),
    r"text ~ '^a\d' or text !~ 'b'": text.matches(r"^a\d") | ~text.matches("b"),
    "text does not match 'b'": ~text.matches("b"),
    "a in (-1, +2, 1e3)": a.is_in([-1, 2, 1000.0]),
    "a::DOUBLE > 1": a > 1,
    "CAST(a AS DOUBLE) > 0.1": a * 1 > 0.1,
}


@pytest.mark.parametrize("said", BAR)
def bar_test(said):
    assert parse(said) == BAR[said]


WRONG = {
    "": (0, "not the end"),
    "loss + 1": (8, "only a column"),
    "length(loss)": (12, "only a column"),
    "loss 3": (5, "after a column, not '3'"),
    "loss > > 3": (7, "A column or a value"),
    "loss >": (6, "not the end"),
    "(loss > 3": (9, r"'\)' was expected"),
    "loss > 3)": (8, "'and', 'or' or the end"),
    "loss > 3 source = 'web'": (9, "'and', 'or' or the end"),
    "text = 'x": (7, "no closing '"),
    "a ? 1": (2, "not expected here"),
    "a = null": (4, "is null"),
    "a in [1, 'x']": (9, "several kinds"),
    "a in [1 2]": (8, "',' or ']'"),
    "a in [b]": (6, "A value was expected"),
    "a between 1": (11, "upper bound"),
    "a between 'x' and 1": (10, "bounds for column 'a'"),
    "text starts 'x'": (12, "'with' was expected"),
    "text matches '(a)\\1'": (17, "backreference"),
    "text matches 'a\\B'": (15, "has a \\\\B"),
    "text contains 3": (14, "looks for text"),
    "foo(a) > 1": (0, "no function 'foo'"),
    "length(3) > 1": (7, "A column was expected"),
    "1 < 2": (2, "two fixed values"),
    "1 + 2 < a": (0, "result of two numbers"),
    "a + 'x' > 1": (4, "between columns and numbers"),
    "a + (b > 1) > 1": (4, "between columns and numbers"),
    "(a > 1) > 2": (8, "not compared"),
    "and > 1": (0, "`and`"),
    "a is nul": (5, "Did you mean 'null'"),
    "a is": (4, "'not null'"),
    "day = date '2024-13-01'": (6, "There is no day 2024-13-01"),
    "u > duration '1 month'": (4, "months"),
    "flag > true": (5, "can't be greater"),
    "any(tags) = any(b)": (10, "fixed values only"),
    "inside(x, y, [[0, 0], [1, 1]])": (0, "at least 3 vertices"),
    "dot(e, [1]) = 3": (12, "ge, gt, le or lt"),
    "keys(['x'], name(id))": (0, "can't be named by 'name'"),
    "text like 'a_b'": (10, "regular expression"),
    "text like '%b'": (10, "starts with"),
    "text ilike 'a%'": (5, "matches"),
    "isnan(a)": (0, "tell NaN from null"),
    "not (a > 1) and text like 'x%'": (0, "dialect='sql'"),
    "a::INT > 1": (3, "isn't read"),
    "a::INT + 1 > 1": (3, "isn't read"),
    "\ud800 > 1": (0, "not expected here"),
    'df["loss"] != 3': (11, r"notna|df\[.a.\] == df"),
    'df["loss"] > ': (13, "not Python"),
    'selected = df[df["loss"].median() > 3]': (24, r"There is no \.median"),
    "import os\nos.system('x')": (10, "no condition system"),
    'df["a"] > other["b"]': (10, "one frame"),
    'x = __import__("os")\nselected = df[df["a"] > 1]': (4, "no value"),
    'x = 3\nselected = df[df["a"] > x]': (0, "none that a predicate is printed with"),
    'mine(df["x"], df["y"], [(0, 0), (1, 0), (1, 1)])': (0, "A condition was expected"),
    'df["a"] < (1.0 if df["a"].dtype.kind == "f" else 2)': (11, "the same number"),
    'python_values(df["a"]).map(matches_a).astype(bool)': (0, "lists or structs"),
    'df["a"].map(lambda a: "x" in a or a == 3, na_action="ignore").eq(True)': (12, "lambda isn't the one"),
    'df["a"].map(lambda a: len(a) > 0 and "x" in a, na_action="ignore").eq(True)': (22, "one condition"),
    'df["a"].map(lambda a: a is None or "x" in a, na_action="ignore").eq(True)': (12, "lambda isn't the one"),
    'df["a"].map(matches_a, na_action="ignore").eq(True)': (0, "lists or structs"),
    "dl.col('a').nothing() > 1": (0, r"no nothing\(\)"),
    "dl.col('a') > __import__('os')": (14, "no value"),
}


@pytest.mark.parametrize("said", WRONG)
def error_test(said):
    position, sentence = WRONG[said]
    with pytest.raises(ParseError, match=sentence) as raised:
        parse(said)
    assert raised.value.position == position


def caret_test():
    with pytest.raises(ParseError) as raised:
        parse("loss > 3\nand text contain\ts ? 'x'" + " " * 200)
    line, caret = str(raised.value).split("\n")[1:]
    assert line.startswith("    and text contain s ? 'x'")
    assert line.endswith("…")
    assert line[caret.index("^")] == "?"
    assert str(pickle.loads(pickle.dumps(raised.value))) == str(raised.value)  # noqa: S301


def columns_test():
    assert parse("loss > 3", columns=["loss"]) == (loss > 3)
    with pytest.raises(ParseError, match="Did you mean 'loss'") as raised:
        parse("a = 1 and los > 3", columns=["loss", "a"])
    assert raised.value.position == 10
    for code in ('df["los"] > 3', "dl.col('los') > 3", "inside(los, los, [[0, 0], [1, 0], [1, 1]])"):
        with pytest.raises(ParseError, match="Did you mean 'loss'"):
            parse(code, columns=["loss"])


TYPED = {"day": "date", "t": "datetime", "z": "instant", "p": "decimal", "s": "text", "u": "timedelta", "loss": "number",
         "b": "boolean", "tags": "list", "my day": "date"}  # fmt: skip
BESIDE = {
    "day >= '2024-01-01'": col("day") >= dt.date(2024, 1, 1),
    "`my day` between '2024-01-01' and '2024-02-01'": col("my day").between(
        dt.date(2024, 1, 1), dt.date(2024, 2, 1)
    ),
    "day in ('2024-01-01',)": col("day").is_in([dt.date(2024, 1, 1)]),
    "t > '2024-01-01 10:00'": col("t") > dt.datetime(2024, 1, 1, 10),
    "z > '2024-01-01T10:00Z'": col("z") > dt.datetime(2024, 1, 1, 10, tzinfo=dt.UTC),
    "u > '90s'": col("u") > dt.timedelta(seconds=90),
    "p = 1.10 or p in (1, 2.5)": (col("p") == Decimal("1.1")) | col("p").is_in([Decimal(1), Decimal("2.5")]),
    "s = '2024-01-01'": col("s") == "2024-01-01",
    "'a' in s and 'a' in tags": col("s").contains("a") & (col("tags").any() == "a"),
    "not b": ~(col("b") == True),  # noqa: E712
}


@pytest.mark.parametrize("said", BESIDE)
def types_test(said):
    assert parse(said, columns=TYPED) == BESIDE[said]


MISTYPED = {
    "s contians 'a'": (2, "Did you mean 'contains'"),
    "s beetween 1 and 2": (2, "Did you mean 'between'"),
    "loss > 3 adn b": (9, "Did you mean 'and'"),
    "s == web": (5, "in quotes: 'web'"),
    "s in (web, news)": (6, "the text 'web', in quotes"),
    "los > 3": (0, "Did you mean 'loss'"),
    "lenght(s) > 3": (0, "Did you mean 'length'"),
    "day > 'soon'": (6, "'2024-02-29'"),
    "z > '2024-01-01'": (4, "with its zone"),
    "loss": (4, "only a column"),
    "'a' in loss": (7, "holds no lists"),
}


@pytest.mark.parametrize("said", MISTYPED)
def mistyped_test(said):
    position, sentence = MISTYPED[said]
    with pytest.raises(ParseError, match=sentence) as raised:
        parse(said, columns=TYPED)
    assert raised.value.position == position


def dotted_names_test():
    assert parse("meta.url = 'x'", columns=["meta"]) == (col("meta").field("url") == "x")
    assert parse("meta.url = 'x'", columns=["meta.url"]) == (col("meta.url") == "x")
    assert parse("meta.url.host = 'x'", columns=["meta.url"]) == (col("meta.url").field("host") == "x")
    assert parse("`meta.url` = 'x'") == (col("meta.url") == "x")


def double_quotes_test():
    assert parse('source = "web"', columns=["source"]) == (source == "web")
    assert parse('source = "web"', columns=["source", "web"]) == (source == col("web"))
    with pytest.raises(ParseError, match="`web` for the column"):
        parse('source == "web"', columns=["source", "web"])
    with pytest.raises(ParseError, match="A value was expected"):
        parse('source in ("web")', dialect="sql")


TYPES = [
    loss > 3.2,
    ~(loss > 3.2),
    a == 1,
    a == 1.0,
    a == -0.0,
    a == 2**53 + 1,
    a < 2**100,
    a == float("-inf"),
    a != 5e-324,
    text == "it's",
    text != 'say "hi"\n\\ \0 \ud800 \u202e 😀',
    col("f") == True,  # noqa: E712
    col("f") != False,  # noqa: E712
    col("d") > dt.date(2024, 2, 29),
    col("d") != dt.date(1, 1, 1),
    col("d").between(dt.date(2024, 1, 1), dt.date(2024, 1, 2)),
    col("d").is_in([dt.date(2024, 1, 1)]),
    col("t") < dt.datetime(2024, 1, 1),
    col("t") < dt.datetime(2024, 1, 1, 1, 2, 3, 4, tzinfo=dt.UTC),
    col("t").is_in([dt.datetime(2024, 1, 1)]),
    col("u") > dt.timedelta(days=-1, microseconds=3),
    col("u") > dt.timedelta.max,
    col("p") != Decimal("1.10"),
    col("p").is_in([Decimal("1E+3")]),
    a == b,
    a != b,
    a != a,  # noqa: PLR0124
    (a == a) & (a != 3),  # noqa: PLR0124
    loss.between(1, 2.5),
    source.is_in([]),
    source.is_in(["web", "books"]),
    source.is_null(),
    text.contains(""),
    text.starts_with('"'),
    inside("x", "y", [(0.1, -1e-300), (4, 0), (4, 4), (1, 2)]),
    ~inside("x", "y", TRIANGLE) & (col("x") > 1) & inside("x", "z", TRIANGLE[::-1]),
    keys([1, 3], Identity("row", (), 4)),
    keys(["0123456789abcdef-0"], Identity("content", ("a b", "b"))),
    everything(),
    ~everything() | (a > 1),
    ((a > 1) | (b < 2)) & (loss == 3),
    ~((a > 1) | ~(b < 2)) & ~~(a > 1),
    (col("my col") > 1) & (col('say "hi" `x`\n') > 1) & (col("") > 1) & (col("In") > 1),
]
NESTED = [
    text.length() > 100,
    text.length() != loss,
    col("loss_b") - col("loss_a") > 0.3,
    (a - (b - 1)) * 2 / 3 >= -text.length(),
    2 - a / b < b * (a + 1e300),
    text.matches(r"(?i)^\bfoo'\d+$"),
    col("tags").any() == "web",
    col("scores").all() * 2 - 1 >= 0.5,
    col("tags").all().is_in(["a"]),
    col("tags").any().is_null(),
    col("tags").any().length() > 3,
    col("m").any().field("role").contains("x"),
    col("m").field("a.b").field("`").any().between(1, 2),
    ~(col("m").any().all().field("any") != dt.date(2024, 1, 1)),
    col("e").dot([1, -2.5, 1e-9]) >= 0.5,
    col("e").cosine([0.1, 0.2, 0.3]) < -0.1,
    keys(["a"], Identity("column", ("id",))),
    Keys(Identity("content", ("a",), 3, "it's", "x"), ()),
    Not(Not(a > 1)),
    And((And((a > 1, b > 1)), Or((a > 1, Or((b > 1, loss > 1)))))),
]


@pytest.mark.parametrize("predicate", [*TYPES, *NESTED, Linear("e", (3, 4), 1, "gt", cosine=True)], ids=repr)
def to_text_test(predicate):
    assert parse(predicate.to_text(), columns=predicate.columns) == predicate


@pytest.mark.parametrize("predicate", [*TYPES, *NESTED], ids=repr)
def repr_test(predicate):
    assert parse(repr(predicate), columns=predicate.columns) == predicate


@pytest.mark.parametrize("predicate", TYPES, ids=repr)
@pytest.mark.parametrize(
    "names", [{}, {"frame": "self.data", "result": "part"}, {"frame": "np", "result": "inside"}]
)
def pandas_test(predicate, names):
    code = predicate.code("pandas", **names)
    assert parse(code, columns=predicate.columns, dialect="pandas") == predicate


MASKS = {
    '(df["loss"] > 3.2) & df["text"].str.contains("cookie", regex=False, na=False)': (loss > 3.2)
    & text.contains("cookie"),
    "(df['loss'] > 3.2)\n| ~df['a'].isna()": (loss > 3.2) | ~a.is_null(),
    'df[df["a"].notna()]': ~a.is_null(),
    'inside(df["x"], df["y"], [(0, 0), (4, 0), (4, 4)])': inside("x", "y", TRIANGLE),
    'df["flag"] & ~df["a"].between(1, 2)': (col("flag") == True) & ~a.between(1, 2),  # noqa: E712
    'df["a"].ge(3) & (3 > df["b"])': (a >= 3) & (b < 3),
    "  # hard ones\npart = data[data['a'] > 1]": a > 1,
    'df["t"] < datetime.datetime(2024, 1, 1)': col("t") < dt.datetime(2024, 1, 1),
    "col('a') > 1": a > 1,
    f'df["a"] < ({2.0**70} if df["a"].dtype.kind == "f" else {2**70})': a < 2**70,
    'pd.isna(df["a"].to_numpy()) | df["b"].astype("float64").isna()': a.is_null() | b.is_null(),
    'df["text"].map(len, na_action="ignore").to_numpy("float64", na_value=np.nan) > 100': text.length() > 100,
    'df["text"].str.len() <= 100': text.length() <= 100,
    'df["s"].notna() & (df["s"].str.len() != 3)': col("s").length() != 3,
    'df["t"].dt.tz_convert("UTC") == df["u"].dt.tz_convert("UTC")': col("t") == col("u"),
    'wanted = [1, 2]\ndf["a"].isin(wanted)': a.is_in([1, 2]),
    # What other printers of pandas code may write: what is computed, products of vectors.
    'df["text"].str.len() > 100': text.length() > 100,
    'df["b"].astype("float64") - df["a"].astype("float64") > 0.3': b - a > 0.3,
    'df["b"].astype("float64") >= df["text"].str.len() / 2': b >= text.length() / 2,
    'value = df["text"].str.len()\nselected = df[(value == value) & (value != 3)]': text.length() != 3,
    'v = df["s"].str.len()\nw = df["a"].astype("float64")\nselected = df[(v == v) & (w == w) & (v != w)]': (
        Compare("ne", Length("s"), Field("a"))
    ),
    'weights = [1.0, 2.0]\nselected = df[product(df["e"], weights) >= 0.5]': col("e").dot([1, 2]) >= 0.5,
    'cosine(df["e"], [3.0, 4.0]) < 1': Linear("e", (3, 4), 1, "lt", cosine=True),
    r'df["s"].astype(object).str.contains(r"\A\b[Ff]oo\Z", flags=re.ASCII, na=False)': col("s").matches(
        r"^\b[Ff]oo$"
    ),
    f'df["a"].isin([{2.0**60}, 3.0] if df["a"].dtype.kind == "f" else [{2**60}, 3])': a.is_in([2**60, 3]),
    "  dl.col('é') > 1": col("é") > 1,
}


@pytest.mark.parametrize("code", MASKS)
def mask_test(code):
    assert parse(code) == MASKS[code]


def helpers_are_ours_test():
    code = inside("x", "y", TRIANGLE).code("pandas")
    assert parse(code) == inside("x", "y", TRIANGLE)
    with pytest.raises(ParseError, match="isn't the one"):
        parse(code.replace("x < crossing", "x > crossing"))


def keys_of_a_column_test():
    # Printed code doesn't say that a column names the rows.
    assert parse(keys(["a"], Identity("column", ("id",))).code("pandas")) == col("id").is_in(["a"])


SQL = {
    "loss > 3.2 AND NOT isnan(loss)": loss > 3.2,
    "NOT coalesce(loss > 3.2 AND NOT isnan(loss), false)": ~(loss > 3.2),
    "NOT isnan(loss)": ~loss.is_null(),
    "loss IS NULL OR isnan(loss)": loss.is_null(),
    "a IS NULL\nOR (typeof(a) IN ('FLOAT', 'DOUBLE') AND a::VARCHAR IN ('nan', '-nan'))": a.is_null(),
    "a <> b AND NOT (typeof(a) IN ('FLOAT', 'DOUBLE') AND a::VARCHAR IN ('nan', '-nan'))": a != b,
    "a = 'inf'::DOUBLE OR a = CAST('-inf' AS DOUBLE)": (a == float("inf")) | (a == float("-inf")),
    "a > 1e20 AND NOT isnan(a)": a > 1e20,
    "p = CAST('1.10' AS DECIMAL(3, 2))": col("p") == Decimal("1.10"),
    r"text = E'a\n\\''' AND text = ('a' || chr(0))": (text == "a\n\\'") & (text == "a\0"),
    '"Source" = \'web\' AND "a" < "say ""hi"""': (col("Source") == "web") & (a < col('say "hi"')),
    "b::DOUBLE - a::DOUBLE > 0.3 AND NOT isnan(b::DOUBLE - a::DOUBLE)": b - a > 0.3,
    "CAST(length(text) AS DOUBLE) / (-3) < 2": text.length() / -3 < 2,
    "t = TIMESTAMP '2024-01-01 00:00:00'": col("t") == dt.datetime(2024, 1, 1),
    "t = TIMESTAMPTZ '2024-01-01 00:00:00+00:00'": col("t") == dt.datetime(2024, 1, 1, tzinfo=dt.UTC),
    "u = INTERVAL '-5 microseconds'": col("u") == dt.timedelta(microseconds=-5),
    r"regexp_matches(text, '\A[Ff]oo[0-9]\z')": text.matches("^[Ff]oo[0-9]$"),
    r"regexp_like(text, '(?-u:\b)foo')": text.matches(r"\bfoo"),
    "list_contains(tags, 'web')": col("tags").any() == "web",
    "len(list_filter(s, lambda item: item > 0.5 AND NOT isnan(item))) > 0": col("s").any() > 0.5,
    "len(list_filter(s, lambda item: item > 0.5)) = len(s)": col("s").all() > 0.5,
}


@pytest.mark.parametrize("said", SQL)
@pytest.mark.parametrize("dialect", [None, "sql"])
def sql_test(said, dialect):
    assert parse(said, dialect=dialect) == SQL[said]


def sql_only_test():
    assert parse("WHERE meta['url'] = 'x';", dialect="sql") == (col("meta").field("url") == "x")
    item = "len(list_filter(m, lambda item: item['role'] = 'x')) > 0"
    assert parse(item, dialect="sql") == (col("m").any().field("role") == "x")
    for said in ("1 < a < 3", "day > 2024-02-29", "any(tags) = 'x'"):
        with pytest.raises(ParseError):
            parse(said, dialect="sql")
    with pytest.raises(ValueError, match="There is no dialect"):
        parse("a > 1", dialect="cobol")


@pytest.mark.parametrize(
    "where",
    [
        "a > 1",
        "NOT (a > 1)",
        "NOT (a > 1 AND b < 2)",
        "NOT (a > 1 OR b < 2)",
        "NOT (NOT a > 1 OR b IS NULL)",
        "a <> 1",
        "a NOT IN (1, 2)",
        "NOT a = b",
        "a NOT BETWEEN 1 AND 2",
        "NOT a BETWEEN b AND 2",
        "s NOT LIKE '%x%' OR NOT s LIKE 'x%'",
        "f",
        "NOT f AND a = a",
        "(a > 1) IS NOT TRUE",
        "(a > 1) IS FALSE OR f IS NOT FALSE",
        "coalesce(a > 1, true) AND NOT coalesce(b > 1, false)",
        "NOT (a > 1) IS TRUE",
        "NOT length(s) > 1",
        "NOT contains(s, 'x') OR NOT starts_with(s, 'x')",
        "NOT meta.k > 1",
        "NOT (a IS NULL OR NOT b > 1)",
        "NOT (TRUE AND a > 1)",
    ],
)
def three_valued_test(where):
    import duckdb

    values = [None, 0, 1, 2, 3]
    frame = pd.DataFrame(
        [(x, y, t, f, {"k": x}) for x in values for y in (None, 1, 2) for t in (None, "", "xx", "yx") for f in (None, True, False)],
        columns=["a", "b", "s", "f", "meta"],
    ).astype({"a": "Int64", "b": "Int64", "s": "string", "f": "boolean"})  # fmt: skip
    import pyarrow as pa

    samples = pa.Table.from_pandas(frame.assign(row=np.arange(len(frame))))
    wanted = duckdb.sql(f"SELECT row FROM samples WHERE {where} ORDER BY row").fetchnumpy()["row"]  # noqa: S608
    assert np.flatnonzero(parse(where, dialect="sql").mask(samples)).tolist() == wanted.tolist()


HOSTILE = {
    "brackets": "(" * 10_000 + "a > 1" + ")" * 10_000,
    "nots": "not " * 10_000 + "a > 1",
    "signs": "a > " + "-" * 10_000 + "1",
    "sums": "a" + " + a" * 10_000 + " > 1",
    "fields": "a" + ".b" * 10_000 + " > 1",
    "any": "any(" * 10_000,
    "inversions": "~" * 10_000 + 'df["a"]',
    "attributes": 'df["a"]' + ".b" * 10_000,
    "subscripts": "df" + "[0]" * 10_000,
    "calls": "dl.col('a')" + ".any()" * 10_000 + " > 1",
    "repr brackets": "(" * 10_000 + "dl.col('a') > 1",
    "python sums": "dl.col('a')" + " + 1" * 10_000 + " > 1",
    "digits": "a > " + "9" * 100_000,
    "repr digits": "dl.col('a') > " + "9" * 100_000,
    "million": "a > " * 3_000_000,
    "quotes": "'" * 999_999,
    "escapes": "text = E'" + "\\x" * 100_000 + "'",
    "surrogates": "dl.col('\ud800') > 1 & '\udfff",
    "zero": "df['a\0']",
    "exponent": "a > 1e999999999",
    "duration": "u > duration '1e9999999s'",
    "decimal": "p > decimal '1e9999999999999999999'",
    "whitespace": " " * 1_000_000,
    "lines": "\n" * 1_000_000,
    "words": "dl " * 300_000,
    "nul": "a = '\0' and \0",
    "cases": "CASE WHEN " * 10_000,
    "casts": "CAST(" * 10_000,
    "exists": "EXISTS (SELECT 1 FROM unnest(a) AS i WHERE " * 5_000,
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("dialect", [None, "bar", "sql", "pandas", "spark", "postgres"])
def hostile_test(name, dialect):
    start = time.monotonic()
    try:
        parse(HOSTILE[name], dialect=dialect)
    except ParseError as error:
        assert len(str(error)) < 3000  # noqa: PT017 - some of them are predicates
    assert time.monotonic() - start < 20


def long_chains_test():
    predicate = parse(" and ".join(f"c{i} > {i}" for i in range(20_000)))
    assert len(predicate.of) == 20_000
    assert parse(" & ".join(f'(df["c{i}"] > {i})' for i in range(500))).of[499] == (col("c499") > 499)


WORDS = [
    "a", "loss", "`x`", '"q"', "'t'", "1", "-1.5", "2024-02-29", "date", "timestamp", "(", ")", "[", "]", ",", ".",
    "and", "or", "not", "in", "is", "null", "between", "like", "contains", "starts", "with", "matches", "any", "all",
    "length", "inside", "dot", "keys", "=", "==", "<", "<>", ">=", "+", "-", "*", "/", "&", "|", "~", "!", "::",
    "double", "coalesce", "isnan", "typeof", "cast", "as", "true", "false", "escape", "chr", "||", "df", "dl", "col",
    ".any()", ".str", "==", "\n", "#", "lambda", ":", "list_filter", "len", "E'\\n'", "e", "duration", "'90s'",
]  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(
    st.one_of(
        st.text(max_size=40),
        st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join),
        st.builds(
            lambda text, at, new: text[: at % (len(text) + 1)] + new + text[at % (len(text) + 1) + 1 :],
            st.sampled_from([*BAR, *MASKS, *SQL, *(predicate.code("pandas") for predicate in TYPES)]),
            st.integers(0, 1000),
            st.text(max_size=2) | st.sampled_from(WORDS),
        ),
    ),
    st.sampled_from([None, "bar", "sql", "pandas"]),
    st.sampled_from([None, ["a", "loss", "x"]]),
)
def fuzz_test(said, dialect, columns):
    try:
        predicate = parse(said, dialect=dialect, columns=columns)
    except ParseError as error:
        assert 0 <= error.position <= len(said)  # noqa: PT017 - random text may be a predicate
    else:
        assert parse(predicate.to_text()) == predicate


names = st.one_of(
    st.sampled_from(
        ["a", "loss", "my col", "in", "any", "length", "date", "E", "`", '"', "a.b", "", "é", "\n"]
    ),
    st.text(max_size=4),
)
numbers = st.integers(-(2**70), 2**70) | st.floats(allow_nan=False)
texts = st.text(max_size=5)
values = st.one_of(
    numbers,
    texts,
    st.dates(),
    st.datetimes(),
    st.datetimes(dt.datetime(2, 1, 1), dt.datetime(9998, 1, 1), timezones=st.just(dt.UTC)),
    st.timedeltas(),
    st.decimals(allow_nan=False, allow_infinity=False),
)


@st.composite
def leaves(draw):
    column: Column = col(draw(names))
    for step in draw(st.lists(st.sampled_from(["any", "all", "field"]), max_size=3)):
        column = column.field(draw(names)) if step == "field" else getattr(column, step)()
    compared = draw(st.sampled_from(["__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__"]))
    value = draw(values)
    match draw(st.integers(0, 7)):
        case 0:
            return getattr(column.length(), compared)(draw(numbers))
        case 1:
            return getattr((column - draw(numbers)) * column / draw(numbers), compared)(draw(numbers))
        case 2:
            return column.is_in(draw(st.lists(texts, max_size=3)))
        case 3:
            return column.is_null()
        case 4:
            return column.contains(draw(texts))
        case 5:
            return column.between(value, value)
        case 6:
            return getattr(col(draw(names)), compared)(col(draw(names)))
    return getattr(column, compared)(value)


trees = st.recursive(
    leaves(),
    lambda parts: st.one_of(
        st.lists(parts, min_size=2, max_size=3).map(lambda of: And(tuple(of))),
        st.lists(parts, min_size=2, max_size=3).map(lambda of: Or(tuple(of))),
        parts.map(Not),
    ),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None)
@given(trees)
def law_test(predicate):
    assert parse(predicate.to_text(), columns=predicate.columns) == predicate
    assert parse(repr(predicate), columns=predicate.columns) == predicate


def deepest_test():
    predicate = a > 1
    for i in range(63):
        predicate = Not(predicate) if i % 3 == 0 else (And, Or)[i % 2]((b > 1, predicate))
    assert parse(predicate.to_text()) == predicate
    assert parse(repr(predicate)) == predicate
    assert parse(predicate.code("pandas")).depth == predicate.depth


PASTED = {
    "loss \u2265 3": loss >= 3,
    "loss \u2264 3 and source \u2260 \u201ca b\u201d": (loss <= 3) & (source != "a b"),
    "source in [\u2018a\u2019, \u201eb\u201c]": source.is_in(["a", "b"]),
    "text contains 'it\u2019s'": text.contains("it\u2019s"),
}


@pytest.mark.parametrize("said", PASTED)
def pasted_signs_test(said):
    assert parse(said) == PASTED[said]


def a_frame_before_a_name_test():
    assert parse("df.loss > 3", columns=["loss"]) == (loss > 3)
    assert parse("df.loss > 3", columns=["df"]) == (col("df").field("loss") > 3)


@pytest.mark.parametrize(
    ("said", "position", "sentence"),
    [
        ("loss \u2295 3", 5, "'\u2295' was not expected here"),
        ("loss > 3 ; drop table x", 9, "';' ends a predicate"),
        ("day > '02/29/2024'", 6, "A column of dates is compared with"),
        ("day between 'soon' and 2024-02-29", 12, "A column of dates is compared with"),
        ("day between 2024-02-29 and 'soon'", 27, "A column of dates is compared with"),
        ("day in ['2024-02-29', 'x']", 22, "A column of dates is compared with"),
        ("loss in [1, 'a']", 12, "several kinds"),
        ("text matches 'it''s (?=c)'", 20, "lookaround"),
        ("text ~ 'a**'", 10, "repetition of a repetition"),
    ],
)
def errors_stand_at_their_character_test(said, position, sentence):
    with pytest.raises(ParseError) as caught:
        parse(said, columns={"loss": "number", "day": "date", "text": "text"})
    assert sentence in str(caught.value)
    assert caught.value.position == position


def types_are_checked_test():
    frame = pd.DataFrame({"loss": [1.0], "text": ["a"]}).convert_dtypes(dtype_backend="pyarrow")
    with pytest.raises(
        ParseError, match=r"Column 'loss' holds numbers .*can't be compared with the text 'abc'"
    ) as caught:
        parse("text == 'a' and loss > 'abc'", columns=frame)
    assert caught.value.position == 23
    assert parse("loss > 3", columns=frame) == (loss > 3)


def words_for_numbers_that_are_none_test():
    assert parse("loss > inf", columns=["loss"]) == (loss > float("inf"))
    assert parse("loss between -infinity and inf", columns=["loss"]) == loss.between(
        float("-inf"), float("inf")
    )
    assert parse("loss > inf", columns=["loss", "inf"]) == (loss > col("inf"))
    assert parse("loss == NaN", columns=["loss"]) == loss.is_null()
    assert parse("loss != nan", columns=["loss"]) == ~loss.is_null()
