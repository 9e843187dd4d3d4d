r"""Texts with escapes, as engines write them: ``E'a\n'``, Spark's ``'a\n'``, ``U&'a\000a'``."""

from __future__ import annotations

import re

from datalens.predicate.parse.errors import ParseError

_NAMES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "\\": "\\", "'": "'"}
#: What Spark's texts hold behind a backslash.
_SPARK = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "0": "\0", "Z": "\x1a", "\\": "\\", "'": "'", '"': '"'}
_CODE = r"u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}"
_ESCAPE = re.compile(rf"''|\\(?:{_CODE}|.)", re.DOTALL)
_SPARK_ESCAPE = re.compile(rf"\\(?:{_CODE}|[0-3][0-7]{{2}}|.)", re.DOTALL)
_UNICODE = re.compile(r"''|\\(?:\\|\+[0-9a-fA-F]{6}|[0-9a-fA-F]{4}|.)", re.DOTALL)
_SURROGATES = (0xD800, 0xDFFF)


def unescaped(literal: str, text: str, at: int) -> str:
    r"""Return the text that a literal with escapes stands for.

    Parameters
    ----------
    literal : str
        With its quotes, and E or U& in front; without one it is Spark's.
    text : str
        The whole, for an error.
    at : int
        Where the literal begins in it.

    Examples
    --------
    >>> unescaped(r"E'it''s\n'", "", 0), unescaped(r"U&'\+01f600'", "", 0), unescaped(r"'it\'s'", "", 0)
    ("it's\n", '😀', "it's")
    """
    if literal[0] in "uU":
        start, pattern, names = 3, _UNICODE, {"\\": "\\"}
    elif literal[0] in "eE":
        start, pattern, names = 2, _ESCAPE, _NAMES
    else:
        start, pattern, names = 1, _SPARK_ESCAPE, _SPARK

    def character(match: re.Match[str]) -> str:
        said = match.group()
        if said == "''":
            return "'"
        code = said[1:].lstrip("uU+")
        if said[1:] in names:
            return names[said[1:]]
        if len(said) > 2:  # noqa: PLR2004 - one with a number
            point = int(code, 8 if len(code) == 3 else 16)  # noqa: PLR2004 - Spark's octal ones
            if point <= 0x10FFFF and not _SURROGATES[0] <= point <= _SURROGATES[1]:  # noqa: PLR2004
                return chr(point)
        if pattern is _SPARK_ESCAPE and said[1:] in ("%", "_"):
            return said  # kept for LIKE
        known = " ".join(f"\\{name}" for name in names if name.isalnum()) or r"\0041 and \+01f600"
        sentence = f"The escape {said!a} isn't read; there are: {known}."
        raise ParseError(sentence, text, at + start + match.start())

    return pattern.sub(character, literal[start:-1])
