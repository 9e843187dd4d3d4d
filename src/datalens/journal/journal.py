"""The journal of one dataset: what a person did, kept on disk the moment that it is done."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeVar

from datalens.core.fingerprint import fingerprint as fingerprint_of
from datalens.journal import marks, selections
from datalens.journal.about import About
from datalens.journal.codec import encode, encode_many
from datalens.journal.names import check_color, check_digit, check_name, check_text
from datalens.journal.schema import MAX_NOTE, MAX_SETTING
from datalens.journal.store import Store

T = TypeVar("T")

if TYPE_CHECKING:
    import os
    import sqlite3
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    from datalens.core.keys import Identity
    from datalens.journal.marks import Marks, TagStyle
    from datalens.journal.places import Place
    from datalens.journal.selections import SavedSelection


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
        # Predicates that were read well, by hash: each is read once, however often the list is asked for.
        self._readable: dict[str, bool] = {}

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

    def __enter__(self) -> Self:
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
        texts, tag = sorted(encode_many(keys)), check_name(tag, "tag")
        if not texts:
            return 0
        return self._mark(lambda connection, naming: marks.add_tag(connection, naming, texts, tag))

    def untag(self, keys: Sequence[Any], tag: str | None) -> int:
        """Take a tag off rows, or (with None) all tags; returns how many rows had one."""
        texts = sorted(encode_many(keys))
        return self._mark(
            lambda connection, naming: marks.remove_tag(connection, naming, texts, tag), makes=False
        )

    def note(self, key: Any, text: str | None) -> bool:
        """Write a row's note in place of the one it has, or (with None or nothing) remove it.

        Returns
        -------
        bool
            Whether that changed anything.
        """
        name = encode(key)
        said = None if text is None else check_text(text, "A note", MAX_NOTE).strip() or None
        return self._mark(
            lambda connection, naming: marks.set_note(connection, naming, name, said), makes=said is not None
        )

    def star(self, keys: Sequence[Any], on: bool = True) -> int:  # noqa: FBT001, FBT002 - reads well at a call
        """Give rows a star, or take it; returns how many that changed."""
        return self._flag("star", keys, on=on)

    def see(self, keys: Sequence[Any], on: bool = True) -> int:  # noqa: FBT001, FBT002
        """Mark rows as looked at, or not; returns how many that changed."""
        return self._flag("seen", keys, on=on)

    def _flag(self, flag: str, keys: Sequence[Any], *, on: bool) -> int:
        texts = sorted(encode_many(keys))
        if not texts:
            return 0
        return self._mark(
            lambda connection, naming: marks.set_flag(connection, naming, flag, texts, on=on), makes=on
        )

    def _mark(self, work: Callable[[sqlite3.Connection, int], T], *, makes: bool = True) -> T:
        naming = self._store.naming

        def mark(connection: sqlite3.Connection) -> T:
            done = work(connection, naming(connection, make=makes))
            if done:
                marks.renew(connection)
            return done

        return self._store.write(mark, makes=makes)

    @property
    def marks_version(self) -> str | None:
        """Another one after each change of marks or tags, by whoever made it; None before the first."""
        return self._store.read(marks.read_version)

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
            Of the form ``#rrggbb``.
        digit : int or None
            1 to 9: a tag that had this key loses it.
        """
        tag = check_name(tag, "tag")
        color = None if color is None else check_color(color)
        digit = None if digit is None else check_digit(digit)

        def style(connection: sqlite3.Connection) -> None:
            marks.style_tag(connection, tag, color, digit)
            marks.renew(connection)

        self._store.write(style)

    def rename_tag(self, old: str, new: str) -> None:
        """Give a tag another name; where there is a tag of that name, the two become one.

        Raises
        ------
        MissingNameError
            When there is no tag `old`.
        """
        new = check_name(new, "tag")

        def rename(connection: sqlite3.Connection) -> None:
            marks.rename_tag(connection, old, new)
            marks.renew(connection)

        self._store.write(rename, makes=False)

    def delete_tag(self, tag: str) -> int:
        """Take a tag off all rows and forget its colour and key; returns how many rows had it.

        Raises
        ------
        MissingNameError
            When there is no such tag.
        """

        def delete(connection: sqlite3.Connection) -> int:
            count = marks.delete_tag(connection, tag)
            marks.renew(connection)
            return count

        return self._store.write(delete, makes=False)

    # Selections and settings --------------------------------------------------------------------------

    def selections(self) -> list[SavedSelection]:
        """Return all saved selections, in the order in which their names first came up.

        One whose predicate `Predicate.from_json` can't read, as of a newer DataLens, is left out; it is kept.
        """
        return [saved for saved in self._store.read(selections.read_selections) if self._is_readable(saved)]

    def _is_readable(self, saved: SavedSelection) -> bool:
        place = fingerprint_of(saved.predicate)
        if place not in self._readable:
            self._readable[place] = selections.is_readable(saved.predicate)
        return self._readable[place]

    def save(self, saved: SavedSelection) -> None:
        """Store a selection, in place of one of the same name.

        Raises
        ------
        TypeError, ValueError
            When a part of it can't be stored: the sentence says which.
        """
        saved = selections.checked(saved)
        naming = self._store.naming
        self._store.write(
            lambda connection: selections.write_selection(connection, saved, naming(connection, make=True))
        )

    def delete(self, name: str) -> None:
        """Forget a saved selection.

        Raises
        ------
        MissingNameError
            When there is none of that name.
        """
        self._store.write(lambda connection: selections.delete_selection(connection, name), makes=False)

    def rename(self, old: str, new: str) -> None:
        """Give a saved selection another name.

        Raises
        ------
        MissingNameError
            When there is none of the old name.
        ValueError
            When there is one of the new name.
        """
        new = check_name(new, "saved selection")
        self._store.write(lambda connection: selections.rename_selection(connection, old, new), makes=False)

    def settings(self) -> dict[str, Any]:
        """Return the settings of the views: JSON values by name."""
        return self._store.read(selections.read_settings)

    def set_setting(self, name: str, value: Any) -> None:
        """Store a setting of a view: any JSON value, or None to remove it."""
        name = check_name(name, "setting")
        text = None
        if value is not None:
            text = check_text(
                json.dumps(value, allow_nan=False, separators=(",", ":")), "A setting", MAX_SETTING
            )
        self._store.write(
            lambda connection: selections.write_setting(connection, name, text), makes=text is not None
        )
