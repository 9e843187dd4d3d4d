"""The map in a browser, against the least there can be and against what people use.

    PYTHONPATH=tests python -m benchmarks.map [--rows N ...] [--peers NAME ...] [--lab N ...]

Each peer draws the same points on a page of its own in headless Chromium: same canvas, same sizes, opacities, numbers of
colours. The software rasteriser works in another process, so each figure ends when a pixel has been read back, which
waits for all that was drawn. Pages are opened in turn, several times over, so that all meet the same machine.

`bare` is one call of gl.POINTS (peers/map/bare.js). Other peers come from `npm --prefix benchmarks/peers/map ci` and from
the Python package plotly; one that is not there, or would take minutes for a picture, is left out, which is said.
With --lab, maps of so many rows are opened in JupyterLab instead (benchmarks/map_lab.py).
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from benchmarks import map_data, map_page
from benchmarks.map_page import OURS, ROOT, MapPage
from benchmarks.record import record

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

ROWS = (100_000, 1_000_000, 5_000_000, 10_000_000)
ROUNDS = 5
FRAME_GOAL = 1.2  # times bare
OPEN_GOAL = 1.3
LASSO_ROWS = 1_000_000
FLAGS_LIMIT = 50.0  # milliseconds: until then a hand feels no delay
SENT_LIMIT = 5.0  # bytes a point: two coordinates of 16 bits, and a colour
HELD_LIMIT = 16.0
BUNDLE_LIMIT = 200_000  # bytes: each saved notebook has a copy
PATIENCE = 90.0  # seconds for one peer's picture
# Then there are fewer rounds, and one frame of each serves.
MANY = 5_000_000
FEW_ROUNDS = 3
SLOW = 5_000.0  # milliseconds to the first picture

Taken = dict[str, list[float]]


def visit(browser: Browser, address: str, peer: str, rows: int, said: dict[str, Any], style: Any) -> Taken:
    """Open one page and return milliseconds and bytes by what they are of."""
    taken: Taken = defaultdict(list)
    page = MapPage(browser, address, peer)
    try:
        taken["open"].append(page.open(style))
        taken |= {f"{kind} bytes": [count] for kind, count in page.held().items()}
        times = 1 if rows >= MANY or taken["open"][0] > SLOW else 3
        if peer == OURS:
            style |= page.style()
            for how in ("whole", "direct", "moving"):
                panned = page.pan(how, times)
                taken[how] += panned["frames"]
                taken["rest"] += panned["rests"] if how == "moving" else []
        else:
            taken["pan"] += page.pan(None, times)["frames"]
        if rows == LASSO_ROWS and peer in (OURS, "regl-scatterplot"):
            lassoed = page.lasso(said["lasso"], map_data.REACH)
            taken["flags"].append(lassoed["flags"])
            taken["lasso"].append(lassoed["picture"])
            taken |= {f"{kind} bytes with a lasso": [count] for kind, count in page.held().items()}
    finally:
        page.close()
    return taken


def measure(browser: Browser, address: str, folder: Path, rows: int, peers: list[str]) -> list[str]:
    """Record all figures of one number of rows; return the peers that can go on to more."""
    said = map_data.write(folder / "data", rows)
    style: dict[str, float] = {"reach": map_data.REACH}
    all_taken: dict[str, Taken] = {peer: defaultdict(list) for peer in peers}
    out: dict[str, str] = {}
    for _ in range(ROUNDS if rows < MANY else FEW_ROUNDS):
        for peer in peers:
            if peer in out:
                continue
            try:
                for what, figures in visit(browser, address, peer, rows, said, style).items():
                    all_taken[peer][what] += figures
            except RuntimeError as error:
                out[peer] = str(error).splitlines()[0]
    medians = {
        peer: {what: statistics.median(figures) for what, figures in taken.items()}
        for peer, taken in all_taken.items()
        if peer not in out
    }
    for peer, why in out.items():
        leave_out(peer, rows, why)
    record_frames(medians, rows)
    if rows == LASSO_ROWS:
        record_lasso(medians, rows)
    record_bytes(medians[OURS], rows, said["sent"])
    return [peer for peer in medians if peer in (OURS, "bare") or medians[peer]["open"] < 1000 * PATIENCE / 8]


def record_frames(medians: dict[str, dict[str, float]], rows: int) -> None:
    """Record frames and first pictures against each peer."""
    ours = medians[OURS]
    for peer, theirs in medians.items():
        if peer == OURS:
            continue
        bare = peer == "bare"
        against = "bare gl.POINTS (benchmarks/peers/map/bare.js)" if bare else peer
        for name, what in {
            "frame of all points while panning": "direct",
            "frame of all points while panning, with density": "whole",
        }.items():
            record(
                name, ours[what], "ms", against=against, peer_value=theirs["pan"],
                goal=FRAME_GOAL if bare else 1.0, rows=rows, peer_version=map_page.version(peer),
            )  # fmt: skip
        record(
            "data in the page to first picture", ours["open"], "ms", against=against,
            peer_value=theirs["open"], goal=OPEN_GOAL if bare else 1.0, rows=rows,
            peer_version=map_page.version(peer),
        )  # fmt: skip
    record("frame while panning, of as many points as the machine can", ours["moving"], "ms", rows=rows)
    record("from the last movement to all points", ours["rest"], "ms", rows=rows)


def record_lasso(medians: dict[str, dict[str, float]], rows: int) -> None:
    """Record what a lasso around a tenth of the points takes from mouse up."""
    ours = medians[OURS]
    record(
        "lasso of 10 %, mouse up to flags", ours["flags"], "ms", against=f"limit of {FLAGS_LIMIT:.0f} ms",
        peer_value=FLAGS_LIMIT, goal=1.0, rows=rows,
    )  # fmt: skip
    record(
        "lasso of 10 %, flags to picture", ours["lasso"] - ours["flags"], "ms",
        against="a frame of bare gl.POINTS", peer_value=medians["bare"]["pan"], goal=FRAME_GOAL, rows=rows,
    )  # fmt: skip
    if "regl-scatterplot" in medians:
        record(
            "lasso of 10 %, mouse up to picture", ours["lasso"], "ms", against="regl-scatterplot",
            peer_value=medians["regl-scatterplot"]["lasso"], goal=1.0, rows=rows,
        )  # fmt: skip


def record_bytes(ours: dict[str, float], rows: int, sent: int) -> None:
    """Record what a point weighs."""
    limit = "limit of {:.0f} bytes a point".format
    record(
        "sent for points and colours", sent / rows, "bytes a point", against=limit(SENT_LIMIT),
        peer_value=SENT_LIMIT, goal=1.0, rows=rows,
    )  # fmt: skip
    for when in ("", " with a lasso"):
        if f"heap bytes{when}" not in ours:
            continue
        heap, buffers = ours[f"heap bytes{when}"], ours[f"buffers bytes{when}"]
        record(
            f"held by JavaScript and in GPU buffers{when}", (heap + buffers) / rows, "bytes a point",
            against=limit(HELD_LIMIT), peer_value=HELD_LIMIT, goal=1.0, rows=rows,
            heap=round(heap / rows, 2), buffers=round(buffers / rows, 2),
            textures=int(ours[f"textures bytes{when}"]),
        )  # fmt: skip


def record_bundle() -> None:
    """Record the size of what the browser loads."""
    static = ROOT / "src" / "datalens" / "static"
    size = sum(path.stat().st_size for path in static.glob("*.js"))
    record(
        "JavaScript in all", size, "bytes", against=f"limit of {BUNDLE_LIMIT:,} bytes",
        peer_value=BUNDLE_LIMIT, goal=1.0,
    )  # fmt: skip


def leave_out(peer: str, rows: int | None, why: str) -> None:
    """Say that a peer is not measured, and why."""
    at = "" if rows is None else f" at {rows:,} rows"
    print(f"left out: {peer}{at}: {why}", file=sys.stderr, flush=True)


def run(rows: tuple[int, ...] = ROWS, only: tuple[str, ...] = ()) -> None:
    """Record all of it.

    Parameters
    ----------
    rows : tuple of int
        Numbers of points: what a peer takes for one tells whether it is asked for the next.
    only : tuple of str
        Peers beside the bare one; all where left out.
    """
    from playwright.sync_api import sync_playwright

    from browser.chromium import ARGUMENTS, find

    record_bundle()
    peers = []
    for peer in map_page.SOURCES:
        if only and peer not in (OURS, "bare", *only):
            continue
        why = map_page.missing(peer)
        if why is None:
            peers.append(peer)
        else:
            leave_out(peer, None, why)
    with map_page.serving(peers) as (folder, address), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=list(ARGUMENTS))
        for count in sorted(rows):
            able = measure(browser, address, folder, count, peers)
            for peer in set(peers) - set(able):
                leave_out(
                    peer, None, f"its picture would take more than {PATIENCE:.0f} s beyond {count:,} rows"
                )
            peers = able
        browser.close()


def main() -> None:
    """Read the options of the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, nargs="+", default=ROWS)
    others = [peer for peer in map_page.SOURCES if peer not in (OURS, "bare")]
    parser.add_argument("--peers", nargs="+", choices=others, default=[], help="measure these alone")
    parser.add_argument("--lab", type=int, nargs="+", help="open maps of so many rows in JupyterLab instead")
    options = parser.parse_args()
    if options.lab:
        from benchmarks.map_lab import run as run_lab

        run_lab(tuple(options.lab))
    else:
        run(tuple(options.rows), tuple(options.peers))


if __name__ == "__main__":
    main()
