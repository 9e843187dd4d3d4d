"""What holds for everything that pytest runs here: tests, the doctests in src, and the notebooks."""

from __future__ import annotations

import os
import tempfile

import pytest
from hypothesis import settings

# No deadline: the first example of a property pays for imports and compilation.
# In CI every run tries the same examples, so that a failure belongs to the change that shows it.
settings.register_profile("datalens", deadline=None, derandomize="CI" in os.environ, print_blob=True)
settings.load_profile("datalens")


def pytest_configure(config: pytest.Config) -> None:
    """Keep the user's cache and journals out of it; kernels and servers that tests start inherit the folders."""
    folder = tempfile.TemporaryDirectory(prefix="datalens-cache-")
    config.add_cleanup(folder.cleanup)
    os.environ["DATALENS_CACHE"] = folder.name
    # Journals of frames too.
    store = tempfile.TemporaryDirectory(prefix="datalens-store-")
    config.add_cleanup(store.cleanup)
    os.environ["DATALENS_STORE"] = store.name
