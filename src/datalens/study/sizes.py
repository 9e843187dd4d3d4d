"""What embedding and projecting all rows would cost, before anybody waits for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from datalens.core.words import plural
from datalens.study.spatial import project_seconds

if TYPE_CHECKING:
    from datalens.study.study import Study

# A map of so many rows is there in a few minutes on two cores; beyond it a person is asked to want that.
MAX_ROWS = 200_000
# Enough to see every cluster that has a thousandth of the rows, in a minute or less.
SAMPLE_ROWS = 50_000

# Measured on two cores with 20,000 to 80,000 docstrings of 526 to 657 characters: 1.0 to 11.8 s and up to 8 bytes
# a character at the peak for TF-IDF and SVD; the more rows, the slower each.
EMBED_CHARACTERS_A_SECOND = 5e6
EMBED_BYTES_A_CHARACTER = 8
# 60,000 vectors of 128 numbers (31 MB), projected with 15 neighbours: 162 MB more at the peak.
PROJECT_BYTES_A_ROW = 3_200
# What `embed()` and `project()` do where nothing is said.
DIMENSIONS = 128
NEIGHBORS = 15
# Rows whose length stands for the others', and how much of a text is read (as TF-IDF does).
MEASURED_ROWS = 400
READ_CHARACTERS = 20_000


@dataclass(frozen=True)
class Cost:
    """What a map of all rows takes, about.

    Attributes
    ----------
    seconds : float
        On two cores without a GPU.
    bytes : float
        Of memory beside the data, at the peak.
    """

    seconds: float
    bytes: float

    def __str__(self) -> str:
        minutes = round(self.seconds / 60)
        time = plural(minutes, "minute") if minutes else plural(max(1, round(self.seconds)), "second")
        return f"about {time} on two cores and {self.bytes / 1e9:.1f} GB of memory"


def map_cost(rows: int, characters: float) -> Cost:
    """Estimate what the default embedding and projection take.

    Parameters
    ----------
    rows : int
        How many there are.
    characters : float
        Of a text, on average.

    Returns
    -------
    Cost
        Time and memory.

    Examples
    --------
    >>> str(map_cost(1_200_000, 500.0))
    'about 26 minutes on two cores and 4.8 GB of memory'
    """
    embedding = rows * characters / EMBED_CHARACTERS_A_SECOND
    return Cost(
        embedding + project_seconds(rows, DIMENSIONS, NEIGHBORS, None),
        max(rows * characters * EMBED_BYTES_A_CHARACTER, rows * PROJECT_BYTES_A_ROW),
    )


def needs_sample(study: Study) -> bool:
    """Say whether a map of all rows would keep a person waiting: many, with neither vectors nor coordinates."""
    return study.rows > MAX_ROWS and study.column_of("embedding") is None and study.column_of("x") is None


def cost_of(study: Study, text: str) -> Cost:
    """Estimate what a map of a study takes, from the length of a few of its texts."""
    import numpy as np
    import pyarrow.compute as pc

    rows = np.unique(np.linspace(0, study.rows - 1, MEASURED_ROWS).astype(np.int64))
    lengths = pc.utf8_length(study.take(rows, [text]).column(text).cast("large_string"))
    characters = pc.mean(pc.min_element_wise(lengths, READ_CHARACTERS)).as_py() or 0.0
    return map_cost(study.rows, characters)


def stratum_of(study: Study) -> str | None:
    """Return the column by whose values a sample is best drawn: the source, else the label; None where neither is."""
    for role in ("source", "label"):
        name = study.column_of(role)
        if name is not None and study.describe(name).kind in ("category", "boolean"):
            return name
    return None
