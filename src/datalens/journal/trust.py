"""A journal found on disk is untrusted input: what is looked at before it is used."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from datalens.journal.codec import decode_many, read_json
from datalens.journal.connections import connect
from datalens.journal.copies import copied
from datalens.journal.names import check_color
from datalens.journal.problems import JournalError, name_of
from datalens.journal.schema import (
    APPLICATION_ID,
    MIGRATIONS,
    broken_checks,
    expected_tables,
    tables,
    version_of,
)
from datalens.journal.selections import read_identity, read_keys, read_versions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

#: Larger than any journal: ten million rows with long keys take 2 GiB.
MAX_FILE = 16 * 2**30
#: A page of the smallest size.
SMALLEST = 512
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
    size = path.stat().st_size
    if size > MAX_FILE:
        msg = f"has {size:,} bytes, more than a journal of ten million rows"
        raise JournalError(msg)
    if 0 < size < SMALLEST:  # SQLite would take it for an empty file, and write over it
        msg = "is not an SQLite file: move it away, or name another folder with store="
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
        msg = f"is damaged ({said[:200]}): put back a copy of it from a backup, or move it away"
        raise JournalError(msg)
    if table := broken_checks(connection, version):
        msg = f"holds what no journal does (in its table {table!r}): move it away"
        raise JournalError(msg)
    if version == len(MIGRATIONS):
        # Keys, of which there may be millions, are looked at when they are read.
        for table, rowid, text, error in bad_texts(
            connection, {name for name in READERS if name != "marked"}
        ):
            msg = f"holds what no journal does (in {table} {rowid}, {text[:60]!r}: {str(error)[:200]}): move it away"
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


def bad_texts(
    connection: sqlite3.Connection, of: Iterable[str] = READERS
) -> Iterator[tuple[str, Any, str, Exception]]:
    """Yield table, place, text and error of each text in some tables that does not read as what it should be."""
    for table in of:
        columns = READERS[table]
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
