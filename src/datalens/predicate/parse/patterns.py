"""Regular expressions as engines write them, read back as the shared subset."""

from __future__ import annotations

import re

from datalens.predicate.regex import Flavour, emit

_EDGES: dict[Flavour, dict[str, str]] = {
    "python": {r"\A": "^", r"\Z": "$"},
    "re2": {r"\A": "^", r"\z": "$"},
    "rust": {r"\A": "^", r"\z": "$", r"(?-u:\b)": r"\b"},
    "java": {r"\A": "^", r"\z": "$"},
    "postgres": {r"\A": "^", r"\Z": "$", r"\y": r"\b", r"\Y": r"\B"},
}
_ESCAPE = re.compile(r"\(\?-u:\\b\)|\\[\s\S]")


def original(pattern: str, flavour: Flavour) -> str:
    r"""Return the pattern of the shared subset that an engine writes so.

    Parameters
    ----------
    pattern : str
        As it stands in code.
    flavour : {"python", "re2", "rust", "java", "postgres"}
        Whose code.

    Raises
    ------
    ValueError
        Where the engine's pattern isn't surely the same.

    Examples
    --------
    >>> original(r"\A[Nn][Oo]\z", "re2")
    '^[Nn][Oo]$'
    """
    edges = _EDGES[flavour]
    shared = _ESCAPE.sub(lambda found: edges.get(found.group(), found.group()), pattern)
    if emit(shared, flavour) != pattern and (flavour != "re2" or shared.startswith("(?")):
        msg = (
            f"The pattern {pattern[:100]!r} may mean something else here: write it in ASCII classes such as [0-9], "
            "with dialect='bar' and matches."
        )
        raise ValueError(msg)
    return shared
