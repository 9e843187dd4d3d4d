"""Lance datasets: the version that was opened, by path or as the object, and what is wrong with a folder."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

import datalens as dl
from datalens.table.opening import open_source

lance = pytest.importorskip("lance", reason="the extra 'lance' is not installed")

TABLE = pa.table({"id": ["a", "b", "c"], 'say "it\'s"': ["x", None, "z"], "n": [1, 2, 3]})


@pytest.fixture
def folder(tmp_path):
    lance.write_dataset(TABLE, tmp_path / "corpus.lance")
    return tmp_path / "corpus.lance"


def a_later_version_changes_nothing_test(folder):
    lens = dl.Lens(folder)
    lance.write_dataset(TABLE, folder, mode="append")
    lens.selection = dl.col("n") >= 2
    assert len(lens.to_frame()) == 3
    assert lens.selection.keys() == ["b", "c"]
    assert dl.Lens(folder, key=False)._study.rows == 6


def the_object_is_read_at_its_version_test(folder):
    lance.write_dataset(TABLE, folder, mode="append")
    assert open_source(lance.dataset(folder, version=1)).rows == 3
    assert open_source(lance.dataset(folder)).rows == 6


def versions_have_fingerprints_of_their_own_test(folder):
    before = open_source(folder).fingerprint("n")
    assert open_source(folder).fingerprint("n") == before
    lance.write_dataset(TABLE, folder, mode="append")
    assert open_source(folder).fingerprint("n") != before


def rows_by_ordinal_repeat_test(folder):
    table = open_source(folder).take(np.array([2, 0, 2]), ["id", 'say "it\'s"'])
    assert table.to_pydict() == {"id": ["c", "a", "c"], 'say "it\'s"': ["z", "x", "z"]}


def what_deletes_leave_is_counted_test(folder):
    lance.dataset(folder).delete("n = 2")
    lens = dl.Lens(folder)
    lens.selection = dl.col("n") > 1
    assert lens.selection.keys() == ["c"]
    assert lens.selection.frame()["id"].tolist() == ["c"]


def a_broken_dataset_is_named_test(tmp_path):
    (tmp_path / "x.lance" / "_versions").mkdir(parents=True)
    with pytest.raises(ValueError, match=r"x\.lance is not a whole Lance dataset"):
        dl.Lens(tmp_path / "x.lance")


def a_key_that_is_not_there_test(folder):
    with pytest.raises(KeyError, match="no column 'nn'"):
        dl.Lens(folder, key="nn")
