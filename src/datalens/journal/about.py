"""The dataset that a journal is about, as it is now and as it was when the journal was written."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from datalens.core.words import plural
from datalens.journal.names import check_text
from datalens.journal.schema import MAX_NAME
from datalens.journal.selections import is_readable, read_identity

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

    from datalens.core.keys import Identity

#: Characters of a title that are kept, for a person who opens the file with other tools.
TITLE_LENGTH = 200
SHOWN_NAMINGS = 3


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
        """What makes two keys comparable, as JSON: how rows are named, and not which file they are in today.

        A row's number in a file of another length is the number of another row.
        """
        named: dict[str, Any] = {"scheme": self.identity.scheme, "columns": list(self.identity.columns)}
        if self.identity.scheme == "row":
            named["rows"] = self.identity.rows
        return json.dumps(named)


def stamp(connection: sqlite3.Connection, about: About) -> None:
    """Write what a journal is about, as of now."""
    title = check_text(about.title[:TITLE_LENGTH], "A title", MAX_NAME)
    for name, value in (("title", title), ("fingerprint", about.fingerprint)):
        connection.execute(
            "INSERT INTO meta (name, value) VALUES (?, ?) "
            "ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE value <> excluded.value",
            (name, value),
        )


def warnings(connection: sqlite3.Connection, path: Path, about: About) -> list[str]:
    """Return what to know about a journal that was written about other data, or other names of rows."""
    said = []
    found = connection.execute("SELECT value FROM meta WHERE name = 'fingerprint'").fetchone()
    if found and found[0] != about.fingerprint:
        if about.identity.scheme == "row":
            how = (
                "Rows are named by their number in the file, so look whether the marks still are at the right ones; "
                "a column of unique values as key= keeps them there."
            )
        else:
            how = f"Marks stay with the rows of the same {_named(about.identity)}."
        said.append(f"The data has changed since the journal {path.name} was written. {how}")
    others = connection.execute(
        "SELECT identity, count(*) FROM naming JOIN marked ON marked.naming = naming.id WHERE identity <> ? AND ("
        "EXISTS (SELECT 1 FROM tagging WHERE marked = marked.id) OR EXISTS (SELECT 1 FROM note WHERE marked = marked.id) "
        "OR EXISTS (SELECT 1 FROM star WHERE marked = marked.id)) GROUP BY identity LIMIT ?",
        (about.naming, SHOWN_NAMINGS),
    )
    for name, predicate in connection.execute("SELECT name, predicate FROM selection"):
        if not is_readable(predicate):
            said.append(
                f"The saved selection {name!r} in the journal {path.name} can't be read by this DataLens, as if a newer "
                "one had written it: it is left out here, and kept."
            )
    for text, count in others:
        identity = read_identity(text)
        if identity.scheme == about.identity.scheme == "row":
            said.append(
                f"The journal {path.name} has marks on {plural(count, 'row')} by their number in a file of "
                f"{plural(identity.rows, 'row')}; it has {about.identity.rows:,} now, so they would stand at other rows: "
                "they are kept, and not shown. A column of unique values as key= would hold them."
            )
            continue
        remedy = (
            f"dl.Lens(data, key={identity.columns[0]!r})"
            if identity.scheme == "column"
            else "dl.Lens(data) without key="
        )
        said.append(
            f"The journal {path.name} has marks on {plural(count, 'row')} that were named by {_named(identity)}, and now "
            f"rows are named by {_named(about.identity)}: {remedy} shows them. They are kept."
        )
    return said


def _named(identity: Identity) -> str:
    if identity.scheme == "column":
        return f"column {identity.columns[0]!r}"
    return "number" if identity.scheme == "row" else "content"
