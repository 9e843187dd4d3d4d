import ast

import numpy as np
import pytest

from datalens.core.errors import NotExpressibleError
from datalens.core.keys import Identity
from datalens.predicate import col, keys
from predicate.cases import COMPARED, COMPUTED, NESTED, table


def documents(table):
    from datatrove.data import Document

    return [
        Document(text=row.pop("text", ""), id=row.pop("id", str(i)), metadata={**row, "row": i})
        for i, row in enumerate(table.to_pylist())
    ]


def kept(predicate, table, name="Selected"):
    pytest.importorskip("regex", reason="datatrove's filters import it")
    namespace = {}
    exec(predicate.code("datatrove", result=name), namespace)  # noqa: S102
    return [doc.metadata["row"] for doc in namespace[name]().run(documents(table))]


@pytest.mark.parametrize("predicate", [*COMPARED, *COMPUTED, *NESTED], ids=str)
def same_rows_test(predicate):
    assert kept(predicate, table()) == np.flatnonzero(predicate.mask(table())).tolist()


def text_and_id_test():
    frame = table().append_column("text", [["ab", "", "c", "ab", "d", "x😀", "ab", "b"]])
    frame = frame.append_column("id", [[f"doc-{i}" for i in range(8)]])
    predicate = ((col("text").length() == 2) & (col("a") < 9)) | keys(["doc-5"], Identity("column", ("id",)))
    assert kept(predicate, frame) == [0, 5, 6]


def code_test():
    predicate = (col("text").length() > 200) & (col("lang") == "en")
    assert predicate.code("datatrove", result="long_english").splitlines() == [
        '# pip install "datatrove[processing]"',
        '# Reads doc.text and doc.metadata["lang"].',
        "",
        "from datatrove.data import Document",
        "from datatrove.pipeline.filters.base_filter import BaseFilter",
        "",
        "",
        "class LongEnglish(BaseFilter):",
        '    name = "LongEnglish"',
        "",
        "    def filter(self, doc: Document) -> bool:",
        '        lang = doc.metadata.get("lang")',
        "        text = doc.text",
        '        return hasattr(text, "__len__") and len(text) > 200 and lang == "en"',
    ]


def many_columns_are_listed_test():
    predicate = (col("first_column") > 1) & (col("second_column") > 1) & (col("third\ncolumn") > 1)
    code = predicate.code("datatrove")
    assert ast.parse(code)
    assert code.splitlines()[2:5] == [
        '#     doc.metadata["first_column"]',
        '#     doc.metadata["second_column"]',
        '#     doc.metadata["third\\ncolumn"]',
    ]


@pytest.mark.parametrize("name", ["Document", "BaseFilter", "Doc"])
def names_that_collide_test(name):
    frame = table().rename_columns({"a": "doc", "n": "self", "s": "Document"})
    predicate = (col("doc") > -1) & (col("self") < 9) & ~col("Document").is_null()
    assert kept(predicate, frame, name) == [0, 4, 6, 7]


def keys_of_a_whole_table_test():
    with pytest.raises(NotExpressibleError, match="keys by row"):
        keys([1], Identity("row", (), 4)).code("datatrove")
