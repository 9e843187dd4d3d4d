"""One opening of a journal's file: a connection for each thread, and one that watches for changes."""

from __future__ import annotations

import threading
import weakref
from typing import TYPE_CHECKING

from datalens.journal.connections import (
    Connection,
    choose_log,
    close_all,
    connect,
    data_version,
    is_ours,
    log_of,
    wanted_log,
)
from datalens.journal.schema import MIGRATIONS, migrate, version_of

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path


class OpenFile:
    """A file that was looked at, brought to the newest version. Its connections are closed when it is dropped.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    identity : tuple of int
        What the file system knows it as: another file may come in its place.

    Raises
    ------
    sqlite3.Error
        When it can't be opened.
    """

    def __init__(self, path: Path, identity: tuple[int, int]) -> None:
        self.path = path
        self.identity = identity
        self._local = threading.local()
        self._connections: weakref.WeakSet[Connection] = weakref.WeakSet()
        weakref.finalize(self, close_all, self._connections)
        connection = self.connection()
        if version_of(connection) < len(MIGRATIONS):
            connection.execute("BEGIN IMMEDIATE")
            migrate(connection)
            connection.execute("COMMIT")
        self._watching, self._seen = self._watch()

    def connection(self) -> Connection:
        """Return this thread's connection."""
        connection: Connection | None = getattr(self._local, "connection", None)
        if connection is None or not is_ours(connection):
            connection = self._local.connection = connect(self.path, "rw")
            self._connections.add(connection)
        return connection

    def begin(self) -> Connection:
        """Return this thread's connection with a transaction that may write."""
        connection = self.connection()
        connection.execute("BEGIN IMMEDIATE")
        return connection

    def has_changed(self) -> bool:
        """Say whether anyone has changed the file since the last call."""
        if not is_ours(self._watching):
            self._watching, self._seen = self._watch()
            return True
        seen, self._seen = self._seen, data_version(self._watching)
        return seen != self._seen

    def _watch(self) -> tuple[Connection, int]:
        # It never writes: so all changes are made by others, those of this process too.
        watching = connect(self.path, "rw", busy=0)
        self._connections.add(watching)
        return watching, data_version(watching)

    def choose_log(self) -> bool:
        """Give the file the kind of log that its file system allows; returns what `has_changed` would have."""
        connection, wanted = self.connection(), wanted_log(self.path)
        if log_of(connection) == wanted:
            return False
        changed = self.has_changed()
        self._watching.close()  # the file has to be free
        choose_log(connection, wanted)
        self._watching, self._seen = self._watch()
        return changed

    def witness(self) -> sqlite3.Connection:
        """Return a connection that still sees the file when nobody can open it any more."""
        return self._watching if is_ours(self._watching) else self.connection()

    def close(self) -> None:
        """Close all connections."""
        close_all(self._connections)
