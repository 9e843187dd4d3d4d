"""Functions that printed Polars code brings along, where its own can't say the same or depend on a type."""

from __future__ import annotations

MODULES = {"np": "import numpy as np", "pl": "import polars as pl"}

_PRODUCT = '''\
def {name}(vectors, weights):
    """Multiply vectors with weights; null where that is no finite number."""
    vectors = vectors.cast({pl}.List({pl}.Float64))
    fits = (vectors.list.len() == len(weights)).fill_null(False)
    matrix = {np}.full((len(vectors), len(weights)), {np}.nan)
    matrix[fits.to_numpy()] = vectors.filter(fits).explode().to_numpy().reshape(-1, len(weights))
    with {np}.errstate(all="ignore"):
        products = matrix @ {np}.array(weights){divide}
    products[~{np}.isfinite(products)] = {np}.nan
    return {pl}.Series(products, nan_to_null=True)'''

HELPERS = {
    "inside": '''\
def {inside}(x, y, polygon):
    """Say which points lie in the polygon (even-odd rule)."""
    x, y = x.cast({pl}.Float64).to_numpy(), y.cast({pl}.Float64).to_numpy()
    (x0, y0), (x1, y1) = {np}.min(polygon, axis=0), {np}.max(polygon, axis=0)
    mask = (x >= x0) & (x <= x1) & (y >= y0) & (y <= y1)
    x, y = x[mask], y[mask]
    odd = {np}.zeros(len(x), dtype=bool)
    for (x1, y1), (x2, y2) in zip(polygon, polygon[1:] + polygon[:1]):
        if y1 != y2:
            crossing = (x2 - x1) * (y - y1) / (y2 - y1) + x1
            odd ^= ((y < y1) != (y < y2)) & (x < crossing)
    mask[mask] = odd
    return {pl}.Series(mask)''',
    "length": '''\
def {length}(values):
    """Count the characters of texts, the items of lists."""
    if values.dtype.is_nested():
        return values.cast({pl}.List).list.len()
    return values.cast({pl}.String).str.len_chars()''',
    "missing": '''\
def {missing}(values):
    """Say which values are null or NaN."""
    if values.dtype.is_float():
        return values.is_null() | values.is_nan().fill_null(False)
    return values.is_null()''',
    "exact": '''\
def {exact}(values):
    """Return what compares exactly: times in nanoseconds, and numbers without NaN."""
    values = values.alias("")  # its own name may be a pattern
    if hasattr(values.dtype, "time_unit"):
        unit = {{"ms": 10**6, "us": 10**3, "ns": 1}}[values.dtype.time_unit]
        return values.to_physical().cast({pl}.Int128) * {pl}.Series([unit], dtype={pl}.Int128)
    return values.fill_nan(None) if values.dtype.is_float() else values''',
    "product": _PRODUCT.replace("{name}", "{product}").replace("{divide}", ""),
    "cosine": _PRODUCT.replace("{name}", "{cosine}").replace(
        "{divide}", " / {np}.sqrt((matrix * matrix).sum(axis=1))"
    ),
}
