"""What is raised when a text is no predicate: a sentence, and the place in the text."""

from __future__ import annotations

#: Characters of a long line that are shown on each side of the place.
AROUND = 40


class ParseError(ValueError):
    """A text is no predicate; the message shows the line, with a caret under the character.

    Parameters
    ----------
    sentence : str
        What is wrong, and what was expected.
    text : str
        The whole text.
    position : int
        The character, from 0.

    Attributes
    ----------
    sentence : str
        What is wrong, without the line.
    position : int
        The character, from 0; the text's length where it ends too early.

    Examples
    --------
    >>> raise ParseError("A value was expected.", "loss > > 3", 7)
    Traceback (most recent call last):
    datalens.predicate.parse.errors.ParseError: A value was expected.
        loss > > 3
               ^
    """

    def __init__(self, sentence: str, text: str, position: int) -> None:
        self.sentence = sentence
        self.position = min(max(position, 0), len(text))
        self._text = text
        super().__init__(f"{sentence}\n{_shown(text, self.position)}")

    def __reduce__(self) -> tuple[type[ParseError], tuple[str, str, int]]:
        return ParseError, (self.sentence, self._text, self.position)


class TornError(ParseError):
    """A text says one thing in the bar and another in SQL, or to two engines."""


def _shown(text: str, position: int) -> str:
    start = text.rfind("\n", 0, position) + 1
    end = text.find("\n", position)
    end = len(text) if end < 0 else end
    left, right = max(start, position - AROUND), min(end, position + AROUND)
    # What is invisible, or turns the text around, would move the caret away from its character.
    line = "".join(c if c.isprintable() else " " for c in text[left:right])
    before, after = "…" if left > start else "", "…" if right < end else ""
    return f"    {before}{line}{after}\n    {' ' * (len(before) + position - left)}^"
