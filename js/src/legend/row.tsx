import type { ComponentChildren } from "preact";
import { count, plural } from "../styles/format";

interface Props {
  label: string;
  swatch: string;
  /** No value of its own: null, not computed, other. */
  muted?: boolean;
  total: number;
  /** Rows of it that are selected; null where that is not worth a word. */
  selected: number | null;
  pressed: boolean;
  /** What else there is to know. */
  also?: string;
  /** Something else is picked: this one is dimmed. */
  dimmed?: boolean;
  tabIndex?: number;
  onPick?: (toggle: boolean) => void;
  /** After the count. */
  children?: ComponentChildren;
}

/** One row of a legend; a button where it can be picked. */
export function LegendRow(props: Props) {
  const { selected, total, onPick } = props;
  const inside = (
    <>
      <span class="dl-swatch" style={{ background: props.swatch }} />
      <span class={props.muted ? "dl-clip dl-null" : "dl-clip"}>{props.label}</span>
      <span class="dl-count">
        {selected !== null && <b>{count(selected)}</b>}
        {selected !== null && " of "}
        {count(total)}
      </span>
      {props.children}
    </>
  );
  const classes = `dl-legend-row${props.dimmed ? " dl-dimmed" : ""}`;
  if (!onPick) return <div class={classes}>{inside}</div>;
  return (
    <button
      type="button"
      class={classes}
      tabIndex={props.tabIndex}
      aria-pressed={props.pressed}
      title={`${props.label}: ${plural(total, "row")}\nclick to see it alone, shift-click to add or take away${props.also ?? ""}`}
      onClick={(event) => onPick(event.shiftKey || event.ctrlKey || event.metaKey)}
    >
      {inside}
    </button>
  );
}
