import type { ComponentChildren } from "preact";
import type { Cell } from "../host/protocol";
import { count } from "./format";

// 16 x 16, drawn in strokes of the text's colour.
const ICONS = {
  pan: "M8 1.5v13M1.5 8h13M6 3.5l2-2 2 2M6 12.5l2 2 2-2M3.5 6l-2 2 2 2M12.5 6l2 2-2 2",
  lasso:
    "M5.2 10.6C3.2 10 2 8.7 2 7c0-2.5 2.7-4.5 6-4.5s6 2 6 4.5-2.7 4.5-6 4.5c-.9 0-1.9-.2-2.8-.5M5 10a1.3 1.3 0 1 1-.8 2.4C3.7 13.2 3 13.8 2.2 14",
  box: "M2.5 5v-2.5h2.5M7 2.5h2M11 2.5h2.5v2.5M13.5 7v2M13.5 11v2.5h-2.5M9 13.5h-2M5 13.5h-2.5v-2.5M2.5 9v-2",
  fit: "M2 6v-4h4M10 2h4v4M14 10v4h-4M6 14h-4v-4M5.5 5.5h5v5h-5z",
  zoom: "M2 5v-3h3M11 2h3v3M14 11v3h-3M5 14h-3v-3M8 5.8a2.2 2.2 0 1 0 .01 0",
  undo: "M3 6.5h6.5a3.5 3.5 0 0 1 0 7h-3.5M6 3.5l-3 3 3 3",
  redo: "M13 6.5h-6.5a3.5 3.5 0 0 0 0 7h3.5M10 3.5l3 3-3 3",
  copy: "M5.5 5.5h8v8h-8zM3.5 10.5h-1v-8h8v1",
  close: "M4 4l8 8M12 4l-8 8",
  first: "M11 3.5l-4.5 4.5 4.5 4.5M4.5 3.5v9",
  previous: "M10 3.5l-4.5 4.5 4.5 4.5",
  next: "M6 3.5l4.5 4.5-4.5 4.5",
  last: "M5 3.5l4.5 4.5-4.5 4.5M11.5 3.5v9",
  up: "M3.5 10l4.5-4.5 4.5 4.5",
  down: "M3.5 6l4.5 4.5 4.5-4.5",
  back: "M13 8h-9.5M7 4L3 8l4 4",
  centre: "M8 5.6a2.4 2.4 0 1 0 .01 0M8 1.5v2.3M8 12.2v2.3M1.5 8h2.3M12.2 8h2.3",
  plus: "M8 3.5v9M3.5 8h9",
  history: "M2.5 8a5.5 5.5 0 1 0 1.8-4.1M2.5 2.5v3h3M8 5v3.2l2.2 1.3",
  warning: "M8 2.5l6 11h-12zM8 6.5v3.5M8 11.6v.4",
  star: "M8 1.8l1.9 4 4.4.5-3.3 3 .9 4.3-3.9-2.2-3.9 2.2.9-4.3-3.3-3 4.4-.5z",
  note: "M3 13l.8-3.2 7-7 2.4 2.4-7 7zM9.5 4.1l2.4 2.4",
  names: "M2.5 5.5v-2.5h11v2.5M8 3v10M6 13h4",
  picture: "M8 2v7.5M4.8 6.5l3.2 3.2 3.2-3.2M2.5 11v2.5h11v-2.5",
  points:
    "M4.5 4.2a1.3 1.3 0 1 0 .01 0M11 2.5a2.5 2.5 0 1 0 .01 0M6.5 9.5a2 2 0 1 0 .01 0M12.5 10.7a.8.8 0 1 0 .01 0",
  search: "M7 2.5a4.5 4.5 0 1 0 .01 0M10.3 10.3l3.5 3.5",
} as const;
export type IconName = keyof typeof ICONS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="dl-icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <path d={ICONS[name]} />
    </svg>
  );
}

interface ButtonProps {
  label: string;
  /** The key that does the same, for the tooltip. */
  hint?: string;
  icon?: IconName;
  class?: string;
  pressed?: boolean;
  disabled?: boolean;
  expanded?: boolean;
  onClick: (event: MouseEvent) => void;
  children?: ComponentChildren;
}

/** A button with an accessible name and a tooltip that names its key. */
export function Button(props: ButtonProps) {
  return (
    <button
      type="button"
      class={`dl-button ${props.class ?? ""}`}
      aria-label={props.label}
      title={props.hint ? `${props.label} (${props.hint})` : props.label}
      aria-pressed={props.pressed}
      aria-expanded={props.expanded}
      // Not `disabled`: a button that disables itself would drop the focus, and the view's keys with it.
      aria-disabled={props.disabled || undefined}
      onClick={props.disabled ? undefined : props.onClick}
    >
      {props.icon && <Icon name={props.icon} />}
      {props.children}
    </button>
  );
}

// More marks than this are no longer read, and cost layout.
const MOST_MARKS = 500;

/** Text with every occurrence of `term` marked. Always text nodes, never markup. */
export function Marked({ text, term }: { text: string; term: string }) {
  if (!term) return <>{text}</>;
  const parts: ComponentChildren[] = [];
  let from = 0;
  for (let at = text.indexOf(term); at >= 0 && parts.length < 2 * MOST_MARKS; at = text.indexOf(term, from)) {
    parts.push(text.slice(from, at), <mark>{term}</mark>);
    from = at + term.length;
  }
  parts.push(text.slice(from));
  return <>{parts}</>;
}

/** The whole of a cell that is a value, as text; null where there is none. */
export function cellText(cell: Cell | undefined): string | null {
  if (cell === null || cell === undefined) return null;
  if (typeof cell === "string") return cell;
  return "text" in cell ? cell.text : null;
}

/** A value as text; null, not computed and clipped texts say what they are. */
export function Value({ cell, term = "" }: { cell: Cell | undefined; term?: string }) {
  if (cell === null || cell === undefined) return <span class="dl-null">null</span>;
  if (typeof cell === "string") return <Marked text={cell} term={term} />;
  if ("state" in cell) return <span class="dl-null">{cell.state}</span>;
  return (
    <>
      <Marked text={cell.text} term={term} />
      <span class="dl-null"> … {count(cell.of)} characters</span>
    </>
  );
}
