"""All tags of a dataset by name: how many rows have each, its colour, its key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from datalens.core.errors import MissingNameError
from datalens.core.words import plural

if TYPE_CHECKING:
    from collections.abc import Iterator

    from datalens.study.study import Study


@dataclass(frozen=True)
class Tag:
    """One tag.

    Attributes
    ----------
    count : int
        How many rows have it.
    color : str or None
        As ``#rrggbb``; None where the views choose.
    digit : int or None
        The key, 1 to 9, that sets it in the explorer.
    """

    count: int
    color: str | None
    digit: int | None


class Tags(Mapping[str, Tag]):
    """The tags in the order in which they first came up; `lens.tags` is it.

    Parameters
    ----------
    study : Study
        Whose.
    """

    def __init__(self, study: Study) -> None:
        self._study = study

    def __getitem__(self, tag: str) -> Tag:
        tags = self._all()
        if tag not in tags:
            there = f"There are: {', '.join(map(repr, tags))}." if tags else "There are none yet."
            msg = f"There is no tag {str(tag)[:60]!r}. {there}"
            raise MissingNameError(msg)
        return tags[tag]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._study.marks.styles)

    def __repr__(self) -> str:
        lines = [
            f"{one.digit or ' '}  {tag}: {plural(one.count, 'row')}{f', {one.color}' if one.color else ''}"
            for tag, one in self._all().items()
        ]
        return "\n".join([plural(len(lines), "tag"), *lines])

    def __delitem__(self, tag: str) -> None:
        """Take a tag off all rows and forget it."""
        self._study.marks.rename(tag, "")

    def rename(self, old: str, new: str) -> None:
        """Give a tag another name; where there is one of that name, the two become one.

        Parameters
        ----------
        old, new : str
            The names.

        Raises
        ------
        MissingNameError
            When there is no tag `old`.
        """
        if not isinstance(new, str) or not new.strip():
            msg = f"A tag's name is one line of text, not {new!r}. To forget it: del lens.tags[{old!r}]."
            raise ValueError(msg)
        self._study.marks.rename(old, new)

    def style(self, tag: str, *, color: str | None = None, digit: int | None = None) -> None:
        """Set a tag's colour, its key, or both.

        Parameters
        ----------
        tag : str
            The tag.
        color : str, optional
            As ``#rrggbb``.
        digit : int, optional
            1 to 9; a tag that had this key loses it.

        Raises
        ------
        MissingNameError
            When there is no such tag.
        """
        now = self[tag]
        self._study.marks.style(tag, color=color or now.color, digit=digit or now.digit)

    def _all(self) -> dict[str, Tag]:
        marks = self._study.marks
        with self._study.lock:
            counts = marks.sheet.tag_counts() if marks.styles else {}
            return {
                tag: Tag(counts.get(tag, 0), style.color, style.digit) for tag, style in marks.styles.items()
            }
