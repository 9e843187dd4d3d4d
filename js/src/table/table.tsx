import { useComputed, useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";
import { pressed } from "../host/keys";
import type { ViewState } from "../host/view";
import type { Walk } from "../host/walk";
import { plural } from "../styles/format";
import { reveal } from "../styles/reveal";
import { ordered, width } from "./columns";
import { Header } from "./header";
import { Pager } from "./pager";
import type { Pages } from "./pages";
import { Row } from "./row";

interface Props {
  view: ViewState;
  walk: Walk;
  pages: Pages;
}

/** All rows of the selection, page by page. */
export function Table({ view, walk, pages }: Props) {
  const { store } = view;
  const scroller = useRef<HTMLDivElement>(null);
  const columns = useComputed(() => ordered(store.state.value?.columns ?? []));
  const page = pages.page.value;
  const places = useComputed(() => {
    const at = new Map(pages.page.value?.columns.map((name, i) => [name, i]));
    return columns.value
      .map((column) => ({ column, at: at.get(column.name) ?? -1 }))
      .filter(({ at }) => at >= 0);
  });

  // A focus from elsewhere comes into sight; only this box scrolls, never the notebook.
  useSignalEffect(() => {
    const focus = walk.focus.value;
    const shown = pages.page.value;
    const box = scroller.current;
    if (focus === null || box === null || shown === null) return;
    requestAnimationFrame(() => {
      const row = box.querySelector<HTMLElement>('tr[aria-current="true"]');
      if (row) reveal(box, row);
    });
  });
  // Another page starts at its top.
  useSignalEffect(() => {
    pages.page.value;
    scroller.current?.scrollTo?.({ top: 0 });
  });

  const turn = (by: number) => () => pages.goTo(pages.pageNumber.peek() + by);
  const onKeyDown = (event: KeyboardEvent) =>
    pressed("table", event, {
      previous: () => walk.step(-1),
      next: () => walk.step(1),
      back: turn(-1),
      on: turn(1),
    });

  const shown = places.value;
  const colorOf = pages.dots.value;
  const fixed = shown.reduce((sum, { column }) => sum + (width(column) ?? 0), 0);
  const stretches = shown.some(({ column }) => width(column) === null);
  const state = store.state.value;
  return (
    <section class="dl-panel dl-table-panel" aria-label="Table">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls is reached by key */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: and takes the keys of the rows in it */}
      <div class="dl-scroller" ref={scroller} tabIndex={0} onKeyDown={onKeyDown}>
        <table
          class="dl-table"
          data-loading={pages.loading.value}
          aria-busy={pages.loading.value}
          data-stretches={stretches}
          style={{ "--dl-fixed": `${fixed}px` }}
        >
          <caption class="dl-hidden">{page ? plural(page.total, "selected row") : "loading"}</caption>
          <colgroup>
            {shown.map(({ column }) => {
              const pixels = width(column);
              return <col key={column.name} style={pixels === null ? undefined : { width: `${pixels}px` }} />;
            })}
          </colgroup>
          <thead>
            <tr>
              {shown.map(({ column }) => (
                <Header key={column.name} view={view} column={column} />
              ))}
            </tr>
          </thead>
          <tbody>
            {page?.rows.map((row) => (
              <Row key={row.ordinal} view={view} row={row} places={shown} walk={walk} colorOf={colorOf} />
            ))}
          </tbody>
        </table>
        {page?.rows.length === 0 && (
          <p class="dl-empty">
            {state?.rows === 0 ? "The dataset has no rows." : "No row meets all conditions."}
          </p>
        )}
      </div>
      <Pager view={view} walk={walk} pages={pages} />
    </section>
  );
}
