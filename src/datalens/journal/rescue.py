"""What can be read of a journal's file that can't be used."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing, suppress
from pathlib import Path

from datalens.journal.copies import copied
from datalens.journal.problems import JournalError
from datalens.journal.schema import apply_migrations, expected_tables, migrate
from datalens.journal.trust import CHUNK_ROWS, bad_texts, check_declared

#: What is held in memory of a file that can't be used.
MAX_RESCUED = 2 * 2**30
#: Table, column, and the table whose numbers it holds; in this order, since rows that go leave others without theirs.
REFERENCES = (
    ("marked", "naming", "naming"),
    *((table, "marked", "marked") for table in ("tagging", "note", "star", "seen")),
    ("tagging", "tag", "tag"),
    ("selection", "naming", "naming"),
)


def rescue(path: Path, own: sqlite3.Connection | None, memory: sqlite3.Connection) -> None:
    """Bring what can be read of a file that can't be used to an empty database in memory.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    own : sqlite3.Connection or None
        A connection that has it open: then the file need not be there any more.
    memory : sqlite3.Connection
        Where it goes. It is a journal of the newest version afterwards, in any case.
    """
    with suppress(sqlite3.Error, OSError, JournalError, AttributeError):
        if own is None and path.stat().st_size > MAX_RESCUED:
            raise OSError
        _rescue(path, own, memory)
    if memory.in_transaction:
        memory.execute("COMMIT")
    migrate(memory)


def _rescue(path: Path, own: sqlite3.Connection | None, memory: sqlite3.Connection) -> None:
    if own is not None:
        own.execute("PRAGMA busy_timeout = 0")
        with suppress(sqlite3.Error):
            _copy_rows(own, memory)
            return
    with tempfile.TemporaryDirectory() as folder, closing(copied(path, Path(folder))) as copy:
        _copy_rows(copy, memory)


def _copy_rows(source: sqlite3.Connection, memory: sqlite3.Connection) -> None:
    """Copy row by row, as far as each table can be read, and leave out what no journal writes."""
    version = check_declared(source)
    source.text_factory = _text_or_bytes
    apply_migrations(memory, version)
    memory.execute("BEGIN")
    for _, table, _, _ in sorted(entry for entry in expected_tables(version) if entry[0] == "table"):
        with suppress(sqlite3.DatabaseError):  # a damaged page ends its table
            cursor = source.execute(f"SELECT * FROM {table}")  # noqa: S608 - a table of the schema
            places = ", ".join("?" * len(cursor.description))
            while rows := cursor.fetchmany(CHUNK_ROWS):
                # IGNORE leaves out what breaks a CHECK, too.
                memory.executemany(f"INSERT OR IGNORE INTO {table} VALUES ({places})", rows)  # noqa: S608
    migrate(memory)
    for table, where, _, _ in list(bad_texts(memory)):
        place = "name" if table == "setting" else "id"
        change = "UPDATE tag SET color = NULL" if table == "tag" else f"DELETE FROM {table}"  # noqa: S608
        memory.execute(f"{change} WHERE {place} = ?", (where,))
    # What is about nothing would be about the next row or tag that gets its number.
    for table, column, other in REFERENCES:
        memory.execute(f"DELETE FROM {table} WHERE {column} NOT IN (SELECT id FROM {other})")  # noqa: S608
    memory.execute("COMMIT")


def _text_or_bytes(value: bytes) -> str | bytes:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value  # no text: the schema's CHECK leaves it out
