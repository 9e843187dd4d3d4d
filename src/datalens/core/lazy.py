"""Names that load when they are first used, so that `import datalens` stays fast."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def lazy_names(
    package: str, names: Mapping[str, str]
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Make the `__getattr__` and `__dir__` of a package whose names load on first use (PEP 562).

    Parameters
    ----------
    package : str
        The package's `__name__`.
    names : mapping of str to str
        Public name to ``"module:attribute"``, or ``"module"`` for a module itself.

    Returns
    -------
    getattr, dir : callables
        To be bound to `__getattr__` and `__dir__` in the package.

    Examples
    --------
    >>> get, _ = lazy_names("example", {"tau": "math:tau"})
    >>> round(get("tau"), 3)
    6.283
    """

    def get(name: str) -> Any:
        try:
            module, _, attribute = names[name].partition(":")
        except KeyError:
            msg = f"module {package!r} has no attribute {name!r}"
            raise AttributeError(msg) from None
        loaded = importlib.import_module(module)
        return getattr(loaded, attribute) if attribute else loaded

    def listing() -> list[str]:
        return sorted(names)

    return get, listing
