"""A column as colour codes and a legend: what the map is coloured by, and what its legend counts."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Literal

from datalens.table.columns import widened
from datalens.table.display import as_text, values_of

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    from datalens.table.columns import Kind

    Floats = np.ndarray[Any, np.dtype[np.float64]]
    Codes = np.ndarray[Any, Any]
    Mask = np.ndarray[Any, np.dtype[np.bool_]]

Scale = Literal["linear", "log", "symmetric", "quantile"]

# The codes of the protocol (js/src/host/protocol.ts holds the same numbers).
CODE_NULL = 0
CODE_NOT_COMPUTED = 1
CODE_OTHER = 2
CODE_FIRST = 3
NUMBER_STEPS = 252  # codes 3 to 254: a byte
BYTE_CATEGORIES = 250
# A legend with more rows than this is not read but searched; the rest is "other".
MAX_CATEGORIES = 2_000
BINS = 36
# Few outliers must not squeeze all colours into one: the linear scale ends at these quantiles.
CLIP = (0.005, 0.995)
MICROSECONDS = {"D": 86_400e6, "s": 1e6, "ms": 1e3, "us": 1.0, "ns": 1e-3}
# A text longer than this is nobody's category: it counts as "other", and does not travel in the legend.
CATEGORY_CHARACTERS = 1_000
# Differences of larger numbers may overflow, so that edges between them are computed on smaller ones.
LARGE = 1e300
# A distribution whose upper tail is this much longer than its body reads better by quantile.
SKEWED = 8.0


def color_codes(
    column: pa.ChunkedArray,
    kind: Kind,
    *,
    scale: Scale | None = None,
    missing: Mask | None = None,
) -> tuple[Codes, dict[str, Any]]:
    """Return a colour code for every row, and the legend that explains the codes.

    Parameters
    ----------
    column : pyarrow.ChunkedArray, length rows
        The values.
    kind : str
        What `columns.kind_of` says.
    scale : {"linear", "log", "symmetric", "quantile"}, optional
        For numbers and dates; chosen by the shape of the distribution where left out. "symmetric" is linear with zero
        in the middle, for differences: it is there where values lie on both sides of zero.
    missing : numpy.ndarray of bool, optional
        Rows that a stopped step has not computed.

    Returns
    -------
    codes : numpy.ndarray of uint8 or uint16, shape (rows,)
        0 null, 1 not computed, 2 other; categories count up from 3, numbers are 3 + their step of 252.
    legend : dict
        The JSON part of the protocol's `color` reply, counts of a selection left out.
    """
    if kind in ("number", "integer", "datetime"):
        codes, legend = _number_codes(column, kind, scale)
    else:
        codes, legend = _category_codes(column)
    legend["nulls"] = int((codes == CODE_NULL).sum())
    legend["notComputed"] = 0
    if missing is not None:
        codes[missing] = CODE_NOT_COMPUTED
        legend["notComputed"] = int(missing.sum())
        legend["nulls"] = int((codes == CODE_NULL).sum())
    return codes, legend


def selected_counts(codes: Codes, legend: dict[str, Any], mask: Mask | None) -> dict[str, Any]:
    """Return the legend with the counts of a selection in it.

    Parameters
    ----------
    codes : numpy.ndarray, shape (rows,)
        What `color_codes` gave.
    legend : dict
        What it gave beside them.
    mask : numpy.ndarray of bool, shape (rows,), or None
        What all clauses but the legend's own select; None for all rows.

    Returns
    -------
    dict
        A copy with `selected` filled in.
    """
    import numpy as np

    chosen = codes if mask is None else codes[mask]
    if legend["kind"] == "number":
        steps = np.bincount(chosen, minlength=CODE_FIRST + NUMBER_STEPS)
        return {**legend, "selected": _binned(steps)}
    counts = np.bincount(chosen, minlength=CODE_FIRST + len(legend["values"]))
    values = [{**value, "selected": int(counts[CODE_FIRST + i])} for i, value in enumerate(legend["values"])]
    return {**legend, "values": values, "other": {**legend["other"], "selected": int(counts[CODE_OTHER])}}


def _number_codes(column: pa.ChunkedArray, kind: Kind, scale: Scale | None) -> tuple[Codes, dict[str, Any]]:
    import numpy as np

    values = as_floats(column)
    finite = values[np.isfinite(values)]
    scales: list[Scale] = ["linear", "quantile"]
    if kind != "datetime" and finite.size and finite.min() > 0:
        scales.insert(1, "log")
    elif kind != "datetime" and finite.size and finite.min() < 0 < finite.max():
        scales.insert(1, "symmetric")
    if scale not in scales:
        scale = _fitting_scale(finite)
    edges = _edges(finite, scale)
    codes = np.zeros(len(values), dtype=np.uint8)
    known = ~np.isnan(values)
    codes[known] = CODE_FIRST + _steps(values[known], edges)
    bins = edges[:: NUMBER_STEPS // BINS].copy()
    if finite.size:
        # The last bins hold what lies beyond the scale's ends, so their edges are the data's own.
        bins[0], bins[-1] = min(bins[0], finite.min()), max(bins[-1], finite.max())
    steps = np.bincount(codes, minlength=CODE_FIRST + NUMBER_STEPS)
    text = [_label(column.type, kind, edge) for edge in bins]
    legend = {
        "kind": "number",
        "scale": scale,
        "scales": scales,
        "format": kind,
        "domain": [float(bins[0]), float(bins[-1])],
        "labels": [text[0], text[-1]],
        "edges": [float(edge) for edge in bins],
        "edgeLabels": text,
        "counts": _binned(steps),
    }
    return codes, legend


def _binned(steps: Codes) -> list[int]:
    """Add up the counts of the 252 colour steps into the histogram's bins."""
    width = NUMBER_STEPS // BINS
    colors = steps[CODE_FIRST : CODE_FIRST + NUMBER_STEPS]
    return [int(count) for count in colors.reshape(BINS, width).sum(axis=1)]


def as_floats(column: pa.ChunkedArray) -> Floats:
    """Return numbers as they are, dates and times as microseconds since 1970; NaN for null."""
    import numpy as np
    import pyarrow as pa

    steps = 1.0
    if pa.types.is_date(column.type):
        column, steps = column.cast(pa.date32()).cast(pa.int32()), MICROSECONDS["D"]
    elif pa.types.is_timestamp(column.type):
        # As floats: years that fit a count of seconds overflow one of microseconds.
        column, steps = column.cast(pa.int64()), MICROSECONDS[column.type.unit]
    # Integers beyond 2**53 are rounded, which no colour shows.
    floats = column.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
    return np.asarray(floats, dtype=np.float64) * steps


def _fitting_scale(finite: Floats) -> Scale:
    """Linear, unless the upper tail is so long that most points would have one colour."""
    import numpy as np

    if not finite.size:
        return "linear"
    low, middle, high = np.quantile(finite / 64, [CLIP[0], 0.5, CLIP[1]])  # so that no difference overflows
    return "quantile" if high - middle > SKEWED * max(middle - low, 0) and high > middle else "linear"


def _edges(finite: Floats, scale: Scale) -> Floats:
    """Return the 253 ends of the 252 colour steps, in data units, never falling."""
    import numpy as np

    share = np.linspace(0, 1, NUMBER_STEPS + 1)
    if not finite.size:
        return share
    if np.abs(finite).max() > LARGE:
        return np.clip(_edges(finite / LARGE, scale) * LARGE, finite.min(), finite.max())
    if scale == "quantile":
        return np.quantile(finite, share)
    low, high = np.quantile(finite, CLIP) if finite.size > BINS else (finite.min(), finite.max())
    if low == high:
        low, high = finite.min(), finite.max()
    if scale == "symmetric":
        # The same distance from zero has the same strength on both sides.
        return np.asarray(max(-low, high) * (2 * share - 1))
    if scale == "log":
        return np.asarray(np.exp(np.log(low) + share * (np.log(high) - np.log(low))))
    return np.asarray(low + share * (high - low))


def _steps(values: Floats, edges: Floats) -> Codes:
    """Return the colour step of each value, 0 to 251; beyond the scale's ends is the end."""
    import numpy as np

    if edges[0] == edges[-1]:
        return np.full(len(values), NUMBER_STEPS // 2, dtype=np.uint8)
    left = np.searchsorted(edges, values, side="left")
    right = np.searchsorted(edges, values, side="right")
    # A value that fills many steps of a quantile scale sits in their middle.
    return np.asarray(np.clip((left + right - 1) // 2, 0, NUMBER_STEPS - 1), dtype=np.uint8)


def _label(kind_of_value: pa.DataType, kind: Kind, edge: float) -> str:
    import pyarrow as pa

    if kind == "datetime":
        try:
            moment = pa.scalar(round(edge), pa.timestamp("us")).as_py()
        except (ValueError, OverflowError, pa.ArrowException):
            return f"year {1970 + edge / MICROSECONDS['D'] / 365.2425:,.0f}"  # beyond Python's calendar
        if pa.types.is_date(kind_of_value):
            return str(moment.date().isoformat())
        zone = getattr(kind_of_value, "tz", None)
        return str(moment.isoformat()) + ("+00:00" if zone else "")
    if kind == "integer" and math.isfinite(edge):
        return f"{round(edge):,}"
    return as_text(float(edge), 4)


def _category_codes(column: pa.ChunkedArray) -> tuple[Codes, dict[str, Any]]:
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    encoded = _as_categories(column).combine_chunks().dictionary_encode()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    indices = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    values = encoded.dictionary
    counts = np.bincount(indices[indices >= 0], minlength=len(values))
    # Most frequent first; equal counts in the order of the values, so that colours do not jump.
    ranks = pc.rank(values, sort_keys="ascending").to_numpy() if len(values) else np.array([], dtype=np.int64)
    order = np.lexsort((ranks, -counts))
    order = order[np.argsort(_too_long(values)[order], kind="stable")]
    shown = order[: min(MAX_CATEGORIES, int(np.sum(~_too_long(values))))]
    code_of = np.full(len(values) + 1, CODE_OTHER, dtype=np.uint16)
    code_of[shown] = CODE_FIRST + np.arange(len(shown))
    code_of[-1] = CODE_NULL  # index -1: null
    codes = code_of[indices]
    legend = {
        "kind": "category",
        "values": [
            {"value": _json_value(value), "label": as_text(value), "count": int(counts[i])}
            for i, value in zip(shown, values.take(shown).to_pylist(), strict=True)
        ],
        "other": {"values": len(values) - len(shown), "count": int(counts[order[len(shown) :]].sum())},
    }
    return (codes.astype(np.uint8) if len(shown) <= BYTE_CATEGORIES else codes), legend


def _as_categories(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return values that Arrow can encode: dictionaries by value, anything nested by its text."""
    import pyarrow as pa

    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_null(column.type):
        return column.cast(pa.string())
    if pa.types.is_nested(column.type) or pa.types.is_binary(column.type) or _beyond_python(column):
        texts = [None if v is None else as_text(v) for v in values_of(column)]
        return pa.chunked_array([texts], pa.string())
    return widened(column)


def _beyond_python(column: pa.ChunkedArray) -> bool:
    """Say whether values of time do not fit Python's own types."""
    import pyarrow as pa

    if not pa.types.is_temporal(column.type):
        return False
    try:
        column.unique().to_pylist()
    except (ValueError, OverflowError, ArithmeticError):
        return True
    return False


def _too_long(values: pa.Array) -> Mask:
    """Say which categories are texts too long for a legend."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    if not (pa.types.is_string(values.type) or pa.types.is_large_string(values.type)):
        return np.zeros(len(values), dtype=bool)
    lengths = pc.fill_null(pc.utf8_length(values), 0).to_numpy(zero_copy_only=False)
    return np.asarray(lengths > CATEGORY_CHARACTERS, dtype=bool)


def _json_value(value: Any) -> Any:
    """Return a value as the protocol writes scalars; text where it has no such form (lists, bytes)."""
    from datalens.predicate.scalars import normalize, to_json_value

    try:
        return to_json_value(normalize(value, "a legend"))
    except (TypeError, ValueError):
        return as_text(value)
