import os
import sys
from pathlib import Path

import pandas as pd
import pytest

import datalens.demo
from datalens.demo import corpus

COLUMNS = ["id", "text", "source", "module", "kind", "name", "n_chars"]


def docstrings_test(package):
    package.files("fake", {
        "__init__.py": "'The package.'",
        "_a/b.py": '''
            def f():
                """Do it.

                    Indented.
                Not.
                """
            class C:
                def __init__(self):
                    "Make it."
        ''',
    })  # fmt: skip
    frame = datalens.demo.docstrings(["fake"])
    assert list(frame.columns) == COLUMNS
    assert frame.to_numpy().tolist() == [
        ["fake", "The package.", "fake", "fake", "module", "fake", 12],
        ["fake._a.b.f", "Do it.\n\n    Indented.\nNot.", "fake", "fake._a.b", "function", "f", 26],
        ["fake._a.b.C.__init__", "Make it.", "fake", "fake._a.b", "method", "__init__", 8],
    ]


def repeated_ids_test(package):
    package.files("fake", {
        "a.py": "def f(): '1'\ndef f(): '2'\nclass b:\n '3'\n def f(s): '4'",
        "a/b.py": "'5'\ndef f(): '6'",
        "a/f#2.py": "'7'",
    })  # fmt: skip
    frame = datalens.demo.docstrings(["fake"])
    assert dict(zip(frame["text"], frame["id"], strict=True)) == {
        "5": "fake.a.b",
        "6": "fake.a.b.f",
        "7": "fake.a.f#2",
        "1": "fake.a.f",
        "2": "fake.a.f#3",
        "3": "fake.a.b#2",
        "4": "fake.a.b.f#2",
    }
    assert frame["id"].tolist() == datalens.demo.docstrings(["fake"], cache=False)["id"].tolist()


def packages_sorted_test(package):
    package("zeta", __init__="'z'")
    package("alpha", __init__="'a'")
    assert datalens.demo.docstrings(["zeta", "alpha", "zeta"])["source"].tolist() == ["alpha", "zeta"]
    assert datalens.demo.docstrings("zeta")["source"].tolist() == ["zeta"]


def default_packages_test(package, monkeypatch):
    package(__init__="'doc'")
    monkeypatch.setattr(corpus, "installed", lambda: ["fake"])
    assert datalens.demo.docstrings()["id"].tolist() == ["fake"]


def nothing_imported_test(package):
    package(__init__="'doc'\nraise RuntimeError", a="'a'\nimport nowhere")
    assert datalens.demo.docstrings(["fake"])["text"].tolist() == ["doc", "a"]
    assert "fake" not in sys.modules


def skipped_are_counted_test(package, monkeypatch):
    monkeypatch.setattr(corpus, "MAX_FILE_BYTES", 100)
    package(
        __init__="'doc'",
        bad="print 'no'",
        nul=b"'a'\0",
        big="'long'" + "\n" * 100,
        cookie=b"# coding: klingon",
    )
    for _ in ("read", "cached"):
        frame = datalens.demo.docstrings(["fake"])
        assert frame["text"].tolist() == ["doc"]
        assert frame.attrs == {"files": 5, "skipped": 4}


@pytest.mark.parametrize(
    "options", [{"packages": []}, {"packages": ["math"]}, {"packages": ["fake"], "limit": 0}]
)
def no_rows_test(package, options):
    package(__init__="'doc'")
    frame = datalens.demo.docstrings(**options)
    assert len(frame) == 0
    assert list(frame.columns) == COLUMNS
    assert frame["n_chars"].dtype == "int64"
    assert frame["text"].dtype == pd.Series(["text"]).dtype


def limit_test(package):
    package(__init__="\n".join(f"def f{n}(): 'doc {n}'" for n in range(10)))
    assert datalens.demo.docstrings(["fake"], limit=4)["name"].tolist() == ["f0", "f2", "f5", "f7"]
    assert len(datalens.demo.docstrings(["fake"], limit=99)) == 10
    with pytest.raises(ValueError, match="limit= is a number of documents, not -1"):
        datalens.demo.docstrings(["fake"], limit=-1)


def unknown_test():
    with pytest.raises(ModuleNotFoundError, match="There is no package 'nowhere' here"):
        datalens.demo.docstrings(["nowhere"])


def cached_test(package, monkeypatch):
    package(__init__="'doc'")
    first = datalens.demo.docstrings(["fake"])
    monkeypatch.setattr(corpus, "read_files", None)
    second = datalens.demo.docstrings(["fake"])
    pd.testing.assert_frame_equal(first, second)
    assert first.attrs == second.attrs


def cache_notices_test(package):
    folder = package(__init__="'old'")
    assert datalens.demo.docstrings(["fake"])["text"].tolist() == ["old"]
    package(__init__="'new'")
    os.utime(folder / "__init__.py", ns=(1, 1))
    assert datalens.demo.docstrings(["fake"])["text"].tolist() == ["new"]
    package(a="'more'")
    assert datalens.demo.docstrings(["fake"])["text"].tolist() == ["new", "more"]


def only_the_changed_package_is_read_test(package, monkeypatch):
    package("one", __init__="'1'")
    package("two", __init__="'2'")
    datalens.demo.docstrings(["one"])
    read, own = [], corpus.read_files

    def read_files(paths, *args, **options):
        read.extend(paths)
        return own(paths, *args, **options)

    monkeypatch.setattr(corpus, "read_files", read_files)
    assert datalens.demo.docstrings(["one", "two"])["text"].tolist() == ["1", "2"]
    assert [Path(path).parent.name for path in read] == ["two"]


def no_cache_test(package, cache_folder):
    package(__init__="'doc'")
    datalens.demo.docstrings(["fake"], cache=False)
    assert not cache_folder.exists()


def interrupted_is_not_cached_test(package, cache_folder, monkeypatch):
    package(__init__="'doc'")

    def read_files(*args, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr(corpus, "read_files", read_files)
    with pytest.raises(KeyboardInterrupt):
        datalens.demo.docstrings(["fake"])
    assert not cache_folder.exists()


def surrogates_test(package):
    package(__init__=rb"'half \ud800'")
    assert datalens.demo.docstrings(["fake"])["text"].tolist() == ["half \N{REPLACEMENT CHARACTER}"]
