"""Samples: which rows are drawn, under what names, and what a selection made in one means for all rows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import datalens as dl
from datalens.study.derived import Derived
from datalens.study.sampling import allotted, draw
from datalens.table.opening import open_source
from datalens.table.sampled import SampledSource

ROWS = 100


def frame(rows=ROWS):
    return pd.DataFrame(
        {
            "id": [f"r{i}" for i in range(rows)],
            "text": [f"the text of row {i % 7}" for i in range(rows)],
            "kind": (["a"] * 8 + ["b", None]) * (rows // 10),
            "weight": [0.0, 1.0, 2.0, np.nan, 4.0] * (rows // 5),
        }
    )


def repeated():
    """Rows that are equal: their content names them only together with how many stand before."""
    return pd.DataFrame({"a": [0, 1, 2, 3, 4] * 20, "b": ["x", "y"] * 50})


def run(code, df):
    scope = {"df": df}
    exec(code, scope)  # noqa: S102 - what a person does with it
    return scope["selected"]


@pytest.fixture(params=["pandas", "polars", "arrow", "parquet"])
def data(request, tmp_path):
    table = pa.table(frame())
    if request.param == "parquet":
        pq.write_table(table, tmp_path / "rows.parquet", row_group_size=30)
        return tmp_path / "rows.parquet"
    return {"pandas": frame(), "polars": pl.DataFrame(table), "arrow": table}[request.param]


def a_sample_has_rows_of_the_data_in_its_order_test(data):
    small = dl.Lens(data, key="id").sample(10)
    keys = small.selection.keys()
    ordinals = [int(key[1:]) for key in keys]
    assert (len(small), len(set(ordinals))) == (10, 10)
    assert ordinals == sorted(ordinals)


def a_sample_comes_back_as_the_callers_kind_test(data):
    small = dl.Lens(data, key="id").sample(10)
    rows = small.to_frame()
    assert isinstance(rows, pd.DataFrame if isinstance(data, Path) else type(data))
    ids = rows["id"].to_pylist() if isinstance(rows, pa.Table) else list(rows["id"])
    assert ids == small.selection.keys()


def the_same_seed_gives_the_same_rows_test():
    lens = dl.Lens(frame(), key="id")
    first = lens.sample(10, random_state=3).selection.keys()
    assert lens.sample(10, random_state=3).selection.keys() == first
    assert lens.sample(10, random_state=4).selection.keys() != first


def as_many_rows_as_there_are_are_all_rows_test():
    lens = dl.Lens(frame(), key="id")
    assert lens.sample(ROWS).selection.keys() == lens.selection.keys()
    assert len(lens.sample(10**9, by="kind")) == ROWS


@pytest.mark.parametrize("n", [0, -1, 2.5, "10", True, None])
def what_is_no_number_of_rows_is_refused_test(n):
    with pytest.raises(ValueError, match=r"n=.* must be a whole number, 1 or more"):
        dl.Lens(frame()).sample(n)


def strata_give_in_proportion_and_null_is_one_test():
    kinds = dl.Lens(frame(), key="id").sample(20, by="kind").to_frame()["kind"]
    assert kinds.fillna("null").value_counts().to_dict() == {"a": 16, "b": 2, "null": 2}


def each_stratum_gives_one_where_n_allows_test():
    df = pd.DataFrame({"s": ["big"] * 997 + ["p", "q", "r"]})
    assert set(dl.Lens(df).sample(4, by="s").to_frame()["s"]) == {"big", "p", "q", "r"}
    assert set(dl.Lens(df).sample(3, by="s").to_frame()["s"]) == {"big"}


@pytest.mark.parametrize("n", [1, 3, 7, 50, 999])
def shares_add_up_and_fit_test(n):
    sizes = np.array([500, 300, 150, 40, 9, 1])
    share = allotted(sizes, n)
    assert share.sum() == n
    assert (share <= sizes).all()
    assert (share >= (n >= len(sizes))).all()


def a_float_column_with_nan_has_a_stratum_for_it_test():
    df = pd.DataFrame({"f": [1.0] * 10 + [np.nan] * 10})
    assert dl.Lens(df).sample(4, by="f").to_frame()["f"].isna().sum() == 2


def lists_divide_nothing_test():
    with pytest.raises(ValueError, match=r"Column 'l' holds list.*as by="):
        dl.Lens(pd.DataFrame({"l": [[1], [2]]})).sample(1, by="l")


def what_weighs_nothing_is_never_drawn_test():
    drawn = dl.Lens(frame(), key="id").sample(ROWS, weight="weight").to_frame()["weight"]
    assert drawn.value_counts().to_dict() == {1.0: 20, 2.0: 20, 4.0: 20}


def heavier_rows_are_drawn_more_often_test():
    weights = np.repeat([1.0, 9.0], 5_000)
    heavy = (draw(10_000, 1_000, weights=weights) >= 5_000).mean()
    # Nine of ten, less what their running out takes away.
    assert 0.85 < heavy < 0.93


def weights_count_within_strata_test():
    df = pd.DataFrame({"s": ["a", "b"] * 500, "w": [1.0, 1e6] * 500})
    assert dl.Lens(df).sample(10, by="s", weight="w").to_frame()["s"].value_counts().to_dict() == {
        "a": 5,
        "b": 5,
    }


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([1.0, -2.0], r"'w' can't weigh rows: -2 in row 1"),
        ([1.0, np.inf], r"'w' can't weigh rows: inf in row 1"),
        ([0.0, np.nan], r"'w' can't weigh rows: it is 0 or null in all"),
        (["a", "b"], r"'w' was given as weight= but does not hold numbers"),
    ],
)
def what_can_not_weigh_is_named_test(values, said):
    with pytest.raises(ValueError, match=said):
        dl.Lens(pd.DataFrame({"w": values})).sample(1, weight="w")


def missing_columns_are_named_test():
    with pytest.raises(KeyError, match=r"no column 'kin'\. Did you mean 'kind'"):
        dl.Lens(frame()).sample(1, by="kin")


@pytest.mark.parametrize("scheme", ["column", "content", "row"])
def keys_of_a_sample_select_the_same_rows_of_all_test(scheme, tmp_path):
    whole = repeated()
    whole["n"] = range(ROWS)
    if scheme == "content":
        whole = repeated()
    source = whole
    if scheme == "row":
        source = tmp_path / "rows.parquet"
        whole.to_parquet(source, row_group_size=13)
    lens = dl.Lens(source, key="n" if scheme == "column" else None)
    small = lens.sample(40)
    small.selection = dl.col("a") >= 2
    selected = run(small.selection.code(form="keys"), whole)
    assert lens._study.source.keys()[selected.index].tolist() == small.selection.keys()
    assert len(selected) == small.selection.count
    assert set(selected["a"]) == {2, 3, 4}


def a_computed_column_comes_along_test():
    lens = dl.Lens(frame(), key="id").add_signal(len, name="n")
    small = lens.sample(10)
    assert small.to_frame()["n"].tolist() == [len(text) for text in small.to_frame()["text"]]
    assert "computed: add_signal(n, on 'text'), of all 100 rows" in small._repr_mimebundle_()["text/plain"]


def what_a_stopped_step_left_out_stays_said_test():
    lens = dl.Lens(frame(), key="id")
    missing = np.arange(ROWS) >= 50
    values = pa.chunked_array([pa.array([1.0] * 50 + [None] * 50)])
    lens._study.add_columns([Derived("n", values, "v1", "by hand", None, missing)])
    small = lens.sample(20)
    keys = small.selection.keys()
    left = sum(int(key[1:]) >= 50 for key in keys)
    assert small._study.missing("n").sum() == left > 0


def what_is_computed_in_a_sample_is_not_taken_for_the_wholes_test():
    lens = dl.Lens(frame(), key="id").add_signal(len, name="n")
    small = lens.sample(ROWS // 2)
    assert small._study.fingerprint("n") != lens._study.fingerprint("n")


def conditions_on_the_data_carry_over_test():
    lens = dl.Lens(frame(), key="id")
    small = lens.sample(50)
    small.selection = dl.col("kind") == "b"
    lens.selection = small.selection
    assert lens.selection.count == 10


def conditions_on_columns_that_came_along_carry_over_test():
    lens = dl.Lens(frame(), key="id").add_signal(lambda text: text.endswith("3"), name="three")
    small = lens.sample(50)
    small.selection = dl.col("three") == True  # noqa: E712 - a condition
    lens.selection = small.selection
    assert lens.selection.count == 14


@pytest.mark.parametrize("also_in_the_whole", [False, True])
def conditions_on_what_the_sample_computed_carry_over_as_rows_test(also_in_the_whole):
    lens = dl.Lens(frame())
    small = lens.sample(50).add_signal(lambda text: text[-1], name="last")
    if also_in_the_whole:
        lens.add_signal(lambda _: "3", name="last")
    small.selection = dl.col("last") == "3"
    lens.selection = small.selection
    assert lens.selection.keys() == small.selection.keys()


def a_predicate_on_what_only_the_sample_has_says_so_test():
    lens = dl.Lens(frame(), key="id")
    lens.sample(50).add_signal(len, name="n")
    with pytest.raises(KeyError, match="no column 'n'"):
        lens.selection = dl.col("n") > 3


def a_sample_of_a_sample_test():
    lens = dl.Lens(repeated())
    inner = lens.sample(50).sample(10)
    assert set(inner.selection.keys()) < set(lens.selection.keys())
    assert inner.parent.parent is lens
    inner.selection = dl.col("a") == 2
    assert len(run(inner.selection.code(form="keys"), repeated())) == inner.selection.count
    assert repr(inner) == (
        "<datalens.Lens: 10 of 50 rows of the sample, sampled uniformly, random_state=0; "
        "that is 50 of 100 rows of pandas frame, sampled uniformly, random_state=0>"
    )


def counts_say_that_they_are_of_the_sample_test():
    small = dl.Lens(frame(), key="id").sample(20, by="kind", weight="weight", random_state=7)
    small.selection = dl.col("kind") == "b"
    count = small.selection.count
    assert repr(small.selection) == f"<{count} of 20 rows of the sample: kind is b>"
    assert small.selection.code().startswith(f"# {count} of 20 rows of the sample\n")
    assert small.selection.code(form="keys").startswith(
        f"# {count} of 20 rows of the sample, by column 'id'\n"
    )
    assert small._hub().state["sample"] == {
        "of": 100,
        "title": "pandas frame",
        "how": "sampled by 'kind' with weight 'weight', random_state=7",
    }


def roles_come_along_and_are_not_guessed_again_test():
    lens = dl.Lens(frame(), text="kind")
    assert lens.sample(5)._study.roles is lens._study.roles


def a_column_is_read_for_the_sampled_rows_alone_test(tmp_path):
    pq.write_table(pa.table(frame()), tmp_path / "rows.parquet")
    source = open_source(tmp_path / "rows.parquet")
    asked = []
    take = source.take
    source.take = lambda ordinals, columns: (
        asked.append((len(ordinals), list(columns))) or take(ordinals, columns)
    )
    small = SampledSource(source, np.array([5, 50, 90]))
    assert small.column("id").to_pylist() == ["r5", "r50", "r90"]
    assert small.take(np.array([2, 0]), ["id"]).to_pydict() == {"id": ["r90", "r5"]}
    assert small.take(np.array([1]), ["id", "kind"]).to_pydict() == {"id": ["r50"], "kind": ["a"]}
    assert asked == [(3, ["id"]), (1, ["id", "kind"])]
    assert small.keys().tolist() == [5, 50, 90]
    assert small.take(np.array([], dtype=np.int64), ["id"]).num_rows == 0


def the_callers_index_comes_along_test():
    df = frame().set_index(pd.Index(range(1000, 1000 + ROWS), name="line"))
    small = dl.Lens(df, key="id").sample(5)
    assert [f"r{line - 1000}" for line in small.to_frame().index] == small.selection.keys()


def with_columns_takes_rows_of_the_sample_test(data):
    source = SampledSource(open_source(data, key="id"), np.array([5, 50, 90]))
    rows = source.with_columns(pa.table({"new": [1, 3]}), np.array([0, 2]))
    plain = rows.to_pandas() if isinstance(rows, pa.Table) else rows
    assert (list(plain["id"]), list(plain["new"])) == (["r5", "r90"], [1, 3])
    assert source.to_pandas()["id"].tolist() == ["r5", "r50", "r90"]
    assert source.null_count("kind") == source.sample("kind", 1).null_count == 0
