"""Data, files found on disk and models are untrusted: nothing in them may become code or markup."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# (file, what it uses): why that is safe. An entry that is no longer needed fails.
ALLOWED: dict[tuple[str, str], str] = {}

MODULES = {"pickle", "cPickle", "dill", "cloudpickle", "marshal", "shelve"}
CALLS = {"eval", "exec"}
KEYWORDS = {"allow_pickle", "trust_remote_code", "shell"}
JS = re.compile(
    r"\b(?:innerHTML|outerHTML|insertAdjacentHTML|dangerouslySetInnerHTML)\b"
    r"|\bdocument\.write\b|\beval\s*\(|\bnew Function\s*\("
)


def python_uses(source: str) -> Iterator[str]:
    """Name what the Python text uses of the above."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names if alias.name.partition(".")[0] in MODULES)
            case ast.ImportFrom(module=str(module)) if module.partition(".")[0] in MODULES:
                yield module
            case ast.Call(func=ast.Name(id=name)) if name in CALLS:
                yield name
            case ast.keyword(arg=str(name), value=value) if name in KEYWORDS:
                if not (isinstance(value, ast.Constant) and value.value is False):
                    yield name


def all_uses() -> set[tuple[str, str]]:
    found = set()
    for path in (ROOT / "src" / "datalens").rglob("*.py"):
        uses = python_uses(path.read_text(encoding="utf-8"))
        found |= {(path.relative_to(ROOT).as_posix(), use) for use in uses}
    for path in (ROOT / "js" / "src").rglob("*.ts*"):
        if ".test." not in path.name:  # tests fill their own empty page
            uses = JS.findall(path.read_text(encoding="utf-8"))
            found |= {(path.relative_to(ROOT).as_posix(), use) for use in uses}
    return found


def nothing_turns_data_into_code_test():
    assert all_uses() == set(ALLOWED)


@pytest.mark.parametrize(
    ("source", "uses"),
    [
        ("import pickle", ["pickle"]),
        ("from pickle import loads", ["pickle"]),
        ("eval(text)", ["eval"]),
        ("np.load(path, allow_pickle=True)", ["allow_pickle"]),
        ("load(path, trust_remote_code=flag)", ["trust_remote_code"]),
        ("np.load(path, allow_pickle=False)", []),
        ("model.eval()\nframe.eval('a > 1')", []),
    ],
)
def python_uses_test(source, uses):
    assert list(python_uses(source)) == uses


@pytest.mark.parametrize("source", ["el.innerHTML = row.text", "new Function(code)", "eval (code)"])
def js_uses_test(source):
    assert JS.search(source)
