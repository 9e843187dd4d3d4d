"""What type of column can play which role."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

# What a turn of a conversation says who speaks and what: OpenAI's names, ShareGPT's, and those of dialogue corpora.
TURNS = (("role", "content"), ("from", "value"), ("speaker", "utterance"))


def short(kind: Any) -> str:
    """Return an Arrow type as a few words: a conversation's, spelled out, fills a screen."""
    import pyarrow as pa

    if pa.types.is_struct(kind):
        return "structs"
    if is_list(kind):
        return f"lists of {short(kind.value_type)}"
    return str(kind)


def is_text(kind: Any) -> bool:
    """Say whether a type is text, dictionary-encoded or not."""
    import pyarrow as pa

    return is_string(kind.value_type if pa.types.is_dictionary(kind) else kind)


def has_text(kind: Any) -> bool:
    """Say whether values may read as text: numbers, dates, bytes and lists of text too, where who names them wants that."""
    import pyarrow as pa

    return not pa.types.is_nested(kind) or (is_list(kind) and is_text(kind.value_type))


def is_string(kind: Any) -> bool:
    """Say whether a type is text as it is."""
    import pyarrow as pa

    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def is_bytes(kind: Any) -> bool:
    """Say whether a type is bytes of any length."""
    import pyarrow as pa

    return bool(pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_binary_view(kind))


def is_list(kind: Any) -> bool:
    """Say whether a type is a list of any sort."""
    import pyarrow as pa

    return bool(pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind))


def is_number(kind: Any) -> bool:
    """Say whether a type is of numbers; booleans are not."""
    import pyarrow as pa

    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind))


def is_vectors(kind: Any) -> bool:
    """Say whether a type can be vectors: a list of numbers."""
    import pyarrow as pa

    if isinstance(kind, pa.BaseExtensionType):
        kind = kind.storage_type
    return is_list(kind) and bool(is_number(kind.value_type) or pa.types.is_boolean(kind.value_type))


def is_picture(kind: Any) -> bool:
    """Say whether a type can be pictures: bytes, paths, or a struct of both as `datasets` has it."""
    import pyarrow as pa

    if pa.types.is_struct(kind):
        return bool({"bytes", "path"} & {field.name for field in kind})
    return is_bytes(kind) or is_text(kind)


def is_turns(kind: Any) -> bool:
    """Say whether a type is a list of turns: structs of who speaks and what."""
    import pyarrow as pa

    if not (is_list(kind) and pa.types.is_struct(kind.value_type)):
        return False
    names = {field.name for field in kind.value_type}
    return any(names.issuperset(pair) for pair in TURNS)


def _is_said(kind: Any) -> bool:
    import pyarrow as pa

    # Who names the column knows what its turns are called.
    return is_text(kind) or (is_list(kind) and bool(pa.types.is_struct(kind.value_type)))


# Role: what it asks for, and whether a type can be that. Any column can be a label or a source.
FITS: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "text": ("texts", has_text),
    "embedding": ("vectors (lists of numbers)", is_vectors),
    "image": ("pictures (bytes, paths, or structs of both)", is_picture),
    "chat": ("conversations (lists of structs, or JSON text of such)", _is_said),
    "chosen": ("texts or conversations", _is_said),
    "rejected": ("texts or conversations", _is_said),
    "x": ("numbers", is_number),
    "y": ("numbers", is_number),
}
