"""Data that tests of several packages share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import installed


@pytest.fixture(scope="session")
def test_data() -> Path:
    """Return the folder of real datasets, which are not part of the repository."""
    folder = os.environ.get("DATALENS_TEST_DATA")
    if not folder:
        pytest.skip("needs real datasets: set DATALENS_TEST_DATA to their folder")
    path = Path(folder)
    if not path.is_dir():
        pytest.fail(f"DATALENS_TEST_DATA names {path}, which is not a folder.")
    return path


@pytest.fixture(scope="session")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> installed.Distributions:
    """Build the source distribution and the wheel (half a minute)."""
    return installed.build(tmp_path_factory.mktemp("distributions"))


@pytest.fixture(scope="session")
def installation(
    tmp_path_factory: pytest.TempPathFactory, distributions: installed.Distributions
) -> installed.Environment:
    """Install the wheel in a fresh environment without Node (a minute)."""
    return installed.install(tmp_path_factory.mktemp("installation"), distributions.wheel)
