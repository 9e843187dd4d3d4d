"""What chips say of conditions, read where it is typed: ``source is web``, ``any of tags is web``, ``loss from 1 to 2``."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from datalens.predicate.builder import Column
from datalens.predicate.formula import Value
from datalens.predicate.parse import comparisons, functions
from datalens.predicate.parse.kinds import kind_of
from datalens.predicate.parse.scalars import TYPES
from datalens.predicate.parse.truth import leaf

if TYPE_CHECKING:
    from datalens.predicate.parse.grammar import Grammar
    from datalens.predicate.parse.truth import Truth
    from datalens.predicate.scalars import Scalar

#: What stands after *is* for null or a boolean, so that a word near to it is more likely that than a text.
_ASKED = ("null", "none", "nan", "not", "true", "false", "missing", "empty", "like", "in", "between")
_LEFT_OUT = (
    (("inside",), ("box", "lasso"), "inside(x, y, [[0, 0], [1, 0], [1, 1]])"),
    (("dot", "cosine"), ("of",), "dot(vectors, [1, 2]) >= 3"),
)
_PHRASES = frozenset({"length", "any", "all"})


def is_phrase(grammar: Grammar) -> bool:
    """Say whether ``length of``, ``any of`` or ``all of`` stands here; fail for labels that leave out the numbers."""
    if grammar.is_sql:
        return False
    for words, what, example in _LEFT_OUT:
        if grammar.is_word(*words) and grammar.is_word(*what, ahead=1):
            raise grammar.error(
                grammar.token.position, f"This label leaves out the numbers: write {example}."
            )
    return grammar.is_word(*_PHRASES) and grammar.is_word("of", ahead=1)


def phrase(grammar: Grammar, *, is_within: bool = False) -> Any:
    """Return ``length of text``, ``any of tags``, ``any of messages: role``; the token is the first word.

    Parameters
    ----------
    grammar : Grammar
    is_within : bool, optional
        Whether it stands after ``any of``, so that a field behind a colon may be that one's.
    """
    token = grammar.next()
    of = grammar.next()
    is_nested = is_phrase(grammar)
    if is_nested:
        inner = phrase(grammar, is_within=token.value.lower() != "length")
    else:
        inner = functions.column(grammar)
    if not isinstance(inner, Column):
        raise grammar.error(of.position, "A column was expected after 'of'.")
    word = token.value.lower()
    if word == "length":
        return grammar.make(token.position, inner.length)
    made = grammar.make(token.position, grammar.step, inner, word)
    colon = grammar.token
    if is_within or not grammar.take(":"):
        return made
    if is_nested:
        sentence = "Whose field this is, isn't plain: write any(any(x)).role, or any(any(x).role)."
        raise grammar.error(colon.position, sentence)
    part = grammar.next()
    if part.kind not in ("word", "quoted", "double"):
        raise grammar.error(part.position, f"The name of a field was expected, not {part.shown}.")
    return functions.fields(grammar, grammar.make(part.position, grammar.step, made, "field", part.value))


def equal(grammar: Grammar, left: Any, start: int, *, is_negated: bool) -> Truth:
    """Return ``source is web`` or ``loss is not 3``; the token is the value."""
    where = grammar.token.position
    if not isinstance(left, Value):
        raise grammar.error(
            where, f"'=' was expected before {grammar.token.shown}: 'is' stands after a column."
        )
    if grammar.is_word("empty") and "empty" not in (grammar.columns or ()):
        said = grammar.text[start:where].rpartition(" is")[0].strip()
        kind = kind_of(grammar.columns, left) if isinstance(left, Column) else "number"
        raise grammar.error(where, _empty(said, kind, is_negated=is_negated))
    value = grammar.make(where, grammar.fit, left, bare(grammar, among=_ASKED))
    made = grammar.make(where, comparisons.compare, grammar, "ne" if is_negated else "eq", left, value)
    grammar.place_sides(made.true, (left, start), (value, where))
    return made


def _empty(said: str, kind: str, *, is_negated: bool) -> str:
    """Return the sentence for ``text is empty``."""
    sign, null = ("!=", "is not null") if is_negated else ("=", "is null")
    text, items = f"{said} {sign} ''", f"length({said}) {sign} 0"
    ways = {"text": [text], "list": [items], "": [text, items]}.get(kind, [])
    if not ways:
        return f"Of such a column nothing is empty: write {said} {null}."
    return f"Write {', or '.join([*ways, f'{said} {null}'])}: that something is empty may mean each of them."


def span(grammar: Grammar, left: Any, start: int) -> Truth:
    """Return ``loss from 1 to 2``; the token is behind *from*."""
    if not isinstance(left, Value):
        raise grammar.error(start, "A column was expected before 'from'.")
    position = grammar.token.position
    low = grammar.make(position, grammar.fit, left, bare(grammar))
    if not grammar.take_word("to"):
        raise grammar.error(
            grammar.token.position, f"'to' was expected, then the upper bound, not {grammar.token.shown}."
        )
    upper = grammar.token.position
    high = grammar.make(upper, grammar.fit, left, bare(grammar))
    made = leaf(grammar.make(position, left.between, low, high), left)
    if isinstance(left, Column):
        grammar.place(made.true, start, [(left.__ge__, low, position), (left.__le__, high, upper)])
    return made


def listed(grammar: Grammar, places: list[int]) -> list[Scalar]:
    """Return the values of ``source in web, books``, where none has a bracket; `places` takes where each stands."""
    found: list[Scalar] = []
    while True:
        if grammar.token[:2] == ("word", "nothing"):
            sentence = (
                "Whether this is a list of nothing or of the word isn't plain: write [] or ['nothing']."
            )
            raise grammar.error(grammar.token.position, sentence)
        places.append(grammar.token.position)
        found.append(bare(grammar))
        if grammar.token[:2] == ("sign", "+"):
            sentence = "A label doesn't name all values: write them in brackets, such as ['a', 'b']."
            raise grammar.error(grammar.token.position, sentence)
        if not grammar.take(","):
            return found


def bare(grammar: Grammar, among: tuple[str, ...] = ()) -> Scalar:
    """Return a value, of which a text of one word may stand without quotes where nothing else has this name.

    Parameters
    ----------
    grammar : Grammar
    among : sequence of str, optional
        Words that may have been meant rather than a text.
    """
    token = grammar.token
    if token[:2] in (("sign", "-"), ("sign", "+")) and grammar.is_word("inf", "infinity", ahead=1):
        grammar.at += 2
        return math.inf if token.value == "+" else -math.inf
    following = grammar.tokens[min(grammar.at + 1, len(grammar.tokens) - 1)]
    word = token.value.lower()
    is_text = token.kind == "word" and word not in ("true", "false") and following[:2] != ("sign", "(")
    if (
        not is_text
        or (word in TYPES and following.kind in ("text", "double"))
        or word in ("null", "and", "or")
    ):
        return grammar.scalar()
    quoted = f"a text is in quotes: '{token.value[:40]}'."
    if grammar.columns is not None and token.value in grammar.columns:
        raise grammar.error(token.position, f"{token.shown} is a column here, which '=' compares; {quoted}")
    if word in ("inf", "infinity"):
        grammar.at += 1
        return math.inf
    if near := grammar.near(word, among):
        raise grammar.error(token.position, f"{near.replace('?', ',')} or a text? {quoted.capitalize()}")
    if following.kind in ("word", "number", "text") and following.value.lower() not in ("and", "or", "to"):
        raise grammar.error(
            following.position, f"A text of several words is in quotes: '{token.value[:20]} …'."
        )
    grammar.at += 1
    return token.value
