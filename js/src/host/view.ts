import type { Signal } from "@preact/signals";
import type { ColorResult, ColorScale, Sort } from "./protocol";
import type { Store } from "./store";

export type Tool = "pan" | "lasso" | "box";

/** What the map is coloured by, and the code of each row. */
export interface Coloring {
  result: ColorResult;
  codes: Uint8Array | Uint16Array;
}

/** Which points are drawn over others, as it is told: by values of numbers, or how rare categories are. */
export type Order = "random" | "high values" | "low values" | "rare values";

export interface Look {
  /** How large and how solid points are, as factors of what density and zoom ask for. */
  size: number;
  opacity: number;
  /** The column whose values make points larger or smaller. */
  by: string | null;
  order: Order;
  /** Whether lines show where points lie densely. */
  contours: boolean;
}

export const PLAIN: Look = { size: 1, opacity: 1, by: null, order: "random", contours: false };

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
  /** The column that sizes points, coded by quantiles; null where all are of one size. */
  readonly sizing: Signal<Coloring | null>;
  /** Whether names stand on the map. */
  readonly names: Signal<boolean>;
  readonly look: Signal<Look>;
  readonly dark: Signal<boolean>;
  dispose(): void;
}
