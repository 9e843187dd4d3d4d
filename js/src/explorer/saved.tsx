import type { SavedInfo } from "../host/protocol";
import type { Store } from "../host/store";
import { count, plural } from "../styles/format";

const WHY: Record<SavedInfo["why"], [string, string]> = {
  reopened: ["Opened from the saved notebook.", "Run the notebook's cells again to go on."],
  waiting: ["The kernel is busy.", "All of it comes back as soon as the kernel answers."],
  restarted: ["The kernel was restarted.", "Run the notebook's cells again to go on."],
  ended: ["The kernel has ended.", "Run the notebook's cells again to go on."],
  closed: ["This lens was closed in the kernel.", "Run the notebook's cells again to go on."],
};

/** Says over a view that it shows what was saved, how much of the data that is, and how to get the rest. */
export function Saved({ store }: { store: Store }) {
  const saved = store.state.value?.saved;
  if (!saved) return null;
  const [what, then] = WHY[saved.why];
  return (
    <p class="dl-saved" role="status">
      <b>{what}</b> You see {extent(saved)} as saved before. {then}
    </p>
  );
}

function extent({ rows, of }: SavedInfo): string {
  return rows < of ? `a sample of ${count(rows)} of the ${plural(of, "row")}` : `all ${plural(of, "row")}`;
}
