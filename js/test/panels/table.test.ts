// @vitest-environment happy-dom
import { describe, expect, test } from "vitest";
import { mountTable } from "../../src/explorer/explorer";
import { clicked, ordered } from "../../src/table/columns";
import { COLUMNS } from "./data";
import { one, press, ROWS, show, texts, until } from "./setup";

const firstKeys = (el: Element) => texts(el, "tbody tr td:first-child");

async function shown() {
  const all = show(mountTable);
  await until("rows", () => firstKeys(all.el).length === 25);
  return all;
}

describe("columns", () => {
  test("key, text and roles come first, places last", () => {
    const names = ordered(COLUMNS).map((c) => c.name);
    expect(names.slice(0, 4)).toEqual(["id", "text", "label", "source"]);
    expect(names.slice(-2)).toEqual(["x", "y"]);
  });
  test("a click sorts up, down, not at all; shift adds", () => {
    const up = clicked([], "a", false);
    const down = clicked(up, "a", false);
    expect([up, down, clicked(down, "a", false)]).toEqual([
      [{ column: "a", descending: false }],
      [{ column: "a", descending: true }],
      [],
    ]);
    expect(clicked(up, "b", true).map((s) => s.column)).toEqual(["a", "b"]);
  });
});

describe("pages", () => {
  test("go through all rows", async () => {
    const { el } = await shown();
    expect(one(el, ".dl-rows", HTMLElement).textContent).toBe(`1–25 of ${ROWS}`);
    one(el, '[aria-label="Last page"]', HTMLButtonElement).click();
    await until("the last page", () => firstKeys(el).length === 10);
    expect(firstKeys(el)[0]).toBe("doc-00050");
  });
  test("a typed page number is gone to", async () => {
    const { el } = await shown();
    const input = one(el, '[aria-label="Page"]', HTMLInputElement);
    input.value = "2";
    input.dispatchEvent(new Event("change", { bubbles: true }));
    await until("page two", () => firstKeys(el)[0] === "doc-00025");
  });
  test("another selection starts at its first page, and stale answers are dropped", async () => {
    const { el, view, lens } = await shown();
    let release = () => {};
    lens.gate = new Promise((resolve) => {
      release = resolve;
    });
    one(el, '[aria-label="Next page"]', HTMLButtonElement).click();
    await until("asked", () => lens.asked.at(-1)?.verb === "page");
    lens.gate = null;
    view.store.setClause("search", { op: "is_in", column: "id", values: ["doc-00003", "doc-00007"] });
    await until("two rows", () => firstKeys(el).length === 2);
    release();
    await until("settled", () => !el.querySelector('[data-loading="true"]'));
    expect(firstKeys(el)).toEqual(["doc-00003", "doc-00007"]);
  });
  test("the focus alone asks for no page again", async () => {
    const { el, view, lens } = await shown();
    const before = lens.asked.filter((a) => a.verb === "page").length;
    view.store.focus(3);
    await until("marked", () => el.querySelector('tr[aria-current="true"]') !== null);
    expect(lens.asked.filter((a) => a.verb === "page").length).toBe(before);
  });
});

describe("sorting", () => {
  test("a header's click says its direction", async () => {
    const { el, view } = await shown();
    const head = [...el.querySelectorAll("th")].find((th) => th.textContent?.startsWith("tokens"));
    head?.querySelector("button")?.click();
    await until("sorted", () => head?.getAttribute("aria-sort") === "ascending");
    expect(view.sort.value).toEqual([{ column: "tokens", descending: false }]);
  });
});

describe("focus", () => {
  test("from elsewhere turns to its page", async () => {
    const { el, view } = await shown();
    view.store.focus(55);
    await until("its page", () => firstKeys(el).includes("doc-00055"));
    await until("marked", () => el.querySelector('tr[aria-current="true"] td')?.textContent === "doc-00055");
  });
  test("outside the selection keeps the page and says so", async () => {
    const { el, view } = await shown();
    view.store.setClause("search", { op: "is_in", column: "id", values: ["doc-00003"] });
    await until("one row", () => firstKeys(el).length === 1);
    view.store.focus(40);
    await until("said", () => el.querySelector(".dl-note")?.textContent?.includes("not selected") ?? false);
    expect(firstKeys(el)).toEqual(["doc-00003"]);
  });
  test("arrows move it, across pages too", async () => {
    const { el, view } = await shown();
    const box = one(el, ".dl-scroller", HTMLElement);
    press(box, "ArrowDown");
    expect(view.store.state.value?.focus?.ordinal).toBe(0);
    view.store.focus(24);
    await until("place", () => el.querySelector('tr[aria-current="true"] td')?.textContent === "doc-00024");
    press(box, "ArrowDown");
    await until("next page", () => firstKeys(el)[0] === "doc-00025");
    expect(view.store.state.value?.focus?.ordinal).toBe(25);
  });
  test("a hover is shown to the other views", async () => {
    const { el, view } = await shown();
    one(el, "tbody tr", HTMLTableRowElement).dispatchEvent(new MouseEvent("mouseenter"));
    expect(view.store.hovered.value).toBe(0);
  });
});
