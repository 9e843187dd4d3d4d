"""Tags, notes, stars and what was looked at, in the tables of a journal."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from datalens.journal.codec import decode_many
from datalens.journal.names import missing_name

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

#: Tables that hold nothing but which rows.
FLAGS = ("star", "seen")

#: In the order of keys, as the index over `marked` is: that is a walk along both instead of a search for each row.
_GIVEN = "CREATE TEMP TABLE IF NOT EXISTS given (key TEXT PRIMARY KEY) WITHOUT ROWID"
_ROWS = "SELECT marked.id FROM temp.given CROSS JOIN marked ON marked.naming = ? AND marked.key = given.key"


@dataclass(frozen=True)
class Marks:
    """All marks on the rows of a dataset.

    Attributes
    ----------
    tags : tuple of (list of keys, list of str)
        Each tag on each row, side by side. The tags of a row are in the order in which it got them.
    notes : dict of key to str
        The notes.
    stars, seen : list of keys
        The rows with a star, and those that were looked at.
    """

    tags: tuple[list[Any], list[str]] = field(default_factory=lambda: ([], []))
    notes: dict[Any, str] = field(default_factory=dict)
    stars: list[Any] = field(default_factory=list)
    seen: list[Any] = field(default_factory=list)


@dataclass(frozen=True)
class TagStyle:
    """How a tag is shown.

    Attributes
    ----------
    tag : str
        Its name.
    color : str or None
        As the view that set it writes colours.
    digit : int or None
        The key, 1 to 9, that sets it.
    count : int
        How many rows have it.
    """

    tag: str
    color: str | None
    digit: int | None
    count: int


def renew(connection: sqlite3.Connection) -> None:
    """Name the present marks anew: who knows them under another name has to read them again."""
    connection.execute(
        "INSERT INTO meta (name, value) VALUES ('marks', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (secrets.token_hex(8),),
    )


def read_version(connection: sqlite3.Connection) -> str | None:
    """Return what the present marks are called; None before the first."""
    found = connection.execute("SELECT value FROM meta WHERE name = 'marks'").fetchone()
    return found[0] if found else None


def naming_of(connection: sqlite3.Connection, identity: str, *, make: bool = False) -> int:
    """Return the number of what names the rows; 0 where no row was ever named so."""
    if make:
        connection.execute("INSERT OR IGNORE INTO naming (identity) VALUES (?)", (identity,))
    found = connection.execute("SELECT id FROM naming WHERE identity = ?", (identity,)).fetchone()
    return found[0] if found else 0


def _give(connection: sqlite3.Connection, keys: Sequence[str], naming: int, *, make: bool) -> None:
    """Put keys where statements about many rows find them; a million go in several times as fast when sorted."""
    connection.execute(_GIVEN)
    connection.execute("DELETE FROM temp.given")
    connection.executemany("INSERT OR IGNORE INTO temp.given (key) VALUES (?)", zip(keys))
    if make:
        connection.execute(
            "INSERT OR IGNORE INTO marked (naming, key) SELECT ?, key FROM temp.given", (naming,)
        )


def _change(connection: sqlite3.Connection, statement: str, values: Sequence[Any]) -> int:
    count = connection.execute(statement, values).rowcount
    connection.execute("DELETE FROM temp.given")
    return count


def add_tag(connection: sqlite3.Connection, naming: int, keys: Sequence[str], tag: str) -> int:
    """Tag rows; returns how many had not the tag before."""
    number = tag_number(connection, tag, make=True)
    _give(connection, keys, naming, make=True)
    statement = f"INSERT OR IGNORE INTO tagging (tag, marked) SELECT ?, id FROM ({_ROWS})"  # noqa: S608
    return _change(connection, statement, (number, naming))


def remove_tag(connection: sqlite3.Connection, naming: int, keys: Sequence[str], tag: str | None) -> int:
    """Take a tag, or all tags, off rows; returns how many rows had one."""
    _give(connection, keys, naming, make=False)
    which = "" if tag is None else " AND tag = ?"
    values = [naming] if tag is None else [naming, tag_number(connection, tag)]
    rows = f"FROM tagging WHERE marked IN ({_ROWS}){which}"
    count = connection.execute(f"SELECT count(DISTINCT marked) {rows}", values).fetchone()[0]
    connection.execute(f"DELETE {rows}", values)
    return int(count)


def set_flag(connection: sqlite3.Connection, naming: int, flag: str, keys: Sequence[str], *, on: bool) -> int:
    """Set or clear the star or "looked at" of rows; returns how many that changed."""
    _give(connection, keys, naming, make=on)
    if on:
        statement = f"INSERT OR IGNORE INTO {flag} (marked) {_ROWS}"
    else:
        statement = f"DELETE FROM {flag} WHERE marked IN ({_ROWS})"  # noqa: S608
    return _change(connection, statement, (naming,))


def set_note(connection: sqlite3.Connection, naming: int, key: str, text: str | None) -> bool:
    """Write, replace or (with None) remove a row's note; returns whether that changed anything."""
    _give(connection, [key], naming, make=text is not None)
    if text is None:
        return bool(_change(connection, f"DELETE FROM note WHERE marked IN ({_ROWS})", (naming,)))  # noqa: S608
    statement = (
        f"INSERT INTO note (marked, text) SELECT id, ? FROM ({_ROWS}) WHERE true "  # noqa: S608
        "ON CONFLICT (marked) DO UPDATE SET text = excluded.text WHERE text <> excluded.text"
    )
    return bool(_change(connection, statement, (text, naming)))


def tag_number(connection: sqlite3.Connection, tag: str, *, make: bool = False) -> int:
    """Return the number of a tag; 0 where there is none of that name."""
    if make:
        connection.execute("INSERT OR IGNORE INTO tag (name) VALUES (?)", (tag,))
    found = connection.execute("SELECT id FROM tag WHERE name = ?", (tag,)).fetchone()
    return found[0] if found else 0


def style_tag(connection: sqlite3.Connection, tag: str, color: str | None, digit: int | None) -> None:
    """Set how a tag is shown; a digit that another tag had is taken from it."""
    number = tag_number(connection, tag, make=True)
    connection.execute("UPDATE tag SET digit = NULL WHERE digit = ? AND id <> ?", (digit, number))
    connection.execute("UPDATE tag SET color = ?, digit = ? WHERE id = ?", (color, digit, number))


def rename_tag(connection: sqlite3.Connection, old: str, new: str) -> None:
    """Give a tag another name; where there is one of that name, they become one."""
    number, other = existing_tag(connection, old), tag_number(connection, new)
    if number == other:
        return
    if not other:
        connection.execute("UPDATE tag SET name = ? WHERE id = ?", (new, number))
        return
    connection.execute("UPDATE OR IGNORE tagging SET tag = ? WHERE tag = ?", (other, number))
    delete_tag(connection, old)


def delete_tag(connection: sqlite3.Connection, tag: str) -> int:
    """Take a tag off all rows and forget it; returns how many had it."""
    number = existing_tag(connection, tag)
    count = connection.execute("DELETE FROM tagging WHERE tag = ?", (number,)).rowcount
    connection.execute("DELETE FROM tag WHERE id = ?", (number,))
    return count


def existing_tag(connection: sqlite3.Connection, tag: str) -> int:
    """Return the number of a tag, or raise a `MissingNameError`."""
    if number := tag_number(connection, tag):
        return number
    raise missing_name(tag, connection.execute("SELECT name FROM tag ORDER BY id"), what="tag")


def read_marks(connection: sqlite3.Connection, naming: int) -> Marks:
    """Return all marks on rows that are named in one way.

    Raises
    ------
    ValueError
        When a key is not as journals write it.
    """
    marked = connection.execute("SELECT id, key FROM marked WHERE naming = ?", (naming,)).fetchall()
    # In Python a million rows are put together in half the time of a JOIN, and each key is one object.
    keys = dict(zip((row for row, _ in marked), decode_many([text for _, text in marked]), strict=True))
    names = dict(connection.execute("SELECT id, name FROM tag").fetchall())
    tagged = [
        (keys[row], names[tag])
        for row, tag in connection.execute("SELECT marked, tag FROM tagging ORDER BY id").fetchall()
        if row in keys and tag in names
    ]
    notes = connection.execute("SELECT marked, text FROM note")
    stars, seen = (
        [keys[row] for (row,) in connection.execute(f"SELECT marked FROM {flag}") if row in keys]  # noqa: S608
        for flag in FLAGS
    )
    return Marks(
        ([key for key, _ in tagged], [tag for _, tag in tagged]),
        {keys[row]: text for row, text in notes if row in keys},
        stars,
        seen,
    )


def read_styles(connection: sqlite3.Connection, naming: int) -> list[TagStyle]:
    """Return all tags, in the order in which they first came up."""
    statement = "SELECT tag, count(*) FROM tagging JOIN marked ON marked.id = tagging.marked WHERE naming = ? GROUP BY tag"
    counts = dict(connection.execute(statement, (naming,)).fetchall())
    styles = connection.execute("SELECT id, name, color, digit FROM tag ORDER BY id")
    return [TagStyle(name, color, digit, counts.get(number, 0)) for number, name, color, digit in styles]
