import type { ColumnInfo } from "../host/protocol";
import type { ViewState } from "../host/view";
import { count, plural } from "../styles/format";
import { Icon } from "../styles/parts";
import { clicked, sortable } from "./columns";

/** A column's head: its name, and its place in the sort. */
export function Header({ view, column }: { view: ViewState; column: ColumnInfo }) {
  const sort = view.sort.value;
  const at = sort.findIndex((s) => s.column === column.name);
  const descending = sort[at]?.descending ?? false;
  const can = sortable(column);
  const inside = (
    <>
      <span class="dl-clip">{column.name}</span>
      {column.derived && <span class="dl-derived" />}
      <span class="dl-sort" data-on={at >= 0}>
        {can && <Icon name={at >= 0 && descending ? "down" : "up"} />}
        {at >= 0 && sort.length > 1 && at + 1}
      </span>
    </>
  );
  return (
    <th
      scope="col"
      class={`${column.numeric ? "dl-right" : ""}${column.role === "key" ? " dl-key" : ""}`}
      aria-sort={at < 0 ? undefined : descending ? "descending" : "ascending"}
      title={about(column, can)}
    >
      {can ? (
        <button
          type="button"
          onClick={(event) => {
            view.sort.value = clicked(view.sort.peek(), column.name, event.shiftKey);
          }}
        >
          {inside}
        </button>
      ) : (
        <span class="dl-head">{inside}</span>
      )}
    </th>
  );
}

function about(column: ColumnInfo, can: boolean): string {
  const lines = [`${column.name}: ${column.role ?? column.kind}`];
  if (column.derived) lines.push("computed by DataLens");
  if (column.nulls > 0) lines.push(plural(column.nulls, "null"));
  if (column.notComputed > 0) lines.push(`${count(column.notComputed)} not computed`);
  if (can) lines.push("click to sort, shift-click to sort by several columns");
  return lines.join("\n");
}
