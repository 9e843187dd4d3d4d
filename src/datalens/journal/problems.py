"""Sentences for what can be wrong with a journal's file: which file, what, and what to do."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

#: Ends most sentences.
REMEDY = "Work goes on in memory, and is gone with the kernel: lens.journal.save_as(path) writes it to another file."
_LOCKED = (
    "is locked by another program. Work goes on in memory until that lets go, and is written to the file then; "
    "lens.journal.save_as(path) writes it to another file at once"
)
#: Python's own error for text that is no UTF-8, which has no name.
_OTHER = "holds what no journal does"
_DENIED = "can't be opened: the file or its folder forbids it"

_WHY = {
    "FULL": "can't be written: the disk is full. Make room, and lens.journal.save_as() with this same path goes on here",
    "READONLY": "can't be written: the file or its folder is read-only",
    "CANTOPEN": "can't be opened or made: look whether its folder is there and may be written",
    "PERM": _DENIED,
    "AUTH": _DENIED,
    "NOTADB": "is not an SQLite file: move it away, or name another folder with store=",
    "CORRUPT": "is damaged: put back a copy of it from a backup, or move it away",
    "IOERR": "can't be read or written: the disk or the network gave an error",
    "TOOBIG": "holds values that are larger than a journal's ever are",
}


class JournalError(Exception):
    """A journal's file can't be used; the text says what it is."""


def name_of(error: Exception) -> str:
    """Return SQLite's short name of an error, such as "BUSY", or nothing."""
    name = getattr(error, "sqlite_errorname", None) or ""
    if not name and isinstance(error, OSError):
        return "CANTOPEN"
    return str(name).removeprefix("SQLITE_").split("_")[0]


def is_locked(error: Exception) -> bool:
    """Say whether another program merely holds the file."""
    return name_of(error) in ("BUSY", "LOCKED")


def is_storage(error: Exception) -> bool:
    """Say whether an error is the file's, and not one of the caller or of DataLens."""
    if isinstance(error, (JournalError, OSError)):
        return True
    return isinstance(error, sqlite3.DatabaseError) and not isinstance(
        error, (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.InternalError)
    )


def sentence(path: Path, error: Exception) -> str:
    """Return what is wrong with a file, and what to do.

    Examples
    --------
    >>> from pathlib import Path
    >>> sentence(Path("a.sqlite"), JournalError("is of a newer DataLens"))
    'The journal a.sqlite is of a newer DataLens. Work goes on in memory, and is gone with the kernel: ...'
    """
    if is_locked(error):
        return f"The journal {path} {_LOCKED}."
    if isinstance(error, JournalError):
        why = str(error)
    else:
        said = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        why = f"{_WHY.get(name_of(error), _OTHER)} ({said})"
    return f"The journal {path} {why}. {REMEDY}"
