"""A journal found on disk is untrusted input: what is looked at before it is used, and what is read of a bad one."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from datalens.journal.codec import decode_many, read_json
from datalens.journal.connections import connect
from datalens.journal.names import check_color
from datalens.journal.problems import JournalError, name_of
from datalens.journal.schema import (
    APPLICATION_ID,
    MIGRATIONS,
    apply_migrations,
    expected_tables,
    migrate,
    tables,
    version_of,
)
from datalens.journal.selections import read_identity, read_keys, read_versions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: Larger than any journal: ten million rows with long keys take 2 GiB.
MAX_FILE = 16 * 2**30
#: What is held in memory of a file that can't be used.
MAX_RESCUED = 2 * 2**30
CHUNK_ROWS = 50_000

#: What each text must be read as, by table and column. Types and sizes are checked by the schema itself.
READERS: dict[str, dict[str, Callable[[str], Any]]] = {
    "naming": {"identity": read_identity},
    "marked": {"key": lambda text: decode_many([text])},
    "tag": {"color": check_color},
    "selection": {
        # The predicate is read at its own time: one of a newer version is no reason to distrust all else.
        "versions": read_versions,
        "keys": read_keys,
    },
    "setting": {"value": read_json},
}


def inspect(path: Path) -> None:
    """Look at a journal that somebody has left, without a change to it.

    Raises
    ------
    JournalError
        When it is none that may be used: the text says why.
    sqlite3.Error, OSError
        When it can't be read.
    """
    if path.stat().st_size > MAX_FILE:
        msg = f"has {path.stat().st_size:,} bytes, more than a journal of ten million rows"
        raise JournalError(msg)
    try:
        with closing(connect(path, "ro")) as connection:
            examine(connection)
    except sqlite3.OperationalError as error:
        # What a killed process has left is brought in order by writing, which waits until the content is known.
        if name_of(error) not in ("CANTOPEN", "READONLY"):
            raise
        with tempfile.TemporaryDirectory() as folder, closing(copied(path, Path(folder))) as connection:
            examine(connection)
    if not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
        msg = "can't be written: the file or its folder is read-only"
        raise JournalError(msg)


def examine(connection: sqlite3.Connection) -> None:
    """Raise a `JournalError` unless a file is a whole journal and nothing else."""
    version = check_declared(connection)
    said = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if said != "ok":
        # "CHECK constraint failed in marked": the pages are whole, and hold what no journal writes.
        kind = "holds what no journal does" if "constraint" in said or "NULL" in said else "is damaged"
        msg = f"{kind} ({said[:200]}): put back a copy of it from a backup, or move it away"
        raise JournalError(msg)
    if version == len(MIGRATIONS):
        for table, rowid, text, error in bad_texts(connection):
            msg = f"holds what no journal does (in {table} {rowid}, {text[:60]!r}: {str(error)[:200]})"
            raise JournalError(msg)


def check_declared(connection: sqlite3.Connection) -> int:
    """Return the version of a journal; raise a `JournalError` where it declares anything else than journals do."""
    found = tables(connection)
    version = version_of(connection)
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    if not found and not version and not application:
        return 0  # an empty file, or one whose making was interrupted
    if application != APPLICATION_ID:
        msg = "is an SQLite file of another program: move it away, or name another folder with store="
        raise JournalError(msg)
    if version > len(MIGRATIONS):
        msg = f"is of a newer DataLens (version {version}; this one reads up to {len(MIGRATIONS)}): update DataLens"
        raise JournalError(msg)
    if version < 1 or found != expected_tables(version):
        names = {name for _, name, _, _ in found ^ expected_tables(max(version, 0))}
        msg = f"does not have a journal's tables, and no others ({', '.join(sorted(names))[:200]}): move it away"
        raise JournalError(msg)
    return version


def bad_texts(connection: sqlite3.Connection) -> Iterator[tuple[str, Any, str, Exception]]:
    """Yield table, place, text and error of each text that does not read as what it should be."""
    for table, columns in READERS.items():
        place = "name" if table == "setting" else "id"
        for column, reader in columns.items():
            statement = f"SELECT {place}, {column} FROM {table} WHERE {column} IS NOT NULL"  # noqa: S608 - own names
            cursor = connection.execute(statement)
            while rows := cursor.fetchmany(CHUNK_ROWS):
                if table == "marked" and _are_keys([text for _, text in rows]):
                    continue
                for where, text in rows:
                    try:
                        reader(text)
                    except (ValueError, TypeError) as error:
                        yield table, where, text, error


def _are_keys(texts: list[str]) -> bool:
    """Say whether texts are keys, much faster than one by one."""
    try:
        decode_many(texts)
    except ValueError:
        return False
    return True


def copied(path: Path, folder: Path) -> sqlite3.Connection:
    """Open a copy of a journal with the logs beside it: what can't be opened in place may be readable elsewhere.

    The file itself is read through SQLite: when a process closes a file that it has opened otherwise, the system
    drops all of its locks on that file, those of other connections too.
    """
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as source:
        content = source.serialize()
    copy = folder / "copy.sqlite"
    copy.write_bytes(content)
    for log in ("-wal", "-journal"):
        beside = path.with_name(path.name + log)
        with suppress(FileNotFoundError):
            copy.with_name(copy.name + log).write_bytes(beside.read_bytes())
    return connect(copy, "rw")


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
        memory.execute(f"DELETE FROM {table} WHERE {place} = ?", (where,))  # noqa: S608
    memory.execute("COMMIT")


def _text_or_bytes(value: bytes) -> str | bytes:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value  # no text: the schema's CHECK leaves it out
