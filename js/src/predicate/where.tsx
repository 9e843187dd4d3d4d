import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { focused } from "../host/focused";
import { sentenceOf } from "../host/host";
import type { ClauseInfo, ClauseSource } from "../host/protocol";
import type { ViewState } from "../host/view";
import { plural, sampleOf } from "../styles/format";
import { Button } from "../styles/parts";
import { Select } from "../styles/select";
import { Chip } from "./chip";
import { ClauseMenu } from "./clause-menu";
import { CodeMenu } from "./code-menu";
import { HistoryMenu } from "./history-menu";
import { SavedMenu } from "./saved-menu";
import { Typing } from "./typing";

type Open =
  | { menu: "code" | "history" | "saved" }
  | { menu: "clause"; source: ClauseSource; left: number }
  | null;
/** The clause that is edited (null is a new one), as text. */
type Editing = { source: ClauseSource | null; text: string; left: number } | null;

const MENU_WIDTH = 320;
const LIST_WIDTH = 420;

/** What is selected, in words: a chip per clause, all of which must hold, and a line to type more. */
export function Where({ view }: { view: ViewState }) {
  const { store } = view;
  const open = useSignal<Open>(null);
  const editing = useSignal<Editing>(null);
  const bar = useRef<HTMLElement>(null);
  const opener = useRef<HTMLElement | null>(null);
  const codeHome = useRef<HTMLDivElement>(null);
  const state = store.state.value;
  const selection = state?.selection;
  const clauses = selection?.clauses ?? [];
  const live = !state?.saved && store.host.can("type");
  const dialects = state?.dialects ?? ["pandas"];
  // What another version of DataLens saved may be unknown to this one.
  const chosen = view.dialect.value;
  const dialect = dialects.includes(chosen) ? chosen : (dialects[0] ?? chosen);

  const close = (refocus: boolean) => {
    open.value = null;
    if (refocus) opener.current?.focus({ preventScroll: true });
  };
  const toggle = (menu: "code" | "history" | "saved") => (event: MouseEvent) => {
    opener.current = event.currentTarget as HTMLElement;
    open.value = open.peek()?.menu === menu ? null : { menu };
  };
  const edit = (clause: ClauseInfo, chip: HTMLElement) => {
    const left = leftOf(chip, LIST_WIDTH);
    const { source } = clause;
    store.host.ask("asText", { source }).then(
      ({ result }) => {
        open.value = null;
        if (result.text === null) {
          store.problem.value = `${clause.label} can't be typed: draw it anew, or remove it.`;
        } else editing.value = { source, text: result.text, left };
      },
      (error: unknown) => {
        store.problem.value = sentenceOf(error);
      },
    );
  };
  const add = () => {
    const place = bar.current?.querySelector<HTMLElement>(".dl-add");
    if (live) editing.value = { source: null, text: "", left: place ? leftOf(place, LIST_WIDTH) : 0 };
  };
  const toView = () => bar.current?.closest<HTMLElement>(".datalens")?.focus({ preventScroll: true });
  const endTyping = (refocus: boolean) => {
    editing.value = null;
    if (refocus) toView();
  };
  // A chip that goes away would take the focus with it, and the view's keys.
  const held = bar.current?.contains(focused());
  useLayoutEffect(() => {
    if (held && !bar.current?.closest(".datalens")?.contains(focused())) toView();
  });

  const shown = open.value;
  const inMenu = shown?.menu === "clause" ? clauses.find(({ source }) => source === shown.source) : undefined;
  const line = (at: Editing) =>
    at && (
      <Typing
        key={at.source ?? ""}
        store={store}
        source={at.source}
        text={at.text}
        left={at.left}
        onClose={endTyping}
      />
    );
  return (
    <section class="dl-where" aria-label="Where" ref={bar}>
      <span class="dl-where-word">where</span>
      <div class="dl-chips">
        {selection && clauses.length === 0 && !editing.value && (
          <span class="dl-muted" title={sampleOf(state)}>
            no conditions: all {plural(selection.total, state?.saved ? "saved row" : "row")}
            {state?.sample && !state.saved && " of the sample"}
          </span>
        )}
        {clauses.map((clause, i) =>
          editing.value?.source === clause.source ? (
            line(editing.value)
          ) : (
            <Chip
              key={clause.source}
              store={store}
              clause={clause}
              first={i === 0}
              live={live}
              open={inMenu === clause}
              onMenu={(chip) => {
                opener.current = chip;
                const same = inMenu === clause;
                open.value = same
                  ? null
                  : { menu: "clause", source: clause.source, left: leftOf(chip, MENU_WIDTH) };
              }}
              onEdit={(chip) => edit(clause, chip)}
            />
          ),
        )}
        {editing.value?.source === null
          ? line(editing.value)
          : live && (
              <Button class="dl-worded dl-add" icon="plus" label="Type a condition" hint="W" onClick={add}>
                {clauses.length === 0 && "condition"}
              </Button>
            )}
      </div>
      {inMenu && shown?.menu === "clause" && (
        <ClauseMenu
          store={store}
          clause={inMenu}
          clauses={clauses}
          left={shown.left}
          home={opener}
          onEdit={() => opener.current && edit(inMenu, opener.current)}
          onClose={close}
        />
      )}
      <div class="dl-where-actions">
        <Button
          class="dl-worded"
          label="Clear all conditions"
          disabled={clauses.length === 0}
          onClick={() => store.clear()}
        >
          clear
        </Button>
        <Button
          icon="undo"
          label="Undo"
          hint="Ctrl-Z"
          disabled={!selection?.canUndo}
          onClick={() => store.undo()}
        />
        <Button
          icon="redo"
          label="Redo"
          hint="Ctrl-Shift-Z"
          disabled={!selection?.canRedo}
          onClick={() => store.redo()}
        />
        {live && (
          <Button
            icon="history"
            label="History"
            disabled={!selection?.canUndo && !selection?.canRedo}
            expanded={shown?.menu === "history"}
            onClick={toggle("history")}
          />
        )}
        {live && (
          <Button
            class="dl-worded"
            label="Saved selections"
            expanded={shown?.menu === "saved"}
            onClick={toggle("saved")}
          >
            saved
          </Button>
        )}
        {shown?.menu === "saved" && <SavedMenu store={store} home={opener} onClose={close} />}
        {shown?.menu === "history" && <HistoryMenu store={store} home={opener} onClose={close} />}
        {state?.saved && (
          <Button
            class="dl-worded"
            icon="copy"
            label="Copying as code needs the kernel: run the notebook's cells again"
            disabled
            onClick={() => {}}
          >
            Copy as {dialect}
          </Button>
        )}
        {!state?.saved && store.host.can("code") && (
          <div class="dl-menu-home" ref={codeHome}>
            <Button
              class="dl-worded dl-strong"
              icon="copy"
              label={`Copy as ${dialect}`}
              expanded={shown?.menu === "code"}
              onClick={toggle("code")}
            >
              Copy as
            </Button>
            <Select
              label="Language of the code"
              value={dialect}
              options={dialects}
              onPick={(name) => {
                view.dialect.value = name;
              }}
            />
            {shown?.menu === "code" && (
              <CodeMenu store={store} dialect={dialect} home={codeHome} onClose={close} />
            )}
          </div>
        )}
      </div>
    </section>
  );
}

/** Where a box that belongs to an element opens, in pixels from the view's left edge, so that it fits in. */
function leftOf(element: HTMLElement, width: number): number {
  const root = element.closest(".datalens")?.getBoundingClientRect();
  const { left } = element.getBoundingClientRect();
  return root ? Math.max(8, Math.min(left - root.left, root.width - width - 8)) : 8;
}
