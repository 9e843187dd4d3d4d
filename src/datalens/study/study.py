"""One dataset under study: its columns, what is selected, which row is read. No view, no browser."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any

from datalens.core.errors import UnfitError, missing_column
from datalens.core.keys import SURROGATES, Identity, missing_row
from datalens.study.conditions import Conditions
from datalens.study.marks import MarkColumn, Marks
from datalens.study.roles import GivenRoles, Roles, find_roles
from datalens.study.store import Store
from datalens.table.columns import SAMPLE_ROWS, Description, describe, is_wide

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    import numpy as np
    import pyarrow as pa

    from datalens.journal import Journal
    from datalens.predicate import Predicate
    from datalens.space.search import Search
    from datalens.study.derived import Derived
    from datalens.study.sampling import Origin
    from datalens.study.saved import Selections
    from datalens.table.colors import Scale
    from datalens.table.convert import AsText
    from datalens.table.source import Source

    Mask = np.ndarray[Any, np.dtype[np.bool_]]
    Ordinals = np.ndarray[Any, np.dtype[np.int64]]


class Study(Conditions):
    """The state that all views of one dataset share. Every public method may be called from any thread.

    Parameters
    ----------
    source : Source
        The rows.
    roles : dict of str to (str, None or False), or Roles
        The columns that the user gave for each role; None is guessed, False is not. Ready roles are taken as
        they are.
    store : Store or pathlib.Path, optional
        The folder of the journal; or another study's store, to share its journal.

    Attributes
    ----------
    lock, revision, running
        As `Events` has them.
    history, focus
        As `Conditions` has them.
    store : Store
        Where the journal is.
    marks : Marks
        Tags, notes, stars and what was looked at; they are among `derived` once there are some.
    origin : Origin or None
        What this is a sample of; None where it is all of the data.
    """

    def __init__(self, source: Source, roles: GivenRoles | Roles, store: Store | Path | None = None) -> None:
        super().__init__(source.rows)
        self.source = source
        self.rows = source.rows
        self.derived: dict[str, Derived] = {}
        self._descriptions: dict[tuple[str, str | None], Description] = {}
        self._placed: dict[tuple[str, str | None, str, str | None], int] = {}
        self._orders: dict[tuple[tuple[str, str | None, bool], ...], Ordinals] = {}
        self._ordinal_of_key: dict[Any, int] | None = None
        self.searches: dict[tuple[str, str], tuple[str | None, Search]] = {}  # of neighbours.py, by version
        # Columns that are shown and compared as text in place of their values; only frames can hold such.
        self.as_text: dict[str, AsText] = getattr(source, "as_text", {})
        self.origin: Origin | None = None
        self.roles = roles if isinstance(roles, Roles) else find_roles(roles, source)
        if not isinstance(roles, Roles) and "key" in self.roles.guessed:
            # Nobody has asked for a key yet, so that rows have one name only.
            source.identity = Identity("column", (self.roles.columns["key"],))
        self.store = store if isinstance(store, Store) else Store(source, store)
        self.marks = Marks(self)
        self._hear_store()
        self._selections: Selections | None = None

    # The journal --------------------------------------------------------------------------------------

    @property
    def journal(self) -> Journal:
        """What a person did to the data, kept on disk; opened at the first call. Write by ``store.writing()``."""
        return self.store.journal

    @property
    def selections(self) -> Selections:
        """The saved selections."""
        from datalens.study.saved import Selections

        with self.lock:
            if self._selections is None:
                self._selections = Selections(self)
            return self._selections

    def journal_changed(self) -> None:
        """Follow, and tell the views, after this or another notebook has changed the journal."""
        self.marks.refresh()
        self.tell_changed()

    def look(self) -> None:
        """Take in what other notebooks have changed, at once: views that are open wait for a second at most."""
        self.store.look()
        if self.marks.refresh():
            self.tell_changed()

    def _hear_store(self) -> None:
        # The store of a whole outlives its samples.
        study = weakref.ref(self)

        def hear() -> None:
            alive = study()
            if alive is not None:
                alive.journal_changed()

        weakref.finalize(self, self.store.listen(hear))

    # Columns ------------------------------------------------------------------------------------------

    def names(self) -> list[str]:
        """Return the names of all columns: the caller's, then the computed ones."""
        with self.lock:
            return [*self.source.schema.names, *self.derived]

    def column(self, name: str) -> pa.ChunkedArray:
        """Return the values of a column, in ordinal order.

        Raises
        ------
        ColumnError
            When there is no such column.
        """
        with self.lock:
            if name in self.derived:
                return self.derived[name].data
            self.check_column(name)
            return self.source.column(name)

    def floats(self, name: str) -> np.ndarray[Any, np.dtype[np.float64]]:
        """Return a column of numbers as float64, NaN for null."""
        import numpy as np
        import pyarrow as pa

        column = self.column(name).cast(pa.float64(), safe=False)  # integers beyond 2**53 are rounded
        return np.asarray(column.to_numpy(zero_copy_only=False), dtype=np.float64)

    def take(self, ordinals: Ordinals, names: Sequence[str]) -> pa.Table:
        """Return some rows of some columns, in the order of `ordinals`."""
        with self.lock:
            own = [name for name in names if name not in self.derived]
            table = self.source.take(ordinals, own)
            columns = {
                name: self.derived[name].take(ordinals) if name in self.derived else table.column(name)
                for name in names
            }
        import pyarrow as pa

        return pa.table(columns) if columns else table

    def check_column(self, name: str) -> None:
        """Raise a `ColumnError` with the nearest names unless there is such a column."""
        names = self.names()
        if name not in names:
            raise missing_column(name, names)

    def describe(self, name: str) -> Description:
        """Return kind and counts of a column; looked at once per version."""
        with self.lock:
            column = self.derived.get(name)
            if isinstance(column, MarkColumn):
                return column.describe()
            place = (name, self.version(name))
            if place not in self._descriptions:
                self._descriptions[place] = self._describe(name)
            return self._descriptions[place]

    def _describe(self, name: str) -> Description:
        """Describe a column without reading texts, lists and the like from end to end."""
        kinds = self.source.schema
        if name in self.derived or name not in kinds.names or not is_wide(kinds.field(name).type):
            return describe(name, self.column(name))
        return describe(name, self.source.sample(name, SAMPLE_ROWS), self.source.null_count(name))

    def placed(self, x: str, y: str) -> int:
        """Return how many rows have finite coordinates in two columns; counted once per version."""
        import numpy as np

        with self.lock:
            place = (x, self.version(x), y, self.version(y))
            if place not in self._placed:
                placed = np.isfinite(self.floats(x)) & np.isfinite(self.floats(y))
                self._placed[place] = int(placed.sum())
            return self._placed[place]

    def version(self, name: str) -> str | None:
        """Return the version of a computed column; None for the caller's own, which never change."""
        derived = self.derived.get(name)
        return derived.version if derived else None

    def scale(self, name: str) -> Scale | None:
        """Return the scale that colours a column where nobody has chosen; None for what suits its values."""
        derived = self.derived.get(name)
        return None if derived is None or derived.live else derived.scale

    def fingerprint(self, name: str) -> str:
        """Return a hash of a column's content, computed or not."""
        with self.lock:
            version = self.version(name)
            return version if version is not None else self.source.fingerprint(name)

    def versions_of(self, names: Iterable[str]) -> dict[str, str]:
        """Return the versions of the computed columns among some: a condition on another version is another one.

        Not of marks: a condition on them is meant of the marks that there are.
        """
        computed = [self.derived[name] for name in names if name in self.derived]
        return {column.name: column.version for column in computed if not column.live}

    def live(self, names: Iterable[str]) -> frozenset[str]:
        """Return the columns of marks among some."""
        return frozenset(name for name in names if name in self.derived and self.derived[name].live)

    def renew(self, names: set[str]) -> None:
        """Let all that hangs on columns of marks follow them."""
        self._orders = {k: v for k, v in self._orders.items() if not {name for name, _, _ in k} & names}
        self.null_rows = {k: v for k, v in self.null_rows.items() if not {name for name, _ in k} & names}
        super().renew(names)

    def missing(self, name: str) -> Mask | None:
        """Return which rows of a column a stopped step has left out, or None."""
        derived = self.derived.get(name)
        return derived.missing if derived else None

    def column_of(self, role: str) -> str | None:
        """Return the column that plays a role: the newest computed one, else the caller's."""
        for derived in reversed(self.derived.values()):
            if derived.role == role:
                return derived.name
        return self.roles.get(role)

    def check_free(self, name: str, remedy: str = "Give the computed one another name with name=.") -> None:
        """Raise unless a computed column may have this name."""
        if not isinstance(name, str) or SURROGATES.search(name):
            msg = f"name={name!r} is no name of a column. Give a text without lone surrogates."
            raise UnfitError(msg)
        if name in self.source.schema.names:
            msg = f"The data already has a column {name!r}. {remedy}"
            raise ValueError(msg)
        if self.live([name]):
            msg = f"The column {name!r} holds what you have marked. {remedy}"
            raise ValueError(msg)

    def free_name(self, name: str, *beside: str) -> str:
        """Return `name`, or a variation, such that it and the names `beside` it are not taken by the data."""
        taken = set(self.source.schema.names)
        tried, number = name, 2
        while tried in taken or any(other.replace(name, tried, 1) in taken for other in beside):
            tried, number = f"{name}_{number}", number + 1
        return tried

    def add_columns(self, columns: Sequence[Derived]) -> None:
        """Add computed columns, or replace those of the same names.

        Clauses, past and present, that mention another version of a replaced column are kept exact as keys.

        Raises
        ------
        ValueError
            When a name is taken by the caller's data.
        """
        for column in columns:
            self.check_free(column.name)
        with self.lock:
            changed = {
                c.name for c in columns if c.name in self.derived and self.version(c.name) != c.version
            }
            if changed:
                self.freeze(changed)
            for column in columns:
                self.derived.pop(column.name, None)  # the newest last, so that `column_of` finds it
                self.derived[column.name] = column
            self._orders = {k: v for k, v in self._orders.items() if not {name for name, _, _ in k} & changed}
            self.tell_changed()

    # Rows ---------------------------------------------------------------------------------------------

    def order(self, sort: Sequence[tuple[str, bool]]) -> Ordinals | None:
        """Return the ordinals sorted by columns (name, descending); None for the order of the data."""
        from datalens.table.paging import sort_order

        if not sort:
            return None
        with self.lock:
            for name, _ in sort:
                self.check_column(name)
            place = tuple((name, self.version(name), descending) for name, descending in sort)
            if place not in self._orders:
                self._orders[place] = sort_order(
                    [(self.column(name), down) for name, down in sort], [name for name, _ in sort]
                )
            return self._orders[place]

    def ordinals_by_key(self) -> dict[Any, int]:
        """Return the ordinal of each key; made at the first call."""
        with self.lock:
            if self._ordinal_of_key is None:
                self._ordinal_of_key = {k: i for i, k in enumerate(self.source.keys().tolist())}
            return self._ordinal_of_key

    def key_of(self, ordinal: int) -> str:
        """Return a row's key as text."""
        return str(self.source.keys()[ordinal])

    def ordinal_of(self, key: Any) -> int:
        """Return the ordinal of the row with a key.

        Raises
        ------
        MissingRowError
            When no row has it (a kind of KeyError).
        """
        try:
            return self.ordinals_by_key()[key]
        except (KeyError, TypeError):  # what can't be hashed is no key
            pass
        raise missing_row(key, self.source.keys(), self.source.identity)

    def keys_predicate(self, mask: Mask) -> Predicate:
        """Return the predicate that names the rows of a mask by key."""
        from datalens.predicate import keys

        return keys(self.source.keys()[mask].tolist(), self.source.identity)

    def mask_of(self, predicate: Predicate) -> Mask:
        """Return which rows a predicate selects.

        Raises
        ------
        ColumnError
            When it mentions a column that is not there.
        ValueError, TypeError
            When a value does not fit its column.
        """
        from datalens.study.masks import mask_of

        return mask_of(self, predicate)
