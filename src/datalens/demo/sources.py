"""Installed packages and their source files, found without importing any of them."""

from __future__ import annotations

import difflib
import importlib.util
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.machinery import ModuleSpec

# What is read by default, where it is installed: packages of scientists and of people who train models.
SCIENTIFIC = (
    *("IPython", "PIL", "accelerate", "altair", "astropy", "bokeh", "cupy", "dask", "datasets", "datatrove"),
    *(
        "diffusers",
        "distributed",
        "duckdb",
        "faiss",
        "flax",
        "gensim",
        "h5py",
        "holoviews",
        "huggingface_hub",
    ),
    *("imblearn", "ipywidgets", "jax", "joblib", "keras", "lightgbm", "lightning", "llvmlite", "matplotlib"),
    *(
        "mpmath",
        "narwhals",
        "networkx",
        "nltk",
        "numba",
        "numpy",
        "optuna",
        "pandas",
        "peft",
        "plotly",
        "polars",
    ),
    *("pyarrow", "pynndescent", "scipy", "seaborn", "sentence_transformers", "shap", "skimage", "sklearn"),
    *("spacy", "statsmodels", "sympy", "tensorflow", "tokenizers", "torch", "torchaudio", "torchvision"),
    *("transformers", "trl", "umap", "vaex", "xarray", "xgboost", "zarr"),
)

# Tests explain themselves to their authors; the other folders are not the package's own.
SKIPPED_FOLDERS = frozenset({
    *("test", "tests", "testing", "_test", "_tests", "_testing"),
    *("__pycache__", "site-packages", "node_modules"),
})  # fmt: skip

# The largest sources of real packages are tables of a quarter of this; a file's tree takes a hundred times its bytes.
MAX_FILE_BYTES = 4_000_000


@dataclass(frozen=True)
class SourceFile:
    """One file of a package.

    Attributes
    ----------
    path : str
        Where it is.
    module : str
        Its dotted name; a package's ``__init__`` bears the package's name.
    size, modified : int
        Bytes, and nanoseconds of the time it was last written.
    """

    path: str
    module: str
    size: int
    modified: int


def installed(names: tuple[str, ...] = SCIENTIFIC) -> list[str]:
    """Return those of `names` that can be imported here, importing none.

    A folder without an ``__init__`` doesn't count: beside a notebook there often lies one called ``datasets``.

    Parameters
    ----------
    names : tuple of str, default SCIENTIFIC
        Top-level names.

    Returns
    -------
    list of str
        In the order of `names`.
    """
    specs = {name: _spec(name) for name in names}
    return [name for name, spec in specs.items() if spec is not None and spec.origin is not None]


def source_files(package: str) -> list[SourceFile]:
    """Return the Python files of an installed package or single-file module, without its tests.

    Parameters
    ----------
    package : str
        A top-level name.

    Returns
    -------
    list of SourceFile
        Sorted by their path within the package; empty for a module that is compiled.

    Raises
    ------
    ModuleNotFoundError
        When there is no such package; the sentence names those that there are.

    Examples
    --------
    >>> [file.module for file in source_files("json")][:2]
    ['json', 'json.decoder']
    """
    spec = _spec(package)
    if spec is None:
        raise _missing(package)
    roots = [Path(folder) for folder in dict.fromkeys(spec.submodule_search_locations or ())]
    if spec.submodule_search_locations is None:
        # Modules frozen into the interpreter, such as os, keep the name of their file elsewhere.
        origin = getattr(spec.loader_state, "filename", None) or spec.origin or ""
        roots = [Path(origin)] if origin.endswith(".py") else []
    found = [file for root in roots for file in _walk(root, package)]
    return [file for _, file in sorted(found, key=lambda pair: (pair[0], pair[1].path))]


def _spec(package: str) -> ModuleSpec | None:
    """Return where a top-level name would be imported from; None where there is none of that name."""
    # A dotted name would import its parent; anything else is no name of a package.
    if not package.isidentifier():
        return None
    try:
        return importlib.util.find_spec(package)
    except (ImportError, ValueError):
        return None  # ValueError: a module made by hand, such as __main__, that has no spec


def _walk(root: Path, package: str) -> Iterator[tuple[tuple[str, ...], SourceFile]]:
    """Yield what to sort by and the file: each Python file under the folder `root`, or the file `root` itself."""
    if root.suffix == ".py":
        if file := _regular(os.fspath(root), (package,)):
            yield (root.name,), file
        return
    for folder, inner, names in os.walk(root):  # links to folders are not followed: they may lead round
        inner[:] = [name for name in inner if name not in SKIPPED_FOLDERS and not name.startswith(".")]
        above = Path(folder).relative_to(root).parts
        for name in names:
            if name.endswith(".py") and not _is_test(name):
                stem = () if name == "__init__.py" else (name.removesuffix(".py"),)
                path = os.path.join(folder, name)  # noqa: PTH118  # thousands: Path takes five times as long
                if file := _regular(path, (package, *above, *stem)):
                    yield (*above, name), file


def _regular(path: str, module: tuple[str, ...]) -> SourceFile | None:
    """Return the file at `path`; None for a link to nowhere, or a pipe, which would keep its reader for ever."""
    try:
        status = os.stat(path)  # noqa: PTH116  # thousands
    except OSError:
        return None
    if not stat.S_ISREG(status.st_mode):
        return None
    name = ".".join(module).encode("utf-8", "replace").decode()  # a file's name may be no text at all
    return SourceFile(path, name, status.st_size, status.st_mtime_ns)


def _is_test(name: str) -> bool:
    return name.startswith("test_") or name.endswith("_test.py") or name == "conftest.py"


def _missing(package: str) -> ModuleNotFoundError:
    top, _, below = package.partition(".")
    if below and _spec(top) is not None:
        hint = f"Packages are read whole: give {top!r} and filter the column module."
    else:
        known = installed()
        near = difflib.get_close_matches(package, known, n=1)
        hint = f"Did you mean {near[0]!r}? " if near else ""
        hint += "Of those read by default there are: " + ", ".join(known) + "."
    return ModuleNotFoundError(f"There is no package {package!r} here. {hint}", name=package)
