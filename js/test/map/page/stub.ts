import { batch, signal } from "@preact/signals";
import type { Answer, AskOptions, Host } from "../../../src/host/host";
import { Marking } from "../../../src/host/marking";
import {
  CODE_FIRST,
  type ColorResult,
  type LensState,
  type Mode,
  type PredicateJson,
  type Verb,
  type Verbs,
} from "../../../src/host/protocol";
import type { Points, Store } from "../../../src/host/store";
import { type Coloring, PLAIN, type ViewState } from "../../../src/host/view";
import { lasso } from "../../../src/map/grid";

/** Random numbers that are the same each time: mulberry32. */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A bit for each flag, the first in the lowest. */
export function packed(flags: Uint8Array): Uint8Array {
  const bits = new Uint8Array(Math.ceil(flags.length / 8));
  for (const [i, flag] of flags.entries()) bits[i >> 3] = (bits[i >> 3] ?? 0) | (flag << (i & 7));
  return bits;
}

export interface Cloud {
  points: Points;
  /** Of each row: the cluster it belongs to, most frequent first; -1 is noise. */
  group: Int16Array;
  /** Of each row, in [0, 1]. */
  value: Float32Array;
}

/** Clusters of many sizes, each of small clumps along threads, and a little noise: as a map of texts looks. */
export function cloud(n: number, groups = 14, seed = 7): Cloud {
  const next = random(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const clumps: { group: number; x: number; y: number; spread: number; weight: number }[] = [];
  for (let group = 0; group < groups; group++) {
    const angle = group * 2.4;
    const away = 1.05 * Math.sqrt(group + 0.4);
    const home = [1.35 * away * Math.cos(angle), away * Math.sin(angle)] as const;
    const threads = 3 + Math.floor(5 * next());
    for (let thread = 0; thread < threads; thread++) {
      let [x, y] = [home[0] + 0.34 * normal(), home[1] + 0.34 * normal()];
      let heading = 2 * Math.PI * next();
      const thick = 0.02 + 0.09 * next();
      for (let step = 0; step < 30; step++) {
        heading += 0.5 * normal();
        x += 0.06 * Math.cos(heading) + 0.03 * (home[0] - x);
        y += 0.06 * Math.sin(heading) + 0.03 * (home[1] - y);
        const weight = (0.15 + next() ** 3) * (1 / (1 + group)) ** 0.35;
        clumps.push({ group, x, y, spread: thick * (0.5 + next()), weight });
      }
    }
  }
  const sums: number[] = [];
  for (const clump of clumps) sums.push((sums.at(-1) ?? 0) + clump.weight);
  const whole = sums.at(-1) ?? 1;
  const xs = new Float64Array(n);
  const ys = new Float64Array(n);
  const group = new Int16Array(n);
  const value = new Float32Array(n);
  for (let i = 0; i < n; i++) {
    const want = next() * whole;
    let [low, high] = [0, clumps.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sums[middle] ?? 0) < want) low = middle + 1;
      else high = middle;
    }
    const clump = clumps[low];
    if (clump === undefined) continue;
    const noise = next() < 0.015;
    const spread = noise ? 0.5 : clump.spread * (next() < 0.25 ? 2.2 : 1);
    xs[i] = clump.x + spread * normal();
    ys[i] = clump.y + spread * normal();
    group[i] = noise ? -1 : next() < 0.05 ? Math.floor(next() * groups) : clump.group;
    value[i] = Math.min(1, Math.max(0, 0.5 + 0.1 * (xs[i] ?? 0) + 0.07 * normal()));
  }
  return gridded(xs, ys, group, value);
}

/** Sorts points into a grid as host/points.ts does, but at once and in the order of the rows. */
export function gridded(
  xs: Float64Array,
  ys: Float64Array,
  group = new Int16Array(xs.length),
  value = new Float32Array(xs.length),
): Cloud {
  const n = xs.length;
  const grid = 256;
  const ends = (v: Float64Array) =>
    v.reduce(([a, b], c) => [Math.min(a, c), Math.max(b, c)] as [number, number], [
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
    ] as [number, number]);
  const [x0, x1] = n > 0 ? ends(xs) : [0, 1];
  const [y0, y1] = n > 0 ? ends(ys) : [0, 1];
  const scale: [number, number] = [(x1 - x0) / 65535, (y1 - y0) / 65535];
  const raw = new Uint16Array(2 * n);
  const cells = new Uint32Array(grid * grid + 1);
  const cellOf = (i: number) => {
    const column = Math.floor(((raw[2 * i] ?? 0) * grid) / 65536);
    return Math.floor(((raw[2 * i + 1] ?? 0) * grid) / 65536) * grid + column;
  };
  for (let i = 0; i < n; i++) {
    raw[2 * i] = scale[0] === 0 ? 0 : Math.round(((xs[i] ?? 0) - x0) / scale[0]);
    raw[2 * i + 1] = scale[1] === 0 ? 0 : Math.round(((ys[i] ?? 0) - y0) / scale[1]);
    const c = cellOf(i) + 1;
    cells[c] = (cells[c] ?? 0) + 1;
  }
  for (let c = 0; c < grid * grid; c++) cells[c + 1] = (cells[c + 1] ?? 0) + (cells[c] ?? 0);
  const at = cells.slice();
  const order = new Uint32Array(n);
  const places = new Int32Array(n);
  const xy = new Uint16Array(2 * n);
  for (let i = 0; i < n; i++) {
    const c = cellOf(i);
    const place = at[c] ?? 0;
    at[c] = place + 1;
    order[place] = i;
    places[i] = place;
    xy[2 * place] = raw[2 * i] ?? 0;
    xy[2 * place + 1] = raw[2 * i + 1] ?? 0;
  }
  const points: Points = {
    version: "v1",
    x: "x",
    y: "y",
    n,
    origin: [x0, y0],
    scale,
    grid,
    order,
    xy,
    cells,
    placeOf: (ordinal) => places[ordinal] ?? -1,
  };
  return { points, group, value };
}

/** A lens of a cloud that answers as the kernel would, some milliseconds late. */
export function stub(cloud: Cloud, { delayMs = 40, missing = 12 } = {}) {
  const { points } = cloud;
  const rows = points.n + missing;
  const state = signal<LensState | null>({
    revision: 1,
    rows,
    title: "stub",
    sample: null,
    columns: [],
    map: { x: "x", y: "y", version: points.version, placed: points.n },
    text: "text",
    color: null,
    selection: { clauses: [], count: rows, total: rows, canUndo: false, canRedo: false },
    focus: null,
  });
  const mask = signal<Uint8Array | null>(null);
  const calls: { source: string; predicate: PredicateJson | null; mode: Mode | undefined }[] = [];
  const host: Host = {
    can: () => true,
    ask: <V extends Verb>(verb: V, args: Verbs[V]["args"], _options?: AskOptions): Promise<Answer<V>> =>
      new Promise((resolve, reject) => {
        if (verb !== "snippet" || !("ordinals" in args)) return reject(new Error(verb));
        const texts = args.ordinals.map(
          (one) =>
            `Sample ${one}: <b>a text</b> of the corpus that goes on for a while, ${"word ".repeat(60)}`,
        );
        const result = { texts, keys: args.ordinals.map(String) } as Verbs[V]["result"];
        setTimeout(() => resolve({ result, arrays: {}, revision: 1 }), delayMs);
      }),
    listen: () => {},
    close: () => {},
  };
  const patch = (change: Partial<LensState>) => {
    if (state.value !== null) state.value = { ...state.value, ...change, revision: state.value.revision + 1 };
  };
  const select = (flags: Uint8Array | null, predicate: PredicateJson | null) => {
    const bits = flags === null ? null : new Uint8Array(Math.ceil(rows / 8));
    let count = 0;
    flags?.forEach((flag, place) => {
      if (flag !== 1 || bits === null) return;
      const row = points.order[place] ?? 0;
      bits[row >> 3] = (bits[row >> 3] ?? 0) | (1 << (row & 7));
      count++;
    });
    const clause = {
      source: "map" as const,
      label: "inside lasso",
      detail: "",
      count,
      note: null,
      predicate,
    };
    batch(() => {
      mask.value = bits;
      patch({
        selection: {
          clauses: flags === null ? [] : [clause],
          count: flags === null ? rows : count,
          total: rows,
          canUndo: true,
          canRedo: false,
        },
      });
    });
  };
  const store: Store = {
    host,
    state,
    mask,
    hovered: signal(null),
    near: signal([]),
    progress: signal(null),
    responsive: signal(true),
    connected: signal(true),
    problem: signal(null),
    get marking() {
      return marking;
    },
    points: async () => points,
    setClause: (source, predicate, mode) => {
      calls.push({ source, predicate, mode });
      setTimeout(() => {
        select(predicate?.op === "inside" ? lasso(points, predicate.polygon) : null, predicate);
      }, delayMs);
    },
    clear: () => select(null, null),
    undo: () => {},
    redo: () => {},
    focus: (ordinal) => patch({ focus: ordinal === null ? null : { ordinal, key: String(ordinal) } }),
    stop: () => {},
    tell: async () => {},
  };
  const marking = new Marking(store);
  const view: ViewState = {
    store,
    color: signal<string | null>(null),
    scale: signal(null),
    tool: signal("pan"),
    sort: signal([]),
    pageSize: signal(25),
    dialect: signal("pandas"),
    coloring: signal<Coloring | null>(null),
    sizing: signal<Coloring | null>(null),
    dark: signal(false),
    names: signal(true),
    look: signal(PLAIN),
    dispose: () => {},
  };
  return { store, view, calls, select, patch };
}

export function categories({ points, group }: Cloud): Coloring {
  const counts = new Map<number, number>();
  for (const one of group) counts.set(one, (counts.get(one) ?? 0) + 1);
  const ranked = [...counts].sort((a, b) => b[1] - a[1]).map(([one]) => one);
  const code = new Map(ranked.map((one, index) => [one, CODE_FIRST + index]));
  const result: ColorResult = {
    kind: "category",
    column: "cluster",
    points: points.version,
    nulls: 0,
    notComputed: 0,
    values: ranked.map((one) => ({
      value: one,
      label: one < 0 ? "noise" : `cluster ${one}`,
      count: counts.get(one) ?? 0,
      selected: 0,
    })),
    other: { values: 0, count: 0, selected: 0 },
  };
  return { result, codes: Uint8Array.from(group, (one) => code.get(one) ?? 0) };
}

export function numbers({ points, value }: Cloud): Coloring {
  const result: ColorResult = {
    kind: "number",
    column: "loss",
    points: points.version,
    nulls: 0,
    notComputed: 0,
    scale: "linear",
    scales: ["linear"],
    format: "number",
    domain: [0, 1],
    labels: ["0", "1"],
    edges: [0, 1],
    edgeLabels: ["0", "1"],
    counts: [points.n],
    selected: [points.n],
  };
  return {
    result,
    codes: Uint8Array.from(value, (one, i) => (i % 97 === 0 ? 0 : CODE_FIRST + Math.round(one * 252))),
  };
}
