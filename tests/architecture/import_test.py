"""``import datalens`` is instant: what is heavy loads when it is first used."""

from __future__ import annotations

import json
import subprocess
import sys

# The modules outside the standard library that `import datalens` may load: its own, and nothing else.
MAY_LOAD = {"datalens"}


def import_loads_nothing_heavy_test():
    program = (
        "import json, sys; before = set(sys.modules); import datalens; "
        "print(json.dumps(sorted(set(sys.modules) - before)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in json.loads(done.stdout)}
    assert loaded - set(sys.stdlib_module_names) - MAY_LOAD == set()
