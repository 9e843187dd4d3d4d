"""Paths, globs, folders and lists: many files as one dataset, and files that change or are damaged."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet as pq
import pytest

import datalens as dl
from datalens.table.files import find_files
from datalens.table.opening import open_source

TABLE = pa.table({"id": ["a", "b", "c"], "n": [1, 2, None], "text": ["x", None, "z"]})


def write(path, table=TABLE, **options):
    path.parent.mkdir(parents=True, exist_ok=True)
    match path.suffix:
        case ".parquet" | ".pq":
            pq.write_table(table, path, **options)
        case ".arrow":
            with pa.ipc.new_file(path, table.schema) as writer:
                writer.write_table(table)
        case ".ipc":
            with pa.ipc.new_stream(path, table.schema) as writer:
                writer.write_table(table)
        case ".feather":
            pa.feather.write_feather(table, path, **options)
        case ".csv":
            table.to_pandas().to_csv(path, index=False)
        case ".tsv":
            table.to_pandas().to_csv(path, index=False, sep="\t")
        case _:
            path.write_text("".join(json_line(row) for row in table.to_pylist()))
    return path


def json_line(row):
    import json

    return json.dumps(row) + "\n"


NAMES = [
    "a.parquet",
    "a.pq",
    "a.arrow",
    "a.ipc",
    "a.feather",
    "a.jsonl",
    "a.ndjson",
    "a.csv",
    "a.tsv",
    "A.PARQUET",
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("as_text", [True, False])
def every_format_opens_by_path_test(tmp_path, name, as_text):
    path = write(tmp_path / name.lower()).rename(tmp_path / name)
    source = open_source(str(path) if as_text else path)
    assert source.title == name
    assert pa.table({n: source.column(n) for n in source.schema.names}).to_pydict() == TABLE.to_pydict()


def feathers_first_version_is_left_to_pandas_test(tmp_path):
    path = tmp_path / "a.feather"
    path.write_bytes(b"FEA1" + bytes(20))
    with pytest.raises(
        ValueError, match=r"Feather's first version.*dl\.Lens\(pd\.read_feather\('.*a\.feather'\)\)"
    ):
        open_source(path)


def the_home_folder_is_understood_test(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    write(tmp_path / "a.parquet")
    assert open_source("~/a.parquet").rows == 3


PARTS = ["b.parquet", "a.parquet", "deep/c.parquet", "deep/er/d.parquet"]


@pytest.fixture
def many(tmp_path):
    for number, name in enumerate(PARTS):
        write(tmp_path / "data" / name, pa.table({"file": [name] * (number + 1)}), row_group_size=2)
    return tmp_path / "data"


@pytest.mark.parametrize(
    ("pattern", "names", "title"),
    [
        ("data/*.parquet", ["a.parquet", "b.parquet"], "data/*.parquet (2 files)"),
        ("data/**/*.parquet", ["a.parquet", "b.parquet", "deep/c.parquet", "deep/er/d.parquet"], "data/**/*.parquet (4 files)"),
        ("data/[b-z]*.parquet", ["b.parquet"], "b.parquet"),
        ("data", ["a.parquet", "b.parquet", "deep/c.parquet", "deep/er/d.parquet"], "data/ (4 files)"),
        (["data/b.parquet", Path("data/a.parquet")], ["b.parquet", "a.parquet"], "b.parquet and others (2 files)"),
    ],
)  # fmt: skip
def many_files_are_one_dataset_test(many, monkeypatch, pattern, names, title):
    monkeypatch.chdir(many.parent)
    source = open_source(pattern)
    expected = [name for name in names for _ in range(PARTS.index(name) + 1)]
    assert source.column("file").to_pylist() == expected
    rows = np.arange(source.rows)[::-1]
    assert source.take(rows, ["file"]).column("file").to_pylist() == expected[::-1]
    assert source.keys().tolist() == list(range(len(expected)))
    assert source.title == title


def a_folder_is_looked_through_for_data_only_test(many):
    for name in ["README.md", "_SUCCESS", ".hidden.parquet", "_temporary/x.parquet", "dataset_info.json"]:
        (many / name).parent.mkdir(exist_ok=True)
        (many / name).write_text("{}")
    assert len(find_files(many).paths) == 4


def a_name_with_brackets_is_a_file_where_there_is_one_test(tmp_path):
    assert open_source(write(tmp_path / "a[1].parquet")).rows == 3


@pytest.mark.parametrize(
    ("given", "error", "sentence"),
    [
        ("data/*.csv", FileNotFoundError, r"No file matches 'data/\*\.csv', looked for from .*Check the pattern"),
        ("none.parquet", FileNotFoundError, r"There is no file 'none\.parquet', looked for from .*\. Check the path\.$"),
        ("none.parquet", ValueError, "There is no file"),
        ("my rows/none of them.csv.gz", ValueError, r"Check the path\.$"),
        ("data/none", ValueError, r"Check the path\.$"),
        (Path("some text"), ValueError, r"Check the path\.$"),
        ("Texts end. So do we.", ValueError, r"give rows: dl\.Lens\(\[{"),
        ("data/*.csv", ValueError, r"No file matches"),
        ("empty", ValueError, r"holds no file"),
        ("empty", FileNotFoundError, "folder 'empty' holds no file that DataLens reads: .parquet"),
        ("", FileNotFoundError, "There is no file ''"),
        ("some text to look at\n" * 1000, FileNotFoundError, r"There is no file 'some text.*…'.*give rows: dl\.Lens\(\[{"),
        ("nul\0", FileNotFoundError, "There is no file"),
        (["a text", "another"], FileNotFoundError, "There is no file 'a text'"),
        ("mixed", ValueError, r"mixed/ \(3 files\) mixes formats: 2 Parquet and 1 JSON files.*e\.g\. 'mixed/\*\.parquet'"),
        ("mixed/*", ValueError, r"mixes formats"),
        (["mixed/a.parquet", "mixed/c.jsonl"], ValueError, "mixes formats"),
        ("odd/sheet.xlsx", ValueError, r"'sheet\.xlsx' has the suffix '\.xlsx', and DataLens reads \.parquet.*dl\.Lens\(pd\.read_excel"),
        ("odd/none", ValueError, "'none' has no suffix"),
        ("odd/a.parquet.gz", ValueError, r"has the suffix '\.parquet\.gz'"),
        ("https://example.com/a.parquet", ValueError, "is an address, and DataLens opens files of this machine only"),
    ],
)  # fmt: skip
def what_names_no_dataset_says_what_would_test(tmp_path, monkeypatch, given, error, sentence):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    for name in ["mixed/a.parquet", "mixed/b.parquet", "mixed/c.jsonl"]:
        write(tmp_path / name)
    (tmp_path / "odd").mkdir()
    for name in ["sheet.xlsx", "none", "a.parquet.gz"]:
        (tmp_path / "odd" / name).write_text("x")
    with pytest.raises(error, match=sentence):
        open_source(given)


UNIONS = {
    "a column that is missing": ({"a": [1], "b": ["x"]}, {"a": [2]}, {"a": [1, 2], "b": ["x", None]}),
    "another order": ({"a": [1], "b": ["x"]}, {"b": ["y"], "a": [2]}, {"a": [1, 2], "b": ["x", "y"]}),
    "whole and float": ({"a": [1]}, {"a": [0.5]}, {"a": [1.0, 0.5]}),
    "large whole and float": ({"a": [2**53 + 1]}, {"a": [0.5]}, {"a": [2.0**53, 0.5]}),
    "null and text": ({"a": pa.nulls(1)}, {"a": ["x"]}, {"a": [None, "x"]}),
    "null and objects": ({"a": pa.nulls(1)}, {"a": [{"k": [1]}]}, {"a": [None, {"k": [1]}]}),
    "dictionary and text": ({"a": pa.array(["x"]).dictionary_encode()}, {"a": ["y"]}, {"a": ["x", "y"]}),
    "two dictionaries": (
        {"a": pa.array(["x", "y"]).dictionary_encode()},
        {"a": pa.array(["y", None]).dictionary_encode()},
        {"a": ["x", "y", "y", None]},
    ),
    "widths of text": ({"a": ["x"]}, {"a": pa.array(["y"], pa.large_string())}, {"a": ["x", "y"]}),
    "text as views": ({"a": ["x"]}, {"a": pa.array(["y"], pa.string_view())}, {"a": ["x", "y"]}),
    "small and large whole": ({"a": pa.array([1], pa.int8())}, {"a": [2**40]}, {"a": [1, 2**40]}),
    "objects of other fields": ({"a": [{"k": 1}]}, {"a": [{"k": 0.5, "l": "x"}]}, {"a": [{"k": 1.0, "l": None}, {"k": 0.5, "l": "x"}]}),
    "empty lists": ({"a": pa.array([[]], pa.list_(pa.null()))}, {"a": [["x"]]}, {"a": [[], ["x"]]}),
}  # fmt: skip


@pytest.mark.parametrize(("one", "two", "both"), UNIONS.values(), ids=UNIONS.keys())
def columns_of_files_unite_test(tmp_path, one, two, both):
    write(tmp_path / "1.parquet", pa.table(one))
    write(tmp_path / "2.parquet", pa.table(two))
    source = open_source(tmp_path)
    assert {name: source.column(name).to_pylist() for name in source.schema.names} == both
    rows = np.arange(source.rows)
    assert source.take(rows, source.schema.names).to_pydict() == both
    assert [source.null_count(name) for name in both] == [values.count(None) for values in both.values()]
    lens = dl.Lens(tmp_path)
    assert list(lens.to_frame().columns) == list(both)
    assert [lens._study.describe(name).nulls for name in both] == [v.count(None) for v in both.values()]


@pytest.mark.parametrize(
    ("one", "two", "types"),
    [([1], ["x"], "int64 .* string"), ([[1]], [1], "list.* int64"), ([True], [1], "bool .* int64")],
)
def columns_that_are_not_one_name_both_files_test(tmp_path, one, two, types):
    write(tmp_path / "1.parquet", pa.table({"a": one}))
    write(tmp_path / "2.parquet", pa.table({"a": two}))
    left, right = types.split(" .* ") if " .* " in types else types.split(" ")
    with pytest.raises(
        ValueError, match=rf"Column 'a' is {left}.* in .*1\.parquet and {right} in .*2\.parquet"
    ):
        open_source(tmp_path)


def a_value_that_does_not_fit_names_the_file_test(tmp_path):
    write(tmp_path / "1.parquet", pa.table({"a": [-1]}))
    write(tmp_path / "2.parquet", pa.table({"a": pa.array([2**64 - 1], pa.uint64())}))
    with pytest.raises(ValueError, match=r"Column 'a' of .*2\.parquet is uint64 and does not fit int64"):
        open_source(tmp_path).column("a")


def an_empty_file_among_many_adds_nothing_test(tmp_path):
    (tmp_path / "a.jsonl").write_text("")
    write(tmp_path / "b.jsonl")
    assert open_source(tmp_path).column("id").to_pylist() == ["a", "b", "c"]
    write(tmp_path / "p" / "a.parquet", TABLE.slice(0, 0))
    write(tmp_path / "p" / "b.parquet")
    assert open_source(tmp_path / "p").take(np.array([2, 0]), ["id"]).column("id").to_pylist() == ["c", "a"]


def a_key_is_unique_through_all_files_test(tmp_path):
    write(tmp_path / "a.parquet")
    write(tmp_path / "b.parquet", pa.table({"id": ["d"]}))
    assert open_source(tmp_path, key="id").keys().tolist() == ["a", "b", "c", "d"]
    write(tmp_path / "c.parquet", pa.table({"id": ["d"]}))
    with pytest.raises(ValueError, match=r"'id' can't be the key: .*'d' \(2 times\)"):
        open_source(tmp_path, key="id")


def names_with_dots_and_nested_ones_are_told_apart_test(tmp_path):
    table = pa.table({"a": pa.array([{"b": 1}, None, None]), "a.b": [1, 2, None], "c": [[None], None, [1]]})
    source = open_source(write(tmp_path / "a.parquet", table))
    assert [source.null_count(name) for name in table.column_names] == [2, 1, 1]
    assert [source.column(name).to_pylist() for name in table.column_names] == [
        c.to_pylist() for c in table.columns
    ]
    assert source.take(np.array([0]), ["a.b", "a"]).to_pylist() == [{"a.b": 1, "a": {"b": 1}}]


# Files that are damaged, or change -------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a.parquet", "a.arrow", "a.ipc", "a.feather"])
@pytest.mark.parametrize("keep", [0, 3, 0.5, -4])
def a_cut_file_is_named_also_among_many_test(tmp_path, name, keep):
    path = tmp_path / name
    write(tmp_path / f"0{path.suffix}")
    write(path, pa.table({"t": [os.urandom(20).hex() for _ in range(2_000)]}))
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * keep) if isinstance(keep, float) else keep])
    for given in (path, tmp_path):
        with pytest.raises(ValueError, match=rf"{name} is (empty|not a whole|damaged|cut short)"):
            open_source(given)


def damage_inside_a_parquet_file_is_named_when_it_is_read_test(tmp_path):
    path = write(tmp_path / "a.parquet", pa.table({"t": [os.urandom(20).hex() for _ in range(2_000)]}))
    data = bytearray(path.read_bytes())
    data[4:2_000] = os.urandom(1_996)
    path.write_bytes(data)
    source = open_source(path)
    with pytest.raises(ValueError, match=r"a\.parquet is damaged: it can't be read to its end"):
        source.column("t")


def rewritten(path):
    write(path, pa.table({"id": ["d"] * 3, "n": [0] * 3, "text": ["w"] * 3}))


CHANGES = {
    "rewritten": (rewritten, "has changed"),
    "cut": (lambda path: os.truncate(path, 20), "has changed"),
    "touched": (lambda path: os.utime(path, (1, 1)), "has changed"),
    "gone": (Path.unlink, "is gone"),
}
READS = {
    "column": lambda source: source.column("id"),
    "take": lambda source: source.take(np.arange(source.rows), ["id"]),
    "sample": lambda source: source.sample("text", 10),
    "frame": lambda source: source.to_pandas(),
}


@pytest.mark.parametrize("name", ["b.parquet", "b.jsonl", "b.csv", "b.arrow"])
@pytest.mark.parametrize(("change", "sentence"), CHANGES.values(), ids=CHANGES.keys())
@pytest.mark.parametrize("read", READS.values(), ids=READS.keys())
def a_file_that_changes_while_it_is_open_is_refused_test(tmp_path, name, change, sentence, read):
    path = tmp_path / name
    for other in ("a", "b", "c"):
        write(path.with_stem(other))
    source = open_source(tmp_path)
    source.take(np.arange(source.rows), ["id"])  # what is held already must not be told for true either
    change(path)
    with pytest.raises(ValueError, match=rf"{name} {sentence} since it was opened. Open it again: dl\.Lens"):
        read(source)


# Row numbers and the code that names them -------------------------------------------------------------

READ = {
    "a.parquet": "pd.read_parquet({0!r})",
    "a.jsonl": "pd.read_json({0!r}, lines=True)",
    "a.json": "pd.read_json({0!r}, lines=True)",
    "a.csv": "pd.read_csv({0!r})",
    "a.tsv": "pd.read_csv({0!r}, sep='\\t')",
    "a.feather": "pd.read_feather({0!r})",
}


@pytest.mark.parametrize("name", READ)
@pytest.mark.parametrize("count", [1, 3])
def keys_code_runs_on_what_pandas_reads_test(tmp_path, name, count):
    paths = [write((tmp_path / name).with_stem(f"part-{n}")) for n in range(count)]
    lens = dl.Lens(paths[0] if count == 1 else str(tmp_path / "part-*"), key=False)
    lens.selection = (dl.col("id") == "a") | dl.col("text").is_null()
    code = lens.selection.code("pandas", form="keys")
    assert code.startswith(
        f"# {2 * count} of {3 * count} rows, by row number in part-"
        if count == 1
        else "# 6 of 9 rows, by row number in "
    )
    scope = {"pd": pd}
    frames = ", ".join(READ[name].format(str(path)) for path in paths)
    exec(f"df = pd.concat([{frames}], ignore_index=True)\n{code}", scope)  # noqa: S102 - our own code
    assert scope["selected"]["id"].tolist() == ["a", "b"] * count
    assert scope["selected"].index.tolist() == lens.selection.frame().index.tolist() == lens.selection.keys()
    assert lens.selection.frame()["id"].tolist() == ["a", "b"] * count


def row_numbers_are_those_of_records_not_of_lines_test(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('\n{"id": "a"}\n\n\n{"id": "b"}\n')
    lens = dl.Lens(path, key=False)
    lens.selection = dl.col("id") == "b"
    assert lens.selection.keys() == [1]
    assert pd.read_json(path, lines=True).iloc[1, 0] == "b"


def identity_is_bound_to_content_and_time_test(tmp_path):
    path = write(tmp_path / "a.parquet")
    one = open_source(path).identity
    assert open_source(path).identity == one
    os.utime(path, (1, 1))
    assert open_source(path).identity != one


def times_of_day_come_back_as_they_are_test(tmp_path):
    times = [dt.time(10, 30), None, dt.time(0)]
    for number in range(2):
        write(tmp_path / f"{number}.parquet", pa.table({"self": times, "n": [1, 2, 3]}))
    lens = dl.Lens(tmp_path)
    lens.add_signal(str, name="s", on="n")
    assert lens.to_frame()["self"].tolist() == times * 2
    lens.selection = dl.col("self") == "10:30:00"
    assert lens.selection.frame()["self"].tolist() == [dt.time(10, 30)] * 2
    assert lens.selection.frame()["s"].tolist() == ["1", "1"]
    scope = {"df": pd.concat([pd.read_parquet(path) for path in sorted(tmp_path.iterdir())])}
    exec(lens.selection.code("pandas"), scope)  # noqa: S102 - our own code
    assert scope["selected"]["n"].tolist() == [1, 1]


def kinds_are_those_of_the_frame_test(tmp_path):
    n = 12_000
    frame = pd.DataFrame(
        {
            "text": [f"a sentence of its own, number {i}" for i in range(n)],
            "label": ["a", "b", "c"] * (n // 3),
            "sorted": ["first"] * (n - 500) + [f"late and long text number {i}" for i in range(500)],
            "n": range(n),
            "few": [0, 1] * (n // 2),
            "x": np.linspace(0, 1, n),
        }
    )
    frame.to_parquet(tmp_path / "a.parquet", row_group_size=700)
    ours, theirs = dl.Lens(tmp_path / "a.parquet")._study, dl.Lens(frame)._study
    assert [ours.describe(name) for name in frame] == [theirs.describe(name) for name in frame]


# Memory -----------------------------------------------------------------------------------------------

LOOK = """
import sys, numpy as np, pyarrow as pa, datalens as dl
from datalens.widgets.desk import Desk
before = pa.default_memory_pool().max_memory()
lens = dl.Lens(sys.argv[1])
study, desk = lens._study, Desk(lens._study)
kinds = {name: study.describe(name).kind for name in study.names()}
assert kinds == {"text": "text", "n": "integer", "chat": "nested"}, kinds
lens._repr_mimebundle_()
for start in range(0, study.rows, study.rows // 8):
    desk.answer("page", {"start": start, "count": 25})
    desk.answer("row", {"ordinal": start})
desk.answer("page", {"start": 0, "count": 100, "sort": [{"column": "n", "descending": True}]})
print(study.rows, study.describe("text").nulls, study.describe("chat").nulls, pa.default_memory_pool().max_memory() - before)
"""


@pytest.mark.parametrize(("files", "group"), [(1, 1_000), (4, 1_000), (1, 100_000)])
def looking_at_a_parquet_dataset_holds_little_of_it_test(tmp_path, monkeypatch, files, group):
    rng = np.random.default_rng(0)
    size = 0
    for number in range(files):
        rows = 24_000 // files
        texts = [rng.bytes(2_000).hex() if n % 100 else None for n in range(rows)]
        chats = [
            [{"role": "user", "content": rng.bytes(1_000).hex()}] if n % 100 else None for n in range(rows)
        ]
        table = pa.table({"text": texts, "n": np.arange(rows), "chat": chats})
        size += table.nbytes
        pq.write_table(table, tmp_path / f"{number}.parquet", row_group_size=group)
        del table, texts, chats
    # Limits of a machine with so little memory that this dataset does not fit.
    script = (
        f"import datalens.table.parquet as p; p.KEPT_BYTES = p.LARGE_BYTES = p.SAMPLE_BYTES = {size // 32}\n"
        + LOOK
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=True
    )
    rows, text_nulls, chat_nulls, peak = map(int, done.stdout.split())
    assert (rows, text_nulls, chat_nulls) == (24_000, 240, 240)
    assert size > 140_000_000
    assert peak < size // 4


def nulls_come_from_the_footer_test(tmp_path, monkeypatch):
    path = write(tmp_path / "a.parquet")
    source = open_source(path)
    monkeypatch.setattr("datalens.table.piece.Piece.batches", None)  # nothing of the column is read
    assert [source.null_count(name) for name in source.schema.names] == [0, 1, 1]


def nulls_are_counted_where_the_footer_says_nothing_test(tmp_path):
    source = open_source(write(tmp_path / "a.parquet", write_statistics=False))
    assert [source.null_count(name) for name in source.schema.names] == [0, 1, 1]
