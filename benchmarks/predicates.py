"""Predicates: evaluating one on many rows, and a drawn lasso's way to few vertices.

    python -m benchmarks.predicates [--rows N]

`evaluate` is measured against `benchmarks.peers.predicates`, numpy and Arrow written by hand for the same frame and
conditions; both are asked in turn, and have to select the same rows. A lasso of 200 vertices over a million points is
measured against the half second that a hand takes to leave the mouse.
"""

from __future__ import annotations

import argparse
import functools
import statistics
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.peers.predicates import selected
from benchmarks.record import median_seconds, record

if TYPE_CHECKING:
    import pandas as pd

ROWS = 10_000_000
POINTS = 1_000_000
TIMES = 7
EVALUATE_GOAL = 1.1
LASSO_LIMIT = 0.5  # seconds
VERTICES = 24
DRAWN = 200

Array = np.ndarray[Any, Any]
Polygon = list[tuple[float, float]]


def frame(rows: int) -> pd.DataFrame:
    """Return a map's coordinates with a loss (some NaN), a count of tokens and a source (some null)."""
    import pandas as pd

    rng = np.random.default_rng(0)
    loss = rng.gamma(2, 1, rows)
    loss[rng.random(rows) < 0.01] = np.nan  # noqa: PLR2004
    names = np.array(["web", "books", "code", "papers", None], dtype=object)
    return pd.DataFrame(
        {
            "x": rng.normal(size=rows),
            "y": rng.normal(size=rows),
            "loss": loss,
            "tokens": rng.geometric(0.001, rows),
            "source": pd.array(names[rng.choice(5, rows, p=[0.6, 0.2, 0.1, 0.09, 0.01])], dtype="str"),
        }
    )


def ring(vertices: int, radius: float, jitter: float = 0.0) -> Polygon:
    """Return a closed line around the origin, its radius waving, as a hand draws it where there is jitter."""
    rng = np.random.default_rng(1)
    angle = np.linspace(0, 2 * np.pi, vertices, endpoint=False)
    radii = radius * (1 + 0.2 * np.sin(3 * angle)) + rng.normal(size=vertices) * jitter
    return list(zip((radii * np.cos(angle)).tolist(), (radii * np.sin(angle)).tolist(), strict=True))


def lassos() -> dict[str, Polygon]:
    """Return what people draw, and what they hardly do, by name."""
    rng = np.random.default_rng(2)
    walk = np.cumsum(rng.normal(size=(DRAWN, 2)), axis=0)
    walk *= 2 / np.abs(walk).max()
    turns = np.arange(DRAWN - 1) * (2 * np.pi * 90 / (DRAWN - 1))
    star = 2 * np.stack([np.cos(turns), np.sin(turns)], axis=1)
    return {
        "around most": ring(DRAWN, 1.6),
        "around most, shaking": ring(DRAWN, 1.6, 0.03),
        "around a few": ring(DRAWN, 0.2, 0.005),
        "a scribble": [tuple(vertex) for vertex in walk.tolist()],
        "a star": [tuple(vertex) for vertex in star.tolist()],
        "a tangle": [tuple(vertex) for vertex in rng.uniform(-2, 2, (DRAWN, 2)).tolist()],
    }


def measure_evaluate(rows: int) -> None:
    """Record the seconds of one predicate on a pandas frame."""
    from datalens.predicate import col, inside

    df, polygon = frame(rows), ring(VERTICES, 1.0)
    predicate = (
        (col("loss") > 1.5)  # noqa: PLR2004
        & col("tokens").between(100, 2000)
        & (col("source") == "web")
        & inside("x", "y", polygon)
    )
    if not np.array_equal(predicate.evaluate(df).to_numpy(), selected(df, polygon)):
        msg = "The predicate and its peer select different rows."
        raise AssertionError(msg)
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(TIMES):  # in turn, so that both meet the same machine
        ours.append(median_seconds(lambda: predicate.evaluate(df), 1))
        theirs.append(median_seconds(lambda: selected(df, polygon), 1))
    record(
        f"evaluate, 3 conditions and {VERTICES} vertices", statistics.median(ours), "s",
        against="numpy and Arrow by hand (benchmarks/peers/predicates.py)",
        peer_value=statistics.median(theirs), goal=EVALUATE_GOAL, rows=rows,
    )  # fmt: skip


def measure_lassos(points: int) -> None:
    """Record the seconds in which drawn polygons become short."""
    from datalens.predicate import polygon_mask, simplify_polygon

    rng = np.random.default_rng(0)
    centres, which = rng.normal(size=(30, 2)), rng.integers(0, 30, points)
    x, y = (centres[which] + rng.normal(size=(points, 2)) * 0.2).T.copy()
    for name, polygon in lassos().items():
        shorter = simplify_polygon(polygon, x, y)
        if not np.array_equal(polygon_mask(x, y, shorter), polygon_mask(x, y, polygon)):
            msg = f"Simplified, {name} selects other rows."
            raise AssertionError(msg)
        record(
            f"simplify a lasso of {DRAWN} vertices, {name}",
            median_seconds(functools.partial(simplify_polygon, polygon, x, y)), "s",
            against=f"limit of {LASSO_LIMIT} s", peer_value=LASSO_LIMIT, goal=1.0, rows=points,
            vertices=len(shorter), characters=sum(len(repr(v)) for vertex in shorter for v in vertex),
        )  # fmt: skip


def run(rows: int = ROWS) -> None:
    """Record both.

    Parameters
    ----------
    rows : int
        Of the frame that is evaluated; a lasso is drawn over a million points, or as many.
    """
    measure_evaluate(rows)
    measure_lassos(min(rows, POINTS))


def main() -> None:
    """Read the options of the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=ROWS)
    run(parser.parse_args().rows)


if __name__ == "__main__":
    main()
