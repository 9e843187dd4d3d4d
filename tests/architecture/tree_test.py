"""What no file of the repository may hold."""

from __future__ import annotations

import re

from architecture.tree import files, texts

# A folder of somebody's machine: in a notebook's output, say, or in a script that works for one person only.
MACHINE_PATH = re.compile(r"(?<![\w.~])/(?:root|home|Users|work)/\w")
LARGEST = 1_500_000  # bytes; a clone stays quick


def no_path_of_one_machine_test():
    found = [
        f"{path}:{number}: {line.strip()[:100]}"
        for path, text in texts().items()
        for number, line in enumerate(text.splitlines(), 1)
        if MACHINE_PATH.search(line)
    ]
    assert not found, "\n".join(found)


def no_large_file_test():
    assert [str(path) for path in files() if path.stat().st_size > LARGEST] == []
