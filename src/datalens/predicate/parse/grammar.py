"""The grammar of what is typed in the bar, which is also SQL's: or, and, not, comparisons, sums, brackets."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from datalens.predicate.builder import Column
from datalens.predicate.formula import Value
from datalens.predicate.nodes import Everything, Not
from datalens.predicate.parse import (
    casts,
    comparisons,
    division,
    engines,
    functions,
    labels,
    sql,
    units,
    verbs,
)
from datalens.predicate.parse.errors import TornError
from datalens.predicate.parse.kinds import kind_of
from datalens.predicate.parse.polygons import Counted
from datalens.predicate.parse.reading import MAX_BRACKETS, Product
from datalens.predicate.parse.scalars import TYPES
from datalens.predicate.parse.tidy import is_left_over, joined
from datalens.predicate.parse.truth import Truth, known, opposite, total
from datalens.predicate.parse.values import BACKSLASH, Values

if TYPE_CHECKING:
    from collections.abc import Collection

    from datalens.predicate.base import Predicate
    from datalens.predicate.parse.tokens import Token

#: How strongly signs hold together: or, and, not, comparisons, sums, products.
OR, AND, NOT, COMPARISON, SUM, PRODUCT = range(1, 7)
_SUMS = {"+": "add", "-": "sub", "*": "mul", "/": "div"}
#: Words that no column has unless in quotes.
RESERVED = frozenset({"and", "or", "not", "in", "is", "null", "between", "like", "true", "false"})


class Grammar(Values):
    """Reads one text.

    Parameters
    ----------
    text : str
    columns : collection of str, optional
        The names there are; a dict also says what they hold.
    engine : str
        Whose SQL it is, "sql" for any: NOT leaves out rows where the comparison has a null, and double quotes always
        quote names. Nothing for what is typed in the bar.
    """

    def __init__(self, text: str, columns: Collection[str] | None, engine: str) -> None:
        super().__init__(text, columns, engine)
        #: What an item of a list is called within SQL's lambda.
        self.items: dict[str, Column] = {}
        #: Where a NOT stands whose meaning differs in SQL, and what shows that the text is SQL.
        self.open_not: int | None = None
        self.only_sql: str | None = None
        #: Where a field of what may be pandas' frame is named, without quotes.
        self.frame: int | None = None
        #: Names beside a comparison's sign, that may be texts without quotes.
        self.beside: set[int] = set()

    def read(self) -> Predicate:
        """Return the predicate."""
        if self.is_sql and self.is_word("where") and self.tokens[1].kind != "sign":
            self.at += 1
        start = self.token.position
        truth = self.truth(self.expression(OR), start)
        semicolon = self.token
        if self.take(";") and self.token.kind != "end":
            raise self.error(
                semicolon.position, "';' ends a predicate, but more stands behind it: only one is read."
            )
        if self.token.kind != "end":
            near = self.near(self.token.value, ["and", "or"]) if self.token.kind == "word" else ""
            raise self.error(
                self.token.position,
                f"'and', 'or' or the end was expected, not {self.token.shown}. {near}".strip(),
            )
        if self.backslash is not None and self.only_sql:
            raise self.error(self.backslash, BACKSLASH)
        if self.open_not is not None and self.only_sql and not self.is_sql:
            sentence = (
                f"With {self.only_sql} this reads as SQL, whose NOT leaves out rows with a null, while here 'not' "
                "keeps them: say which with dialect='sql' or dialect='bar'."
            )
            raise TornError(sentence, self.text, self.open_not)
        self.check_nan(truth, start)
        self.check_names()
        return truth.true

    def expression(self, strength: int) -> Any:
        """Return what is read with signs at least that strong: a `Truth`, or a side of a comparison."""
        start = self.token.position
        left = self.first()
        while True:
            if self.take("::"):
                left = casts.cast(self, left, start)
            elif isinstance(left, Counted) and self.take("%"):
                left = sql.odd(self, left)
            elif isinstance(left, Column) and self.is_word("collate"):
                sql.phrase(self, ["collate", "C"])
                left = casts.Collated(left)
            elif strength <= SUM and self.token.value in ("+", "-") and self.token.kind == "sign":
                left = self.sum(left, start, PRODUCT)
            elif strength <= PRODUCT and self.token.value in ("*", "/") and self.token.kind == "sign":
                left = self.sum(left, start, PRODUCT + 1)
            elif strength <= COMPARISON and (compared := self.comparison(left, start)) is not None:
                left = compared
            elif strength <= AND and self.joins("and"):
                left = self.joined("and", left, start)
            elif strength <= OR and self.joins("or"):
                left = self.joined("or", left, start)
            else:
                return left

    def joins(self, word: str) -> bool:
        """Say whether the token is *and* or *or* in one of their writings."""
        signs = ("&", "&&") if word == "and" else ("|", "||")
        return self.is_word(word) or (self.token.kind == "sign" and self.token.value in signs)

    def joined(self, word: str, left: Any, start: int) -> Truth:
        """Return the conditions that are joined by one word."""
        parts = [self.truth(left, start)]
        where = self.token.position
        while self.joins(word):
            self.at += 1
            begin = self.token.position
            parts.append(self.truth(self.expression(AND + 1 if word == "and" else AND), begin))
        return self.make(where, self.tidied, parts, word)

    def tidied(self, parts: list[Truth], word: str) -> Truth:
        """Return conditions joined by one word, without what printed SQL says twice."""
        return joined(parts, word, is_engine=self.engine in engines.ENGINES)

    def check_nan(self, truth: Truth, position: int) -> None:
        """Fail where a condition asks for NaN but not for null, or is a part of what is printed."""
        if truth.only is not None or truth.counted is not None:
            raise self.error(position, "This is read where it is a part of a condition as it is printed.")
        if is_left_over(truth):
            raise self.error(
                position,
                "Predicates don't tell NaN from null: write isnan(a) OR a IS NULL, or NOT isnan(a) beside a comparison.",
            )

    def sum(self, left: Any, start: int, strength: int) -> Any:
        """Return what is computed of two sides."""
        sign = self.next()
        begin = self.token.position
        right = self.expression(strength)
        if isinstance(left, Counted) and isinstance(right, Counted) and sign.value == "+":
            return Counted((*left.of, *right.of))
        if (brought := units.times(left, sign.value, right)) is not None:
            return brought
        for side, position in ((left, start), (right, begin)):
            units.check(self, side)
            if not isinstance(side, Value) and type(side) not in (int, float):
                raise self.error(position, f"'{sign.value}' is between columns and numbers.")
        if not isinstance(left, Value) and not isinstance(right, Value):
            raise self.error(start, "Write the result of two numbers itself.")
        if sign.value == "/" and division.check(self, start, sign):
            left, right = map(division.whole, (left, right))
        join = left if isinstance(left, Value) else right
        other = right if join is left else left
        return self.make(
            sign.position, lambda: join._join(_SUMS[sign.value], other, swapped=join is not left)  # noqa: SLF001
        )  # fmt: skip

    def truth(self, read: Any, position: int) -> Truth:
        """Return what was read as a condition, or fail."""
        if isinstance(read, Truth):
            return read
        if isinstance(read, bool):
            return known(read)
        if isinstance(read, Column):
            kind = kind_of(self.columns, read)
            if kind == "boolean" or (not kind and (self.is_sql or self.ends())):
                return sql.flag(self, read, position)
        units.check(self, read)
        near = self.near(self.token.value, verbs.SUGGESTED) if self.token.kind == "word" else ""
        what = "a column" if isinstance(read, (Value, Product)) else "a value"
        if self.token.kind == "end":
            raise self.error(self.token.position, f"A comparison was expected here: this is only {what}.")
        raise self.error(
            self.token.position,
            f"A comparison was expected after {what}, not {self.token.shown}. {near}".strip(),
        )

    def ends(self, ahead: int = 0) -> bool:
        """Say whether a condition may end here, or some tokens ahead."""
        self.at += ahead
        ends = self.token.kind == "end" or self.joins("and") or self.joins("or") or self.token.value == ")"
        self.at -= ahead
        return ends

    def first(self) -> Any:
        """Return what stands before any sign."""
        token = self.token
        negations = 0
        while self.is_word("not") or (self.token.kind == "sign" and self.token.value in ("!", "~")):
            self.at += 1
            negations += 1
        if negations:
            start = self.token.position
            truth = self.truth(self.expression(COMPARISON), start)
            for _ in range(negations):
                truth = self.make(token.position, self.negated, truth, token.position)
            return truth
        if token.kind == "sign" and token.value in "+-":
            self.at += 1
            return self.signed(token)
        if token.kind == "sign" and token.value == "(":
            if sql.is_spelled(self):
                return self.scalar()
            self.open()
            inside = self.expression(OR)
            self.close()
            # Postgres has the struct in brackets: (meta).url.
            return functions.fields(self, inside) if isinstance(inside, Column) else inside
        if token.kind in ("number", "text", "moment"):
            return self.scalar()
        if token.kind in ("word", "quoted", "double"):
            return self.named_first()
        raise self.error(token.position, f"A column or a value was expected, not {token.shown}.")

    def negated(self, truth: Truth, position: int) -> Truth:
        """Return *not*: here what isn't true, in SQL what is false."""
        if truth.nan is not None:
            return Truth(truth.false(), lambda: truth.true, guard=truth.nan)
        if self.is_sql:
            return opposite(truth)
        if not truth.is_total and self.open_not is None:
            self.open_not = position
        return total(Not(truth.true))

    def signed(self, sign: Token) -> Any:
        """Return what stands after + and -."""
        signs = 1
        while self.take("-", "+"):
            signs += 1
            if signs > MAX_BRACKETS:
                raise self.error(self.token.position, "A column or a value was expected, not more signs.")
        minus = sum(self.tokens[self.at - 1 - i].value == "-" for i in range(signs)) % 2
        value = self.first()
        if type(value) not in (int, float) and not isinstance(value, Value):
            raise self.error(sign.position, f"'{sign.value}' is before columns and numbers.")
        return self.make(sign.position, lambda: -value) if minus else value

    def named_first(self) -> Any:
        """Return what begins with a name: a typed value, a function, a column."""
        token = self.token
        word = token.value.lower() if token.kind == "word" else ""
        following = self.tokens[self.at + 1]
        if word in ("true", "false"):
            self.at += 1
            return word == "true"
        called = following.kind == "sign" and following.value == "("
        unknown = not called and self.columns is not None and token.value not in self.columns
        if word in ("inf", "infinity") and unknown:
            self.at += 1
            return math.inf
        if (word in TYPES and following.kind in ("text", "double")) or sql.is_spelled(self):
            return self.scalar()
        if word and called and word not in RESERVED:
            return functions.call(self, word)
        if labels.is_phrase(self):
            return labels.phrase(self)
        if (
            word == "everything"
            and self.ends(1)
            and self.columns is not None
            and token.value not in self.columns
        ):
            self.at += 1
            return total(Everything())
        if word == "case" and self.is_word("when", ahead=1):
            return sql.case(self)
        if word in RESERVED:
            raise self.error(
                token.position,
                f"A column or a value was expected, not the word {token.value!r} (a column of this name is "
                f"written `{token.value}`).",
            )
        return self.path()

    def path(self) -> Column:
        """Return a column, or a field in it: ``meta.url``."""
        token = self.next()
        if token.value in self.items:
            return functions.fields(self, self.items[token.value])
        name = token.value
        if token[:2] == ("word", "df") and self.token.value == "." and self.frame is None:
            self.frame = token.position
        # A column may have dots in its name; without quotes it is meant only where no column has the first part's.
        if self.columns is not None and name not in self.columns:
            if name == "df" and self.token.value == "." and self.tokens[self.at + 1].kind == "word":
                self.at += 1  # pandas' df.loss
                return self.path()
            ahead, longer = self.at, name
            while self.tokens[ahead].value == "." and self.tokens[ahead + 1].kind == "word":
                longer, ahead = f"{longer}.{self.tokens[ahead + 1].value}", ahead + 2
                if longer in self.columns:
                    name, self.at = longer, ahead
        return functions.fields(self, self.column(name, token.position))

    def comparison(self, left: Any, start: int) -> Truth | None:
        """Return the comparison that begins here, if one does."""
        token = self.token
        if token.kind == "sign":
            if token.value in comparisons.SIGNS:
                return comparisons.chain(self, left, start)
            if token.value in ("~", "!~") and isinstance(left, Column):
                return verbs.search(self, left, start)
            return None
        if token.kind != "word":
            return None
        word = token.value.lower()
        if word == "is":
            return verbs.is_what(self, left, start)
        negation = token.position if word in ("not", "does") else None
        ahead = 0
        if word == "does" and self.is_word("not", ahead=1):
            ahead = 2
        elif word == "not":
            ahead = 1
        is_verb = self.is_word("in", "between", "contain", "match", "start", *verbs.VERBS, ahead=ahead)
        if not is_verb and (self.is_sql or not self.is_word("from", ahead=ahead)):
            return None
        self.at += ahead
        truth = verbs.verb(self, left, start)
        if negation is not None:
            return self.make(negation, self.negated, truth, negation)
        return truth

    def missing(self, name: str, position: int) -> str:
        """Return the sentence for a name that no column has; beside a sign it may be a text."""
        sentence = super().missing(name, position)
        return f"{sentence} A text is in quotes: '{name[:40]}'." if position in self.beside else sentence
