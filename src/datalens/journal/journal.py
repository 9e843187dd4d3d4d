"""The journal of one dataset: what a person did, kept on disk the moment that it is done."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeVar

from datalens.core.keys import SURROGATES
from datalens.journal import marks, selections
from datalens.journal.codec import encode, encode_many
from datalens.journal.schema import MAX_NAME, MAX_NOTE, MAX_SETTING, MAX_TEXT
from datalens.journal.store import About, Store

T = TypeVar("T")

if TYPE_CHECKING:
    import os
    import sqlite3
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path
    from types import TracebackType

    from datalens.core.keys import Identity
    from datalens.journal.marks import Marks, TagStyle
    from datalens.journal.places import Place
    from datalens.journal.selections import SavedSelection

#: Characters of a tag's or a selection's name: it has to be read in a list.
MAX_TAG = 200


class Journal:
    """Tags, notes, stars, saved selections and settings of one dataset, in one SQLite file.

    What a method changed is on disk when it returns, where `is_saved` is True. All methods may be called from any
    thread; other processes may have the same file open, and their changes are seen.

    Attributes
    ----------
    path : pathlib.Path
        The file.
    is_saved : bool
        False where work goes on in memory, since the file can't be used; `problem` says why.
    problem : str or None
        One sentence or two on what is wrong with the file, and what to do.
    warnings : list of str
        What to know about the file, though it is in use: that the data has changed since, say.
    revision : int
        Counts up with each change that was seen, by whoever made it.

    Examples
    --------
    >>> import tempfile
    >>> from datalens.core.keys import Identity
    >>> from datalens.journal import Journal, place_in
    >>> place = place_in(tempfile.mkdtemp(), "reviews")
    >>> with Journal.open(
    ...     place, title="reviews", identity=Identity("column", ("id",)), fingerprint="f0"
    ... ) as journal:
    ...     journal.tag(["a", "b"], "boilerplate")
    ...     journal.marks().tags
    2
    (['a', 'b'], ['boilerplate', 'boilerplate'])
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._told = store.revision

    @classmethod
    def open(cls, place: Place, *, title: str, identity: Identity, fingerprint: str) -> Journal:
        """Open the journal at a place, or prepare one: no file is made before the first change.

        Parameters
        ----------
        place : Place
            Where it is or will be.
        title : str
            What the dataset is called.
        identity : Identity
            What its rows are named by. Marks on rows that were named by something else are kept, and not shown.
        fingerprint : str
            A hash of the data: where it has changed, `warnings` says so.

        Returns
        -------
        Journal
            Never raises for what is wrong with the file: `problem` says it, and work goes on in memory.
        """
        return cls(Store(place.path, About(title, identity, fingerprint)))

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<journal {self.path}{'' if self.is_saved else ', in memory'}>"

    # Where it is --------------------------------------------------------------------------------------

    @property
    def path(self) -> Path:
        """The file."""
        return self._store.path

    @property
    def is_saved(self) -> bool:
        """Whether changes go to the file; False where work goes on in memory."""
        return self._store.is_saved

    @property
    def problem(self) -> str | None:
        """What is wrong with the file, and what to do; None where nothing is."""
        return self._store.problem

    @property
    def warnings(self) -> list[str]:
        """What to know about the file, though it is in use."""
        return list(self._store.warnings)

    @property
    def revision(self) -> int:
        """How many changes were seen, by whoever made them."""
        return self._store.revision

    def changed(self) -> bool:
        """Say whether anyone, in this process or another, has changed anything since the last call."""
        self._store.look()
        revision = self._store.revision
        told, self._told = self._told, revision
        return told != revision

    def save_as(self, path: str | os.PathLike[str]) -> None:
        """Write all of it to another file, and go on there.

        Parameters
        ----------
        path : str or path-like
            A file that is not there yet. The journal's own file is tried again: what was done in memory is added
            to what it holds.

        Raises
        ------
        FileExistsError
            When there is another file: none is ever overwritten.
        OSError
            When it can't be written; all stays as it was.
        """
        self._store.save_as(path)

    def close(self) -> None:
        """Close the file. Everything is on disk already; what is only in memory is lost."""
        self._store.close()

    def transaction(self) -> AbstractContextManager[None]:
        """Return a context in which several changes become one: all of them are kept, or on an error none."""
        return self._store.transaction()

    # Marks --------------------------------------------------------------------------------------------

    def tag(self, keys: Sequence[Any], tag: str) -> int:
        """Tag rows.

        Parameters
        ----------
        keys : sequence of keys
            The rows.
        tag : str
            The tag's name.

        Returns
        -------
        int
            How many rows had not this tag before.

        Raises
        ------
        TypeError, ValueError
            When a key or the name can't be stored.
        """
        texts, tag = encode_many(keys), _name(tag, "tag")
        return self._marks(lambda connection, naming: marks.add_tag(connection, naming, texts, tag))

    def untag(self, keys: Sequence[Any], tag: str | None) -> int:
        """Take a tag off rows, or (with None) all tags; returns how many rows had one."""
        texts = encode_many(keys)
        return self._marks(lambda connection, naming: marks.remove_tag(connection, naming, texts, tag))

    def note(self, key: Any, text: str | None) -> bool:
        """Write a row's note in place of the one it has, or (with None or nothing) remove it.

        Returns
        -------
        bool
            Whether that changed anything.
        """
        name = encode(key)
        said = None if text is None else _text(text, "A note", MAX_NOTE) or None
        return self._marks(lambda connection, naming: marks.set_note(connection, naming, name, said))

    def star(self, keys: Sequence[Any], on: bool = True) -> int:  # noqa: FBT001, FBT002 - reads well at a call
        """Give rows a star, or take it; returns how many that changed."""
        return self._flag("star", keys, on=on)

    def see(self, keys: Sequence[Any], on: bool = True) -> int:  # noqa: FBT001, FBT002
        """Mark rows as looked at, or not; returns how many that changed."""
        return self._flag("seen", keys, on=on)

    def _flag(self, flag: str, keys: Sequence[Any], *, on: bool) -> int:
        texts = encode_many(keys)
        return self._marks(lambda connection, naming: marks.set_flag(connection, naming, flag, texts, on=on))

    def _marks(self, work: Callable[[sqlite3.Connection, int], T]) -> T:
        return self._store.write(
            lambda connection: work(connection, self._store.naming(connection, make=True))
        )

    def marks(self) -> Marks:
        """Return all marks on rows that are named as they are now."""
        return self._store.read(
            lambda connection: marks.read_marks(connection, self._store.naming(connection))
        )

    def tag_styles(self) -> list[TagStyle]:
        """Return all tags with colour, key and count, in the order in which they first came up."""
        return self._store.read(
            lambda connection: marks.read_styles(connection, self._store.naming(connection))
        )

    def set_tag_style(self, tag: str, *, color: str | None, digit: int | None) -> None:
        """Set a tag's colour and its key.

        Parameters
        ----------
        tag : str
            The tag; it need not be on any row yet.
        color : str or None
            A colour as the views write it.
        digit : int or None
            1 to 9: a tag that had this key loses it.
        """
        tag = _name(tag, "tag")
        if digit is not None and (type(digit) is not int or not 1 <= digit <= 9):  # noqa: PLR2004
            msg = f"The key of a tag is one of 1 to 9, not {digit!r}."
            raise ValueError(msg)
        if color is not None:
            color = _text(color, "A colour", MAX_NAME)
        self._store.write(lambda connection: marks.style_tag(connection, tag, color, digit))

    def rename_tag(self, old: str, new: str) -> None:
        """Give a tag another name; where there is a tag of that name, the two become one.

        Raises
        ------
        KeyError
            When there is no tag `old`.
        """
        new = _name(new, "tag")
        self._store.write(lambda connection: marks.rename_tag(connection, old, new))

    def delete_tag(self, tag: str) -> int:
        """Take a tag off all rows and forget its colour and key; returns how many rows had it."""
        return self._store.write(lambda connection: marks.delete_tag(connection, tag))

    # Selections and settings --------------------------------------------------------------------------

    def selections(self) -> list[SavedSelection]:
        """Return all saved selections, in the order in which their names first came up."""
        return self._store.read(selections.read_selections)

    def save(self, saved: SavedSelection) -> None:
        """Store a selection, in place of one of the same name."""
        _name(saved.name, "saved selection")
        for text, what, most in (
            (saved.predicate, "A predicate", MAX_TEXT),
            (saved.note, "A note", MAX_NOTE),
            (saved.author, "An author's name", MAX_NAME),
        ):
            _text(text, what, most)
        self._store.write(
            lambda connection: selections.write_selection(
                connection, saved, self._store.naming(connection, make=True)
            )
        )

    def delete(self, name: str) -> None:
        """Forget a saved selection.

        Raises
        ------
        KeyError
            When there is none of that name.
        """
        self._store.write(lambda connection: selections.delete_selection(connection, name))

    def rename(self, old: str, new: str) -> None:
        """Give a saved selection another name.

        Raises
        ------
        KeyError
            When there is none of the old name.
        ValueError
            When there is one of the new name.
        """
        new = _name(new, "saved selection")
        self._store.write(lambda connection: selections.rename_selection(connection, old, new))

    def settings(self) -> dict[str, Any]:
        """Return the settings of the views: JSON values by name."""
        return self._store.read(selections.read_settings)

    def set_setting(self, name: str, value: Any) -> None:
        """Store a setting of a view: any JSON value, or None to remove it."""
        name = _name(name, "setting")
        text = None
        if value is not None:
            text = _text(json.dumps(value, allow_nan=False, separators=(",", ":")), "A setting", MAX_SETTING)
        self._store.write(lambda connection: selections.write_setting(connection, name, text))


def _name(name: str, what: str) -> str:
    """Return a name without spaces around it, or say what is wrong with it."""
    if not isinstance(name, str):
        msg = f"The name of a {what} is text, not {type(name).__name__}."
        raise TypeError(msg)
    name = name.strip()
    if not name or len(name) > MAX_TAG or SURROGATES.search(name) or not name.isprintable():
        msg = f"The name of a {what} is one line of 1 to {MAX_TAG} characters that can be printed, not {name[:60]!r}."
        raise ValueError(msg)
    return name


def _text(text: str, what: str, most: int) -> str:
    """Return text that SQLite can hold, or say that it is too long."""
    if not isinstance(text, str):
        msg = f"{what} is text, not {type(text).__name__}."
        raise TypeError(msg)
    text = SURROGATES.sub("\ufffd", text)
    if len(text.encode()) > most:
        msg = f"{what} has at most {most:,} bytes, not {len(text.encode()):,}."
        raise ValueError(msg)
    return text
