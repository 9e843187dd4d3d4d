"""What a histogram's brush sends back is what its legend said: the edges select the bins' rows."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

import datalens as dl
from datalens.widgets.desk import Desk

DAYS = [dt.date(2026, 1, 1) + dt.timedelta(days=i) for i in range(365)]
MOMENTS = [dt.datetime(2026, 1, 1) + dt.timedelta(hours=7 * i) for i in range(365)]  # noqa: DTZ001


def scalar(legend, edge):
    """Return an edge as js/src/legend/range.ts sends it."""
    if legend["format"] != "datetime":
        return legend["edges"][edge]
    text = legend["edgeLabels"][edge]
    return {"type": "datetime" if "T" in text else "date", "value": text}


@pytest.mark.parametrize(
    "column",
    [
        pa.array(DAYS),
        pa.array(MOMENTS, pa.timestamp("us")),
        pa.array(MOMENTS, pa.timestamp("ms", "Europe/Rome")),
        pa.array(np.random.default_rng(0).normal(size=365)),
        pa.array(np.random.default_rng(0).normal(size=365).astype("float32")),
        pa.array(np.arange(365) * 3),
    ],
    ids=["date", "datetime", "zoned", "float", "float32", "integer"],
)
def the_whole_range_selects_every_row_test(column):
    desk = Desk(dl.Lens(pa.table({"v": column}))._study)
    legend, _ = desk.answer("legend", {"column": "v", "scale": None})
    between = {"op": "between", "column": "v", "low": scalar(legend, 0), "high": scalar(legend, -1)}
    desk.answer("clause", {"source": "column:v", "predicate": between, "mode": "replace"})
    assert desk.study.count() == 365


def half_of_the_range_selects_its_bins_test():
    values = pd.Series(np.random.default_rng(0).normal(size=1_000))
    desk = Desk(dl.Lens(pd.DataFrame({"v": values}))._study)
    legend, _ = desk.answer("legend", {"column": "v", "scale": "linear"})
    between = {"op": "between", "column": "v", "low": legend["edges"][0], "high": legend["edges"][18]}
    desk.answer("clause", {"source": "column:v", "predicate": between, "mode": "replace"})
    assert desk.study.count() == sum(legend["counts"][:18])
