"""A file that can't be used: a sentence says why, work goes on in memory, and the file stays as it is."""

from __future__ import annotations

import json
import os
import resource
import shutil
import sqlite3
from contextlib import closing

import pytest

from datalens.core.keys import Identity
from datalens.journal import Journal, Place, connections


def opened(path):
    return Journal.open(
        Place(path, printed=False), title="rows", identity=Identity("column", ("id",)), fingerprint="f"
    )


@pytest.fixture
def path(tmp_path):
    return tmp_path / "rows.datalens.sqlite"


@pytest.fixture
def written(path):
    """Return a journal with a tag, a note and a setting, closed."""
    with opened(path) as journal:
        journal.tag(["a", "b"], "spam")
        journal.note("a", "odd")
        journal.set_setting("view", {"color": "loss"})
    return path


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


def a_folder_in_its_place_test(path):
    path.mkdir()
    journal = opened(path)
    assert str(path) in journal.problem
    assert journal.tag(["a"], "spam") == 1
    assert journal.marks().tags[0] == ["a"]


def no_folder_can_be_made_test(tmp_path):
    (tmp_path / "file").touch()
    journal = opened(tmp_path / "file" / "rows.datalens.sqlite")
    assert journal.problem is None  # nobody has asked for a file yet
    assert journal.tag(["a"], "spam") == 1
    assert "can't be opened or made" in journal.problem
    assert journal.tag(["b"], "spam") == 1
    journal.save_as(tmp_path / "other.sqlite")
    assert opened(tmp_path / "other.sqlite").marks().tags[0] == ["a", "b"]


def as_nobody(path, other):
    """Open a journal in a process that may not do everything, as root may."""
    told, answer = os.pipe()
    child = os.fork()  # another user may not be able to start this Python
    if not child:
        try:
            if os.geteuid() == 0:
                os.setgroups([])
                os.setgid(65534)
                os.setuid(65534)
            journal = opened(path)
            early = journal.problem
            count = journal.tag(["z"], "new")
            said, tags = journal.problem, journal.marks().tags[0]
            journal.save_as(other)
            said = [early, count, said, sorted(tags), journal.is_saved]
        except BaseException as error:  # noqa: BLE001 - the parent says it
            said = repr(error)
        os.write(answer, json.dumps(said).encode())
        os._exit(0)
    os.close(answer)
    with os.fdopen(told) as file:
        said = json.load(file)
    os.waitpid(child, 0)
    assert isinstance(said, list), said
    return said


@pytest.fixture
def open_to_all(tmp_path):
    """Return a folder that every user can reach and write."""
    folder = tmp_path
    while folder.stat().st_uid == os.geteuid() and folder != folder.parent:
        folder.chmod(folder.stat().st_mode | 0o055)
        folder = folder.parent
    (tmp_path / "out").mkdir()
    (tmp_path / "out").chmod(0o777)
    return tmp_path / "out" / "other.sqlite"


@pytest.mark.parametrize("left", ["", "-wal"])
def a_read_only_folder_test(written, open_to_all, left):
    if left:  # as a killed process leaves it: half of what it wrote is in the log
        shutil.rmtree(written.parent / "copy", ignore_errors=True)
        with closing(sqlite3.connect(written, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = wal")
            connection.execute("UPDATE note SET text = 'in the log'")
            log = written.with_name(written.name + "-wal")
            kept = {file: file.read_bytes() for file in (written, log)}
        for file, content in kept.items():
            file.write_bytes(content)
    for file in written.parent.glob("rows*"):
        file.chmod(0o444)
    written.parent.chmod(0o555)
    before = written.read_bytes()
    try:
        early, count, said, tags, is_saved = as_nobody(written, open_to_all)
    finally:
        written.parent.chmod(0o755)
    assert early == said
    assert "read-only" in said
    assert str(written) in said
    assert (count, tags, is_saved) == (1, ["a", "b", "z"], True)
    assert written.read_bytes() == before
    if left:
        assert opened(open_to_all).marks().notes == {"a": "in the log"}


def a_read_only_folder_without_a_journal_test(path, open_to_all):
    path.parent.chmod(0o555)
    try:
        early, count, said, tags, is_saved = as_nobody(path, open_to_all)
    finally:
        path.parent.chmod(0o755)
    assert early is None
    assert "can't be opened or made" in said
    assert (count, tags, is_saved) == (1, ["z"], True)
    assert not path.exists()


@pytest.fixture
def impatient(monkeypatch):
    """Wait for others for an instant only."""
    monkeypatch.setattr(connections, "BUSY_SECONDS", 0.05)
    monkeypatch.setattr(connections.connect, "__kwdefaults__", {"busy": 0.05})


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("mode", ["wal", "delete"])
def a_locked_file_test(path, mode, monkeypatch):
    monkeypatch.setattr(connections, "shares_memory", lambda _: mode == "wal")
    journal = opened(path)
    journal.tag(["a"], "spam")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert journal.tag(["b"], "spam") == 1
        assert "is locked by another program" in journal.problem
        assert not journal.is_saved
        assert journal.marks().tags[0] == ["a", "b"]
        late = opened(path)
        late.star(["c"])
        assert "is locked by another program" in late.problem
        other.execute("INSERT INTO tag (name) VALUES ('theirs')")
        other.execute("COMMIT")
    # Nobody holds it any more: what was done in memory goes to the file, beside what the other has written.
    assert journal.changed()
    assert journal.is_saved
    assert journal.problem is None
    assert late.tag(["d"], "spam") == 1
    assert late.problem is None
    with opened(path) as again:
        assert again.marks().tags[0] == ["a", "b", "d"]
        assert again.marks().stars == ["c"]
        assert [style.tag for style in again.tag_styles()] == ["spam", "theirs"]


def a_full_disk_test(written):
    journal = opened(written)
    journal.tag(["c"], "spam")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (written.stat().st_size + 40_000, hard))
    try:
        with journal.transaction():
            journal.star(["a"])
            assert journal.tag(list(range(20_000)), "many") == 20_000
            journal.star(["b"])
        assert not journal.is_saved
        assert str(written) in journal.problem
        with pytest.raises(OSError, match="can't be written"):
            journal.save_as(written.with_name("other.sqlite"))
        assert not written.with_name("other.sqlite").exists()
        with pytest.raises(OSError, match="can't be"):
            journal.save_as(written)
        assert sorted(journal.marks().stars) == ["a", "b"]
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    with opened(written) as other:
        assert other.marks().tags[0] == ["a", "b", "c"]
        other.note("b", "meanwhile")
    journal.save_as(written)  # there is room again
    assert journal.is_saved
    with opened(written) as again:
        assert len(again.marks().tags[0]) == 20_003
        assert sorted(again.marks().stars) == ["a", "b"]
        assert again.marks().notes == {"a": "odd", "b": "meanwhile"}


def what_another_has_renamed_meanwhile_does_not_stop_the_rest_test(written):
    journal = opened(written)
    moved = written.with_name("moved.sqlite")
    written.rename(moved)
    journal.rename_tag("spam", "junk")
    journal.star(["a"])
    moved.rename(written)
    with opened(written) as other:
        other.rename_tag("spam", "theirs")
    journal.save_as(written)
    assert journal.is_saved
    assert opened(written).marks().tags[1] == ["theirs", "theirs"]
    assert opened(written).marks().stars == ["a"]


def a_full_disk_as_sqlite_says_it_test(written):
    journal = opened(written)
    journal._store._file.connection().execute("PRAGMA max_page_count = 40")
    journal.tag(list(range(20_000)), "many")
    assert "the disk is full" in journal.problem
    assert len(journal.marks().tags[0]) == 20_002


def a_file_that_is_moved_away_test(written):
    journal = opened(written)
    journal.tag(["c"], "spam")
    moved = written.with_name("moved.sqlite")
    written.rename(moved)
    journal.tag(["d"], "spam")
    assert "was moved or deleted" in journal.problem
    assert journal.marks().tags[0] == ["a", "b", "c", "d"]
    assert not written.exists()
    journal.save_as(written)
    assert journal.is_saved
    assert opened(written).marks().tags[0] == ["a", "b", "c", "d"]


def a_file_that_is_replaced_is_opened_anew_test(written, tmp_path):
    journal = opened(written)
    assert journal.marks().stars == []
    with opened(tmp_path / "other.sqlite") as other:
        other.star(["z"])
    (tmp_path / "other.sqlite").rename(written)
    assert journal.changed()
    assert journal.marks().stars == ["z"]
    journal.star(["y"])
    assert sorted(opened(written).marks().stars) == ["y", "z"]


def no_file_is_ever_overwritten_test(written, tmp_path):
    journal = opened(written)
    (tmp_path / "other.sqlite").write_text("mine")
    with pytest.raises(FileExistsError, match="already is a file"):
        journal.save_as(tmp_path / "other.sqlite")
    assert (tmp_path / "other.sqlite").read_text() == "mine"
    with pytest.raises(OSError, match="can't be made"):
        journal.save_as(tmp_path / "none" / "other.sqlite")
    assert journal.path == written


def a_file_that_is_too_large_test(written, monkeypatch):
    monkeypatch.setattr("datalens.journal.trust.MAX_FILE", 1000)
    monkeypatch.setattr("datalens.journal.rescue.MAX_RESCUED", 1000)
    journal = opened(written)
    assert "more than a journal of ten million rows" in journal.problem
    assert journal.marks().tags == ([], [])
