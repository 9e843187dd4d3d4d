"""One saved selection, and what it selects now: the same condition, its keys, or nothing that can be found."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from datalens.core.words import plural
from datalens.study.selection import RowSet

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np

    from datalens.core.keys import Identity
    from datalens.journal import SavedSelection
    from datalens.predicate import Predicate
    from datalens.study.study import Study

    Mask = np.ndarray[Any, np.dtype[np.bool_]]

State = Literal["holds", "kept as keys", "count moved", "lost"]


@dataclass(frozen=True, eq=False)
class Found:
    """How a stored selection stands.

    Attributes
    ----------
    state : str
        "holds", "kept as keys", "count moved" or "lost".
    said : str
        The same in words.
    predicate : Predicate or None
        What selects its rows now; None where they are lost.
    mask : numpy.ndarray of bool, shape (rows,), or None
        Its rows now.
    """

    state: State
    said: str
    predicate: Predicate | None = None
    mask: Mask | None = None


class Saved(RowSet):
    """A saved selection, as it holds now.

    Attributes
    ----------
    name : str
        What it is called.
    note : str
        What was written about it.
    time : str
        When it was saved: ISO 8601, in UTC.
    author : str
        Who saved it.
    count, total : int
        How many rows it selected when it was saved, and of how many.
    versions : dict of str to str
        The versions that the computed columns it mentions had then.
    """

    def __init__(self, study: Study, stored: SavedSelection) -> None:
        self._study, self._stored = study, stored
        self.name, self.note, self.time, self.author = stored.name, stored.note, stored.time, stored.author
        self.count, self.total = stored.count, stored.total
        self.versions = dict(stored.versions)
        self._found: tuple[Any, Found] | None = None

    @property
    def predicate(self) -> Predicate:
        """The condition that selects its rows now: as it was saved, or the rows by key.

        Raises
        ------
        ValueError
            When its rows can't be found any more; `said` says why.
        """
        found = self._now()
        if found.predicate is None:
            msg = f"The saved selection {self.name!r} can't be used: {found.said}."
            raise ValueError(msg)
        return found.predicate

    @property
    def state(self) -> State:
        """How it stands: "holds", "kept as keys", "count moved", or "lost" where its rows can't be found."""
        return self._now().state

    @property
    def said(self) -> str:
        """How it stands, in words: "drawn on an earlier map: kept as 1,204 keys"."""
        return self._now().said

    def mask(self) -> Mask:
        """Return which rows it selects now; shape (rows,), in the order of the data."""
        mask = self._now().mask
        return self._study.mask_of(self.predicate) if mask is None else mask.copy()

    def __len__(self) -> int:
        return int(self.mask().sum())

    def __repr__(self) -> str:
        stored = self._stored
        return f"<saved {self.name!r}: {stored.count:,} of {plural(stored.total, 'row')}; {self.said}>"

    def _now(self) -> Found:
        """Return how it stands; evaluated once for the versions that its columns have."""
        study = self._study
        with study.lock:
            place = tuple((name, study.version(name)) for name in self._columns)
            if self._found is None or self._found[0] != place:
                self._found = (place, found_again(study, self._stored))
            return self._found[1]

    @cached_property
    def _columns(self) -> list[str]:
        """The columns on whose versions it depends how it stands."""
        from datalens.predicate import Predicate

        try:
            mentioned = Predicate.from_json(self._stored.predicate).columns
        except ValueError:  # then it is lost, whatever the columns
            mentioned = ()
        return sorted({*self.versions, *mentioned})


def found_again(study: Study, stored: SavedSelection) -> Found:
    """Return how a stored selection stands in a study; the caller holds its lock.

    What is stored is untrusted: what can't be read or evaluated is lost, and says why.
    """
    from datalens.predicate import Predicate

    try:
        predicate = Predicate.from_json(stored.predicate)
        study.marks.show(predicate.columns)
        moved = {n: v for n, v in stored.versions.items() if study.versions_of([n]).get(n) != v}
        if moved:
            return _by_keys(study, stored, predicate, sorted(moved))
        strange = _strange_keys(study, predicate)
        if strange:
            return Found("lost", strange)
        mask = study.mask_of(predicate)
    except (KeyError, ValueError, TypeError) as error:
        return Found("lost", str(error).rstrip("."))
    count = int(mask.sum())
    if count == stored.count:
        return Found("holds", f"holds: {plural(count, 'row')}", predicate, mask)
    of = f" of {stored.total:,}" if stored.total != study.rows else ""
    now = f" of {study.rows:,}" if of else ""
    said = f"{stored.count:,}{of} rows when saved, {count:,}{now} now"
    return Found("count moved", said, predicate, mask)


def _by_keys(study: Study, stored: SavedSelection, predicate: Predicate, moved: list[str]) -> Found:
    """Return the stored keys of a condition whose computed columns are other ones now."""
    from datalens.predicate import keys

    why = _why(study, predicate, moved)
    if stored.keys is None:
        return Found("lost", f"{why}, and no keys were stored with it")
    identity, here = stored.identity, study.source.identity
    if identity is not None and not alike(identity, here):
        by = named_by(identity)
        return Found("lost", f"{why}, and its {plural(len(stored.keys), 'row')} were named by {by}")
    if here.scheme == "row" and stored.fingerprint != study.store.fingerprint:
        return Found(
            "lost", f"{why}, and its rows are named by their number in {here.file}, which has changed"
        )
    by_key = keys(stored.keys, here)
    mask = study.mask_of(by_key)
    there = int(mask.sum())
    said = f"{why}: kept as {plural(len(stored.keys), 'key')}"
    if there != len(stored.keys):
        said = f"{said}, {there:,} of them there now"
    return Found("kept as keys", said, by_key, mask)


def _why(study: Study, predicate: Predicate, moved: list[str]) -> str:
    from datalens.predicate import Inside

    names = ", ".join(map(repr, moved))
    gone = [name for name in moved if name not in study.derived]
    if gone:
        return f"{', '.join(map(repr, gone))} {'is' if len(gone) == 1 else 'are'} not computed here"
    drawn = any(isinstance(leaf, Inside) and {leaf.x, leaf.y} & set(moved) for leaf in leaves(predicate))
    return "drawn on an earlier map" if drawn else f"made from earlier values of {names}"


def _strange_keys(study: Study, predicate: Predicate) -> str | None:
    """Say that rows are named by number in another file than today's, if they are: they would be other rows."""
    from datalens.predicate import Keys

    here = study.source.identity
    for leaf in leaves(predicate):
        if isinstance(leaf, Keys) and leaf.identity.scheme == "row" and leaf.identity != here:
            return (
                f"its rows are named by their number in {leaf.identity.file or 'a file'}, which has changed"
            )
    return None


def alike(one: Identity, other: Identity) -> bool:
    """Say whether two datasets name their rows by the same."""
    return (one.scheme, one.columns) == (other.scheme, other.columns)


def named_by(identity: Identity) -> str:
    """Return what rows are named by, in words."""
    if identity.scheme == "column":
        return f"the column {identity.columns[0]!r}"
    return (
        "their number in a file"
        if identity.scheme == "row"
        else f"the content of {', '.join(identity.columns)}"
    )


def leaves(predicate: Predicate) -> Iterator[Predicate]:
    """Yield what ``and``, ``or`` and ``not`` join.

    Examples
    --------
    >>> from datalens.predicate import col
    >>> len(list(leaves((col("a") > 1) & ~(col("b") > 2))))
    2
    """
    from datalens.predicate import And, Not, Or

    match predicate:
        case And(of=parts) | Or(of=parts):
            for part in parts:
                yield from leaves(part)
        case Not(of=part):
            yield from leaves(part)
        case _:
            yield predicate
