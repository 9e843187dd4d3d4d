import importlib
import textwrap

import pytest


@pytest.fixture(autouse=True)
def cache_folder(tmp_path, monkeypatch):
    folder = tmp_path / "cache"
    monkeypatch.setenv("DATALENS_CACHE", str(folder))
    return folder


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Write a package of the given files, of text or bytes, where Python finds it; return its folder."""
    site = tmp_path / "site"
    site.mkdir()
    monkeypatch.syspath_prepend(str(site))

    def make(name="fake", /, **files):
        return make_files(name, {f"{path}.py": text for path, text in files.items()})

    def make_files(name, files):
        for path, text in files.items():
            file = site / name / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text if isinstance(text, bytes) else textwrap.dedent(text).encode())
        importlib.invalidate_caches()
        return site / name

    make.files = make_files
    return make
