"""Conditions on files too large to hold: part by part they select the same rows as at once."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import datalens as dl
from datalens.study import masks
from datalens.table import piece

ROWS = 1000
PREDICATES = [
    dl.col("loss") > 0.5,
    dl.col("text").contains("7"),
    ~dl.col("late").is_null() | (dl.col("loss") < 0.1),
    (dl.col("score") > 300) & (dl.col("n") < 700),
    dl.col("tags").any() == "a",
    dl.everything(),
]


@pytest.fixture
def lens(tmp_path, monkeypatch):
    numbers = np.arange(ROWS)
    table = pa.table({
        "n": numbers,
        "loss": np.sin(numbers),
        "text": [None if i % 9 == 0 else f"text {i}" for i in numbers],
        "kind": pa.array([f"k{i % 3}" for i in numbers]).dictionary_encode(),
        "tags": [["a"] if i % 5 == 0 else [] for i in numbers],
    })  # fmt: skip
    pq.write_table(table.slice(0, 600), tmp_path / "a.parquet", row_group_size=250)
    late = table.slice(600).append_column("late", pa.array([i % 2 or None for i in range(400)]))
    pq.write_table(late, tmp_path / "b.parquet", row_group_size=170)
    monkeypatch.setattr(piece, "MAX_BATCH_ROWS", 64)
    lens = dl.Lens(str(tmp_path / "*.parquet"), text="text")
    return lens.add_signal(lambda n: n / 2, name="score", on="n")


@pytest.mark.parametrize("predicate", PREDICATES, ids=repr)
def parts_select_the_same_rows_test(lens, monkeypatch, predicate):
    whole = lens._study.mask_of(predicate)
    monkeypatch.setattr(masks, "WHOLE_BYTES", 0)
    np.testing.assert_array_equal(lens._study.mask_of(predicate), whole)


def keys_and_categories_in_parts_test(lens, monkeypatch):
    lens.selection = dl.col("kind") == "k1"
    keys = lens._study.keys_predicate(lens._study.mask())
    monkeypatch.setattr(masks, "WHOLE_BYTES", 0)
    both = lens._study.mask_of(keys & (dl.col("kind") == "k1") & (dl.col("n") >= 500))
    assert np.flatnonzero(both).tolist() == [i for i in range(500, ROWS) if i % 3 == 1]


def a_value_that_does_not_fit_is_named_test(lens, monkeypatch):
    monkeypatch.setattr(masks, "WHOLE_BYTES", 0)
    with pytest.raises(ValueError, match="Column 'loss' holds numbers"):
        lens.selection = dl.col("loss") == "high"
