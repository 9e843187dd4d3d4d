"""Counts as a person reads them."""

from __future__ import annotations

# Classes that keep MathJax (3 and 2) off an element: "$5 or $6" in somebody's data is no formula.
NO_MATH = "mathjax_ignore tex2jax_ignore"


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
