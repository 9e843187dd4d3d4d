"""What a person notes on rows through a lens: tags, notes, stars, what was looked at; and the review queue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datalens.predicate import Predicate
    from datalens.study.review import Review
    from datalens.study.selection import RowSet
    from datalens.study.study import Study
    from datalens.study.tags import Tags


class Marking:
    """Marks rows; `Lens` inherits it.

    Each method returns once the journal has it on disk. What is marked is in columns ``tags`` (a list of texts, null
    where none), ``note``, ``star`` and ``seen``, from the first mark of its kind on: colour by them, select by them, find
    them in `to_frame`. Where the data has a column of that name, ours is called ``tags_2`` and the like.
    """

    _study: Study

    def tag(self, where: Any, tag: str) -> int:
        """Tag rows.

        Parameters
        ----------
        where : key, list of keys, Selection, Saved or Predicate
            Which rows.
        tag : str
            The tag: one line of text.

        Returns
        -------
        int
            How many rows had not this tag before.

        Raises
        ------
        MissingRowError
            When no row has a key.
        TypeError, ValueError
            When it can't be the name of a tag.

        Examples
        --------
        >>> import pandas as pd, tempfile, datalens as dl
        >>> frame = pd.DataFrame({"id": ["a", "b", "c"], "loss": [0.1, 3.5, 4.0]})
        >>> lens = dl.Lens(frame, key="id", store=tempfile.mkdtemp())
        >>> lens.tag(dl.col("loss") > 3.2, "boilerplate"), lens.tag("a", "good")
        (2, 1)
        >>> lens.selection = dl.col("tags").any() == "boilerplate"
        >>> lens.selection.keys()
        ['b', 'c']
        """
        from datalens.study.review import rows_of

        return self._study.marks.tag(rows_of(self._study, where), tag)

    def untag(self, where: Any, tag: str | None = None) -> int:
        """Take a tag off rows, or all tags.

        Parameters
        ----------
        where : key, list of keys, Selection, Saved or Predicate
            Which rows.
        tag : str, optional
            The tag; all tags where left out.

        Returns
        -------
        int
            How many rows had it.
        """
        from datalens.study.review import rows_of

        return self._study.marks.untag(rows_of(self._study, where), tag)

    def note(self, key: Any, text: str | None) -> bool:
        """Write a note on a row, in place of the one it has.

        Parameters
        ----------
        key : key
            The row.
        text : str or None
            The note; None or an empty text removes it.

        Returns
        -------
        bool
            Whether that changed anything.

        Examples
        --------
        >>> import tempfile, datalens as dl
        >>> lens = dl.Lens([{"id": "a"}, {"id": "b"}], key="id", store=tempfile.mkdtemp())
        >>> lens.note("b", "cut off in the middle")
        True
        >>> lens.to_pandas()["note"].tolist()[1]
        'cut off in the middle'
        """
        return bool(self._study.marks.note(self._study.ordinal_of(key), text))

    def star(self, where: Any, on: bool = True) -> int:  # noqa: FBT001, FBT002 - reads well at a call
        """Give rows a star, or take it.

        Parameters
        ----------
        where : key, list of keys, Selection, Saved or Predicate
            Which rows.
        on : bool, default True
            False takes it.

        Returns
        -------
        int
            How many rows that changed.
        """
        from datalens.study.review import rows_of

        return self._study.marks.flag(rows_of(self._study, where), "star", on=bool(on))

    def see(self, where: Any, on: bool = True) -> int:  # noqa: FBT001, FBT002
        """Say that rows were looked at, or were not; the explorer does so of what is read for a moment.

        Parameters
        ----------
        where : key, list of keys, Selection, Saved or Predicate
            Which rows.
        on : bool, default True
            False puts them back into the review queue.

        Returns
        -------
        int
            How many rows that changed.
        """
        from datalens.study.review import rows_of

        return self._study.marks.flag(rows_of(self._study, where), "seen", on=bool(on))

    @property
    def tags(self) -> Tags:
        """All tags by name, with count, colour and key.

        Examples
        --------
        >>> import tempfile, datalens as dl
        >>> lens = dl.Lens([{"id": "a"}, {"id": "b"}], key="id", store=tempfile.mkdtemp())
        >>> lens.tag(["a", "b"], "boilerplate"), lens.tag("b", "good")
        (2, 1)
        >>> lens.tags.style("good", color="#2a9b69")
        >>> lens.tags.rename("boilerplate", "template")
        >>> lens.tags
        2 tags
        1  template: 2 rows
        2  good: 1 row, #2a9b69
        >>> lens.tags["good"].count
        1
        """
        from datalens.study.tags import Tags

        self._study.look()
        return Tags(self._study)

    def review(
        self, selection: RowSet | Predicate | None = None, *, sort: str | Sequence[str] | None = None
    ) -> Review:
        """Return the queue of rows that were not looked at yet; ``.next()`` focuses one after the other.

        Parameters
        ----------
        selection : Selection, Saved or Predicate, optional
            Which rows; where left out those that are selected at the time.
        sort : str or sequence of str, optional
            Columns to go by, rising; a minus before a name makes it fall. The order of the data where left out.

        Returns
        -------
        Review
            With ``next()``, ``left``, ``done`` and ``total``.

        Examples
        --------
        >>> import tempfile, datalens as dl
        >>> frame = [{"id": "a", "loss": 0.1}, {"id": "b", "loss": 3.5}, {"id": "c", "loss": 4.0}]
        >>> lens = dl.Lens(frame, key="id", store=tempfile.mkdtemp())
        >>> list(lens.review(sort="-loss"))
        ['c', 'b', 'a']
        """
        from datalens.study.review import Review

        names = [sort] if isinstance(sort, str) else list(sort or ())
        there = self._study.names()
        order = [
            (name[1:], True) if name[:1] == "-" and name not in there else (name, False) for name in names
        ]
        for name, _ in order:
            self._study.check_column(name)
        return Review(self._study, selection, order)
