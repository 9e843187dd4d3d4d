import { useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";
import { sentenceOf } from "../host/host";
import type { HistoryResult } from "../host/protocol";
import type { Store } from "../host/store";
import { count } from "../styles/format";
import { Popup } from "../styles/popup";

interface Props {
  store: Store;
  home: RefObject<HTMLElement | null>;
  onClose: (refocus: boolean) => void;
}

/** All selections so far, the newest first: a click goes to any. */
export function HistoryMenu({ store, home, onClose }: Props) {
  const found = useSignal<HistoryResult | null>(null);
  const problem = useSignal<string | null>(null);
  const revision = store.state.value?.revision;
  useEffect(() => {
    const abort = new AbortController();
    store.host.ask("history", {}, { signal: abort.signal }).then(
      ({ result }) => {
        if (!abort.signal.aborted) found.value = result;
      },
      (error) => {
        if (!abort.signal.aborted) problem.value = sentenceOf(error);
      },
    );
    return () => abort.abort();
  }, [store, revision]);

  const steps = [...(found.value?.steps ?? [])].reverse();
  const position = found.value?.position;
  return (
    <Popup
      label="History"
      class="dl-history"
      // A menu holds what can be done and nothing else.
      role={found.value === null ? "dialog" : "menu"}
      home={home}
      ready={found.value !== null}
      onClose={onClose}
    >
      {steps.map((step) => (
        <button
          key={step.number}
          type="button"
          role="menuitemradio"
          aria-checked={step.number === position}
          class="dl-item"
          data-undone={position !== undefined && step.number > position}
          onClick={() => store.tell("jump", { step: step.number })}
        >
          <span class="dl-clip" title={step.label}>
            {step.label}
          </span>
          <span class="dl-muted">{clock(step.time)}</span>
        </button>
      ))}
      {found.value && found.value.of > steps.length && (
        <p class="dl-empty">{count(found.value.of)} steps in all: lens.history has them.</p>
      )}
      {!found.value && (
        <p class="dl-empty" role="status">
          {problem.value ?? "asking"}
        </p>
      )}
    </Popup>
  );
}

function clock(time: string): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime())
    ? ""
    : date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
}
