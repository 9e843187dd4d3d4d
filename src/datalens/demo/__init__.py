"""Floor 6: something real to look at, on any machine and without a download."""

from datalens.demo.corpus import docstrings

__all__ = ["docstrings"]
