"""Journals of earlier versions are brought to the newest one, whole or not at all."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from datalens.journal import SavedSelection, openfile, schema, trust
from datalens.predicate import col
from journal.files import opened

FIRST = schema.MIGRATIONS[:1]


@pytest.fixture
def first(tmp_path, monkeypatch):
    """Return a journal of version 1."""
    path = tmp_path / "rows.datalens.sqlite"
    for module in (schema, trust, openfile):
        monkeypatch.setattr(module, "MIGRATIONS", FIRST)
    with opened(path) as journal:
        journal.tag(["a", "b"], "spam")
        journal.note("a", "odd")
        journal.star(["b"])
        journal.see(["a"])
        journal.save(SavedSelection("large", (col("x") > 1).to_json(), keys=["a"], versions={"x": "v1"}))
        journal.set_setting("view", [1, {"color": "loss"}])
    return path


def version(path):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("PRAGMA user_version").fetchone()[0]


def check_content(journal):
    assert journal.problem is None
    marks = journal.marks()
    assert marks.tags == (["a", "b"], ["spam", "spam"])
    assert (marks.notes, marks.stars, marks.seen) == ({"a": "odd"}, ["b"], ["a"])
    (saved,) = journal.selections()
    assert (saved.name, saved.keys, saved.versions) == ("large", ["a"], {"x": "v1"})
    assert journal.settings() == {"view": [1, {"color": "loss"}]}


def the_newest_version_reads_version_1_test(first, monkeypatch):
    monkeypatch.undo()
    with opened(first) as journal:
        check_content(journal)
        journal.tag(["c"], "spam")
    assert version(first) == len(schema.MIGRATIONS)


@pytest.fixture
def two(first, monkeypatch):
    """Return a journal of version 1, in a DataLens whose version is 2."""

    def step(connection):
        connection.execute("CREATE TABLE edit (marked INTEGER, value TEXT CHECK (typeof(value) = 'text'))")
        connection.execute("INSERT INTO edit SELECT id, 'old' FROM marked")

    for module in (schema, trust, openfile):
        monkeypatch.setattr(module, "MIGRATIONS", [*FIRST, step])
    return first


def a_step_is_done_once_test(two):
    for _ in range(2):
        with opened(two) as journal:
            check_content(journal)
    assert version(two) == 2
    with closing(sqlite3.connect(two)) as connection:
        assert connection.execute("SELECT count(*) FROM edit").fetchone() == (2,)


def a_new_journal_has_all_steps_test(two, tmp_path):
    path = tmp_path / "new.sqlite"
    with opened(path) as journal:
        journal.tag(["a"], "spam")
    assert version(path) == 2
    with opened(path) as journal:
        assert journal.problem is None


def a_step_that_fails_leaves_the_file_as_it_was_test(two, monkeypatch):
    before = two.read_bytes()
    monkeypatch.setattr(
        openfile, "migrate", lambda connection: connection.execute("INSERT INTO nowhere VALUES (1)")
    )
    journal = opened(two)
    assert "nowhere" in journal.problem
    assert journal.marks().tags[0] == ["a", "b"]
    assert two.read_bytes() == before


def an_earlier_version_that_cannot_be_written_is_read_test(two, monkeypatch):
    monkeypatch.setattr(trust.os, "access", lambda *_: False)
    before = two.read_bytes()
    journal = opened(two)
    assert "read-only" in journal.problem
    assert journal.marks().tags[0] == ["a", "b"]
    journal.save_as(two.with_name("other.sqlite"))
    assert version(two.with_name("other.sqlite")) == 2
    assert two.read_bytes() == before


def an_interrupted_making_is_begun_again_test(tmp_path):
    path = tmp_path / "rows.datalens.sqlite"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = wal")  # a header, and nothing else: version 0
    assert path.stat().st_size
    with opened(path) as journal:
        assert journal.problem is None
        journal.tag(["a"], "spam")
    with opened(path) as journal:
        assert journal.marks().tags[0] == ["a"]
