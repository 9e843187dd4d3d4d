"""Words that are no plain names in some engine's SQL: columns called so are put in quotes."""

from __future__ import annotations

#: Reserved in DuckDB, Postgres, Spark (ANSI) or Trino, and a few that name something there without brackets.
RESERVED = frozenset(
    """
    all alter analyse analyze and anti any array as asc asof asymmetric at authorization between
    bigint binary bit boolean both by call case cast char character check coalesce collate collation
    column columns concurrently constraint create cross cube current current_catalog current_date
    current_path current_role current_schema current_time current_timestamp current_user date day
    deallocate dec decimal default deferrable delete desc describe distinct do drop else end escape
    except execute exists extract false fetch filter first float for foreign freeze from full
    function generated glob global grant greatest group grouping having hour if ilike in initially
    inner inout insert int integer intersect interval into is isnull join json_array json_exists
    json_object json_query json_table json_value lambda lateral leading least left like limit
    listagg local localtime localtimestamp map minus minute month national natural nchar none
    normalize not notnull null nullif numeric of offset on only or order out outer overlaps overlay
    partition pivot pivot_longer pivot_wider placing position positional precision prepare primary
    qualify range real recursive references returning right rollup row rowid rows second select semi
    session_user setof show similar skip smallint some start struct substring summarize symmetric
    system_user table tablesample then time timestamp to trailing treat trim true truncate try_cast
    tuple uescape union unique unknown unnest unpack unpivot update user using values varchar
    variadic verbose when where window with within without xmlattributes xmlconcat xmlelement
    xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable year
    """.split()  # noqa: SIM905 - lists of words read best as words
)
