import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from datalens.predicate import polygon_mask, simplify_polygon


def _plain(x, y, polygon):
    """The formula point by point, as it is printed."""
    mask = []
    xs, ys = zip(*polygon, strict=True)
    for px, py in zip(x, y, strict=True):
        odd = False
        for (x1, y1), (x2, y2) in zip(polygon, polygon[1:] + polygon[:1], strict=True):
            if y1 != y2 and (py < y1) != (py < y2) and px < (x2 - x1) * (py - y1) / (y2 - y1) + x1:
                odd = not odd
        mask.append(odd and min(xs) <= px <= max(xs) and min(ys) <= py <= max(ys))
    return mask


def self_crossing_test():
    star = [(0, 3), (2, -3), (-3, 1), (3, 1), (-2, -3)]
    # The middle of a five-pointed star is crossed around twice: even, so outside.
    assert polygon_mask(np.array([0.0, 0.0]), np.array([0.0, 2.0]), star).tolist() == [False, True]


def flat_polygon_test():
    assert polygon_mask(np.array([0.5]), np.array([0.0]), [(0, 0), (1, 0), (2, 0)]).tolist() == [False]


coordinate = st.one_of(st.integers(-4, 4).map(float), st.floats(-4, 4))
polygons = st.lists(st.tuples(coordinate, coordinate), min_size=3, max_size=40)
points = st.lists(st.tuples(coordinate, coordinate), max_size=60)


@settings(max_examples=150, deadline=None)
@given(polygons, points)
def formula_test(polygon, rows):
    x, y = (np.array([row[i] for row in rows], dtype=float) for i in (0, 1))
    assert polygon_mask(x, y, polygon).tolist() == _plain(x.tolist(), y.tolist(), polygon)


@settings(max_examples=150, deadline=None)
@given(polygons, points)
def simplify_keeps_the_rows_test(polygon, rows):
    x, y = (np.array([row[i] for row in rows], dtype=float) for i in (0, 1))
    shorter = simplify_polygon(polygon, x, y)
    assert 3 <= len(shorter) <= len(polygon)
    assert polygon_mask(x, y, shorter).tolist() == polygon_mask(x, y, polygon).tolist()


def simplify_shortens_a_drawn_circle_test():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(2, 2000))
    angle = np.linspace(0, 2 * np.pi, 300, endpoint=False)
    circle = list(zip(np.cos(angle).tolist(), np.sin(angle).tolist(), strict=True))
    shorter = simplify_polygon(circle, x, y)
    assert len(shorter) < 60
    assert max(len(repr(v)) for vertex in shorter for v in vertex) <= 7
    assert (polygon_mask(x, y, shorter) == polygon_mask(x, y, circle)).all()
