// @vitest-environment happy-dom
import { describe, expect, test, vi } from "vitest";
import { mountExplorer } from "../../src/explorer/explorer";
import { KEYS, type Where } from "../../src/host/keys";
import { Gestures, type GestureTarget } from "../../src/map/gestures";
import { WITH_VECTORS } from "./data";
import { one, press, show, texts, until } from "./setup";

// The map needs WebGL; its keys are those of its gestures, which are here.
vi.mock("../../src/map/map", () => ({
  MapView: class {
    fit() {}
    fitSelection() {}
    destroy() {}
  },
}));

/** The explorer with a row in focus, neighbours and a condition; and what takes the keys of each place. */
async function places(): Promise<Record<Where, HTMLElement>> {
  const { el, view, lens } = show(mountExplorer, { columns: WITH_VECTORS, color: "label" });
  await until("rows", () => el.querySelectorAll("tbody tr").length === 25);
  await lens.ask("mark", { what: "tag", ordinal: 5, tag: "a" });
  view.store.setClause("map", { op: "is_null", column: "label" });
  view.store.setClause("map", null);
  view.store.setClause("search", { op: "contains", column: "text", value: "" });
  view.store.focus(0);
  await until("neighbours", () => el.querySelector("[role=listbox]") !== null);
  await until("a condition", () => el.querySelector(".dl-chip-label") !== null);
  await until("marks", () => el.querySelector(".dl-tag-input") !== null);
  await until("the map in words", () => el.querySelector(".dl-words button") !== null);
  const root = one(el, ".datalens", HTMLElement);
  const surface = document.createElement("div");
  const target = new Proxy({}, { get: () => () => true }) as GestureTarget;
  new Gestures(surface, target);
  return {
    view: root,
    map: surface,
    words: one(el, ".dl-words button", HTMLElement),
    table: one(el, ".dl-scroller", HTMLElement),
    neighbours: one(el, "[role=listbox]", HTMLElement),
    condition: one(el, ".dl-chip-label", HTMLElement),
  };
}

function pressChord(at: HTMLElement, chord: string): boolean {
  const parts = chord === "+" ? ["+"] : chord.split("+");
  const name = parts.at(-1) ?? "";
  const shiftKey = parts.includes("Shift");
  const key = name !== "digit" ? name : shiftKey ? "!" : "1";
  const code = name === "digit" ? "Digit1" : "";
  return press(at, key, { code, shiftKey, ctrlKey: parts.includes("Mod") }).defaultPrevented;
}

const PLACES = ["view", "map", "words", "table", "neighbours", "condition"] as const;

test.each(PLACES)("each key does something in: %s", async (where) => {
  const at = await places();
  const chords = KEYS.filter(([place]) => place === where).flatMap(([, , chords]) => chords.split(" "));
  expect(chords.length).toBeGreaterThan(2);
  expect(chords.filter((chord) => !pressChord(at[where], chord))).toEqual([]);
});

describe("no other key", () => {
  const named = [
    "Enter",
    "Tab",
    "Home",
    "End",
    "PageUp",
    "PageDown",
    "Insert",
    "Delete",
    "Backspace",
    "Escape",
  ];
  const arrows = ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "F1", "F2", "F5", " "];
  const printable = Array.from({ length: 94 }, (_, i) => String.fromCharCode(33 + i));
  test.each(PLACES)("does anything in: %s", async (where) => {
    const at = await places();
    const mine = new Set<string>(
      KEYS.filter(([place]) => place === where || place === "view").flatMap(([, , chords]) =>
        chords.split(" "),
      ),
    );
    const acted = [...named, ...arrows, ...printable].filter((key) => {
      const name = /^[1-9]$/.test(key) ? "digit" : key.length === 1 ? key.toLowerCase() : key;
      return !mine.has(name) && press(at[where], key).defaultPrevented;
    });
    expect(acted).toEqual([]);
    const control = [..."abcdefghijklmnopqrstuvwx"].filter(
      (key) => press(at[where], key, { ctrlKey: true }).defaultPrevented,
    );
    expect(control).toEqual([]);
  });
});

test("the sheet has a line for each, and says where it works", async () => {
  const { view } = await places();
  press(view, "?");
  await until("the sheet", () => view.querySelector(".dl-help") !== null);
  const lines = texts(view, ".dl-help dd");
  for (const [, , , what] of KEYS) expect(lines).toContain(what);
  expect(texts(view, ".dl-help h4")).toEqual([
    "Everywhere", "In the map", "In the map in words (Tab from the map)", "In the table", "In the neighbours", "On a condition",
  ]); // biome-ignore format: a list
  const keys = Object.fromEntries(
    [...view.querySelectorAll(".dl-help dl div")].map((row) => [
      row.querySelector("dd")?.textContent,
      texts(row, "kbd"),
    ]),
  );
  expect(keys["tag all selected rows with it"]).toEqual(["Shift\u00a01–9"]);
  expect(keys["zoom in"]).toEqual(["+", "="]);
  expect(keys.pan).toEqual(["←", "→", "↑", "↓"]);
  expect(keys["redo it"]).toEqual(["Ctrl\u00a0Shift\u00a0Z", "Ctrl\u00a0Y"]);
  expect(keys.remove).toEqual(["Del", "Backspace"]);
});
