"""Small patterns over letters that Unicode folds onto others: every engine finds what is meant.

After (?i) the kelvin sign is a k, and the long s an s. Without it they are so to RE2 too, where it brings alternatives
together; and to Python, two letters of Turkish are an i.
"""

from __future__ import annotations

import functools
import itertools
import string

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datalens.predicate import Matches, Predicate, col, regex
from laws import oracle
from laws.engines import numbered
from laws.law_test import ASKED, ENGINES, ask, fewer

LETTERS = ["\u212a", "\u017f", "\u0130", "\u0131", "s", "k", "i", "x", "S", "K", "I"]
TEXTS = ["", *LETTERS, *map("".join, itertools.product(LETTERS, repeat=2))]
TABLE = numbered(pa.table({"t": TEXTS}))
ATOMS = ["s", "k", "i", "K", r"\W", "[a-j]", r"x\b", "x", r"\d", "[^x]", "[Ss]", "[sk]"]


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
    assert predicate.code("duckdb") == "regexp_matches(t, '(?i)s|kx|(?:k|x)+')"
    again = Predicate.parse(predicate.code("duckdb"), dialect="duckdb")
    assert again == predicate
    # Nothing is brought together where there are no alternatives.
    assert regex.emit("[Ss]ky|x", "re2") == "(?:S|s)ky|x"
    assert regex.emit("[Ss]ky", "re2") == "[Ss]ky"


# In the long form of the law every character, else those that have a case to Python, and the first ones.
CHARACTERS = [
    sign
    for sign in map(chr, range(0x110000))
    if not "\ud800" <= sign <= "\udfff"
    and (ASKED or sign < "\u0300" or {sign} != {sign.lower(), sign.upper()})
]
#: Those that read a million texts in a moment.
QUICK = [
    "evaluate on pandas", "evaluate on polars", "expression of polars", "expression of pyarrow", "code on pandas",
    "code on pandas arrow", "code on polars", "code on pyarrow", "code in python", "code on duckdb", "code on lance",
]  # fmt: skip
# In the long form of the law, every letter.
FOLDED = ["k", "S", "i", "[a-i]", "[^k]", r"\W", r"(?:s|x)k?\b", *(string.ascii_letters if ASKED else "")]


@functools.cache
def _characters():
    table = numbered(pa.table({"t": CHARACTERS}))
    return table, {name: ENGINES[name].convert(table) for name in QUICK}


@pytest.mark.parametrize("pattern", FOLDED)
def every_character_is_found_in_either_case_test(pattern):
    table, frames = _characters()
    predicate = col("t").matches(f"(?i){pattern}")
    rows = [number for number, kept in enumerate(oracle.selected(predicate, table)) if kept]
    if pattern.isalpha():
        meant = {"k": "kK\u212a", "s": "sS\u017f"}.get(pattern.lower(), pattern.lower() + pattern.upper())
        assert sorted(CHARACTERS[row] for row in rows) == sorted(meant)
    for name, frame in frames.items():
        assert sorted(ENGINES[name].select(predicate, frame)) == rows, name
