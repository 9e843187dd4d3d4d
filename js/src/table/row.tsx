import { useComputed } from "@preact/signals";
import type { Cell, ColumnInfo, PageResult } from "../host/protocol";
import { searchTerm } from "../host/search-term";
import type { ViewState } from "../host/view";
import type { Walk } from "../host/walk";
import { count } from "../styles/format";
import { cellText, Marked } from "../styles/parts";
import type { ColorOf } from "./dots";

interface Props {
  view: ViewState;
  row: PageResult["rows"][number];
  places: { column: ColumnInfo; at: number }[];
  walk: Walk;
  colorOf: ColorOf | null;
}

/** One sample: hovering shows it on the map, a click opens it in the reader. */
export function Row({ view, row, places, walk, colorOf }: Props) {
  const { store } = view;
  const focused = useComputed(() => walk.focus.value === row.ordinal).value;
  const hovered = useComputed(() => store.hovered.value === row.ordinal).value;
  // The dot's room is kept while the colours are on their way.
  const dotted = view.color.value !== null;
  const term = searchTerm(store.state.value);
  return (
    // The table's box takes the arrow keys; a click is the pointer's way to the same.
    <tr
      aria-current={focused ? "true" : undefined}
      class={hovered ? "dl-hovered" : undefined}
      onMouseEnter={() => {
        store.hovered.value = row.ordinal;
      }}
      onMouseLeave={() => {
        if (store.hovered.peek() === row.ordinal) store.hovered.value = null;
      }}
      onClick={() => store.focus(row.ordinal)}
    >
      {places.map(({ column, at }, i) => (
        <td key={column.name} class={classOf(column)}>
          <TableCell
            cell={row.cells[at]}
            column={column}
            term={column.role === "text" ? term : ""}
            dot={i === 0 && dotted ? (colorOf?.(row.ordinal) ?? "transparent") : null}
          />
        </td>
      ))}
    </tr>
  );
}

function classOf({ numeric, role, kind }: ColumnInfo): string {
  if (role === "key") return numeric ? "dl-key dl-right" : "dl-key";
  return numeric ? "dl-right" : kind === "nested" || kind === "vector" ? "dl-code" : "";
}

interface CellProps {
  cell: Cell | undefined;
  column: ColumnInfo;
  term: string;
  /** The row's colour on the map, in its first cell. */
  dot: string | null;
}

function TableCell({ cell, column, term, dot }: CellProps) {
  const text = cellText(cell);
  if (text === null) {
    const state = typeof cell === "object" && cell !== null && "state" in cell ? cell.state : "null";
    return <span class="dl-null">{state}</span>;
  }
  const long = typeof cell === "object" && cell !== null && "of" in cell ? cell.of : null;
  const reads = (column.kind === "text" && column.role !== "key") || column.kind === "nested";
  return (
    <div class="dl-cell">
      {dot !== null && <span class="dl-dot" style={{ background: dot }} />}
      {column.role === "key" && !column.numeric ? (
        // Keys share their beginnings (paths, modules, hashes of one kind); their ends tell rows apart.
        <div class="dl-clip dl-ending" title={text}>
          <bdi>{text}</bdi>
        </div>
      ) : (
        <div class={reads ? "dl-lines" : "dl-clip"} title={reads ? undefined : text}>
          <Marked text={text} term={term} />
        </div>
      )}
      {long !== null && (
        <span class="dl-length" title={`${count(long)} characters`}>
          {count(long)}
        </span>
      )}
    </div>
  );
}
