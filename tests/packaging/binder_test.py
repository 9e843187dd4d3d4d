"""Binder: the files it reads, the README's badge that leads there, and the steps themselves."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BINDER = ROOT / "binder"
BADGE = re.compile(
    r"\[!\[[^]]+\]\(https://mybinder\.org/badge_logo\.svg\)\]"
    r"\(https://mybinder\.org/v2/gh/(?P<repository>[^/]+/[^/]+)/HEAD\?urlpath=lab/tree/(?P<notebook>[^)]+)\)"
)


def there_is_nothing_that_binder_would_read_instead_test():
    # environment.yml would win over runtime.txt; apt.txt and a Dockerfile would make another image.
    assert sorted(path.name for path in BINDER.iterdir()) == ["postBuild", "requirements.txt", "runtime.txt"]


def the_python_is_one_that_is_supported_test():
    runtime = (BINDER / "runtime.txt").read_text()
    assert runtime == "python-3.11\n"
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert "Programming Language :: Python :: 3.11" in project["classifiers"]


def post_build_runs_and_stops_at_the_first_failure_test():
    assert os.access(BINDER / "postBuild", os.X_OK)
    lines = (BINDER / "postBuild").read_text().splitlines()
    assert lines[0] == "#!/bin/bash"
    assert "set -e" in lines
    assert [line for line in lines if line.startswith("pip install") and line.endswith(" .")] != []


def requirements_are_pinned_and_small_test():
    lines = [
        line for line in (BINDER / "requirements.txt").read_text().splitlines() if not line.startswith("#")
    ]
    assert lines == ["--constraint ../constraints.txt", "jupyterlab", "ipykernel"]


def the_badge_opens_a_notebook_that_is_there_test():
    badge = BADGE.search((ROOT / "README.md").read_text())
    assert badge is not None
    assert (ROOT / badge["notebook"]).is_file()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["urls"]["Repository"] == f"https://github.com/{badge['repository']}"


@pytest.mark.slow
@pytest.mark.timeout(1800)  # two minutes where packages are near; a slow index takes longer
def the_steps_lead_to_a_notebook_that_runs_in_binders_memory_test():
    command = [sys.executable, ROOT / "tools" / "binder.py"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    said = done.stdout + done.stderr
    assert done.returncode == 0, said[-5000:]
    assert re.search(r"01-first-look\.ipynb ran; server and kernel held [1-9][0-9,]* MB at most", said)
