"""The grammar of what is typed in the bar, which is also SQL's: or, and, not, comparisons, sums, brackets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datalens.predicate.builder import Column, Value
from datalens.predicate.nodes import MIRRORED, Compare, Not
from datalens.predicate.operands import Literal
from datalens.predicate.parse import functions, sql
from datalens.predicate.parse.reading import MAX_BRACKETS, Product, Reading
from datalens.predicate.parse.scalars import TYPES, moment, typed
from datalens.predicate.parse.tokens import Token, tokens
from datalens.predicate.parse.truth import Truth, every, known, leaf, opposite, some, total

if TYPE_CHECKING:
    from collections.abc import Collection

    from datalens.predicate.base import Predicate
    from datalens.predicate.scalars import Scalar

#: How strongly signs hold together: or, and, not, comparisons, sums, products.
OR, AND, NOT, COMPARISON, SUM, PRODUCT = range(1, 7)
COMPARISONS = {
    "=": "eq", "==": "eq", "!=": "ne", "<>": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge",
}  # fmt: skip
_SUMS = {"+": "add", "-": "sub", "*": "mul", "/": "div"}
#: Words that no column has unless in quotes.
RESERVED = frozenset({"and", "or", "not", "in", "is", "null", "between", "like", "true", "false"})
#: Words that stand between a column and a value.
_VERBS = frozenset({"contains", "matches", "starts", "startswith", "starts_with", "like", "ilike"})


class Grammar(Reading):
    """Reads one text.

    Parameters
    ----------
    text : str
    columns : collection of str, optional
        The names there are.
    is_sql : bool
        Whether NOT leaves out rows where the comparison has a null, and double quotes always quote names.
    """

    def __init__(self, text: str, columns: Collection[str] | None, *, is_sql: bool) -> None:
        super().__init__(text, columns)
        self.tokens = tokens(text)
        self.at = 0
        self.is_sql = is_sql
        self.brackets = 0
        #: What an item of a list is called within SQL's lambda.
        self.items: dict[str, Column] = {}
        #: Where a NOT stands whose meaning differs in SQL, and what shows that the text is SQL.
        self.open_not: int | None = None
        self.only_sql: str | None = None

    def read(self) -> Predicate:
        """Return the predicate."""
        if self.is_sql and self.is_word("where") and self.tokens[1].kind != "sign":
            self.at += 1
        start = self.token.position
        truth = self.truth(self.expression(OR), start)
        self.take(";")
        if self.token.kind != "end":
            raise self.error(
                self.token.position, f"'and', 'or' or the end was expected, not {self.token.shown}."
            )
        if self.open_not is not None and self.only_sql and not self.is_sql:
            raise self.error(
                self.open_not,
                f"With {self.only_sql} this reads as SQL, whose NOT leaves out rows with a null, while here 'not' "
                "keeps them: say which with dialect='sql' or dialect='bar'.",
            )
        self.check_nan(truth, start)
        self.check_names()
        return truth.true

    @property
    def token(self) -> Token:
        """The token that is read next."""
        return self.tokens[self.at]

    def next(self) -> Token:
        """Return the token, and go on."""
        token = self.tokens[self.at]
        self.at += token.kind != "end"
        return token

    def take(self, *signs: str) -> bool:
        """Go on if the token is one of some signs."""
        found = self.token.kind == "sign" and self.token.value in signs
        self.at += found
        return found

    def is_word(self, *words: str, ahead: int = 0) -> bool:
        """Say whether the token is one of some words, in any case."""
        token = self.tokens[min(self.at + ahead, len(self.tokens) - 1)]
        return token.kind == "word" and token.value.lower() in words

    def take_word(self, *words: str) -> bool:
        """Go on if the token is one of some words."""
        found = self.is_word(*words)
        self.at += found
        return found

    def need(self, sign: str) -> None:
        """Go on over a sign, or fail."""
        if not self.take(sign):
            raise self.error(self.token.position, f"'{sign}' was expected, not {self.token.shown}.")

    def open(self) -> None:
        """Go on over an opening bracket, and count it."""
        self.brackets += 1
        if self.brackets > MAX_BRACKETS:
            raise self.error(self.token.position, f"The brackets are nested more than {MAX_BRACKETS} deep.")
        self.need("(")

    def close(self) -> None:
        """Go on over a closing bracket."""
        self.need(")")
        self.brackets -= 1

    def expression(self, strength: int) -> Any:
        """Return what is read with signs at least that strong: a `Truth`, or a side of a comparison."""
        start = self.token.position
        left = self.first()
        while True:
            if self.take("::"):
                left = sql.cast(self, left, start)
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
        parts = sql.without_nan(parts, word)
        if len(parts) == 1:
            return parts[0]
        for part in parts:
            self.check_nan(part, where)
        return self.make(where, every if word == "and" else some, parts)

    def check_nan(self, truth: Truth, position: int) -> None:
        """Fail where a condition asks for NaN but not for null."""
        if truth.nan is not None or (truth.guard is not None and not isinstance(truth.guard, Column)):
            raise self.error(
                position,
                "Predicates don't tell NaN from null: write isnan(a) OR a IS NULL, or NOT isnan(a) beside a comparison.",
            )

    def sum(self, left: Any, start: int, strength: int) -> Any:
        """Return what is computed of two sides."""
        sign = self.next()
        begin = self.token.position
        right = self.expression(strength)
        for side, position in ((left, start), (right, begin)):
            if not isinstance(side, Value) and type(side) not in (int, float):
                raise self.error(position, f"'{sign.value}' is between columns and numbers.")
        if not isinstance(left, Value) and not isinstance(right, Value):
            raise self.error(start, "Write the result of two numbers itself.")
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
        if isinstance(read, Column) and self.is_sql:
            return sql.flag(self, read, position)
        what = "a column" if isinstance(read, (Value, Product)) else "a value"
        if self.token.kind == "end":
            raise self.error(self.token.position, f"A comparison was expected here: this is only {what}.")
        raise self.error(
            self.token.position, f"A comparison was expected after {what}, not {self.token.shown}."
        )

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
            return inside
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
        if word in TYPES and following.kind in ("text", "double"):
            return self.scalar()
        if word and following.kind == "sign" and following.value == "(" and word not in RESERVED:
            return functions.call(self, word)
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
        # A column may have dots in its name; without quotes it is meant only where no column has the first part's.
        if self.columns is not None and name not in self.columns:
            ahead, longer = self.at, name
            while self.tokens[ahead].value == "." and self.tokens[ahead + 1].kind == "word":
                longer, ahead = f"{longer}.{self.tokens[ahead + 1].value}", ahead + 2
                if longer in self.columns:
                    name, self.at = longer, ahead
        return functions.fields(self, self.column(name, token.position))

    def scalar(self, *, alone: bool = True) -> Scalar:
        """Return a value; `alone` where none but a value can stand, so that double quotes hold a text."""
        if sql.is_spelled(self):
            return sql.spelled(self)
        token = self.next()
        if token.kind == "text" or (token.kind == "double" and alone and not self.is_sql):
            return token.value
        if token.kind == "number":
            return self.number(token)
        if token.kind == "moment":
            if self.is_sql:
                raise self.error(token.position, f"A date is written date '{token.value}' in SQL.")
            return self.make(token.position, moment, token.value)
        if token.kind == "sign" and token.value in ("-", "+") and self.token.kind == "number":
            value = self.number(self.next())
            return -value if token.value == "-" else value
        word = token.value.lower() if token.kind == "word" else ""
        if word in ("true", "false"):
            return word == "true"
        if word in TYPES and self.token.kind in ("text", "double"):
            return self.make(token.position, typed, TYPES[word], self.next().value)
        if word == "null":
            raise self.error(token.position, "Nothing equals null: write 'is null' or 'is not null'.")
        raise self.error(token.position, f"A value was expected, not {token.shown} (a text is in 'quotes').")

    def number(self, token: Token) -> int | float:
        """Return a number: whole, where it has no point."""
        digits = token.value.replace("_", "")
        return self.make(token.position, int if digits.isdigit() else float, digits)

    def comparison(self, left: Any, start: int) -> Truth | None:
        """Return the comparison that begins here, if one does."""
        token = self.token
        if token.kind == "sign":
            if token.value in COMPARISONS:
                return self.compared(left, start)
            return None
        if token.kind != "word":
            return None
        word = token.value.lower()
        if word == "is":
            return functions.is_what(self, left, start)
        negation = token.position if word in ("not", "does") else None
        ahead = 0
        if word == "does" and self.is_word("not", ahead=1):
            ahead = 2
        elif word == "not":
            ahead = 1
        if not self.is_word("in", "between", "contain", *_VERBS, ahead=ahead):
            return None
        self.at += ahead
        truth = functions.verb(self, left, start)
        if negation is not None:
            return self.make(negation, self.negated, truth, negation)
        return truth

    def compared(self, left: Any, start: int) -> Truth:
        """Return ``a < b``, and chains of them: ``1 < a <= 3``."""
        parts: list[Truth] = []
        while self.token.kind == "sign" and self.token.value in COMPARISONS:
            sign = self.next()
            if parts and self.is_sql:
                raise self.error(sign.position, "SQL has no chains of comparisons: join two by AND.")
            right = self.right(sign)
            parts.append(self.make(sign.position, self.compare, COMPARISONS[sign.value], left, right))
            left = right
        return parts[0] if len(parts) == 1 else self.make(start, every, parts)

    def right(self, sign: Token) -> Any:
        """Return the right side of a comparison, where double quotes may hold a text."""
        token = self.token
        if token.kind == "double" and not self.is_sql and self.tokens[self.at + 1].value != ".":
            is_name = self.columns is not None and token.value in self.columns
            if sign.value in ("==", "!=") and is_name:
                raise self.error(
                    token.position,
                    f"{token.shown} may be the column or a text: write `{token.value}` for the column, "
                    f"'{token.value}' for the text.",
                )
            # SQL, which has no == and prints <>, holds double quotes to be a name.
            if sign.value in ("==", "!=") or (self.columns is not None and not is_name):
                self.at += 1
                return token.value
        if self.is_word("null"):
            self.scalar()
        return self.expression(SUM)

    def compare(self, op: Any, left: Any, right: Any) -> Truth:
        """Return the comparison of two sides."""
        for side in (left, right):
            if isinstance(side, Truth):
                msg = "A condition is not compared: join conditions by and, or, not."
                raise ValueError(msg)  # noqa: TRY004
        if isinstance(right, Product):
            left, right, op = right, left, MIRRORED[op]
        if isinstance(left, Product):
            if type(right) not in (int, float):
                msg = "A product of vectors is compared with a number."
                raise ValueError(msg)
            return leaf(left.compare(op, right))
        if isinstance(left, Value):
            node = left._compare(op, right)  # noqa: SLF001
        elif isinstance(right, Value):
            node = right._compare(MIRRORED[op], left)  # noqa: SLF001
        else:
            node = Compare(op, Literal(left), Literal(right))
        sql.check_casts(node, left, right)
        return leaf(node, left, right)
