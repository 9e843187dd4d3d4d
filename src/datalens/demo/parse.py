"""Docstrings of one source file, and the worker process that reads many: standard library only.

`pool` runs this file by its path in an isolated interpreter, so it must import nothing of DataLens.
"""

from __future__ import annotations

import ast
import gc
import json
import signal
import sys
import warnings
from typing import TypeAlias

# The worker says this first, so that an interpreter that can't start is told from a file that kills it.
READY = b"ready\n"

# Where statements hold statements. Expressions hold no docstring, and walking them costs half the time.
BLOCKS = ("body", "handlers", "orelse", "finalbody", "cases")

Docstring: TypeAlias = tuple[str, str, str]


def parse_docstrings(source: bytes) -> list[Docstring]:
    r"""Return the docstrings of a file in the order of its lines, by `ast`: nothing is run.

    Parameters
    ----------
    source : bytes
        The file as it is on disk; a BOM and a coding cookie are heeded.

    Returns
    -------
    list of (kind, name, text)
        `kind` is ``"module"``, ``"class"``, ``"function"`` or ``"method"``; `name` is dotted within the file
        (``""`` for the module itself); `text` is cleaned as by `inspect.cleandoc` and never blank.

    Raises
    ------
    Exception
        Whatever the parser raises on a file that is not Python: mostly `SyntaxError` and `ValueError`, and
        `RecursionError` or `MemoryError` where it is nested too deep.

    Examples
    --------
    >>> parse_docstrings(b"class A:\n    'An A.'\n    def b(self):\n        'A method.'")
    [('class', 'A', 'An A.'), ('method', 'A.b', 'A method.')]
    """
    found: list[Docstring] = []
    # A stack of its own: an `elif` nests in the `if` before it, and a long chain is deeper than recursion goes.
    stack: list[tuple[ast.AST, str, bool]] = [(ast.parse(source), "", False)]
    while stack:
        node, scope, in_class = stack.pop()
        if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            scope = f"{scope}.{node.name}" if scope else node.name
            is_class = isinstance(node, ast.ClassDef)
            kind = "class" if is_class else "method" if in_class else "function"
            in_class = is_class
            _add(found, kind, scope, ast.get_docstring(node))
        elif isinstance(node, ast.Module):
            _add(found, "module", "", ast.get_docstring(node))
        inner = [child for block in BLOCKS for child in getattr(node, block, ())]
        stack.extend((child, scope, in_class) for child in reversed(inner))
    return found


def _add(found: list[Docstring], kind: str, name: str, text: str | None) -> None:
    if text is None or not text.strip():
        return
    if not text.isascii():
        # An escape such as "\ud800" writes half a character, which no UTF-8 file or Arrow column can hold.
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    found.append((kind, name, text))


def read_docstrings(path: bytes | str) -> list[Docstring] | str:
    """Return the docstrings of the file at `path`, or the name of the exception that stopped it.

    Parameters
    ----------
    path : bytes or str
        A regular file.

    Returns
    -------
    list of (kind, name, text), or str
        A str such as ``"SyntaxError"`` for a file that can't be read or parsed.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # invalid escapes: other people's code, not the caller's
            with open(path, "rb") as file:  # noqa: PTH123  # the worker hands bytes, which Path doesn't take
                return parse_docstrings(file.read())
    except Exception as error:  # noqa: BLE001  # any file may lie there: what it does to the parser must not end the run
        return type(error).__name__


def main() -> None:
    """Read paths, NUL between them, from standard input to its end; write a line of JSON for each."""
    # Ctrl-C reaches the whole process group; the parent decides, and kills.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Trees have no cycles, and the collector would walk their many nodes again and again.
    gc.disable()
    out = sys.stdout.buffer
    out.write(READY)
    out.flush()
    for path in sys.stdin.buffer.read().split(b"\0"):
        out.write(json.dumps(read_docstrings(path)).encode() + b"\n")
        out.flush()


if __name__ == "__main__":
    main()
