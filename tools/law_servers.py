"""Try the law of predicates on thousands of trees, with Spark and Postgres where this machine has them.

`make laws` runs this. Spark comes into an environment of its own, .venv-laws, and needs Java; Postgres is the one on the
path, or where Debian keeps it, with its data in a temporary folder. What can't run is said, and left out.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
#: A version, so that a run can be repeated.
PYSPARK = "pyspark==4.0.1"
TREES = "5000"
#: Debian keeps its Postgres out of the path, a folder for each version.
DEBIAN = "/usr/lib/postgresql"


def main() -> int:
    """Start what there is, and run the tests."""
    environment = {"DATALENS_LAWS": TREES, **os.environ}
    if python := spark():
        environment["DATALENS_LAWS_SPARK"] = str(python)
    with postgres() as socket:
        if socket:
            environment["DATALENS_LAWS_POSTGRES"] = str(socket)
            # The tests ask it through psql.
            environment["PATH"] += os.pathsep + str(Path(program("psql")).parent)
        # Hours, where each disagreement that is found is shrunk.
        command = [sys.executable, "-m", "pytest", "-q", "--timeout=14400", "tests/laws", *sys.argv[1:]]
        return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def spark() -> Path | None:
    """Return the Python that has pyspark, installed when it is wanted first; None where it can't run."""
    if (
        not shutil.which("java")
        or subprocess.run(["java", "-version"], capture_output=True, check=False).returncode
    ):
        print("Spark is left out: there is no Java on the path.")
        return None
    home = ROOT / ".venv-laws"
    python = home / "bin" / "python"
    if (home / "done").exists():
        return python
    print(f"Installing {PYSPARK} in {home.name} (400 MB, a minute or two).")
    try:
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(home)], check=True)
        install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", PYSPARK]
        subprocess.run(install, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"Spark is left out: it can't be installed ({error}).")
        return None
    (home / "done").touch()
    return python


def program(name: str) -> str:
    """Return where a program of Postgres' is, of the newest version there is; empty where it is nowhere."""
    if found := shutil.which(name):
        return found
    kept = [path for path in Path(DEBIAN).glob(f"*/bin/{name}") if path.parts[-3].isdigit()]
    return str(max(kept, key=lambda path: int(path.parts[-3]))) if kept else ""


@contextlib.contextmanager
def postgres() -> Iterator[Path | None]:
    """Run a server on a socket in a temporary folder; yields the folder, or None where it can't run."""
    programs = {name: program(name) for name in ("initdb", "pg_ctl", "psql")}
    if missing := [name for name, found in programs.items() if not found]:
        where = f"on the path, nor in {DEBIAN}"
        print(f"Postgres is left out: there is no {' and no '.join(missing)} {where}.")
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="dl-laws-"))
    data = folder / "data"
    # Postgres refuses to run as root, as which containers often run.
    user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    # Only the socket, and nothing that outlives the run.
    options = f"-k {folder} -c listen_addresses='' -c fsync=off"
    begun = False
    try:
        if user:
            shutil.chown(folder, "postgres")
        access = ["-U", "laws", "-A", "trust", "--locale=C", "--encoding=UTF8", "-N"]
        create = [programs["initdb"], "-D", str(data), *access]
        start = [programs["pg_ctl"], "-D", str(data), "-w", "-o", options, "-l", str(folder / "log"), "start"]
        subprocess.run([*user, *create], check=True, capture_output=True, cwd=folder)
        subprocess.run([*user, *start], check=True, stdout=subprocess.DEVNULL, cwd=folder)
        begun = True
    except (OSError, LookupError, subprocess.CalledProcessError) as error:
        print(f"Postgres is left out: it can't be started ({error}).")
    try:
        yield folder if begun else None
    finally:
        if begun:
            stop = [programs["pg_ctl"], "-D", str(data), "-m", "immediate", "stop"]
            subprocess.run([*user, *stop], check=False, stdout=subprocess.DEVNULL, cwd=folder)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
