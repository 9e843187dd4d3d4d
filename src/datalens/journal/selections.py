"""Saved selections and settings, in the tables of a journal."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from datalens.core.keys import Identity
from datalens.journal.codec import decode_many, encode_many, read_json
from datalens.journal.names import check_name, check_text, missing_name
from datalens.journal.schema import MAX_NAME, MAX_NOTE, MAX_SETTING, MAX_TEXT
from datalens.predicate import Predicate

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


def checked(saved: SavedSelection) -> SavedSelection:
    """Return a selection as it can be stored, or say which part of it can't.

    Raises
    ------
    TypeError, ValueError
        For names, texts and numbers that a journal does not take, and a predicate that can't be read.
    """
    Predicate.from_json(saved.predicate)
    versions = {str(name): str(version) for name, version in saved.versions.items()}
    check_text(json.dumps(versions), "What a saved selection says about versions", MAX_SETTING)
    if saved.keys is not None:
        check_text(keys_text(saved.keys), "The keys of a saved selection, as JSON,", MAX_TEXT)
    if min(saved.count, saved.total) < 0:
        msg = f"A saved selection counts rows from 0 on, not {saved.count:,} of {saved.total:,}."
        raise ValueError(msg)
    return replace(
        saved,
        name=check_name(saved.name, "saved selection"),
        predicate=check_text(saved.predicate, "A predicate", MAX_TEXT),
        note=check_text(saved.note, "A note", MAX_NOTE),
        time=check_text(saved.time, "A time", MAX_NAME),
        author=check_text(saved.author, "An author's name", MAX_NAME),
        count=int(saved.count),
        total=int(saved.total),
        versions=versions,
        fingerprint=check_text(saved.fingerprint, "A fingerprint", MAX_NAME),
    )


def is_readable(predicate: str) -> bool:
    """Say whether a predicate's JSON, which is untrusted, is one that this DataLens knows."""
    try:
        Predicate.from_json(predicate)
    except ValueError:
        return False
    return True


def keys_text(keys: list[Any]) -> str:
    """Return keys as one JSON list."""
    return f"[{','.join(encode_many(keys))}]"


def write_selection(connection: sqlite3.Connection, saved: SavedSelection, naming: int) -> None:
    """Store a selection, in place of one of the same name."""
    keys = None if saved.keys is None else keys_text(saved.keys)
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
    return SavedSelection(
        name, predicate, note, time, author, count, total, read_versions(versions),
        None if keys is None else read_keys(keys), fingerprint,
        None if identity is None else read_identity(identity),
    )  # fmt: skip


def read_versions(text: str) -> dict[str, str]:
    """Return the versions of columns in a JSON text, which is untrusted."""
    versions = read_json(text)
    if not isinstance(versions, dict) or not all(isinstance(version, str) for version in versions.values()):
        msg = "The versions of a saved selection's columns are an object of texts."
        raise ValueError(msg)
    return versions


def read_keys(text: str) -> list[Any]:
    """Return the keys in a JSON text, which is untrusted."""
    values = read_json(text)
    if not isinstance(values, list):
        msg = "The keys of a saved selection are a list."
        raise ValueError(msg)  # noqa: TRY004 - the value is wrong, not the caller
    return decode_many([json.dumps(value, separators=(",", ":")) for value in values])


def read_identity(text: str) -> Identity:
    """Return what names the rows, from a JSON text, which is untrusted."""
    identity = read_json(text)
    if not isinstance(identity, dict):
        msg = "What names the rows is an object."
        raise ValueError(msg)  # noqa: TRY004
    return Identity.from_dict(identity)


def delete_selection(connection: sqlite3.Connection, name: str) -> None:
    """Forget a saved selection, or raise a `MissingNameError`."""
    _check(connection, name)
    connection.execute("DELETE FROM selection WHERE name = ?", (name,))


def rename_selection(connection: sqlite3.Connection, old: str, new: str) -> None:
    """Give a saved selection another name, or raise: a `MissingNameError` without it, a ValueError where `new` is taken."""
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
    raise missing_name(
        name, connection.execute("SELECT name FROM selection ORDER BY id"), what="saved selection"
    )


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
