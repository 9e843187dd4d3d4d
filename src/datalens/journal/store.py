"""Where a journal's content is: not yet anywhere, in its file, or in memory where the file can't be used."""

from __future__ import annotations

import json
import os
import sqlite3
import threading
import weakref
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from datalens.journal import trust
from datalens.journal.connections import Connection, choose_log, connect, in_memory, is_ours, lock_of
from datalens.journal.marks import naming_of
from datalens.journal.problems import is_locked, is_storage, sentence
from datalens.journal.schema import migrate, version_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from datalens.core.keys import Identity

    Work = Callable[[sqlite3.Connection], Any]

T = TypeVar("T")


@dataclass(frozen=True)
class About:
    """The dataset that a journal is about.

    Attributes
    ----------
    title : str
        What it is called.
    identity : Identity
        What its rows are named by.
    fingerprint : str
        A hash of the data.
    """

    title: str
    identity: Identity
    fingerprint: str

    @property
    def naming(self) -> str:
        """What makes two keys comparable: how rows are named, and not which file they are in today."""
        return json.dumps({"scheme": self.identity.scheme, "columns": list(self.identity.columns)})


class Store:
    """The content of one journal, wherever it is.

    What changes it are *works*: functions of a connection. A work that the file refuses is done in memory, after
    those that were done in the same transaction; and those in memory are done in the file once it can be used.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    about : About
        The dataset.
    """

    def __init__(self, path: Path, about: About) -> None:
        self.path = Path(os.path.abspath(path))
        self.about = about
        self.lock = lock_of(self.path)
        self.problem: str | None = None
        self.warnings: list[str] = []
        self.revision = 0
        self._memory: sqlite3.Connection | None = None
        self._blank: sqlite3.Connection | None = None
        self._is_locked = False
        self._unsaved: list[Work] = []
        # The file that is open, as the file system knows it; None where there is none yet.
        self._file: tuple[int, int] | None = None
        self._local = threading.local()
        self._opened = 0  # counts openings: connections of an earlier one are not used any more
        self._connections: weakref.WeakSet[Connection] = weakref.WeakSet()
        self._watch: Connection | None = None
        self._data_version = 0
        self._is_stamped = False
        self._owner: int | None = None  # the thread that has a transaction open
        self._active: sqlite3.Connection | None = None
        self._works: list[Work] = []
        weakref.finalize(self, _close, self._connections)
        with self.lock:
            self._find()

    @property
    def is_saved(self) -> bool:
        """Whether changes go to the file."""
        return self._memory is None

    def naming(self, connection: sqlite3.Connection, *, make: bool = False) -> int:
        """Return the number of what names the rows now."""
        return naming_of(connection, self.about.naming, make=make)

    # Reading ------------------------------------------------------------------------------------------

    def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Return what a work reads, all of it as of one moment."""
        if self._owner == threading.get_ident() and self._active is not None:
            return work(self._active)
        if self._memory is None and self._file is not None:
            try:
                return self._read_file(work)
            except (sqlite3.Error, OSError, ValueError) as error:
                with self.lock:
                    self._fall(trust.as_problem(error))
        with self.lock:
            self._find()
            if self._memory is None and self._file is not None:
                return self._read_file(work)
            return work(self._memory or self._nothing())

    def _read_file(self, work: Callable[[sqlite3.Connection], T]) -> T:
        connection = self._mine()
        connection.execute("BEGIN")
        try:
            return work(connection)
        finally:
            connection.execute("ROLLBACK")

    def look(self) -> None:
        """Count the revision up where anyone has changed the content."""
        # While another thread writes there is nothing new to see; it looks itself at the end.
        if not self.lock.acquire(blocking=False):
            return
        try:
            if self._memory is not None:
                self._try_again()
                return
            self._find()
            if self._watch is not None:
                version = self._watch.execute("PRAGMA data_version").fetchone()[0]
                if version != self._data_version:
                    self._data_version = version
                    self.revision += 1
        except sqlite3.Error:
            pass  # busy: the next look sees it
        finally:
            self.lock.release()

    # Writing ------------------------------------------------------------------------------------------

    def write(self, work: Callable[[sqlite3.Connection], T], *, makes: bool = True) -> T:
        """Do a work that changes the content; it is on disk when this returns, unless `is_saved` is False.

        Parameters
        ----------
        work : callable
            It changes the content of the connection that it is given. It may be done twice.
        makes : bool, default True
            Whether it can change a journal that holds nothing: only then is a file made.
        """
        with self.transaction():
            if self._active is None:
                if not makes:
                    return work(self._nothing())
                self._begin(make=True)
            return self._do(work)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Keep all that is written inside, or nothing where an error leaves the block."""
        with self.lock:
            if self._owner == threading.get_ident():
                yield
                return
            self._owner, self._works = threading.get_ident(), []
            try:
                self._begin(make=False)
                yield
                self._commit()
            finally:
                active, self._active, self._owner = self._active, None, None
                if active is not None and active.in_transaction:
                    with suppress(sqlite3.Error):
                        active.execute("ROLLBACK")

    def _begin(self, *, make: bool) -> None:
        """Start a transaction in the file or in memory; none where there is no file and none is to be made."""
        self._try_again()
        if self._memory is None:
            try:
                self._find()
                if self._memory is None and self._file is None:
                    if not make:
                        return
                    self._make()
                if self._memory is None:
                    connection = self._mine()
                    connection.execute("BEGIN IMMEDIATE")
                    self._active = connection
                    return
            except (sqlite3.Error, OSError) as error:
                self._fall(trust.as_problem(error))
        self._active = self._memory
        self._active.execute("BEGIN")

    def _do(self, work: Callable[[sqlite3.Connection], T]) -> T:
        if not self._is_stamped and not self._works:
            self._do_one(self._stamp)
        return self._do_one(work)

    def _do_one(self, work: Callable[[sqlite3.Connection], T]) -> T:
        assert self._active is not None
        try:
            done = work(self._active)
        except sqlite3.Error as error:
            if self._memory is not None or not is_storage(error):
                raise
            self._retreat(error)
            done = work(self._active)
        self._works.append(work)
        return done

    def _commit(self) -> None:
        if self._active is None:
            return
        try:
            self._active.execute("COMMIT")
        except sqlite3.Error as error:
            if self._memory is not None:
                raise
            self._retreat(error)
            self._active.execute("COMMIT")
        self._is_stamped = self._is_stamped or bool(self._works)
        if self._memory is not None:
            self._unsaved += self._works
            self.revision += 1
        self._active = None
        self.look()

    def _retreat(self, error: sqlite3.Error) -> None:
        """Do in memory what a transaction has done so far in the file."""
        assert self._active is not None
        with suppress(sqlite3.Error):
            self._active.execute("ROLLBACK")
        self._fall(error)
        assert self._memory is not None
        self._active = self._memory
        self._active.execute("BEGIN")
        for work in self._works:
            work(self._active)

    def _stamp(self, connection: sqlite3.Connection) -> None:
        """Write what the journal is about, as of now."""
        for name, value in (("title", self.about.title[:200]), ("fingerprint", self.about.fingerprint)):
            connection.execute(
                "INSERT INTO meta (name, value) VALUES (?, ?) "
                "ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE value <> excluded.value",
                (name, value),
            )

    # The file -----------------------------------------------------------------------------------------

    def _find(self) -> None:
        """Open the file where it has come up, and notice where it has gone or is another one."""
        if self._memory is not None:
            return
        there = _identity(self.path)
        if there == self._file:
            return
        if there is None:
            self._fall(FileNotFoundError("it was moved or deleted while it was open"))
            return
        self._detach()
        try:
            trust.inspect(self.path)
            self._attach()
        except (sqlite3.Error, OSError, trust.JournalError) as error:
            self._fall(error)

    def _make(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        connect(self.path, "rwc").close()
        self._attach()

    def _attach(self) -> None:
        """Use the file from now on, brought to the newest version."""
        with suppress(AttributeError):
            del self._local.connection
        connection = self._mine()
        connection.execute("BEGIN IMMEDIATE")
        if version_of(connection) != trust.VERSION():
            migrate(connection)
        connection.execute("COMMIT")
        choose_log(connection)
        self._file = _identity(self.path)
        self._watch = connect(self.path, "rw", busy=0)
        self._connections.add(self._watch)
        self._data_version = self._watch.execute("PRAGMA data_version").fetchone()[0]
        self.warnings = trust.warnings(connection, self.path, self.about)
        self.revision += 1

    def _detach(self) -> None:
        self._opened += 1
        self._file = self._watch = None

    def _mine(self) -> Connection:
        """Return this thread's connection."""
        opened, connection = getattr(self._local, "connection", (None, None))
        if connection is not None and (opened != self._opened or not is_ours(connection)):
            connection = None
        if connection is None:
            connection = connect(self.path, "rw")
            self._connections.add(connection)
            self._local.connection = (self._opened, connection)
        return connection

    def _nothing(self) -> sqlite3.Connection:
        """Return an empty journal in memory, for reading."""
        if self._blank is None:
            self._blank = in_memory()
            migrate(self._blank)
        return self._blank

    # Memory -------------------------------------------------------------------------------------------

    def _fall(self, error: Exception) -> None:
        """Go on in memory, with what can be read of the file."""
        if self._memory is not None:
            return
        memory = in_memory()
        migrate(memory)
        own = getattr(self._local, "connection", (None, None))[1]
        trust.rescue(self.path, own if self._file else None, memory)
        self.problem = sentence(self.path, error)
        self._is_locked = is_locked(error)
        self._memory = memory
        self._detach()
        self.revision += 1

    def _try_again(self) -> None:
        """Go back to a file that was merely locked, as soon as nobody holds it."""

    def save_as(self, path: str | os.PathLike[str]) -> None:
        """Write all to another file, and go on there."""
        target = Path(os.path.abspath(Path(path).expanduser()))
        with self.lock:
            descriptor = os.open(target, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o666)
            os.close(descriptor)
            source = self._memory or (self._mine() if self._file else self._nothing())
            written = connect(target, "rw")
            source.backup(written)
            written.close()
            self._detach()
            self.path, self.lock = target, lock_of(target)
            self._memory, self.problem, self._unsaved = None, None, []
            self._attach()

    def close(self) -> None:
        """Close all connections to the file; a later use opens it anew."""
        with self.lock:
            self._detach()
            _close(self._connections)


def _identity(path: Path) -> tuple[int, int] | None:
    """Return what the file system knows a file as; None where there is none, or an empty one."""
    try:
        found = path.stat()
    except OSError:
        return None
    return (found.st_dev, found.st_ino) if found.st_size else None


def _close(connections: weakref.WeakSet[Connection]) -> None:
    for connection in list(connections):
        if is_ours(connection):
            connection.close()
