"""Regular expressions as Python code writes them, read back as the shared subset."""

from __future__ import annotations

import re

from datalens.predicate.regex import emit

_WRITTEN = {
    r"\A": "^", r"\Z": "$",
    # After (?i), the letters that Python folds in its own way.
    "(?-i:[Ii])": "i", "(?-i:[iI])": "I", r"[k\u212a]": "k", r"[K\u212a]": "K", r"[s\u017f]": "s", r"[S\u017f]": "S",
}  # fmt: skip
_ESCAPE = re.compile(r"\(\?-i:\[(?:Ii|iI)\]\)|\[(?:[kK]\\u212a|[sS]\\u017f)\]|\\[\s\S]")


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
    shared = _ESCAPE.sub(lambda found: _WRITTEN.get(found.group(), found.group()), pattern)
    if pattern not in (emit(shared, "python"), emit(shared, "pandas")):
        msg = (
            f"The pattern {pattern[:100]!r} may mean something else here: write it in ASCII classes such as [0-9], "
            "with dialect='bar' and matches."
        )
        raise ValueError(msg)
    return shared
