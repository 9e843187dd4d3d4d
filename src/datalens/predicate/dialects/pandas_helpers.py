"""The functions that printed pandas code calls, each only where it is needed."""

from __future__ import annotations

#: What a helper imports.
MODULES = {
    "np": "import numpy as np",
    "pd": "import pandas as pd",
    "pa": "import pyarrow as pa",
    "Decimal": "from decimal import Decimal",
}

INSIDE = '''\
def {inside}(x, y, polygon):
    """Say which points lie in the polygon (even-odd rule)."""
    x = x.to_numpy("float64", na_value={np}.nan)
    y = y.to_numpy("float64", na_value={np}.nan)
    (x0, y0), (x1, y1) = {np}.min(polygon, axis=0), {np}.max(polygon, axis=0)
    mask = (x >= x0) & (x <= x1) & (y >= y0) & (y <= y1)
    x, y = x[mask], y[mask]
    odd = {np}.zeros(len(x), dtype=bool)
    for (x1, y1), (x2, y2) in zip(polygon, polygon[1:] + polygon[:1]):
        if y1 != y2:
            crossing = (x2 - x1) * (y - y1) / (y2 - y1) + x1
            odd ^= ((y < y1) != (y < y2)) & (x < crossing)
    mask[mask] = odd
    return mask'''

PLAIN = '''\
def {plain}(value):
    """Turn arrays and sets into lists, whose repr is exact."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, dict):
        return {{key: {plain}(item) for key, item in value.items()}}
    if isinstance(value, (set, frozenset)):
        return sorted(repr({plain}(item)) for item in value)
    return [{plain}(item) for item in value] if isinstance(value, (list, tuple)) else value'''

HASHABLE = '''\
def {hashable}(column):
    """Turn lists, arrays, dicts and other objects into text, which has a hash."""
    if isinstance(column.dtype, {pd}.ArrowDtype):
        import pyarrow as pa

        kind = column.dtype.pyarrow_dtype
        nested = pa.types.is_nested(kind) or "view" in str(kind)
    elif column.dtype == object:
        kind = {pd}.api.types.infer_dtype(column, skipna=True)
        nested = kind not in ("string", "empty")
        try:
            for text in column:
                if isinstance(text, str):
                    text.encode()
        except UnicodeEncodeError:  # lone surrogates
            nested = True
    else:
        nested = False
    return column.map(lambda value: repr({plain}(value))) if nested else column'''

CONTENT_KEYS = '''\
def {content_keys}(frame):
    """Name each row by a hash of its content and how many equal rows stand before it."""
    content = {pd}.DataFrame({{name: {hashable}(frame[name]) for name in frame}})
    rows = {pd}.util.hash_pandas_object(content, index=False)
    equal = rows.groupby(rows).cumcount()
    names = [f"{{row:016x}}-{{n}}" for row, n in zip(rows, equal)]
    return {pd}.Series(names, index=frame.index, dtype=object)'''

UNPACKED = '''\
def {unpacked}(value):
    """Turn arrays into lists of Python's own values."""
    if isinstance(value, {np}.ndarray):
        value = list({pd}.Series(value)) if value.dtype.kind in "mM" else value.tolist()
    if isinstance(value, dict):
        return {{name: {unpacked}(field) for name, field in value.items()}}
    if isinstance(value, (list, tuple)):
        return [{unpacked}(item) for item in value]
    return None if value is {pd}.NaT else value'''

PYTHON_VALUES = '''\
def {python_values}(column):
    """Turn a column of lists or structs into Python's own values."""
    if isinstance(column.dtype, {pd}.ArrowDtype):
        import pyarrow as pa

        values = pa.array(column).to_pylist()
    else:
        values = [{unpacked}(value) for value in column]
    return {pd}.Series(values, index=column.index, dtype=object)'''

VECTORS = '''\
def {vectors}(column, width):
    """Stack a column's vectors; a row is NaN where there is none of that width."""
    fits = {np}.array([{np}.shape(vector) == (width,) for vector in column], dtype=bool)
    stacked = {np}.full((len(fits), width), {np}.nan)
    if fits.any():
        stacked[fits] = {np}.stack(column[fits].to_list()).astype("float64")
    return stacked'''

PRODUCT = '''\
def {product}(column, weights):
    """Return each vector's dot product with the weights, NaN where none is finite."""
    with {np}.errstate(all="ignore"):
        products = {vectors}(column, len(weights)) @ {np}.array(weights)
    return {np}.where({np}.isfinite(products), products, {np}.nan)'''

COSINE = '''\
def {cosine}(column, weights):
    """Return each vector's dot product, over its length, with the weights."""
    stacked = {vectors}(column, len(weights))
    with {np}.errstate(all="ignore"):
        products = stacked @ {np}.array(weights) / {np}.sqrt((stacked * stacked).sum(axis=1))
    return {np}.where({np}.isfinite(products), products, {np}.nan)'''

IN_UTC = '''\
def {in_utc}(column):
    """Bring Arrow's times to one zone: in two, with two units, no two are equal."""
    return column.dt.tz_convert("UTC") if "tz=" in str(column.dtype) else column'''

NANOSECONDS = '''\
def {nanoseconds}(column):
    """Count Arrow's times or durations in nanoseconds, which may be more than 64 bits hold."""
    times = {{"s": 10**9, "ms": 10**6, "us": 10**3, "ns": 1}}[column.dtype.pyarrow_dtype.unit]
    counts = column.astype("int64[pyarrow]").astype({pd}.ArrowDtype({pa}.decimal128(20)))
    return counts * {Decimal}(times)'''

HELPERS: dict[str, str] = {
    "nanoseconds": NANOSECONDS,
    "in_utc": IN_UTC,
    "inside": INSIDE,
    "plain": PLAIN,
    "hashable": HASHABLE,
    "content_keys": CONTENT_KEYS,
    "unpacked": UNPACKED,
    "python_values": PYTHON_VALUES,
    "vectors": VECTORS,
    "product": PRODUCT,
    "cosine": COSINE,
}
