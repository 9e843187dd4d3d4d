import { useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";
import { copyText } from "../host/clipboard";
import { sentenceOf } from "../host/host";
import type { CodeForm } from "../host/protocol";
import type { Store } from "../host/store";
import { plural } from "../styles/format";
import { Popup } from "../styles/popup";

interface Props {
  store: Store;
  dialect: string;
  /** A press inside it is no press outside the menu. */
  home: RefObject<HTMLElement | null>;
  onClose: (refocus: boolean) => void;
}

/** The selection as code, in each of its forms, with what each is good for. */
export function CodeMenu({ store, dialect, home, onClose }: Props) {
  const forms = useSignal<CodeForm[] | null>(null);
  const problem = useSignal<string | null>(null);
  const said = useSignal<{ form: string; text: string } | null>(null);

  // Another selection is other code.
  const revision = store.state.value?.revision;
  useEffect(() => {
    const abort = new AbortController();
    store.host.ask("code", { dialect }, { signal: abort.signal }).then(
      ({ result }) => {
        if (abort.signal.aborted) return;
        forms.value = result.forms;
        problem.value = said.value = null;
      },
      (error) => {
        if (abort.signal.aborted) return;
        // What is shown would be the code of something else.
        forms.value = null;
        problem.value = sentenceOf(error);
      },
    );
    return () => abort.abort();
  }, [store, dialect, revision]);

  const ready = forms.value !== null;

  const copy = async (form: CodeForm) => {
    if (form.code === null) return;
    const done = await copyText(form.code);
    const lines = form.code.trimEnd().split("\n").length;
    const text = done
      ? `copied, ${plural(lines, "line")}`
      : "The browser did not allow copying: select the code.";
    said.value = { form: form.form, text };
  };

  return (
    <Popup label={`Copy as ${dialect}`} home={home} ready={ready} onClose={onClose}>
      {forms.value?.map((form) => (
        <div key={form.form} class="dl-form">
          <div class="dl-form-head">
            <b>{form.title}</b>
            <span class="dl-said" role="status">
              {said.value?.form === form.form ? said.value.text : ""}
            </span>
            <button
              type="button"
              class="dl-button dl-worded dl-strong"
              aria-label={`Copy: ${form.title}`}
              disabled={form.code === null}
              onClick={() => copy(form)}
            >
              Copy
            </button>
          </div>
          <p class="dl-muted">{form.code === null ? form.why : form.good}</p>
          {form.code !== null && (
            // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls is reached by key
            <pre data-form={form.form} tabIndex={0}>
              {form.code}
            </pre>
          )}
        </div>
      ))}
      {!ready && (
        <p class="dl-empty" role="status">
          {problem.value ?? "writing the code"}
        </p>
      )}
    </Popup>
  );
}
