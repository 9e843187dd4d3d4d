import pandas as pd
import polars as pl
import pyarrow as pa
import pytest


def _arrow_backed(table):
    return table.to_pandas(types_mapper=pd.ArrowDtype)


def _nullable(table):
    return table.to_pandas().convert_dtypes()


FRAMES = {
    "pandas": pa.Table.to_pandas,
    "pandas nullable": _nullable,
    "pandas arrow": _arrow_backed,
    "polars": pl.from_arrow,
    "pyarrow": lambda table: table,
}


@pytest.fixture(params=FRAMES)
def make(request):
    """Make a frame of one kind from a dict of lists."""
    return lambda **columns: FRAMES[request.param](pa.table(columns))


@pytest.fixture(params=["pandas", "pandas nullable", "pandas arrow"])
def make_pandas(request):
    return lambda **columns: FRAMES[request.param](pa.table(columns))
