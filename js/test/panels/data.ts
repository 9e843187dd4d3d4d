import type { ColumnInfo, ColumnKind } from "../../src/host/protocol";

export type Raw = string | number | null | undefined;
export type Table = Record<string, Raw[]>;

/** The same numbers each time. */
export function random(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const SUBJECTS = [
  "The central bank",
  "A research team",
  "The home side",
  "Two start-ups",
  "A regional court",
  "The ministry",
  "An open-source project",
  "The touring band",
];
const VERBS = ["announced", "questioned", "won", "published", "rejected", "measured", "rebuilt", "delayed"];
const OBJECTS = [
  "a new rate decision",
  "results on protein folding",
  "the final by two goals",
  "a merger of equals",
  "an appeal over water rights",
  "the budget for rural schools",
  "a faster compiler",
  "three dates in the north",
];
const TAILS = [
  "after months of debate.",
  "although few had expected it.",
  "and shares fell by 3.2 percent.",
  "while critics asked for the raw data.",
  "for the second time this year.",
  "citing a shortage of parts.",
];
const LABELS = ["World", "Sports", "Business", "Sci/Tech"];
const SOURCES = ["cc-2024-10", "wikipedia", "books", "forum", "<img src=x onerror=alert(1)>"];
const CLUSTERS = [
  "central bank, rates, inflation",
  "protein, folding, cell",
  "goals, final, league",
  "merger, shares, deal",
  "court, appeal, water",
  "budget, schools, rural",
  "compiler, linker, patch",
  "tour, band, album",
  "election, ballot, vote",
  "storm, coast, flood",
  "chip, wafer, fab",
  "vaccine, trial, dose",
  "orbit, probe, launch",
  "strike, union, wage",
  "oil, barrel, pipeline",
  "museum, painting, loan",
  "drug, court, police",
  "phone, battery, screen",
  "noise",
];

export const COLUMNS: ColumnInfo[] = [
  column("id", "text", { role: "key" }),
  column("label", "category", { role: "label" }),
  column("text", "text", { role: "text" }),
  column("source", "category", { role: "source" }),
  column("tokens", "integer", { numeric: true }),
  column("created", "datetime"),
  column("meta", "nested"),
  column("x", "number", { role: "x", numeric: true, derived: true }),
  column("y", "number", { role: "y", numeric: true, derived: true }),
  column("cluster", "category", { derived: true }),
  column("loss", "number", { numeric: true, derived: true }),
  column("quality", "number", { numeric: true, derived: true }),
];

/** The same with a column of vectors, which the stub works out by itself. */
export const WITH_VECTORS: ColumnInfo[] = [
  ...COLUMNS,
  column("embedding", "vector", { role: "embedding", derived: true, version: "e1" }),
];

function column(name: string, kind: ColumnKind, more: Partial<ColumnInfo> = {}): ColumnInfo {
  return {
    name,
    kind,
    numeric: false,
    derived: false,
    role: null,
    nulls: 0,
    notComputed: 0,
    version: null,
    ...more,
  };
}

/** A made-up corpus: `undefined` is not computed. */
export function corpus(rows: number): Table {
  const next = random(7);
  const pick = <T>(of: readonly T[]): T => of[Math.floor(next() * of.length)] as T;
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(6.2832 * next());
  const centres = CLUSTERS.map(() => [normal() * 5, normal() * 4, 0.35 + next() * 0.8] as const);
  const table: Table = Object.fromEntries(COLUMNS.map(({ name }) => [name, []]));
  for (let i = 0; i < rows; i++) {
    const c = Math.min(CLUSTERS.length - 1, Math.floor(next() ** 1.5 * CLUSTERS.length));
    const [cx, cy, spread] = centres[c] ?? [0, 0, 1];
    const sentences = Array.from(
      { length: 1 + Math.floor(next() ** 3 * 14) },
      () => `${pick(SUBJECTS)} ${pick(VERBS)} ${pick(OBJECTS)} ${pick(TAILS)}`,
    );
    const text = sentences.reduce((all, s, k) => all + (k === 0 ? "" : k % 4 === 3 ? "\n\n" : " ") + s, "");
    const day = new Date(Date.UTC(2021, 0, 1) + next() * 1.2e11);
    const row: Record<string, Raw> = {
      id: `doc-${String(i).padStart(5, "0")}`,
      label: LABELS[(c + (next() < 0.12 ? 1 : 0)) % 4],
      text: i % 211 === 5 ? "<script>alert('x')</script> </script> <b>not bold</b>" : text,
      source: next() < 0.015 ? null : SOURCES[Math.min(4, Math.floor(next() ** 2 * 4.06))],
      tokens: Math.round(text.length / 4.2),
      created: next() < 0.02 ? null : day.toISOString().slice(0, 19),
      meta: `{"url": "https://example.org/${i}", "score": ${next().toFixed(3)}}`,
      x: cx + normal() * spread,
      y: cy + normal() * spread,
      cluster: CLUSTERS[c],
      loss: Math.exp(normal() * 0.55 + 0.6 + (c % 5) * 0.12),
      quality: i % 3 === 0 ? undefined : next() < 0.03 ? null : next() ** 0.5,
    };
    for (const { name } of COLUMNS) table[name]?.push(row[name]);
  }
  return table;
}
