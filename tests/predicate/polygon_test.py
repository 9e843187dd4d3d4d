import itertools
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datalens.predicate import col, inside, polygon_mask, simplify_polygon
from datalens.predicate.polygon import bounds
from datalens.predicate.slabs import Points


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


def _odd(x, y, polygon):
    """The formula without the bounding box."""
    return [
        sum(
            (py < y1) != (py < y2) and px < (py - y1) * (x2 - x1) / (y2 - y1) + x1
            for (x1, y1), (x2, y2) in zip(polygon, polygon[1:] + polygon[:1], strict=True)
        )
        % 2
        for px, py in zip(x.tolist(), y.tolist(), strict=True)
    ]


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


@settings(max_examples=200, deadline=None)
@given(
    polygons, points, st.sampled_from([(1e-9, 1e6), (1e90, 0.0), (1e-300, 0.0), (1e-320, 0.0), (0.1, -7.3)])
)
def simplify_at_any_scale_test(polygon, rows, scale):
    by, beside = scale
    polygon = [(a * by + beside, b * by - beside) for a, b in polygon]
    # Points on vertices and on edges, too, each twice.
    rows = [(a * by + beside, b * by - beside) for a, b in rows] + polygon
    rows += [((a + c) / 2, (b + d) / 2) for (a, b), (c, d) in itertools.pairwise(polygon)]
    x, y = (np.array([row[i] for row in rows * 2], dtype=float) for i in (0, 1))
    shorter = simplify_polygon(polygon, x, y)
    assert polygon_mask(x, y, shorter).tolist() == polygon_mask(x, y, polygon).tolist()


@settings(max_examples=150, deadline=None)
@given(polygons, points, st.lists(st.tuples(coordinate, coordinate), min_size=1, max_size=4))
def changes_that_move_nothing_test(polygon, rows, stand_ins):
    x, y = (np.array([row[i] for row in rows], dtype=float) for i in (0, 1))
    every = np.array([*polygon, *stand_ins, *rows])
    grid = Points(x, y, (every[:, 0].min(), every[:, 0].max(), every[:, 1].min(), every[:, 1].max()))
    a, b, c = polygon[-1], polygon[0], polygon[1]
    unmoved = grid.unmoved(
        np.array([[*a, *b], [*b, *c]]), np.array([[[*a, *w], [*w, *c]] for w in stand_ins])
    )
    for w, same in zip(stand_ins, unmoved, strict=True):
        if same:
            assert _odd(x, y, [w, *polygon[1:]]) == _odd(x, y, polygon)


def a_vertex_moves_to_where_two_were_test():
    # Both corners that were cut have to be kept out: only a vertex outside of the drawn line stands for both.
    sides = [
        (0.0, 0.0),
        (5.0, 0.0),
        (10.0, 0.0),
        (10.0, 9.0),
        (9.0, 10.0),
        (5.0, 10.0),
        (0.0, 10.0),
        (0.0, 7.0),
    ]
    drawn = [*sides, (0.0, 3.0)]
    edge = np.linspace(0.2, 8.8, 200)
    x = np.concatenate([edge, np.full(200, 9.8), edge, np.full(200, 0.2), edge, np.full(200, 10.2)])
    y = np.concatenate([np.full(200, 9.8), edge, np.full(200, 0.2), edge, np.full(200, 10.2), edge])
    shorter = simplify_polygon(drawn, x, y)
    assert len(shorter) == 4
    assert (polygon_mask(x, y, shorter) == polygon_mask(x, y, drawn)).all()


def coordinates_take_no_more_digits_than_each_needs_test():
    # A pair of points that only a line of six decimals parts, far from the other vertices.
    x, y = np.array([1.0, 1.000002, 3.0, 9.0]), np.array([5.0, 5.0, 5.0, 0.5])
    shorter = simplify_polygon([(1.000001, 0.0), (8.0, 0.0123), (8.0071, 9.0017), (1.000001, 9.0)], x, y)
    assert polygon_mask(x, y, shorter).tolist() == [False, True, True, False]
    assert min(len(repr(v)) for vertex in shorter for v in vertex) == 3


def simplify_shortens_a_drawn_circle_test():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(2, 2000))
    angle = np.linspace(0, 2 * np.pi, 300, endpoint=False)
    circle = list(zip(np.cos(angle).tolist(), np.sin(angle).tolist(), strict=True))
    shorter = simplify_polygon(circle, x, y)
    assert len(shorter) < 25
    assert max(len(repr(v)) for vertex in shorter for v in vertex) <= 7
    assert (polygon_mask(x, y, shorter) == polygon_mask(x, y, circle)).all()


@settings(max_examples=200, deadline=None)
@given(polygons, points, st.sampled_from([(1.0, 0.0), (1e-9, 1e6), (1e90, 0.0), (1e-300, 0.0), (0.1, -7.3)]))
def points_in_slabs_are_the_formula_test(polygon, rows, scale):
    by, beside = scale
    polygon = [(a * by + beside, b * by - beside) for a, b in polygon]
    x, y = (np.array([row[i] * by for row in rows], dtype=float) for i in (0, 1))
    x, y = x + beside, y - beside
    a = [*x, *(v for v, _ in polygon)]
    b = [*y, *(v for _, v in polygon)]
    grid = Points(x, y, (min(a), max(a), min(b), max(b)))
    assert grid.inside(polygon).tolist() == polygon_mask(grid.x, grid.y, polygon).tolist()


def _blobs(rows, rng):
    centres, which = rng.normal(size=(10, 2)), rng.integers(0, 10, rows)
    return (centres[which] + rng.normal(size=(rows, 2)) * 0.05).T


def _star(vertices):
    turns = np.arange(vertices) * (2 * np.pi * (vertices // 2) / vertices)
    return list(zip(np.cos(turns).tolist(), np.sin(turns).tolist(), strict=True))


MANY = 50_000
CLOUDS = {
    "uniform": lambda rng: rng.uniform(-1.5, 1.5, (2, MANY)),
    "blobs": lambda rng: _blobs(MANY, rng),
    "rounded": lambda rng: rng.normal(size=(2, MANY)).round(1),
    "32 bits": lambda rng: rng.normal(size=(2, MANY)).astype(np.float32).astype(float),
    "a line": lambda rng: np.stack([rng.normal(size=MANY), np.zeros(MANY)]),
    "one outlier": lambda rng: np.append(rng.normal(size=(2, MANY)) * 1e-6, [[1.0], [1.0]], axis=1),
}
DRAWN = {
    "circle": lambda _: [(float(np.cos(a)), float(np.sin(a))) for a in np.linspace(0, 6.2, 200)],
    "hand": lambda rng: [
        (float(r * np.cos(a)), float(r * np.sin(a)))
        for a, r in zip(np.linspace(0, 6.2, 200), 1 + rng.normal(size=200) * 0.02, strict=True)
    ],
    "star": lambda _: _star(75),
    "tangle": lambda rng: [tuple(v) for v in rng.uniform(-1, 1, (60, 2)).tolist()],
    "scribble": lambda rng: [tuple(v) for v in (np.cumsum(rng.normal(size=(150, 2)), 0) / 15).tolist()],
}


@pytest.mark.parametrize("drawn", DRAWN)
@pytest.mark.parametrize("cloud", CLOUDS)
def simplify_keeps_many_rows_test(cloud, drawn):
    rng = np.random.default_rng(0)
    x, y = CLOUDS[cloud](rng)
    polygon = DRAWN[drawn](rng)
    shorter = simplify_polygon(polygon, x, y)
    assert (polygon_mask(x, y, shorter) == polygon_mask(x, y, polygon)).all()
    assert len(shorter) <= len(polygon)


@pytest.mark.parametrize("decimals", [0, 1, 2])
def simplify_writes_the_decimals_of_the_data_test(decimals):
    rng = np.random.default_rng(0)
    x, y = rng.uniform(-20, 20, (2, 3000)).round(decimals)
    # No point lies on this edge, since it runs between two of the data's values.
    half = 0.5 * 10.0**-decimals
    square = [(-9 - half, -9 - half), (9 + half, -9 - half), (9 + half, 9 + half), (-9 - half, 9 + half)]
    shorter = simplify_polygon([(a + half / 7, b + half / 9) for a, b in square], x, y)
    assert all(round(v, decimals + 1) == v for vertex in shorter for v in vertex)
    assert (polygon_mask(x, y, shorter) == polygon_mask(x, y, square)).all()


def simplify_with_missing_coordinates_test():
    x, y = np.array([0.5, np.nan, np.inf, 5.0]), np.array([0.5, 0.5, 0.5, np.nan])
    square = [(0.01, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]
    shorter = simplify_polygon(square, x, y)
    assert polygon_mask(x, y, shorter).tolist() == [True, False, False, False]


def simplify_over_nothing_test():
    assert len(simplify_polygon([(0, 0), (1, 0), (1, 1), (0, 1)], np.array([]), np.array([]))) == 4
    circle = [(math.cos(i), math.sin(i)) for i in range(50)]
    assert len(simplify_polygon(circle, np.array([]), np.array([]))) == 3


def few_corners_stay_test():
    drawn = [(0.3, 0.41), (9.87, 0.52), (9.9, 9.61), (5.0, 6.02), (0.33, 9.7)]
    rng = np.random.default_rng(0)
    x, y = rng.uniform(0, 10, size=(2, 500))
    shorter = simplify_polygon(drawn, x, y)
    assert len(shorter) == 5
    assert np.abs(np.array(shorter) - drawn).max() <= 0.2
    assert max(len(repr(v)) for vertex in shorter for v in vertex) <= 4
    assert (polygon_mask(x, y, shorter) == polygon_mask(x, y, drawn)).all()


@settings(max_examples=100, deadline=None)
@given(polygons, points, st.data())
def among_test(polygon, rows, data):
    x, y = (np.array([row[i] for row in rows], dtype=float) for i in (0, 1))
    among = np.array(data.draw(st.lists(st.booleans(), min_size=len(rows), max_size=len(rows))), dtype=bool)
    assert (polygon_mask(x, y, polygon, among) == (polygon_mask(x, y, polygon) & among)).all()


@settings(max_examples=100, deadline=None)
@given(polygons, points)
def polygon_among_conditions_test(polygon, rows):
    frame = pd.DataFrame(rows, columns=["x", "y"], dtype=float)
    lasso, left = inside("x", "y", polygon), col("x") < 1
    a, b = lasso.mask(frame), left.mask(frame)
    assert (lasso & left).mask(frame).tolist() == (a & b).tolist()
    assert (~lasso & left).mask(frame).tolist() == (~a & b).tolist()
    assert ((lasso | (col("y") > 0)) & left).mask(frame).tolist() == (
        (a | (frame["y"] > 0).to_numpy()) & b
    ).tolist()
    assert (~(lasso & left) & (col("y") > 0)).mask(frame).tolist() == (
        ~(a & b) & (frame["y"] > 0).to_numpy()
    ).tolist()


@pytest.mark.parametrize("dtype", [np.float32, np.int16, np.uint8])
def other_numbers_test(dtype):
    x, y = np.arange(6).astype(dtype), np.ones(6).astype(dtype)
    triangle = [(0.1, 0.0), (4.1, 0.0), (2.1, 5.0)]
    assert polygon_mask(x, y, triangle).tolist() == _plain(x.tolist(), y.tolist(), triangle)
    assert bounds(triangle) == (0.1, 4.1, 0.0, 5.0)
