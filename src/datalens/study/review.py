"""Which rows are meant, and the review queue: one row after the other that nobody has looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datalens.core.words import plural

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np

    from datalens.predicate import Predicate
    from datalens.study.selection import RowSet
    from datalens.study.study import Study

    Mask = np.ndarray[Any, np.dtype[np.bool_]]
    Ordinals = np.ndarray[Any, np.dtype[np.int64]]

WHAT = "Rows are marked by key, a list of keys,"


def rows_of(study: Study, where: Any) -> Ordinals:
    """Return the rows that are meant, each once, in the order of the data.

    Parameters
    ----------
    study : Study
        Whose.
    where : key, list of keys, RowSet or Predicate
        Which. What is the key of a row is that key.

    Raises
    ------
    MissingRowError
        When no row has a key.
    """
    import numpy as np

    from datalens.predicate import Predicate
    from datalens.study.selection import RowSet, mask_in

    if isinstance(where, RowSet | Predicate):
        return np.flatnonzero(mask_in(where, study, WHAT))
    if isinstance(where, str | bytes) or not hasattr(where, "__iter__"):
        return np.array([study.ordinal_of(where)])
    keys = where.tolist() if hasattr(where, "tolist") else list(where)
    return np.unique(np.array([study.ordinal_of(key) for key in keys], dtype=np.int64))


def next_unseen(
    study: Study, mask: Mask | None, sort: Sequence[tuple[str, bool]], after: int | None
) -> int | None:
    """Return the next row that was not looked at; from the first one on where none is left after a row.

    Parameters
    ----------
    study : Study
        Whose rows; the caller holds its lock.
    mask : numpy.ndarray of bool, shape (rows,), or None
        The rows to look through; None for all.
    sort : sequence of (str, bool)
        The table's order: columns, and whether they fall.
    after : int or None
        The ordinal of the row to go on from; it is not the answer.
    """
    import numpy as np

    from datalens.table.paging import selected_order

    order = selected_order(study.order(sort), mask, study.rows)
    left = ~study.marks.seen()[order]
    start = 0
    if after is not None:
        here = np.flatnonzero(order == after)
        left[here] = False
        start = int(here[0]) if len(here) else 0
    places = np.flatnonzero(left)
    if not len(places):
        return None
    at = int(np.searchsorted(places, start))
    return int(order[places[at if at < len(places) else 0]])


class Review:
    """The rows of a selection that are still to be looked at; `lens.review()` gives it.

    Parameters
    ----------
    study : Study
        Whose rows.
    selection : RowSet or Predicate, optional
        Which; where left out those that are selected at the time.
    sort : sequence of (str, bool), optional
        Columns, and whether they fall; the order of the data where left out.

    Examples
    --------
    >>> import tempfile, datalens as dl
    >>> frame = [{"id": "a", "loss": 0.1}, {"id": "b", "loss": 3.5}, {"id": "c", "loss": 4.0}]
    >>> lens = dl.Lens(frame, key="id", store=tempfile.mkdtemp())
    >>> queue = lens.review(dl.col("loss") > 3.2)
    >>> queue
    <review: 2 left of 2 rows>
    >>> queue.next(), lens.focus, queue.left
    ('b', 'b', 2)
    >>> queue.next(), queue.left, queue.next(), queue.done
    ('c', 1, None, 2)
    """

    def __init__(
        self,
        study: Study,
        selection: RowSet | Predicate | None = None,
        sort: Sequence[tuple[str, bool]] = (),
    ) -> None:
        from datalens.study.selection import mask_in

        self._study, self._sort = study, tuple(sort)
        self._mask = None if selection is None else mask_in(selection, study, "Rows are reviewed of")
        self._given: int | None = None  # the row that it was about last

    def __repr__(self) -> str:
        return f"<review: {self.left:,} left of {plural(self.total, 'row')}>"

    def __iter__(self) -> Iterator[Any]:
        """Give one key after the other until all are looked at."""
        while (key := self.next()) is not None:
            yield key

    def next(self) -> Any:
        """Focus the next row that was not looked at; the one that it gave before now is.

        Returns
        -------
        key or None
            The row's; None where all were looked at.
        """
        import numpy as np

        study, given = self._study, self._given
        study.look()
        if given is not None:
            study.marks.flag(np.array([given]), "seen", on=True)
        with study.lock:
            self._given = next_unseen(study, self._rows(), self._sort, given)
            if self._given is None:
                return None
            study.set_focus(self._given)
            return study.source.keys()[[self._given]].tolist()[0]

    @property
    def total(self) -> int:
        """How many rows there are to look at, also those that were."""
        mask = self._rows()
        return self._study.rows if mask is None else int(mask.sum())

    @property
    def left(self) -> int:
        """How many rows were not looked at."""
        return left(self._study, self._rows())

    @property
    def done(self) -> int:
        """How many rows were looked at."""
        return self.total - self.left

    def _rows(self) -> Mask | None:
        return self._study.mask() if self._mask is None else self._mask


def left(study: Study, mask: Mask | None) -> int:
    """Return how many rows (None: of all) were not looked at."""
    import numpy as np

    seen = study.marks.seen()
    return int(np.count_nonzero(~seen if mask is None else mask & ~seen))
