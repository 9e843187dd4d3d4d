// @vitest-environment happy-dom
import { describe, expect, test, vi } from "vitest";
import { mountExplorer } from "../../src/explorer/explorer";
import { corpus } from "./data";
import { one, press, ROWS, show, texts, until } from "./setup";

vi.mock("../../src/map/map", () => ({
  MapView: class {
    fit() {}
    fitSelection() {}
    destroy() {}
  },
}));

const PLACE = /^(centre|top|bottom|left|right|(upper|lower) (left|right))$/;
const HOSTILE = "<img src=x onerror=alert(1)>";

async function shown(color: string | null, table = corpus(ROWS)) {
  const made = show(mountExplorer, { color, table });
  await until("the map in words", () => made.el.querySelector(".dl-words") !== null);
  const words = one(made.el, ".dl-words", HTMLElement);
  const rows = () => [...words.querySelectorAll("button")];
  if (color !== null) await until("colors", () => words.textContent?.includes("colored by") ?? false);
  return { ...made, words, rows };
}

describe("the map in words", () => {
  test("lists the values that color the map as text, the largest first, with counts and places", async () => {
    const table = corpus(ROWS);
    table.source = Array.from({ length: ROWS }, (_, i) => (i % 5 ? "web" : HOSTILE));
    const { words, rows, view } = await shown("source", table);
    await until("places", () => texts(words, "button .dl-muted").every((place) => PLACE.test(place)));
    const result = view.coloring.value?.result;
    if (result?.kind !== "category") throw new Error("no categories");
    expect(texts(words, "button .dl-clip")).toEqual(result.values.map(({ label }) => label));
    expect(texts(words, "button .dl-count")).toEqual(result.values.map(({ count }) => String(count)));
    expect(texts(words, "button .dl-clip")).toContain(HOSTILE);
    expect(words.querySelector("img")).toBeNull();
    expect(texts(words, "p")[0]).toBe(
      `60 points, 60 of 60 rows selected, colored by source: ${rows().length} values`,
    );
  });

  test("one stop for Tab; arrows, Home and End walk; a click isolates and says what is selected", async () => {
    const { words, rows, view } = await shown("label");
    const stops = () => rows().flatMap((row, i) => (row.tabIndex === 0 ? [i] : []));
    await until("rows", () => rows().length === 4);
    expect([stops(), words.tabIndex]).toEqual([[0], -1]);
    for (const [key, to] of [
      ["ArrowDown", 1],
      ["End", 3],
      ["ArrowDown", 3],
      ["ArrowUp", 2],
      ["Home", 0],
    ] as const) {
      expect(
        press(
          document.activeElement === document.body
            ? (rows()[0] as Element)
            : (document.activeElement as Element),
          key,
        ).defaultPrevented,
      ).toBe(true);
      await until(`row ${to}`, () => stops()[0] === to);
      expect(document.activeElement).toBe(rows()[to]);
    }
    const label = texts(words, "button .dl-clip")[1];
    rows()[1]?.click();
    await until("isolated", () => rows()[1]?.getAttribute("aria-pressed") === "true");
    expect(view.store.state.value?.selection.clauses[0]?.predicate).toEqual({
      op: "eq",
      left: { column: "label" },
      right: { value: label },
    });
    await until("none of the others", () => /^0 of \d+$/.test(texts(words, "button .dl-count")[0] ?? ""));
    expect(texts(words, "button .dl-count")[1]).toMatch(/^(\d+) of \1$/);
    view.store.clear();
    await until("all again", () => /^\d+$/.test(texts(words, "button .dl-count")[0] ?? ""));
  });

  test("is one sentence, with a stop of its own, where no value has a color", async () => {
    const one = await shown(null);
    expect([one.words.textContent, one.words.tabIndex]).toEqual([
      "60 points, 60 of 60 rows selected, in one color",
      0,
    ]);
    const { words, view } = await shown("loss");
    view.store.setClause("code", { op: "is_in", column: "id", values: ["doc-00001"] });
    await until("counted", () => words.textContent === "60 points, 1 of 60 rows selected, colored by loss");
  });

  test("names the first fifty of many values", async () => {
    const table = corpus(ROWS);
    table.source = Array.from({ length: ROWS }, (_, i) => `s${i}`);
    const { words, rows } = await shown("source", table);
    await until("rows", () => rows().length === 50);
    expect(texts(words, "p")[0]).toContain("colored by source: the first 50 of 60 values");
  });
});
