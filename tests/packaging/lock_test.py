"""What is installed: pinned, and without the address of anybody's registry."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def npm_lock_has_no_addresses_test():
    packages = json.loads((ROOT / "js" / "package-lock.json").read_text())["packages"]
    assert len(packages) > 10
    assert [name for name, entry in packages.items() if "resolved" in entry] == []


def npm_lock_serves_every_platform_test():
    # Where a registry lacks a platform's build when the lock is written, npm leaves it out without a word,
    # and `npm ci` then refuses the lock, on every machine.
    packages = json.loads((ROOT / "js" / "package-lock.json").read_text())["packages"]
    named = {name for entry in packages.values() for name in entry.get("optionalDependencies", {})}
    assert len(named) > 10
    assert named - {path.rpartition("node_modules/")[2] for path in packages} == set()


def constraints_are_exact_test():
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    # A name and a version: no path, no address, no local label such as +cpu.
    assert [pin for pin in pins if not re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][A-Za-z0-9.!]*", pin)] == []


def constraints_cover_what_the_project_names_test():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"].values()
    named = [*project["dependencies"], *(requirement for extra in extras for requirement in extra)]
    names = {canonical(re.match(r"[A-Za-z0-9._-]+", requirement)[0]) for requirement in named} - {"datalens"}
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pinned = {canonical(line.partition("==")[0]) for line in lines if not line.startswith("#")}
    assert names - pinned == set()


def torch_is_one_version_test():
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    named = [(extra, need) for extra, needs in extras.items() for need in needs if need.startswith("torch")]
    assert named == [("models", "torch==2.13.0")]
    assert "torch==2.13.0" in (ROOT / "constraints.txt").read_text().splitlines()


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
