"""A file that can't be used: a sentence says why, work goes on in memory, and the file stays as it is."""

from __future__ import annotations

import json
import os
import resource
import shutil
import sqlite3
from contextlib import closing

import pytest

from datalens.journal import connections
from journal.files import opened


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


def killed_while_the_file_grows_test(written, tmp_path):
    """The first page already tells of pages that are not written yet; the log beside it undoes that."""
    path = tmp_path / "killed.sqlite"
    with closing(sqlite3.connect(written, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute(
            "PRAGMA cache_size = 5"
        )  # so that changes go to the file before they are committed
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("CREATE TABLE large AS SELECT zeroblob(1000000)")
        log = f"{written}-journal"
        content = bytearray(written.read_bytes())
        shutil.copy(log, f"{path}-journal")
    pages = len(content) // 4096
    content[28:32] = (pages + 5).to_bytes(4, "big")
    content[92:96] = content[24:28]  # else the number of pages would not count
    path.write_bytes(content)
    with (
        closing(sqlite3.connect(path.as_uri() + "?mode=ro&immutable=1", uri=True)) as connection,
        pytest.raises(sqlite3.DatabaseError, match="malformed"),
    ):
        connection.execute("PRAGMA page_count")
    journal = opened(path)
    assert journal.problem is None
    assert sorted(journal.marks().tags[0]) == ["a", "b"]
