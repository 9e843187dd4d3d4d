"""The summary card: rows, roles, columns, what is computed, and what it is a sample of."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

import datalens as dl
from datalens.study.derived import Derived

EVIL = "<script>alert(1)</script>"


def card(lens, kind="text/plain"):
    return lens._repr_mimebundle_()[kind]


def line(lens, name):
    return re.search(rf"^{re.escape(name)} +(.*)$", card(lens), re.MULTILINE).group(1)


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        (pd.DataFrame({"a": []}), "pandas frame, 0 rows, 1 column"),
        (pd.DataFrame({"a": [1]}), "pandas frame, 1 row, 1 column"),
        (pd.DataFrame({"a": range(1_204), "b": 1}), "pandas frame, 1,204 rows, 2 columns"),
    ],
)
def rows_and_columns_are_counted_test(frame, said):
    assert line(dl.Lens(frame), "data") == said
    assert line(dl.Lens(frame), "selection").endswith(said.split(", ")[1])


def each_role_is_said_and_whether_it_was_guessed_test():
    frame = pd.DataFrame(
        {
            "id": ["a", "b"],
            "note": ["c", "d"],
            "label": [0, 1],
            "pic": [b"GIF89a", b"GIF89a"],
            "u": [0.5, 0.1],
        }
    )
    lens = dl.Lens(frame, text="note", x="u", y="u")
    assert line(lens, "roles") == (
        "text: note, label: label (guessed), key: id (guessed), image: pic (guessed), x: u, y: u"
    )
    assert line(lens, "rows named by") == "column 'id' (guessed; key=False names them without it)"


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("id", "column 'id'"),
        (False, "their content (give key= for a column of unique values)"),
    ],
)
def how_rows_are_named_is_said_test(key, said):
    assert line(dl.Lens(pd.DataFrame({"id": ["a"]}), key=key), "rows named by") == said


def no_roles_say_how_to_give_them_test():
    assert (
        line(dl.Lens(pd.DataFrame({"n": [1.5]})), "roles")
        == "none: give text=, label=, source=, embedding= ..."
    )


def a_sample_says_of_what_test():
    frame = pd.DataFrame({"source": ["web", "book"] * 10})
    small = dl.Lens(frame).sample(4, by="source")
    small.selection = dl.col("source") == "web"
    assert line(small, "data") == "pandas frame, 4 rows, 1 column"
    assert line(small, "sample") == "4 of 20 rows of pandas frame, sampled by 'source', random_state=0"
    assert line(small, "selection") == "2 of 4 rows of the sample"


def many_columns_are_folded_test():
    frame = pd.DataFrame(np.zeros((2, 200)), columns=[f"c{i}" for i in range(200)])
    lens = dl.Lens(frame).add_signal(lambda _: 1, name="one", on="c0")
    assert line(lens, "...") == "and 188 more columns"
    assert "c11 " in card(lens)
    assert "c12 " not in card(lens)
    assert line(lens, "one").startswith("category, computed")


def sixteen_columns_are_all_shown_test():
    frame = pd.DataFrame(np.zeros((2, 16)), columns=[f"c{i}" for i in range(16)])
    assert line(dl.Lens(frame), "c15") == "number"


def what_is_not_computed_is_counted_test():
    import pyarrow as pa

    lens = dl.Lens(pd.DataFrame({"a": [1.0, 2.0, 3.0]}))
    values = pa.chunked_array([pa.array([1.0, None, None])])
    missing = np.array([False, False, True])
    lens._study.add_columns([Derived("n", values, "v", "by hand", None, missing)])
    assert line(lens, "n") == "number, computed: by hand, 1 not computed, 1 null"


def names_stay_on_one_line_and_short_test():
    frame = pd.DataFrame({"a\nb": [1], "long " * 40: [1.5]})
    assert "'a\\nb'" in card(dl.Lens(frame))
    assert "long long" in card(dl.Lens(frame))
    assert max(map(len, card(dl.Lens(frame)).splitlines())) < 120


def all_that_is_data_is_escaped_test():
    frame = pd.DataFrame({EVIL: ["a", "b"], "s": [EVIL, EVIL]})
    html = card(dl.Lens(frame, source=EVIL).sample(1, by=EVIL), "text/html")
    assert html.count("&lt;script&gt;") == 3
    assert "<script" not in html


def formulas_in_the_data_stay_text_test():
    html = card(dl.Lens(pd.DataFrame({"$x^2$ col": [1.5]})), "text/html")
    assert re.match(r"<div class='mathjax_ignore tex2jax_ignore'[^>]*>.*\$x\^2\$ col.*</div>$", html)


def columns_stand_under_a_heading_test():
    lens = dl.Lens(pd.DataFrame({"a": [1.5], "b": ["x"]})).add_signal(lambda _: 1, name="c", on="b")
    facts, columns = card(lens).split("\n\ncolumns:\n")
    assert [text.split()[0] for text in facts.splitlines()] == ["data", "rows", "roles", "selection"]
    assert [text.split()[0] for text in columns.splitlines()] == ["a", "b", "c"]
    html = card(lens, "text/html")
    assert html.index(">selection<") < html.index(">columns</th>") < html.index(">a</th>")
    assert "border-top" in html
    assert ">columns<" not in card(dl.Lens(pd.DataFrame()), "text/html")


def lists_that_are_the_embedding_are_vectors_test():
    frame = pd.DataFrame({"e": [[1.0, 2.0]], "l": [[1.0, 2.0]]})
    lens = dl.Lens(frame, embedding="e")
    assert (line(lens, "e"), line(lens, "l")) == ("vector", "nested")


def long_names_wrap_and_short_ones_do_not_test():
    html = card(dl.Lens(pd.DataFrame({"n" * 50: [1.5], "short": [1.5]})), "text/html")
    style = {name: how for how, name in re.findall(r"<th style='([^']*)'>([^<]*)</th>", html)}
    assert "nowrap" not in style["n" * 50]
    assert "overflow-wrap:anywhere" in style["n" * 50]
    assert "nowrap" in style["short"]
    assert all("overflow-wrap:anywhere" in how for how in re.findall(r"<td style='([^']*)'", html))
