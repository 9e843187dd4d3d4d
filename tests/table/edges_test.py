"""Columns and names at the edge of what a frame can hold."""

from __future__ import annotations

import re
import warnings

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import datalens as dl
from datalens.table.opening import open_source
from datalens.widgets.desk import Desk

SURROGATES = pd.Series(["a\ud800", "fine", None, "\udfffb"], dtype=object)


def mixed_columns_open_as_text_and_say_so_test():
    frame = pd.DataFrame({"m": pd.Series([1, "1", None, {"a": 2}], dtype=object)})
    said = r"Column 'm' holds values of several types \(dict, int, str\): it is shown and compared as text"
    with pytest.warns(UserWarning, match=said):
        lens = dl.Lens(frame)
    assert lens._study.column("m").to_pylist() == ["1", "1", None, "{'a': 2}"]
    assert lens.to_frame()["m"].tolist() == [1, "1", None, {"a": 2}]
    assert "values of several types (dict, int, str) as text" in lens._repr_mimebundle_()["text/plain"]


def code_for_a_mixed_column_compares_what_the_lens_showed_test():
    frame = pd.DataFrame({"m": pd.Series([1, "1", None, 2.5], dtype=object)})
    with pytest.warns(UserWarning, match="Column 'm'"):
        lens = dl.Lens(frame)
    lens.selection = dl.col("m") == "1"
    scope = {"df": frame}
    exec(lens.selection.code(), scope)  # noqa: S102 - the code under test
    assert scope["selected"].index.tolist() == [0, 1]
    assert frame["m"].tolist() == [1, "1", None, 2.5]


def lone_surrogates_are_replaced_and_counted_test():
    frame = pd.DataFrame({"t": SURROGATES})
    with pytest.warns(UserWarning, match=r"Column 't' has lone surrogates in 2 rows.*U\+FFFD.*to_frame\(\)"):
        lens = dl.Lens(frame, text="t")
    assert lens._study.column("t").to_pylist() == ["a\ufffd", "fine", None, "\ufffdb"]
    assert lens.to_frame()["t"].tolist() == SURROGATES.tolist()


def code_for_lone_surrogates_compares_what_the_lens_showed_test():
    frame = pd.DataFrame({"t": SURROGATES})
    with pytest.warns(UserWarning, match="Column 't'"):
        lens = dl.Lens(frame, text="t")
    lens.selection = dl.col("t") == "a\ufffd"
    scope = {"df": frame}
    exec(lens.selection.code(), scope)  # noqa: S102 - the code under test
    assert scope["selected"].index.tolist() == [0]


def a_warning_points_at_the_line_that_opened_the_data_test():
    with pytest.warns(UserWarning, match="Column 'm'") as caught:
        dl.Lens(pd.DataFrame({"m": pd.Series([1, "a"], dtype=object)}))
    assert caught[0].filename == __file__


def clean_columns_warn_of_nothing_test():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        dl.Lens(pd.DataFrame({"t": ["a", None], "v": [[1.0], [2.0]], "n": [1, 2]}))


def warnings_of_many_columns_are_few_test():
    frame = pd.DataFrame({f"m{i}": pd.Series([1, "a"], dtype=object) for i in range(40)})
    with pytest.warns(UserWarning, match="as text") as caught:
        dl.Lens(frame)
    assert len(caught) == 6
    assert str(caught[-1].message).startswith("35 more columns are shown as text likewise")


def a_level_of_rows_is_kept_test():
    index = pd.MultiIndex.from_product([["a", "b"], [1, 2]], names=["letter", None])
    frame = pd.DataFrame({"n": range(4)}, index=index)
    lens = dl.Lens(frame)
    lens.selection = dl.col("n") > 1
    assert lens.to_frame().index.equals(index)
    assert lens.selection.frame().index.tolist() == [("b", 1), ("b", 2)]


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ([0, "a"], r"Column name 0 is int, not text\. Rename: df\.columns = df\.columns\.map\(str\)\."),
        (
            pd.MultiIndex.from_tuples([("a", 1), ("a", 2)]),
            r"Column name \('a', 1\) is tuple, .* \[\"_\"\.join",
        ),
        (["\ud800", "a"], r"Column name '\\ud800' has a lone surrogate"),
        (["a", "a"], r"Column 'a' is there 2 times\. Rename all but one"),
    ],
)
def names_that_are_refused_test(columns, sentence):
    frame = pd.DataFrame([[1, 2]])
    frame.columns = columns if isinstance(columns, pd.MultiIndex) else pd.Index(columns, dtype=object)
    with pytest.raises(ValueError, match=sentence):
        dl.Lens(frame)


def names_of_records_that_are_no_unicode_are_refused_test():
    with pytest.raises(ValueError, match=r"Column name '\\ud800' has a lone surrogate"):
        dl.Lens([{"text": "a b", "\ud800": 1}])


@pytest.mark.parametrize("name", ["\ud800", 7])
def computed_names_that_are_no_text_are_refused_test(name):
    lens = dl.Lens([{"text": "a b"}])
    sentence = rf"name={re.escape(repr(name))} is no name of a column"
    with pytest.raises(ValueError, match=sentence):
        lens.add_signal(len, name=name, on="text")
    with pytest.raises(ValueError, match=sentence):
        lens.embed(name=name)


def the_remedy_for_levels_of_columns_works_test():
    frame = pd.DataFrame([[1, 2]], columns=pd.MultiIndex.from_tuples([("a", 1), ("a", 2)]))
    frame.columns = ["_".join(map(str, name)) for name in frame.columns]
    assert dl.Lens(frame)._study.names() == ["a_1", "a_2"]


def rows_without_columns_are_refused_test():
    with pytest.raises(ValueError, match=r"3 rows and no columns.*df\.reset_index\(\)"):
        dl.Lens(pd.DataFrame(index=range(3)))


def objects_of_polars_are_refused_not_shown_as_addresses_test():
    frame = pl.DataFrame({"o": pl.Series([object()], dtype=pl.Object)})
    with pytest.raises(ValueError, match=r"Column 'o' holds Python objects.*map_elements"):
        dl.Lens(frame)


def types_beyond_arrow_are_refused_with_a_sentence_test():
    frame = pl.DataFrame({"wide": pl.Series([1], dtype=pl.Int128)})
    with pytest.raises(
        ValueError,
        match=r"polars table has a column 'wide' of type Int128, that Arrow can't hold \(.*\)\. Cast",
    ):
        dl.Lens(frame)


def values_without_a_text_name_the_row_and_the_remedy_test():
    frame = pd.DataFrame({"o": ["fine", object()]})
    sentence = r"Column 'o' holds values of type object in row 1, .* df\['o'\] = df\['o'\]\.map\(\.\.\.\)"
    with pytest.raises(ValueError, match=sentence):
        dl.Lens(frame)


def two_thousand_columns_test():
    frame = pd.DataFrame(np.zeros((3, 2_000)), columns=[f"c{i}" for i in range(2_000)])
    desk = Desk(dl.Lens(frame)._study)
    assert len(desk.answer("hello", {})[0]["columns"]) == 2_000
    assert len(desk.answer("page", {"count": 3})[0]["rows"][0]["cells"]) == 2_000


def a_text_of_ten_megabytes_is_clipped_where_it_is_shown_test():
    lens = dl.Lens(pd.DataFrame({"text": ["x" * 10_000_000, "short"]}), text="text")
    desk = Desk(lens._study)
    assert desk.answer("page", {})[0]["rows"][0]["cells"] == [{"text": "x" * 400, "of": 10_000_000}]
    assert desk.answer("row", {"ordinal": 0})[0]["columns"][0]["cell"]["of"] == 10_000_000
    legend = desk.answer("legend", {"column": "text"})[0]
    assert [entry["value"] for entry in legend["values"]] == ["short"]
    assert legend["other"]["count"] == 1


def years_beyond_pythons_are_shown_sorted_and_coloured_test():
    frame = pd.DataFrame({"t": np.array(["30000-01-01", "2020-01-01", "NaT"], "datetime64[s]")})
    desk = Desk(dl.Lens(frame)._study)
    page = desk.answer("page", {"sort": [{"column": "t", "descending": True}]})[0]
    assert [row["cells"][0] for row in page["rows"]] == ["30000-01-01 00:00:00", "2020-01-01 00:00:00", None]
    assert desk.answer("legend", {"column": "t"})[0]["labels"][1].startswith("year 30,")


def largest_floats_have_a_legend_test():
    legend = Desk(dl.Lens(pd.DataFrame({"n": [1.7e308, -1.7e308, np.inf, 0.0]}))._study).answer(
        "legend", {"column": "n"}
    )[0]
    assert np.isfinite(legend["edges"]).all()
    assert sum(legend["counts"]) == 4


def integers_beyond_64_bits_stay_exact_numbers_test():
    frame = pd.DataFrame({"n": pd.Series([2**64 + 1, 2**64, -1, None], dtype=object)})
    lens = dl.Lens(frame)
    lens.selection = dl.col("n") > 2**64
    assert lens.selection.mask().tolist() == [True, False, False, False]
    assert (dl.col("n") > 2**64).mask(frame).tolist() == [True, False, False, False]


def a_list_that_holds_itself_does_not_end_the_process_test():
    endless = []
    endless.append(endless)
    with pytest.raises(
        ValueError, match=r"Column 'a' holds values of type list in row 0, whose text can't be made"
    ):
        dl.Lens(pd.DataFrame({"a": pd.Series([endless, [1]], dtype=object)}))


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("times with and without", [pd.Timestamp("2020", tz="UTC").to_pydatetime(), pd.Timestamp("2020").to_pydatetime()]),
        ("several types (date, datetime)", [pd.Timestamp("2020").date(), pd.Timestamp("2020").to_pydatetime()]),
        ("several types (bytes, str)", [b"a", "a"]),
    ],
)  # fmt: skip
def what_arrow_takes_for_one_type_is_told_apart_test(kind, values):
    with pytest.warns(UserWarning, match="Column 'a'") as caught:
        source = open_source(pd.DataFrame({"a": pd.Series(values, dtype=object)}))
    assert kind in str(caught[0].message)
    assert source.column("a").to_pylist() == [str(value) for value in values]


def sorting_lists_names_the_column_test():
    desk = Desk(dl.Lens(pd.DataFrame({"v": [[1], [2, 3]]}))._study)
    with pytest.raises(ValueError, match=r"Column 'v' holds values of type list.* no order to sort by"):
        desk.answer("page", {"sort": [{"column": "v", "descending": False}]})


def times_of_day_with_nanoseconds_are_refused_test():
    with pytest.raises(ValueError, match="Column 't' holds times of day with nanoseconds"):
        dl.Lens(pa.table({"t": pa.array([1], pa.time64("ns"))}))


def an_arrow_table_comes_back_as_it_was_test():
    table = pa.table({"v": pa.array(["a"], pa.string_view()), "t": pa.array([1], pa.time64("us"))})
    with pytest.warns(UserWarning, match="Column 't' holds times of day"):
        lens = dl.Lens(table)
    assert lens.to_frame().equals(table)


def a_predicate_that_does_not_fit_is_both_kinds_of_error_test():
    lens = dl.Lens(pd.DataFrame({"loss": [1.0]}))
    for error in (TypeError, ValueError):
        with pytest.raises(error, match=r"Column 'loss' holds numbers \(double\)"):
            lens.selection = dl.col("loss") == "web"
