"""The table at the end of `make laws`."""

from __future__ import annotations

import os
from typing import Any


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say for each engine how often it agreed, refused, could not hold the frame, or failed."""
    if "DATALENS_LAWS" not in os.environ:
        return
    from laws.tally import TALLY, report

    if TALLY:
        terminalreporter.section("the law")
        for line in report():
            terminalreporter.line(line)
