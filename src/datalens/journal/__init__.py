"""Floor 3: the journal. What a person did to a dataset, in an SQLite file, keyed by the rows' keys."""

from __future__ import annotations

from datalens.journal.journal import Journal
from datalens.journal.marks import Marks, TagStyle
from datalens.journal.places import Place, place_beside, place_in, place_of_frame
from datalens.journal.selections import SavedSelection

__all__ = [
    "Journal",
    "Marks",
    "Place",
    "SavedSelection",
    "TagStyle",
    "place_beside",
    "place_in",
    "place_of_frame",
]
