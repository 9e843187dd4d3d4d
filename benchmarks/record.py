"""One line of JSON for each thing measured."""

from __future__ import annotations

import importlib.metadata
import json
import platform
import statistics
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

PACKAGES = ("datalens", "numpy", "pandas", "pyarrow", "scikit-learn", "umap-learn", "faiss-cpu", "anywidget")


def record(
    name: str,
    value: float,
    unit: str,
    *,
    against: str = "",
    peer_value: float | None = None,
    goal: float | None = None,
    **more: Any,
) -> None:
    """Print one measurement.

    Parameters
    ----------
    name : str
        What was measured.
    value : float
        The figure.
    unit : str
        Its unit.
    against : str, optional
        The peer or limit measured in the same run.
    peer_value : float, optional
        The peer's figure, in the same unit.
    goal : float, optional
        The ratio that is to be reached at most; without one ``ok`` is null.
    **more
        Rows, versions and whatever else a reader needs.
    """
    ratio = None if not peer_value else value / peer_value
    line = {
        "name": name,
        "value": round(value, 4),
        "unit": unit,
        "against": against or None,
        "peer_value": None if peer_value is None else round(peer_value, 4),
        "ratio": None if ratio is None else round(ratio, 3),
        "goal": goal,
        "ok": None if goal is None or ratio is None else ratio <= goal,
        **more,
        "python": platform.python_version(),
        "versions": {name: _version(name) for name in PACKAGES},
    }
    print(json.dumps(line), flush=True)


def median_seconds(run: Callable[[], object], times: int = 3) -> float:
    """Return the median wall time of `run`, in seconds."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        run()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def fresh(code: str, *arguments: str) -> str:
    """Run code in a fresh interpreter and return what it printed."""
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], check=True, capture_output=True, text=True
    ).stdout


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None
