"""The wheel: what is in it, and that it shows a widget where there is no Node."""

from __future__ import annotations

import json
import re
import shutil
import tarfile
import zipfile

import pytest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(1200),
    pytest.mark.xdist_group("installed"),
]  # a slow index, and a cold cache

CELL = """
import datalens as dl, pandas as pd
lens = dl.Lens(pd.DataFrame({"x": [0.0, 1.0, 2.0], "y": [0.0, 2.0, 1.0]}), x="x", y="y")
lens.explore()
"""


@pytest.fixture(scope="session")
def names(distributions):
    with zipfile.ZipFile(distributions.wheel) as archive:
        return archive.namelist()


def the_wheel_holds_the_bundle_its_types_and_its_licence_test(names):
    wanted = {"datalens/static/widget.js", "datalens/static/view.js", "datalens/py.typed"}
    assert wanted - set(names) == set()
    assert [name for name in names if name.endswith(".dist-info/licenses/LICENSE")] != []


def the_wheel_holds_nothing_else_test(names):
    kinds = re.compile(r"datalens/(.+\.py|py\.typed|static/(widget|view)\.js)|datalens-[^/]+\.dist-info/.+")
    assert [name for name in names if not kinds.fullmatch(name)] == []
    assert [name for name in names if "test" in name] == []


def the_wheel_is_for_every_platform_test(distributions):
    assert distributions.wheel.name.endswith("-py3-none-any.whl")


def the_sdist_holds_what_the_bundle_is_built_from_test(distributions):
    with tarfile.open(distributions.sdist) as archive:
        files = {name.partition("/")[2] for name in archive.getnames()}
    wanted = {
        "js/package.json",
        "js/package-lock.json",
        "js/build.mjs",
        "js/src/hub.ts",
        "LICENSE",
        "README.md",
    }
    assert wanted - files == set()
    assert [name for name in files if "node_modules" in name] == []


def the_environment_has_no_node_test(installation):
    path = installation.variables["PATH"]
    assert (shutil.which("node", path=path), shutil.which("npm", path=path)) == (None, None)


def the_environment_imports_what_was_installed_test(installation):
    place = installation.run("-c", "import datalens; print(datalens.__file__)").strip()
    assert place.startswith(str(installation.folder))


def a_notebook_holds_the_widget_and_its_code_test(installation, distributions, tmp_path):
    cell = {
        "cell_type": "code",
        "id": "a",
        "metadata": {},
        "execution_count": None,
        "outputs": [],
        "source": CELL,
    }
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    path = tmp_path / "a.ipynb"
    path.write_text(json.dumps({"cells": [cell], "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}))
    installation.run("-m", "jupyter", "execute", "--inplace", path)
    notebook = json.loads(path.read_text(encoding="utf-8"))
    view = "application/vnd.jupyter.widget-view+json"
    (model,) = [
        out["data"][view]["model_id"] for out in notebook["cells"][0]["outputs"] if view in out["data"]
    ]
    states = notebook["metadata"]["widgets"]["application/vnd.jupyter.widget-state+json"]["state"]
    with zipfile.ZipFile(distributions.wheel) as archive:
        bundle, own = (archive.read(f"datalens/static/{name}.js").decode() for name in ("widget", "view"))
    assert states[model]["state"]["_esm"] == own
    assert bundle in [state["state"].get("_esm") for state in states.values()]
