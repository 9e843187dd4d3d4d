"""Names and texts that a journal takes: checked when they are written, and again when a file is opened."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from datalens.core.errors import MissingNameError
from datalens.core.keys import SURROGATES

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Characters of a name: it has to be read in a list.
MAX_NAME_LENGTH = 200
#: Control characters, ends of lines, halves of surrogate pairs.
_NO_NAME = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
#: Nothing else gets into a style: a colour may come from a file that somebody else has written.
COLOR = re.compile(r"#[0-9a-f]{6}")
DIGITS = range(1, 10)
SHOWN_NAMES = 12


def check_name(name: str, what: str) -> str:
    """Return a name without spaces around it.

    Parameters
    ----------
    name : str
        The name.
    what : str
        What it is a name of, for the message.

    Raises
    ------
    TypeError, ValueError
        When it is not one short line of text.

    Examples
    --------
    >>> check_name(" boilerplate ", "tag")
    'boilerplate'
    """
    if not isinstance(name, str):
        msg = f"The name of a {what} is text, not {type(name).__name__}."
        raise TypeError(msg)
    name = name.strip()
    if not name or len(name) > MAX_NAME_LENGTH or _NO_NAME.search(name):
        msg = f"The name of a {what} is one line of 1 to {MAX_NAME_LENGTH} characters, not {name[:60]!r}."
        raise ValueError(msg)
    return name


def check_text(text: str, what: str, most: int) -> str:
    """Return a text as UTF-8 can hold it: half a surrogate pair becomes the replacement character.

    Parameters
    ----------
    text : str
        The text.
    what : str
        What it is, at the start of a sentence.
    most : int
        Bytes that it may have.

    Raises
    ------
    TypeError, ValueError
        When it is not text, or too long.

    Examples
    --------
    >>> check_text("fine", "A note", 3)
    Traceback (most recent call last):
    ValueError: A note has at most 3 bytes, not 4.
    """
    if not isinstance(text, str):
        msg = f"{what} is text, not {type(text).__name__}."
        raise TypeError(msg)
    text = SURROGATES.sub("\ufffd", text)
    size = len(text.encode())
    if size > most:
        msg = f"{what} has at most {most:,} bytes, not {size:,}."
        raise ValueError(msg)
    return text


def check_color(color: str) -> str:
    """Return a colour in lower case.

    Raises
    ------
    ValueError
        When it is not of the form ``#rrggbb``.

    Examples
    --------
    >>> check_color("#FFCC00")
    '#ffcc00'
    """
    if not isinstance(color, str) or not COLOR.fullmatch(color.lower()):
        msg = f"A tag's colour is six hexadecimal digits such as '#ffcc00', not {color!r:.60}."
        raise ValueError(msg)
    return color.lower()


def check_digit(digit: int) -> int:
    """Return a tag's key.

    Raises
    ------
    ValueError
        When it is not one of 1 to 9.
    """
    if type(digit) is not int or digit not in DIGITS:
        msg = f"A tag's key is one of 1 to 9, not {digit!r}."
        raise ValueError(msg)
    return digit


def missing_name(name: str, names: Iterable[tuple[str]], *, what: str) -> MissingNameError:
    """Return the error for a name that nothing has, with those there are.

    Examples
    --------
    >>> str(missing_name("spam", [("good",)], what="tag"))
    "There is no tag 'spam'. There are: 'good'."
    """
    shown = [repr(other) for (other,) in islice(names, SHOWN_NAMES)]
    there = f"There are: {', '.join(shown)}." if shown else "There are none yet."
    return MissingNameError(f"There is no {what} {str(name)!r:.60}. {there}")
