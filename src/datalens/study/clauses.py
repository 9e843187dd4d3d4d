"""The clauses of a selection, one per source, and their history."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np

    from datalens.predicate import Predicate

    Mask = np.ndarray[Any, np.dtype[np.bool_]]

Mode = Literal["replace", "add", "subtract", "intersect"]


@dataclass(frozen=True)
class About:
    """Where a clause comes from: a list of keys does not tell why it is these.

    Attributes
    ----------
    label : str
        What to call it: "20 nearest to doc-17".
    column : str
        The column that it was made from without mentioning it.
    """

    label: str
    column: str


@dataclass(frozen=True)
class Clause:
    """What one source (the map, a legend, the search, code) asks for.

    Attributes
    ----------
    source : str
        "map", "search", "rows", "neighbours", "code" or "column:NAME".
    predicate : Predicate
        The condition.
    mask : numpy.ndarray of bool, shape (rows,)
        The rows it selects.
    versions : dict of str to str
        The versions of the computed columns that it mentions or was made from, when it was made.
    note : str or None
        Why it is not what was drawn any more.
    about : About or None
        Where it comes from, if the predicate does not say.
    """

    source: str
    predicate: Predicate
    mask: Mask = field(repr=False, compare=False)
    versions: dict[str, str] = field(default_factory=dict, compare=False)
    note: str | None = None
    about: About | None = field(default=None, compare=False)

    @property
    def count(self) -> int:
        """How many rows it selects."""
        return int(self.mask.sum())

    def frozen(self, keys: Callable[[Mask], Predicate], note: str) -> Clause:
        """Return the same rows by key, for when a column that the predicate mentions has changed."""
        return replace(self, predicate=keys(self.mask), versions={}, note=note)


def combined(old: Predicate | None, new: Predicate, mode: Mode) -> Predicate:
    """Combine a gesture with the clause that its source already has.

    Parameters
    ----------
    old : Predicate or None
        The clause so far; None means all rows.
    new : Predicate
        The gesture.
    mode : {"replace", "add", "subtract", "intersect"}
        How. Adding to nothing starts a selection.

    Returns
    -------
    Predicate
        The new clause.
    """
    if mode == "subtract":
        return ~new if old is None else old & ~new
    if old is None or mode == "replace":
        return new
    return old | new if mode == "add" else old & new


class History:
    """What was selected before, for undo and redo.

    Attributes
    ----------
    now : tuple of Clause
        The present clauses, in the order in which their sources first spoke.
    """

    def __init__(self) -> None:
        self.now: tuple[Clause, ...] = ()
        self._before: list[tuple[Clause, ...]] = []
        self._after: list[tuple[Clause, ...]] = []

    @property
    def can_undo(self) -> bool:
        """Whether there is an earlier selection."""
        return bool(self._before)

    @property
    def can_redo(self) -> bool:
        """Whether an undone selection can come back."""
        return bool(self._after)

    def put(self, clauses: tuple[Clause, ...]) -> bool:
        """Make `clauses` the present ones; returns whether that changed anything."""
        if clauses == self.now:
            return False
        self._before.append(self.now)
        self._after.clear()
        self.now = clauses
        return True

    def undo(self) -> bool:
        """Go one step back; returns whether there was one."""
        if not self._before:
            return False
        self._after.append(self.now)
        self.now = self._before.pop()
        return True

    def redo(self) -> bool:
        """Go one step forward again; returns whether there was one."""
        if not self._after:
            return False
        self._before.append(self.now)
        self.now = self._after.pop()
        return True

    def rewrite(self, change: Callable[[Clause], Clause]) -> None:
        """Replace every clause, past and present, by `change(clause)`."""

        def each(clauses: tuple[Clause, ...]) -> tuple[Clause, ...]:
            return tuple(change(clause) for clause in clauses)

        self.now = each(self.now)
        self._before = [each(clauses) for clauses in self._before]
        self._after = [each(clauses) for clauses in self._after]
