"""Several processes, threads and journals on one file: all see all."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from datalens.journal import connections
from journal.files import opened

WRITE = """
import sys
from pathlib import Path
from datalens.core.keys import Identity
from datalens.journal import Journal, Place, connections

path, name, mode = sys.argv[1:]
if mode == "delete":
    connections.shares_memory = lambda _: False
journal = Journal.open(Place(Path(path), False), title="t", identity=Identity("column", ("id",)), fingerprint="f0")
sys.stdin.readline()
for number in range(100):
    journal.tag([f"{name}-{number}"], name)
    assert journal.problem is None, journal.problem
print(len(journal.marks().tags[0]))
"""


@pytest.mark.parametrize("mode", ["wal", "delete"])
def processes_that_write_at_once_lose_nothing_test(path, mode):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITE, str(path), name, mode],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
        )
        for name in "ab"
    ]
    journal = opened(path)
    for writer in writers:
        writer.stdin.write(b"go\n")
        writer.stdin.flush()
    for number in range(100):
        journal.tag([f"c-{number}"], "c")
    outputs = [writer.communicate(timeout=60)[0] for writer in writers]
    assert [writer.returncode for writer in writers] == [0, 0], outputs
    assert journal.problem is None
    keys, tags = journal.marks().tags
    assert sorted(keys) == sorted(f"{name}-{number}" for name in "abc" for number in range(100))
    assert all(key[0] == tag for key, tag in zip(keys, tags, strict=True))


def a_change_of_another_connection_is_seen_once_test(path):
    one, two = opened(path), opened(path)
    assert not two.changed()
    one.tag(["a"], "spam")
    assert two.changed()
    assert not two.changed()
    two.star(["b"])
    assert one.changed()
    assert one.marks() == two.marks()


def an_own_change_counts_the_revision_up_test(path):
    journal = opened(path)
    before = journal.revision
    journal.tag(["a"], "spam")
    assert journal.revision > before
    assert journal.changed()
    before = journal.revision
    assert not journal.changed()
    journal.tag(["a"], "spam")
    assert journal.revision == before


def a_journal_that_another_makes_is_found_test(path):
    waiting = opened(path)
    assert waiting.marks().tags == ([], [])
    opened(path).tag(["a"], "spam")
    assert waiting.changed()
    assert waiting.marks().tags == (["a"], ["spam"])
    waiting.tag(["b"], "spam")
    assert opened(path).marks().tags[0] == ["a", "b"]


def threads_write_and_read_one_journal_test(path):
    journal = opened(path)

    def work(name):
        for number in range(20):
            journal.tag([f"{name}-{number}"], name)
            assert f"{name}-{number}" in journal.marks().tags[0]

    threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert journal.problem is None
    assert len(journal.marks().tags[0]) == 80


def a_transaction_is_all_or_nothing_test(path):
    journal, other = opened(path), opened(path)
    with journal.transaction():
        journal.tag(["a"], "spam")
        journal.star(["a"])
        assert journal.marks().stars == ["a"]
        assert other.marks().stars == []
    assert other.marks().stars == ["a"]
    with pytest.raises(KeyError), journal.transaction():  # noqa: PT012 - the block is what is tested
        journal.tag(["b"], "spam")
        journal.delete_tag("other")
    assert journal.marks().tags[0] == ["a"]


def an_error_in_the_first_transaction_leaves_nothing_to_see_test(path):
    journal = opened(path)
    with pytest.raises(KeyError), journal.transaction():  # noqa: PT012
        journal.tag(["b"], "spam")
        journal.delete_tag("other")
    assert journal.marks().tags == ([], [])
    assert journal.tag_styles() == []


def a_lock_that_is_let_go_in_time_is_waited_for_test(path):
    journal = opened(path)
    journal.tag(["a"], "spam")
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    timer = threading.Timer(0.3, lambda: other.execute("COMMIT"))
    timer.start()
    journal.tag(["b"], "spam")
    timer.join()
    other.close()
    assert journal.problem is None
    assert opened(path).marks().tags[0] == ["a", "b"]


def a_forked_process_opens_its_own_connections_test(path):
    journal = opened(path)
    journal.tag(["a"], "spam")
    child = os.fork()
    if not child:
        journal.tag(["b"], "spam")
        os._exit(0 if journal.is_saved else 1)
    assert os.waitpid(child, 0)[1] == 0
    journal.tag(["c"], "spam")
    assert journal.problem is None
    assert opened(path).marks().tags[0] == ["a", "b", "c"]


def closing_leaves_one_file_and_a_later_use_opens_it_again_test(path):
    journal = opened(path)
    journal.tag(["a"], "spam")
    journal.close()
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]
    assert journal.marks().tags[0] == ["a"]
    journal.tag(["b"], "spam")
    journal.close()
    assert opened(path).marks().tags[0] == ["a", "b"]


def the_log_is_chosen_by_the_file_system_test(path, monkeypatch):
    modes = []
    for shares in (True, False):
        monkeypatch.setattr(connections, "shares_memory", lambda _, shares=shares: shares)
        with opened(path) as journal:
            journal.tag([shares], "spam")
        with closing(sqlite3.connect(path)) as connection:
            modes += connection.execute("PRAGMA journal_mode").fetchone()
    assert modes == ["wal", "delete"]
    assert opened(path).marks().tags[0] == [True, False]


MOUNTS = r"""22 27 0:21 / /proc rw,relatime - proc proc rw
27 1 254:0 / / rw,relatime - ext4 /dev/vda rw
30 27 0:50 / /net/a\040b rw,relatime shared:1 - nfs4 server:/net rw
"""


@pytest.mark.parametrize(
    ("device", "folder", "kind"),
    [
        (os.makedev(254, 0), "/data", "ext4"),
        (os.makedev(0, 50), "/net/a b/data", "nfs4"),
        (os.makedev(0, 99), "/net/a b/data", "nfs4"),
        (os.makedev(0, 99), "/net/c", "ext4"),
    ],
)
def network_file_systems_are_known_test(tmp_path, monkeypatch, device, folder, kind):
    (tmp_path / "mounts").write_text(MOUNTS)

    class Folder(type(Path())):
        def stat(self, **_):
            return os.stat_result((0, 0, device, 0, 0, 0, 0, 0, 0, 0))

    assert connections.file_system(Folder(folder), tmp_path / "mounts") == kind
