"""Connections to a journal's file: how each is set up, and whether the file system allows the write-ahead log."""

from __future__ import annotations

import os
import sqlite3
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from datalens.journal.schema import MAX_ROW

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Seconds to wait for another process that writes. Tagging a million rows takes less.
BUSY_SECONDS = 5.0
#: Pages kept in memory, in KiB: the indexes of a million rows fit.
CACHE_KIB = 65_536
#: Bytes to which the write-ahead log shrinks after a large change.
LOG_BYTES = 16 * 2**20

#: File systems of this machine alone. The write-ahead log needs memory that all who open the file share, so on any
#: other (NFS, SMB, a folder of another machine or a container's host) the rollback journal is used.
LOCAL = frozenset(
    {"bcachefs", "btrfs", "exfat", "ext2", "ext3", "ext4", "f2fs", "jfs", "ntfs3", "overlay", "reiserfs", "tmpfs",
     "vfat", "xfs", "zfs"}
)  # fmt: skip

Mode = Literal["ro", "rw", "rwc"]


class Connection(sqlite3.Connection):
    """A connection that knows its file and its process."""

    path: Path | None = None
    process: int = 0


#: A process that was forked must neither use nor close its parent's connections: kept here, they do no harm.
_ABANDONED: list[Connection] = []
_LOCKS: dict[Path, threading.RLock] = {}


def lock_of(path: Path) -> threading.RLock:
    """Return this process's lock of a journal: all that write to one file share it."""
    return _LOCKS.setdefault(path, threading.RLock())


def connect(path: Path, mode: Mode, *, busy: float = BUSY_SECONDS) -> Connection:
    """Open a journal's file.

    Parameters
    ----------
    path : pathlib.Path
        The file; absolute.
    mode : {"ro", "rw", "rwc"}
        Read it, write it, or make it too.
    busy : float, default BUSY_SECONDS
        Seconds to wait for others.

    Raises
    ------
    sqlite3.Error
        When it can't be opened.
    """
    connection = sqlite3.connect(
        f"{path.as_uri()}?mode={mode}", uri=True, timeout=busy, isolation_level=None,
        check_same_thread=False, factory=Connection,
    )  # fmt: skip
    connection.path, connection.process = path, os.getpid()
    set_up(connection)
    return connection


def set_up(connection: sqlite3.Connection) -> None:
    """Set what every connection has: full durability, and no trust in what the file declares."""
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_ROW)
    for pragma in (
        "trusted_schema = OFF", "cell_size_check = ON", "synchronous = FULL", "temp_store = MEMORY",
        f"cache_size = -{CACHE_KIB}", f"journal_size_limit = {LOG_BYTES}",
    ):  # fmt: skip
        connection.execute(f"PRAGMA {pragma}")


def in_memory() -> sqlite3.Connection:
    """Return a new database in memory, for one lock's holders."""
    connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    set_up(connection)
    return connection


def is_ours(connection: Connection) -> bool:
    """Say whether this process opened a connection; one that came by a fork is left alone."""
    if connection.process == os.getpid():
        return True
    _ABANDONED.append(connection)
    return False


def wanted_log(path: Path) -> str:
    """Return "wal" where the file system allows the write-ahead log, else "delete"."""
    return "wal" if shares_memory(path) else "delete"


def log_of(connection: sqlite3.Connection) -> str:
    """Return the kind of log that a file has, as `PRAGMA journal_mode` says it."""
    return str(connection.execute("PRAGMA journal_mode").fetchone()[0])


def choose_log(connection: Connection, wanted: str) -> None:
    """Give a file another kind of log, unless somebody has it open: the one that it has is as safe."""
    connection.execute("PRAGMA busy_timeout = 0")
    with suppress(sqlite3.OperationalError):
        connection.execute(f"PRAGMA journal_mode = {wanted}").fetchone()
    connection.execute(f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}")


def shares_memory(path: Path) -> bool:
    """Say whether all who open a file share this machine's memory, as the write-ahead log needs.

    Only Linux tells cheaply what a path lies on; elsewhere the rollback journal is used, which is safe everywhere.
    """
    if sys.platform != "linux":
        return False
    return file_system(path.parent, mounts=Path("/proc/self/mountinfo")) in LOCAL


def file_system(folder: Path, mounts: Path) -> str:
    """Return the type of the file system that a folder is on, or nothing where that can't be told.

    Parameters
    ----------
    folder : pathlib.Path
        A folder that is there.
    mounts : pathlib.Path
        A list of mounts as in /proc/self/mountinfo.
    """
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
        device = folder.stat().st_dev
    except OSError:
        return ""
    wanted = f"{os.major(device)}:{os.minor(device)}"
    folder = folder.resolve()
    found: tuple[int, str] = (-1, "")
    for line in lines:
        fields, _, rest = line.partition(" - ")
        parts = fields.split()
        if len(parts) < 5 or not rest:  # noqa: PLR2004
            continue
        # Spaces and the like are written as octal numbers.
        point = parts[4].encode("utf-8", "surrogateescape").decode("unicode_escape")
        kind = rest.split()[0]
        if parts[2] == wanted:
            return kind
        # btrfs gives each subvolume a number of its own that no mount has: then the longest mount point counts.
        if folder.is_relative_to(point) and len(point) >= found[0]:
            found = (len(point), kind)
    return found[1]


def file_identity(path: Path) -> tuple[int, int] | None:
    """Return what the file system knows a file as; None where there is none, or an empty one."""
    try:
        found = path.stat()
    except OSError:
        return None
    return (found.st_dev, found.st_ino) if found.st_size else None


def data_version(connection: sqlite3.Connection) -> int:
    """Return a number that is another one after any other connection has changed the file."""
    return int(connection.execute("PRAGMA data_version").fetchone()[0])


def roll_back(connection: sqlite3.Connection) -> None:
    """End a transaction, if there is one, without a trace."""
    if connection.in_transaction:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")


def close_all(connections: Iterable[Connection]) -> None:
    """Close connections that this process has opened."""
    for connection in list(connections):
        if is_ours(connection):
            connection.close()
