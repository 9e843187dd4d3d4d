"""From nothing to a picture: the import, and each stage of `dl.explore(df, text="text")`.

    python -m benchmarks.startup [--data AGNEWS.csv] [--rows N] [--no-browser]

The stages run in a fresh interpreter with the cache off, as they do for a first-time user, compilation of
umap-learn's kernels included (numba keeps compiled code beside the installed packages, so a second run of this
benchmark measures less of it). The peer of graph and layout is umap-learn alone on the same vectors, in an
interpreter of its own. Shipping and drawing are read from the browser's own performance marks, in JupyterLab.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from pathlib import Path

from benchmarks.record import fresh, median_seconds, record

IMPORT_LIMIT = 0.3  # seconds beyond the interpreter: a person does not notice it
STAGES = ("open", "embed", "graph", "layout", "cluster", "ship", "draw")

RUN_STAGES = """
import json, os, sys, time
os.environ["DATALENS_CACHE"] = "off"
import numpy as np, pandas as pd
import datalens as dl
import datalens.space.graph, datalens.space.projection
frame = pd.read_parquet(sys.argv[1])
taken = {}
def timed(name, run):
    start = time.perf_counter()
    value = run()
    taken[name] = taken.get(name, 0) + time.perf_counter() - start
    return value
neighbors, project = datalens.space.graph.neighbors, datalens.space.projection.project
datalens.space.graph.neighbors = lambda *a, **k: timed("graph", lambda: neighbors(*a, **k))
datalens.space.projection.project = lambda *a, **k: timed("layout", lambda: project(*a, **k))
lens = timed("open", lambda: dl.Lens(frame, text="text"))
timed("embed", lens.embed)
timed("project", lens.project)
timed("cluster", lens.cluster)
vectors = lens._study.column("embedding").combine_chunks().flatten().to_numpy()
np.save(sys.argv[2], vectors.reshape(len(frame), -1))
np.save(sys.argv[3], lens.to_frame()[["x", "y"]].to_numpy())
print(json.dumps(taken))
"""

RUN_UMAP = """
import sys, time
import numpy as np
vectors = np.load(sys.argv[1])
start = time.perf_counter()
import umap
umap.UMAP(metric="cosine", random_state=0).fit_transform(vectors)
print(time.perf_counter() - start)
"""


def measure_import() -> None:
    """Record the seconds that `import datalens` adds to starting Python."""
    bare = median_seconds(lambda: fresh("pass"), 7)
    full = median_seconds(lambda: fresh("import datalens"), 7)
    record(
        "import datalens", full - bare, "s",
        against=f"limit of {IMPORT_LIMIT} s beyond the interpreter", peer_value=IMPORT_LIMIT, goal=1.0,
    )  # fmt: skip


def measure_stages(corpus: str, path: Path, rows: int, *, browser: bool) -> None:
    """Record the seconds of each stage for one corpus."""
    with tempfile.TemporaryDirectory() as folder:
        vectors, points = str(Path(folder) / "vectors.npy"), str(Path(folder) / "points.npy")
        taken = json.loads(fresh(RUN_STAGES, str(path), vectors, points))
        peer = float(fresh(RUN_UMAP, vectors))
        if browser:
            from benchmarks.lab import ship_and_draw

            taken["ship"], taken["draw"] = ship_and_draw(path, points)
    for stage in STAGES:
        if stage in taken:
            record(f"{stage}, {corpus}", taken[stage], "s", rows=rows)
    record(
        f"graph + layout, {corpus}", taken["graph"] + taken["layout"], "s",
        against="umap-learn's own fit_transform on the same vectors", peer_value=peer, rows=rows,
    )  # fmt: skip


def run(data: Path | None = None, rows: int | None = None, *, browser: bool = True) -> None:
    """Record the import and the stages.

    Parameters
    ----------
    data : pathlib.Path, optional
        A CSV with a column ``text``; AG News from ``$DATALENS_TEST_DATA`` where left out and there.
    rows : int, optional
        Use the first so many rows of each corpus.
    browser : bool, default True
        Whether to measure shipping and drawing, which need Chromium.
    """
    import pandas as pd

    import datalens as dl

    measure_import()
    default = Path(os.environ.get("DATALENS_TEST_DATA", "")) / "noisyagnews_val10000_human_noise.csv"
    data = data or (default if default.exists() else None)
    corpora: dict[str, pd.DataFrame] = {}
    if data is not None:
        corpora["AG News"] = pd.read_csv(data)[["text"]]
    corpora["docstrings"] = dl.demo.docstrings()
    for name, whole in corpora.items():
        frame = whole if rows is None else whole.head(rows)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "corpus.parquet"
            frame.to_parquet(path)
            measure_stages(name, path, len(frame), browser=browser)


def main() -> None:
    """Read the options of the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, help="a CSV with a column 'text' (AG News)")
    parser.add_argument("--rows", type=int, default=None)
    parser.add_argument("--no-browser", action="store_true")
    options = parser.parse_args()
    run(options.data, options.rows, browser=not options.no_browser)


if __name__ == "__main__":
    main()
