"""How many rows each of several conditions finds, and how many it alone keeps out: the numbers under the chips."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from datalens.predicate.nodes import And, Member, column_names
from datalens.predicate.text import label

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy as np

    from datalens.predicate.base import Predicate
    from datalens.predicate.evaluate import Frame
    from datalens.predicate.values import Values

    Array = np.ndarray[Any, Any]

_ALL_MATCH, _SEVERAL_MISS = -1, -2


@dataclass(frozen=True, slots=True)
class ClauseCount:
    """What one condition of several does.

    Parameters
    ----------
    predicate : Predicate
        The condition.
    rows : int
        Rows that it matches.
    only : int
        Rows that it alone keeps out: all other conditions match them.
    nulls : int
        Rows with a null or NaN in a column that it looks at.
    """

    predicate: Predicate
    rows: int
    only: int
    nulls: int


@dataclass(frozen=True, slots=True, repr=False)
class CountReport:
    """What conditions that are joined by and do, one by one and together.

    Parameters
    ----------
    total : int
        Rows of the frame.
    count : int
        Rows that all conditions match.
    clauses : tuple of ClauseCount
        In the order of the conditions.
    """

    total: int
    count: int
    clauses: tuple[ClauseCount, ...]

    def __repr__(self) -> str:
        rows = [("rows", "only", "nulls", "clause")]
        rows += [(f"{c.rows:,}", f"{c.only:,}", f"{c.nulls:,}", label(c.predicate)) for c in self.clauses]
        widths = [max(len(row[i]) for row in rows) for i in range(3)]
        lines = [
            "  ".join([*(cell.rjust(width) for cell, width in zip(row, widths, strict=False)), row[3]])
            for row in rows
        ]
        return "\n".join([f"{self.count:,} of {self.total:,} rows", *lines])


def explain_count(node: Predicate, native: Any) -> CountReport:
    """Return the counts of a predicate's conditions on a frame; each is evaluated once.

    Examples
    --------
    >>> import pandas as pd
    >>> from datalens.predicate import col
    >>> df = pd.DataFrame({"loss": [1.0, 4.0, None], "source": ["web", "web", "books"]})
    >>> explain_count((col("loss") > 3.2) & (col("source") == "web"), df)
    1 of 3 rows
    rows  only  nulls  clause
       1     1      1  loss > 3.2
       2     0      0  source is web
    """
    import numpy as np

    from datalens.predicate.evaluate import checked, tree_mask

    frame = checked(node, native)
    clauses = node.of if isinstance(node, And) else (node,)
    # One number a row, however many the conditions: the only one that misses it.
    misses = np.full(len(frame), _ALL_MATCH, dtype=np.int32)
    rows = []
    for place, clause in enumerate(clauses):
        missed = np.flatnonzero(~tree_mask(clause, frame))
        misses[missed] = np.where(misses[missed] == _ALL_MATCH, place, _SEVERAL_MISS)
        rows.append(len(frame) - len(missed))
    tally = np.bincount(misses - _SEVERAL_MISS, minlength=len(clauses) - _SEVERAL_MISS).tolist()
    counts = (
        ClauseCount(clause, hit, only, _nulls(clause, frame))
        for clause, hit, only in zip(clauses, rows, tally[-_SEVERAL_MISS:], strict=True)
    )
    return CountReport(len(frame), tally[_ALL_MATCH - _SEVERAL_MISS], tuple(counts))


def _nulls(clause: Predicate, frame: Frame) -> int:
    import numpy as np

    from datalens.predicate.check import leaves

    null = np.zeros(len(frame), dtype=bool)
    for leaf in leaves(clause):
        for mask in _null_masks(leaf, frame.values):
            null |= mask
    return int(np.count_nonzero(null))


def _null_masks(leaf: Predicate, read: Callable[[str], Values]) -> Iterator[Array]:
    """Yield which rows have a null in what a condition looks at: of a struct, that is its field."""
    from datalens.predicate.computed import member_values, reader_of
    from datalens.predicate.evaluate import null_mask

    if isinstance(leaf, Member):
        yield from _null_masks(leaf.of, reader_of(member_values(read(leaf.column), leaf.name)))
    else:
        for name in column_names(leaf):
            yield null_mask(read(name))
