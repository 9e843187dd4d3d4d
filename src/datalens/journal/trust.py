"""A journal found on disk is untrusted input: what is looked at before it is used."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from datalens.journal.connections import connect
from datalens.journal.problems import JournalError
from datalens.journal.schema import APPLICATION_ID, MIGRATIONS, expected_tables, tables, version_of

if TYPE_CHECKING:
    from pathlib import Path

    from datalens.journal.store import About


def VERSION() -> int:
    return len(MIGRATIONS)


def as_problem(error: Exception) -> Exception:
    if isinstance(error, ValueError):
        return JournalError(f"holds values that no journal writes ({error})")
    return error


def inspect(path: Path) -> None:
    connection = connect(path, "ro")
    try:
        examine(connection)
    finally:
        connection.close()


def examine(connection: sqlite3.Connection) -> None:
    found = tables(connection)
    version = version_of(connection)
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    if version > len(MIGRATIONS):
        raise JournalError("is of a newer DataLens")
    if found != expected_tables(version) or (found and application != APPLICATION_ID):
        raise JournalError("holds something else than a journal")
    said = connection.execute("PRAGMA quick_check").fetchone()[0]
    if said != "ok":
        raise JournalError(f"is damaged ({said})")


def warnings(connection: sqlite3.Connection, path: Path, about: About) -> list[str]:
    meta = dict(connection.execute("SELECT name, value FROM meta"))
    if meta.get("fingerprint", about.fingerprint) != about.fingerprint:
        return [f"The data has changed since {path.name} was written."]
    return []


def rescue(path: Path, own: sqlite3.Connection | None, memory: sqlite3.Connection) -> None:
    try:
        if own is not None:
            own.backup(memory)
    except sqlite3.Error:
        pass
