import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { ViewState } from "../host/view";
import { count, plural } from "../styles/format";
import { Button } from "../styles/parts";
import { TagMenu } from "./tag-menu";

/** What is done with all selected rows: tag them, or go to the next that was not looked at. */
export function Queue({ view }: { view: ViewState }) {
  const { store } = view;
  const { marking } = store;
  const open = useSignal(false);
  const opener = useRef<HTMLElement | null>(null);
  const found = marking.found.value;
  if (found === null) return null;
  const selected = plural(store.state.value?.selection.count ?? 0, "row");
  const close = (refocus: boolean) => {
    open.value = false;
    if (refocus) opener.current?.focus({ preventScroll: true });
  };
  return (
    <footer class="dl-queue">
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
        disabled={found.left === 0}
        onClick={() => marking.next(view.sort.peek())}
      >
        <span class="dl-link">next unseen</span> {count(found.left)} left
      </Button>
      {open.value && (
        <TagMenu view={view} tags={found.tags} selected={selected} home={opener} onClose={close} />
      )}
    </footer>
  );
}
