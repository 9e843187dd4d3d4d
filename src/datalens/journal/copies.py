"""Copies of a journal's file: to read what can't be opened in place, and to go on elsewhere."""

from __future__ import annotations

import os
import sqlite3
import sys
from contextlib import closing, suppress
from typing import TYPE_CHECKING

from datalens.journal.connections import connect

if TYPE_CHECKING:
    from pathlib import Path


#: Files that were read beside SQLite, by what the file system knows them as.
_KEPT: dict[tuple[int, int], list[int]] = {}
CHUNK = 2**24


def copied(path: Path, folder: Path) -> sqlite3.Connection:
    """Open a copy of a journal with the logs beside it: what can't be opened in place may be readable elsewhere.

    Byte by byte, and not through SQLite: a process that was killed may have left a first page that tells of pages
    not written yet, which only the log beside it can undo.
    """
    copy = folder / "copy.sqlite"
    copy.write_bytes(_content(path))
    for log in ("-wal", "-journal"):
        beside = path.with_name(path.name + log)
        with suppress(FileNotFoundError):
            copy.with_name(copy.name + log).write_bytes(beside.read_bytes())
    return connect(copy, "rw")


def _content(path: Path) -> bytes:
    """Return the bytes of a file that connections of this process may have open.

    When a process closes a file, POSIX drops all of its locks on that file, those of its other descriptors too: so
    this one stays open, one for each file.
    """
    if sys.platform == "win32":
        return path.read_bytes()
    found = path.stat()
    identity = found.st_dev, found.st_ino
    if identity not in _KEPT:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        about = os.fstat(descriptor)
        identity = about.st_dev, about.st_ino
        _KEPT.setdefault(identity, []).append(descriptor)
    descriptor, content = _KEPT[identity][0], bytearray()
    while part := os.pread(descriptor, CHUNK, len(content)):
        content += part
    return bytes(content)


def write_copy(source: sqlite3.Connection, target: Path) -> None:
    """Write all that a connection sees to a new file.

    Parameters
    ----------
    source : sqlite3.Connection
        A journal.
    target : pathlib.Path
        A file that is not there yet.

    Raises
    ------
    FileExistsError
        When it is there.
    OSError
        When it can't be written.
    """
    try:
        # No file that is there is ever opened for writing.
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o666))
    except FileExistsError as error:
        msg = f"There already is a file {target}: name one that is not there yet."
        raise FileExistsError(msg) from error
    except OSError as error:
        msg = f"The journal {target} can't be made ({error.strerror}): look whether its folder is there and may be written."
        raise OSError(msg) from error
    try:
        with closing(connect(target, "rw")) as written:
            source.backup(written)
    except sqlite3.Error as error:
        target.unlink()
        msg = f"The journal {target} can't be written ({error}): choose another place, or make room."
        raise OSError(msg) from error
