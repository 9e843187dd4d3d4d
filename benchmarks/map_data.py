"""What the pages of `benchmarks.map` draw: the same points in the form that each of them takes, as files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

CATEGORIES = 20
SIDE = (
    600 - 2 * 20
)  # pixels of the map, less the margin that DataLens leaves (FIT_MARGIN_PX of js/src/map/camera.ts)
REACH = SIDE / 2
VERTICES = 32
# Codes of categories begin with 3 (CODE_FIRST of js/src/host/protocol.ts); these are for the peers, from 0.
HUES = [
    "#1f77b4",
    "#ff7f0e",
    "#2ca02c",
    "#d62728",
    "#9467bd",
    "#8c564b",
    "#e377c2",
    "#7f7f7f",
    "#bcbd22",
    "#17becf",
    "#aec7e8",
    "#ffbb78",
    "#98df8a",
    "#ff9896",
    "#c5b0d5",
    "#c49c94",
    "#f7b6d2",
    "#c7c7c7",
    "#dbdb8d",
    "#9edae5",
]

Array = np.ndarray[Any, Any]


def blobs(rows: int) -> tuple[Array, Array]:
    """Return coordinates in [-1, 1], shape (rows, 2), and the category of each: clumps of many sizes, some noise."""
    rng = np.random.default_rng(0)
    clumps = 8 * CATEGORIES
    weight = rng.gamma(0.7, size=clumps)
    which = rng.choice(clumps, rows, p=weight / weight.sum())
    homes = rng.uniform(-0.75, 0.75, (CATEGORIES, 2))[np.arange(clumps) % CATEGORIES]
    middles = homes + rng.normal(scale=0.1, size=(clumps, 2))
    spread = rng.uniform(0.01, 0.08, clumps)
    places = middles[which] + rng.normal(size=(rows, 2)) * spread[which, None]
    noise = rng.random(rows) < 0.02  # noqa: PLR2004
    places[noise] = rng.uniform(-1, 1, (int(noise.sum()), 2))
    # All show the same: the corners are taken.
    places = np.clip(places, -1, 1)
    places[:2] = [[-1, -1], [1, 1]]
    return places, (which % CATEGORIES).astype(np.uint8)


def circle_around(places: Array, share: float) -> list[tuple[float, float]]:
    """Return a polygon around the densest part that holds about this share of the points."""
    middle = np.median(places, axis=0)
    radius = float(np.quantile(np.hypot(*(places - middle).T), share))
    turn = np.linspace(0, 2 * np.pi, VERTICES, endpoint=False)
    return [(middle[0] + radius * np.cos(t), middle[1] + radius * np.sin(t)) for t in turn]


def write(folder: Path, rows: int) -> dict[str, Any]:
    """Write all forms of `rows` points, and return what is said of them: bytes that the kernel sends, a lasso.

    ``places.f4`` and ``places.u2`` are the coordinates as 32-bit floats and 16-bit steps in the order of rows,
    ``codes.u1`` the categories. ``hello``, ``points`` and ``color`` are what the kernel answers.
    """
    import pandas as pd

    import datalens as dl
    from datalens.widgets.desk import Desk
    from datalens.widgets.protocol import PART_BYTES, packed

    places, codes = blobs(rows)
    places.astype(np.float32).tofile(folder / "places.f4")
    np.rint((places + 1) / 2 * 65_535).astype(np.uint16).tofile(folder / "places.u2")
    codes.tofile(folder / "codes.u1")
    rgba = [[*bytes.fromhex(hue[1:]), 255] for hue in HUES]
    np.array(rgba, dtype=np.uint8).tofile(folder / "palette.u1")
    (folder / "palette.json").write_text(json.dumps(HUES))
    labels = pd.Index([f"cluster {k}" for k in range(CATEGORIES)])
    names = pd.Categorical.from_codes(codes.astype(np.int8), dtype=pd.CategoricalDtype(labels))
    frame = pd.DataFrame({"x": places[:, 0], "y": places[:, 1], "cluster": names})
    desk = Desk(dl.Lens(frame, x="x", y="y")._study)  # noqa: SLF001
    sent = 0
    for verb, args in {"hello": {}, "points": {}, "color": {"column": "cluster", "scale": None}}.items():
        result, arrays = desk.answer(verb, args)
        payload, infos = packed(arrays)
        (folder / f"{verb}.bin").write_bytes(payload)
        answer = {"result": result, "infos": infos, "part": PART_BYTES}
        (folder / f"{verb}.json").write_text(json.dumps(answer, default=str))
        sent += len(payload)
    return {"sent": sent, "lasso": circle_around(places, 0.1)}
