"""A journal as the tests open it."""

from __future__ import annotations

from datalens.core.keys import Identity
from datalens.journal import Journal, Place

ID = Identity("column", ("id",))


def opened(path, identity=ID, fingerprint="f0"):
    return Journal.open(Place(path, printed=False), title="rows", identity=identity, fingerprint=fingerprint)
