"""Sentences for what goes wrong: what was given, what was expected, what to do."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable


class ColumnError(KeyError):
    """A column is missing, or can't be what it was asked to be.

    A `KeyError`, as pandas raises, whose text is a plain sentence (a bare `KeyError` shows its repr).

    Examples
    --------
    >>> raise ColumnError("There is no column 'los'. Did you mean 'loss'?")
    Traceback (most recent call last):
    datalens.core.errors.ColumnError: There is no column 'los'. Did you mean 'loss'?
    """

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


class MissingRowError(KeyError):
    """No row has a key. A `KeyError` whose text is a plain sentence.

    Examples
    --------
    >>> raise MissingRowError("No row has the key 'b'. Keys here look like 'n17'.")
    Traceback (most recent call last):
    datalens.core.errors.MissingRowError: No row has the key 'b'. Keys here look like 'n17'.
    """

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


class MissingClauseError(KeyError):
    """The selection has no such clause. A `KeyError` whose text is a plain sentence.

    Examples
    --------
    >>> raise MissingClauseError("There is no clause 'map'; there are: 'code'.")
    Traceback (most recent call last):
    datalens.core.errors.MissingClauseError: There is no clause 'map'; there are: 'code'.
    """

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


class MissingNameError(KeyError):
    """Nothing has this name. A `KeyError` whose text is a plain sentence.

    Examples
    --------
    >>> raise MissingNameError("There is no tag 'spam'. There are: 'boilerplate'.")
    Traceback (most recent call last):
    datalens.core.errors.MissingNameError: There is no tag 'spam'. There are: 'boilerplate'.
    """

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


class MissingFileError(FileNotFoundError, ValueError):
    """There is no file of this name, or none that matches.

    A `FileNotFoundError`, as `open` raises, and a `ValueError`, as every error in what a caller gave is here.

    Examples
    --------
    >>> raise MissingFileError("There is no file 'rows.parquet'.")
    Traceback (most recent call last):
    datalens.core.errors.MissingFileError: There is no file 'rows.parquet'.
    """


class NotAFolderError(NotADirectoryError, ValueError):
    """What was given as a folder is none.

    Examples
    --------
    >>> raise NotAFolderError("store='rows' is not a folder. Make it first.")
    Traceback (most recent call last):
    datalens.core.errors.NotAFolderError: store='rows' is not a folder. Make it first.
    """


class UnfitError(TypeError, ValueError):
    """A value is of another kind than the column, or the argument, that it was given for.

    A `TypeError`, as Python raises, and a `ValueError`, as every error in what a caller gave is here.

    Examples
    --------
    >>> raise UnfitError(
    ...     "Column 'loss' holds numbers (float64), so it can't be compared with the text 'web'."
    ... )
    Traceback (most recent call last):
    datalens.core.errors.UnfitError: Column 'loss' holds numbers (float64), so it can't be compared with ...
    """


class NotExpressibleError(TypeError, ValueError):
    """A language or engine has no way to say a predicate, so that it selects the same rows.

    Examples
    --------
    >>> raise NotExpressibleError("lance can't express a polygon: use selection.code('lance', form='keys').")
    Traceback (most recent call last):
    datalens.core.errors.NotExpressibleError: lance can't express a polygon: use selection.code('lance', form='keys').
    """


def missing_column(name: str, columns: Iterable[Any], remedy: str = "") -> ColumnError:
    """Return the error for a column that is not there, with the nearest names.

    Parameters
    ----------
    name : str
        The name that was asked for.
    columns : iterable
        The names there are; in pandas not always texts.
    remedy : str, optional
        A last sentence: what to do about it.

    Returns
    -------
    ColumnError
        To be raised by the caller.

    Examples
    --------
    >>> str(missing_column("los", ["loss", "text"]))
    "There is no column 'los'. Did you mean 'loss'?"
    >>> str(missing_column("0", [0, 1]))
    "There is no column '0'. There is one named 0, of type int, but names are texts here: df.columns = df.columns.astype(str)"
    """
    given = list(columns)
    names = [str(column) for column in given]
    near = _nearest(name, names) if isinstance(name, str) else []
    if name in names:
        other = given[names.index(name)]
        hint = (
            f"There is one named {name}, of type {type(other).__name__}, but names are texts here: "
            "df.columns = df.columns.astype(str)"
        )
    elif near:
        hint = "Did you mean " + " or ".join(repr(n) for n in near) + "?"
    elif names:
        shown = ", ".join(repr(n) for n in names[:12])
        hint = f"There are: {shown}" + (f" and {len(names) - 12} more." if len(names) > 12 else ".")  # noqa: PLR2004
    else:
        hint = "There are no columns at all."
    what = f"There is no column {name!r}."
    if not isinstance(name, str):
        what = f"A column is named by one text, not by {name!r}."
    return ColumnError(" ".join(part for part in (what, hint, remedy) if part))


def _nearest(name: str, names: list[str]) -> list[str]:
    """Return the names that are like one, whatever is in capitals; at most three."""
    folded: dict[str, list[str]] = {}
    for other in dict.fromkeys(names):
        folded.setdefault(other.casefold(), []).append(other)
    near = difflib.get_close_matches(name.casefold(), list(folded), n=3, cutoff=0.6)
    found = [other for one in near for other in folded[one]]
    return sorted(found, key=lambda other: -difflib.SequenceMatcher(None, other, name).ratio())[:3]
