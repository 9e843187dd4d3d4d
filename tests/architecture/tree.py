"""The files of the repository: what git tracks, or would track after `git add`."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@cache
def files() -> tuple[Path, ...]:
    """Return the paths of all files that exist and that git does not ignore."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("needs git and a clone: it tells which files belong to the repository")
    paths = [ROOT / name for name in done.stdout.split("\0") if name]
    return tuple(path for path in paths if path.is_file())


def texts() -> dict[Path, str]:
    """Return the text of each file that is text."""
    found = {}
    for path in files():
        data = path.read_bytes()
        if b"\0" not in data:
            found[path.relative_to(ROOT)] = data.decode("utf-8", errors="replace")
    return found
