import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { ClauseInfo } from "../host/protocol";
import type { Store } from "../host/store";
import type { ViewState } from "../host/view";
import { count, plural, sampleOf } from "../styles/format";
import { Button, Icon } from "../styles/parts";
import { CodeMenu } from "./code-menu";

/** What is selected, in words: a chip per clause, all of which must hold. */
export function Where({ view }: { view: ViewState }) {
  const { store } = view;
  const open = useSignal(false);
  const opener = useRef<HTMLDivElement>(null);
  const state = store.state.value;
  const selection = state?.selection;
  const clauses = selection?.clauses ?? [];
  const dialects = state?.dialects ?? ["pandas"];
  // What another version of DataLens saved may be unknown to this one.
  const chosen = view.dialect.value;
  const dialect = dialects.includes(chosen) ? chosen : (dialects[0] ?? chosen);
  const close = (refocus: boolean) => {
    open.value = false;
    if (refocus) opener.current?.querySelector("button")?.focus();
  };
  return (
    <section class="dl-where" aria-label="Where">
      <span class="dl-where-word">where</span>
      <div class="dl-chips">
        {selection && clauses.length === 0 && (
          <span class="dl-muted" title={sampleOf(state)}>
            no conditions: all {plural(selection.total, state?.saved ? "saved row" : "row")}
            {state?.sample && !state.saved && " of the sample"}
          </span>
        )}
        {clauses.map((clause, i) => (
          <Chip key={clause.source} store={store} clause={clause} first={i === 0} />
        ))}
      </div>
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
          <div class="dl-menu-home" ref={opener}>
            <Button
              class="dl-worded dl-strong"
              icon="copy"
              label={`Copy as ${dialect}`}
              expanded={open.value}
              onClick={() => {
                open.value = !open.value;
              }}
            >
              Copy as
            </Button>
            <select
              class="dl-select"
              aria-label="Language of the code"
              title="Language of the code"
              value={dialect}
              onChange={(event) => {
                view.dialect.value = event.currentTarget.value;
              }}
            >
              {dialects.map((name) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </select>
            {open.value && <CodeMenu store={store} dialect={dialect} home={opener} onClose={close} />}
          </div>
        )}
      </div>
    </section>
  );
}

function Chip({ store, clause, first }: { store: Store; clause: ClauseInfo; first: boolean }) {
  return (
    <>
      {!first && <span class="dl-and"> and </span>}
      <span class="dl-chip" title={clause.note ? `${clause.detail}\n${clause.note}` : clause.detail}>
        <span class="dl-clip">{clause.label}</span>
        <span class="dl-chip-count" title={`${plural(clause.count, "row")} by this condition alone`}>
          {count(clause.count)}
        </span>
        {clause.note && (
          <span class="dl-chip-note">
            <Icon name="warning" />
            <span class="dl-clip">{clause.note}</span>
          </span>
        )}
        <Button
          icon="close"
          label={`Remove ${clause.label}`}
          onClick={() => store.setClause(clause.source, null)}
        />
      </span>
    </>
  );
}
