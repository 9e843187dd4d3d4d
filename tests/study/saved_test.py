"""Saved selections: how they hold when data is opened again, computed anew or changed; sets and comparison."""

from __future__ import annotations

import sqlite3
import threading
import time
from contextlib import closing
from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import datalens as dl
from datalens.core.errors import MissingNameError, UnfitError
from datalens.study.derived import Derived

LASSO = [(0.0, 0.0), (2.5, 0.0), (2.5, 3.5)]
FRAME = pd.DataFrame(
    {
        "id": [f"r{i}" for i in range(6)],
        "loss": [0.0, 1.0, 2.0, np.nan, 4.0, 5.0],
        "source": ["web", "web", "book", "book", "code", None],
    }
)


@pytest.fixture(autouse=True)
def own_store(tmp_path, monkeypatch):
    monkeypatch.setenv("DATALENS_STORE", str(tmp_path / "store"))


def make(frame=FRAME, **kwargs):
    return dl.Lens(frame, **{"key": "id", **kwargs})


def compute(lens, version, values=range(6), name="score"):
    column = Derived(name, pa.chunked_array([pa.array(values, pa.float64())]), version, "by hand")
    lens._study.add_columns([column])


def place(lens, version="v1", shift=0.0):
    study = lens._study
    study.add_columns(
        [
            Derived(axis, pa.chunked_array([np.arange(6) + shift]), f"{version}{axis}", "by hand", axis)
            for axis in ("x", "y")
        ]
    )


def a_saved_selection_is_there_when_the_data_is_opened_again_test(capsys):
    lens = make()
    lens.selection = dl.col("loss") > 1.5
    lens.selections["hard"] = lens.selection
    assert capsys.readouterr().out.startswith("Kept in ")
    again = make().selections
    assert list(again) == ["hard"]
    hard = again["hard"]
    assert (hard.predicate, hard.count, hard.total, hard.state) == (dl.col("loss") > 1.5, 3, 6, "holds")
    assert hard.keys() == ["r2", "r4", "r5"]
    assert hard.frame()["source"].tolist()[:2] == ["book", "code"]
    assert hard.author
    assert hard.time.endswith("+00:00")
    assert 'df["loss"] > 1.5' in hard.code()
    assert capsys.readouterr().out == ""


def looking_leaves_no_file_test(tmp_path):
    lens = make()
    assert (len(lens.selections), list(lens.selections), "a" in lens.selections) == (0, [], False)
    assert not (tmp_path / "store").exists()


def files_have_it_beside_them_test(tmp_path):
    path = tmp_path / "rows.parquet"
    FRAME.to_parquet(path)
    dl.Lens(path, key="id").selections["web"] = dl.col("source") == "web"
    assert (tmp_path / "rows.parquet.datalens.sqlite").exists()
    assert dl.Lens(path, key="id").selections["web"].count == 2


def converted_files_have_it_beside_themselves_test(tmp_path):
    path = tmp_path / "rows.jsonl"
    FRAME.to_json(path, orient="records", lines=True)
    dl.Lens(path).selections["web"] = dl.col("source") == "web"
    assert (tmp_path / "rows.jsonl.datalens.sqlite").exists()


def store_is_where_it_is_kept_test(tmp_path):
    folder = tmp_path / "notes"
    folder.mkdir()
    make(store=folder).selections["web"] = dl.col("source") == "web"
    assert [path.name for path in folder.iterdir() if path.suffix == ".sqlite"] == ["frame.datalens.sqlite"]
    # Another frame there: the same data, grown.
    with pytest.warns(UserWarning, match="changed"):
        grown = make(pd.concat([FRAME, FRAME.assign(id=lambda d: d["id"] + "b")]), store=folder)
    web = grown.selections["web"]
    assert (web.state, web.said) == ("count moved", "2 of 6 rows when saved, 4 of 12 now")


def computed_columns_of_the_same_version_hold_test():
    lens = make()
    compute(lens, "v1")
    lens.selections["top"] = dl.col("score") > 3
    again = make()
    assert again.selections["top"].state == "kept as keys"
    assert again.selections["top"].said == "'score' is not computed here: kept as 2 keys"
    assert again.selections["top"].keys() == ["r4", "r5"]
    compute(again, "v1")
    assert again.selections["top"].state == "holds"
    assert again.selections["top"].predicate == (dl.col("score") > 3)


def recomputed_columns_leave_the_keys_and_it_is_said_test():
    lens = make()
    place(lens)
    compute(lens, "v1")
    lens.selections["lasso"] = dl.inside("x", "y", LASSO)
    lens.selections["top"] = dl.col("score") > 3
    rows = lens.selections["lasso"].keys()
    place(lens, "v2", shift=9.0)
    compute(lens, "v2", [0] * 6)
    lasso, top = lens.selections["lasso"], lens.selections["top"]
    assert lasso.said == f"drawn on an earlier map: kept as {len(rows)} keys"
    assert top.said == "made from earlier values of 'score': kept as 2 keys"
    assert (lasso.keys(), top.keys()) == (rows, ["r4", "r5"])
    assert 'isin(["r4", "r5"])' in top.code()


def keys_that_are_gone_are_counted_test(tmp_path):
    lens = make(store=tmp_path)
    compute(lens, "v1")
    lens.selections["top"] = dl.col("score") > 1
    with pytest.warns(UserWarning, match="changed"):
        fewer = make(FRAME[:4], store=tmp_path).selections["top"]
    assert fewer.said == "'score' is not computed here: kept as 4 keys, 2 of them there now"
    assert fewer.keys() == ["r2", "r3"]


def rows_named_by_number_are_lost_when_the_file_changes_test(tmp_path):
    path = tmp_path / "rows.parquet"
    data = FRAME.drop(columns="id")
    data.to_parquet(path)
    lens = dl.Lens(path)
    compute(lens, "v1")
    lens.selections["top"] = dl.col("score") > 3
    lens.selections["numbers"] = lens._study.keys_predicate(np.arange(6) > 3)
    assert dl.Lens(path).selections["top"].keys() == [4, 5]
    data[::-1].to_parquet(path)
    with pytest.warns(UserWarning, match="changed"):
        other = dl.Lens(path)
    assert {saved.state for saved in other.selections.values()} == {"lost"}
    with pytest.raises(
        ValueError, match=r"'numbers' can't be used: its rows are named by their number in rows.parquet"
    ):
        other.selections["numbers"].mask()


def a_condition_that_no_longer_fits_is_lost_test(tmp_path):
    make(store=tmp_path).selections["hard"] = dl.col("loss") > 1
    with pytest.warns(UserWarning, match="changed"):
        lens = make(FRAME.rename(columns={"loss": "los"}), store=tmp_path)
    hard = lens.selections["hard"]
    assert (hard.state, hard.count) == ("lost", 3)
    assert hard.said == "There is no column 'loss'. Did you mean 'los'?"
    assert "lost" in repr(lens.selections) or "no column" in repr(lens.selections)


def a_selection_of_earlier_values_is_saved_by_its_rows_test():
    lens = make()
    compute(lens, "v1")
    lens.selection = dl.col("score") > 3
    before = lens.selection
    compute(lens, "v2", [0] * 6)
    lens.selections["top"] = before
    assert lens.selections["top"].keys() == ["r4", "r5"]
    assert make().selections["top"].keys() == ["r4", "r5"]


def saving_again_replaces_and_keeps_the_note_test():
    saved = make().selections
    saved["hard"] = dl.col("loss") > 1
    saved.note("hard", "read these")
    saved["hard"] = dl.col("loss") > 4.5
    assert (saved["hard"].count, saved["hard"].note, len(saved)) == (1, "read these", 1)
    saved.note("hard", "")
    assert saved["hard"].note == ""


def a_saved_one_is_saved_under_another_name_test():
    saved = make().selections
    saved["a"] = dl.col("loss") > 1
    saved["b"] = saved["a"]
    saved.rename("a", "c")
    assert sorted(saved) == ["b", "c"]
    del saved["b"]
    assert list(saved) == ["c"]
    assert make().selections["c"].count == 3


@pytest.mark.parametrize(
    ("work", "error", "match"),
    [
        (lambda s: s["hrad"], MissingNameError, "No selection is saved as 'hrad'. Did you mean 'hard'"),
        (lambda s: s.rename("x", "y"), MissingNameError, "There are: 'hard', 'web'"),
        (lambda s: s.__delitem__("x"), MissingNameError, "There are"),
        (lambda s: s.apply("x"), MissingNameError, "There are"),
        (lambda s: s.rename("hard", "web"), ValueError, "already is a saved selection 'web'"),
        (lambda s: s.__setitem__("x", 3), UnfitError, "Saved is lens.selection, a saved .* not int"),
        (lambda s: s.__setitem__(3, dl.everything()), UnfitError, "under a text, not int"),
        (lambda s: s.__setitem__(" ", dl.everything()), ValueError, "1 to 200 characters"),
        (lambda s: s.apply("hard", "xor"), ValueError, "no mode 'xor'. There are: 'replace', 'and'"),
        (lambda s: s.compare(["hard", "wbe"]), MissingNameError, "Did you mean 'web'"),
    ],
)
def what_can_not_be_is_said_test(work, error, match):
    saved = make().selections
    saved["hard"] = dl.col("loss") > 1
    saved["web"] = dl.col("source") == "web"
    with pytest.raises(error, match=match):
        work(saved)
    assert sorted(saved) == ["hard", "web"]


def sets_of_saved_ones_and_predicates_test():
    lens = make()
    saved = lens.selections
    saved["hard"] = dl.col("loss") > 0.5
    saved["web"] = dl.col("source") == "web"
    p = dl.col("loss") < 4.5
    for made, keys in [
        (saved["hard"] & saved["web"], [1]),
        (saved["hard"] | saved["web"], [0, 1, 2, 4, 5]),
        (saved["hard"] - saved["web"], [2, 4, 5]),
        (~saved["hard"], [0, 3]),
        (saved["hard"] & p, [1, 2, 4]),
        (p & saved["hard"], [1, 2, 4]),
        (p | saved["hard"], [0, 1, 2, 4, 5]),
        (p - saved["hard"], [0]),
    ]:
        assert isinstance(made, dl.Predicate)
        lens.selection = made
        assert lens.selection.keys() == [f"r{i}" for i in keys]
    lens.selection = saved["web"]
    assert (lens.selection - saved["hard"]).mask(FRAME).tolist() == [True] + [False] * 5
    assert lens.selection.count == 2


@pytest.mark.parametrize(
    ("mode", "keys", "sources"),
    [
        ("replace", [1, 2, 4, 5], ["code"]),
        ("and", [2], ["column:source", "typed:1"]),
        ("or", [1, 2, 3, 4, 5], ["code"]),
        ("minus", [3], ["column:source", "typed:1"]),
    ],
)
def a_saved_one_is_applied_test(mode, keys, sources):
    lens = make()
    lens.selections["hard"] = dl.col("loss") > 0.5
    lens._study.set_clause("column:source", dl.col("source") == "book")
    lens.selections.apply("hard", mode)
    assert lens.selection.keys() == [f"r{i}" for i in keys]
    assert [clause.source for clause in lens._study.clauses] == sources
    assert "hard" in lens.history[-1].label
    lens.history.undo()
    assert lens.selection.keys() == ["r2", "r3"]


def what_is_kept_as_keys_says_so_where_it_is_applied_test():
    lens = make()
    compute(lens, "v1")
    lens.selections["top"] = dl.col("score") > 3
    compute(lens, "v2", [0] * 6)
    lens.selections.apply("top")
    clause = lens._study.clauses[0]
    assert (clause.label, clause.note) == ("top", "made from earlier values of 'score': kept as 2 keys")


def pairs_are_compared_test():
    saved = make().selections
    saved["hard"] = dl.col("loss") > 0.5
    saved["web"] = dl.col("source") == "web"
    saved["none"] = ~dl.everything()
    table = saved.compare()
    assert table.iloc[0].tolist() == ["hard", "web", 4, 2, 1, 0.2]
    assert table["overlap"].tolist() == [1, 0, 0]
    assert len(saved.compare(["hard", "none"])) == 1
    assert pd.isna(make().selections.compare(["none", "none"])).empty


def another_notebooks_changes_show_up_test():
    here, there = make(), make()
    here.selections["hard"] = dl.col("loss") > 1
    assert list(there.selections) == ["hard"]
    there.selections["web"] = dl.col("source") == "web"
    assert sorted(here.selections) == ["hard", "web"]
    first = here.selections["hard"]
    there.selections["hard"] = dl.col("loss") > 4.5
    assert (here.selections["hard"].count, first.count) == (1, 3)


def views_are_told_of_another_notebooks_changes_test(monkeypatch):
    monkeypatch.setattr("datalens.study.store.WATCH_SECONDS", 0.02)
    here, there = make(), make()
    told = threading.Event()
    here._study.listen(lambda *_: told.set())
    end = here._study.store.watch()
    there.selections["hard"] = dl.col("loss") > 1
    found = told.wait(30)
    end()
    end()
    assert found
    told.clear()
    here.selections["web"] = dl.col("source") == "web"
    assert told.is_set()


def the_watching_thread_ends_with_the_last_view_test(monkeypatch):
    monkeypatch.setattr("datalens.study.store.WATCH_SECONDS", 0.01)
    store, before = make()._study.store, set(threading.enumerate())
    ends = [store.watch(), store.watch()]
    (thread,) = (t for t in set(threading.enumerate()) - before if t.name == "datalens-journal")
    for end in ends:
        assert thread.is_alive()
        end()
    thread.join(30)
    assert not thread.is_alive()


def a_view_that_fails_does_not_end_the_watching_test(monkeypatch):
    monkeypatch.setattr("datalens.study.store.WATCH_SECONDS", 0.01)
    here, there = make(), make()
    told = threading.Semaphore(0)

    def fail():
        told.release()
        msg = "the page is gone"
        raise RuntimeError(msg)

    here._study.store.listen(fail)
    end = here._study.store.watch()
    heard = []
    for limit in (1, 2):
        there.selections["hard"] = dl.col("loss") > limit
        heard.append(told.acquire(timeout=30))
    end()
    assert heard == [True, True]


def a_sample_shares_what_the_whole_has_saved_test():
    lens = make()
    small = lens.sample(3)
    small.selections["hard"] = dl.col("loss") >= 0
    assert lens.selections["hard"].state == "count moved"
    assert lens.selections["hard"].keys() == ["r0", "r1", "r2", "r4", "r5"]


def what_stands_in_the_journal_is_not_trusted_test():
    lens = make()
    lens.selections["hard"] = dl.col("loss") > 1
    with lens._study.store.writing() as journal:
        stored = journal.selections()[0]
        journal.save(replace(stored, name="none", versions={"loss": "v"}))
        journal.save(replace(stored, name="evil"))
        journal.save(replace(stored, name="unfit", predicate=(dl.col("loss") > "a").to_json()))
    evil = '{"version": 2, "predicate": {"op": "exec"}}'
    with closing(sqlite3.connect(lens._study.journal.path)) as connection, connection:
        connection.execute("UPDATE selection SET predicate = ? WHERE name = 'evil'", (evil,))
    assert sorted(lens.selections) == ["hard", "none", "unfit"]
    assert lens.selections["none"].said == "'loss' is not computed here, and no keys were stored with it"
    assert lens.selections["unfit"].state == "lost"
    assert lens.selections["hard"].count == 3


def a_note_does_not_rename_the_rows_of_a_selection_test(tmp_path):
    lens = make(FRAME.assign(other=list("abcdef")), store=tmp_path)
    compute(lens, "v1")
    lens.selections["top"] = dl.col("score") > 3
    renamed = make(FRAME.assign(other=list("abcdef")), key="other", store=tmp_path)
    assert renamed.selections["top"].state == "lost"
    with pytest.raises(ValueError, match="while rows were named by the column 'id'"):
        renamed.selections.note("top", "to be read")
    assert lens.selections["top"].keys() == ["r4", "r5"]


def a_folder_that_can_not_be_written_is_said_and_work_goes_on_test(tmp_path, monkeypatch):
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "frame.datalens.sqlite").write_text("this is no journal of anybody")
    with pytest.warns(UserWarning, match=r"frame\.datalens\.sqlite"):
        lens = make(store=folder)
    lens.selections["hard"] = dl.col("loss") > 1
    assert lens.selections["hard"].count == 3
    assert (folder / "frame.datalens.sqlite").read_text() == "this is no journal of anybody"


def many_files_share_one_journal_test(tmp_path):
    for i in range(2):
        pq.write_table(pa.table({"id": [i], "n": [i]}), tmp_path / f"part-{i}.parquet")
    lens = dl.Lens(tmp_path / "*.parquet", key="id")
    lens.selections["one"] = dl.col("n") == 1
    assert len(list(tmp_path.glob("*.datalens.sqlite"))) == 1


def saving_ten_thousand_rows_is_quick_test():
    frame = pd.DataFrame({"id": range(10_000), "n": np.arange(10_000) % 7})
    lens = make(frame)
    start = time.perf_counter()
    for i in range(7):
        lens.selections[f"s{i}"] = dl.col("n") == i
    assert len(lens.selections.compare()) == 21
    assert time.perf_counter() - start < 30


def two_frames_in_one_folder_have_a_journal_each_test(tmp_path):
    one = pd.DataFrame({"id": range(5), "loss": [0.1] * 5, "n": 1})
    other = pd.DataFrame({"id": range(5), "text": ["a"] * 5, "score": 1.0})
    first = dl.Lens(one, key="id", store=tmp_path)
    first.tag([1, 2], "bad")
    second = dl.Lens(other, key="id", store=tmp_path)
    second.note(0, "about another")
    assert "tags" not in second.to_frame()
    grown = one.assign(more=2).drop(columns="n")
    with pytest.warns(UserWarning, match="has changed"):
        again = dl.Lens(grown, key="id", store=tmp_path)
    assert again.to_frame()["tags"].notna().tolist() == [False, True, True, False, False]
    assert len(list(tmp_path.glob("*.sqlite"))) == 2


def marks_by_number_are_not_shown_on_a_file_of_other_rows_test(tmp_path):
    path = tmp_path / "rows.parquet"
    pd.DataFrame({"v": range(20)}).to_parquet(path)
    dl.Lens(path, key=False).tag([0, 1, 2], "first")
    pd.DataFrame({"v": range(5, 20)}).to_parquet(path)
    with pytest.warns(UserWarning, match="other rows: they are kept, and not shown"):
        lens = dl.Lens(path, key=False)
    assert lens.to_frame().get("tags") is None or lens.to_frame()["tags"].isna().all()


def a_condition_on_the_first_star_holds_without_one_test(tmp_path):
    frame = pd.DataFrame({"id": range(6), "v": 1.0})
    lens = dl.Lens(frame, key="id", store=tmp_path)
    lens.star(3)
    lens.selections["plain"] = ~(dl.col("star") == True)  # noqa: E712
    lens.star(3, on=False)
    again = dl.Lens(frame, key="id", store=tmp_path)
    assert again.selections["plain"].keys() == list(range(6))
    assert again.selections["plain"].said == "5 rows when saved, 6 now"
    again.selections.write(tmp_path / "filters.py")


def a_file_of_somebody_else_is_not_replaced_test(tmp_path):
    lens = dl.Lens([{"loss": 1.0}, {"loss": 4.0}], store=tmp_path)
    lens.selections["hard"] = dl.col("loss") > 3
    own = tmp_path / "own.py"
    own.write_text("x = 1\n")
    with pytest.raises(FileExistsError, match="no module of saved selections"):
        lens.selections.write(own)
    assert own.read_text() == "x = 1\n"
    lens.selections.write(tmp_path / "filters.py")
    lens.selections.write(tmp_path / "filters.py")
