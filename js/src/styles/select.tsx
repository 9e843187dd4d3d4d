import type { ColumnInfo } from "../host/protocol";

// Nothing that can be chosen has this name: it stands for none.
const NONE = "\u0000";

interface Props<T> {
  /** What it is called, unless a word stands before it. */
  label?: string;
  title?: string | undefined;
  value: T;
  options: readonly T[];
  /** What choosing none is called. */
  none?: string;
  onPick: (option: T) => void;
}

/** One of a few things, or of a few and none. */
export function Select<T extends string | number | null>({
  label,
  title = label,
  value,
  options,
  none,
  onPick,
}: Props<T>) {
  return (
    <select
      class="dl-select"
      aria-label={label}
      title={title}
      disabled={options.length < 2}
      value={String(value ?? NONE)}
      onChange={(event) => onPick(options[event.currentTarget.selectedIndex] as T)}
    >
      {options.map((option) => (
        <option key={option} value={String(option ?? NONE)}>
          {option ?? none}
        </option>
      ))}
    </select>
  );
}

/** None, and the names of the columns that fit; what is chosen is among them. */
export function namesOf(
  columns: readonly ColumnInfo[] = [],
  chosen: string | null,
  fits: (column: ColumnInfo) => boolean,
): (string | null)[] {
  return [null, ...columns.filter((c) => fits(c) || c.name === chosen).map(({ name }) => name)];
}
