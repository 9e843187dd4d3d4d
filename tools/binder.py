"""Follow the steps of binder/ as Binder does, in a fresh environment, and run the first notebook there.

Run by ``make binder``. It fails where a step fails, where something is installed that Binder has no memory for,
and where the server and the kernel together hold more memory than mybinder.org gives for sure.

What it cannot show: the image's operating system, and that mybinder.org is up.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NoReturn

import psutil
from clean_copy import copy_of_the_repository

NOTEBOOK = "notebooks/01-first-look.ipynb"
# mybinder.org promises 1 GB and ends what holds more than 2; between them is room for a second notebook's start.
MOST_MEGABYTES = 1500
MEGABYTE = 10**6
# Often enough to see a peak of a tenth of a second, and seldom enough not to be one itself.
LOOK_SECONDS = 0.1
# Slow machines included: it takes one minute on two cores.
NOTEBOOK_SECONDS = 900
# Models, whose weights alone fill Binder's memory, and what only tests need.
UNWANTED = {"torch", "transformers", "pytest", "playwright", "mypy"}


def main() -> None:
    """Do all of it, and print the figures."""
    with tempfile.TemporaryDirectory(prefix="datalens-binder-") as name:
        folder = Path(name)
        repository = copy_of_the_repository(folder / "repository")
        environment = make_environment(folder, repository)
        check_what_is_installed(environment)
        megabytes = run_notebook(repository, environment)
    print(
        f"{NOTEBOOK} ran; server and kernel held {megabytes:,.0f} MB at most ({MOST_MEGABYTES:,} are allowed)."
    )
    if megabytes > MOST_MEGABYTES:
        fail(f"That is too much for Binder, by {megabytes - MOST_MEGABYTES:,.0f} MB.")


def make_environment(folder: Path, repository: Path) -> dict[str, str]:
    """Make the environment by the steps of binder/, and return the variables to run commands with."""
    python = named_python(repository)
    run([python, "-m", "venv", folder / "environment"], cwd=repository)
    ours = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "PYTHONHOME"}}
    variables = {
        **ours,
        "PATH": f"{folder / 'environment' / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "VIRTUAL_ENV": str(folder / "environment"),
        "DATALENS_CACHE": str(folder / "cache"),  # nothing is computed yet on Binder
        "JUPYTER_PREFER_ENV_PATH": "1",
        **{f"JUPYTER_{kind}_DIR": str(folder / kind.lower()) for kind in ("CONFIG", "DATA", "RUNTIME")},
        "IPYTHONDIR": str(folder / "ipython"),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }
    run(["pip", "install", "--quiet", "--requirement", "binder/requirements.txt"], repository, variables)
    run([repository / "binder" / "postBuild"], repository, variables)
    return variables


def named_python(repository: Path) -> str:
    """Return the Python that runtime.txt names, or this one with a word about it."""
    wanted = (repository / "binder" / "runtime.txt").read_text(encoding="utf-8").strip().replace("-", "")
    found = shutil.which(wanted)
    if found and subprocess.run([found, "--version"], capture_output=True, check=False).returncode == 0:
        return found
    print(f"There is no {wanted} here: this is {sys.version.split()[0]} instead.")
    return sys.executable


def check_what_is_installed(variables: dict[str, str]) -> None:
    """Fail where something large is there that Binder does without."""
    command = ["pip", "list", "--format=freeze"]
    listed = subprocess.run(command, env=variables, check=True, capture_output=True, text=True)
    there = sorted(UNWANTED & {line.partition("==")[0].lower() for line in listed.stdout.splitlines()})
    if there:
        fail(f"Installed, and not for Binder: {', '.join(there)}.")


def run_notebook(repository: Path, variables: dict[str, str]) -> float:
    """Run the notebook beside a JupyterLab server, and return the megabytes that both held at their peak."""
    lab = [
        *("jupyter-lab", "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1", "--ServerApp.port=0"),
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]
    peak = 0.0
    with subprocess.Popen(
        lab, cwd=repository, env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        # The client stands for the browser; its child is the kernel, whose children read the docstrings.
        execute = ["jupyter-execute", f"--timeout={NOTEBOOK_SECONDS}", NOTEBOOK]
        with subprocess.Popen(execute, cwd=repository, env=variables) as client:
            while client.poll() is None:
                peak = max(peak, resident(server.pid, own=True) + resident(client.pid, own=False))
                try:
                    client.wait(LOOK_SECONDS)
                except subprocess.TimeoutExpired:
                    continue
        ended = server.poll()
        server.terminate()
    if ended is not None:
        fail(f"JupyterLab ended by itself, with status {ended}.")
    if client.returncode:
        fail(f"{NOTEBOOK} did not run to its end (status {client.returncode}).")
    return peak / MEGABYTE


def resident(process: int, *, own: bool) -> int:
    """Return the bytes in memory of a process's children and theirs, and its own where asked for."""
    total = 0
    try:
        family = psutil.Process(process)
        members = [*family.children(recursive=True), *([family] if own else [])]
    except psutil.NoSuchProcess:
        return 0
    for member in members:
        try:
            total += member.memory_info().rss
        except psutil.NoSuchProcess:  # it ended meanwhile
            continue
    return total


def run(command: list[str | Path], cwd: Path, variables: dict[str, str] | None = None) -> None:
    """Run a step of the build; its own words are the reason where it fails."""
    done = subprocess.run(command, cwd=cwd, env=variables, check=False)
    if done.returncode:
        fail(f"{' '.join(map(str, command))} failed with status {done.returncode}.")


def fail(sentence: str) -> NoReturn:
    """End with a sentence."""
    print(sentence, file=sys.stderr)
    sys.exit(1)


if __name__ == "__main__":
    main()
