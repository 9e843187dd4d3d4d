import { useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";
import { isCancelled, sentenceOf } from "../host/host";
import type { SavedResult, Verb, Verbs } from "../host/protocol";
import type { Store } from "../host/store";
import { plural } from "../styles/format";
import { Button } from "../styles/parts";
import { Popup } from "../styles/popup";

interface Props {
  store: Store;
  home: RefObject<HTMLElement | null>;
  onClose: (refocus: boolean) => void;
}

const MODES = [
  ["replace", "Select only these"],
  ["and", "Of the selected rows, only these"],
  ["or", "These too"],
  ["minus", "The selected rows without these"],
] as const;

/** Save what is selected under a name, and take up what was saved. */
export function SavedMenu({ store, home, onClose }: Props) {
  const found = useSignal<SavedResult | null>(null);
  const said = useSignal<string | null>(null);
  const name = useSignal("");
  const note = useSignal("");
  // Bumped when this menu changed something that no state tells.
  const turn = useSignal(0);
  const state = store.state.value;
  const revision = state?.revision;
  const fail = (error: unknown) => {
    if (isCancelled(error)) return;
    said.value = sentenceOf(error);
  };
  useEffect(() => {
    const abort = new AbortController();
    store.host.ask("saved", {}, { signal: abort.signal }).then(({ result }) => {
      if (!abort.signal.aborted) found.value = result;
    }, fail);
    return () => abort.abort();
  }, [store, revision, turn.value]);

  const ask = <V extends Verb>(
    verb: V,
    args: Verbs[V]["args"],
    then: (result: Verbs[V]["result"]) => void,
  ) => {
    said.value = null;
    store.host.ask(verb, args).then(({ result }) => {
      turn.value += 1;
      then(result);
    }, fail);
  };
  const items = found.value?.items ?? [];
  const wanted = name.value.trim();
  const taken = items.some((item) => item.name === wanted);
  const rows = plural(state?.selection.count ?? 0, "row");
  const save = (event: Event) => {
    event.preventDefault();
    if (wanted === "") return;
    ask("save", { name: wanted, note: note.value, replace: taken }, () => {
      said.value = `Saved ${rows} as ${wanted}.`;
      name.value = note.value = "";
    });
  };
  return (
    <Popup
      label="Saved selections"
      class="dl-saved-menu"
      home={home}
      ready={found.value !== null}
      onClose={onClose}
    >
      <form class="dl-save" onSubmit={save}>
        <input
          class="dl-input"
          aria-label="Name of the selection"
          placeholder={`save ${rows} as`}
          value={name.value}
          onInput={(event) => {
            name.value = event.currentTarget.value;
          }}
        />
        <input
          class="dl-input"
          aria-label="Note"
          placeholder="note"
          value={note.value}
          onInput={(event) => {
            note.value = event.currentTarget.value;
          }}
        />
        <button type="submit" class="dl-button dl-worded dl-strong" disabled={wanted === ""}>
          {taken ? "Replace" : "Save"}
        </button>
      </form>
      <p class="dl-save-said" role="status">
        {said.value}
      </p>
      {found.value?.problem && (
        <p class="dl-save-said dl-warned">
          {found.value.problem}{" "}
          {!found.value.isKept && (
            <Button
              class="dl-link"
              label="Keep it in my data folder"
              onClick={() =>
                ask("rescue", {}, ({ path }) => {
                  said.value = `Kept in ${path}.`;
                })
              }
            >
              Keep it in my data folder
            </Button>
          )}
        </p>
      )}
      <ul class="dl-saved-list" aria-label="Saved">
        {items.map((item) => (
          <li key={item.name} title={item.note}>
            <span class="dl-saved-name">
              <b class="dl-clip">{item.name}</b>
              <span
                class={item.state === "holds" ? "dl-muted dl-clip" : "dl-warned dl-clip"}
                title={item.said}
              >
                {item.said}
              </span>
            </span>
            {MODES.map(([mode, what]) => (
              <Button
                key={mode}
                class="dl-worded"
                label={`${what}: ${item.name}`}
                disabled={item.state === "lost"}
                onClick={() => ask("apply", { name: item.name, mode }, () => {})}
              >
                {mode}
              </Button>
            ))}
            <Button
              icon="close"
              label={`Delete the saved selection ${item.name}`}
              onClick={() => ask("unsave", { name: item.name }, () => {})}
            />
          </li>
        ))}
      </ul>
      {found.value && items.length === 0 && (
        <p class="dl-empty">
          Nothing is saved yet. What is saved is here again when the data is opened again.
        </p>
      )}
      {found.value && found.value.of > items.length && (
        <p class="dl-empty">{plural(found.value.of, "saved selection")} in all: lens.selections has them.</p>
      )}
    </Popup>
  );
}
