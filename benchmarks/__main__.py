"""Run every benchmark and write the table of README.md: ``python -m benchmarks [--no-write]``."""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import io
import json
import os
import platform
import sys
from pathlib import Path
from typing import Any

from benchmarks import map as map_benchmark
from benchmarks import predicates, startup

README = Path(__file__).parent / "README.md"
BEGIN, END = "<!-- table begins -->", "<!-- table ends -->"


class _Tee(io.StringIO):
    """Keep what is printed, and print it."""

    def write(self, text: str) -> int:
        sys.__stdout__.write(text) if sys.__stdout__ else None
        return super().write(text)


def table(lines: list[dict[str, Any]]) -> str:
    """Return measurements as a Markdown table, with date, machine and versions below."""
    rows = [
        "| what | value | against | peer | ratio | goal | ok |",
        "|---|---:|---|---:|---:|---:|---|",
    ]
    for line in lines:
        shown = f"{line['name']} ({line['rows']:,} rows)" if "rows" in line else line["name"]
        peer = "" if line["peer_value"] is None else f"{line['peer_value']:.2f} {line['unit']}"
        ratio = "" if line["ratio"] is None else f"{line['ratio']:.2f}"
        ok = "" if line["ok"] is None else "yes" if line["ok"] else "no"
        rows.append(
            f"| {shown} | {line['value']:.2f} {line['unit']} | {line['against'] or ''} | {peer} | {ratio} "
            f"| {line['goal'] or ''} | {ok} |"
        )
    versions = ", ".join(f"{name} {version}" for name, version in lines[0]["versions"].items())
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, no GPU used"
    today = dt.datetime.now(dt.UTC).date().isoformat()
    return "\n".join([*rows, "", f"{today}, {machine}, Python {platform.python_version()}; {versions}."])


def main() -> None:
    """Run all of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--no-write", action="store_true", help="leave README.md as it is")
    options = parser.parse_args()
    printed = _Tee()
    with contextlib.redirect_stdout(printed):
        startup.run()
        predicates.run()
        map_benchmark.run()
    lines = [json.loads(line) for line in printed.getvalue().splitlines() if line.startswith("{")]
    if not options.no_write:
        before, _, rest = README.read_text(encoding="utf-8").partition(BEGIN)
        after = rest.partition(END)[2]
        README.write_text(f"{before}{BEGIN}\n{table(lines)}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
