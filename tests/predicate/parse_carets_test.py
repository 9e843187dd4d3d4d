"""Errors stand at the token that is wrong: in pandas code that people paste, and in the fields of structs."""

import pyarrow as pa
import pytest

from datalens.predicate import Predicate, col
from datalens.predicate.parse import ParseError

parse = Predicate.parse

#: Code, the token at which the caret stands (the first of its kind), and a part of the sentence.
PANDAS = [
    ("df[df['a'] > 1 and df['b'] < 2]", "and", "join masks by & and |"),
    ("df[df['s'].eq('x') or df['a'].gt(1)]", "or", "join masks by & and |"),
    ("df[(df['a'] > 1) and (df['b'] < 2)]", "and", "join masks by & and |"),
    ("(\n  df['a'] > 1\n  and df['b'] < 2)", "and", "join masks by & and |"),
    ("df['é'] > 1\nand df['b'] < 2", "and", "join masks by & and |"),
    ("df['a'] > 1 & df['b'] < 2", "&", "holds together more strongly"),
    ("df['a'] > 1 | df['b'] < 2", "|", "each comparison in brackets"),
    ("df[df['a'].notna() & df['b'] > 1]", "&", "each comparison in brackets"),
    ("(df['a'] >> 2) == 1", ">>", "There is no >> here"),
    ("df['a'] >> 2", ">>", "There is no >> here"),
    ("df[df['a'] ** 2 > 1]", "**", "computed is with + - * /"),
    ("df[df['a'] % 2 == 0]", "%", "computed is with + - * /"),
    ("df[df['a'] // 2 == 1]", "//", "computed is with + - * /"),
    ("df['a']['b'] > 2", "['b']", "no field of a struct is read so: type it in the bar, as a.b > 3"),
    ("df['a'].struct.field('b') > 2", ".struct", "no field of a struct is read so"),
    ("df.drop('a')", ".drop", r"no .drop() of a frame here: read are"),
    ("df.head()", ".head", "read are comparisons"),
    ("df.dropna(subset=['a'])", ".dropna", "read are comparisons"),
    ("df.query('a > 1 and b < 2')", ".query", "read by itself"),
    ("data.query('a > 1')", ".query", "read by itself"),
    ("df.filter(pl.col('a') > 1)", ".filter", "read are comparisons"),
    ("pl.col('a') > 1", "pl", "Polars' expressions aren't read"),
    ("df.iloc[:5]", ".iloc", "by their number"),
    ("df[:5]", "[", "by their number"),
    ("df.loc[df['a'] > 1, 'b']", ",", "Only a choice of rows"),
    ("df[df['a'] > 1, df['b']]", ",", "join masks by & and |"),
    ("df[df['a'] > 1]['b']", "['b']", "Only a choice of rows"),
    ("df[df['a'] > 1].copy()", ".copy", "Only a choice of rows"),
    ("not df['a'] > 1", "not", "negated by ~"),
    ("df[(df['a'] > 1) & (not df['b'])]", "not", "negated by ~"),
    ("df['a'] in [1, 2]", "in", ".isin([1, 2])"),
    ("df['a'] not in [1, 2]", "not", "~df['a'].isin([1, 2])"),
    ("df['a'] is None", "is", ".isna()"),
    ("df['a'] is not None", "is", ".notna()"),
    ("df[1 < df['a'] < 3]", "< 3", "no chains of comparisons"),
    ("df['a'] != 3", "!=", "to leave nulls out"),
    ("df['a'].ne(3)", ".ne", "to leave nulls out"),
    ("df['a'] = 3", "=", "== compares"),
    ("df[-df['a'] > 1]", "-", "write 0 - df['a']"),
    ("df[df.a > 1]", ".a", "read as df['a']"),
    ("df['s'].str.lower() == 'x'", ".lower", "There is no .lower here"),
    ("df[df['s'].str[0] == 'x']", "[0]", "No part of a text"),
    ("df[df['s'].str.contains('x', case=False)]", "case", "case= isn't read"),
    ("df[df['a'].between(1, 2, inclusive='neither')]", "inclusive", "inclusive= isn't read"),
    ("df[df['a'] > df['a'].mean()]", ".mean", "There is no .mean here"),
    ("df[df['a'].apply(lambda x: x > 1)]", ".apply", "There is no .apply here"),
    ("df[df['t'].dt.year == 2024]", ".year", "There is no .year here"),
    ("df[np.isnan(df['a'])]", "np", "write df['a'].isna()"),
    ("df['a'] == None", "None", "Nothing equals None"),
    ("df[df['a'] > x]", "x", "A value was expected"),
]


@pytest.mark.parametrize(("text", "token", "sentence"), PANDAS)
@pytest.mark.parametrize("indent", ["", "  "])
def pandas_test(text, token, sentence, indent):
    with pytest.raises(ParseError) as raised:
        parse(indent + text)
    assert sentence in raised.value.sentence
    assert raised.value.position == len(indent) + text.index(token)


@pytest.mark.parametrize(
    "text",
    [
        "df.loc[df['a'] > 1]",
        "part = df.loc[df['a'] > 1]",
        "self.df.loc[self.df['a'] > 1]",
    ],
)
def loc_test(text):
    assert parse(text) == (col("a") > 1)


def null_functions_test():
    assert parse("df[pd.isna(df['a'])]") == parse("df[pd.isnull(df['a'])]") == col("a").is_null()


TYPES = pa.schema(
    [
        ("st", pa.struct([("url", pa.string()), ("n", pa.int64()), ("of", pa.struct([("k", pa.int64())]))])),
        ("items", pa.list_(pa.struct([("role", pa.string())]))),
        ("a", pa.float64()),
        ("ur", pa.int64()),
    ]
)
FIELDS = [
    ("st.ur = 'x'", "ur", "Did you mean 'url'"),
    ("ur = 1 and st.ur = 'x'", "ur = 'x'", "Did you mean 'url'"),
    ("'x' = st.ur", "ur", "Did you mean 'url'"),
    ("st.`ur` = 'x'", "`ur`", "Did you mean 'url'"),
    ("st.ur is null", "ur", "Did you mean 'url'"),
    ("not st.ur contains 'x'", "ur", "Did you mean 'url'"),
    ("st.ur in ('x')", "ur", "Did you mean 'url'"),
    ("length(st.ur) > 1", "ur", "Did you mean 'url'"),
    ("st.ur + 1 > 2", "ur", "Did you mean 'url'"),
    ("st.of.j > 2", "j", "no field 'j'"),
    ("any(items).rol = 'x'", "rol", "Did you mean 'role'"),
    ("a.b > 2", "b", "not structs"),
    ("any(a) = 3", "any", "not lists"),
    ("st.n > 'x'", "'x'", "compared with the text 'x'"),
]


@pytest.mark.parametrize(("text", "token", "sentence"), FIELDS)
def field_test(text, token, sentence):
    with pytest.raises(ParseError) as raised:
        parse(text, columns=TYPES)
    assert sentence in raised.value.sentence
    assert raised.value.position == text.index(token)


def field_in_sql_test():
    for dialect, text in [("duckdb", "st['ur'] = 'x'"), ("postgres", "(st).ur = 'x'"), ("pandas", None)]:
        said = text or (col("st").field("ur") == "x").code("pandas")
        with pytest.raises(ParseError, match="Did you mean 'url'") as raised:
            parse(said, columns=TYPES, dialect=dialect)
        assert said[raised.value.position :].lstrip("'\"").startswith("ur")
