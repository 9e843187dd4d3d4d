"""The house has six floors, and imports go down only, in Python and in TypeScript."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ROOT / "src" / "datalens"
TYPESCRIPT = ROOT / "js" / "src"

# A module or package of datalens, and its floor.
FLOORS = {
    "core": 1,
    "predicate": 2,
    "table": 3,
    "journal": 3,
    "space": 3,
    "signals": 3,
    "explain": 3,
    "study": 4,
    "widgets": 5,
    "share": 5,
    "lens": 6,
    "oneline": 6,
    "demo": 6,
    "__init__": 6,
}
# On one floor nobody imports a neighbour, except:
NEIGHBOURS = {
    "__init__": {"lens", "oneline", "demo"},  # the package's face only forwards names
    "oneline": {"lens"},  # the whole of a lens in one call
}
# Nothing imports upwards, except to name a type (under TYPE_CHECKING):
TYPES_ABOVE = {
    "widgets": {"lens"},  # a view is made from a lens
}
# Floor 6 reaches these inside functions, so that `import datalens` stays light.
LAZILY = 5

# A folder of js/src, and what else it may import: a folder, a file, or any style sheet.
# What stands directly in js/src (the entry points) may import all.
HOST = {"host", "styles", "map/palette"}
FOLDERS = {
    "host": set[str](),
    "styles": {"host", "*.css"},  # one sheet is made of all
    "map": HOST,
    "legend": HOST,
    "table": HOST,
    "reader": HOST,
    "similar": HOST,
    "predicate": HOST,
    "explorer": HOST | {"map", "legend", "table", "reader", "similar", "predicate"},
}
JS_IMPORT = re.compile(r"""(?:\bfrom\s*|\bimport\s*\(?\s*)["'](\.[^"']*)["']""")


def python_complaint(importer: str, imported: str, when: str) -> str | None:
    """Say what is wrong where module ``importer`` imports ``imported`` (names of FLOORS), or None.

    ``when`` is "load", "call" for an import inside a function, or "types" for one under TYPE_CHECKING.
    """
    for name in (importer, imported):
        if name not in FLOORS:
            return f"{name} has no floor yet: give it one in FLOORS"
    if importer == imported or imported in NEIGHBOURS.get(importer, ()):
        return None
    if when == "types" and imported in TYPES_ABOVE.get(importer, ()):
        return None
    if FLOORS[imported] > FLOORS[importer]:
        return f"{importer} is on floor {FLOORS[importer]}, {imported} above it on {FLOORS[imported]}"
    if FLOORS[imported] == FLOORS[importer]:
        return f"{importer} and {imported} are neighbours on floor {FLOORS[imported]}"
    if FLOORS[importer] > LAZILY == FLOORS[imported] and when == "load":
        return f"{importer} imports {imported} when it is loaded: import it inside the function that needs it"
    return None


def imported_names(node: ast.AST, package: list[str]) -> list[str]:
    """Full names of the modules that an import statement may load; ``package`` is that of the file."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        above = package[: len(package) - node.level + 1] if node.level else []
        base = ".".join([*above, *([node.module] if node.module else [])])
        if base == "datalens":  # `from datalens import core`: the names are what is imported
            return [f"datalens.{alias.name}" for alias in node.names]
        return [base]
    return []


def walk(node: ast.AST, when: str = "load") -> Iterator[tuple[ast.AST, str]]:
    """Every node below ``node``, and when it runs, as python_complaint has it."""
    for child in ast.iter_child_nodes(node):
        inner = when
        if isinstance(child, ast.If) and ast.unparse(child.test).endswith("TYPE_CHECKING"):
            inner = "types"
        elif isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            inner = "call"
        yield child, inner
        yield from walk(child, inner)


def python_complaints(path: Path, root: Path) -> list[str]:
    """What is wrong with the imports of one file of the package that lies at ``root``."""
    parts = path.relative_to(root).with_suffix("").parts
    complaints = []
    for node, when in walk(ast.parse(path.read_text(encoding="utf-8"))):
        for name in imported_names(node, ["datalens", *parts[:-1]]):
            if name.startswith("datalens."):
                complaint = python_complaint(parts[0], name.split(".")[1], when)
                if complaint:
                    place = f"{path.relative_to(root.parent)}:{node.lineno}"
                    complaints.append(f"{place} imports {name}: {complaint}")
    return complaints


def js_complaints(path: Path, root: Path) -> list[str]:
    """What is wrong with the relative imports of one TypeScript file below ``root``."""
    relative = path.relative_to(root)
    if len(relative.parts) == 1:
        return []
    folder = relative.parts[0]
    if folder not in FOLDERS:
        return [f"{relative} is in {folder}/, which may import nothing yet: say what in FOLDERS"]
    complaints = []
    text = path.read_text(encoding="utf-8")
    for found in JS_IMPORT.finditer(text):
        target = (path.parent / found[1]).resolve()
        if not target.is_relative_to(root.resolve()):
            continue  # package.json
        inside = re.sub(r"\.[jt]sx?$", "", target.relative_to(root.resolve()).as_posix())
        names = {inside.split("/")[0], inside, f"*{target.suffix}"}
        if folder not in names and not names & FOLDERS[folder]:
            line = text.count("\n", 0, found.start()) + 1
            complaints.append(f"js/src/{relative}:{line} imports {inside}: {folder}/ may not")
    return complaints


def python_imports_go_down_test():
    files = sorted(PYTHON.rglob("*.py"))
    assert files, "src/datalens holds no Python"
    complaints = [line for path in files for line in python_complaints(path, PYTHON)]
    assert not complaints, "\n".join(complaints)


def typescript_imports_go_down_test():
    files = sorted(path for path in TYPESCRIPT.rglob("*") if path.suffix in {".ts", ".tsx"})
    assert files, "js/src holds no TypeScript"
    complaints = [line for path in files for line in js_complaints(path, TYPESCRIPT)]
    assert not complaints, "\n".join(complaints)


@pytest.mark.parametrize(
    ("file", "source", "complaint"),
    [
        ("core/a.py", "from datalens.predicate import col", "core is on floor 1, predicate above it on 2"),
        ("core/a.py", "def f():\n    import datalens.study.s", "core is on floor 1, study above it on 4"),
        ("table/a.py", "from datalens import space", "table and space are neighbours on floor 3"),
        ("table/a.py", "from ..space import knn", "table and space are neighbours on floor 3"),
        ("widgets/a.py", "import datalens.share", "widgets and share are neighbours on floor 5"),
        ("lens.py", "from datalens.widgets import hub", "import it inside the function that needs it"),
        ("attic/a.py", "import datalens.core", "attic has no floor yet: give it one in FLOORS"),
        ("table/a.py", "import numpy\nfrom datalens.core import keys\nfrom . import b", None),
        ("lens.py", "def f():\n    from datalens.widgets import hub", None),
        ("__init__.py", "if TYPE_CHECKING:\n    from datalens.widgets import hub", None),
        ("widgets/a.py", "if TYPE_CHECKING:\n    from datalens.lens import Lens", None),
        (
            "widgets/a.py",
            "def f():\n    from datalens.lens import Lens",
            "widgets is on floor 5, lens above it",
        ),
    ],
)
def python_complaints_test(tmp_path, file, source, complaint):
    path = tmp_path / "datalens" / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source)
    found = python_complaints(path, tmp_path / "datalens")
    assert (complaint in found[0]) if complaint else (found == [])


@pytest.mark.parametrize(
    ("file", "source", "complaint"),
    [
        (
            "host/a.ts",
            'import { draw } from "../map/draw";',
            "js/src/host/a.ts:1 imports map/draw: host/ may not",
        ),
        (
            "table/a.tsx",
            'import "../map/palette";\nimport x from "../map/view.ts";',
            "table/a.tsx:2 imports map/view",
        ),
        ("table/a.ts", 'const x = await import("../reader/a");', "imports reader/a: table/ may not"),
        ("attic/a.ts", "", "attic/, which may import nothing yet"),
        (
            "map/a.ts",
            'import { Host } from "../host/host";\nimport { b } from "./b";\nimport "preact";',
            None,
        ),
        ("explorer/a.ts", 'export { c } from "../reader/c";', None),
        ("hub.ts", 'import "./map/view";', None),
        ("styles/a.ts", 'import map from "../map/map.css";', None),
        (
            "styles/a.ts",
            'import { draw } from "../map/draw";',
            "styles/a.ts:1 imports map/draw: styles/ may not",
        ),
    ],
)
def js_complaints_test(tmp_path, file, source, complaint):
    path = tmp_path / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source)
    found = js_complaints(path, tmp_path)
    assert (complaint in found[0]) if complaint else (found == [])
