import ast
import json as a_package_with_docstrings
import sys
from pathlib import Path

import pytest

from datalens.demo.parse import parse_docstrings, read_docstrings


def kinds_test():
    source = b'''#!/usr/bin/env python
"""Module."""
def f():
    """F."""
    def inner():
        """Inner."""
    class Local:
        """Local."""
class A:
    """A."""
    def m(self):
        """M."""
    class B:
        """B."""
        async def n(self):
            """N."""
async def g():
    """G."""
'''
    assert parse_docstrings(source) == [
        ("module", "", "Module."),
        ("function", "f", "F."),
        ("function", "f.inner", "Inner."),
        ("class", "f.Local", "Local."),
        ("class", "A", "A."),
        ("method", "A.m", "M."),
        ("class", "A.B", "B."),
        ("method", "A.B.n", "N."),
        ("function", "g", "G."),
    ]


def blocks_test():
    source = b"""
if a:
    def f(): 'if'
elif b:
    def f(): 'elif'
else:
    def f(): 'else'
try:
    def f(): 'try'
except E:
    def f(): 'except'
finally:
    def f(): 'finally'
with a:
    for b in c:
        def f(): 'for'
match a:
    case 1:
        def f(): 'case'
class A:
    if a:
        def f(): 'method'
"""
    found = parse_docstrings(source)
    assert [text for _, _, text in found] == [
        *("if", "elif", "else", "try", "except", "finally", "for", "case", "method")
    ]
    assert [kind for kind, _, _ in found] == ["function"] * 8 + ["method"]


@pytest.mark.parametrize(
    "body", ["b'bytes'", "f'format {x}'", "x = 'value'", "1", "'   '", "pass; 'late'", "'a' % b", "'a', 'b'"]
)
def no_docstring_test(body):
    assert parse_docstrings(f"def f(): {body}".encode()) == []


@pytest.mark.parametrize(
    "body", ["'doc'", "r'doc'", "('doc')", "'d' 'oc'", "'''\n    doc\n    '''", "'doc'; x = 1"]
)
def docstring_test(body):
    assert parse_docstrings(f"def f(): {body}".encode()) == [("function", "f", "doc")]


def cleaned_test():
    assert parse_docstrings(b'def f():\n    """First.\n\n      Indented.\n    Not.\n    """') == [
        ("function", "f", "First.\n\n  Indented.\nNot.")
    ]


@pytest.mark.parametrize(
    "source",
    ["# coding: latin-1\n'café'".encode("latin-1"), b"\xef\xbb\xbf" + "'café'".encode(), "'café'".encode()],
)
def encoding_test(source):
    assert parse_docstrings(source) == [("module", "", "café")]


def half_characters_test():
    assert parse_docstrings(rb"'a \ud800 b \ud83d\ude00'") == [
        ("module", "", "a \N{REPLACEMENT CHARACTER} b 😀")
    ]


def long_elif_chain_test():
    chain = b"if a: pass\n" + b"elif a: pass\n" * 1200 + b"else:\n  def f(): 'deep'"
    assert parse_docstrings(chain) == [("function", "f", "deep")]


@pytest.mark.parametrize(
    ("source", "error"),
    [
        (b"print 'python 2'", "SyntaxError"),
        (b"class {{ name }}: pass", "SyntaxError"),
        (b"'caf\xe9'", "SyntaxError"),
        (b"# coding: klingon\n", "SyntaxError"),
        (b"# coding: hex\n00", None),
        (b"'a'\0", None),
        (b"(" * 5000, None),
        (b"x = " + b"-" * 200_000 + b"1", None),
    ],
    ids=["python2", "template", "latin1", "cookie", "codec", "nul", "parentheses", "minus"],
)
def not_python_test(tmp_path, source, error):
    path = tmp_path / "a.py"
    path.write_bytes(source)
    found = read_docstrings(str(path))
    assert isinstance(found, str)
    assert error in (None, found)


def missing_file_test(tmp_path):
    assert read_docstrings(str(tmp_path / "gone.py")) == "FileNotFoundError"


def warnings_are_silent_test(tmp_path, recwarn):
    path = tmp_path / "a.py"
    path.write_bytes(b"'a \\d'\nx = 1 is 1")
    assert read_docstrings(str(path)) == [("module", "", "a \\d")]
    assert not recwarn.list


def same_as_ast_test():
    """On real files: what `ast.walk` finds at leisure, in another order."""
    library = Path(a_package_with_docstrings.__file__).parents[1]
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    files = [
        path for name in ("json", "asyncio", "email", "unittest") for path in (library / name).glob("*.py")
    ]
    total = 0
    for path in files:
        source = path.read_bytes()
        documents = [
            ast.get_docstring(node) for node in ast.walk(ast.parse(source)) if isinstance(node, kinds)
        ]
        found = [text for _, _, text in parse_docstrings(source)]
        assert sorted(found) == sorted(text for text in documents if text and text.strip())
        total += len(found)
    assert total > 800


def order_test():
    source = Path(sys.modules["json.decoder"].__file__).read_bytes()
    names = [name for _, name, _ in parse_docstrings(source)]
    assert names[0] == ""
    assert (
        names.index("JSONDecoder") < names.index("JSONDecoder.decode") < names.index("JSONDecoder.raw_decode")
    )
