"""Whether marimo runs this code: its cells own the widgets that are made in them."""

from __future__ import annotations

import sys


def in_marimo() -> bool:
    """Return whether a cell of a marimo notebook runs this code, in its editor or as an app.

    Returns
    -------
    bool
        False also where marimo is installed, and where a notebook of it runs as a script.

    Examples
    --------
    >>> in_marimo()
    False
    """
    marimo = sys.modules.get("marimo")
    return marimo is not None and bool(marimo.running_in_notebook())
