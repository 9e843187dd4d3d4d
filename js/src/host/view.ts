import type { Signal } from "@preact/signals";
import type { ColorResult, ColorScale, Sort } from "./protocol";
import type { Store } from "./store";

export type Tool = "pan" | "lasso" | "box";

/** What the map is coloured by, and the code of each row. */
export interface Coloring {
  result: ColorResult;
  codes: Uint8Array | Uint16Array;
}

/** How large and how solid points are, as factors of what density and zoom ask for. */
export interface Look {
  size: number;
  opacity: number;
}

export const PLAIN: Look = { size: 1, opacity: 1 };

/** Settings of one view (an explorer, or a map in a cell of its own); saved with the notebook. */
export interface ViewState {
  readonly store: Store;
  /** Column; null draws all points in one colour. */
  readonly color: Signal<string | null>;
  /** null lets the kernel choose. */
  readonly scale: Signal<ColorScale | null>;
  readonly tool: Signal<Tool>;
  readonly sort: Signal<Sort[]>;
  readonly pageSize: Signal<number>;
  /** The language that code is copied in. */
  readonly dialect: Signal<string>;
  /** Follows `color`, `scale`, the map's version and (for the legend's counts) the selection. */
  readonly coloring: Signal<Coloring | null>;
  /** Whether names stand on the map. */
  readonly names: Signal<boolean>;
  readonly look: Signal<Look>;
  readonly dark: Signal<boolean>;
  dispose(): void;
}
