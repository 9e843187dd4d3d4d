import os
import sys

import pytest

from datalens.demo.sources import installed, source_files


def modules(package):
    return [file.module for file in source_files(package)]


def modules_test(package):
    package.files("fake", {"b.py": "", "__init__.py": "", "a/__init__.py": "", "a/x-y.py": "", "a/z.txt": ""})
    assert modules("fake") == ["fake", "fake.a", "fake.a.x-y", "fake.b"]


def skipped_test(package):
    names = ["tests/a.py", "sub/testing/a.py", "test_a.py", "a_test.py", "conftest.py", "__pycache__/a.py"]
    names += [".hidden/a.py", "node_modules/a.py", "lib/site-packages/a.py"]
    package.files("fake", dict.fromkeys(["__init__.py", "contest.py", "_vendor/a.py", *names], ""))
    assert modules("fake") == ["fake", "fake._vendor.a", "fake.contest"]


def single_file_test(package):
    package.files("", {"single.py": "", "other.py": ""})
    assert modules("single") == ["single"]


def namespace_test(tmp_path, monkeypatch):
    for root in ("one", "two"):
        (tmp_path / root / "space").mkdir(parents=True)
        (tmp_path / root / "space" / f"{root}.py").write_text("")
        monkeypatch.syspath_prepend(str(tmp_path / root))
    assert modules("space") == ["space.one", "space.two"]


def folder_beside_the_notebook_test(package):
    package.files("", {"beside/mine.py": "", "real/__init__.py": ""})
    assert installed(("beside", "real", "nowhere")) == ["real"]


def imports_nothing_test(package):
    package.files("fake", {"__init__.py": "raise RuntimeError", "a.py": "raise RuntimeError"})
    assert modules("fake") == ["fake", "fake.a"]
    assert "fake" not in sys.modules


@pytest.mark.parametrize("name", ["math", "os", "sys"])
def standard_library_test(name):
    assert modules(name) == (["os"] if name == "os" else [])


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes in folders here")
def odd_files_test(package):
    folder = package.files("fake", {"__init__.py": "", "folder.py/a.py": ""})
    os.mkfifo(folder / "pipe.py")
    (folder / "link.py").symlink_to(folder / "nowhere.py")
    (folder / "round").symlink_to(folder)
    assert modules("fake") == ["fake", "fake.folder.py.a"]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        (
            "nunpy",
            r"There is no package 'nunpy' here. Did you mean 'numpy'\? Of those read by default there are: .*numpy",
        ),
        ("numpy.linalg", "give 'numpy' and filter the column module"),
        ("../numpy", "There is no package '../numpy' here. Did you mean 'numpy'"),
        ("__main__", "There is no package '__main__' here"),
        ("", "There is no package '' here"),
    ],
)
def unknown_test(name, sentence, monkeypatch):
    monkeypatch.setattr(sys.modules["__main__"], "__spec__", None)
    with pytest.raises(ModuleNotFoundError, match=sentence):
        source_files(name)
