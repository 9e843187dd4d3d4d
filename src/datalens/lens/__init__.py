"""The lens: what a notebook holds to look at one dataset."""

from datalens.lens.facade import Lens

__all__ = ["Lens"]
