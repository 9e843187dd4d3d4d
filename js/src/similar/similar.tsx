import { effect, useSignal } from "@preact/signals";
import { useEffect, useId, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { pressed } from "../host/keys";
import type { NeighboursResult } from "../host/protocol";
import type { Store } from "../host/store";
import type { ViewState } from "../host/view";
import { count } from "../styles/format";
import { Button } from "../styles/parts";
import { reveal } from "../styles/reveal";
import { useWide } from "../styles/wide";
import { Asking, canAsk, hasVectors, LISTS, type Question } from "./asking";

// Distances of one list differ in the third digit, near-duplicates in the fourth.
const DIGITS = 4;

/** What is like the sample in focus, like a typed text or like the selection, and what is least so. */
export function Similar({ view }: { view: ViewState }) {
  const { store } = view;
  const panel = useRef<HTMLElement>(null);
  useWide(panel, 560);
  const asking = useMemo(() => new Asking(store), [store]);
  useEffect(() => () => asking.dispose(), [asking]);
  const id = useId();
  const result = asking.result.value;
  const able = canAsk(store) && hasVectors(store.state.value);
  const said = asking.said.value;
  return (
    <section class="dl-panel dl-similar" aria-label="Neighbours" ref={panel}>
      <header class="dl-similar-bar">
        <Tabs asking={asking} id={id} />
        <Button
          icon="back"
          label="Back to the sample before"
          disabled={asking.trail.value.length === 0}
          onClick={() => asking.back()}
        />
      </header>
      <Asked asking={asking} store={store} able={able} />
      <div
        class="dl-similar-body"
        id={`${id}-panel`}
        role="tabpanel"
        aria-labelledby={`${id}-${asking.which.value}`}
        aria-busy={asking.loading.value}
        data-loading={asking.loading.value}
      >
        {said === null && result !== null ? (
          <List asking={asking} store={store} result={result} id={id} />
        ) : (
          <p class="dl-empty">{said}</p>
        )}
      </div>
      <footer class="dl-similar-foot">
        <span class="dl-muted dl-clip" aria-live="polite">
          {said === null && result !== null ? counted(asking, result) : ""}
        </span>
        <Button
          class="dl-worded dl-link"
          label="Select these rows"
          // While another list is on its way, the one on show is not what the panel says it is about.
          disabled={said !== null || !result?.predicate || asking.loading.value}
          onClick={() => asking.select()}
        >
          Select these
        </Button>
      </footer>
    </section>
  );
}

function counted(asking: Asking, result: NeighboursResult): string {
  const { rows, total, of, within, metric } = result;
  if (asking.shown.value.which !== "duplicates")
    return `${count(rows.length)} of ${count(total)} · ${metric}`;
  const first = rows.length < total ? `first ${count(rows.length)} of ` : "";
  return `${first}${count(total)} of ${count(of)} within ${within}`;
}

function Tabs({ asking, id }: { asking: Asking; id: string }) {
  const bar = useRef<HTMLDivElement>(null);
  const step = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const at = LISTS.findIndex(({ which }) => which === asking.which.peek());
    const next = LISTS[(at + by + LISTS.length) % LISTS.length];
    if (!next) return;
    asking.which.value = next.which;
    bar.current?.querySelector<HTMLElement>(`[data-which="${next.which}"]`)?.focus();
  };
  return (
    <div class="dl-tabs" role="tablist" aria-label="Which neighbours" ref={bar} onKeyDown={step}>
      {LISTS.map(({ which, name, title }) => {
        const chosen = asking.which.value === which;
        return (
          <button
            key={which}
            type="button"
            role="tab"
            class="dl-tab"
            id={`${id}-${which}`}
            data-which={which}
            title={title}
            aria-selected={chosen}
            aria-controls={`${id}-panel`}
            tabIndex={chosen ? 0 : -1}
            onClick={() => {
              asking.which.value = which;
            }}
          >
            {name}
          </button>
        );
      })}
    </div>
  );
}

/** What the list is about, and the ways to ask about something else. */
function Asked({ asking, store, able }: { asking: Asking; store: Store; able: boolean }) {
  const typed = useSignal("");
  const question = asking.question.value;
  const focus = store.state.value?.focus ?? null;
  const name = nameOf(asking, question, focus?.key);
  // The field says it already.
  const inField = question.of === "text" && typed.value.trim() === question.text;
  const selected = store.state.value?.selection.clauses.length ?? 0;
  // The field holds no text that the list is not about.
  useEffect(
    () =>
      effect(() => {
        if (asking.question.value.of !== "text") typed.value = "";
      }),
    [asking, typed],
  );
  const follow = () => {
    asking.question.value = { of: "focus" };
  };
  return (
    <div class="dl-asked">
      {question.of !== "focus" && (
        <Button icon="close" label="Follow the sample in focus again" onClick={follow} />
      )}
      {focus === null && question.of === "focus" ? (
        <span class="dl-asked-none dl-clip dl-muted">no sample</span>
      ) : (
        <span class={`dl-asked-name ${inField ? "dl-hidden" : "dl-clip"}`} title={name || undefined}>
          <bdi>{name}</bdi>
        </span>
      )}
      <input
        class={inField ? "dl-input dl-wide" : "dl-input"}
        type="text"
        aria-label="Find what is like this text"
        placeholder="like this text…"
        title="Find what is like this text (Enter)"
        autocomplete="off"
        spellcheck={false}
        disabled={!able}
        value={typed.value}
        onInput={(event) => {
          typed.value = event.currentTarget.value;
        }}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.isComposing) return;
          const text = typed.peek().trim();
          if (text) asking.question.value = { of: "text", text };
          else follow();
        }}
      />
      <Button
        icon="centre"
        label="Like the centre of the selection"
        pressed={question.of === "centre"}
        disabled={!able || selected === 0}
        onClick={() => {
          asking.question.value = { of: "centre" };
        }}
      />
    </div>
  );
}

/** What was asked for; the kernel's own words where its answer is here. */
function nameOf(asking: Asking, question: Question, focused: string | undefined): string {
  if (question.of === "focus") return focused ?? "";
  const result = asking.result.value;
  if (result?.query && asking.shown.value.question === question) return result.query;
  return question.of === "text" ? `"${question.text}"` : "the centre of the selection";
}

interface ListProps {
  asking: Asking;
  store: Store;
  result: NeighboursResult;
  id: string;
}

function List({ asking, store, result, id }: ListProps) {
  const box = useRef<HTMLDivElement>(null);
  /** The row that the arrow keys stand on. */
  const at = useSignal(-1);
  // Another list is gone through from its top.
  useLayoutEffect(() => {
    at.value = -1;
    if (box.current) box.current.scrollTop = 0;
  }, [result]);
  // A list that goes away marks nothing any more.
  useEffect(() => {
    // What is farthest is near to nothing.
    const isNear = asking.shown.peek().which !== "farthest";
    const near = isNear ? result.rows.map(({ ordinal }) => ordinal) : [];
    store.near.value = near;
    return () => {
      if (store.near.peek() === near) store.near.value = [];
      if (result.rows.some(({ ordinal }) => ordinal === store.hovered.peek())) store.hovered.value = null;
    };
  }, [result, store, asking]);
  const step = (by: number) => () => {
    at.value = Math.min(result.rows.length - 1, Math.max(0, at.peek() + by));
    const row = box.current?.children[at.peek()];
    if (box.current && row instanceof HTMLElement) reveal(box.current, row);
    store.hovered.value = result.rows[at.peek()]?.ordinal ?? null;
  };
  const onKeyDown = (event: KeyboardEvent) =>
    pressed("neighbours", event, {
      previous: step(-1),
      next: step(1),
      open: () => {
        const row = result.rows[at.peek()];
        if (row) asking.open(row.ordinal);
      },
    });
  const focus = asking.focus.value;
  return (
    <div
      class="dl-near"
      ref={box}
      role="listbox"
      aria-label={`${LISTS.find(({ which }) => which === asking.shown.value.which)?.name}: ${result.query}`}
      aria-activedescendant={at.value >= 0 ? `${id}-row-${at.value}` : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      {result.rows.map(({ ordinal, key, distance, text }, i) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the list takes the keys
        // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus, the row is its active descendant
        <div
          key={ordinal}
          id={`${id}-row-${i}`}
          role="option"
          class={`dl-near-row${at.value === i || store.hovered.value === ordinal ? " dl-hovered" : ""}`}
          aria-selected={focus === ordinal}
          onMouseEnter={() => {
            store.hovered.value = ordinal;
          }}
          onMouseLeave={() => {
            if (store.hovered.peek() === ordinal) store.hovered.value = null;
          }}
          onClick={() => asking.open(ordinal)}
        >
          <span class="dl-near-far" title={`${result.metric} distance ${distance}`}>
            {distance.toFixed(DIGITS)}
          </span>
          <span class="dl-near-what">
            <span class="dl-near-key dl-clip dl-ending" title={key}>
              <bdi>{key}</bdi>
            </span>
            <span class="dl-near-text">{text ?? <span class="dl-null">no text</span>}</span>
          </span>
        </div>
      ))}
    </div>
  );
}
