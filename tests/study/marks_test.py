"""Tags, notes, stars and what was looked at: on disk at once, columns that clauses follow, one journal for all."""

from __future__ import annotations

import sqlite3
import threading
import time

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

import datalens as dl
from datalens.core.errors import MissingNameError, MissingRowError
from datalens.study.sheet import Sheet

FRAME = pd.DataFrame(
    {
        "id": [f"r{i}" for i in range(6)],
        "loss": [0.0, 1.0, 2.0, 3.0, 4.0, 5.0],
        "x": np.arange(6.0),
        "y": [0.0, 0.0, 0.0, 1.0, 1.0, 1.0],
    }
)
HOSTILE = "<b>'\"; DROP TABLE tag; --"


@pytest.fixture
def lens(tmp_path):
    return make(tmp_path)


def make(folder, frame=FRAME, **kwargs):
    return dl.Lens(frame, **{"key": "id", "store": folder, "x": "x", "y": "y", **kwargs})


def tags(lens):
    return [None if row is None else list(row) for row in lens.to_arrow()["tags"].to_pylist()]


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (lambda _: "r1", ["r1"]),
        (lambda _: ["r1", "r3", "r1"], ["r1", "r3"]),
        (lambda _: FRAME["id"][2:4], ["r2", "r3"]),
        (lambda _: dl.col("loss") > 3, ["r4", "r5"]),
        (lambda lens: lens.selection, ["r0", "r1"]),
        (lambda lens: lens.selections["low"], ["r0", "r1", "r2"]),
        (lambda _: [], []),
    ],
)
def rows_are_named_in_many_ways_test(lens, where, expected):
    lens.selections["low"] = dl.col("loss") < 3
    lens.selection = dl.col("loss") < 2
    assert lens.tag(where(lens), "a") == len(expected)
    assert lens.tag(where(lens), "a") == 0
    assert [key for key, row in zip(FRAME["id"], lens.to_pandas().get("tags", [None] * 6), strict=True)
            if row is not None] == expected  # fmt: skip


def a_key_that_is_not_there_is_said_test(lens):
    with pytest.raises(MissingRowError, match="No row has the key 'r9'"):
        lens.tag(["r1", "r9"], "a")
    assert "tags" not in lens.to_pandas()


def what_is_marked_is_on_disk_when_it_returns_test(tmp_path, lens):
    lens.tag(["r1", "r2"], HOSTILE)
    lens.note("r1", "cut off")
    lens.star("r3")
    lens.see(["r0", "r1"])
    with sqlite3.connect(tmp_path / "frame.datalens.sqlite") as connection:
        assert connection.execute("SELECT name FROM tag").fetchall() == [(HOSTILE,)]
        tables = ("tagging", "note", "star", "seen")
        counted = " UNION ALL ".join(f"SELECT count(*) FROM {table}" for table in tables)  # noqa: S608
        assert [count for (count,) in connection.execute(counted)] == [2, 1, 1, 2]
    again = make(tmp_path).to_pandas()
    assert again["tags"].map(lambda row: None if row is None else list(row)).tolist() == [
        None, [HOSTILE], [HOSTILE], None, None, None
    ]  # fmt: skip
    assert again["note"].tolist()[1] == "cut off"
    assert again["star"].tolist() == [False, False, False, True, False, False]
    assert again["seen"].tolist() == [True, True, False, False, False, False]


def columns_come_up_with_the_first_mark_of_their_kind_test(tmp_path, lens):
    assert lens._study.names() == ["id", "loss", "x", "y"]
    assert not list(tmp_path.iterdir())
    lens.star("r1")
    assert lens._study.names()[4:] == ["star"]
    lens.star("r1", on=False)
    assert lens._study.names()[4:] == ["star"]  # a condition may mention it
    lens.tag("r1", "a")
    assert lens._study.names()[4:] == ["star", "tags"]
    assert make(tmp_path)._study.names()[4:] == ["tags"]


def tags_are_in_the_order_in_which_a_row_got_them_test(tmp_path, lens):
    for tag, where in [("b", ["r0", "r1"]), ("a", ["r1", "r2"]), ("c", ["r0"]), ("b", ["r2"])]:
        lens.tag(where, tag)
    expected = [["b", "c"], ["b", "a"], ["a", "b"], None, None, None]
    assert tags(lens) == expected == tags(make(tmp_path))
    assert lens.untag(["r0", "r1", "r5"], "b") == 2
    assert lens.untag("r2") == 1
    assert tags(lens) == [["c"], ["a"], None, None, None, None] == tags(make(tmp_path))


def tags_have_count_colour_and_key_test(tmp_path, lens):
    lens.tag(["r0", "r1"], "a")
    lens.tag("r1", "b")
    assert [(tag, one.count, one.digit) for tag, one in lens.tags.items()] == [("a", 2, 1), ("b", 1, 2)]
    lens.tags.style("b", color="#FFCC00", digit=1)
    for one in (lens, make(tmp_path)):
        assert (one.tags["b"].color, one.tags["b"].digit, one.tags["a"].digit) == ("#ffcc00", 1, None)
    lens.tag("r5", "c")
    assert lens.tags["c"].digit == 2  # the first that is free
    lens.tags.rename("b", "z")
    assert (list(lens.tags), tags(lens)[1]) == (["a", "z", "c"], ["a", "z"])
    lens.tags.rename("z", "a")
    assert [(tag, one.count) for tag, one in lens.tags.items()] == [("a", 2), ("c", 1)]
    del lens.tags["c"]
    for one in (lens, make(tmp_path)):
        assert (list(one.tags), tags(one)) == (["a"], [["a"], ["a"], None, None, None, None])
    with pytest.raises(MissingNameError, match=r"There is no tag 'x'\. There are: 'a'"):
        lens.tags.rename("x", "y")
    with pytest.raises(ValueError, match="one line of text"):
        lens.tags.rename("a", " ")
    with pytest.raises(ValueError, match="name of a tag"):
        lens.tag("r1", "two\nlines")


def a_column_of_the_caller_is_never_hidden_test(tmp_path):
    frame = FRAME.assign(tags=list("abcdef"), note="mine")
    lens = make(tmp_path, frame)
    with pytest.warns(UserWarning, match="what you mark is the column 'tags_2'"):
        lens.tag("r1", "x")
    assert lens._study.names() == [*frame.columns, "tags_2"]
    lens.selection = dl.col("tags_2").any() == "x"
    assert lens.selection.keys() == ["r1"]
    with pytest.raises(ValueError, match="'tags_2' holds what you have marked"):
        lens.add_signal(lambda frame: [1] * len(frame), on="frame", name="tags_2")


def clauses_follow_the_marks_past_ones_too_test(lens):
    lens.tag(["r1", "r2"], "a")
    lens.selection = dl.col("tags").any() == "a"
    lens.selection = (dl.col("tags").any() == "a") & (dl.col("loss") > 1)
    lens.selection = dl.col("loss") > 3
    lens.tag(["r4", "r5"], "a")
    lens.history.undo()
    assert lens.selection.keys() == ["r2", "r4", "r5"]
    lens.history.undo()
    assert lens.selection.keys() == ["r1", "r2", "r4", "r5"]
    told = []
    lens._study.listen(lambda event, _: told.append((event, lens._study.count())))
    lens.untag("r1", "a")
    assert told[-1] == ("changed", 3)
    assert (lens.selection.count, lens._study.clauses[0].count) == (3, 3)
    before = lens._study.clauses
    lens.star("r1")
    assert lens._study.clauses is before  # nothing that they mention


def saved_selections_follow_too_test(tmp_path, lens):
    lens.tag(["r1", "r2"], "a")
    lens.selections["tagged"] = dl.col("tags").any() == "a"
    assert lens.selections["tagged"].state == "holds"
    lens.tag("r3", "a")
    for one in (lens, make(tmp_path)):
        assert one.selections["tagged"].state == "count moved"
        assert one.selections["tagged"].keys() == ["r1", "r2", "r3"]


def a_lasso_with_a_tag_is_kept_when_the_map_changes_test(lens):
    lens.tag(["r1", "r4"], "a")
    lens.join(FRAME[["id"]].assign(score=np.arange(6.0)), on="id")
    lens.selection = (dl.col("tags").any() == "a") & (dl.col("score") > 2)
    lens.join(FRAME[["id"]].assign(score=np.arange(6.0) + 1), on="id")
    assert lens._study.clauses[0].note == "made from earlier values"
    lens.tag("r5", "a")
    assert lens.selection.keys() == ["r4"]


def marks_are_in_all_that_is_taken_away_test(tmp_path, lens):
    lens.tag("r1", "a")
    lens.note("r2", "n")
    table = pq.read_table(lens.to_parquet(tmp_path / "all.parquet"))
    assert table["tags"].to_pylist() == [None, ["a"], None, None, None, None]
    assert table["note"].to_pylist() == [None, None, "n", None, None, None]
    assert pq.read_table(lens.write_columns(tmp_path / "columns.parquet")).column_names == [
        "id",
        "tags",
        "note",
    ]
    assert lens.to_polars()["tags"].to_list()[1] == ["a"]
    lens.selection = dl.col("tags").any() == "a"
    space = {"df": lens.to_frame()}
    exec(lens.selection.code("pandas"), space)  # noqa: S102 - what a user pastes
    assert space["selected"]["id"].tolist() == ["r1"]


def another_notebook_is_seen_test(tmp_path, lens):
    other = make(tmp_path)
    assert other.tag("r1", "a") == 1
    assert tags(lens)[1] == ["a"]
    lens.tag("r1", "b")
    other.tag("r1", "c")
    lens.tag("r2", "b")
    for one in (lens, other):
        assert tags(one)[1:3] == [["a", "b", "c"], ["b"]]
        assert [(tag, t.count, t.digit) for tag, t in one.tags.items()] == [
            ("a", 1, 1),
            ("b", 2, 2),
            ("c", 1, 3),
        ]


def a_view_hears_of_another_notebook_test(tmp_path, lens):
    end = lens._study.store.watch()
    try:
        make(tmp_path).tag("r1", "a")
        until = time.monotonic() + 20
        while "tags" not in lens._study.names() and time.monotonic() < until:
            time.sleep(0.02)
        assert lens._study.column("tags").to_pylist()[1] == ["a"]
    finally:
        end()


def a_sample_has_the_same_marks_test(lens):
    lens.tag(["r1", "r4"], "a")
    small = lens.sample(3, random_state=1)
    keys = small.to_pandas()["id"].tolist()
    assert [row is not None for row in tags(small)] == [key in ("r1", "r4") for key in keys]
    small.tag(keys, "drawn")
    assert [row is not None and "drawn" in row for row in tags(lens)] == [key in keys for key in FRAME["id"]]
    lens.star(keys[0])
    assert small.to_pandas()["star"].tolist() == [True, False, False]
    small.selection = dl.col("tags").any() == "drawn"
    lens.selection = small.selection
    assert lens.selection.predicate == (dl.col("tags").any() == "drawn")


def own_changes_are_not_read_again_test(lens, monkeypatch):
    lens.tag("r1", "a")
    small = lens.sample(6)

    def read(_):
        pytest.fail("The journal was read.")

    monkeypatch.setattr("datalens.journal.Journal.marks", read)
    lens.tag(["r2", "r3"], "b")
    lens.tags.style("a", digit=7)
    lens.tags.rename("a", "c")
    small.note("r1", "n")
    assert tags(lens)[:3] == [None, ["c"], ["b"]] == tags(small)[:3]


def work_goes_on_where_the_journal_can_not_be_written_test(tmp_path):
    (tmp_path / "frame.datalens.sqlite").write_text("no journal")
    with pytest.warns(UserWarning, match="no"):
        lens = make(tmp_path)
    lens.tag("r1", "a")
    lens.tag("r2", "a")
    assert tags(lens)[:3] == [None, ["a"], ["a"]]


def review_goes_through_what_was_not_looked_at_test(lens):
    queue = lens.review(dl.col("loss") > 2, sort=["-y", "-loss"])
    lens.see("r4")
    assert (queue.total, queue.left, queue.done) == (3, 2, 1)
    assert (queue.next(), lens.focus) == ("r5", "r5")
    assert queue.left == 2  # it is being looked at
    assert (queue.next(), queue.left) == ("r3", 1)
    assert (queue.next(), queue.left, queue.done) == (None, 0, 3)
    lens.see("r5", on=False)
    assert queue.next() == "r5"
    lens.selection = dl.col("loss") < 2
    assert list(lens.review()) == ["r0", "r1"]


def one_mark_of_a_million_rows_is_quick_and_takes_nothing_test():
    sheet = Sheet(1_000_000)
    sheet.tag(np.arange(1_000_000), "all")
    start = time.perf_counter()
    for ordinal in range(200):
        sheet.tag(np.array([ordinal]), "one")
    assert time.perf_counter() - start < 1  # 5 ms each; measured: 0.01
    assert sheet.tag_counts() == {"all": 1_000_000, "one": 200}


def sheet_is_what_a_row_by_row_model_says_test():
    rng = np.random.default_rng(0)
    sheet, model = Sheet(300), [[] for _ in range(300)]
    for _ in range(200):
        tag = str(rng.choice(["a", "b", "c"]))
        rows = rng.choice(300, size=int(rng.choice([1, 5, 200])), replace=False)
        if rng.random() < 0.6:
            sheet.tag(rows, tag)
            for row in rows:
                model[row] += [] if tag in model[row] else [tag]
        else:
            sheet.untag(rows, tag)
            for row in rows:
                model[row] = [t for t in model[row] if t != tag]
    assert [list(sheet.tags_of(row)) for row in range(300)] == model
    assert sheet.column("tags").to_pylist() == [row or None for row in model]
    mask = rng.random(300) < 0.5
    counted = {t: sum(t in row for row, m in zip(model, mask, strict=True) if m) for t in "abc"}
    assert sheet.tag_counts(mask) == counted
    assert sheet.count("tags") == sum(map(bool, model))


def threads_mark_at_once_test(lens, monkeypatch):
    small = lens.sample(6)

    def read(_):
        pytest.fail("The journal was read.")

    monkeypatch.setattr("datalens.journal.Journal.marks", read)

    def work(one, tag):
        for key in FRAME["id"]:
            one.tag(key, tag)
            one.star(key)

    threads = [threading.Thread(target=work, args=args) for args in [(lens, "a"), (small, "b"), (lens, "c")]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    for one in (lens, small):
        assert {tag: t.count for tag, t in one.tags.items()} == {"a": 6, "b": 6, "c": 6}
        assert one.to_pandas()["star"].all()
