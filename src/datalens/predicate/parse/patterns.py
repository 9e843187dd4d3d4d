"""Regular expressions as Python code writes them, read back as the shared subset."""

from __future__ import annotations

import re

from datalens.predicate.regex import emit

_EDGES = {r"\A": "^", r"\Z": "$"}
_ESCAPE = re.compile(r"\(\?!\\b\)|\\[\s\S]")


def original(pattern: str) -> str:
    r"""Return the pattern of the shared subset that Python code writes so.

    Parameters
    ----------
    pattern : str
        As it stands in code.

    Raises
    ------
    ValueError
        Where Python's pattern isn't surely the same.

    Examples
    --------
    >>> original(r"\A[Nn][Oo]\Z")
    '^[Nn][Oo]$'
    """
    shared = _ESCAPE.sub(lambda found: _EDGES.get(found.group(), found.group()), pattern)
    if emit(shared, "python") != pattern:
        msg = (
            f"The pattern {pattern[:100]!r} may mean something else here: write it in ASCII classes such as [0-9], "
            "with dialect='bar' and matches."
        )
        raise ValueError(msg)
    return shared
