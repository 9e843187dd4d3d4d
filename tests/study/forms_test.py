"""A selection's code in both forms, with files beside it: executed on the plain frame, compared by key."""

import datetime as dt
import subprocess
import sys

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import datalens as dl
from datalens.core.errors import ColumnError, NotExpressibleError, UnfitError
from datalens.predicate.dialects import DIALECTS
from datalens.study.beside import how_to_join, joined_columns, selected_by_file, together
from datalens.study.code import SQL, code_forms

ROWS = 12
DAYS = pd.date_range("2024-01-01", periods=ROWS, unit="us")
KEYS = {
    "text": [f"r'{i}" for i in range(ROWS)],
    "integer": [2**53 + 1, 2**53, *range(2, ROWS)],
    "float": [i / 7 for i in range(ROWS)],
    "time": DAYS,
    "zoned": DAYS.tz_localize("Europe/Berlin"),
    "date": [dt.date(2024, 1, 1 + i) for i in range(ROWS)],
    "category": pd.Categorical([f"c{i}" for i in range(ROWS)]),
}
KINDS = {
    "default": lambda frame: frame,
    "arrow": lambda frame: pa.Table.from_pandas(frame, preserve_index=False).to_pandas(
        types_mapper=pd.ArrowDtype
    ),
    "nullable": lambda frame: frame.convert_dtypes(dtype_backend="numpy_nullable"),
    "odd index": lambda frame: frame.set_axis([0, 0, *range(ROWS, 2, -1)]),
}
LASSO = dl.inside("x", "y", [(0.5, -1.0), (8.5, -1.0), (8.5, 9.0)])


def plain(key="text"):
    return pd.DataFrame({"id": KEYS[key], "n": range(ROWS), "text": [f"text {i}" for i in range(ROWS)]})


def computed(lens):
    """Add columns as a step would; null in one row, so that the types matter."""
    from datalens.study.derived import Derived

    values = {
        "x": [float(i) if i != 5 else None for i in range(ROWS)],
        "y": [float(i) / 2 for i in range(ROWS)],
        "cluster": [i % 3 for i in range(ROWS)],
        "key": [f"k{i}" for i in range(ROWS)],
        "vector": [[float(i), 1.0] for i in range(ROWS)],
    }
    lens._study.add_columns(
        [Derived(name, pa.chunked_array([pa.array(v)]), name, "by hand") for name, v in values.items()]
    )
    return lens


def lens_of(frame, **options):
    lens = computed(dl.Lens(frame, text="text", **options))
    lens.selection = LASSO & ((dl.col("cluster") != 1) | (dl.col("n") == 4)) & (dl.col("key") != "k6")
    assert lens.selection.count == 3
    return lens


def run(code, frame, name="df"):
    root, _, attribute = name.partition(".")
    scope = {root: type("Holder", (), {attribute: frame}) if attribute else frame}
    exec(code, scope)  # noqa: S102 - what a person does with it
    return scope["selected"]


# A lens takes no dictionary of Arrow's for a key.
@pytest.mark.parametrize(
    ("key", "kind"), [(k, kind) for k in KEYS for kind in KINDS if (k, kind) != ("category", "arrow")]
)
def pandas_reads_both_files_test(tmp_path, key, kind):
    frame = KINDS[kind](plain(key))
    lens = lens_of(frame, key="id")
    selection, expected = lens.selection, frame[lens.selection.mask()]
    columns = lens.write_columns(tmp_path / "columns.parquet")
    keys = lens.write_keys(selection, tmp_path / "keys.parquet")
    before = frame.copy()
    joined = run(selection.code(columns=columns), frame)
    pd.testing.assert_frame_equal(joined[list(frame)], expected)
    assert set(joined) == {*frame, "cluster", "key", "x", "y"}
    for code in (selection.code(form="keys", keys=keys), selection.code(form="keys")):
        pd.testing.assert_frame_equal(run(code, frame), expected)
    pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize(
    "name", ["df", "pd", "np", "keys", "computed", "joined", "inside", "row_keys", "data.pd"]
)
@pytest.mark.parametrize("scheme", ["column", "content", "row"])
def pandas_reads_both_files_however_rows_and_frame_are_named_test(tmp_path, scheme, name):
    frame = plain()
    if scheme == "row":
        frame.to_parquet(tmp_path / "data.parquet")
    data = frame if scheme != "row" else tmp_path / "data.parquet"
    lens = lens_of(data, key="id" if scheme == "column" else False)
    assert lens._study.source.identity.scheme == scheme
    columns = lens.write_columns(tmp_path / "columns.parquet")
    keys = lens.write_keys(lens.selection, tmp_path / "keys.parquet")
    expected = frame["id"][lens.selection.mask()].tolist()
    assert pq.read_schema(columns).names[0] == ("id" if scheme == "column" else "key_2")
    for code in (
        lens.selection.code(columns=columns, frame=name),
        lens.selection.code(form="keys", keys=keys, frame=name),
        lens.selection.code(form="keys", frame=name),
    ):
        assert run(code, frame, name)["id"].tolist() == expected


def a_file_with_other_rows_is_refused_where_rows_are_numbered_test(tmp_path):
    plain().to_parquet(tmp_path / "data.parquet")
    lens = lens_of(tmp_path / "data.parquet", key=False)
    code = lens.selection.code(columns=lens.write_columns(tmp_path / "columns.parquet"))
    with pytest.raises(ValueError, match="12 rows, but 3 are here"):
        run(code, plain().head(3))


def rows_the_file_lacks_have_no_computed_values_test(tmp_path):
    lens = lens_of(plain(), key="id")
    code = lens.selection.code(columns=lens.write_columns(tmp_path / "columns.parquet"))
    more = pd.concat([plain().assign(id="new"), plain()])
    assert run(code, more)["id"].tolist() == lens.selection.keys()


def columns_of_a_sample_are_joined_to_the_whole_test(tmp_path):
    lens = computed(dl.Lens(plain(), key="id", text="text"))
    small = lens.sample(6)
    small.selection = dl.col("x") > 2
    code = small.selection.code(columns=small.write_columns(tmp_path / "columns.parquet"))
    assert run(code, plain())["id"].tolist() == small.selection.keys()
    keys = lens.write_keys(small.selection, tmp_path / "keys.parquet")
    assert (
        pd.read_parquet(keys)["id"].tolist()
        == lens._study.source.keys()[lens._study.mask_of(small.selection.predicate)].tolist()
    )


def text_and_files_together_test(tmp_path):
    frame = plain().assign(m=[1, "1", None, 2, "a", 1, 2, 3, 4, 5, 6, 7])
    with pytest.warns(UserWarning, match="compared as text"):
        lens = computed(dl.Lens(frame, key=False))
    lens.selection = (dl.col("m") == "1") & (dl.col("y") > 0)
    code = lens.selection.code(columns=lens.write_columns(tmp_path / "columns.parquet"))
    assert run(code, frame)["n"].tolist() == [1, 5]
    assert code.count("import pandas as pd\n") == 1


def printed_code_runs_alone_test(tmp_path):
    frame = plain()
    frame.to_parquet(tmp_path / "plain.parquet")
    lens = lens_of(frame, key="id")
    lens.write_columns(tmp_path / "columns.parquet")
    script = "\n".join(
        [
            "import pandas",
            "df = pandas.read_parquet('plain.parquet')",
            lens.selection.code(columns="columns.parquet"),
            "print(selected['n'].tolist())",
        ]
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == str(frame["n"][lens.selection.mask()].tolist())


def joining_reads_as_a_person_would_write_it_test():
    lens = lens_of(plain(), key="id")
    lens.selection = dl.col("cluster") == 2
    assert lens.selection.code(columns="columns.parquet") == (
        "# 4 of 12 rows\n"
        "# 'cluster' is in the file that lens.write_columns('columns.parquet') makes\n"
        "import pandas as pd\n"
        "\n"
        'computed = pd.read_parquet("columns.parquet", columns=["id", "cluster"])\n'
        'computed = computed.set_index("id")\n'
        'computed = computed.reindex(df["id"].astype(computed.index.dtype)).set_axis(df.index)\n'
        "joined = pd.concat([df, computed], axis=1)\n"
        'selected = joined[joined["cluster"] == 2]'
    )
    assert "write_columns" not in lens.selection.code(form="keys", columns="columns.parquet")
    lens.selection = dl.col("n") == 2
    assert lens.selection.code(columns="columns.parquet").count("\n") == 1


# The other languages' lines, whether or not their conditions can be printed here.


@pytest.mark.parametrize("key", KEYS)
def polars_reads_both_files_test(tmp_path, key):
    lens = lens_of(plain(key), key="id")
    keys = lens.write_keys(lens.selection, tmp_path / "keys.parquet")
    columns = lens.write_columns(tmp_path / "columns.parquet")
    frame = pl.from_pandas(plain(key))[::-1]
    selected = run(selected_by_file(lens._study, "polars", "df", str(keys)), frame)
    assert selected.equals(frame.filter(np.flip(lens.selection.mask())))
    lazy = run(selected_by_file(lens._study, "polars", "df", str(keys)), frame.lazy())
    assert lazy.collect().equals(selected)
    lines = joined_columns(lens._study, ["x", "vector"], "polars", "df", str(columns), "df")
    joined = run(together(lines, "selected = joined"), frame)
    assert joined.drop("x", "vector").equals(frame)
    assert joined["x"].to_list() == lens.to_polars()["x"].to_list()[::-1]
    for options in ({"columns": columns}, {"form": "keys", "keys": keys}, {"form": "keys"}):
        code = lens.selection.code("polars", **options)
        assert run(code, frame)["n"].to_list() == selected["n"].to_list()
        assert run(code, frame.lazy()).collect()["n"].to_list() == selected["n"].to_list()


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("large", [False, True])
def pyarrow_reads_both_files_test(tmp_path, key, large):
    lens = lens_of(plain(key), key="id")
    keys = lens.write_keys(lens.selection, tmp_path / "keys.parquet")
    columns = lens.write_columns(tmp_path / "columns.parquet")
    table = pa.Table.from_pandas(plain(key), preserve_index=False)
    if large:
        table = pl.from_arrow(table).to_arrow()
    selected = run(selected_by_file(lens._study, "pyarrow", "df", str(keys)), table)
    assert selected.equals(table.filter(pa.array(lens.selection.mask())))
    lines = joined_columns(lens._study, ["x", "vector"], "pyarrow", "df", str(columns), "df")
    joined = run(together(lines, "selected = joined"), table.slice(2))
    assert joined.column_names == [*table.column_names, "x", "vector"]
    assert joined["x"].to_pylist() == lens.to_arrow()["x"].to_pylist()[2:]
    for options in ({"columns": columns}, {"form": "keys", "keys": keys}, {"form": "keys"}):
        code = lens.selection.code("pyarrow", **options)
        assert "\nselected = " in code
        assert run(code, table)["n"].equals(selected["n"])


@pytest.mark.parametrize("key", KEYS)
def duckdb_reads_both_files_test(tmp_path, key):
    lens = lens_of(plain(key), key="id")
    keys = lens.write_keys(lens.selection, tmp_path / "it's keys.parquet")
    columns = lens.write_columns(tmp_path / "it's columns.parquet")
    your_table = pa.Table.from_pandas(plain(key), preserve_index=False)  # noqa: F841 - duckdb finds it
    expected = plain()["n"][lens.selection.mask()].tolist()
    condition = selected_by_file(lens._study, "duckdb", "df", str(keys))
    query = f"SELECT n FROM your_table WHERE -- so many\n{condition} ORDER BY n"  # noqa: S608
    assert [row[0] for row in duckdb.sql(query).fetchall()] == expected
    said = how_to_join(lens._study, "duckdb", str(columns)).removesuffix(" has them")
    assert duckdb.sql(f"SELECT x {said} ORDER BY n").fetchall() == [
        (x,) for x in lens.to_arrow()["x"].to_pylist()
    ]


@pytest.mark.parametrize("name", ["^id$", "*", "a\nb", "q\"q'", "\\", "é😀\u202e"])
def keys_of_any_name_test(tmp_path, name):
    frame = plain().rename(columns={"id": name})
    lens = lens_of(frame, key=name)
    study, expected = lens._study, lens.selection.keys()
    columns = str(lens.write_columns(tmp_path / "columns.parquet"))
    keys = str(lens.write_keys(lens.selection, tmp_path / "keys.parquet"))
    for code in (lens.selection.code(columns=columns), lens.selection.code(form="keys", keys=keys)):
        assert run(code, frame)[name].tolist() == expected
    table = pa.Table.from_pandas(frame, preserve_index=False)
    assert run(selected_by_file(study, "pyarrow", "df", keys), table)[name].to_pylist() == expected
    query = f"SELECT n FROM frame WHERE {selected_by_file(study, 'duckdb', 'df', keys)} ORDER BY n"  # noqa: S608
    assert duckdb.sql(query).fetchall() == [(n,) for n in frame["n"][lens.selection.mask()]]
    if name in ("^id$", "*"):
        with pytest.raises(NotExpressibleError, match="for a pattern of names"):
            selected_by_file(study, "polars", "df", keys)
        return
    assert (
        run(selected_by_file(study, "polars", "df", keys), pl.from_pandas(frame))[name].to_list() == expected
    )
    lines = joined_columns(study, ["x"], "polars", "df", columns, "df")
    assert run(together(lines, "selected = joined"), pl.from_pandas(frame))["x"].len() == ROWS


@pytest.mark.parametrize("dialect", [d for d in DIALECTS if d != "pandas"])
def rows_without_a_key_are_not_looked_up_elsewhere_test(dialect):
    lens = lens_of(plain(), key=False)
    with pytest.raises(NotExpressibleError, match=r"key=|form='keys'"):
        lens.selection.code(dialect, columns="columns.parquet")


# Every dialect there is ---------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["columns", "keys"])
@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("key", ["id", False])
def every_form_in_every_dialect_is_code_or_a_sentence_test(dialect, form, key):
    lens = lens_of(plain(), key=key)
    sign = "--" if dialect in SQL else "#"
    for files in ({}, {"columns": "columns.parquet", "keys": "keys.parquet"}):
        try:
            code = lens.selection.code(dialect, form=form, **files)
        except NotExpressibleError as error:
            assert "form=" in str(error) or "key=" in str(error)  # noqa: PT017 - the others are code
            continue
        assert code.startswith(f"{sign} 3 of 12 rows")
        if form == "columns" and not files:
            assert code.split("\n")[1].startswith(
                f"{sign} needs 'cluster', 'key', 'x', 'y', computed by DataLens: "
            )


@pytest.mark.parametrize("dialect", DIALECTS)
def the_menu_has_both_forms_test(dialect):
    lens = lens_of(plain(), key="id")
    lens.selection = lens.selection.predicate & (dl.col("vector").dot([1.0, 0.0]) > -1)
    columns, keys = code_forms(lens._study, dialect)
    assert (columns["form"], columns["title"]) == ("columns", "Columns")
    assert (keys["form"], keys["title"]) == ("keys", "Keys")
    assert keys["code"].count("\n") >= 1
    for form in (columns, keys):
        assert (form["code"] is None) != (form["why"] is None)
        assert "\n" not in form["good"]
    if columns["code"] is None:
        assert "form='keys'" in columns["why"] or 'form="keys"' in columns["why"]


def what_a_language_cannot_say_is_offered_by_key_test(monkeypatch):
    monkeypatch.setitem(DIALECTS, "mute", f"{__name__}")
    lens = lens_of(plain(), key="id")
    with pytest.raises(
        NotExpressibleError, match=r"mute says nothing. lens.selection.code\('mute', form='keys'\)"
    ):
        lens.selection.code("mute")
    assert lens.selection.code("mute", form="keys").endswith("by hand")
    with pytest.raises(NotExpressibleError, match=r"can't join 'c\.parquet'"):
        lens.selection.code("mute", columns="c.parquet")
    assert "reads no keys from a file" in lens.selection.code("mute", form="keys", keys="k.parquet")
    unnamed = lens_of(plain(), key=False)
    for form in ("columns", "keys"):
        with pytest.raises(
            NotExpressibleError, match=r"mute says nothing.*Give the lens a column of unique values"
        ):
            unnamed.selection.code("mute", form=form)


def render(node, *, frame, result):
    if isinstance(node, dl.predicate.Everything):
        return ""
    if isinstance(node, dl.predicate.Keys) and node.identity.scheme == "column":
        return "by hand"
    msg = "mute says nothing."
    raise NotExpressibleError(msg)


def text_is_compared_in_pandas_alone_test(monkeypatch):
    monkeypatch.setitem(DIALECTS, "mute", f"{__name__}")
    with pytest.warns(UserWarning, match="compared as text"):
        lens = dl.Lens(plain().assign(m=[1, "1"] * 6), key="id")
    lens.selection = dl.col("m") == "1"
    with pytest.raises(NotExpressibleError, match=r"Column 'm' holds values of several.*form='keys'"):
        lens.selection.code("mute")


def rows_without_computed_columns_raise_test():
    frame = plain()
    lens = lens_of(frame)
    lens.selection = (dl.col("cluster") != 1) | (dl.col("n") > 9) | ~(dl.col("x") > 3)
    scope = {}
    exec(lens.selection.code("python"), scope)  # noqa: S102
    rows = lens.to_frame().to_dict("records")
    assert [bool(scope["selected"](row)) for row in rows] == lens.selection.mask().tolist()
    assert scope["selected"]({"x": None, "cluster": None})  # its own columns may be missing
    for row in (frame.to_dict("records")[0], {"x": 1.0}):
        with pytest.raises(
            LookupError, match=r"take rows of lens.to_frame\(\), or the code with form='keys'"
        ):
            scope["selected"](row)
    assert 'not all(name in doc.metadata for name in ["cluster", "x"])' in lens.selection.code("datatrove")


def many_keys_say_that_a_file_can_hold_them_test():
    lens = dl.Lens(pd.DataFrame({"id": range(1_500)}), key="id")
    lines = lens.selection.code(form="keys").split("\n")
    assert lines[:2] == [
        "# 1,500 of 1,500 rows, by column 'id'",
        "# 1,500 keys: with keys='keys.parquet' they are read from a file",
    ]


@pytest.mark.parametrize("bad", ["", "a\0b", b"bytes"])
def paths_in_code_are_paths_test(bad):
    lens = lens_of(plain(), key="id")
    with pytest.raises(ValueError, match="is no path of a file"):
        lens.selection.code(columns=bad)
    with pytest.raises(ValueError, match="is no path of a file"):
        lens.selection.code(form="keys", keys=bad)


@pytest.mark.parametrize(
    "path", ['it\'s "so".parquet', "a\nimport os.parquet", "\\n.parquet", "\u2028é😀.parquet"]
)
def any_path_stands_in_code_test(tmp_path, path):
    lens = lens_of(plain(), key="id")
    columns, keys = (
        lens.write_columns(tmp_path / path),
        lens.write_keys(lens.selection, tmp_path / f"k{path}"),
    )
    for code in (lens.selection.code(columns=columns), lens.selection.code(form="keys", keys=keys)):
        assert run(code, plain())["id"].tolist() == lens.selection.keys()


def a_frame_that_is_no_name_is_refused_test():
    lens = lens_of(plain(), key="id")
    for options in ({"columns": "c"}, {"form": "keys", "keys": "k"}):
        with pytest.raises(ValueError, match="is not a name in Python"):
            lens.selection.code(frame="df; import os", **options)


# Writing ------------------------------------------------------------------------------------------------


def columns_that_are_named_test(tmp_path):
    lens = lens_of(plain(), key="id")
    path = lens.write_columns(tmp_path / "c.parquet", ["y", "x"])
    assert pq.read_table(path).column_names == ["id", "y", "x"]
    assert pq.read_table(lens.write_columns(path)).column_names == [
        "id",
        "x",
        "y",
        "cluster",
        "key",
        "vector",
    ]
    assert [file.name for file in tmp_path.iterdir()] == ["c.parquet"]
    with pytest.raises(ColumnError, match=r"no column 'xx'.*'x'"):
        lens.write_columns(path, ["xx"])
    with pytest.raises(ColumnError, match="The data itself has that column"):
        lens.write_columns(path, ["n"])
    with pytest.raises(UnfitError, match="is one text"):
        lens.write_columns(path, "x")


def keys_of_a_predicate_test(tmp_path):
    lens = lens_of(plain("category"), key="id")
    path = lens.write_keys(dl.col("x") > 9.5, tmp_path / "k.parquet")
    assert pq.read_table(path).to_pydict() == {"id": ["c10", "c11"]}
    with pytest.raises(UnfitError, match="not list"):
        lens.write_keys(["c1"], path)


def no_keys_of_text_in_a_file_test(tmp_path):
    lens = dl.Lens(pd.DataFrame({"id": ["a", "b"], "n": [1, 2]}), key="id")
    lens.selection = dl.col("n") > 2
    path = lens.write_keys(lens.selection, tmp_path / "k.parquet")
    names = {"df": pa.Table.from_pandas(lens.to_frame())}
    exec(lens.selection.code("pyarrow", form="keys", keys=str(path)), names)  # noqa: S102 - our own code
    assert names["selected"].num_rows == 0


def the_data_is_never_written_over_test(tmp_path):
    for name in ("a.parquet", "b.parquet"):
        plain().to_parquet(tmp_path / name)
    before = [(tmp_path / name).read_bytes() for name in ("a.parquet", "b.parquet")]
    lens = dl.Lens([tmp_path / "a.parquet", tmp_path / "b.parquet"], key=False)
    (tmp_path / "link.parquet").symlink_to(tmp_path / "b.parquet")
    for data in (lens, lens.sample(3)):
        for name in ("a.parquet", "b.parquet", "link.parquet"):
            with pytest.raises(FileExistsError, match="is a file of the data"):
                data.write_columns(tmp_path / name)
            with pytest.raises(FileExistsError, match="is a file of the data"):
                data.write_keys(data.selection, tmp_path / name)
    assert [(tmp_path / name).read_bytes() for name in ("a.parquet", "b.parquet")] == before


def a_text_file_is_never_written_over_test(tmp_path):
    plain().to_json(tmp_path / "a.jsonl", orient="records", lines=True)
    lens = dl.Lens(tmp_path / "a.jsonl")
    with pytest.raises(FileExistsError, match="is a file of the data"):
        lens.write_columns(tmp_path / "a.jsonl")


def a_failed_write_leaves_what_was_there_test(tmp_path, monkeypatch):
    lens = lens_of(plain(), key="id")
    path = lens.write_columns(tmp_path / "c.parquet")
    before = path.read_bytes()

    def broken(_, file, **__):
        file.write_bytes(b"half")
        msg = "no space left"
        raise OSError(msg)

    monkeypatch.setattr(pq, "write_table", broken)
    with pytest.raises(OSError, match="no space left"):
        lens.write_columns(path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def where_nothing_can_be_written_test(tmp_path):
    lens = lens_of(plain(), key="id")
    with pytest.raises(IsADirectoryError, match="name a file in it"):
        lens.write_columns(tmp_path)
    for kind in (FileNotFoundError, ValueError):
        with pytest.raises(kind, match="There is no folder"):
            lens.write_columns(tmp_path / "none" / "c.parquet")


def whole_keys_stand_as_they_are_test():
    lens = dl.Lens(pd.DataFrame({"id": range(5), "x": range(5)}), key="id")
    lens.selection = dl.col("x") < 2
    assert lens.selection.code(form="keys") == (
        "# 2 of 5 rows, by column 'id'\nselected = df[df[\"id\"].isin([0, 1])]"
    )


def keys_are_not_offered_where_keys_were_asked_for_test():
    lens = dl.Lens(pd.DataFrame({"x": range(5)}))
    lens.selection = dl.col("x") < 2
    with pytest.raises(
        NotExpressibleError, match="Give the lens a column of unique values as key="
    ) as caught:
        lens.selection.code("pyarrow", form="keys")
    assert "copy the rows as keys" not in str(caught.value)


def documents_have_the_lens_text_and_key_test(tmp_path):
    """A reader of datatrove's takes text and key out of a document's metadata."""
    pytest.importorskip("regex", reason="datatrove's filters import it")
    readers = pytest.importorskip("datatrove.pipeline.readers", reason="needs datatrove")
    frame = pd.DataFrame(
        {"key": ["k1", "k2", "k3"], "body": ["a cookie", "plain", "cookie 2"], "text": ["", "", ""]}
    )
    (tmp_path / "in").mkdir()
    frame.to_parquet(tmp_path / "in" / "a.parquet")
    lens = dl.Lens(frame, text="body", key="key")
    for selection, form, wanted in (
        (~dl.col("body").contains("cookie"), "columns", ["k2"]),
        (dl.col("body").contains("cookie") & (dl.col("text") == ""), "columns", ["k1", "k3"]),
        (dl.col("key") == "k3", "columns", ["k3"]),
        (dl.col("body").contains("cookie"), "keys", ["k1", "k3"]),
    ):
        lens.selection = selection
        code = lens.selection.code("datatrove", form=form)
        assert '# Give its reader text_key="body" and id_key="key".' in code
        namespace = {}
        exec(code, namespace)  # noqa: S102
        documents = readers.ParquetReader(str(tmp_path / "in"), text_key="body", id_key="key").run()
        assert [document.id for document in namespace["Selected"]().run(documents)] == wanted


def code_that_joins_a_file_is_read_back_test():
    frame = pd.DataFrame({"n": range(30)})
    for key in (None, "id"):
        lens = dl.Lens(frame.assign(id=[f"k{i}" for i in range(30)])[[*([key] if key else []), "n"]], key=key)
        lens.join(frame.assign(loss=frame["n"] / 2), on="n")
        lens.selection = (dl.col("loss") > 3) & (dl.col("n") < 20)
        code = lens.selection.code("pandas", columns="it's.parquet")
        assert "it's.parquet" in code
        assert dl.Predicate.parse(code) == lens.selection.predicate
    with pytest.raises(ValueError, match="in a file, which is not read"):
        dl.Predicate.parse(lens.selection.code("pandas", form="keys", keys="k.parquet"))
