"""Frames and files open as the same thing: columns, rows by ordinal, keys, fingerprints."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from datalens.table.opening import open_source

FRAME = pd.DataFrame(
    {"id": ["a", "b", "c", "d"], "loss": [1.0, None, 3.0, 4.0], "text": ["x", "y", None, "z"]}
)


ARROW = {
    "id": pd.ArrowDtype(pa.string()),
    "loss": pd.ArrowDtype(pa.float64()),
    "text": pd.ArrowDtype(pa.string()),
}
PANDAS = {
    "pandas": FRAME,
    "pandas nullable": FRAME.astype({"id": "string", "loss": "Float64", "text": "string"}),
    "pandas arrow": FRAME.astype(ARROW),
}


@pytest.fixture(params=[*PANDAS, "arrow", "polars", "parquet", "lance"])
def data(request, tmp_path):
    if request.param in PANDAS:
        return PANDAS[request.param]
    table = pa.table(
        {"id": ["a", "b", "c", "d"], "loss": [1.0, None, 3.0, 4.0], "text": ["x", "y", None, "z"]}
    )
    if request.param == "arrow":
        return table
    if request.param == "polars":
        return pl.DataFrame(table)
    if request.param == "lance":
        lance = pytest.importorskip("lance", reason="the extra 'lance' is not installed")
        lance.write_dataset(table, tmp_path / "rows.lance", max_rows_per_file=3)
        return tmp_path / "rows.lance"
    path = tmp_path / "rows.parquet"
    pq.write_table(table, path, row_group_size=3)
    return path


def column_test(data):
    assert open_source(data).column("loss").to_pylist() == [1.0, None, 3.0, 4.0]


def take_any_order_test(data):
    table = open_source(data).take(np.array([3, 0, 2]), ["id", "text"])
    assert table.to_pydict() == {"id": ["d", "a", "c"], "text": ["z", "x", None]}


def take_nothing_test(data):
    assert open_source(data).take(np.array([], dtype=np.int64), ["id"]).num_rows == 0


def keys_of_a_column_test(data):
    assert open_source(data, key="id").keys().tolist() == ["a", "b", "c", "d"]


def keys_without_a_column_differ_test(data):
    assert len(set(open_source(data).keys().tolist())) == 4


def fingerprint_tells_columns_apart_test(data):
    source = open_source(data)
    assert source.fingerprint("id") == open_source(data).fingerprint("id")
    assert source.fingerprint("id") != source.fingerprint("text")


def with_columns_test(data):
    frame = open_source(data).with_columns(pa.table({"n": [1, 2, 3, 4]}))
    kind = type(frame).__module__.partition(".")[0]
    assert kind == {"DataFrame": type(data).__module__.partition(".")[0], "Table": "pyarrow"}.get(
        type(data).__name__, "pandas"
    )
    assert list(frame["n"].to_numpy()) == [1, 2, 3, 4]


def the_callers_frame_stays_test():
    frame = FRAME.copy()
    open_source(frame).with_columns(pa.table({"n": [1, 2, 3, 4]}))
    pd.testing.assert_frame_equal(frame, FRAME)


def a_later_change_of_the_frame_does_not_show_test():
    frame = FRAME.copy()
    source = open_source(frame)
    before = source.keys().tolist()
    frame.loc[0, "id"] = "changed"
    assert open_source(FRAME).keys().tolist() == before
    assert source.column("id").to_pylist()[0] == "a"


@pytest.mark.parametrize("values", [[1.5, 2.5], [1, 2], [True, False]])
def a_later_change_in_place_does_not_show_test(values):
    frame = pd.DataFrame({"a": values})
    source = open_source(frame)
    frame.loc[0, "a"] = values[1]
    assert source.column("a").to_pylist() == values
    assert source.to_pandas()["a"].tolist() == values


def equal_rows_have_keys_of_their_own_test():
    keys = open_source(pd.DataFrame({"a": [1, 1, 2]})).keys().tolist()
    assert [key[-2:] for key in keys] == ["-0", "-1", "-0"]
    assert keys[0][:-2] == keys[1][:-2] != keys[2][:-2]


def keys_survive_reordering_test():
    frame = pd.DataFrame({"a": ["x", "y", "z"]})
    assert sorted(open_source(frame).keys()) == sorted(open_source(frame.iloc[::-1]).keys())


@pytest.mark.parametrize(
    ("frame", "key", "sentence"),
    [
        (
            pd.DataFrame({"id": ["a", "a", "b"]}),
            "id",
            r"'id' can't be the key: 1 value names .* 'a' \(2 times\)",
        ),
        (
            pd.DataFrame({"id": ["a", None, "b"]}),
            "id",
            r"'id' can't be the key: it is null in 1 of 3 rows, e\.g\. row 1",
        ),
        (pd.DataFrame({"id": [1.0, np.nan]}), "id", r"null in 1 of 2 rows"),
        (pd.DataFrame({"idx": [1]}), "id", r"There is no column 'id'. Did you mean 'idx'"),
        (pd.DataFrame([[1, 2]], columns=["a", "a"]), None, r"Column 'a' is there 2 times"),
        (pd.DataFrame({0: [1]}), None, r"Column name 0 is int, not text"),
        (
            pd.DataFrame({"m": [1, object()]}),
            None,
            r"Column 'm' holds values of type object in row 1, which have no text",
        ),
    ],
)
def bad_input_names_the_column_test(frame, key, sentence):
    with pytest.raises((ValueError, KeyError), match=sentence):
        open_source(frame, key=key)


def what_cannot_be_opened_says_what_can_test(tmp_path):
    with pytest.raises(ValueError, match="can't open int"):
        open_source(3)
    with pytest.raises(FileNotFoundError, match="There is no file"):
        open_source(tmp_path / "none.parquet")


def truncated_parquet_test(tmp_path):
    path = tmp_path / "cut.parquet"
    pq.write_table(pa.table({"a": list(range(1000))}), path)
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(ValueError, match="not a whole Parquet file"):
        open_source(path)


def a_file_that_changes_is_refused_test(tmp_path):
    path = tmp_path / "rows.parquet"
    pq.write_table(pa.table({"a": [1, 2]}), path)
    source = open_source(path)
    pq.write_table(pa.table({"a": [1, 2, 3]}), path)
    with pytest.raises(ValueError, match="has changed since it was opened"):
        source.column("a")


@pytest.mark.parametrize("frame", [pd.DataFrame({"a": []}), pd.DataFrame({"a": [1]}), pd.DataFrame()])
def small_frames_open_test(frame):
    source = open_source(frame)
    assert source.rows == len(frame)
    assert len(source.keys()) == len(frame)


def vectors_do_not_name_rows_test():
    frame = pd.DataFrame({"a": ["x", "y"], "v": [np.zeros(3), np.ones(3)]})
    assert open_source(frame).identity.columns == ("a",)
    assert open_source(frame[["v"]]).identity.columns == ("v",)
    assert len(set(open_source(frame[["v"]]).keys())) == 2
