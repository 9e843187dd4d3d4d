"""What DataLens opens in memory beside frames, what it refuses, and the code that selects on it."""

from __future__ import annotations

import warnings

import datasets
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import datalens as dl
from datalens.table.opening import open_source

ROWS = [{"id": "a", "n": 1}, {"id": "b", "text": "x"}, {"n": None, "tags": ["t", "u"]}]


def names_of_all_dicts_are_columns_test():
    source = open_source(ROWS)
    assert {name: source.column(name).to_pylist() for name in source.schema.names} == {
        "id": ["a", "b", None],
        "n": [1, None, None],
        "text": [None, "x", None],
        "tags": [None, None, ["t", "u"]],
    }


def whole_numbers_stay_whole_where_others_are_missing_test():
    rows = [{"n": 2**53 + 1}, {}, {"h": 2**64 - 1}]
    source = open_source(rows)
    assert source.schema.types == [pa.int64(), pa.uint64()]
    assert source.column("n").to_pylist() == [2**53 + 1, None, None]


def dicts_come_back_with_what_was_computed_test():
    lens = dl.Lens(ROWS)
    lens.add_signal(lambda n: 0 if n is None else n, name="m", on="n")
    assert lens.to_frame() == [{**row, "m": m} for row, m in zip(ROWS, [1, 0, 0], strict=True)]
    lens.selection = dl.col("id").is_in(["b"])
    assert lens.selection.frame() == [{"id": "b", "text": "x", "m": 0}]
    assert list(ROWS[0]) == ["id", "n"]


def a_later_change_of_a_dict_does_not_show_test():
    rows = [{"a": 1}]
    lens = dl.Lens(rows)
    rows[0]["a"] = 2
    rows.append({})
    assert lens.to_frame() == [{"a": 1}]


def no_rows_at_all_test():
    assert dl.Lens([]).to_frame() == []
    assert dl.Lens(datasets.Dataset.from_dict({"a": []})).to_frame().num_rows == 0


@pytest.fixture
def dataset():
    features = datasets.Features(
        {
            "label": datasets.ClassLabel(names=["neg", "pos"]),
            "text": datasets.Value("string"),
            "tokens": datasets.List(datasets.Value("int32")),
            "grid": datasets.Array2D((2, 2), "float32"),
        }
    )
    rows = [{"label": i % 2, "text": f"t{i}", "tokens": [i], "grid": [[i, 0], [0, i]]} for i in range(6)]
    return datasets.Dataset.from_list(rows, features=features)


def a_dataset_keeps_features_indices_and_format_test(dataset):
    shuffled = dataset.shuffle(seed=1).select(range(4)).with_format("numpy")
    order = [int(text[1:]) for text in dataset.shuffle(seed=1).select(range(4))["text"]]
    lens = dl.Lens(shuffled, key="text")
    assert lens._study.source.column("tokens").to_pylist() == [[i] for i in order]
    assert lens._study.source.column("grid").to_pylist() == [[[i, 0], [0, i]] for i in order]
    lens.add_signal(len, name="n")
    frame = lens.to_frame()
    assert {name: frame.features[name] for name in dataset.features} == dict(dataset.features)
    assert frame.format["type"] == "numpy"
    assert frame["n"][:].tolist() == [2] * 4
    lens.selection = dl.col("label") == 1
    assert lens.selection.frame().with_format(None)["text"][:] == [f"t{i}" for i in order if i % 2]


def pictures_of_a_dataset_stay_undecoded_test():
    from PIL import Image

    features = datasets.Features({"image": datasets.Image()})
    dataset = datasets.Dataset.from_list([{"image": Image.new("RGB", (2, 2))}], features=features)
    lens = dl.Lens(dataset)
    assert lens._study.source.column("image")[0]["bytes"].as_py().startswith(b"\x89PNG")
    assert lens.to_frame().features == features


@pytest.mark.parametrize("make", ["list", "dataset"])
def keys_code_selects_the_same_rows_on_the_pandas_frame_test(make, dataset):
    records = [*ROWS, *ROWS, {"id": "z", "n": 2**60, "tags": []}]
    dataset = dataset.remove_columns("grid")  # whose own pandas type can't be indexed
    data = records if make == "list" else dataset
    lens = dl.Lens(data)
    lens.selection = dl.col("n") >= 1 if make == "list" else dl.col("label") == 1
    scope = {"df": pd.DataFrame(records) if make == "list" else dataset.to_pandas()}
    exec(lens.selection.code("pandas", form="keys"), scope)  # noqa: S102 - our own code
    assert scope["selected"].index.tolist() == np.flatnonzero(lens.selection.mask()).tolist()
    assert len(scope["selected"]) == 3


class Nothing:
    """What no library knows."""


REFUSED = {
    "lazy": (pl.LazyFrame({"a": [1]}), r"polars LazyFrame is a plan, not rows.*dl\.Lens\(frame\.collect\(\)\)"),
    "series": (pd.Series([1]), r"pandas Series is one column.*series\.to_frame\(\)"),
    "polars series": (pl.Series([1]), r"polars Series is one column"),
    "array": (np.zeros((2, 2)), r"numpy ndarray has no column names.*pd\.DataFrame\(array"),
    "chunked": (pa.chunked_array([[1]]), r"pyarrow ChunkedArray is one column.*pa\.table"),
    "arrow array": (pa.array([1]), r"Int64Array is no table of columns"),
    "dict": ({"a": [1]}, r"A dict is taken as rows only in a list.*pd\.DataFrame\(data\)"),
    "splits": (
        datasets.DatasetDict({k: datasets.Dataset.from_dict({"a": [1]}) for k in ("train", "test")}),
        r"DatasetDict holds several datasets: 'train' and 'test'\. Give one of them: dl\.Lens\(data\['train'\]\)",
    ),
    "stream": (
        datasets.Dataset.from_dict({"a": [1]}).to_iterable_dataset(),
        r"IterableDataset has no rows to go back to.*dataset\.take\(10_000\)",
    ),
    "number": (3, "can't open int"),
    "bytes": (b"a", "can't open bytes"),
    "none": (None, "can't open NoneType"),
    "set": ({"a"}, "can't open set"),
    "object": (Nothing(), "can't open Nothing. Give a pandas, polars or pyarrow table"),
    "list of numbers": ([{"a": 1}, 2], r"row 1 is a int\. Give one dict a row"),
    "list of texts": ([{"a": 1}, "x"], r"row 1 is a str\. For texts: dl\.Lens\(\[{"),
    "list with none": ([None], r"row 0 is None"),
    "list of lists": ([[1], [2]], r"row 0 is a list"),
    "names": ([{1: 2}], "Column name 1 is int, not text"),
}  # fmt: skip


@pytest.mark.parametrize(("data", "sentence"), REFUSED.values(), ids=REFUSED.keys())
def what_is_no_table_says_what_to_give_test(data, sentence):
    with pytest.raises(ValueError, match=sentence):
        open_source(data)


def an_array_object_that_is_a_batch_opens_test():
    struct = pa.array([{"a": 1}, {"a": 2}])
    assert open_source(struct).column("a").to_pylist() == [1, 2]


# Out again --------------------------------------------------------------------------------------------

FRAMES = {
    "pandas": pd.DataFrame({"a": [1, 2]}, index=["x", "y"]),
    "polars": pl.DataFrame({"a": [1, 2]}),
    "pyarrow": pa.table({"a": [1, 2]}),
    "list": [{"a": 1}, {"a": 2}],
    "dataset": datasets.Dataset.from_dict({"a": [1, 2]}),
}


@pytest.mark.parametrize("data", FRAMES.values(), ids=FRAMES.keys())
def any_data_comes_out_for_any_library_test(data):
    lens = dl.Lens(data).add_signal(lambda a: [a * 1.0], name="v", on="a").add_signal(str, name="s", on="a")
    assert lens.to_arrow().to_pydict() == {"a": [1, 2], "v": [[1.0], [2.0]], "s": ["1", "2"]}
    assert lens.to_pandas()["s"].tolist() == ["1", "2"]
    assert lens.to_polars().select("a", "s").rows() == [(1, "1"), (2, "2")]


def pandas_keeps_its_index_and_polars_its_types_test():
    lens = dl.Lens(FRAMES["pandas"])
    assert lens.to_pandas().index.tolist() == ["x", "y"]
    frame = pl.DataFrame({"a": pl.Series(["u", "v"], dtype=pl.Enum(["u", "v"]))})
    assert dl.Lens(frame).to_polars().schema == frame.schema


def vectors_come_along_only_when_asked_test():
    lens = dl.Lens(FRAMES["pandas"]).embed([[0.0, 1.0], [1.0, 0.0]])
    for out in (lens.to_arrow, lens.to_pandas, lens.to_polars):
        assert "embedding" not in (getattr(out(), "column_names", None) or list(out().columns))
        whole = out(vectors=True)
        assert "embedding" in (getattr(whole, "column_names", None) or list(whole.columns))


# Real data --------------------------------------------------------------------------------------------

ROWS_OF = {
    "HumanEval.jsonl.gz": 164,
    "alpaca_eval_gpt4turbo_annotations.json": 805,
    "alpaca_eval_llama3_8b_outputs.json": 805,
    "codealpaca_2k.json": 2_017,
    "goemotions_dev.tsv": 5_425,  # its first row is taken for names, as pandas takes it
    "gpteacher_roleplay_dedup.json": 3_146,
    "gsm8k_test.jsonl": 1_319,
    "gsm8k_train.jsonl": 7_473,
    "manifest.tsv": 18,
    "mtbench_question.jsonl": 80,
    "noisyagnews_val10000_human_noise.csv": 10_000,
    "sgd_dev_dialogues_001.json": 128,
    "taubench_gpt4o_airline_trajectories.json": 200,
}


@pytest.mark.parametrize(("name", "rows"), ROWS_OF.items())
def real_files_open_by_path_test(test_data, name, rows):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        lens = dl.Lens(test_data / name)
    assert len(lens) == rows
    lens._repr_mimebundle_()
    assert len(lens.to_frame()) == rows


def real_objects_of_lists_say_what_to_do_test(test_data):
    sentence = r'clinc150_data_full\.json is one JSON object over several lines.*dl\.Lens\(json\.load\(open\(\.\.\.\)\)\["oos_val"\]'
    with pytest.raises(ValueError, match=sentence):
        dl.Lens(test_data / "clinc150_data_full.json")


@pytest.mark.parametrize(
    "name", ["gsm8k_test.jsonl", "noisyagnews_val10000_human_noise.csv", "goemotions_dev.tsv"]
)
def real_text_files_read_as_pandas_reads_them_test(test_data, name):
    path = test_data / name
    expected = (
        pd.read_json(path, lines=True)
        if name.endswith("l")
        else pd.read_csv(path, sep="\t" if "tsv" in name else ",")
    )
    found = dl.Lens(path).to_frame()
    assert list(found.columns) == list(expected.columns)
    for column in expected:
        assert found[column].astype(str).tolist() == expected[column].astype(str).tolist()
