"""Keeps the sample that a notebook is saved with as new as the lens, at moments when nobody waits."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from datalens.widgets.sample import choose_rows, pack_sample, sample_version

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np

    from datalens.widgets.desk import Desk

log = logging.getLogger("datalens")


class SampleKeeper:
    """The present sample of one study.

    Parameters
    ----------
    desk : Desk
        Answers for the study.

    Attributes
    ----------
    color : str or None
        The column that the last view was asked to be coloured by.
    size : str or None
        The column that sized its points.
    payload : bytes
        What `pack_sample` gave; empty while there is none.
    """

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.color: str | None = None
        self.size: str | None = None
        self.payload = b""
        self._version: str | None = None
        self._ordinals: np.ndarray[Any, np.dtype[np.int64]] | None = None

    def refresh(self) -> bool:
        """Make the sample anew where columns or colour have changed; returns whether it did."""
        study = self.desk.study
        with study.lock:
            version = sample_version(study, self.color, self.size)
            if version == self._version:
                return False
            self._version = version
            try:
                ordinals = choose_rows(self.desk, self.color)
                self.payload = pack_sample(self.desk, ordinals, self.color, self.size)
            except Exception:  # the views work without; what can't be kept must not fail them
                log.warning("no sample could be kept with the notebook", exc_info=True)
                self.payload, ordinals = b"", None
            self._ordinals = ordinals
        return True

    def marks(self) -> dict[str, Any]:
        """Return for each clause which rows of the sample it selects, a bit each."""
        import numpy as np

        ordinals = self._ordinals
        if ordinals is None:
            return {}
        with self.desk.study.lock:
            clauses = self.desk.study.clauses
            return {"clauses": [np.packbits(c.mask[ordinals], bitorder="little").tobytes() for c in clauses]}


def at_the_end_of_cells(work: Callable[[], None]) -> Callable[[], None]:
    """Do some work whenever a cell has ended, where there are cells; returns what ends that."""
    try:
        from IPython import get_ipython
    except ImportError:
        shell = None
    else:
        shell = get_ipython()
    if shell is None:
        return lambda: None
    shell.events.register("post_execute", work)
    return lambda: shell.events.unregister("post_execute", work)
