"""Progress of a step: a tqdm bar once it runs longer than a second, and the same figures for the views."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# A bar that appears for a tenth of a second is noise.
DELAY_SECONDS = 1.0
# Longer than this, a person would rather know before.
ANNOUNCE_SECONDS = 90.0

_listener: ContextVar[Callable[[str, int, int | None], None] | None] = ContextVar("listener", default=None)


class Bar:
    """The progress of one step, in units of its own (rows, epochs, files).

    Attributes
    ----------
    label : str
        What is being done.
    total : int or None
        How many units there are; None where nobody knows.
    done : int
        How many are done.
    """

    def __init__(self, label: str, total: int | None, unit: str) -> None:
        from tqdm.auto import tqdm

        self.label = label
        self.total = total
        self.done = 0
        self._bar = tqdm(total=total, desc=label, unit=unit, delay=DELAY_SECONDS, leave=False)
        self._tell = _listener.get()
        self._report()

    def update(self, n: int = 1) -> None:
        """Count `n` more units as done."""
        self.done += n
        self._bar.update(n)
        self._report()

    def close(self) -> None:
        """Take the bar away."""
        self._bar.close()

    def _report(self) -> None:
        if self._tell is not None:
            self._tell(self.label, self.done, self.total)


@contextmanager
def progress(label: str, total: int | None = None, unit: str = "row") -> Iterator[Bar]:
    """Show the progress of a step while the block runs.

    Parameters
    ----------
    label : str
        What is being done, a few words.
    total : int, optional
        How many units there are.
    unit : str, default "row"
        What is counted.

    Yields
    ------
    Bar
        Call its `update(n)` as the work goes on.

    Examples
    --------
    >>> with progress("counting", total=3) as bar:
    ...     for _ in range(3):
    ...         bar.update()
    >>> bar.done
    3
    """
    bar = Bar(label, total, unit)
    try:
        yield bar
    finally:
        bar.close()


@contextmanager
def listening(listener: Callable[[str, int, int | None], None]) -> Iterator[None]:
    """Call `listener(label, done, total)` at each step of progress made inside the block.

    Parameters
    ----------
    listener : callable
        Called in the thread that does the work; must be quick and must not raise.
    """
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


def announce(label: str, rows: int, seconds: float) -> None:
    """Say before a step that it will take minutes; shorter ones go without a word.

    Parameters
    ----------
    label : str
        The step.
    rows : int
        How much it has to do.
    seconds : float
        An estimate.

    Examples
    --------
    >>> announce("project", 1_000_000, 700.0)
    project: about 12 minutes for 1,000,000 rows. It may be interrupted at any time.
    >>> announce("project", 1_000, 0.5)
    """
    if seconds >= ANNOUNCE_SECONDS:
        minutes = round(seconds / 60)
        print(f"{label}: about {minutes} minutes for {rows:,} rows. It may be interrupted at any time.")  # noqa: T201
