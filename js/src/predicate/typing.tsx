import { useSignal } from "@preact/signals";
import { useEffect, useId, useLayoutEffect, useRef } from "preact/hooks";
import { isCancelled } from "../host/host";
import type { ClauseSource, CompleteResult, PreviewResult } from "../host/protocol";
import type { Store } from "../host/store";
import { count, plural } from "../styles/format";

// A pause in typing that long, and what was typed is counted.
const REST_MS = 120;

interface Props {
  store: Store;
  /** The clause that is edited; null types a new one. */
  source: ClauseSource | null;
  text: string;
  /** Pixels from the view's left edge at which the list opens. */
  left: number;
  onClose: (refocus: boolean) => void;
}

/**
 * A line to type a condition in, with what may come next, a count that follows, and errors under their character. Enter
 * takes it, Tab takes what is proposed, Esc leaves it.
 */
export function Typing({ store, source, text: start, left, onClose }: Props) {
  const input = useRef<HTMLInputElement>(null);
  const text = useSignal(start);
  const found = useSignal<PreviewResult | null>(null);
  const offered = useSignal<CompleteResult | null>(null);
  const chosen = useSignal(-1);
  const busy = useSignal(false);
  /** The text that what is offered fits; an offer for another one would replace the wrong letters. */
  const fits = useRef<string | null>(null);
  /** Whether Tab was pressed before the offer came. */
  const wanted = useRef(false);
  const list = useId();

  useLayoutEffect(() => {
    input.current?.focus({ preventScroll: false });
    input.current?.setSelectionRange(start.length, start.length);
  }, []);

  // What the kernel says of the text as it stands; older answers are dropped.
  const asking = useRef<AbortController>(undefined);
  const ask = (wait: number) => {
    asking.current?.abort();
    const abort = new AbortController();
    asking.current = abort;
    const field = input.current;
    const typed = text.peek();
    const cursor = points(typed.slice(0, field?.selectionStart ?? typed.length));
    const fail = (error: unknown) => {
      if (isCancelled(error)) return;
      found.value = { count: null, together: null, error: String((error as Error).message), position: null };
    };
    const later = setTimeout(() => {
      const options = { signal: abort.signal };
      store.host.ask("complete", { text: typed, cursor }, options).then(({ result }) => {
        if (abort.signal.aborted) return;
        offered.value = result;
        fits.current = typed;
        chosen.value = -1;
        const first = result.candidates[0];
        if (wanted.current && first) put(first.text);
        wanted.current = false;
      }, fail);
      if (typed.trim() === "") {
        found.value = null;
        return;
      }
      store.host.ask("preview", { text: typed, source }, options).then(({ result }) => {
        if (!abort.signal.aborted) found.value = result;
      }, fail);
    }, wait);
    abort.signal.addEventListener("abort", () => clearTimeout(later));
  };
  useEffect(() => {
    ask(0);
    return () => asking.current?.abort();
  }, []);

  const put = (candidate: string) => {
    const place = offered.peek();
    const field = input.current;
    if (!place || !field || fits.current !== text.peek()) return;
    const letters = [...text.peek()];
    const before = letters.slice(0, place.from).join("") + candidate;
    text.value = before + letters.slice(place.to).join("");
    field.value = text.value;
    field.setSelectionRange(before.length, before.length);
    offered.value = null;
    ask(0);
  };

  const take = () => {
    const typed = text.peek();
    if (typed.trim() === "") return onClose(true);
    busy.value = true;
    store.host.ask("type", { text: typed, source }).then(
      () => onClose(true),
      () => {
        // It says itself what is wrong, under the character.
        busy.value = false;
        ask(0);
      },
    );
  };

  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    const candidates = offered.value?.candidates ?? [];
    if (event.key === "Escape") {
      event.preventDefault();
      if (chosen.value >= 0) chosen.value = -1;
      else onClose(true);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const by = event.key === "ArrowDown" ? 1 : -1;
      const n = candidates.length + 1;
      chosen.value = ((chosen.value + 1 + by + n) % n) - 1;
    } else if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      const candidate = candidates[chosen.value];
      if (candidate) put(candidate.text);
      else take();
    } else if (event.key === "Tab" && !event.shiftKey) {
      const candidate = candidates[chosen.value] ?? candidates[0];
      const fresh = fits.current === text.value;
      if (fresh && !candidate) return;
      event.preventDefault();
      if (fresh && candidate) put(candidate.text);
      else wanted.current = true;
    }
  };

  const preview = found.value;
  return (
    <span class="dl-typing">
      <input
        ref={input}
        type="text"
        class="dl-input"
        role="combobox"
        aria-label={source === null ? "Condition" : "Edit the condition"}
        aria-expanded={(offered.value?.candidates.length ?? 0) > 0}
        aria-controls={list}
        aria-activedescendant={chosen.value >= 0 ? `${list}-${chosen.value}` : undefined}
        aria-invalid={Boolean(preview?.error)}
        aria-describedby={`${list}-said`}
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        size={Math.max(32, Math.min(90, text.value.length + 2))}
        placeholder="loss > 3 and source == 'web'"
        value={text.value}
        readOnly={busy.value}
        onInput={(event) => {
          text.value = event.currentTarget.value;
          chosen.value = -1;
          wanted.current = false;
          ask(REST_MS);
        }}
        onClick={() => ask(0)}
        onKeyDown={onKeyDown}
      />
      <span class="dl-typing-below" style={{ left }}>
        <Said id={`${list}-said`} preview={preview} text={text.value} />
        <div id={list} role="listbox" aria-label="What may come next">
          {offered.value?.candidates.map((candidate, i) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the line's
            // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the line
            <div
              key={`${candidate.text} ${i}`}
              id={`${list}-${i}`}
              role="option"
              aria-selected={i === chosen.value}
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => put(candidate.text)}
            >
              <span class="dl-clip">{candidate.text}</span>
              <span class="dl-muted">{candidate.about}</span>
            </div>
          ))}
        </div>
      </span>
    </span>
  );
}

/** What the text selects, or what is wrong with it, under the character. */
function Said({ id, preview, text }: { id: string; preview: PreviewResult | null; text: string }) {
  if (!preview) return <span id={id} class="dl-typing-said" />;
  if (preview.error === null) {
    return (
      <span id={id} class="dl-typing-said" role="status">
        <b>{plural(preview.count ?? 0, "row")}</b>
        {preview.together !== preview.count && (
          <> · {count(preview.together ?? 0)} with the other conditions</>
        )}
        <span class="dl-muted"> · Enter</span>
      </span>
    );
  }
  const letters = [...text];
  const at = preview.position;
  // What is not finished is not wrong.
  if (at !== null && at >= letters.length) {
    return (
      <span id={id} class="dl-typing-said dl-muted" role="status">
        {preview.error}
      </span>
    );
  }
  return (
    <span id={id} class="dl-typing-said" role="status">
      {at !== null && (
        <code class="dl-wrong">
          {letters.slice(Math.max(0, at - 30), at).join("")}
          <mark>{letters[at]}</mark>
          {letters.slice(at + 1, at + 30).join("")}
        </code>
      )}
      <span>{preview.error}</span>
    </span>
  );
}

/** How many code points: Python counts those, JavaScript half of the emoji twice. */
function points(text: string): number {
  return [...text].length;
}
