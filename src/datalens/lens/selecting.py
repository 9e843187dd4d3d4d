"""What is selected through a lens: now, before, and saved under a name; and the row being read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datalens.journal import Journal
    from datalens.predicate import Predicate
    from datalens.study.history import History
    from datalens.study.saved import Selections
    from datalens.study.selection import RowSet, Selection
    from datalens.study.study import Study


class Selecting:
    """Selects rows; `Lens` inherits it."""

    _study: Study

    @property
    def selection(self) -> Selection:
        """What is selected now, as a value that later gestures do not change."""
        from datalens.study.selection import Selection

        self._study.look()
        return Selection(self._study)

    @selection.setter
    def selection(self, value: Predicate | RowSet | None) -> None:
        from datalens.study.selection import condition_of

        self._study.look()
        if value is not None:
            value = condition_of(value, self._study, "lens.selection can be set to None,")
        self._study.select(value)

    @property
    def selections(self) -> Selections:
        """The saved selections by name, kept in the journal and found again when the data is opened again.

        Examples
        --------
        >>> import tempfile, datalens as dl
        >>> lens = dl.Lens([{"loss": 0.1}, {"loss": 3.5}, {"loss": 4.0}], store=tempfile.mkdtemp())
        >>> lens.selection = dl.col("loss") > 3.2
        >>> lens.selections["hard"] = lens.selection
        >>> lens.selections
        1 saved selection
        hard: holds: 2 rows
        """
        return self._study.selections

    @property
    def journal(self) -> Journal:
        """What a person did to the data, on disk: saved selections, tags, notes, stars, what was looked at.

        ``path`` says where, ``problem`` why it can't be written, ``save_as(path)`` writes all of it elsewhere.

        Examples
        --------
        >>> import tempfile, datalens as dl
        >>> lens = dl.Lens([{"loss": 0.1}, {"loss": 3.5}], store=tempfile.mkdtemp())
        >>> lens.tag(dl.col("loss") > 3, "hard")
        1
        >>> lens.journal.path.name, lens.journal.problem
        ('frame.datalens.sqlite', None)
        """
        return self._study.journal

    @property
    def history(self) -> History:
        """The selections before this one, and those that were undone, as named steps.

        Iterate to see them; ``undo()``, ``redo()`` and ``jump(number)`` go to them, and views follow.

        Examples
        --------
        >>> import datalens as dl
        >>> lens = dl.Lens([{"loss": 0.1}, {"loss": 3.5}, {"loss": 4.0}])
        >>> lens.selection = dl.col("loss") > 3.2
        >>> lens.history
        2 steps; jump(number) goes to one, undo() and redo() to the next
          0  all 3 rows
        > 1  loss > 3.2, 2 rows
        """
        return self._study.history

    @property
    def focus(self) -> Any:
        """The key of the row being read, or None. Assign a key to read another."""
        focus = self._study.focus
        return None if focus is None else self._study.source.keys()[focus]

    @focus.setter
    def focus(self, key: Any) -> None:
        self._study.set_focus(None if key is None else self._study.ordinal_of(key))
