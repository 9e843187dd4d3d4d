import type { RefObject } from "preact";
import type { TagInfo } from "../host/protocol";
import type { ViewState } from "../host/view";
import { count } from "../styles/format";
import { Button } from "../styles/parts";
import { Popup } from "../styles/popup";
import { Select } from "../styles/select";
import { tagColor } from "./marks";

interface Props {
  view: ViewState;
  tags: readonly TagInfo[];
  /** "1,204 rows" */
  selected: string;
  home: RefObject<HTMLElement | null>;
  onClose: (refocus: boolean) => void;
}

const DIGITS = [1, 2, 3, 4, 5, 6, 7, 8, 9];

/** All tags: put one on all selected rows or take it off; name, colour and key of each. */
export function TagMenu({ view, tags, selected, home, onClose }: Props) {
  const { store } = view;
  const { marking } = store;
  const style = (tag: string, change: { color?: string; digit?: number | null; name?: string }) =>
    store.tell("tagStyle", { tag, color: null, digit: null, name: null, ...change });
  return (
    <Popup label="Tags" class="dl-tag-menu" home={home} onClose={onClose}>
      <form
        class="dl-save"
        onSubmit={(event) => {
          event.preventDefault();
          const field = event.currentTarget.querySelector("input");
          const tag = field?.value.trim();
          if (!field || !tag) return;
          marking.tagAll(tag);
          field.value = "";
        }}
      >
        <input class="dl-input" aria-label="Tag for all selected rows" placeholder="tag" />
        <button type="submit" class="dl-button dl-worded dl-strong">
          Tag {selected}
        </button>
      </form>
      <ul class="dl-tag-list" aria-label="All tags">
        {tags.map(({ tag, count: rows, digit }) => (
          <li key={tag}>
            <input
              type="color"
              aria-label={`Color of ${tag}`}
              title={`Color of ${tag}`}
              value={tagColor(tags, tag, view.dark.value)}
              onChange={(event) => style(tag, { color: event.currentTarget.value })}
            />
            <input
              class="dl-input"
              aria-label={`Name of ${tag}`}
              title="Its name: type another, and Enter"
              value={tag}
              onChange={(event) => style(tag, { name: event.currentTarget.value })}
            />
            <Select
              label={`Key of ${tag}`}
              value={digit}
              options={digit === null ? [null, ...DIGITS] : DIGITS}
              none=""
              onPick={(one) => style(tag, { digit: one })}
            />
            <span class="dl-tag-count dl-muted">{count(rows)}</span>
            <Button
              class="dl-worded"
              label={`Tag ${selected} with ${tag}`}
              hint={digit === null ? undefined : `Shift ${digit}`}
              onClick={() => marking.tagAll(tag)}
            >
              tag all
            </Button>
            <Button
              class="dl-worded"
              label={`Take ${tag} off ${selected}`}
              onClick={() => marking.tagAll(tag, false)}
            >
              untag
            </Button>
          </li>
        ))}
      </ul>
    </Popup>
  );
}
