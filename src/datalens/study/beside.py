"""Lines of code that read what lies in files beside it: computed columns, and the keys of selected rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from datalens.core.errors import NotExpressibleError
from datalens.predicate import Keys
from datalens.predicate.dialects.layout import Listing, lines, quote
from datalens.study.writing import key_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datalens.study.study import Study

RESULT = "selected"
#: Dialects whose code reads keys from a file; in the others they stand in the code, however many.
READ_KEYS = ("pandas", "polars", "pyarrow", "duckdb")


@dataclass(frozen=True)
class Lines:
    """What stands before a predicate's own code.

    Attributes
    ----------
    frame : str
        What the frame is called that the code after it filters.
    imports, helpers, body : list of str
        Statements that import, define functions, and make the frame.
    """

    frame: str
    imports: list[str] = field(default_factory=list)
    helpers: list[str] = field(default_factory=list)
    body: list[str] = field(default_factory=list)


def free(name: str, frame: str) -> str:
    """Return a name that does not hide the caller's frame.

    Examples
    --------
    >>> free("keys", "df"), free("keys", "keys.train")
    ('keys', 'keys_2')
    """
    return f"{name}_2" if frame.partition(".")[0] == name else name


def together(before: Lines, code: str, frame: str = "") -> str:
    r"""Return code with lines before it: imports first, then functions, then what is done.

    Parameters
    ----------
    before : Lines
    code : str
        As a dialect prints it.
    frame : str
        What the caller calls the frame, where the lines make another one of it.

    Returns
    -------
    str

    Examples
    --------
    >>> print(together(Lines("df", body=["df = read()"]), "import numpy as np\n\nselected = df[:0]"))
    import numpy as np
    <BLANKLINE>
    df = read()
    selected = df[:0]
    """
    own = _split(code, before.frame)
    root = frame.partition(".")[0]
    if any(line.split()[-1] == root for line in own.imports) or f"def {root}(" in code:
        # The code has a module or a function of the frame's name: not before the frame is done with.
        return together(before, "") + "\n\n" + code
    imports = sorted({*before.imports, *own.imports}, key=lambda line: (line.startswith("import"), line))
    functions = dict.fromkeys([*before.helpers, *own.helpers])
    parts = ["\n".join(imports), *functions, "\n".join(filter(None, [*before.body, *own.body]))]
    return ("\n\n\n" if functions else "\n\n").join(filter(None, parts))


def _split(code: str, frame: str) -> Lines:
    """Tell printed code apart; a text in it has no line break of its own, so that lines and blank lines can."""
    rows = code.split("\n")
    count = next((i for i, row in enumerate(rows) if not row.startswith(("import ", "from "))), len(rows))
    *helpers, body = "\n".join(rows[count:]).strip("\n").split("\n\n\n")
    return Lines(frame, rows[:count], helpers, [body])


def joined_columns(
    study: Study, names: Sequence[str], dialect: str, frame: str, path: str, own: str
) -> Lines:
    """Return the lines that give a frame the computed columns of a file, in the order of its rows.

    Parameters
    ----------
    study : Study
    names : sequence of str
        The columns that are needed.
    dialect, frame : str
    path : str
        The file that `write_columns` makes.
    own : str
        What the caller calls the frame, which stays as it is.

    Raises
    ------
    NotExpressibleError
        Where the language has no frame to join, or the rows no column to be joined by.
    """
    joined = free("joined", own)
    if dialect == "pandas":
        return _join_pandas(study, names, frame, path, own)
    key = _key_column(study, dialect)
    computed = free("computed", own)
    read = [quote(name) for name in (key, *names)]
    if dialect == "polars":
        pl = free("pl", own)
        table = Listing(f"{computed} = {pl}.read_parquet({quote(path)}, columns=", read, ")")
        body = [
            *lines(table, ""),
            f"{computed} = {computed}.cast({{{quote(key)}: {frame}.collect_schema()[{quote(key)}]}})",
            f"if isinstance({frame}, {pl}.LazyFrame):",
            f"    {computed} = {computed}.lazy()",
            f'{joined} = {frame}.join({computed}, on={quote(key)}, how="left", maintain_order="left")',
        ]
        return Lines(joined, [f"import polars as {pl}"], [], body)
    if dialect == "pyarrow":
        pc, pq = free("pc", own), free("pq", own)
        rows, name = free("rows", own), free("name", own)
        table = Listing(f"{computed} = {pq}.read_table({quote(path)}, columns=", read, ").combine_chunks()")
        found = f"{computed}[{quote(key)}]"
        body = [
            *lines(table, ""),
            f"{rows} = {pc}.index_in({frame}[{quote(key)}].cast({found}.type), {found})",
            f"{joined} = {frame}",
            *lines(Listing(f"for {name} in ", read[1:], ":"), ""),
            f"    {joined} = {joined}.append_column({name}, {computed}[{name}].take({rows}))",
        ]
        imports = [f"import pyarrow.compute as {pc}", f"import pyarrow.parquet as {pq}"]
        return Lines(joined, imports, [], body)
    msg = (
        f"{dialect} code can't join {path!r}, which it would need for {', '.join(map(repr, names))}: take the code "
        f"without columns= for data that has them, or lens.selection.code({dialect!r}, form='keys')."
    )
    raise NotExpressibleError(msg)


def how_to_join(study: Study, dialect: str, path: str) -> str:
    """Say in a sentence how a table gets the columns of a file, where code is a condition in SQL."""
    key = _key_column(study, dialect)
    if dialect == "duckdb":
        return f"FROM your_table LEFT JOIN read_parquet({_text(path)}) USING ({_identifier(key)}) has them"
    if dialect == "lance":
        return f"dataset.merge(pyarrow.parquet.read_table({path!r}), left_on={key!r}) adds them"
    return f"load {path!r} as a table, and LEFT JOIN it by {key!r}"


def selected_by_file(study: Study, dialect: str, frame: str, path: str) -> str:
    """Return code that selects the rows whose keys are in a file.

    Parameters
    ----------
    study : Study
    dialect : str
        One of `READ_KEYS`.
    frame : str
    path : str
        The file that `write_keys` makes.

    Raises
    ------
    NotExpressibleError
        Where the language can't name rows as the study does.
    """
    keys = free("keys", frame)
    column = quote(key_name(study))
    if dialect == "pandas":
        return _select_pandas(study, frame, path, keys)
    _key_column(study, dialect)
    if dialect == "polars":
        pl = free("pl", frame)
        read = f"{keys} = {pl}.read_parquet({quote(path)})[{column}]"
        select = f"{RESULT} = {frame}.filter({pl}.col({column}).is_in({keys}.implode()))"
        return together(Lines(frame, [f"import polars as {pl}"], [], [read]), select)
    if dialect == "pyarrow":
        pc, pq = free("pc", frame), free("pq", frame)
        imports = [f"import pyarrow.compute as {pc}", f"import pyarrow.parquet as {pq}"]
        read = f"{keys} = {pq}.read_table({quote(path)})[{column}].combine_chunks()"
        select = f"{RESULT} = {frame}.filter({pc}.field({column}).isin({keys}))"
        return together(Lines(frame, imports, [], [read]), select)
    name = _identifier(key_name(study))
    return f"{name} IN (SELECT {name} FROM read_parquet({_text(path)}))"  # noqa: S608 - quoted


def _key_column(study: Study, dialect: str) -> str:
    """Return the column that rows are looked up by in a file."""
    identity = study.source.identity
    if identity.scheme == "column":
        key = identity.columns[0]
        if dialect == "polars" and (key == "*" or (key.startswith("^") and key.endswith("$"))):
            msg = f"polars takes {key!r} for a pattern of names: rename the column, or take the code without a file."
            raise NotExpressibleError(msg)
        return key
    by = "a hash of their content" if identity.scheme == "content" else "their number in the file"
    msg = (
        f"The rows are named by {by}, which {dialect} code can't look up in a file: give the lens a column of "
        "unique values as key=, or take lens.selection.code('pandas', ...)."
    )
    raise NotExpressibleError(msg)


def _join_pandas(study: Study, names: Sequence[str], frame: str, path: str, own: str) -> Lines:
    """Look each row's key up in the file's index: unlike a merge, this keeps the frame's index and types."""
    pd, computed, joined = free("pd", own), free("computed", own), free("joined", own)
    key = key_name(study)
    read = [quote(name) for name in (key, *names)]
    table = Listing(f"{computed} = {pd}.read_parquet({quote(path)}, columns=", read, ")")
    identity = study.source.identity
    named = Lines(frame)
    if identity.scheme == "column":
        rows = f"{frame}[{quote(key)}].astype({computed}.index.dtype)"
    else:
        named = _named_rows(study, own)  # a column that was made text would have another hash
        rows = free("row_keys", own) if identity.scheme == "content" else f"range(len({frame}))"
    body = [
        *filter(None, named.body),
        *lines(table, ""),
        f"{computed} = {computed}.set_index({quote(key)})",
        f"{computed} = {computed}.reindex({rows}).set_axis({frame}.index)",
        f"{joined} = {pd}.concat([{frame}, {computed}], axis=1)",
    ]
    # Row numbers alone need no numpy.
    imports = named.imports if identity.scheme == "content" else []
    return Lines(joined, sorted({*imports, f"import pandas as {pd}"}), named.helpers, body)


def _select_pandas(study: Study, frame: str, path: str, keys: str) -> str:
    pd = free("pd", frame)
    column = quote(key_name(study))
    read = f"{keys} = {pd}.read_parquet({quote(path)})[{column}]"
    identity = study.source.identity
    if identity.scheme == "column":
        before, test = Lines(frame), f"{frame}[{column}].isin({keys})"
    else:
        before = _named_rows(study, frame)
        np, row_keys = free("np", frame), free("row_keys", frame)
        test = f"{row_keys}.isin({keys})"
        if identity.scheme == "row":
            test = f"{np}.isin({np}.arange(len({frame})), {keys})"
    imports = [*before.imports, f"import pandas as {pd}"]
    return together(
        Lines(frame, imports, before.helpers, [*filter(None, before.body), read]),
        f"{RESULT} = {frame}[{test}]",
    )


def _named_rows(study: Study, frame: str) -> Lines:
    """Return what pandas code says before it selects rows that no column names: their keys, or a check."""
    printed = _split(Keys(study.source.identity, ()).code("pandas", frame=frame, result=RESULT), frame)
    body = f"\n{printed.body[0]}".rpartition(f"\n{RESULT} = ")[0].strip("\n")
    return Lines(frame, printed.imports, printed.helpers, [body])


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
