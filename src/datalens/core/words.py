"""Counts as a person reads them."""

from __future__ import annotations


def plural(number: int, noun: str) -> str:
    """Return a number and what it counts.

    Parameters
    ----------
    number : int
        How many.
    noun : str
        One of them; more of them have an "s".

    Returns
    -------
    str
        With separators between thousands.

    Examples
    --------
    >>> plural(1, "row"), plural(1204, "row")
    ('1 row', '1,204 rows')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
