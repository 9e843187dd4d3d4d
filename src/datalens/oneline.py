"""From a frame to the explorer in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from datalens.lens import Lens

if TYPE_CHECKING:
    from datalens.predicate.formula import Value
    from datalens.table.text import OnBadLines
    from datalens.widgets.views import Explorer


def explore(
    data: Any,
    *,
    text: str | None = None,
    label: str | None = None,
    source: str | None = None,
    key: str | Literal[False] | None = None,
    embedding: Any = None,
    x: str | None = None,
    y: str | None = None,
    image: str | None = None,
    chat: str | None = None,
    chosen: str | None = None,
    rejected: str | None = None,
    on_bad_lines: OnBadLines = "error",
    color: str | Value | None = None,
    size: str | Value | None = None,
    height: int | None = None,
) -> Explorer:
    """Compute what is missing (vectors, map, clusters) and show the explorer.

    Above 200,000 rows without vectors or coordinates, it says what embedding and projecting all would cost, and
    explores a sample of 50,000, drawn by source or label where there is one.

    Parameters
    ----------
    data : frame, path or Lens
        What `Lens` opens, or a lens.
    text, label, source, key, embedding, x, y, image, chat, chosen, rejected, on_bad_lines
        As for `Lens`, which guesses roles that are left out. A lens has its own already.
    color : str or arithmetic with columns, optional
        The column that colours the map; ``dl.col("loss_b") - dl.col("loss_a")`` is computed.
    size : str or arithmetic with columns, optional
        The column whose larger values make points larger.
    height : int, optional
        Pixels.

    Returns
    -------
    Explorer
        The view; its ``.lens`` is the lens, or the sample, whose ``.parent`` is the lens of all rows.

    Raises
    ------
    ValueError
        When there is nothing to make a map of: no text, no vectors, no coordinates. When roles are given with a
        lens.
    """
    roles = {
        "text": text, "label": label, "source": source, "key": key, "embedding": embedding, "x": x, "y": y,
        "image": image, "chat": chat, "chosen": chosen, "rejected": rejected,
    }  # fmt: skip
    if isinstance(data, Lens):
        lens = data
        given = [f"{name}=" for name, value in roles.items() if value is not None]
        if given or on_bad_lines != "error":
            msg = f"explore(lens): a lens has its roles already. Give {', '.join(given) or 'on_bad_lines='} to dl.Lens()."
            raise ValueError(msg)
    else:
        lens = Lens(data, on_bad_lines=on_bad_lines, **roles)
    from datalens.study.formulas import check_mentioned
    from datalens.study.sizes import needs_sample

    study = lens._study  # noqa: SLF001 - the lens's own
    for value, what in ((color, "color"), (size, "size")):
        if value is not None:
            check_mentioned(
                study, value, what, known=("x", "y", "cluster", "cluster_name")
            )  # before minutes of computing
    if needs_sample(study):
        lens = _sampled(lens, "lens" if isinstance(data, Lens) else "dl.Lens(data, ...)")
        study = lens._study  # noqa: SLF001
    if study.column_of("x") is None:
        if study.column_of("embedding") is None:
            lens.embed(name=study.free_name("embedding"))
        lens.project(name=(study.free_name("x"), study.free_name("y")))
    if study.column_of("cluster") is None:
        lens.cluster(name=study.free_name("cluster", "cluster_name"))
    return lens.explore(color=color, size=size, height=height)


def _sampled(lens: Lens, whole: str) -> Lens:
    """Say what a map of all rows would cost, and return a sample to explore instead."""
    from datalens.study.sizes import SAMPLE_ROWS, cost_of, stratum_of
    from datalens.study.steps import text_column

    study = lens._study  # noqa: SLF001 - the lens's own
    cost = cost_of(study, text_column(study, "explore()"))
    by = stratum_of(study)
    drawn = "uniform" if by is None else f"stratified by {by!r}"
    print(  # noqa: T201 - as steps announce themselves
        f"{study.rows:,} rows without vectors: embedding and projecting all would take {cost}. "
        f"Exploring a sample of {SAMPLE_ROWS:,} ({drawn}); "
        f"for all rows: {whole}.embed().project().cluster().explore()."
    )
    return lens.sample(SAMPLE_ROWS, by=by)
