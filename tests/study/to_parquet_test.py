"""All rows with what was computed, as one Parquet file."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import datalens as dl
from datalens.study.derived import Derived

FRAME = pd.DataFrame(
    {"id": range(5), "text": ["a", None, "c", "d", "e"], "tags": [["x"], [], None, ["y"], []]}
)


def compute(lens):
    values = {"score": pa.array(range(5)), "vector": pa.array([[0.0, 1.0]] * 5, pa.list_(pa.float32(), 2))}
    lens._study.add_columns(
        [Derived(name, pa.chunked_array([array]), "v1", "by hand") for name, array in values.items()]
    )
    return lens


def opened(tmp_path, kind):
    if kind == "frame":
        return FRAME
    if kind == "one file":
        FRAME.to_parquet(tmp_path / "rows.parquet", row_group_size=2)
        return tmp_path / "rows.parquet"
    for part in range(2):
        FRAME[part * 2 : 2 if part == 0 else None].to_parquet(tmp_path / f"part-{part}.parquet")
    return tmp_path / "part-*.parquet"


@pytest.mark.parametrize("kind", ["frame", "one file", "files"])
def all_rows_and_computed_columns_are_written_test(tmp_path, kind):
    lens = compute(dl.Lens(opened(tmp_path, kind), key="id"))
    table = pq.read_table(lens.to_parquet(tmp_path / "all.parquet"))
    assert table.column_names == ["id", "text", "tags", "score"]
    assert table.drop_columns("score").to_pylist() == pa.Table.from_pandas(FRAME).to_pylist()
    assert table.column("score").to_pylist() == list(range(5))
    with_vectors = lens.to_parquet(tmp_path / "all.parquet", vectors=True)
    assert pq.read_schema(with_vectors).names[-1] == "vector"


def a_file_of_the_data_is_never_written_over_test(tmp_path):
    path = opened(tmp_path, "one file")
    with pytest.raises(FileExistsError, match="never written over"):
        dl.Lens(path).to_parquet(path)


def no_rows_are_a_file_too_test(tmp_path):
    path = dl.Lens(FRAME[:0].drop(columns="tags"), key=False).to_parquet(tmp_path / "all.parquet")
    assert pq.read_table(path).num_rows == 0
