// @vitest-environment happy-dom

import { describe, expect, test, vi } from "vitest";
import { mountExplorer, mountReader } from "../../src/explorer/explorer";
import type { ColumnInfo } from "../../src/host/protocol";
import { PLAIN } from "../../src/host/view";
import { chunked } from "../../src/reader/chunks";
import { one, press, show, texts, until } from "./setup";

// The map needs WebGL; it has tests of its own.
const map = vi.hoisted(() => ({ fitted: 0, destroyed: 0 }));
vi.mock("../../src/map/map", () => ({
  MapView: class {
    fit() {
      map.fitted += 1;
    }
    fitSelection() {}
    destroy() {
      map.destroyed += 1;
    }
  },
}));

async function shown(color = "label") {
  const all = show(mountExplorer, { color });
  await until("rows", () => all.el.querySelectorAll("tbody tr").length === 25);
  await until("legend", () => all.el.querySelector(".dl-legend") !== null);
  return { ...all, root: one(all.el, ".datalens", HTMLElement) };
}
const clauses = (view: Awaited<ReturnType<typeof shown>>["view"]) =>
  view.store.state.value?.selection.clauses ?? [];

describe("explorer", () => {
  test("has its landmarks, and none for the map, whose surface is named itself", async () => {
    const { el } = await shown();
    const names = [...el.querySelectorAll("section")].map((s) => s.getAttribute("aria-label"));
    expect(names).toEqual(["Legend", "Table", "Reader", "Where"]);
  });
  test("announces the count", async () => {
    const { el, view } = await shown();
    const total = one(el, '[aria-live="polite"].dl-total', HTMLElement);
    expect(total.textContent).toBe("60 of 60 selected");
    view.store.setClause("code", { op: "is_in", column: "id", values: ["doc-00001"] });
    await until("counted", () => total.textContent === "1 of 60 selected");
  });
  test("sets size and opacity of points, and takes them back", async () => {
    const { el, view } = await shown();
    one(el, '[aria-label="Looks of the map"]', HTMLButtonElement).click();
    await until("sliders", () => el.querySelectorAll('[type="range"]').length === 2);
    const size = one(el, '[type="range"]', HTMLInputElement);
    expect([size.value, size.getAttribute("aria-valuetext")]).toEqual(["0", "100 %"]);
    size.value = "1";
    size.dispatchEvent(new Event("input", { bubbles: true }));
    expect(view.look.value).toEqual({ ...PLAIN, size: 2 });
    await until("said", () => size.getAttribute("aria-valuetext") === "200 %");
    one(el, '[aria-label="As it was at first"]', HTMLButtonElement).click();
    expect(view.look.value).toEqual(PLAIN);
    await until("back", () => size.value === "0");
  });
  test("sizes points by numbers alone, and orders them as their colors can be", async () => {
    const { el, view } = await shown();
    one(el, '[aria-label="Looks of the map"]', HTMLButtonElement).click();
    const selects = () => [...el.querySelectorAll<HTMLSelectElement>(".dl-looks select")];
    await until("selects", () => selects().length === 2);
    const options = (select: HTMLSelectElement | undefined) =>
      [...(select?.options ?? [])].map(({ text }) => text);
    const names = view.store.state.value?.columns.filter((c) => c.numeric || /bool|date/.test(c.kind));
    expect(options(selects()[0])).toEqual(["nothing", ...(names?.map(({ name }) => name) ?? [])]);
    expect(options(selects()[0])).not.toContain("text");
    view.color.value = "label";
    await until("rare", () => options(selects()[1]).includes("rare values"));
    view.color.value = "loss";
    await until("high", () => options(selects()[1]).includes("high values"));
    const order = selects()[1] as HTMLSelectElement;
    order.selectedIndex = 1;
    order.dispatchEvent(new Event("change", { bubbles: true }));
    expect(view.look.value.order).toBe("high values");
    view.color.value = null;
    await until("none", () => selects()[1]?.disabled === true);
    expect(selects()[1]?.title).toBe("Color the map by a column first");
  });
  test("counts of a sample say so", async () => {
    const { el, view, lens } = await shown();
    lens.sample = { of: 1_204_332, title: "corpus.parquet", how: "sampled by 'source', random_state=0" };
    view.store.setClause("code", { op: "is_in", column: "id", values: ["doc-00001"] });
    const total = one(el, ".dl-total", HTMLElement);
    await until("counted", () => total.textContent === "1 of 60 sampled rows selected");
    expect(total.title).toBe(
      "a sample of 1,204,332 rows of corpus.parquet: sampled by 'source', random_state=0",
    );
    expect(one(el, ".dl-rows", HTMLElement).textContent).toBe("1–1 of 1 sampled");
    view.store.clear();
    await until(
      "all",
      () => texts(el, ".dl-chips > .dl-muted")[0] === "no conditions: all 60 rows of the sample",
    );
  });
  test("takes itself down", async () => {
    const { el, unmount } = await shown();
    const before = map.destroyed;
    unmount();
    await until("gone", () => map.destroyed === before + 1);
    expect(el.querySelector(".datalens")).toBeNull();
  });
  test("says what went wrong until dismissed", async () => {
    const { el, view } = await shown();
    view.store.problem.value = "There is no column 'a'.";
    await until("said", () => el.querySelector('[role="alert"]')?.textContent === "There is no column 'a'.");
    one(el, '[aria-label="Dismiss"]', HTMLButtonElement).click();
    expect(view.store.problem.value).toBeNull();
  });
  test("says that it waits for the kernel, and whether that can be reached", async () => {
    const { el, view } = await shown();
    const said = () => el.querySelector(".dl-status")?.textContent;
    view.store.responsive.value = false;
    await until("busy", () => said() === "kernel busy");
    view.store.connected.value = false;
    await until("gone", () => said() === "no connection to the kernel");
    view.store.responsive.value = true;
    await until("well", () => said() === "");
  });
  test("shows a step's progress and stops it", async () => {
    const { el, view, lens } = await shown();
    view.store.progress.value = { label: "project", done: 45, total: 100 };
    await until(
      "progress",
      () => el.querySelector(".dl-status")?.textContent?.includes("project 45 %") ?? false,
    );
    one(el, '[aria-label="Stop project"]', HTMLButtonElement).click();
    expect(lens.asked.at(-1)?.verb).toBe("stop");
  });
});

describe("legend", () => {
  test("a click isolates, and is pressed", async () => {
    const { el, view } = await shown();
    const row = one(el, ".dl-legend button.dl-legend-row", HTMLButtonElement);
    row.click();
    await until("pressed", () => row.getAttribute("aria-pressed") === "true");
    expect(clauses(view).map((c) => c.source)).toEqual(["column:label"]);
    row.click();
    await until("cleared", () => clauses(view).length === 0);
  });
  test("the row of nulls is a condition too", async () => {
    const { el, view } = await shown("created");
    await until("the row", () =>
      texts(el, ".dl-legend button.dl-legend-row").some((t) => t.startsWith("null")),
    );
    one(el, ".dl-legend button.dl-legend-row", HTMLButtonElement).click();
    await until("clause", () => clauses(view)[0]?.predicate?.op === "is_null");
  });
  test("handles of the histogram move by key", async () => {
    const { el, view } = await shown("loss");
    press(one(el, '[role="slider"]', HTMLElement), "ArrowRight");
    await until("clause", () => clauses(view)[0]?.predicate?.op === "between");
    expect(one(el, '[role="slider"]', HTMLElement).getAttribute("aria-valuenow")).toBe("1");
  });
});

describe("search", () => {
  test("Enter sends it, emptying clears it, removing its chip empties the field", async () => {
    const { el, view } = await shown();
    const input = one(el, ".dl-search input", HTMLInputElement);
    expect(input.placeholder).toBe("Find exact text in text");
    input.value = "research";
    press(input, "Enter");
    await until("found", () => clauses(view)[0]?.source === "search");
    await until("marked", () => texts(el, "tbody mark").includes("research"));
    one(el, '.dl-chip [aria-label^="Remove"]', HTMLButtonElement).click();
    await until("emptied", () => input.value === "");
    expect(clauses(view)).toEqual([]);
    // Once more, set and removed before a frame has passed.
    input.value = "paper";
    press(input, "Enter");
    while (clauses(view).length === 0) await Promise.resolve();
    view.store.setClause("search", null);
    await until("emptied again", () => input.value === "");
  });
});

describe("where", () => {
  test("says there are no conditions, else chips with and between", async () => {
    const { el, view } = await shown();
    expect(texts(el, ".dl-chips > .dl-muted")).toEqual(["no conditions: all 60 rows"]);
    view.store.setClause("search", { op: "contains", column: "text", value: "the" });
    view.store.setClause("column:label", { op: "is_null", column: "label" });
    await until("two chips", () => texts(el, ".dl-chip").length === 2);
    expect(texts(el, ".dl-and")).toEqual([" and "]);
  });
  test("offers the code of both forms, and copies one", async () => {
    const { el } = await shown();
    const copied: string[] = [];
    vi.stubGlobal("navigator", { clipboard: { writeText: async (text: string) => void copied.push(text) } });
    one(el, '[aria-label="Copy as pandas"]', HTMLButtonElement).click();
    await until("forms", () => el.querySelectorAll("pre[data-form]").length === 2);
    const code = one(el, 'pre[data-form="keys"]', HTMLPreElement).textContent ?? "";
    expect(code.split("\n").length).toBe(ROWS_OF_KEYS);
    one(el, '[aria-label="Copy: Keys of the rows"]', HTMLButtonElement).click();
    await until("said", () => texts(el, ".dl-said").includes(`copied, ${ROWS_OF_KEYS - 1} lines`));
    expect(copied).toEqual([code]);
    vi.unstubAllGlobals();
    press(one(el, ".dl-menu", HTMLElement), "Escape");
    await until("closed", () => el.querySelector(".dl-menu") === null);
  });
});
describe("copy as", () => {
  const choose = (el: HTMLElement, name: string) => {
    const select = one(el, '[aria-label="Language of the code"]', HTMLSelectElement);
    select.value = name;
    select.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const columns = (el: HTMLElement) => el.querySelector('pre[data-form="columns"]')?.textContent ?? "";

  test("another language is chosen beside the button, and the menu follows", async () => {
    const { el, view } = await shown();
    expect(texts(el, '[aria-label="Language of the code"] option')).toEqual(["pandas", "duckdb", "lance"]);
    choose(el, "duckdb");
    await until("named", () => el.querySelector('[aria-label="Copy as duckdb"]') !== null);
    one(el, '[aria-label="Copy as duckdb"]', HTMLButtonElement).click();
    await until("code", () => columns(el).includes("# duckdb"));
    choose(el, "pandas");
    await until("other code", () => columns(el).includes("# pandas"));
    expect(view.dialect.value).toBe("pandas");
  });
  test("what can't be expressed shows its sentence in place of the code", async () => {
    const { el } = await shown();
    choose(el, "lance");
    await until("named", () => el.querySelector('[aria-label="Copy as lance"]') !== null);
    one(el, '[aria-label="Copy as lance"]', HTMLButtonElement).click();
    await until("said", () => texts(el, ".dl-form p")[0] === "lance can't express a polygon: take the keys.");
    expect(el.querySelector('pre[data-form="columns"]')).toBeNull();
    expect(el.querySelector('pre[data-form="keys"]')).not.toBeNull();
    expect(one(el, '[aria-label^="Copy: Conditions"]', HTMLButtonElement).disabled).toBe(true);
  });
  test("a language that this kernel does not know is not asked for", async () => {
    const { el, view } = await shown();
    view.dialect.value = "mute";
    await until("the first", () => el.querySelector('[aria-label="Copy as pandas"]') !== null);
    one(el, '[aria-label="Copy as pandas"]', HTMLButtonElement).click();
    await until("code", () => columns(el).includes("# pandas"));
  });
});

// Sixty keys, a comment, two brackets, the selection, and the end of the last line.
const ROWS_OF_KEYS = 65;

describe("keys", () => {
  test("none reaches the notebook", async () => {
    const { root } = await shown();
    const heard = vi.fn();
    document.addEventListener("keydown", heard);
    press(root, "d");
    press(root, "j");
    press(one(root, ".dl-search input", HTMLInputElement), "x");
    document.removeEventListener("keydown", heard);
    expect(heard).not.toHaveBeenCalled();
    expect(root.dataset.lmSuppressShortcuts).toBe("true");
  });
  test("tools, fit, search, samples, undo and help", async () => {
    const { root, el, view, lens } = await shown();
    press(root, "L");
    expect(view.tool.value).toBe("lasso");
    // The map is there an effect later than the rest.
    await until("fitted", () => {
      press(root, "f");
      return map.fitted > 0;
    });
    press(root, "/");
    expect(document.activeElement).toBe(el.querySelector(".dl-search input"));
    press(root, "j");
    press(root, "j");
    expect(view.store.state.value?.focus?.ordinal).toBe(1);
    press(root, "k");
    expect(view.store.state.value?.focus?.ordinal).toBe(0);
    press(root, "z", { ctrlKey: true });
    expect(lens.asked.at(-1)?.verb).toBe("undo");
    press(root, "z", { metaKey: true, shiftKey: true });
    expect(lens.asked.at(-1)?.verb).toBe("redo");
    press(root, "?");
    await until("help", () => el.querySelector('[role="dialog"]') !== null);
  });
  test("letters typed in the search are letters", async () => {
    const { el, view } = await shown();
    const event = press(one(el, ".dl-search input", HTMLInputElement), "j");
    expect(event.defaultPrevented).toBe(false);
    expect(view.store.state.value?.focus).toBeNull();
  });
  test("Esc clears what the map selects, and nothing else", async () => {
    const { root, view } = await shown();
    view.store.setClause("search", { op: "contains", column: "text", value: "the" });
    view.store.setClause("map", {
      op: "inside",
      x: "x",
      y: "y",
      polygon: [
        [-9, -9],
        [9, -9],
        [0, 9],
      ],
    });
    await until("two", () => clauses(view).length === 2);
    press(root, "Escape");
    await until("one", () => clauses(view).length === 1);
    expect(clauses(view)[0]?.source).toBe("search");
  });
});

describe("reader", () => {
  test("says what to do while nothing is in focus, then shows the sample and its place", async () => {
    const { el, view } = show(mountReader);
    await until("empty", () => el.textContent?.includes("Click a point or a row to read it here.") ?? false);
    view.store.focus(16);
    await until("place", () => el.querySelector(".dl-place")?.textContent === "17 of 60");
    expect(one(el, ".dl-sample", HTMLElement).textContent).toBe("doc-00016");
    expect(one(el, ".dl-text", HTMLElement).textContent).toBe(view.lens.table.text?.[16]);
  });
  test("cuts a long text at line ends, and loses nothing", () => {
    const text = `${"line of words\n".repeat(3000)}end`;
    const parts = chunked(text);
    expect(parts.length).toBeGreaterThan(3);
    expect(parts.join("")).toBe(text);
    expect(parts.slice(0, -1).every((part) => part.endsWith("\n"))).toBe(true);
  });
});

describe("hostile values", () => {
  test("stay text in names, categories, cells and the reader", async () => {
    const evil = "<img src=x onerror=alert(1)></script><script>alert(2)</script>";
    const info = (name: string, more: Partial<ColumnInfo>): ColumnInfo => ({
      name,
      kind: "category",
      numeric: false,
      derived: false,
      role: null,
      nulls: 0,
      notComputed: 0,
      version: null,
      ...more,
    });
    const columns = [info(evil, {}), info("t", { kind: "text", role: "text" }), info("id", { role: "key" })];
    const table = { [evil]: [evil, "b"], t: [evil, "c"], id: [evil, "d"] };
    const { el, view } = show(mountExplorer, { color: evil, table, columns, text: "t" });
    await until("rows", () => el.querySelectorAll("tbody tr").length === 2);
    await until("legend", () => el.querySelector(".dl-legend .dl-legend-row") !== null);
    view.store.focus(0);
    view.store.setClause(`column:${evil}`, { op: "eq", left: { column: evil }, right: { value: evil } });
    await until("chip", () => el.querySelector(".dl-chip") !== null);
    await until("reader", () => el.querySelector(".dl-text")?.textContent === evil);
    expect(el.querySelectorAll("img, script")).toHaveLength(0);
    expect(texts(el, "th").some((t) => t.startsWith(evil))).toBe(true);
    expect(texts(el, "tbody td")).toContain(evil);
    expect(texts(el, ".dl-legend .dl-legend-row .dl-clip")).toContain(evil);
  });
});
