import { effect, useComputed } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { searchTerm } from "../host/search-term";
import type { Store } from "../host/store";
import { Icon } from "../styles/parts";

// A pause in typing that long means the word is there.
const REST_MS = 300;

/** Finds exact text: a clause like any other. */
export function Search({ store }: { store: Store }) {
  const input = useRef<HTMLInputElement>(null);
  const rest = useRef<ReturnType<typeof setTimeout>>(undefined);
  const sent = useRef("");
  const term = useComputed(() => searchTerm(store.state.value));
  const column = useComputed(() => store.state.value?.text ?? null).value;

  const saved = useComputed(() => store.state.value?.saved).value;
  const clipped = saved !== undefined && !saved.searchable;
  const hint = clipped
    ? "Search needs the kernel"
    : column === null
      ? "No column of text"
      : `Find exact text in ${column}`;

  // A chip removed or an undo empties the field too; a change that comes from here leaves it alone.
  // Not useSignalEffect: it waits for a frame, and a term set and cleared within one would pass unseen.
  useEffect(
    () =>
      effect(() => {
        if (term.value === sent.current || input.current === null) return;
        sent.current = term.value;
        input.current.value = term.value;
      }),
    [term],
  );
  useEffect(() => () => clearTimeout(rest.current), []);

  const send = () => {
    clearTimeout(rest.current);
    const value = input.current?.value ?? "";
    if (column === null || value === sent.current) return;
    sent.current = value;
    store.setClause("search", value === "" ? null : { op: "contains", column, value });
  };

  return (
    <label class="dl-search">
      <Icon name="search" />
      <input
        ref={input}
        type="search"
        class="dl-input"
        aria-label={column === null ? "Search" : `Find exact text in ${column}`}
        placeholder={hint}
        title={
          clipped
            ? "Texts were saved clipped: run the notebook's cells again to search them"
            : "Finds these exact letters (/)"
        }
        disabled={column === null || clipped}
        onInput={() => {
          clearTimeout(rest.current);
          rest.current = setTimeout(send, REST_MS);
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter") send();
          if (event.key === "Escape") {
            // Browsers empty the field at Esc without telling; the condition goes with it.
            event.currentTarget.value = "";
            send();
          }
        }}
      />
    </label>
  );
}
