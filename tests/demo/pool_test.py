import json
import subprocess
import sys
from pathlib import Path

import pytest

from datalens.demo import parse, pool
from datalens.demo.pool import balance, read_files


@pytest.fixture
def workers(monkeypatch):
    """The processes started so far."""
    started = []

    class Popen(subprocess.Popen):
        def __init__(self, *args, **options):
            super().__init__(*args, **options)
            started.append(self)

    monkeypatch.setattr(subprocess, "Popen", Popen)
    monkeypatch.setattr(pool, "BYTES_PER_WORKER", 1)
    return started


@pytest.fixture
def files(tmp_path):
    paths = [tmp_path / f"{number}.py" for number in range(40)]
    for number, path in enumerate(paths):
        path.write_text(f"'Number {number}.'\n" * (1 + number % 7) + "(" * (number == 30))
    return [str(path) for path in paths]


def expected(files):
    return ["SyntaxError" if n == 30 else [["module", "", f"Number {n}."]] for n in range(len(files))]


@pytest.mark.parametrize("count", [1, 2, 3])
def any_number_of_workers_test(files, workers, count):
    told = []
    answers = read_files(
        files, [Path(file).stat().st_size for file in files], lambda: told.append(1), workers=count
    )
    assert answers == expected(files)
    assert len(told) == 40
    assert len(workers) == count
    assert all(worker.poll() is not None for worker in workers)


def interrupt_kills_test(files, workers):
    def tell():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read_files(files, [1] * 40, tell, workers=2)
    assert len(workers) == 2
    assert all(worker.poll() is not None for worker in workers)


def fewer_files_than_workers_test(files, workers):
    assert read_files(files[:1], [10], lambda: None, workers=2) == expected(files)[:1]
    assert read_files([], [], lambda: None) == []
    assert len(workers) == 1


@pytest.mark.parametrize("count", [8, 40])  # the deadly one is the last of its share, or isn't
def crash_test(tmp_path, monkeypatch, files, workers, count):
    """A file that kills its worker is skipped, and the rest are read by a new one."""
    deadly = tmp_path / "deadly.py"
    own = parse.read_docstrings
    script = f"""
import os, sys
sys.path.insert(0, {str(Path(pool.__file__).parents[2])!r})
from datalens.demo import parse
own = parse.read_docstrings
def read_docstrings(path):
    if path.endswith(b"/7.py"):
        sys.stdout.buffer.write(b'[["half')
        sys.stdout.buffer.flush()
        os._exit(1)
    return own(path)
parse.read_docstrings = read_docstrings
parse.main()
"""
    deadly.write_text(script)
    monkeypatch.setattr(parse, "__file__", str(deadly))
    answers = read_files(files[:count], [1] * count, lambda: None, workers=2)
    assert answers == [*expected(files)[:7], pool.CRASH, *expected(files)[8:count]]
    assert len(workers) == (2 if count == 8 else 3)
    assert parse.read_docstrings is own


@pytest.mark.parametrize("executable", [None, "", "/nowhere/python"])
def no_processes_test(files, monkeypatch, executable):
    monkeypatch.setattr(sys, "executable", executable)
    answers = read_files(files, [1] * 40, lambda: None)
    assert json.loads(json.dumps(answers)) == expected(files)


def not_an_interpreter_test(files, monkeypatch, tmp_path):
    """An interpreter that ends without a word, as one does that embeds Python or lacks its library."""
    monkeypatch.setattr(parse, "__file__", str(tmp_path / "gone.py"))
    answers = read_files(files, [1] * 40, lambda: None)
    assert json.loads(json.dumps(answers)) == expected(files)


def script_without_a_guard_test(package, tmp_path):
    """The script is run once: no worker imports it again."""
    package(__init__="'Real.'")
    script = tmp_path / "script.py"
    script.write_text("import datalens.demo\nprint(datalens.demo.docstrings(['fake'])['text'].tolist())")
    paths = f"{tmp_path / 'site'}{pool.os.pathsep}{Path(pool.__file__).parents[2]}"
    environment = pool.os.environ | {"PYTHONPATH": paths}
    done = subprocess.run(
        [sys.executable, str(script)], env=environment, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == "['Real.']\n"


def shadowing_test(files, tmp_path, monkeypatch):
    """No file beside the notebook or on PYTHONPATH stands in for a module of the standard library."""
    (tmp_path / "ast.py").write_text("raise RuntimeError")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(parse, "read_docstrings", None)  # so that the answers can't come from this process
    assert read_files(files, [1] * 40, lambda: None) == expected(files)


def balance_test():
    assert balance([], 2) == [[], []]
    assert balance([1, 2, 3, 4], 2) == [[0, 3], [1, 2]]
