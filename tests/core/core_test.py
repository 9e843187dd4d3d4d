"""Fingerprints, the cache, progress and errors."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from datalens.core.cache import cache_folder, load_arrays, load_table, save_arrays, save_table
from datalens.core.errors import missing_column
from datalens.core.fingerprint import fingerprint
from datalens.core.progress import listening, progress


def fingerprint_of_arrow_does_not_see_chunks_test():
    whole = pa.chunked_array([["a", None, "c"]])
    cut = pa.chunked_array([["x", "a", None], ["c"]]).slice(1)
    assert fingerprint(whole) == fingerprint(cut)
    assert fingerprint(whole) != fingerprint(pa.chunked_array([["a", "", "c"]]))


def fingerprint_sees_dtype_shape_and_order_test():
    values = np.arange(6)
    found = {
        fingerprint(values),
        fingerprint(values.astype("int32")),
        fingerprint(values.reshape(2, 3)),
        fingerprint(values[::-1]),
        fingerprint("a", "bc"),
        fingerprint("ab", "c"),
    }
    assert len(found) == 6
    assert fingerprint(values[::-1]) == fingerprint(values[::-1].copy())


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("DATALENS_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def arrays_and_tables_come_back_test(folder):
    save_arrays("a", {"x": np.arange(3), "y": np.eye(2, dtype="float32")})
    save_table("t", pa.table({"c": [1, None]}))
    assert load_arrays("a")["y"].tolist() == [[1, 0], [0, 1]]
    assert load_table("t").to_pydict() == {"c": [1, None]}
    assert load_arrays("other") is None
    assert sorted(path.name for path in folder.iterdir()) == ["a.npz", "t.arrow"]


@pytest.mark.parametrize("damage", [b"", b"not an archive"])
def a_damaged_entry_is_a_missing_one_test(folder, damage):
    save_arrays("a", {"x": np.arange(3)})
    save_table("a", pa.table({"c": [1]}))
    (folder / "a.npz").write_bytes(damage)
    (folder / "a.arrow").write_bytes(damage)
    assert load_arrays("a") is None
    assert load_table("a") is None


def nothing_is_unpickled_test(folder):
    folder.mkdir()
    np.savez(folder / "a.npz", x=np.array([{"a": 1}], dtype=object))
    assert load_arrays("a") is None


def objects_are_not_written_test(folder):
    with pytest.raises(TypeError, match="'x' holds Python objects"):
        save_arrays("a", {"x": np.array([{"a": 1}], dtype=object)})


def the_cache_can_be_off_test(monkeypatch):
    monkeypatch.setenv("DATALENS_CACHE", "off")
    assert cache_folder() is None
    save_arrays("a", {"x": np.arange(3)})
    assert load_arrays("a") is None


def a_folder_that_cannot_be_written_costs_the_cache_only_test(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("DATALENS_CACHE", str(tmp_path / "file" / "cache"))
    save_arrays("a", {"x": np.arange(3)})
    assert load_arrays("a") is None


def progress_is_told_to_the_listener_test():
    heard = []
    with listening(lambda *told: heard.append(told)), progress("count", total=2) as bar:
        bar.update(2)
    assert heard == [("count", 0, 2), ("count", 2, 2)]


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        (["loss"], "Did you mean 'loss'?"),
        (["a", "b"], "There are: 'a', 'b'."),
        ([], "There are no columns at all."),
        ([f"c{i}" for i in range(20)], "and 8 more."),
    ],
)
def missing_column_names_what_there_is_test(names, sentence):
    assert sentence in str(missing_column("los", names))
