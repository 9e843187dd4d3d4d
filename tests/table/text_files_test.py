"""JSON and CSV files become Parquet once: every row, no value lost, what is wrong named by its line."""

from __future__ import annotations

import contextlib
import datetime as dt
import gzip
import json
import os
import warnings

import numpy as np
import pyarrow as pa
import pytest

import datalens as dl
from datalens.table import copies, json_lines
from datalens.table.opening import open_source


def opened(path, **options):
    """Open a file; nothing may be said about it."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return open_source(path, **options)


def columns(path, **options):
    source = opened(path, **options)
    return {name: source.column(name).to_pylist() for name in source.schema.names}


def write(path, content):
    data = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
    if path.suffix == ".gz":
        data = gzip.compress(data)
    elif path.suffix == ".zst":
        data = pa.compress(data, codec="zstd", asbytes=True)
    path.write_bytes(data)
    return path


ROWS = '{"id": 1, "text": "é"}\n{"id": 2, "text": null}\n'


@pytest.mark.parametrize("name", ["a.jsonl", "a.ndjson", "a.json", "a.jsonl.gz", "a.jsonl.zst", "a.json.gz"])
@pytest.mark.parametrize(
    "content", [ROWS, ROWS.replace("\n", "\r\n"), ROWS.rstrip(), "\ufeff" + ROWS, "\n\n" + ROWS]
)
def json_lines_in_every_form_test(tmp_path, name, content):
    assert columns(write(tmp_path / name, content)) == {"id": [1, 2], "text": ["é", None]}


@pytest.mark.parametrize("name", ["a.json", "a.json.gz", "a.jsonl", "a.json.zst"])
@pytest.mark.parametrize("indent", [None, 2])
def an_array_of_objects_test(tmp_path, name, indent):
    rows = [{"id": 1, "text": "é", "tags": ["a]", "}"]}, {"id": 2, "text": None}]
    path = write(tmp_path / name, json.dumps(rows, indent=indent))
    assert columns(path) == {"id": [1, 2], "text": ["é", None], "tags": [["a]", "}"], None]}


@pytest.mark.parametrize("chunk", [1, 7, 64])
def an_array_is_read_across_any_chunks_test(tmp_path, monkeypatch, chunk):
    monkeypatch.setattr(json_lines, "CHUNK_BYTES", chunk)
    rows = [{"id": n, "text": "é\U0001f600" * n, "x": [n, 1.5, True, None]} for n in range(20)]
    path = write(tmp_path / "a.json", json.dumps(rows, ensure_ascii=False))
    assert columns(path)["text"] == [row["text"] for row in rows]


@pytest.mark.parametrize("chunk", [1, 7, 64])
def lines_are_read_across_any_chunks_test(tmp_path, monkeypatch, chunk):
    monkeypatch.setattr(json_lines, "CHUNK_BYTES", chunk)
    rows = [{"id": n, "text": "é\U0001f600\u2028\x85" * n} for n in range(20)]
    path = write(tmp_path / "a.jsonl", "\n".join(json.dumps(row, ensure_ascii=False) for row in rows))
    assert columns(path)["text"] == [row["text"] for row in rows]


@pytest.fixture
def small_batches(monkeypatch):
    """Make the file longer than what is looked at first."""
    monkeypatch.setattr(json_lines, "BATCH_ROWS", 10)
    monkeypatch.setattr("datalens.table.csv_rows.BATCH_ROWS", 10)


@pytest.mark.parametrize(
    ("late", "kind", "values"),
    [
        (2.5, pa.float64(), [1.0, 2.5]),
        (2**63, pa.uint64(), [1, 2**63]),
        ("x", pa.string(), ["1", "x"]),
        (2**70, pa.string(), ["1", str(2**70)]),
        ([1, "a"], pa.string(), ["1", '[1, "a"]']),
        ({"a": None}, pa.string(), ["1", '{"a": null}']),
        (True, pa.string(), ["1", "true"]),
        (None, pa.int64(), [1, None]),
    ],
)
def a_type_that_changes_late_widens_test(tmp_path, small_batches, late, kind, values):
    lines = [json.dumps({"v": 1})] * 25 + [json.dumps({"v": late, "new": "n"})]
    path = write(tmp_path / "a.jsonl", "\n".join(lines))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what is kept as text: told in the test below
        source = open_source(path)
    assert source.schema.field("v").type == kind
    assert [source.column("v")[0].as_py(), source.column("v")[-1].as_py()] == values
    assert source.column("new").to_pylist() == [None] * 25 + ["n"]
    assert source.rows == 26


def values_of_several_kinds_are_kept_as_text_and_said_test(tmp_path):
    path = write(tmp_path / "a.jsonl", '{"v": 1.50}\n{"v": "a"}\n{"v": {"b": "é"}}\n')
    for _ in range(2):  # the second time from the cache
        with pytest.warns(
            UserWarning, match="column 'v' holds number and object and text, and is kept as text"
        ):
            source = open_source(path)
        assert source.column("v").to_pylist() == ["1.5", "a", '{"b": "é"}']


def a_mixed_part_leaves_the_rest_nested_test(tmp_path):
    path = write(
        tmp_path / "a.jsonl",
        '{"m": [{"role": "user", "content": "hi"}]}\n{"m": [{"role": "tool", "content": ["a", 1], "n": 1}]}\n',
    )
    assert columns(path) == {
        "m": [
            [{"role": "user", "content": "hi", "n": None}],
            [{"role": "tool", "content": '["a", 1]', "n": 1}],
        ]
    }


def empty_and_boundless_objects_are_text_test(tmp_path):
    many = {f"k{n}": n for n in range(1_000)}
    deep = json.loads('{"a":' * 40 + "1" + "}" * 40)
    path = write(tmp_path / "a.jsonl", json.dumps({"none": {}, "many": many, "deep": deep, "no": []}))
    with pytest.warns(UserWarning, match="'many' holds objects"):
        source = open_source(path)
    assert source.column("none").to_pylist() == ["{}"]
    assert json.loads(source.column("many")[0].as_py()) == many
    assert source.column("no").to_pylist() == [[]]
    assert "deep" in source.schema.names


def not_a_number_and_infinity_are_floats_test(tmp_path):
    path = write(tmp_path / "a.jsonl", '{"v": NaN}\n{"v": -Infinity}\n{"v": 1e999}\n{"v": 1}\n')
    values = columns(path)["v"]
    assert np.isnan(values[0])
    assert values[1:] == [-np.inf, np.inf, 1.0]


def numbers_keep_their_digits_test(tmp_path):
    digits = "9" * 5_000
    path = write(tmp_path / "a.jsonl", f'{{"i": 9007199254740993, "h": {digits}}}\n{{"i": 1, "h": "x"}}\n')
    assert columns(path) == {"i": [9007199254740993, 1], "h": [digits, "x"]}


@pytest.mark.parametrize("name", ["a.jsonl", "a.json"])
def text_that_is_not_unicode_is_replaced_and_counted_test(tmp_path, name):
    rows = rb'{"t": "a\ud800b", "l": ["\uDFFF"]}|{"t": "\ud83d\ude00", "l": []}|{"t": "x' + b"\xff" + rb'"}'
    content = b"[" + rows.replace(b"|", b",") + b"]" if name == "a.json" else rows.replace(b"|", b"\n")
    with pytest.warns(UserWarning, match=r"are \ufffd in 2 rows"):
        source = open_source(write(tmp_path / name, content))
    assert source.column("t").to_pylist() == ["a\ufffdb", "\U0001f600", "x\ufffd"]
    assert source.column("l").to_pylist() == [["\ufffd"], [], None]


def nul_and_other_controls_stay_test(tmp_path):
    path = write(tmp_path / "a.jsonl", '{"t": "a\\u0000b"}\n{"t": "tab\there\x00"}\n')
    assert columns(path) == {"t": ["a\0b", "tab\there\0"]}


def ten_megabytes_in_a_line_test(tmp_path):
    long = "word " * 2_000_000
    assert columns(write(tmp_path / "a.jsonl", json.dumps({"t": long}) + "\n" + ROWS))["t"][0] == long
    assert columns(write(tmp_path / "b.csv", f'id,t\n1,"{long}"\n'))["t"] == [long]
    assert columns(write(tmp_path / "c.json", json.dumps([{"t": long}, {"t": "b"}])))["t"] == [long, "b"]


BROKEN = '{"a": 1}\n' * 1206 + '{"a": 1 "b": 2}\n' + '{"a": 3}\n'
OPEN_QUOTE = "id,t\n" + "1,a\n" * 1205 + '1206,"open quote\n' + "2,b\n" * 1794


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("c.jsonl", BROKEN, r"c\.jsonl, line 1207 is not JSON: expecting ',' delimiter at character 9\. .*on_bad_lines=\"skip\""),
        ("c.jsonl.gz", "\n" + BROKEN, r"line 1208 is not JSON"),
        ("c.jsonl", '{"a": 1}\n[1, 2]\n', r"line 2 is a list, not an object"),
        ("c.jsonl", '{"a": 1}\n"x"\n', r"line 2 is a text, not an object"),
        ("c.jsonl", '{"a": 1}\nnull\n', r"line 2 is null, not an object"),
        ("c.jsonl", '{"a": 1}\n' + "[" * 100_000, r"line 2 is not JSON: nested too deeply"),
        ("c.jsonl", '{"a": 1}\n{"a": "cut', r"line 2 is not JSON: unterminated string"),
        ("c.jsonl", "\0" * 100, r"line 1 is not JSON"),
        ("c.json", '[\n{"a": 1},\n{"a": 2 "b"}\n]', r"c\.json is not JSON in item 2 of its array, at line 3: expecting ','"),
        ("c.json", '[{"a": 1}, {"a": 2', r"item 2 of its array, at character 12"),
        ("c.json", '[{"a": 1}', r"item 2 .* the array does not end"),
        ("c.json", '[{"a": 1}] {"a": 2}', r"goes on after its array ends"),
        ("c.json", "[1, 2]", r"line 1 \(item 1 of the array\) is a number, not an object"),
        ("c.json", '{\n  "a": [1]\n}', r"one JSON object over several lines.*json\.load\(open\(\.\.\.\)\)\[\"a\"\]"),
        ("c.json", '{"train": [{"a": 1}], "test": []}', r"object of lists \('train', 'test'\).*\['train'\]"),
        ("c.csv", "a,b\n" + "1,2\n" * 1205 + "1,2,3\n", r"c\.csv, line 1207 has 3 fields where the header has 2"),
        ("c.csv", 'a,b\n"x\ny",2\n1\n', r"line 4 has 1 fields where the header has 2"),
        ("c.csv", OPEN_QUOTE, r'c\.csv, line 1207 opens a quote that no line closes\. Mend the line, or .*on_bad_lines="skip"'),
        ("c.csv.gz", OPEN_QUOTE, r"c\.csv\.gz, line 1207 opens a quote"),
        ("c.csv.zst", OPEN_QUOTE.replace("\n", "\r\n"), r"c\.csv\.zst, line 1207 opens a quote"),
        ("c.csv", 'a,b\n1,2\n3,"', r"c\.csv, line 3 opens a quote"),
        ("c.csv", 'a,b\n"x\ny","z\nw\n', r"c\.csv, line 3 opens a quote"),
        ("c.csv", 'a,"b\n1,2\n', r"c\.csv, line 1 opens a quote that no line closes\. Mend the line: close its quote\.$"),
        ("c.tsv", "a\tb\n1\n", r"c\.tsv, line 2 has 1 fields"),
        ("c.jsonl", '{"a": 1}'.encode("utf-16"), r"c\.jsonl is in UTF-16\. Write it in UTF-8"),
        ("c.csv", "a,b\n1,2\n".encode("utf-16"), r"c\.csv is in UTF-16"),
    ],
)  # fmt: skip
def what_is_wrong_is_named_by_file_and_line_test(tmp_path, name, content, sentence):
    with pytest.raises(ValueError, match=sentence):
        opened(write(tmp_path / name, content))
    assert not list((copies._folder()).glob("*.part"))


@pytest.mark.parametrize(
    ("name", "content", "rows", "skipped"),
    [
        ("c.jsonl", BROKEN + "[]\n", 1207, "2 bad lines skipped"),
        ("c.csv", "a,b\n1,2\n1\n1,2,3\n3,4\n", 2, "2 bad lines skipped"),
        ("c.csv", OPEN_QUOTE, 2999, "1 bad line skipped"),
        ("c.csv.zst", OPEN_QUOTE + "1,2,3\n", 2999, "2 bad lines skipped"),
        ("c.json", '[{"a": 1}, 7, {"a": 2}]', 2, "1 bad line skipped"),
    ],
)
def bad_lines_may_be_skipped_and_are_counted_test(tmp_path, name, content, rows, skipped):
    path = write(tmp_path / name, content)
    for _ in range(2):  # the second time from the cache
        with pytest.warns(UserWarning, match=skipped):
            lens = dl.Lens(path, on_bad_lines="skip")
        assert len(lens) == rows
        assert f"{name}, {skipped}, {rows:,} rows" in lens._repr_mimebundle_()["text/plain"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def what_an_open_quote_has_taken_in_is_read_after_it_test(tmp_path, small_batches, end):
    lines = ["id,t", *['1,"a\nb"'] * 12, '2,"open, and ""more""', '3,"",', '4,""', 'é,x""y', "5,c"]
    path = write(tmp_path / "c.csv", end.join(lines) + end)
    with pytest.warns(UserWarning, match="2 bad lines skipped"):  # the third has a field too many
        source = open_source(path, on_bad_lines="skip")
    read = {name: source.column(name).to_pylist() for name in source.schema.names}
    assert read == {"id": ["1"] * 12 + ["4", "é", "5"], "t": ["a\nb"] * 12 + [None, 'x""y', "c"]}


def a_quote_that_takes_in_too_much_is_refused_in_bounded_memory_test(tmp_path, monkeypatch):
    monkeypatch.setattr("datalens.table.csv_rows.LONGEST_FIELD", 1000)
    path = write(tmp_path / "c.csv", OPEN_QUOTE)
    with pytest.raises(
        ValueError, match=r"line 1207 opens a quote that is not closed within 1,000 characters\."
    ):
        opened(path, on_bad_lines="skip")


def on_bad_lines_is_checked_test(tmp_path):
    with pytest.raises(ValueError, match='on_bad_lines=\'warn\' is neither "error" nor "skip"'):
        open_source(write(tmp_path / "a.jsonl", ROWS), on_bad_lines="warn")


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.csv.gz", "a.jsonl.zst", "a.csv.zst"])
@pytest.mark.parametrize("options", [{}, {"on_bad_lines": "skip"}])
def a_packed_file_that_is_cut_is_refused_test(tmp_path, name, options):
    lines = "".join(f"{json.dumps({'a': os.urandom(8).hex()})}\n" for _ in range(5_000))
    path = write(tmp_path / name, lines if "jsonl" in name else "a\n" + lines)
    path.write_bytes(path.read_bytes()[:-300])
    with pytest.raises(ValueError, match=rf"{name} is cut short or damaged"):
        opened(path, **options)


@pytest.mark.parametrize(
    ("name", "content", "names"),
    [("a.jsonl", "", []), ("a.jsonl", "\n \n", []), ("a.csv", "", []), ("a.csv", "a,b\n", ["a", "b"]), ("a.json", "[]", []), ("a.json", "", [])],
)  # fmt: skip
def empty_files_have_no_rows_test(tmp_path, name, content, names):
    lens = dl.Lens(write(tmp_path / name, content))
    assert (len(lens), lens._study.names()) == (0, names)
    assert lens.to_frame().shape == (0, len(names))


CSV = {
    "whole": (["1", "-2", ""], pa.int64(), [1, -2, None]),
    "float": (["1", "2.5", "NA"], pa.float64(), [1.0, 2.5, None]),
    "exponent": (["1e3", ".5", "-inf"], pa.float64(), [1000.0, 0.5, -np.inf]),
    "zeros": (["007", "010", "1"], pa.string(), ["007", "010", "1"]),
    "hex": (["0x1F", "1", "2"], pa.string(), ["0x1F", "1", "2"]),
    "big": ([str(2**64), "1", "2"], pa.string(), [str(2**64), "1", "2"]),
    "exact": (["9007199254740993", "0.5", "1"], pa.string(), ["9007199254740993", "0.5", "1"]),
    "spaces": ([" 1", "2 ", "3"], pa.int64(), [1, 2, 3]),
    "truth": (["true", "False", ""], pa.bool_(), [True, False, None]),
    "day": (["2026-01-31", "", "2025-12-01"], pa.date32(), [dt.date(2026, 1, 31), None, dt.date(2025, 12, 1)]),
    "no day": (["2026-02-31", "2026-01-01", ""], pa.string(), ["2026-02-31", "2026-01-01", None]),
    "moment": (["2026-01-31 10:00", "2026-01-31", ""], pa.timestamp("us"), [dt.datetime(2026, 1, 31, 10), dt.datetime(2026, 1, 31), None]),  # noqa: DTZ001
    "zone": (["2026-01-31T10:00:00Z", "2026-01-31T12:00:00+02:00", ""], pa.timestamp("us", "UTC"), [dt.datetime(2026, 1, 31, 10, tzinfo=dt.UTC)] * 2 + [None]),
    "country": (["NA", "DE", ""], pa.string(), ["NA", "DE", None]),
    "words": (["NA", "null", ""], pa.string(), ["NA", "null", None]),
    "nothing": (["", "", ""], pa.null(), [None, None, None]),
    "text": (["1", "2026-01-01", "x"], pa.string(), ["1", "2026-01-01", "x"]),
    "markup": (["<b>", "a\0b", "é"], pa.string(), ["<b>", "a\0b", "é"]),
}  # fmt: skip


@pytest.mark.parametrize(("values", "kind", "expected"), CSV.values(), ids=CSV.keys())
def csv_types_are_those_of_the_whole_column_test(tmp_path, values, kind, expected):
    path = write(tmp_path / "a.csv", "n,v\n" + "".join(f"{n},{value}\n" for n, value in enumerate(values)))
    source = opened(path)
    assert source.schema.field("v").type == kind
    assert source.column("v").to_pylist() == expected


def a_csv_type_that_changes_late_widens_test(tmp_path, small_batches):
    path = write(tmp_path / "a.csv", "v,w\n" + "1,\n" * 25 + "2.5,x\n")
    assert columns(path) == {"v": [1.0] * 25 + [2.5], "w": [None] * 25 + ["x"]}


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz", "a.csv.zst"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def csv_quotes_line_ends_and_names_test(tmp_path, name, end):
    lines = ["\ufeff,t,t", '1,"a ""b"", c",x', "", '2,"two', 'lines",y']
    found = columns(write(tmp_path / name, end.join(lines)))
    assert found == {"Unnamed: 0": [1, 2], "t": ['a "b", c', f"two{end}lines"], "t.1": ["x", "y"]}


def csv_bytes_that_are_not_utf8_are_replaced_and_counted_test(tmp_path):
    with pytest.warns(UserWarning, match=r"are \ufffd in 1 row"):
        source = open_source(write(tmp_path / "a.csv", "t,n\ncafé,1\n".encode("latin-1")))
    assert source.column("t").to_pylist() == ["caf\ufffd"]


def the_field_limit_of_the_process_stays_test(tmp_path):
    import csv

    before = csv.field_size_limit()
    opened(write(tmp_path / "a.csv", "a\n1\n"))
    with contextlib.suppress(ValueError):
        opened(write(tmp_path / "b.csv", "a\n1,2\n"))
    assert csv.field_size_limit() == before


def a_file_is_converted_once_test(tmp_path, monkeypatch):
    path = write(tmp_path / "a.jsonl", ROWS)
    before = path.read_bytes(), path.stat().st_mtime_ns
    opened(path)
    monkeypatch.setattr(copies, "_convert_text", None)  # nobody may call it again
    assert columns(path)["id"] == [1, 2]
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before


def a_changed_file_is_converted_anew_test(tmp_path):
    path = write(tmp_path / "a.jsonl", ROWS)
    opened(path)
    write(path, ROWS + '{"id": 3, "text": "new"}')
    assert columns(path)["id"] == [1, 2, 3]


def a_damaged_copy_is_made_anew_test(tmp_path, monkeypatch):
    monkeypatch.setenv("DATALENS_CACHE", str(tmp_path / "cache"))
    path = write(tmp_path / "a.jsonl", ROWS)
    opened(path)
    (copy,) = (tmp_path / "cache" / "converted").iterdir()
    copy.write_bytes(copy.read_bytes()[:-10])
    assert columns(path)["id"] == [1, 2]


def without_a_cache_the_copy_lives_with_the_process_test(tmp_path, monkeypatch):
    monkeypatch.setenv("DATALENS_CACHE", "off")
    assert columns(write(tmp_path / "a.jsonl", ROWS))["id"] == [1, 2]
    assert copies._folder() == copies._folder()
    assert copies._folder().name.startswith("datalens-")


def an_interruption_leaves_no_half_file_test(tmp_path, monkeypatch, small_batches):
    monkeypatch.setenv("DATALENS_CACHE", str(tmp_path / "cache"))
    path = write(tmp_path / "a.jsonl", '{"a": 1}\n' * 100)
    batches = iter(range(3))

    def stopped(*_):
        if next(batches, None) is None:
            raise KeyboardInterrupt
        return pa.table({"a": [1] * 10})

    with monkeypatch.context() as patch:
        patch.setattr(copies, "_table", stopped)
        with pytest.raises(KeyboardInterrupt):
            opened(path)
    assert list((tmp_path / "cache" / "converted").iterdir()) == []
    assert columns(path)["a"] == [1] * 100


def a_file_that_grows_while_it_is_read_is_refused_test(tmp_path, monkeypatch):
    path = write(tmp_path / "a.jsonl", ROWS)
    convert_text = copies._convert_text

    def growing(*args):
        convert_text(*args)
        write(path, ROWS * 2)

    monkeypatch.setattr(copies, "_convert_text", growing)
    with pytest.raises(ValueError, match=r"a\.jsonl changed while it was read"):
        opened(path)


@pytest.mark.parametrize("name", ["a.jsonl", "a.json", "a.csv"])
def a_large_file_is_converted_in_parts_test(tmp_path, monkeypatch, name):
    held = []
    table = copies._table
    monkeypatch.setattr(copies, "_table", lambda *args: held.append(table(*args)) or held[-1])
    rows = [{"t": f"{n} " * 50_000} for n in range(250)]
    match name:
        case "a.jsonl":
            content = "\n".join(map(json.dumps, rows))
        case "a.json":
            content = json.dumps(rows)
        case _:
            content = "t\n" + "\n".join(row["t"] for row in rows)
    source = opened(write(tmp_path / name, content))
    assert source.column("t").to_pylist() == [row["t"] for row in rows]
    assert len(held) >= 3
    assert max(part.nbytes for part in held) < 17 << 20
    assert source._pieces[0].groups == [part.num_rows for part in held]


def progress_is_told_in_megabytes_test(tmp_path):
    from datalens.core.progress import listening

    told = []
    path = write(tmp_path / "a.jsonl", (json.dumps({"t": "x" * 1_000_000}) + "\n") * 40)
    with listening(lambda *args: told.append(args)):
        opened(path)
    assert told[0] == ("reading a.jsonl", 0, 39)
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)
    assert told[-1][1] > 30


@pytest.mark.parametrize(
    ("name", "mark", "shown"), [("a.csv", ";", "';'"), ("a.csv", "\t", r"'\\t'"), ("a.tsv.gz", ",", "','")]
)
def a_file_that_other_characters_keep_apart_is_warned_of_test(tmp_path, name, mark, shown):
    path = write(tmp_path / name, mark.join("ab") + "\n" + mark.join("12") + "\n")
    with pytest.warns(
        UserWarning, match=rf"all of it is one column, .*pd\.read_csv\(.*{name}', sep={shown}\)"
    ):
        assert open_source(path).schema.names == [mark.join("ab")]


def one_column_of_a_csv_is_nothing_to_warn_of_test(tmp_path):
    assert columns(write(tmp_path / "a.csv", "text\na;b\n")) == {"text": ["a;b"]}
