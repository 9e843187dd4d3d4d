"""Where a journal's content is: nowhere yet, in its file, or in memory where the file can't be used."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from datalens.journal import problems
from datalens.journal.about import stamp, warnings
from datalens.journal.connections import connect, file_identity, in_memory, lock_of, roll_back
from datalens.journal.copies import write_copy
from datalens.journal.marks import naming_of
from datalens.journal.openfile import OpenFile
from datalens.journal.problems import JournalError
from datalens.journal.rescue import rescue
from datalens.journal.schema import migrate
from datalens.journal.trust import check_declared, inspect

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator

    from datalens.journal.about import About

    Work = Callable[[sqlite3.Connection], Any]

T = TypeVar("T")

#: What a work raises when it is done again and another process has renamed or deleted what it is about.
GONE = (KeyError, ValueError)


class Store:
    """The content of one journal, wherever it is.

    What changes it are *works*: functions of a connection, that may be done more than once. A work that the file
    refuses is done in memory, after those of the same transaction; and what was done in memory while the file was
    locked or the disk full is done in the file as soon as that can be used.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    about : About
        The dataset.

    Attributes
    ----------
    path, about
        As given; the path is absolute.
    problem : str or None
        Why work goes on in memory.
    warnings : list of str
        What to know about the file.
    revision : int
        Counts up with each change that is seen.
    """

    def __init__(self, path: Path, about: About) -> None:
        self.path = path.absolute()
        self.about = about
        self.problem: str | None = None
        self.warnings: list[str] = []
        self.revision = 0
        self._lock = lock_of(self.path)
        self._file: OpenFile | None = None
        self._is_stamped = False
        self._memory: sqlite3.Connection | None = None
        self._blank: sqlite3.Connection | None = None
        self._is_locked = False
        self._unsaved: list[Work] = []
        self._owner: int | None = None  # the thread that has a transaction open
        self._active: sqlite3.Connection | None = None
        self._works: list[Work] = []
        with self._lock:
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
        file = self._file
        if self._memory is None and file is not None:
            # Without the lock: another thread may be writing a million tags.
            try:
                return _read_file(file, work)
            except (sqlite3.Error, OSError, ValueError) as error:
                self._fall_for(error)
        with self._lock:
            self._find()
            if self._memory is None and self._file is not None:
                return _read_file(self._file, work)
            return work(self._memory or self._nothing())

    def _fall_for(self, error: Exception) -> None:
        """Go on in memory where an error in reading is the file's; else raise it."""
        if isinstance(error, ValueError):
            error = JournalError(f"holds what no journal does ({error})")
        if not problems.is_storage(error):
            raise error
        with self._lock:
            self._fall(error)

    def look(self) -> None:
        """Count the revision up where anyone has changed the content."""
        # While another thread writes there is nothing to see: it looks itself when it is done.
        if self._owner is not None or not self._lock.acquire(blocking=False):
            return
        try:
            self._try_again()
            self._find()
            self._count_changes()
        except sqlite3.Error:
            pass  # busy: the next look sees it
        finally:
            self._lock.release()

    def _count_changes(self) -> None:
        if self._file is not None and self._file.has_changed():
            self.revision += 1

    # Writing ------------------------------------------------------------------------------------------

    def write(self, work: Callable[[sqlite3.Connection], T], *, makes: bool = True) -> T:
        """Do a work that changes the content; it is on disk when this returns, unless `is_saved` is False.

        Parameters
        ----------
        work : callable
            It changes the content of the connection that it is given, or raises before it has changed anything.
        makes : bool, default True
            Whether it can change a journal that holds nothing: only then is a file made.
        """
        with self.transaction():
            if self._active is None:
                if not makes:
                    return work(self._nothing())
                self._begin(make=True)
            if not self._is_stamped and not self._works:
                self._do(lambda connection: stamp(connection, self.about))
            return self._do(work)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Keep all that is written inside, or nothing where an error leaves the block."""
        if self._owner == threading.get_ident():
            yield
            return
        with self._lock:
            self._try_again()
            self._owner, self._works = threading.get_ident(), []
            try:
                self._begin(make=False)
                yield
                self._commit()
            finally:
                active, self._active, self._owner, self._works = self._active, None, None, []
                if active is not None:
                    roll_back(active)
        self.look()

    def _begin(self, *, make: bool) -> None:
        """Start a transaction in the file or in memory; none where there is no file and none is to be made."""
        try:
            self._find()
            if make and self._memory is None and self._file is None:
                self._make()
            if self._memory is None:
                if self._file is not None:
                    if not self._is_stamped and self._file.choose_log():  # nothing is written before
                        self.revision += 1
                    self._active = self._file.begin()
                return
        except (sqlite3.Error, OSError, JournalError) as error:
            self._fall(error)
        self._begin_in_memory()

    def _begin_in_memory(self) -> sqlite3.Connection:
        if self._memory is None:
            msg = "There is no journal in memory."
            raise RuntimeError(msg)
        self._memory.execute("BEGIN")
        self._active = self._memory
        return self._memory

    def _do(self, work: Callable[[sqlite3.Connection], T]) -> T:
        active = self._active or self._begin_in_memory()
        try:
            done = work(active)
        except sqlite3.Error as error:
            if self._memory is not None or not problems.is_storage(error):
                raise
            done = work(self._retreat(error))
        self._works.append(work)
        return done

    def _retreat(self, error: sqlite3.Error) -> sqlite3.Connection:
        """Do in memory what a transaction has done so far in the file."""
        if self._active is not None:
            roll_back(self._active)
        self._fall(error)
        memory = self._begin_in_memory()
        for work in self._works:
            with suppress(*GONE):
                work(memory)
        return memory

    def _commit(self) -> None:
        if self._active is None:
            return
        try:
            self._active.execute("COMMIT")
        except sqlite3.Error as error:
            if self._memory is not None or not problems.is_storage(error):
                raise
            self._retreat(error).execute("COMMIT")
        self._is_stamped = self._is_stamped or bool(self._works)
        if self._memory is not None and self._works:
            self._unsaved += self._works
            self.revision += 1

    # The file -----------------------------------------------------------------------------------------

    def _find(self) -> None:
        """Open the file where it has come up, and notice where it has gone or is another one."""
        if self._memory is not None:
            return
        there = file_identity(self.path)
        if there == (self._file.identity if self._file else None):
            return
        try:
            if there is None:
                msg = "was moved or deleted while it was open"
                raise JournalError(msg)  # noqa: TRY301 - one place says what becomes of it
            self._file = None
            inspect(self.path)
            file = OpenFile(self.path, there)
            self.warnings = warnings(file.connection(), self.path, self.about)
            self._file, self._is_stamped = file, False
            self.revision += 1
        except (sqlite3.Error, OSError, JournalError) as error:
            self._fall(error)

    def _make(self) -> None:
        """Make the file, whole from the first moment on, and open it."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with closing(connect(self.path, "rwc")) as connection:
            connection.execute("BEGIN IMMEDIATE")
            if not check_declared(connection):  # else another process was quicker
                migrate(connection)
            connection.execute("COMMIT")
        self._find()

    def close(self) -> None:
        """Close all connections to the file; a later use opens it anew."""
        with self._lock:
            if self._file is not None:
                self._file.close()
            self._file = None

    # Memory -------------------------------------------------------------------------------------------

    def _nothing(self) -> sqlite3.Connection:
        """Return an empty journal, for reading where there is none."""
        if self._blank is None:
            self._blank = in_memory()
            migrate(self._blank)
        return self._blank

    def _fall(self, error: Exception) -> None:
        """Go on in memory, with what can be read of the file."""
        if self._memory is not None:
            return
        memory, witness = in_memory(), None
        with suppress(sqlite3.Error):
            witness = self._file.witness() if self._file else None
        rescue(self.path, witness, memory)
        self.problem, self._is_locked = problems.sentence(self.path, error), problems.is_locked(error)
        self._memory, self._is_stamped = memory, False
        self._file = None
        self.revision += 1

    def _try_again(self) -> None:
        """Go back to a file that was merely locked, as soon as nobody holds it."""
        if self._memory is None or not self._is_locked:
            return
        with suppress(sqlite3.Error), closing(connect(self.path, "rw", busy=0)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
            self._resume()

    def _resume(self) -> None:
        """Do in the file what was done in memory; where it still can't be used, stay there."""
        memory, unsaved = self._memory, self._unsaved
        if memory is not None and file_identity(self.path) is None:
            write_copy(memory, self.path)  # it is gone, or could not be made
            unsaved = []
        self._memory, self._unsaved, self.problem = None, [], None
        self._find()
        if self._memory is not None:  # the sentence is of what is wrong now
            self._memory, self._unsaved = memory, unsaved
            return
        with self.transaction():
            for work in unsaved:
                with suppress(*GONE):
                    self.write(work)

    def save_as(self, path: str | os.PathLike[str]) -> None:
        """Write all to another file and go on there, or try this one again.

        Raises
        ------
        FileExistsError
            When there is a file.
        OSError
            When it can't be written.
        """
        if self._owner == threading.get_ident():
            msg = "save_as() can't be called inside a transaction: call it before or after."
            raise RuntimeError(msg)
        target = Path(path).expanduser().absolute()
        with self._lock:
            if target == self.path:
                if self._memory is not None:
                    self._resume()
                if self.problem is not None:
                    raise OSError(self.problem)
                return
            if self._memory is None:
                self._find()
            source = self._memory or (self._file.connection() if self._file else self._nothing())
            write_copy(source, target)
            self._file = None
            self.path, self._lock = target, lock_of(target)
            self._memory, self._unsaved, self.problem, self._is_locked = None, [], None, False
            self._find()
            self.revision += 1


def _read_file(file: OpenFile, work: Callable[[sqlite3.Connection], T]) -> T:
    connection = file.connection()
    connection.execute("BEGIN")
    try:
        return work(connection)
    finally:
        connection.execute("ROLLBACK")
