"""Copies of a journal's file: to read what can't be opened in place, and to go on elsewhere."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from typing import TYPE_CHECKING

from datalens.journal.connections import connect

if TYPE_CHECKING:
    from pathlib import Path


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
