"""The tables of a journal, and the steps from each version of them to the next."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

#: "DLns" in ASCII: tells a journal from any other SQLite file.
APPLICATION_ID = 0x444C6E73

#: Bytes. A bound on each value keeps a hostile file from filling the memory, and a typing error from filling the disk.
MAX_KEY = 100_000
MAX_NAME = 1_000
MAX_NOTE = 1_000_000
MAX_SETTING = 4_000_000
#: Ten million keys of twenty characters, as predicates have it.
MAX_TEXT = 256 * 2**20
#: A saved selection with a predicate and keys of that size.
MAX_ROW = 3 * MAX_TEXT


def _text(name: str, most: int, *, null: bool = False) -> str:
    # The size in bytes: length() of a text ends at its first NUL.
    size = f"typeof({name}) = 'text' AND length(CAST({name} AS BLOB)) <= {most}"
    return (
        f"{name} TEXT CHECK ({name} IS NULL OR ({size}))" if null else f"{name} TEXT NOT NULL CHECK ({size})"
    )


def _count(name: str) -> str:
    return f"{name} INTEGER NOT NULL CHECK (typeof({name}) = 'integer' AND {name} >= 0)"


def _digit(name: str) -> str:
    return f"{name} INTEGER CHECK ({name} IS NULL OR (typeof({name}) = 'integer' AND {name} BETWEEN 1 AND 9))"


#: CHECKs on type and size hold for what is written; `broken_checks` finds what breaks them in a file of another origin.
_FIRST = (
    # What the journal is about: title, fingerprint of the data.
    f"CREATE TABLE meta ({_text('name', MAX_NAME)} PRIMARY KEY, {_text('value', MAX_NAME)}) WITHOUT ROWID",
    # What rows are named by, as JSON. Keys of one naming mean nothing under another.
    f"CREATE TABLE naming (id INTEGER PRIMARY KEY, {_text('identity', MAX_SETTING)}, UNIQUE (identity))",
    # The rows that have any mark. An integer stands for the key in all other tables.
    f"CREATE TABLE marked (id INTEGER PRIMARY KEY, {_count('naming')}, {_text('key', MAX_KEY)}, UNIQUE (naming, key))",
    (
        f"CREATE TABLE tag (id INTEGER PRIMARY KEY, {_text('name', MAX_NAME)}, {_text('color', MAX_NAME, null=True)}, "
        f"{_digit('digit')}, UNIQUE (name))"
    ),
    # Its id gives the order of tagging.
    f"CREATE TABLE tagging (id INTEGER PRIMARY KEY, {_count('tag')}, {_count('marked')}, UNIQUE (marked, tag))",
    f"CREATE TABLE note (marked INTEGER PRIMARY KEY, {_text('text', MAX_NOTE)})",
    "CREATE TABLE star (marked INTEGER PRIMARY KEY)",
    "CREATE TABLE seen (marked INTEGER PRIMARY KEY)",
    (
        f"CREATE TABLE selection (id INTEGER PRIMARY KEY, {_text('name', MAX_NAME)}, {_text('predicate', MAX_TEXT)}, "
        f"{_text('note', MAX_NOTE)}, {_text('time', MAX_NAME)}, {_text('author', MAX_NAME)}, {_count('count')}, "
        f"{_count('total')}, {_text('versions', MAX_SETTING)}, {_text('keys', MAX_TEXT, null=True)}, "
        f"{_count('naming')}, {_text('fingerprint', MAX_NAME)}, UNIQUE (name))"
    ),
    f"CREATE TABLE setting ({_text('name', MAX_NAME)} PRIMARY KEY, {_text('value', MAX_SETTING)}) WITHOUT ROWID",
)


def _create(connection: sqlite3.Connection) -> None:
    for statement in _FIRST:
        connection.execute(statement)


#: The step at place n brings a journal from version n to n + 1; version 0 is an empty file. A step that has been
#: released is never changed: later ones are added.
MIGRATIONS: list[Callable[[sqlite3.Connection], None]] = [_create]


def version_of(connection: sqlite3.Connection) -> int:
    """Return the schema's version that a file has; 0 where it is empty."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def migrate(connection: sqlite3.Connection) -> None:
    """Bring a journal to the newest version, inside the caller's transaction.

    Parameters
    ----------
    connection : sqlite3.Connection
        A connection with a transaction open, on an empty file or a journal of any earlier version.

    Examples
    --------
    >>> connection = sqlite3.connect(":memory:", isolation_level=None)
    >>> migrate(connection)
    >>> version_of(connection) == len(MIGRATIONS)
    True
    """
    apply_migrations(connection, len(MIGRATIONS))


def apply_migrations(connection: sqlite3.Connection, version: int) -> None:
    """Bring a journal to some version, inside the caller's transaction; one of that version stays as it is."""
    now = version_of(connection)
    if now == version:
        return
    for step in MIGRATIONS[now:version]:
        step(connection)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {version}")


def tables(connection: sqlite3.Connection) -> set[tuple[str, str, str, str | None]]:
    """Return what a file declares: its tables, indexes, views and triggers, with their SQL."""
    return set(connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master"))


def expected_tables(version: int) -> set[tuple[str, str, str, str | None]]:
    """Return what a journal of a version declares, and nothing else.

    Examples
    --------
    >>> sorted(name for kind, name, _, _ in expected_tables(1) if kind == "table")[:3]
    ['marked', 'meta', 'naming']
    """
    connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        for step in MIGRATIONS[:version]:
            step(connection)
        return tables(connection)
    finally:
        connection.close()


def broken_checks(connection: sqlite3.Connection, version: int) -> str | None:
    """Return the name of a table that holds what its CHECKs forbid, or None.

    `PRAGMA quick_check` would look too, but not through a connection that only reads.
    """
    for kind, name, _, sql in expected_tables(version):
        if kind == "table" and (checks := _checks(sql or "")):
            statement = f"SELECT 1 FROM {name} WHERE NOT ({' AND '.join(checks)}) LIMIT 1"  # noqa: S608 - own names
            if connection.execute(statement).fetchone():
                return name
    return None


def _checks(sql: str) -> list[str]:
    """Return the conditions of the CHECKs in one of the statements above."""
    found, place = [], sql.find("CHECK (")
    while place >= 0:
        start = end = place + len("CHECK ")
        depth = 0
        while depth or end == start:
            depth += {"(": 1, ")": -1}.get(sql[end], 0)
            end += 1
        found.append(sql[start:end])
        place = sql.find("CHECK (", end)
    return found
