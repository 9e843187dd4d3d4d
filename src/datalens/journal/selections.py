"""Saved selections and settings, in the tables of a journal."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from datalens.core.keys import Identity
from datalens.journal.codec import decode_many, encode_many

if TYPE_CHECKING:
    import sqlite3


@dataclass(frozen=True)
class SavedSelection:
    """A selection as it is stored.

    Attributes
    ----------
    name : str
        What it is called; unique.
    predicate : str
        The JSON of `Predicate.to_json()`: it is untrusted, and read by `Predicate.from_json` alone.
    note : str
        What the user says about it.
    time : str
        When it was saved, as ISO 8601 in UTC.
    author : str
        Who saved it.
    count, total : int
        How many rows it selected, and how many there were.
    versions : dict of str to str
        The versions of the computed columns that it mentions.
    keys : list or None
        The very rows, where it mentions computed columns.
    fingerprint : str
        Of the data when it was saved.
    identity : Identity or None
        What the keys name rows by; None until it is stored: then it is the journal's.
    """

    name: str
    predicate: str
    note: str = ""
    time: str = ""
    author: str = ""
    count: int = 0
    total: int = 0
    versions: dict[str, str] = field(default_factory=dict)
    keys: list[Any] | None = None
    fingerprint: str = ""
    identity: Identity | None = None


def write_selection(connection: sqlite3.Connection, saved: SavedSelection, naming: int) -> None:
    """Store a selection, in place of one of the same name."""
    keys = None if saved.keys is None else f"[{','.join(encode_many(saved.keys))}]"
    values = (
        saved.name, saved.predicate, saved.note, saved.time, saved.author, saved.count, saved.total,
        json.dumps(saved.versions), keys, naming, saved.fingerprint,
    )  # fmt: skip
    columns = "name, predicate, note, time, author, count, total, versions, keys, naming, fingerprint"
    updates = ", ".join(f"{name} = excluded.{name}" for name in columns.split(", ")[1:])
    connection.execute(
        f"INSERT INTO selection ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "  # noqa: S608
        f"ON CONFLICT (name) DO UPDATE SET {updates}",
        values,
    )


def read_selections(connection: sqlite3.Connection) -> list[SavedSelection]:
    """Return all saved selections, in the order in which their names first came up.

    Raises
    ------
    ValueError
        When a value is not as journals write it.
    """
    rows = connection.execute(
        "SELECT selection.name, predicate, note, time, author, count, total, versions, keys, fingerprint, identity "
        "FROM selection LEFT JOIN naming ON naming.id = selection.naming ORDER BY selection.id"
    )
    return [_selection(*row) for row in rows]


def _selection(
    name: str, predicate: str, note: str, time: str, author: str, count: int, total: int,
    versions: str, keys: str | None, fingerprint: str, identity: str | None,
) -> SavedSelection:  # fmt: skip
    named = json.loads(versions)
    if not isinstance(named, dict) or not all(isinstance(value, str) for value in named.values()):
        msg = f"The versions of the saved selection {name[:60]!r} are not texts by name."
        raise ValueError(msg)
    return SavedSelection(
        name, predicate, note, time, author, count, total, named,
        None if keys is None else _keys(keys, name), fingerprint,
        None if identity is None else Identity.from_dict(json.loads(identity)),
    )  # fmt: skip


def _keys(text: str, name: str) -> list[Any]:
    values = json.loads(text)
    if not isinstance(values, list):
        msg = f"The keys of the saved selection {name[:60]!r} are no list."
        raise ValueError(msg)  # noqa: TRY004
    return decode_many([json.dumps(value, separators=(",", ":")) for value in values])


def delete_selection(connection: sqlite3.Connection, name: str) -> None:
    """Forget a saved selection, or raise a KeyError that names those there are."""
    _check(connection, name)
    connection.execute("DELETE FROM selection WHERE name = ?", (name,))


def rename_selection(connection: sqlite3.Connection, old: str, new: str) -> None:
    """Give a saved selection another name, or raise: a KeyError without it, a ValueError where `new` is taken."""
    _check(connection, old)
    if old == new:
        return
    if connection.execute("SELECT 1 FROM selection WHERE name = ?", (new,)).fetchone():
        msg = f"There already is a saved selection {new!r}. Delete it first, or choose another name."
        raise ValueError(msg)
    connection.execute("UPDATE selection SET name = ? WHERE name = ?", (new, old))


def _check(connection: sqlite3.Connection, name: str) -> None:
    if connection.execute("SELECT 1 FROM selection WHERE name = ?", (name,)).fetchone():
        return
    names = [repr(name) for (name,) in connection.execute("SELECT name FROM selection ORDER BY id LIMIT 12")]
    there = f"There are: {', '.join(names)}." if names else "There are none yet."
    msg = f"There is no saved selection {name!r}. {there}"
    raise KeyError(msg)


def read_settings(connection: sqlite3.Connection) -> dict[str, Any]:
    """Return the settings of the views."""
    return {
        name: json.loads(value)
        for name, value in connection.execute("SELECT name, value FROM setting ORDER BY name")
    }


def write_setting(connection: sqlite3.Connection, name: str, value: str | None) -> None:
    """Store a setting as JSON; None removes it."""
    if value is None:
        connection.execute("DELETE FROM setting WHERE name = ?", (name,))
    else:
        connection.execute(
            "INSERT INTO setting (name, value) VALUES (?, ?) "
            "ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE value <> excluded.value",
            (name, value),
        )
