"""Write constraints.txt: the exact versions that were resolved together, so that installing needs no search.

Run by ``make constraints``. pip resolves every extra as if nothing were installed, and reads packages for
that without installing them. It resolves for the oldest Python that DataLens supports, since what runs
there runs on the newer ones too (a release may ask for 3.11.5, say, and Debian's Python is 3.11.2).
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST_PYTHON = "3.11.0"
# torch names the exact versions of these itself, other ones for each of its builds.
LEFT_TO_TORCH = re.compile(r"^(nvidia-|cuda-|triton$)")
HEADER = """\
# The versions DataLens is developed and tested with, and the reason why installing takes a minute:
#     pip install -e '.[test]' -c constraints.txt
# Written by `make constraints`; renew it with that, then run `make test`, and commit both together.
"""


def requirements() -> list[str]:
    """Return what the project and all its extras name in pyproject.toml."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = (need for needs in project["optional-dependencies"].values() for need in needs)
    return [*project["dependencies"], *(need for need in extras if not need.startswith("datalens["))]


def resolve() -> dict[str, str]:
    """Return name and version of every package that is needed, as pip resolves them now."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed"]
        # pip resolves for another Python than its own only where it need not build, nor install beside itself.
        other = ["--python-version", OLDEST_PYTHON, "--only-binary", ":all:", "--target", folder]
        subprocess.run([*command, *other, "--report", str(report), *requirements()], check=True)
        installs = json.loads(report.read_text())["install"]
    return {item["metadata"]["name"]: item["metadata"]["version"] for item in installs}


def main() -> None:
    """Resolve, and write the file."""
    lines = []
    for name, version in sorted(resolve().items(), key=lambda item: item[0].lower()):
        if not LEFT_TO_TORCH.match(name.lower()):
            # A local label such as "+cpu" names one index's build, which other people do not have.
            lines.append(f"{name}=={version.partition('+')[0]}\n")
    (ROOT / "constraints.txt").write_text(HEADER + "".join(lines))
    print(f"constraints.txt: {len(lines)} packages")


if __name__ == "__main__":
    main()
