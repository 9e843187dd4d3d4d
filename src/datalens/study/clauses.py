"""The clauses of a selection, one per source, and how gestures combine with them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from datalens.study.rows import ByKey

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np

    from datalens.predicate import Predicate
    from datalens.study.rows import KeptRows, Rows

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


@dataclass(frozen=True, eq=False)
class Clause:
    """What one source (the map, a legend, the search, the bar, code) asks for.

    Attributes
    ----------
    source : str
        "map", "search", "rows", "neighbours", "tags", "code", "column:NAME", or "typed:N" for the Nth condition
        that was typed.
    condition : Predicate or ByKey
        What it asks for; `predicate` is it in any case.
    rows : Rows or KeptRows
        The rows it selects, a bit each.
    versions : dict of str to str
        The versions of the computed columns that it mentions or was made from, when it was made.
    note : str or None
        Why it is not what was drawn any more.
    about : About or None
        Where it comes from, if the predicate does not say.
    enabled : bool
        Whether it counts; one that doesn't is shown, and selects nothing away.
    live : frozenset of str
        The columns of marks that it mentions: it is evaluated anew when they change.
    """

    source: str
    condition: Predicate | ByKey
    rows: Rows | KeptRows = field(repr=False)
    versions: dict[str, str] = field(default_factory=dict)
    note: str | None = None
    about: About | None = None
    enabled: bool = True
    live: frozenset[str] = frozenset()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Clause):
            return NotImplemented
        mine, theirs = ((c.source, c.condition, c.note, c.enabled) for c in (self, other))
        return self is other or mine == theirs

    def __hash__(self) -> int:
        return hash((self.source, self.note, self.enabled))

    @property
    def predicate(self) -> Predicate:
        """The condition."""
        return self.condition.predicate() if isinstance(self.condition, ByKey) else self.condition

    @property
    def mask(self) -> Mask:
        """Which rows it selects; shape (rows,)."""
        return self.rows.mask()

    @property
    def count(self) -> int:
        """How many rows it selects."""
        return self.rows.count

    @property
    def label(self) -> str:
        """A few words for a chip."""
        return self.about.label if self.about else self.predicate.label()

    def frozen(self, keys: Callable[[Mask], Predicate], note: str) -> Clause:
        """Return the same rows by key, for when a column that the predicate mentions has changed."""
        rows = self.rows.kept()
        return replace(self, condition=ByKey(rows, keys), rows=rows, versions={}, note=note, live=frozenset())

    def let_go(self) -> None:
        """Hold no keys that can be made again."""
        if isinstance(self.condition, ByKey):
            self.condition.let_go()


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


def gesture_label(predicate: Predicate, mode: Mode, about: About | None = None) -> str:
    """Return what a gesture is called in the history.

    Examples
    --------
    >>> from datalens.predicate import col, inside
    >>> gesture_label(inside("x", "y", [(0, 0), (2, 0), (1, 1)]), "add")
    'lasso added'
    >>> gesture_label(col("loss") > 3.2, "replace")
    'loss > 3.2'
    """
    from datalens.predicate import Inside

    label = about.label if about else predicate.label()
    if isinstance(predicate, Inside):
        label = "box" if predicate.is_box else "lasso"
    said = {"replace": "", "add": " added", "subtract": " taken away", "intersect": " intersected"}
    return label + said[mode]
