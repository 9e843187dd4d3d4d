"""What is selected in a study: clauses, one per source, whose AND it is, and the focused row."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from datalens.study.clauses import About, Clause, Mode, combined, gesture_label
from datalens.study.events import Events
from datalens.study.history import History
from datalens.study.rows import Rows, Shelf, number, unpacked

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np

    from datalens.predicate import Predicate

    Mask = np.ndarray[Any, np.dtype[np.bool_]]
    Bits = np.ndarray[Any, np.dtype[np.uint8]]


class Conditions(Events):
    """The selection of a study; `Study` inherits it.

    Attributes
    ----------
    history : History
        The selections before, the present one, and those that were undone.
    focus : int or None
        The ordinal of the row being read.
    """

    if TYPE_CHECKING:
        # What a study knows of its rows.
        rows: int

        def versions_of(self, names: Iterable[str]) -> dict[str, str]:
            """Return the versions of the computed columns among some."""

        def live(self, names: Iterable[str]) -> frozenset[str]:
            """Return the columns of marks among some."""

        def mask_of(self, predicate: Predicate) -> Mask:
            """Return which rows a predicate selects."""

        def keys_predicate(self, mask: Mask) -> Predicate:
            """Return the predicate that names the rows of a mask by key."""

    def __init__(self, rows: int) -> None:
        super().__init__()
        self.focus: int | None = None
        self.history = History(rows, self.tell_changed, self.lock)
        self._shelf = Shelf()
        # How many rows have a null in one of several columns, by their versions; asked for by the bar.
        self.null_rows: dict[tuple[tuple[str, str | None], ...], int] = {}
        self._mask: tuple[tuple[Clause, ...], Mask | None] = ((), None)

    # What there is ------------------------------------------------------------------------------------

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """The present clauses, also those that are switched off."""
        return self.history.now

    @property
    def active(self) -> tuple[Clause, ...]:
        """The present clauses that count; the selection is their AND."""
        return tuple(clause for clause in self.clauses if clause.enabled)

    def clause(self, source: str) -> Clause | None:
        """Return the clause of a source, or None."""
        return next((clause for clause in self.clauses if clause.source == source), None)

    def mask(self) -> Mask | None:
        """Return which rows are selected; None where no clause counts, so all are."""
        with self.lock:
            if self._mask[0] is not self.clauses:
                self._mask = (self.clauses, self.mask_without(None))
            return self._mask[1]

    def mask_without(self, source: str | None) -> Mask | None:
        """Return what all clauses but one source's select; None for all rows."""
        with self.lock:
            bits = _anded(clause for clause in self.active if clause.source != source)
            return None if bits is None else unpacked(bits, self.rows)

    def count(self) -> int:
        """Return how many rows are selected."""
        mask = self.mask()
        return self.rows if mask is None else int(mask.sum())

    # What changes it ----------------------------------------------------------------------------------

    def set_clause(
        self, source: str, predicate: Predicate | None, mode: Mode = "replace", about: About | None = None
    ) -> None:
        """Set, combine or (with None) remove the clause of one source.

        Parameters
        ----------
        source : str
            As `Clause` has it.
        predicate : Predicate or None
            The condition.
        mode : {"replace", "add", "subtract", "intersect"}
            How it combines with the source's present clause, which counts again if it was switched off.
        about : About, optional
            Where it comes from, if the predicate does not say.
        """
        with self.lock:
            old = self.clause(source)
            if predicate is None:
                if old is not None:
                    rest = tuple(c for c in self.clauses if c is not old)
                    self.put(rest, f"without {old.label}" if rest else "cleared")
                return
            whole = combined(old.predicate if old else None, predicate, mode)
            mask = self._mask_combined(old, predicate, whole, mode)
            clause = self.make_clause(source, whole, mask, about)
            what = gesture_label(predicate, mode if old or mode == "subtract" else "replace", about)
            if old is None:
                self.put((*self.clauses, clause), what)
            else:
                self.put(tuple(clause if c is old else c for c in self.clauses), what)

    def _mask_combined(self, old: Clause | None, new: Predicate, whole: Predicate, mode: Mode) -> Mask:
        """Evaluate the gesture alone where the old rows are known: a clause of many parts stays quick."""
        if old is None or mode == "replace":
            return self.mask_of(whole)
        mask = self.mask_of(new)
        if mode == "add":
            return old.mask | mask
        return old.mask & (~mask if mode == "subtract" else mask)

    def make_clause(
        self, source: str, predicate: Predicate, mask: Mask | None = None, about: About | None = None
    ) -> Clause:
        """Return a clause, with the versions of the computed columns that it mentions.

        Parameters
        ----------
        source, predicate, about
            As `Clause` has them.
        mask : numpy.ndarray of bool, shape (rows,), optional
            The rows it selects, where they are known already.

        Raises
        ------
        ColumnError, ValueError, TypeError
            As `Study.mask_of` does.
        """
        with self.lock:
            names = predicate.columns if about is None else (*predicate.columns, about.column)
            found = self.mask_of(predicate) if mask is None else mask
            rows = Rows(found, self._shelf, lambda: self.mask_of(predicate))
            versions, live = self.versions_of(names), self.live(names)
            return Clause(source, predicate, rows, versions, about=about, live=live)

    def put(self, clauses: tuple[Clause, ...], what: str) -> bool:
        """Make these the present clauses, as a named step; returns whether that changed anything.

        Parameters
        ----------
        clauses : tuple of Clause
            One per source.
        what : str
            What was done, without the count: "lasso".
        """
        with self.lock:
            if clauses == self.clauses:
                return False
            bits = _anded(clause for clause in clauses if clause.enabled)
            return self.history.put(clauses, what, self.rows if bits is None else number(bits))

    def select(self, predicate: Predicate | None, what: str | None = None) -> None:
        """Replace all clauses by one, as code does; None clears.

        Parameters
        ----------
        predicate : Predicate or None
            The condition.
        what : str, optional
            What the step is called; the predicate's label where left out.
        """
        with self.lock:
            if predicate is None:
                self.put((), what or "cleared")
            else:
                self.put((self.make_clause("code", predicate),), what or predicate.label())

    def undo(self) -> None:
        """Go back to the selection before."""
        self.history.undo()

    def redo(self) -> None:
        """Take back an undo."""
        self.history.redo()

    def freeze(self, changed: set[str]) -> None:
        """Keep clauses, past and present, that mention another version of changed columns exact as keys.

        Called before the columns change; tells nobody.
        """

        def freeze(clause: Clause) -> Clause:
            if not changed & clause.versions.keys():
                return clause
            note = "drawn on an earlier map" if clause.source == "map" else "made from earlier values"
            return clause.frozen(self.keys_predicate, note)

        self.history.rewrite(freeze)

    def renew(self, names: set[str]) -> None:
        """Evaluate clauses that mention columns of marks anew; past ones when somebody goes back to them.

        Called after the columns have changed; tells nobody.
        """
        present = {id(clause) for clause in self.clauses}

        def renew(clause: Clause) -> Clause:
            if not names & clause.live or not isinstance(clause.rows, Rows):
                return clause
            rows = clause.rows.again()
            held = clause.rows.held()
            if id(clause) in present and held is not None and (rows.bits() == held).all():
                return clause
            return replace(clause, rows=rows)

        self.history.rewrite(renew)

    def set_focus(self, ordinal: int | None) -> None:
        """Choose the row to read.

        Raises
        ------
        IndexError
            When there is no such row.
        """
        if ordinal is not None and not 0 <= ordinal < self.rows:
            msg = f"There is no row {ordinal:,}: the dataset has {self.rows:,} rows, numbered from 0."
            raise IndexError(msg)
        with self.lock:
            if ordinal != self.focus:
                self.focus = ordinal
                self.tell_changed()


def _anded(clauses: Iterable[Clause]) -> Bits | None:
    """Return the rows that all clauses select, a bit each; None for no clause."""
    import numpy as np

    together: Bits | None = None
    for clause in clauses:
        bits = clause.rows.bits()
        if together is None:
            together = bits.copy()
        else:
            np.bitwise_and(together, bits, out=together)
    return together
