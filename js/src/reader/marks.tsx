import { useId, useLayoutEffect, useRef } from "preact/hooks";
import type { TagInfo } from "../host/protocol";
import type { ViewState } from "../host/view";
import { categoryColor } from "../map/palette";
import { Button } from "../styles/parts";

/** What the person marks the sample in focus with: a star, tags, a note. */
export function Marks({ view }: { view: ViewState }) {
  const { marking } = view.store;
  const note = useRef<HTMLTextAreaElement>(null);
  const before = useRef("");
  const list = useId();
  const { row, tags } = marking.found.value ?? { row: null, tags: [] };
  // Marks come at any time, and must not take the letters of who is typing.
  useLayoutEffect(() => {
    const line = note.current;
    if (line && row && !line.matches(":focus")) line.value = row.note;
  });
  if (row === null) return null;
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would bring a frame of its own */}
      <div class="dl-marks" role="group" aria-label="Marks">
        <Button
          icon="star"
          class="dl-star"
          label={row.star ? "Take the star" : "Star"}
          hint="S"
          pressed={row.star}
          onClick={() => marking.star(row)}
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
              onClick={() => marking.tag(row, tag, false)}
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
            marking.tag(row, value.trim(), true);
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
        <Button icon="note" label="Note" hint="N" onClick={() => note.current?.focus()} />
      </div>
      <textarea
        key={row.ordinal}
        ref={note}
        class="dl-note-line"
        rows={1}
        aria-label="Note"
        title="Enter keeps it, Shift-Enter is a new line (N)"
        placeholder="note"
        data-empty={row.note === ""}
        onFocus={(event) => {
          before.current = event.currentTarget.value;
        }}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
          event.preventDefault();
          event.currentTarget.closest<HTMLElement>(".datalens")?.focus({ preventScroll: true });
        }}
        onBlur={(event) => {
          const text = event.currentTarget.value;
          if (text !== before.current) marking.note(row, text);
          else event.currentTarget.value = row.note;
        }}
      />
    </>
  );
}

/** A tag's own colour, else that of its place among all tags. */
export function tagColor(tags: readonly TagInfo[], tag: string, dark: boolean): string {
  const place = tags.findIndex((one) => one.tag === tag);
  return tags[place]?.color ?? categoryColor(place < 0 ? tags.length : place, dark);
}
