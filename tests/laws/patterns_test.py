"""Small patterns over letters that Unicode folds onto others: every engine finds what Python's `re` finds in ASCII.

The kelvin sign is a k to RE2, and the long s an s, where it brings alternatives together.
"""

from __future__ import annotations

import itertools

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
from hypothesis import given
from hypothesis import strategies as st

from datalens.predicate import Matches, Predicate, col, regex
from laws import oracle
from laws.engines import numbered
from laws.law_test import ENGINES, ask, fewer

LETTERS = ["\u212a", "\u017f", "s", "k", "x", "S", "K"]
TEXTS = ["", *LETTERS, *map("".join, itertools.product(LETTERS, repeat=2))]
TABLE = numbered(pa.table({"t": TEXTS}))
ATOMS = ["s", "k", "x", r"\d", "[^x]", "[Ss]", "[sk]"]


def _longer(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.lists(inner, min_size=2, max_size=3).map("|".join),
        st.tuples(inner, inner).map(lambda two: f"(?:{two[0]})(?:{two[1]})"),
        st.tuples(inner, st.sampled_from("?+*")).map(lambda two: f"(?:{two[0]}){two[1]}"),
        inner.map(lambda one: f"^(?:{one})$"),
    )


PATTERNS = st.tuples(
    st.sampled_from(["", "(?i)"]), st.recursive(st.sampled_from(ATOMS), _longer, max_leaves=5)
).map("".join)


@fewer
@given(PATTERNS, st.integers(0, 1000))
def every_engine_finds_the_same_test(pattern, turn):
    predicate = Matches("t", pattern)
    rows = [number for number, kept in enumerate(oracle.selected(predicate, TABLE)) if kept]
    for engine in ENGINES.values():
        if turn % (5 * engine.share) == 0:
            ask(engine, predicate, TABLE, rows)


def re2_finds_the_same_test():
    two = [
        f"(?i){shape.format(*atoms)}"
        for atoms in itertools.product(ATOMS, repeat=2)
        for shape in ("{}|{}", "x{}|x{}", "{}x|{}", "(?:{}|{})k", "(?:{}|x)+|{}", "{}{}", "^(?:{}|{})?$")
    ]
    connection = duckdb.connect(config={"threads": 1})
    connection.register("texts", pa.table({"t": TEXTS}))
    for pattern in two:
        found = regex.compiled(pattern).search
        rows = [found(text) is not None for text in TEXTS]
        written = regex.emit(pattern, "re2")
        assert pc.match_substring_regex(pa.array(TEXTS), written).to_pylist() == rows, pattern
        asked = connection.execute("SELECT regexp_matches(t, ?) FROM texts", [written]).fetchall()
        assert [kept for (kept,) in asked] == rows, pattern


def what_is_written_is_read_back_test():
    predicate = col("t").matches("(?i)s|kx|(?:k|x)+")
    for dialect in ("pandas", "duckdb"):
        again = Predicate.parse(predicate.code(dialect), dialect=dialect)
        assert oracle.selected(again, TABLE) == oracle.selected(predicate, TABLE)
    assert predicate.code("duckdb") == "regexp_matches(t, '(?:S|s)|(?:K|k)[Xx]|(?:(?:K|k)|[Xx])+')"
    # Nothing is brought together where there are no alternatives.
    assert regex.emit("(?i)sky", "re2") == "[Ss][Kk][Yy]"
