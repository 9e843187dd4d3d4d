"""Spark, where `make laws` installed it: a process of its own that reads each frame from Parquet.

Run by the Python of .venv-laws, this file is that process: a line of JSON in, a line of JSON out.
"""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.caseSensitive": "true",
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    "spark.sql.shuffle.partitions": "1",
    "spark.ui.enabled": "false",
    "spark.log.level": "OFF",
}


def serve() -> None:
    """Answer requests until there are none."""
    from pyspark.sql import SparkSession  # type: ignore[import-not-found,unused-ignore]

    builder = SparkSession.builder.master("local[1]")
    for name, value in SETTINGS.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    for line in sys.stdin:
        asked = json.loads(line)
        answer: dict[str, Any] = {}
        try:
            frame = session.read.parquet(asked["path"])
            answer["names"] = frame.columns
            if "where" in asked:
                found = frame.filter(asked["where"]).collect()
                answer["rows"] = [row[frame.columns.index(asked["row"])] for row in found]
        except Exception as error:  # noqa: BLE001 - told to who asked
            answer["error"] = str(error)
        print(json.dumps(answer), flush=True)  # noqa: T201 - the answer


class Server:
    """Spark in its process."""

    def __init__(self) -> None:
        command = [os.environ["DATALENS_LAWS_SPARK"], __file__]
        # Not this process's packages.
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=environment,
        )
        self.folder = tempfile.TemporaryDirectory(prefix="dl-spark-")
        self.tables = 0

    def ask(self, **asked: Any) -> Any:
        """Return the answer to a request."""
        pipes = self.process.stdin, self.process.stdout
        assert all(pipes)
        pipes[0].write(json.dumps(asked) + "\n")
        pipes[0].flush()
        line = pipes[1].readline()
        if not line:
            msg = "Spark's process ended."
            raise RuntimeError(msg)
        return json.loads(line)

    def convert(self, table: Any) -> Any:
        """Return a table and its file, or None where Spark has no such type or name."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        from laws.engines import has_type

        # Spark has no unsigned integers and no floats of 16 bits, and reads durations and nanoseconds as integers.
        foreign = pa.types.is_uint64, pa.types.is_duration, pa.types.is_float16
        if has_type(table, *foreign, lambda kind: pa.types.is_timestamp(kind) and kind.unit == "ns"):
            return None
        self.tables += 1
        path = str(Path(self.folder.name) / f"{self.tables}.parquet")
        pq.write_table(table, path)
        read = self.ask(path=path)
        return (table, path) if read.get("names") == table.column_names else None

    def select(self, predicate: Any, made: Any, *, typed: bool) -> list[int]:
        """Return the rows that Spark selects."""
        from laws.engines import ROW

        table, path = made
        where = predicate.code("spark", **({"schema": table} if typed else {}))
        answer = self.ask(path=path, where=where, row=ROW)
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer["rows"]


@functools.cache
def server() -> Server:
    """Return Spark, started when it is asked first (seconds)."""
    return Server()


def spark_engines() -> list[Any]:
    """Return Spark, which takes a fifth of a second for a question, without and with the columns' types."""
    from laws.engines import Engine

    return [
        Engine(
            "code on spark",
            lambda t: server().convert(t),
            lambda p, t: server().select(p, t, typed=False),
            share=8,
        ),
        Engine(
            "typed code on spark",
            lambda t: server().convert(t),
            lambda p, t: server().select(p, t, typed=True),
            share=8,
        ),
    ]


if __name__ == "__main__":
    serve()
