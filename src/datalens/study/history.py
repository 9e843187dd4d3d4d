"""What was selected before: named steps without end, to undo, redo and jump to."""

from __future__ import annotations

import operator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from datalens.core.words import plural

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from datalens.study.clauses import Clause

# Steps that a repr shows on each side of the present one.
SHOWN = 10


@dataclass(frozen=True)
class Step:
    """One selection of the past, the present or (undone) the future.

    Attributes
    ----------
    clauses : tuple of Clause
        In the order in which their sources first spoke.
    label : str
        What was done and what came out: ``"lasso, 1,204 rows"``, ``"cleared, all 48,210 rows"``.
    count : int
        How many rows it selected when it was made.
    time : datetime.datetime
        When, in UTC.
    """

    clauses: tuple[Clause, ...]
    label: str
    count: int
    time: datetime = field(default_factory=lambda: datetime.now(UTC))


class History:
    """The steps of a selection, oldest first; `lens.history` is one.

    Steps never end, and memory stays bounded: only the newest hold their rows, a bit each, and those of older ones
    are found again by their conditions.

    Parameters
    ----------
    rows : int
        How many rows there are.
    tell : callable, optional
        Called without arguments when another step is the present one.
    lock : context manager
        Held while steps change.

    Attributes
    ----------
    position : int
        The number of the present step, from 0.

    Examples
    --------
    >>> import datalens as dl
    >>> lens = dl.Lens([{"loss": 0.1}, {"loss": 3.5}, {"loss": 4.0}])
    >>> lens.selection = dl.col("loss") > 3.2
    >>> lens.selection = None
    >>> [step.label for step in lens.history]
    ['all 3 rows', 'loss > 3.2, 2 rows', 'cleared, all 3 rows']
    >>> lens.history.undo(), lens.selection.count
    (True, 2)
    >>> lens.history.jump(0)
    True
    >>> lens.selection.count, lens.history.position
    (3, 0)
    """

    def __init__(self, rows: int, tell: Callable[[], None], lock: Any) -> None:
        self._rows, self._tell, self._lock = rows, tell, lock
        self._steps = [Step((), f"all {plural(rows, 'row')}", rows)]
        self.position = 0

    @property
    def now(self) -> tuple[Clause, ...]:
        """The present clauses."""
        return self._steps[self.position].clauses

    @property
    def can_undo(self) -> bool:
        """Whether there is an earlier selection."""
        return self.position > 0

    @property
    def can_redo(self) -> bool:
        """Whether an undone selection can come back."""
        return self.position < len(self._steps) - 1

    def __len__(self) -> int:
        return len(self._steps)

    def __iter__(self) -> Iterator[Step]:
        return iter(tuple(self._steps))

    def __getitem__(self, number: int) -> Step:
        return self._steps[self._place(number)]

    def __repr__(self) -> str:
        first = max(0, self.position - SHOWN)
        last = min(len(self._steps), self.position + SHOWN + 1)
        lines = [
            f"{plural(len(self._steps), 'step')}; jump(number) goes to one, undo() and redo() to the next"
        ]
        width = len(str(last))
        for number in range(first, last):
            here = ">" if number == self.position else " "
            lines.append(f"{here} {number:>{width}}  {self._steps[number].label}")
        return "\n".join(lines)

    def put(self, clauses: tuple[Clause, ...], what: str, count: int) -> bool:
        """Make `clauses` the present ones, as a step after the present one; returns whether that changed anything.

        Parameters
        ----------
        clauses : tuple of Clause
            The new ones. Steps that were undone are gone.
        what : str
            What was done, without the count.
        count : int
            How many rows they select.
        """
        with self._lock:
            if clauses == self.now:
                return False
            said = plural(count, "row")
            if not any(clause.enabled for clause in clauses):
                said = f"all {said}"
            del self._steps[self.position + 1 :]
            self._steps.append(Step(clauses, f"{what}, {said}" if what else said, count))
            self._go(self.position + 1)
            return True

    def undo(self) -> bool:
        """Go one step back; returns whether there was one."""
        with self._lock:
            return self.can_undo and self.jump(self.position - 1)

    def redo(self) -> bool:
        """Go one step forward again; returns whether there was one."""
        with self._lock:
            return self.can_redo and self.jump(self.position + 1)

    def jump(self, number: int) -> bool:
        """Go to any step; the others stay where they are until something new is selected.

        Parameters
        ----------
        number : int
            The step, from 0; -1 is the last.

        Returns
        -------
        bool
            Whether that was another than the present one.

        Raises
        ------
        IndexError
            When there is no such step.
        """
        with self._lock:
            place = self._place(number)
            if place == self.position:
                return False
            self._go(place)
            return True

    def rewrite(self, change: Callable[[Clause], Clause]) -> None:
        """Replace every clause of every step by `change(clause)`, each once; tells nobody."""
        with self._lock:
            made: dict[int, Clause] = {}

            def changed(clause: Clause) -> Clause:
                if id(clause) not in made:
                    made[id(clause)] = change(clause)
                return made[id(clause)]

            # The old steps live on until the end, so that no two clauses share an id.
            steps = []
            for step in self._steps:
                clauses = tuple(changed(clause) for clause in step.clauses)
                same = all(a is b for a, b in zip(clauses, step.clauses, strict=True))
                steps.append(step if same else Step(clauses, step.label, step.count, step.time))
            self._steps = steps

    def _go(self, place: int) -> None:
        before, self.position = self.now, place
        here = {id(clause) for clause in self.now}
        for clause in before:
            if id(clause) not in here:
                clause.let_go()
        self._tell()

    def _place(self, number: int) -> int:
        try:
            place = operator.index(number)
        except TypeError:
            msg = f"A step is a whole number, such as lens.history.position, not {type(number).__name__}."
            raise TypeError(msg) from None
        if not -len(self._steps) <= place < len(self._steps):
            msg = (
                f"There is no step {place:,}: there are {plural(len(self._steps), 'step')}, numbered from 0."
            )
            raise IndexError(msg)
        return place % len(self._steps)
