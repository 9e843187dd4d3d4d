"""After each gesture the kernel's mask is what is drawn, and the page's first highlight was right but at the edge.

The page's own TypeScript runs in Node on what the kernel says; what is right at the edge is worked out here.
"""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import datalens as dl
from datalens.widgets.desk import Desk
from datalens.widgets.protocol import packed

JS = Path(__file__).resolve().parents[2] / "js"
ESBUILD = JS / "node_modules" / ".bin" / "esbuild"
MODES = ("replace", "add", "subtract", "intersect")
RUN = """
import { readFileSync } from "node:fs";
const [program, asked] = process.argv.slice(1);
const { answers } = await import(program);
process.stdout.write(await answers(readFileSync(asked, "utf8")));
"""
N = 1500
#: One 16-bit step; where a position was refined a 65,536th of one, and as much again for rounding.
STEP, PART = 1.0, 2 / 65536
OFF_THE_MAP = 2


def clumps(rng):
    centres = rng.normal(size=(12, 2))
    return centres[rng.integers(12, size=N)] + rng.normal(size=(N, 2)) * rng.choice([0.3, 0.01, 1e-5], (N, 1))


def one_axis(rng, axis, value):
    points = rng.normal(size=(N, 2))
    points[:, axis] = value
    return points


DATA = {
    "clumps": clumps,
    "grid with ties": lambda rng: rng.integers(0, 30, size=(N, 2)).astype(float),
    "duplicates": lambda rng: rng.normal(size=(20, 2))[rng.integers(20, size=N)],
    "x constant": lambda rng: one_axis(rng, 0, 3.25),
    "y constant": lambda rng: one_axis(rng, 1, -1e-3),
    "offset 1e9": lambda rng: clumps(rng) + 1e9,
    "offset in x alone": lambda rng: clumps(rng) + np.array([1e9, 0]),
    "tiny scale": lambda rng: clumps(rng) * 1e-12,
    "two scales": lambda rng: clumps(rng) * [1e-9, 1e6],
    "one far away": lambda rng: np.concatenate([rng.normal(size=(N - 1, 2)), [[3e4, 3e4]]]),
    "32-bit": lambda rng: clumps(rng).astype(np.float32).astype(float),
    "two points": lambda rng: rng.normal(size=(2, 2)),
}


def polygons(rng, points):
    """Yield polygons of every kind over points (n, 2)."""
    low, high = points.min(axis=0), points.max(axis=0)
    extent = np.where(high > low, high - low, 1.0)
    step = extent / 65535

    def anywhere(count):
        return low + extent * rng.uniform(-0.2, 1.2, size=(count, 2))

    def some(count=None):
        return points[rng.integers(len(points), size=count)]

    def around(centre, radii):
        turn = np.sort(rng.uniform(0, 2 * np.pi, len(radii)))
        return centre + radii[:, None] * extent * np.stack([np.cos(turn), np.sin(turn)], axis=1)

    def box(a, b):
        return np.array([a, [b[0], a[1]], b, [a[0], b[1]]])

    for _ in range(3):
        yield around(some(), np.full(24, rng.uniform(0.02, 0.5)))  # convex
        yield around(some(), rng.uniform(0.05, 0.6, 30))  # star
        yield anywhere(rng.integers(4, 30))  # crosses itself
        yield some(rng.integers(3, 12))  # vertices on points, and crosses itself
        yield some() + step * rng.uniform(-5, 5, size=(7, 2))  # tiny
        yield some() + step * rng.uniform(-0.6, 0.6, size=(5, 2))  # within a step
        yield around(low + extent * rng.uniform(size=2), rng.uniform(0.5, 2, 12))  # partly outside
        yield box(some(), some())
        yield box(*anywhere(2))
        yield some(1) + np.linspace(0, 1, 5)[:, None] * (some(1) - some(1))  # a line
        yield np.repeat(some(2), 3, axis=0)  # there and back
        yield np.tile(around(some(), np.full(9, 0.3)), (2, 1))  # twice around


def edge_distance(points, polygon):
    """Return how far points (n, 2) lie from the nearest edge."""
    best = np.full(len(points), np.inf)
    for a, b in zip(polygon, np.roll(polygon, -1, axis=0), strict=True):
        along = b - a
        square = along @ along
        share = np.clip((points - a) @ along / square, 0, 1) if square > 0 else np.zeros(len(points))
        best = np.minimum(best, np.hypot(*(points - a - share[:, None] * along).T))
    return best


def wrapped(arrays):
    payload, infos = packed(arrays)
    return {"infos": infos, "bytes": base64.b64encode(payload).decode()}


def gestures_of(name, seed):
    """Ask the kernel; return what goes to the page, and of each gesture what is needed to judge the answers."""
    rng = np.random.default_rng(seed)
    points = DATA[name](rng)
    frame = pd.DataFrame(points, columns=["x", "y"])
    if len(frame) > 2:
        frame.loc[len(frame)] = [np.nan, 0.0]
        frame.loc[len(frame)] = [0.0, np.inf]
    desk = Desk(dl.Lens(frame, x="x", y="y")._study)
    placed, arrays = desk.answer("points", {})
    origin, scale = np.array(placed["origin"]), np.array(placed["scale"])
    # What float64 itself has no room for, in steps: there the kernel's sum and the page's round apart.
    slack = 4 * np.spacing(np.abs(points).max()) / scale.min()
    gestures, judged = [], []

    def mask():
        bits = desk.mask_bits()
        return {} if bits is None else {"mask": bits}

    for number, drawn in enumerate(polygons(rng, points)):
        polygon = drawn.tolist()
        mode = MODES[number % 4] if number % 3 else "replace"
        before = wrapped(mask())
        has_clause = bool(desk.study.clauses)
        near = np.all((drawn.max(axis=0) - drawn.min(axis=0)) / scale < 2000)
        refined = None
        if near:
            bounds = [*(drawn.min(axis=0) - scale).tolist(), *(drawn.max(axis=0) + scale).tolist()]
            _, exact = desk.answer("refine", {"version": placed["version"], "bounds": bounds})
            refined = {"bounds": bounds, "packed": wrapped(exact)}
        shape = {"op": "inside", "x": "x", "y": "y", "polygon": polygon}
        desk.answer("clause", {"source": "map", "predicate": shape, "mode": mode})
        gestures.append(
            {"polygon": polygon, "mode": mode, "hasClause": has_clause, "before": before,
             "after": wrapped(mask()), "refined": refined}
        )  # fmt: skip
        bits = desk.mask_bits()
        truth = np.unpackbits(bits, bitorder="little")[: len(frame)]
        distance = edge_distance((points - origin) / scale, (drawn - origin) / scale)
        judged.append((truth, distance, (PART if near else STEP) + slack, near))
    case = {"state": desk.answer("hello", {})[0], "gestures": gestures}
    return {**case, "points": {"result": placed, "packed": wrapped(arrays)}}, judged


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    if shutil.which("node") is None or not ESBUILD.exists():
        pytest.skip("needs Node and js/node_modules: npm --prefix js ci")
    path = tmp_path_factory.mktemp("agreement") / "answers.mjs"
    options = ["--bundle", "--platform=node", "--format=esm", "--log-level=error", f"--outfile={path}"]
    subprocess.run([ESBUILD, JS / "test" / "agreement" / "answers.ts", *options], check=True)
    return path


@pytest.mark.parametrize("name", DATA)
def the_page_and_the_kernel_agree_on_every_point_test(program, tmp_path, name):
    case, judged = gestures_of(name, seed=len(name))
    (tmp_path / "asked.json").write_text(json.dumps([case]))
    command = ["node", "--input-type=module", "-e", RUN, program, tmp_path / "asked.json"]
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
    (answers,) = json.loads(told)
    assert len(answers) == len(judged) >= 30
    assert any(near for *_, near in judged)
    differing = 0
    for texts, (truth, distance, tolerance, _) in zip(answers, judged, strict=True):
        first, shown = (np.frombuffer(text.encode(), np.uint8) - ord("0") for text in texts)
        on_map = first != OFF_THE_MAP
        assert on_map.sum() == len(distance)
        assert (shown[on_map] == truth[on_map]).all()
        differs = np.flatnonzero((first != truth)[: len(distance)])
        assert (distance[differs] <= tolerance).all(), (distance[differs].max(), tolerance)
        differing += len(differs)
    assert differing < 0.05 * len(judged) * N
