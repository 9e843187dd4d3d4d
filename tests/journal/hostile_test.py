"""A file that is no journal, or a bad one: it is refused with a sentence, and stays as it is."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing

import pytest

from journal.files import opened


def changed_file(path, *statements, checks=True):
    """Change a journal as another program would."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = delete")
        if not checks:
            connection.execute("PRAGMA ignore_check_constraints = ON")
        for statement in statements:
            connection.execute(statement)


def check(path, sentence, tags=()):
    """Assert that the file is refused, that work goes on, can be saved elsewhere, and leaves the file alone."""
    before = path.read_bytes()
    journal = opened(path)
    assert sorted(journal.marks().tags[0]) == sorted(tags)
    assert not journal.is_saved
    assert str(path) in journal.problem
    assert sentence in journal.problem
    assert "save_as" in journal.problem
    assert sorted(journal.marks().tags[0]) == sorted(tags)
    assert journal.tag(["z"], "new") == 1
    other = path.with_name("other.sqlite")
    journal.save_as(other)
    assert journal.is_saved
    assert journal.problem is None
    journal.star(["z"])
    journal.close()
    with opened(other) as again:
        assert again.problem is None
        assert sorted(again.marks().tags[0]) == sorted([*tags, "z"])
        assert again.marks().stars == ["z"]
    assert path.read_bytes() == before


def no_sqlite_file_test(path):
    path.write_bytes(b"id,text\n" * 2000)
    check(path, "is not an SQLite file")


def a_short_file_that_is_none_test(path):
    path.write_text("x")
    check(path, "is not an SQLite file")


def an_empty_file_is_no_journal_yet_test(path):
    path.touch()
    journal = opened(path)
    assert journal.problem is None
    journal.tag(["a"], "spam")
    assert opened(path).marks().tags[0] == ["a"]


def an_sqlite_file_of_another_program_test(path):
    changed_file(path, "CREATE TABLE bookmarks (url TEXT)", "INSERT INTO bookmarks VALUES ('x')")
    check(path, "of another program")


def a_newer_version_test(written):
    changed_file(written, "PRAGMA user_version = 99", "CREATE TABLE later (a)")
    check(written, "of a newer DataLens (version 99")


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER evil AFTER INSERT ON tagging BEGIN DELETE FROM note; END",
        "CREATE VIEW evil AS SELECT 1",
        "CREATE TABLE evil (a)",
        "CREATE INDEX evil ON tag (color)",
        "ALTER TABLE tag ADD COLUMN evil TEXT",
        "ALTER TABLE note RENAME TO notes",
        "PRAGMA user_version = -1",
    ],
)
def what_no_journal_declares_test(written, statement):
    changed_file(written, statement)
    check(written, "does not have a journal's tables")


def a_view_in_the_place_of_a_table_test(written):
    changed_file(
        written, "DROP TABLE note", "CREATE VIEW note AS SELECT 1 AS marked, zeroblob(1000000000) AS text"
    )
    check(written, "does not have a journal's tables, and no others (note")


def an_application_id_of_another_program_test(written):
    changed_file(written, "PRAGMA application_id = 7")
    check(written, "of another program")


KEY = "UPDATE marked SET key = {} WHERE key = '\"b\"'"


@pytest.mark.parametrize(
    "value",
    [
        "X'00'",
        "'[1'",
        "'[1]'",
        "'1,2'",
        "'1.0'",
        "' 1'",
        "'NaN'",
        "'\"b'",
        '\'{"type":"date","value":"x"}\'',
        '\'{"type":"pickle","value":"x"}\'',
        "'\"' || hex(zeroblob(60000)) || '\"'",
        "CAST(X'FF' AS TEXT)",
    ],
)
def keys_that_no_journal_writes_test(written, value):
    changed_file(written, KEY.format(value), checks=False)
    check(written, "holds", ["a"])


@pytest.mark.parametrize(
    ("statement", "tags"),
    [
        ("UPDATE marked SET naming = 'x'", []),
        ("INSERT INTO setting VALUES ('deep', '" + "[" * 100_000 + "')", ["a", "b"]),
        ("INSERT INTO setting VALUES ('bad', '{')", ["a", "b"]),
        ("INSERT INTO setting VALUES ('huge', hex(zeroblob(3000000)))", ["a", "b"]),
        ("INSERT INTO setting VALUES ('bytes', X'22')", ["a", "b"]),
        ("INSERT INTO setting VALUES (X'22', '1')", ["a", "b"]),
        ("UPDATE tag SET color = 'red;background:url(//evil)'", ["a", "b"]),
        ("UPDATE tag SET digit = 77", []),
        ("UPDATE note SET text = hex(zeroblob(1000000))", ["a", "b"]),
        ("UPDATE note SET text = X'FFFE'", ["a", "b"]),
        ("UPDATE tagging SET tag = 'spam'", []),
        ("INSERT INTO selection VALUES (1, 's', '{}', '', '', '', 1, 1, '[]', NULL, 1, '')", ["a", "b"]),
        ("INSERT INTO selection VALUES (1, 's', '{}', '', '', '', 1, 1, '{}', '[[1]]', 1, '')", ["a", "b"]),
        ("INSERT INTO selection VALUES (1, 's', '{}', '', '', '', 'x', 1, '{}', NULL, 1, '')", ["a", "b"]),
        ("INSERT INTO naming VALUES (9, '[]')", ["a", "b"]),
        ('INSERT INTO naming VALUES (9, \'{"scheme":"pickle","columns":[]}\')', ["a", "b"]),
    ],
)
def values_that_no_journal_writes_test(written, statement, tags):
    changed_file(written, statement, checks=False)
    check(written, "holds what no journal does", tags)


def text_that_is_none_test(written):
    changed_file(written, "UPDATE note SET text = CAST(X'FFFE' AS TEXT)")
    check(written, "", ["a", "b"])


def a_predicate_that_cannot_be_read_is_left_out_and_kept_test(written):
    changed_file(
        written,
        "INSERT INTO selection VALUES (1, 's', '{\"version\": 99}', '', '', '', 1, 1, '{}', NULL, 1, '')",
    )
    with opened(written) as journal:
        assert journal.problem is None
        assert "saved selection 's'" in journal.warnings[0]
        assert journal.selections() == []
        journal.star(["a"])
    with closing(sqlite3.connect(written)) as connection:
        assert connection.execute("SELECT count(*) FROM selection").fetchone() == (1,)


def a_damaged_file_test(path):
    with opened(path) as journal:
        journal.tag(list(range(5000)), "spam")
        journal.note(1, "odd")
    content = bytearray(path.read_bytes())
    page = 4096
    for number in range(20, len(content) // page, 7):
        content[number * page : number * page + 200] = os.urandom(200)
    path.write_bytes(content)
    before = path.read_bytes()
    journal = opened(path)
    assert "is damaged" in journal.problem
    journal.save_as(path.with_name("other.sqlite"))
    journal.tag(["z"], "new")
    assert opened(path.with_name("other.sqlite")).problem is None
    assert path.read_bytes() == before


def half_a_file_test(written):
    content = written.read_bytes()
    written.write_bytes(content[: len(content) // 2])
    before = written.read_bytes()
    journal = opened(written)
    assert not journal.is_saved
    assert str(written) in journal.problem
    journal.tag(["z"], "new")
    assert written.read_bytes() == before
