"""The functions that printed conditions on Python's own values call, each only where one needs it."""

from __future__ import annotations

#: What a helper imports.
MODULES = {
    "math": "import math",
    "datetime": "from datetime import datetime",
    "date": "from datetime import date",
    "timedelta": "from datetime import timedelta",
    "timezone": "from datetime import timezone",
}

IS_NULL = '''\
def {is_null}(value):
    """Say whether a value is missing: None or NaN, which is not itself; no array is."""
    return value is None or (not hasattr(value, "__len__") and value != value)'''

COMPARE = '''\
def {compare}(a, holds, b):
    """Compare two values of a row: None and NaN match nothing."""
    if {is_null}(a) or {is_null}(b):
        return False
    if isinstance(a, float) or isinstance(b, float):
        a, b = float(a), float(b)
    if isinstance(a, {datetime}) and a.tzinfo is not None:
        a, b = a.astimezone({timezone}.utc), b.astimezone({timezone}.utc)
    return holds(a, b)'''

AS_TIME = '''\
def {as_time}(value):
    """Turn a date into the midnight it begins with."""
    if isinstance(value, {datetime}):
        return value
    return {datetime}(value.year, value.month, value.day)'''

DIVIDE = '''\
def {divide}(a, b):
    """Divide as IEEE floats: x / 0 is infinite, 0 / 0 is NaN."""
    if b != 0:
        return a / b
    if a == 0 or a != a:
        return {math}.nan
    return {math}.inf * {math}.copysign(1, a) * {math}.copysign(1, b)'''

DIFFER = '''\
def {differ}(a, b):
    """Say whether two numbers differ; NaN never does."""
    return a < b or a > b'''

PLAIN = '''\
def {plain}(value):
    """Turn the arrays that pandas has in place of lists into lists, inside a dict too."""
    if isinstance(value, dict):
        return {{name: {plain}(item) for name, item in value.items()}}
    if hasattr(value, "tolist"):
        if value.dtype.kind in "mM":
            raise TypeError("Times in arrays lack zones: take a pyarrow.Table's rows.")
        value = value.tolist()
    return list(map({plain}, value)) if isinstance(value, list) else value'''

INSIDE = '''\
def {inside}(x, y, polygon):
    """Say whether a point lies in the polygon (even-odd rule)."""
    if x is None or y is None:
        return False
    x, y = float(x), float(y)
    xs, ys = zip(*polygon)
    if not (min(xs) <= x <= max(xs) and min(ys) <= y <= max(ys)):
        return False
    odd = False
    for (x1, y1), (x2, y2) in zip(polygon, polygon[1:] + polygon[:1]):
        if (y < y1) != (y < y2) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            odd = not odd
    return odd'''

PRODUCT = '''\
def {product}(vector, weights):
    """Return the dot product of a vector and weights of its width, else NaN."""
    if hasattr(vector, "tolist"):  # numpy's
        vector = vector.tolist()
    if not isinstance(vector, list) or len(vector) != len(weights) or None in vector:
        return {math}.nan
    total = sum(float(a) * b for a, b in zip(vector, weights))
    return total if {math}.isfinite(total) else {math}.nan'''

COSINE = '''\
def {cosine}(vector, weights):
    """Return the dot product of a vector over its length with weights, else NaN."""
    if hasattr(vector, "tolist"):  # numpy's
        vector = vector.tolist()
    if not isinstance(vector, list) or len(vector) != len(weights) or None in vector:
        return {math}.nan
    vector = [float(a) for a in vector]
    length = {math}.sqrt(sum(a * a for a in vector))
    total = sum(a * b for a, b in zip(vector, weights)) / length if length else {math}.nan
    return total if {math}.isfinite(total) else {math}.nan'''

HELPERS: dict[str, str] = {
    "is_null": IS_NULL,
    "compare": COMPARE,
    "as_time": AS_TIME,
    "divide": DIVIDE,
    "differ": DIFFER,
    "plain": PLAIN,
    "inside": INSIDE,
    "product": PRODUCT,
    "cosine": COSINE,
}
