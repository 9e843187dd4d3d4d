"""The marks of all rows by ordinal: small arrays that a press of a key changes in place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import numpy as np
    import pyarrow as pa

    Mask = np.ndarray[Any, np.dtype[np.bool_]]
    Ordinals = np.ndarray[Any, np.dtype[np.int64]]
    Tags = tuple[str, ...]

Flag = Literal["star", "seen"]
FLAGS: tuple[Flag, ...] = ("star", "seen")
# So few rows are changed one by one: for more, arrays are quicker.
FEW = 64
# Lists of this many rows are one chunk of Arrow's, whose offsets end at two billion.
CHUNK_ROWS = 1_000_000


class Sheet:
    """Tags, notes, stars and what was looked at.

    Rows have one of few sets of tags, so that a number a row says which: tagging a million rows changes a million
    numbers, and one row one.

    Parameters
    ----------
    rows : int
        How many rows there are.

    Attributes
    ----------
    notes : dict of int to str
        By ordinal.

    Examples
    --------
    >>> import numpy as np
    >>> sheet = Sheet(3)
    >>> sheet.tag(np.array([0, 2]), "good")
    >>> sheet.tag(np.array([2]), "short")
    >>> sheet.tags_of(2), sheet.tag_counts()
    (('good', 'short'), {'good': 2, 'short': 1})
    >>> sheet.column("tags").to_pylist()
    [['good'], None, ['good', 'short']]
    """

    def __init__(self, rows: int) -> None:
        import numpy as np

        self.rows = rows
        self.notes: dict[int, str] = {}
        self._sets: list[Tags] = [()]
        self._place: dict[Tags, int] = {(): 0}
        self._counts = [rows]
        self._which = np.zeros(rows, dtype=np.int32)
        self._flags: dict[Flag, Mask] = {flag: np.zeros(rows, dtype=np.bool_) for flag in FLAGS}
        self._flagged = dict.fromkeys(FLAGS, 0)
        self._made: dict[str, pa.ChunkedArray] = {}

    # What a row has -----------------------------------------------------------------------------------

    def tags_of(self, ordinal: int) -> Tags:
        """Return a row's tags, in the order in which it got them."""
        return self._sets[int(self._which[ordinal])]

    def has(self, flag: Flag, ordinal: int) -> bool:
        """Say whether a row has a flag."""
        return bool(self._flags[flag][ordinal])

    def flags(self, flag: Flag) -> Mask:
        """Return which rows have a flag; not to be changed."""
        return self._flags[flag]

    # How many -----------------------------------------------------------------------------------------

    def tag_counts(self, mask: Mask | None = None) -> dict[str, int]:
        """Return how many rows have each tag, of all rows or of some; tags that no row has are not in it."""
        import numpy as np

        counts: Sequence[int] = self._counts
        if mask is not None:
            counts = np.bincount(self._which[mask], minlength=len(self._sets)).tolist()
        found: dict[str, int] = {}
        for tags, count in zip(self._sets, counts, strict=True):
            for tag in tags if self._counts[self._place[tags]] else ():
                found[tag] = found.get(tag, 0) + count
        return found

    def count(self, role: str) -> int:
        """Return how many rows have a mark of some kind."""
        if role == "tags":
            return self.rows - self._counts[0]
        return len(self.notes) if role == "note" else self._flagged["star" if role == "star" else "seen"]

    # What changes it ----------------------------------------------------------------------------------

    def tag(self, ordinals: Ordinals, tag: str) -> None:
        """Tag rows."""
        self._move(ordinals, lambda tags: tags if tag in tags else (*tags, tag))

    def untag(self, ordinals: Ordinals, tag: str | None) -> None:
        """Take a tag, or all tags, off rows."""
        self._move(
            ordinals, lambda tags: () if tag is None else tuple(other for other in tags if other != tag)
        )

    def rename(self, old: str, new: str) -> None:
        """Give a tag another name, or with an empty one take it off all rows; two of one name become one."""
        import numpy as np

        def renamed(tags: Tags) -> Tags:
            return tuple(dict.fromkeys(tag for t in tags if (tag := new if t == old else t)))

        places = np.array([self._number(renamed(tags)) for tags in tuple(self._sets)], dtype=np.int32)
        self._which = places[self._which]
        self._counts = np.bincount(self._which, minlength=len(self._sets)).tolist()
        self._made.pop("tags", None)

    def note(self, ordinals: Ordinals, text: str | None) -> None:
        """Write rows' notes, or remove them."""
        for ordinal in ordinals.tolist():
            if text:
                self.notes[ordinal] = text
            else:
                self.notes.pop(ordinal, None)
        self._made.pop("note", None)

    def flag(self, ordinals: Ordinals, flag: Flag, *, on: bool) -> None:
        """Set or clear a flag of rows, each given once."""
        import numpy as np

        mask = self._flags[flag]
        before = int(np.count_nonzero(mask[ordinals]))
        mask[ordinals] = on
        self._flagged[flag] += (len(ordinals) if on else 0) - before
        self._made.pop(flag, None)

    def _move(self, ordinals: Ordinals, step: Callable[[Tags], Tags]) -> None:
        """Give rows, each given once, the set of tags that follows from the one they have."""
        import numpy as np

        self._made.pop("tags", None)
        if len(ordinals) < FEW:
            for ordinal in ordinals.tolist():
                old = int(self._which[ordinal])
                new = self._number(step(self._sets[old]))
                self._which[ordinal] = new
                self._counts[old] -= 1
                self._counts[new] += 1
            return
        before = self._which[ordinals]
        counts = np.bincount(before, minlength=len(self._sets))
        places = np.arange(len(self._sets), dtype=np.int32)
        for old in np.flatnonzero(counts).tolist():
            new = self._number(step(self._sets[old]))
            places[old] = new
            self._counts[old] -= int(counts[old])
            self._counts[new] += int(counts[old])
        self._which[ordinals] = places[before]

    def _number(self, tags: Tags) -> int:
        place = self._place.setdefault(tags, len(self._sets))
        if place == len(self._sets):
            self._sets.append(tags)
            self._counts.append(0)
        return place

    def load(
        self,
        tags: tuple[Sequence[Any], Sequence[str]],
        notes: Mapping[Any, str],
        flags: Mapping[Flag, Iterable[Any]],
        ordinal_of: Mapping[Any, int],
    ) -> None:
        """Fill an empty sheet with marks by key; keys that no row has are left out."""
        import numpy as np

        places, start = [ordinal_of.get(key, -1) for key in tags[0]], 0
        ends = [i for i in range(1, len(places)) if tags[1][i] != tags[1][i - 1]]
        for end in (*ends, len(places)) if places else ():  # of one tag, as many as follow one another
            run = np.array(places[start:end], dtype=np.int64)
            self.tag(run[run >= 0], tags[1][start])
            start = end
        self.notes = {ordinal_of[key]: text for key, text in notes.items() if key in ordinal_of}
        for flag, keys in flags.items():
            found = np.array([ordinal_of[key] for key in keys if key in ordinal_of], dtype=np.int64)
            self.flag(found, flag, on=True)

    # As columns ---------------------------------------------------------------------------------------

    def column(self, role: str) -> pa.ChunkedArray:
        """Return marks of one kind as a column; made at the first call after a change."""
        import numpy as np
        import pyarrow as pa

        if role not in self._made:
            starts = range(0, max(1, self.rows), CHUNK_ROWS)
            parts = [
                self.take(role, np.arange(start, min(start + CHUNK_ROWS, self.rows))) for start in starts
            ]
            self._made[role] = pa.chunked_array(parts, kind_of(role))
        return self._made[role]

    def take(self, role: str, ordinals: Ordinals) -> pa.Array:
        """Return the marks of some rows."""
        import pyarrow as pa

        if role == "tags":
            return self.sets().take(pa.array(self._which[ordinals]))
        if role == "note":
            notes = self.notes
            return pa.array([notes.get(ordinal) for ordinal in ordinals.tolist()], pa.string())
        return pa.array(self._flags["star" if role == "star" else "seen"][ordinals])

    def sets(self) -> pa.Array:
        """Return the sets of tags that rows have, as a column has them; `spread` says which rows."""
        import pyarrow as pa

        return pa.array([list(tags) if tags else None for tags in self._sets], kind_of("tags"))

    def spread(self, values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """Return for each row what its set of tags has."""
        return values[self._which]

    def firsts(self) -> list[str | None]:
        """Return the first tag of each set."""
        return [tags[0] if tags else None for tags in self._sets]


def kind_of(role: str) -> pa.DataType:
    """Return the type of a column of marks."""
    import pyarrow as pa

    return {"tags": pa.list_(pa.string()), "note": pa.string()}.get(role, pa.bool_())
