"""Every container with every type: it opens, is described, paged, sorted, coloured, and comes back as it was."""

from __future__ import annotations

import datetime as dt
import decimal
import json
import warnings

import datasets
import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import feather

import datalens as dl
from datalens.widgets.desk import Desk

DAY, MOMENT = dt.date(2026, 1, 31), dt.datetime(2026, 1, 31, 10, 30)  # noqa: DTZ001
CHAT = [{"role": "user", "content": "<b>hi</b>"}, {"role": "assistant", "content": None}]

# Three values each, the last is null.
TYPES = {
    "text": pa.array(["a", "<b>é</b>", None]),
    "large text": pa.array(["a", "b", None], pa.large_string()),
    "text view": pa.array(["a", "b" * 40, None], pa.string_view()),
    "boolean": pa.array([True, False, None]),
    "int8": pa.array([1, -2, None], pa.int8()),
    "int64": pa.array([2**53 + 1, -2, None]),
    "uint64": pa.array([2**64 - 1, 0, None], pa.uint64()),
    "float16": pa.array([np.float16(1.5), np.float16(-1), None], pa.float16()),
    "float32": pa.array([0.5, float("inf"), None], pa.float32()),
    "float64": pa.array([0.1, -1e300, None]),
    "not a number": pa.array([float("nan"), 1.0, None]),
    "decimal": pa.array([decimal.Decimal("1.10"), decimal.Decimal("-3.00"), None]),
    "date": pa.array([DAY, dt.date(1960, 2, 29), None]),
    "moment": pa.array([MOMENT, dt.datetime(1960, 1, 1), None]),  # noqa: DTZ001
    "nanoseconds": pa.array([1, 2, None], pa.int64()).cast(pa.timestamp("ns")),
    "zone": pa.array([MOMENT, None, None], pa.timestamp("us", "UTC")),
    "far zone": pa.array([MOMENT, None, None], pa.timestamp("us", "Asia/Kathmandu")),
    "time": pa.array([dt.time(10, 30), dt.time(0), None]),
    "duration": pa.array([dt.timedelta(days=1), dt.timedelta(microseconds=1), None]),
    "dictionary": pa.array(["b", "a", None]).dictionary_encode(),
    "ordered": pa.DictionaryArray.from_arrays(pa.array([1, 0, None]), pa.array(["low", "high"]), ordered=True),
    "dictionary of int": pa.array([5, 7, None]).dictionary_encode(),
    "null in dictionary": pa.DictionaryArray.from_arrays(pa.array([0, 0, 1]), pa.array(["a", None])),
    "null": pa.nulls(3),
    "bytes": pa.array([b"\xff\x00", b"", None]),
    "fixed bytes": pa.array([b"abc", b"xyz", None], pa.binary(3)),
    "list": pa.array([["a", None], [], None]),
    "vector": pa.array([[1.0, 2.0], [3.0, 4.0], None], pa.list_(pa.float32(), 2)),
    "vector list": pa.array([[1.0, 2.0], [3.0, 4.0], None], pa.list_(pa.float32())),
    "struct": pa.array([{"a": 1, "b": {"c": "x"}}, {"a": None, "b": None}, None]),
    "map": pa.array([[("k", 1)], [], None], pa.map_(pa.string(), pa.int64())),
    "messages": pa.array([CHAT, [], None]),
    "run-end": pa.RunEndEncodedArray.from_arrays(pa.array([2, 3], pa.int32()), pa.array(["a", None])),
    "list view": pa.array([["a"], ["b", "c"], None], pa.list_view(pa.string())),
    "extension": pa.ExtensionArray.from_storage(pa.json_(), pa.array(['{"a": 1}', "[]", None])),
}  # fmt: skip
# What a library makes and then can't use: pandas' own map, and its masks, fail on these.
UNUSABLE = {("pandas arrow", "text view"), ("pandas arrow", "run-end")}
if pd.__version__ < "3":
    UNUSABLE |= {("pandas arrow", "list view")}


class Stream:
    """Something that speaks Arrow's stream protocol and nothing else."""

    def __init__(self, table):
        self.table = table

    def __arrow_c_stream__(self, requested_schema=None):
        return self.table.__arrow_c_stream__(requested_schema)


class Batch:
    """Something that speaks Arrow's array protocol and nothing else."""

    def __init__(self, table):
        self.batch = table.to_batches()[0]

    def __arrow_c_array__(self, requested_schema=None):
        return self.batch.__arrow_c_array__(requested_schema)


CONTAINERS = {
    "pandas": lambda table: table.to_pandas(),
    "pandas objects": lambda table: pd.DataFrame(
        {"id": [0, 1, 2], "v": pd.Series(table["v"].to_pylist(), dtype=object)}
    ),
    "pandas arrow": lambda table: table.to_pandas(types_mapper=pd.ArrowDtype),
    "pandas nullable": lambda table: table.to_pandas().convert_dtypes(),
    "polars": pl.DataFrame,
    "pyarrow": lambda table: table,
    "batch": lambda table: table.to_batches()[0],
    "reader": lambda table: table.to_reader(),
    "stream": Stream,
    "array": Batch,
    "duckdb": lambda table: duckdb.connect().from_arrow(table),
    "dataset": lambda table: datasets.Dataset(datasets.table.InMemoryTable(table)),
    "list": lambda table: table.to_pylist(),
}
KIND_BACK = {
    "pandas": pd.DataFrame, "pandas objects": pd.DataFrame, "pandas arrow": pd.DataFrame, "pandas nullable": pd.DataFrame,
    "polars": pl.DataFrame, "dataset": datasets.Dataset, "list": list,
}  # fmt: skip


def made(container, name):
    """Return a container's data, or skip where the library itself can't hold the type."""
    table = pa.table({"id": [0, 1, 2], "v": TYPES[name]})
    if (container, name) in UNUSABLE:
        pytest.skip(f"{container} can hold {name}, but not use it")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return CONTAINERS[container](table)
    except Exception as error:  # noqa: BLE001 - whatever the library raises; panics of polars too
        pytest.skip(f"{container} itself can't hold {name}: {type(error).__name__} {str(error)[:60]}")
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        pytest.skip(f"{container} itself can't hold {name}: it panics")


def look_at_everything(lens):
    """Do what the views do with each column."""
    study, desk = lens._study, Desk(lens._study)
    kind = study.source.schema.field("v").type
    sortable = pa.types.is_dictionary(kind) or not pa.types.is_nested(kind)
    lens._repr_mimebundle_()
    for name in study.names():
        assert study.describe(name).nulls <= study.rows
        json.dumps(desk.answer("legend", {"column": name})[0], allow_nan=False)
    page = json.loads(json.dumps(desk.answer("page", {"columns": study.names()})[0], allow_nan=False))
    assert page["total"] == len(page["rows"]) == study.rows
    for ordinal in range(study.rows):
        json.dumps(desk.answer("row", {"ordinal": ordinal})[0], allow_nan=False)
    for descending in (False, True):
        sort = {"start": 0, "sort": [{"column": "v", "descending": descending}], "columns": ["id", "v"]}
        if sortable:
            rows = desk.answer("page", sort)[0]["rows"]
            assert rows[-1]["ordinal"] == 2  # null last both ways
        else:
            with pytest.raises(ValueError, match="have no order to sort by"):
                desk.answer("page", sort)
    return page


@pytest.mark.parametrize("name", TYPES)
@pytest.mark.parametrize("container", CONTAINERS)
def every_type_in_every_container_test(container, name):
    data = made(container, name)
    lens = opened(data)
    page = look_at_everything(lens)
    assert page["rows"][2]["cells"][1] in (None, "NaN")
    lens.add_signal(lambda n: n * 2, name="twice", on="id")
    frame = lens.to_frame()
    kind = KIND_BACK.get(container, pa.Table)
    assert isinstance(frame, kind)
    assert columns_of(frame) == ["id", "v", "twice"]
    if container == "duckdb":
        data = data.to_arrow_table()
    elif kind is pa.Table:  # a reader is read by now
        data = pa.table({"id": [0, 1, 2], "v": TYPES[name]})
    assert_equal(frame, data)
    lens.selection = dl.col("id") > 0
    selected = lens.selection.frame()
    assert isinstance(selected, kind)
    assert values_of(selected, "twice") == [2, 4]
    assert lens.to_arrow().num_rows == len(lens.to_pandas()) == 3
    if name not in ("map", "run-end", "list view", "extension"):  # which polars does not have
        assert lens.to_polars().shape == (3, 3)


def opened(data):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what is shown as text
        return dl.Lens(data, key=False)


def columns_of(frame):
    if isinstance(frame, list):
        return list(frame[0])
    return list(getattr(frame, "column_names", None) or frame.columns)


def values_of(frame, name):
    if isinstance(frame, list):
        return [row[name] for row in frame]
    column = frame[name]
    return column.to_pylist() if isinstance(column, pa.ChunkedArray) else list(column)


def assert_equal(frame, data):
    """Check that the caller's columns came back with their types and values."""
    if isinstance(data, pd.DataFrame):
        assert (frame[["id", "v"]].dtypes == data.dtypes).all()
        try:
            pd.testing.assert_frame_equal(frame[["id", "v"]], data)
        except NotImplementedError:  # pandas can't compare Arrow's views and runs
            assert pa.array(frame["v"]).equals(pa.array(data["v"]))
    elif isinstance(data, pl.DataFrame):
        assert frame.schema["v"] == data.schema["v"]
        assert frame.select("id", "v").equals(data, null_equal=True)
    elif isinstance(data, datasets.Dataset):
        assert frame.features["v"] == data.features["v"]
        assert repr(frame["v"][:]) == repr(data["v"][:])
    elif isinstance(data, list):
        assert repr([row["v"] for row in frame]) == repr([row["v"] for row in data])
    else:
        assert frame.schema.field("v").type == data.schema.field("v").type
        assert repr(frame["v"].to_pylist()) == repr(data["v"].to_pylist())


def write_arrow(table, path):
    with pa.ipc.new_file(path, table.schema) as writer:
        writer.write_table(table)


def write_lance(table, path):
    lance = pytest.importorskip("lance", reason="the extra 'lance' is not installed")
    lance.write_dataset(table, path)


FILES = {
    "parquet": pq.write_table,
    "lance": write_lance,
    "arrow": write_arrow,
    "feather": feather.write_feather,
    "jsonl": lambda table, path: path.write_text(
        "\n".join(json.dumps(row, default=str) for row in table.to_pylist())
    ),
    "csv": lambda table, path: table.to_pandas().to_csv(path, index=False),
}


@pytest.mark.parametrize("name", TYPES)
@pytest.mark.parametrize("suffix", FILES)
def every_type_in_every_file_test(tmp_path, suffix, name):
    table = pa.table({"id": [0, 1, 2], "v": TYPES[name]})
    path = tmp_path / f"a.{suffix}"
    try:
        FILES[suffix](table, path)
    except (pa.ArrowException, TypeError, ValueError, OSError) as error:
        pytest.skip(f"{suffix} itself can't hold {name}: {str(error)[:60]}")
    lens = opened(path)
    page = look_at_everything(lens)
    assert page["rows"][2]["cells"][1] in (None, "NaN")
    lens.add_signal(lambda n: n * 2, name="twice", on="id")
    frame = lens.to_frame()
    assert list(frame.columns) == ["id", "v", "twice"]
    if suffix not in ("jsonl", "csv"):
        expected = (
            [None if v is None else str(v) for v in TYPES[name].to_pylist()]
            if name == "time"
            else TYPES[name].to_pylist()
        )
        if (suffix, name) == ("lance", "extension"):  # it writes JSON in its own way
            expected = [None if v is None else v.replace(": ", ":") for v in expected]
        assert repr(lens.to_arrow()["v"].to_pylist()) == repr(expected)
    lens.selection = dl.col("id") > 0
    assert lens.selection.frame()["twice"].tolist() == [2, 4]
    assert lens.selection.frame().index.tolist() == [1, 2]


@pytest.mark.parametrize("rows", [({"a": n} for n in range(3)), iter([{"a": 1}]), map(dict, [])])
def what_is_gone_through_once_is_made_a_list_first_test(rows):
    with pytest.raises(ValueError, match=r"gone through once only\. .*dl\.Lens\(list\(rows\)\)"):
        dl.Lens(rows)
