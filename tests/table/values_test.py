"""What columns are, how they sort, how they look, how they colour."""

from __future__ import annotations

import datetime as dt
import itertools

import numpy as np
import pyarrow as pa
import pytest

from datalens.table.colors import (
    CODE_FIRST,
    CODE_NOT_COMPUTED,
    CODE_NULL,
    CODE_OTHER,
    color_codes,
    selected_counts,
)
from datalens.table.columns import describe, kind_of
from datalens.table.display import as_text, cells
from datalens.table.paging import selected_order, sort_order


def chunked(values, kind=None):
    return pa.chunked_array([pa.array(values, kind)])


@pytest.mark.parametrize(
    ("column", "kind"),
    [
        (chunked([1.5, None]), "number"),
        (chunked([1, 2, 3]), "category"),
        (chunked(list(range(100))), "integer"),
        (chunked(["a", "b", "a"]), "category"),
        (chunked([f"a long text that differs each time, number {i}" for i in range(50)]), "text"),
        (chunked([True, None]), "boolean"),
        (chunked([dt.datetime(2026, 1, 1)]), "datetime"),  # noqa: DTZ001
        (chunked([[1.0, 2.0]], pa.list_(pa.float32(), 2)), "vector"),
        (chunked([[1, 2], [3]]), "nested"),
        (chunked([b"x"]), "bytes"),
        (chunked(["a", "b"]).dictionary_encode(), "category"),
        (chunked([], pa.string()), "category"),
        (chunked([None, None]), "category"),
    ],
)
def kind_of_test(column, kind):
    assert kind_of(column) == kind


def describe_counts_nan_as_null_test():
    assert describe("a", chunked([1.0, float("nan"), None])).nulls == 2


def sort_order_puts_nulls_last_both_ways_test():
    column = chunked([2.0, None, 1.0, float("nan"), 3.0])
    assert sort_order([(column, False)]).tolist()[:3] == [2, 0, 4]
    assert sort_order([(column, True)]).tolist()[:3] == [4, 0, 2]
    assert sorted(sort_order([(column, True)]).tolist()[3:]) == [1, 3]


def sort_order_is_stable_test():
    column = chunked([1, 0] * 500)
    assert sort_order([(column, False)]).tolist() == [*range(1, 1000, 2), *range(0, 1000, 2)]
    assert sort_order([(column, True)]).tolist() == [*range(0, 1000, 2), *range(1, 1000, 2)]


def sort_order_by_two_columns_test():
    first, second = chunked(["b", "a", "b"]), chunked([1, 2, 3])
    assert sort_order([(first, False), (second, True)]).tolist() == [1, 2, 0]


def sort_order_of_lists_says_so_test():
    with pytest.raises(ValueError, match="no order to sort by"):
        sort_order([(chunked([[1], [2]]), False)])


def selected_order_test():
    mask = np.array([True, False, True])
    assert selected_order(np.array([2, 1, 0]), mask, 3).tolist() == [2, 0]
    assert selected_order(None, mask, 3).tolist() == [0, 2]
    assert selected_order(None, None, 3).tolist() == [0, 1, 2]


def cells_clip_and_say_the_length_test():
    assert cells(chunked(["x" * 500, None]), characters=10) == [{"text": "x" * 10, "of": 500}, None]


def cells_keep_markup_as_text_test():
    assert cells(chunked(["<img src=x onerror=alert(1)>"])) == ["<img src=x onerror=alert(1)>"]


def cells_keep_nanoseconds_test():
    column = pa.chunked_array([pa.array([1], pa.int64()).cast(pa.timestamp("ns"))])
    assert cells(column) == ["1970-01-01 00:00:00.000000001"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (2**53 + 1, "9007199254740993"),
        (0.5, "0.5"),
        (3.0, "3"),
        (float("-inf"), "-∞"),
        ({"a": [1]}, '{"a": [1]}'),
    ],
)
def as_text_test(value, text):
    assert as_text(value, 4) == text


def color_codes_of_categories_most_frequent_first_test():
    codes, legend = color_codes(chunked(["b", "a", "b", None]), "category")
    assert codes.tolist() == [CODE_FIRST, CODE_FIRST + 1, CODE_FIRST, CODE_NULL]
    assert legend["values"] == [
        {"value": "b", "label": "b", "count": 2},
        {"value": "a", "label": "a", "count": 1},
    ]
    assert legend["nulls"] == 1


def color_codes_beyond_the_list_are_other_test():
    codes, legend = color_codes(chunked([str(i) for i in range(2_500)]), "category")
    assert codes.dtype == np.uint16
    assert legend["other"] == {"values": 500, "count": 500}
    assert (codes == CODE_OTHER).sum() == 500


def color_codes_mark_what_is_not_computed_test():
    codes, legend = color_codes(chunked([1.0, None]), "number", missing=np.array([False, True]))
    assert codes[1] == CODE_NOT_COMPUTED
    assert (legend["nulls"], legend["notComputed"]) == (0, 1)


@pytest.mark.parametrize("scale", ["linear", "log", "quantile"])
def number_bins_count_every_row_test(scale):
    values = np.random.default_rng(0).lognormal(size=5_000)
    codes, legend = color_codes(chunked([*values, None, float("nan"), float("inf")]), "number", scale=scale)
    assert legend["scale"] == scale
    assert sum(legend["counts"]) == 5_001  # infinity has a colour, null and NaN have not
    assert legend["nulls"] == 2
    assert codes[:-3].min() >= CODE_FIRST


@pytest.mark.parametrize("values", [[-1.0, 0.0, 1.0], [-0.5, 0.0, 100.0], [-3e300, 0.0, 2e300]])
def symmetric_scale_has_zero_in_the_middle_test(values):
    many = [*values, *np.linspace(values[0], values[-1], 500)]
    codes, legend = color_codes(chunked(many), "number", scale="symmetric")
    assert legend["scales"] == ["linear", "symmetric", "quantile"]
    assert legend["scale"] == "symmetric"
    assert np.all(np.diff(legend["edges"]) >= 0)
    assert sum(legend["counts"]) == len(many)
    if abs(values[0]) < 1e300:
        assert codes[1] - CODE_FIRST in (125, 126)
        assert legend["edges"][18] == pytest.approx(0, abs=1e-12)
    signs = np.sign(many)
    assert codes[signs < 0].max() <= codes[1]
    assert codes[signs > 0].min() >= codes[1]


def symmetric_scale_is_for_both_sides_of_zero_test():
    for values in ([0.0, 1.0, 2.0], [-2.0, -1.0, 0.0], []):
        _, legend = color_codes(chunked(values), "number", scale="symmetric")
        assert "symmetric" not in legend["scales"]
        assert legend["scale"] != "symmetric"


def number_bins_agree_with_their_edges_test():
    """What the brush asks for by a bin's edges is what the bin has counted."""
    values = np.round(np.random.default_rng(1).normal(size=4_000), 2)
    for scale in ("linear", "symmetric", "quantile"):
        _, legend = color_codes(chunked(values), "number", scale=scale)
        edges = legend["edges"]
        counted = [
            int(((values >= low) & ((values < high) | (high == edges[-1]))).sum())
            for low, high in itertools.pairwise(edges)
        ]
        if scale != "quantile":
            assert counted == legend["counts"]
        assert sum(counted) == sum(legend["counts"]) == 4_000


@pytest.mark.parametrize("values", [[], [None, None], [3.0, 3.0], [float("nan")], [1.0]])
def color_codes_of_next_to_nothing_test(values):
    codes, legend = color_codes(chunked(values, pa.float64()), "number")
    assert len(codes) == len(values)
    assert sum(legend["counts"]) == sum(v is not None and v == v for v in values)  # noqa: PLR0124 - NaN


@pytest.mark.parametrize(
    "column",
    [
        pa.nulls(2),
        pa.array([dt.time(1), None]),
        pa.array([dt.timedelta(1), None]),
        pa.array([b"x", None]),
        pa.array([{"a": 1}, None]),
        pa.array([True, None]),
        pa.array(["a", None]).dictionary_encode(),
    ],
    ids=lambda column: str(column.type),
)
def color_codes_of_every_type_test(column):
    column = pa.chunked_array([column])
    codes, legend = color_codes(column, kind_of(column))
    assert codes[1] == CODE_NULL
    assert legend["nulls"] == column.null_count
    sort_order([(column, False)]) if not pa.types.is_nested(column.type) else None


def selected_counts_test():
    codes, legend = color_codes(chunked(["a", "a", "b"]), "category")
    counted = selected_counts(codes, legend, np.array([True, False, True]))
    assert [value["selected"] for value in counted["values"]] == [1, 1]
    assert "selected" not in legend["values"][0]


def nested_values_are_categories_by_their_text_test():
    _, legend = color_codes(chunked([[1], [1], [2]]), "nested")
    assert [value["label"] for value in legend["values"]] == ["[1]", "[2]"]


def dates_have_date_labels_test():
    days = [dt.date(2026, 1, 1) + dt.timedelta(days=i) for i in range(400)]
    _, legend = color_codes(chunked(days), "datetime")
    assert legend["labels"] == ["2026-01-01", "2027-02-04"]
