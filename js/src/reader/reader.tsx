import { useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { copyText } from "../host/clipboard";
import type { RowResult } from "../host/protocol";
import { searchTerm } from "../host/search-term";
import type { ViewState } from "../host/view";
import { report, type Walk } from "../host/walk";
import { count } from "../styles/format";
import { Button, cellText, Marked, Value } from "../styles/parts";
import { chunked } from "./chunks";
import { Marks } from "./marks";
import { Queue } from "./queue";

// A row that stays in focus that long is being read.
const READ_MS = 1500;
// How long "copied" stays to be read.
const SAID_MS = 2000;

/** The sample in focus, whole. */
export function Reader({ view, walk }: { view: ViewState; walk: Walk }) {
  const { store } = view;
  const row = useSignal<RowResult | null>(null);
  const loading = useSignal(false);
  const copied = useSignal(false);
  const body = useRef<HTMLDivElement>(null);

  useSignalEffect(() => {
    const focus = walk.focus.value;
    // The values may be others after a step has computed a column.
    walk.version.value;
    const abort = new AbortController();
    if (focus === null) {
      row.value = null;
      return;
    }
    loading.value = true;
    store.host.ask("row", { ordinal: focus }, { signal: abort.signal }).then(
      ({ result }) => {
        if (abort.signal.aborted) return;
        const other = row.peek()?.ordinal !== result.ordinal;
        row.value = result;
        loading.value = false;
        if (other && body.current) body.current.scrollTop = 0;
      },
      (error) => {
        if (abort.signal.aborted) return;
        loading.value = false;
        report(view, error);
      },
    );
    return () => abort.abort();
  });

  const ordinal = row.value?.ordinal;
  useEffect(() => {
    if (ordinal === undefined) return;
    const timer = setTimeout(() => {
      const { found } = store.marking;
      const marks = found.peek()?.row;
      if (document.hidden || marks?.ordinal !== ordinal || marks.seen) return;
      store.marking.seen(ordinal);
    }, READ_MS);
    return () => clearTimeout(timer);
  }, [ordinal]);

  const shown = row.value;
  const text = shown?.columns.find((column) => column.role === "text");
  const whole = cellText(text?.cell);
  const rest = shown?.columns.filter((column) => column !== text && column.role !== "key") ?? [];
  const term = searchTerm(store.state.value);

  const copy = async () => {
    if (whole === null) return;
    copied.value = await copyText(whole);
    setTimeout(() => {
      copied.value = false;
    }, SAID_MS);
  };

  return (
    <section class="dl-panel dl-reader" aria-label="Reader">
      <header class="dl-reader-bar">
        <span class="dl-sample dl-clip" title={shown?.key}>
          {shown?.key}
        </span>
        <span class="dl-muted dl-clip dl-place" aria-live="polite">
          {placeText(walk)}
        </span>
        <span class="dl-said" role="status">
          {copied.value ? "copied" : ""}
        </span>
        <Button icon="copy" label="Copy the text" disabled={whole === null} onClick={copy} />
        <Button icon="up" label="Previous sample" hint="k" onClick={() => walk.step(-1)} />
        <Button icon="down" label="Next sample" hint="j" onClick={() => walk.step(1)} />
      </header>
      <Marks view={view} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls is reached by key */}
      <div class="dl-reader-body" ref={body} tabIndex={0} data-loading={loading.value}>
        {shown === null ? (
          <p class="dl-empty">Click a point or a row to read it here.</p>
        ) : (
          <>
            {text && (
              <div class="dl-text">
                {whole === null ? (
                  <Value cell={text.cell} />
                ) : (
                  chunked(whole).map((part, i) => (
                    <div key={i} class="dl-part">
                      <Marked text={part} term={term} />
                    </div>
                  ))
                )}
                {typeof text.cell === "object" && text.cell !== null && "of" in text.cell && (
                  <p class="dl-null">
                    The first {count(whole?.length ?? 0)} of {count(text.cell.of)} characters.
                  </p>
                )}
              </div>
            )}
            <dl class="dl-values">
              {rest.map((column) => (
                <div key={column.name}>
                  <dt
                    class="dl-clip"
                    title={column.derived ? `${column.name}: computed by DataLens` : column.name}
                  >
                    {column.name}
                    {column.derived && <span class="dl-derived" />}
                  </dt>
                  <dd class={column.kind === "nested" || column.kind === "vector" ? "dl-code" : undefined}>
                    <Value cell={column.cell} />
                  </dd>
                </div>
              ))}
            </dl>
          </>
        )}
      </div>
      <Queue view={view} />
    </section>
  );
}

function placeText(walk: Walk): string {
  if (walk.focus.value === null) return "";
  const place = walk.place.value;
  if (place === null) return "";
  return place.index === null ? "not selected" : `${count(place.index + 1)} of ${count(walk.total.value)}`;
}
