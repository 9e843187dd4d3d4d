"""DataLens as people get it: built from a clean copy, and installed where there is no Node."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

from clean_copy import copy_of_the_repository

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Environment:
    """A virtual environment whose programs find nothing but one another.

    Attributes
    ----------
    folder : pathlib.Path
        Where it is.
    """

    folder: Path

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    @property
    def variables(self) -> dict[str, str]:
        """The user's, but for paths: no Node is found, nor the source."""
        kept = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "PYTHONHOME"}}
        return {
            **kept,
            "PATH": str(self.python.parent),
            "VIRTUAL_ENV": str(self.folder),
            "JUPYTER_PREFER_ENV_PATH": "1",
        }

    def run(self, *arguments: str | Path) -> str:
        """Run its Python, and return what it printed; where it fails, what it said is the message."""
        done = subprocess.run(
            [self.python, *arguments], env=self.variables, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{arguments} failed:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
        return done.stdout

    def pip(self, *arguments: str | Path) -> None:
        self.run("-m", "pip", "--quiet", "--disable-pip-version-check", *arguments)


@dataclass(frozen=True)
class Distributions:
    """What is published.

    Attributes
    ----------
    sdist, wheel : pathlib.Path
        The files.
    """

    sdist: Path
    wheel: Path


def make_environment(folder: Path) -> Environment:
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    return Environment(folder)


def build(folder: Path) -> Distributions:
    """Build the source distribution from a clean copy with Node, and the wheel from that without."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    hook = project["tool"]["hatch"]["build"]["hooks"]["jupyter-builder"]
    builder = make_environment(folder / "builder")
    builder.pip("install", *project["build-system"]["requires"], *hook["dependencies"])
    command = [
        builder.python,
        "-m",
        "hatchling",
        "build",
        "--target",
        "sdist",
        "--directory",
        folder / "sdist",
    ]
    copy = copy_of_the_repository(folder / "repository")
    done = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (sdist,) = (folder / "sdist").iterdir()
    builder.pip("wheel", "--no-deps", "--wheel-dir", folder / "wheel", sdist)
    (wheel,) = (folder / "wheel").iterdir()
    return Distributions(sdist, wheel)


def install(folder: Path, wheel: Path) -> Environment:
    """Install the wheel with JupyterLab and nothing else, in the versions that the tests run with."""
    environment = make_environment(folder / "installed")
    environment.pip("install", "--constraint", ROOT / "constraints.txt", f"{wheel}[lab]")
    return environment
