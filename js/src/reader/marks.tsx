import { useSignal } from "@preact/signals";
import { useId, useRef } from "preact/hooks";
import type { TagInfo } from "../host/protocol";
import type { ViewState } from "../host/view";
import { categoryColor } from "../map/palette";
import { count, plural } from "../styles/format";
import { Button } from "../styles/parts";
import { TagMenu } from "./tag-menu";

/** What the person marks the sample in focus with, and how to go on to the next. */
export function Marks({ view }: { view: ViewState }) {
  const { store } = view;
  const { marking } = store;
  const open = useSignal(false);
  const noting = useSignal<number | null>(null);
  const opener = useRef<HTMLElement | null>(null);
  const list = useId();
  const found = marking.found.value;
  if (found === null) return null;
  const { row, tags, left } = found;
  const selected = plural(store.state.value?.selection.count ?? 0, "row");
  const close = (refocus: boolean) => {
    open.value = false;
    if (refocus) opener.current?.focus({ preventScroll: true });
  };
  const leave = (event: { currentTarget: HTMLElement }) =>
    event.currentTarget.closest<HTMLElement>(".datalens")?.focus({ preventScroll: true });
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would bring a frame of its own */}
      <div class="dl-marks" role="group" aria-label="Marks">
        {row && (
          <>
            <Button
              icon="star"
              class="dl-star"
              label={row.star ? "Take the star" : "Star"}
              hint="S"
              pressed={row.star}
              onClick={() => marking.star()}
            />
            {row.tags.map((tag) => (
              <span key={tag} class="dl-tag" style={{ "--dl-tag": tagColor(tags, tag, view.dark.value) }}>
                <span class="dl-clip" title={tag}>
                  {tag}
                </span>
                <Button
                  icon="close"
                  label={`Take the tag ${tag}`}
                  hint={tags.find((one) => one.tag === tag)?.digit?.toString()}
                  onClick={() => marking.toggle(tag)}
                />
              </span>
            ))}
            <input
              class="dl-input dl-tag-input"
              list={list}
              aria-label="Add a tag"
              title="Enter adds it (T)"
              placeholder="add a tag"
              onKeyDown={(event) => {
                const { value } = event.currentTarget;
                if (event.key !== "Enter" || event.isComposing || !value.trim()) return;
                marking.add(value.trim());
                event.currentTarget.value = "";
              }}
            />
            <datalist id={list}>
              {tags
                .filter(({ tag }) => !row.tags.includes(tag))
                .map(({ tag }) => (
                  <option key={tag} value={tag} />
                ))}
            </datalist>
          </>
        )}
        <span class="dl-marks-all">
          <Button
            class="dl-worded"
            label={`Tag ${selected}`}
            hint="Shift 1 to 9"
            expanded={open.value}
            onClick={(event) => {
              opener.current = event.currentTarget as HTMLElement;
              open.value = !open.peek();
            }}
          >
            tag {selected}
          </Button>
          <Button
            class="dl-worded"
            label="Next sample that was not looked at"
            hint="U"
            disabled={left === 0}
            onClick={() => marking.next(view.sort.peek())}
          >
            next unseen <span class="dl-muted">{count(left)} left</span>
          </Button>
        </span>
      </div>
      {row && (
        <textarea
          key={row.ordinal}
          class="dl-note-line"
          rows={1}
          aria-label="Note"
          title="A note on this sample (N); Esc leaves it"
          placeholder="note"
          data-empty={row.note === "" && noting.value !== row.ordinal}
          value={row.note}
          onFocus={() => {
            noting.value = row.ordinal;
          }}
          onKeyDown={(event) => {
            if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
              event.preventDefault();
              leave(event);
            }
          }}
          onBlur={(event) => {
            noting.value = null;
            const text = event.currentTarget.value;
            if (text.trim() !== row.note) marking.note(row.ordinal, text);
          }}
        />
      )}
      {open.value && <TagMenu view={view} tags={tags} selected={selected} home={opener} onClose={close} />}
    </>
  );
}

/** A tag's own colour, else that of its place among all tags. */
export function tagColor(tags: readonly TagInfo[], tag: string, dark: boolean): string {
  const place = tags.findIndex((one) => one.tag === tag);
  return tags[place]?.color ?? categoryColor(place < 0 ? tags.length : place, dark);
}
