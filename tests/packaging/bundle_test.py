"""The built JavaScript: small, since every saved widget holds a copy of it, and loading from no other host."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).resolve().parents[2] / "src" / "datalens" / "static"
# Names of XML namespaces look like addresses, and nothing loads them.
ADDRESS = re.compile(r"""\b(?:https?|wss?)://(?!www\.w3\.org/)[^\s"'`)]*""")


def bundle(name: str) -> str:
    path = STATIC / name
    if not path.exists():
        pytest.skip(f"{name} is not built: run `make check`, or `npm run build` in js/")
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize(("name", "limit"), [("widget.js", 200_000), ("view.js", 3_000)])
def size_test(name, limit):
    assert len(bundle(name).encode()) < limit


@pytest.mark.parametrize("name", ["widget.js", "view.js"])
def no_other_host_test(name):
    assert ADDRESS.findall(bundle(name)) == []
