"""Saved selections as a Python module: a documented function each, written to be reviewed, read without being run."""

from __future__ import annotations

import ast
import builtins
import inspect
import keyword
import os
import re
import sys
import textwrap
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from datalens.core.errors import MissingFileError
from datalens.core.words import plural
from datalens.predicate.dialects.layout import WIDTH, fill, quote
from datalens.study.writing import target_of, whole_or_nothing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

    from datalens.predicate import Predicate
    from datalens.study.kept import Saved
    from datalens.study.selection import Form
    from datalens.study.study import Study

    StrPath = str | os.PathLike[str]

# What is read: a module of a thousand lassos has less.
MAX_BYTES = 64 << 20
# What a module of ours says at its head, and within how many characters: only such a one is replaced.
MARK = "lens.selections.read() reads the conditions back without running anything here."
HEAD_CHARACTERS = 4_000
# A condition that is no longer than this stands in the docstring, as it is typed in the bar.
CONDITION_CHARACTERS = 400
NAME_CHARACTERS = 60
# What the module's own names are.
OWN = {"df", "pd", "np", "check", "content_hash", "rows", "missing", "found", "name", "select"}

HASH = '''def content_hash(df):
    """Return a hash of the columns that the selections look at; the order of rows plays no part."""
    rows = pd.util.hash_pandas_object(df[HASHED], index=False)
    return f"{int(rows.sum()):016x}"
'''
CHECK = '''def check(df):
    """Raise a ValueError unless this is the data that the selections were written for."""
    missing = [name for name in COLUMNS if name not in df.columns]
    if missing:
        raise ValueError(f"columns are missing: {missing}")
    if len(df) != ROWS:
        raise ValueError(f"{len(df):,} rows, where {ROWS:,} were expected")
HASH    for name, select in SELECTIONS.items():
        found = len(select(df))
        if found != COUNTS[name]:
            raise ValueError(f"{name!r}: {found:,} rows, where {COUNTS[name]:,} were")
'''
CHECK_HASH = """    if content_hash(df) != CONTENT:
        raise ValueError(f"the content of {HASHED} is not what it was")
"""


def write_filters(study: Study, chosen: Sequence[Saved], path: StrPath, form: Form) -> Path:
    """Write saved selections as a module; see `Selections.write`."""
    with study.lock:
        target = target_of(study, path)
        _check_own(target)
        text = module_text(study, chosen, form)
    with whole_or_nothing(target) as partial:
        partial.write_text(text, encoding="utf-8")
    return target


def _check_own(target: Path) -> None:
    """Raise where a file is there that is no module of saved selections: it would be gone."""
    if not target.exists():
        return
    try:
        with target.open(encoding="utf-8") as file:
            own = MARK in file.read(HEAD_CHARACTERS)
    except (OSError, UnicodeDecodeError):
        own = False
    if not own:
        msg = (
            f"{target} is there already, and no module of saved selections. Give another path, or remove it."
        )
        raise FileExistsError(msg)


def module_text(study: Study, chosen: Sequence[Saved], form: Form) -> str:
    """Return the module's text."""
    from datalens.study.code import selection_code

    if not chosen:
        msg = "Nothing is saved yet: lens.selections['name'] = lens.selection saves what is selected."
        raise ValueError(msg)
    imports, helpers = set[str](), dict[str, str]()
    bodies = []
    for saved in chosen:
        code = selection_code(study, saved.predicate, saved.mask(), "pandas", form, "df")
        body = []
        for node, text in _statements(code):
            if isinstance(node, ast.Import | ast.ImportFrom):
                imports.add(text)
            elif isinstance(node, ast.FunctionDef):
                helpers[node.name] = text
            else:
                body.append(text)
        body[-1] = f"return {body[-1].removeprefix('selected = ')}"
        bodies.append(body)
    names = identifiers([saved.name for saved in chosen], taken={*helpers, *OWN})
    functions = [
        f"def {name}(df):\n{_docstring(study, saved, form)}\n{textwrap.indent(chr(10).join(body), '    ')}\n"
        for name, saved, body in zip(names, chosen, bodies, strict=True)
    ]
    columns, hashed = _looked_at(study, chosen, form)
    constants = [f"ROWS = {study.rows:_}", *_listing("COLUMNS", columns)]
    check = CHECK.replace("HASH", CHECK_HASH if hashed else "")
    if hashed:
        imports.add("import pandas as pd")
        constants += [*_listing("HASHED", hashed), f'CONTENT = "{_content(study, hashed)}"']
    table = [
        "SELECTIONS = {",
        *(f"    {quote(s.name)}: {n}," for s, n in zip(chosen, names, strict=True)),
        "}",
    ]
    counts = ["COUNTS = {", *(f"    {quote(s.name)}: {len(s):_}," for s in chosen), "}"]
    head = [_module_docstring(study, chosen), _imports(imports), "\n".join(constants)]
    defined = [
        *helpers.values(),
        *functions,
        "\n".join([*table, *counts]) + "\n",
        *([HASH] if hashed else []),
        check,
    ]
    parts = [part for part in head if part]
    return "\n\n".join(parts) + "\n\n\n" + "\n\n".join(f"{text.rstrip()}\n" for text in defined)


def read_filters(path: StrPath) -> dict[str, Predicate]:
    """Return the predicates of a module by name; see `Selections.read`. Nothing in it is run."""
    shown = os.fspath(path)
    try:
        size = Path(path).expanduser().stat().st_size
        if size > MAX_BYTES:
            msg = f"{shown!r} has {size:,} bytes; at most {MAX_BYTES:,} are read."
            raise ValueError(msg)
        text = Path(path).expanduser().read_text(encoding="utf-8")
        tree = ast.parse(text)
    except FileNotFoundError as error:
        msg = f"There is no file {shown!r}."
        raise MissingFileError(msg) from error
    except UnicodeDecodeError as error:
        msg = f"{shown!r} is no text in UTF-8, so no module that lens.selections.write() made."
        raise ValueError(msg) from error
    except (SyntaxError, RecursionError, MemoryError) as error:
        where = f" (line {error.lineno}: {error.msg})" if isinstance(error, SyntaxError) else ""
        msg = f"{shown!r} is no Python module that can be read{where}."
        raise ValueError(msg) from error
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    found = {}
    for name, function in _table(tree, shown).items():
        if function not in functions:
            msg = f"{shown!r} lists {name!r} as {function}, and has no such function."
            raise ValueError(msg)
        try:
            found[name] = _predicate(text, functions, function)
        except (ValueError, TypeError, RecursionError) as error:
            msg = f"The function {function} of {shown!r} can't be read as a condition: {error}"
            raise ValueError(msg) from error
    return found


def identifiers(names: Iterable[str], taken: Iterable[str] = ()) -> list[str]:
    """Return a name for a function for each name of a selection: valid, unique, and as like it as can be.

    Parameters
    ----------
    names : iterable of str
        Any texts.
    taken : iterable of str, optional
        What they must not be.

    Examples
    --------
    >>> identifiers(["Boiler-plate!", "boiler plate", "2nd", "class", "★"])
    ['boiler_plate', 'boiler_plate_2', 'rows_2nd', 'rows_class', 'rows_']
    """
    used = {*taken, *dir(builtins), *keyword.kwlist, *keyword.softkwlist}
    found: list[str] = []
    for name in names:
        plain = unicodedata.normalize("NFKC", re.sub(r"\W+", "_", name.lower()).strip("_"))[:NAME_CHARACTERS]
        if not plain.isidentifier() or plain in used - set(found):
            plain = f"rows_{plain}" if f"rows_{plain}".isidentifier() else "rows_"
        tried, number = plain, 2
        while tried in used:
            tried, number = f"{plain}_{number}", number + 1
        used.add(tried)
        found.append(tried)
    return found


# Writing ----------------------------------------------------------------------------------------------


def _statements(code: str) -> list[tuple[ast.stmt, str]]:
    """Cut code into its statements, as they are written; comments between them are left out."""
    lines = code.splitlines(keepends=True)
    return [
        (node, "".join(lines[node.lineno - 1 : node.end_lineno]).rstrip()) for node in ast.parse(code).body
    ]


def _docstring(study: Study, saved: Saved, form: Form) -> str:
    needs = [_plain(repr(name)) for name in saved.predicate.columns]
    computed = [name for name in saved.predicate.columns if name in study.derived]
    said = [f"Rows: {len(saved):,} of {study.rows:,}"]
    if saved.state != "holds":
        said.append(f"Stands: {saved.said}")
    said.append(f"Saved: {saved.time}{f' by {saved.author}' if saved.author else ''}")
    said.append(f"Form: {'keys' if form == 'keys' or saved.state == 'kept as keys' else 'columns'}")
    if form == "columns":
        said.append(f"Needs: {', '.join(needs) or 'no column'}")
    if computed and form == "columns":
        names = ", ".join(_plain(repr(name)) for name in computed)
        said.append(f"Computed: {names}, by DataLens: lens.write_columns() writes them with the key")
    if saved.note:
        said.append(f"Note: {' '.join(saved.note.split())}")
    lines = [f"Return the rows saved as {quote(saved.name)}.", ""]
    for line in said:
        lines += textwrap.wrap(
            _plain(line), WIDTH - 8, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False
        )
    condition = saved.predicate.to_text()
    if form == "columns" and condition.isprintable() and len(condition) <= CONDITION_CHARACTERS:
        lines.append(f"Condition: {condition}")
    return _literal(lines, "    ")


def _module_docstring(study: Study, chosen: Sequence[Saved]) -> str:
    lines = [
        f"Selections of {_plain(study.source.title)}, written by DataLens.",
        "",
        f"{plural(len(chosen), 'function')}: each returns the rows of a pandas frame that were saved under a name.",
        "check(df) raises a ValueError where the data is not what they were written for.",
        MARK,
    ]
    return _literal(lines, "")


def _literal(lines: Sequence[str], indent: str) -> str:
    """Return lines as a docstring; nothing in them ends it."""
    safe = "\n".join(lines).replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    text = "\n".join(f"{indent}{line}" if line else "" for line in safe.split("\n")).lstrip()
    return f'{indent}"""{text}\n{indent}"""'


def _plain(text: str) -> str:
    """Return text on one line, with what can't be seen written out."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _imports(imports: Iterable[str]) -> str:
    """Return import statements as people sort them: the standard library first."""
    own = sorted(line for line in imports if line.split()[1].partition(".")[0] in sys.stdlib_module_names)
    rest = sorted(line for line in imports if line not in own)
    return "\n\n".join("\n".join(group) for group in (own, rest) if group)


def _listing(name: str, values: Sequence[str]) -> list[str]:
    line = f"{name} = [{', '.join(map(quote, values))}]"
    return [line] if len(line) <= WIDTH else [f"{name} = [", *fill([*map(quote, values)], "    "), "]"]


def _looked_at(study: Study, chosen: Sequence[Saved], form: Form) -> tuple[list[str], list[str]]:
    """Return the columns that a module needs, and those among them whose content it can hash."""
    from datalens.core.keys import needs_text

    names = set() if form == "keys" else {name for saved in chosen for name in saved.predicate.columns}
    if form == "keys":
        names |= set(study.source.identity.columns)
    own = sorted(names & set(study.source.schema.names))
    frame = _frame(study, own)
    hashed = [name for name in own if name not in study.as_text and not needs_text(frame[name])]
    return sorted(names), hashed


def _content(study: Study, hashed: list[str]) -> str:
    """Return what `content_hash` of the module returns for the data."""
    import pandas as pd

    rows = pd.util.hash_pandas_object(_frame(study, hashed), index=False)
    return f"{int(rows.sum()):016x}"


def _frame(study: Study, names: list[str]) -> pd.DataFrame:
    """Return columns of the data as pandas has them; of files only these are read."""
    import pyarrow as pa

    if getattr(study.source, "origins", ()):
        frame: pd.DataFrame = pa.table({name: study.column(name) for name in names}).to_pandas()
        return frame
    return study.source.to_pandas()[names]


# Reading ----------------------------------------------------------------------------------------------


def _table(tree: ast.Module, shown: str) -> dict[str, str]:
    """Return the names of selections, and of their functions."""
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id="SELECTIONS")], value=ast.Dict(keys=keys, values=values)):
                table = {}
                for key, value in zip(keys, values, strict=True):
                    if (
                        not isinstance(key, ast.Constant)
                        or not isinstance(key.value, str)
                        or not isinstance(value, ast.Name)
                    ):
                        msg = f"SELECTIONS of {shown!r} is not a dict from texts to functions."
                        raise ValueError(msg)  # noqa: TRY004 - of what the file holds
                    table[key.value] = value.id
                return table
    msg = f"{shown!r} has no SELECTIONS, so it is no module that lens.selections.write() made."
    raise ValueError(msg)


def _predicate(text: str, functions: dict[str, ast.FunctionDef], name: str) -> Predicate:
    """Return the predicate of one function: what its docstring says where its code says the same, else of its code."""
    from datalens.predicate import Predicate

    node = functions[name]
    said = ast.get_docstring(node, clean=False)
    body = node.body[1:] if said is not None else node.body
    condition = _condition(said)
    if condition is not None:
        printed = _statements(condition.code("pandas"))
        same = [
            stmt for stmt, _ in printed if not isinstance(stmt, ast.Import | ast.ImportFrom | ast.FunctionDef)
        ]
        if [ast.dump(_returned(stmt)) for stmt in same] == [ast.dump(_returned(stmt)) for stmt in body]:
            return condition
    if not body or not isinstance(body[-1], ast.Return) or body[-1].value is None:
        msg = "it does not end in return df[...]"
        raise ValueError(msg)
    needed = _called(node, functions)
    parts = [
        ast.get_source_segment(text, function) or "" for key, function in functions.items() if key in needed
    ]
    lines = [ast.unparse(stmt) for stmt in body[:-1]]
    code = "\n".join([*parts, *lines, f"selected = {ast.unparse(body[-1].value)}"])
    return Predicate.parse(code, dialect="pandas")


def _returned(node: ast.stmt) -> ast.stmt:
    """Return a statement, `selected = ...` as `return ...`."""
    match node:
        case ast.Assign(targets=[ast.Name(id="selected")], value=value):
            return ast.Return(value=value)
    return node


def _condition(docstring: str | None) -> Predicate | None:
    """Return the condition that a docstring says, where it says one."""
    from datalens.predicate import Predicate

    for line in inspect.cleandoc(docstring or "").splitlines():
        if line.startswith("Condition: "):
            try:
                return Predicate.parse(line.removeprefix("Condition: "), dialect="bar")
            except ValueError:
                return None
    return None


def _called(node: ast.AST, functions: dict[str, ast.FunctionDef]) -> set[str]:
    """Return the helpers that a function needs, and those that these need."""
    needed: set[str] = set()
    rest: list[Any] = [node]
    while rest:
        names = {part.id for part in ast.walk(rest.pop()) if isinstance(part, ast.Name)}
        new = (names & functions.keys()) - needed
        needed |= new
        rest.extend(functions[name] for name in new)
    return needed
