// @vitest-environment happy-dom
import { describe, expect, test, vi } from "vitest";
import { mountExplorer, mountSimilar } from "../../src/explorer/explorer";
import { corpus, WITH_VECTORS } from "./data";
import { one, press, show, texts, until } from "./setup";

// The map needs WebGL; it has tests of its own.
vi.mock("../../src/map/map", () => ({
  MapView: class {
    fit() {}
    fitSelection() {}
    destroy() {}
  },
}));

const keys = (el: Element) => texts(el, ".dl-near-key");
const empty = (el: Element) => el.querySelector(".dl-similar .dl-empty")?.textContent ?? null;
const name = (el: Element) => one(el, ".dl-asked-name", HTMLElement).textContent;
const list = (el: Element) => one(el, '[role="listbox"]', HTMLElement);
const button = (el: Element, label: string) => one(el, `[aria-label="${label}"]`, HTMLButtonElement);
const off = (b: HTMLButtonElement) => b.getAttribute("aria-disabled") === "true";

async function shown(focus: number | null = 10) {
  const all = show(mountSimilar, { columns: WITH_VECTORS });
  if (focus !== null) {
    all.view.store.focus(focus);
    await until("neighbours", () => keys(all.el).length > 0);
  }
  const requests = () => all.lens.asked.filter(({ verb }) => verb === "neighbours");
  return { ...all, requests, clauses: () => all.view.store.state.value?.selection.clauses ?? [] };
}

function type(el: Element, text: string) {
  const input = one(el, '[aria-label="Find what is like this text"]', HTMLInputElement);
  input.value = text;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  press(input, "Enter");
}

function choose(el: Element, which: string) {
  one(el, `[data-which="${which}"]`, HTMLButtonElement).click();
}

describe("the list", () => {
  test("has the nearest to the sample in focus, with distances, and follows it", async () => {
    const { el, view } = await shown(10);
    expect(keys(el).slice(0, 3)).toEqual(["doc-00009", "doc-00011", "doc-00008"]);
    expect(texts(el, ".dl-near-far").slice(0, 3)).toEqual(["0.0100", "0.0100", "0.0200"]);
    expect([name(el), one(el, "footer span", HTMLElement).textContent]).toEqual([
      "doc-00010",
      "20 of 58 · cosine",
    ]);
    view.store.focus(0);
    await until("the others", () => keys(el)[0] === "doc-00001");
    expect(name(el)).toBe("doc-00000");
  });
  test("of near-duplicates says how many there are in all", async () => {
    const { el } = await shown(10);
    choose(el, "duplicates");
    await until("ten", () => keys(el).length === 10);
    expect(one(el, "footer span", HTMLElement).textContent).toBe("10 of 60 within 0.05");
  });
  test("a click focuses, and back leads where it was", async () => {
    const { el, view } = await shown(10);
    expect(off(button(el, "Back to the sample before"))).toBe(true);
    one(el, ".dl-near-row", HTMLElement).click();
    expect(view.store.state.value?.focus?.ordinal).toBe(9);
    await until("followed", () => keys(el)[0] === "doc-00008");
    button(el, "Back to the sample before").click();
    expect(view.store.state.value?.focus?.ordinal).toBe(10);
    await until("back", () => keys(el)[0] === "doc-00009");
    one(el, ".dl-near-row", HTMLElement).click();
    view.store.focus(30);
    await until("elsewhere", () => off(button(el, "Back to the sample before")));
  });
  test("a hover is shown to the other views, and ends with the list", async () => {
    const { el, view } = await shown(10);
    one(el, ".dl-near-row", HTMLElement).dispatchEvent(new MouseEvent("mouseenter"));
    expect(view.store.hovered.value).toBe(9);
    view.store.focus(40);
    await until("no more", () => view.store.hovered.value === null);
  });
  test("arrows go through it, Enter focuses", async () => {
    const { el, view } = await shown(10);
    press(list(el), "ArrowDown");
    press(list(el), "ArrowDown");
    await until("marked", () => el.querySelectorAll(".dl-near-row.dl-hovered").length === 1);
    expect(view.store.hovered.value).toBe(11);
    const active = list(el).getAttribute("aria-activedescendant") ?? "";
    expect(el.querySelector(`[id="${active}"] .dl-near-key`)?.textContent).toBe("doc-00011");
    press(list(el), "Enter");
    expect(view.store.state.value?.focus?.ordinal).toBe(11);
  });
  test("becomes a condition of exactly its rows", async () => {
    const { el, clauses } = await shown(10);
    const rows = keys(el);
    button(el, "Select these rows").click();
    await until("selected", () => clauses().length === 1);
    expect(clauses()[0]).toMatchObject({ source: "neighbours", count: 20 });
    expect(clauses()[0]?.predicate).toEqual({
      op: "keys",
      identity: { scheme: "column", columns: ["id"] },
      values: rows,
    });
  });
});

describe("the tabs", () => {
  test("are chosen by arrow keys, round and round", async () => {
    const { el, requests } = await shown(10);
    const chosen = () => texts(el, '[role="tab"][aria-selected="true"]');
    expect([chosen(), texts(el, '[role="tab"]')]).toEqual([
      ["nearest"],
      ["nearest", "farthest", "duplicates"],
    ]);
    press(one(el, '[role="tablist"]', HTMLElement), "ArrowLeft");
    await until("the last", () => chosen()[0] === "duplicates");
    press(one(el, '[role="tablist"]', HTMLElement), "ArrowLeft");
    await until("farthest", () => keys(el)[0] === "doc-00058");
    expect(document.activeElement?.textContent).toBe("farthest");
    expect(requests().at(-1)?.args).toMatchObject({ ordinal: 10, which: "farthest", k: 20 });
    const panel = one(el, '[role="tabpanel"]', HTMLElement);
    expect(panel.getAttribute("aria-labelledby")).toBe(document.activeElement?.id);
  });
});

describe("other questions", () => {
  test("a typed text is asked for, stays while the focus moves, and is left again", async () => {
    const { el, view, requests } = await shown(10);
    type(el, " four ");
    await until("asked", () => name(el) === '"four"' && keys(el)[0] === "doc-00004");
    expect(requests().at(-1)?.args).toMatchObject({ ordinal: null, text: "four", selection: false });
    const before = requests().length;
    one(el, ".dl-near-row", HTMLElement).click();
    await until("marked", () => texts(el, '[aria-selected="true"] .dl-near-key')[0] === "doc-00004");
    expect([requests().length, view.store.state.value?.focus?.ordinal]).toEqual([before, 4]);
    button(el, "Follow the sample in focus again").click();
    await until("followed", () => name(el) === "doc-00004");
  });
  test("the centre of the selection; its list takes the place of all conditions", async () => {
    const { el, view, clauses } = await shown(10);
    expect(off(button(el, "Like the centre of the selection"))).toBe(true);
    view.store.setClause("search", { op: "is_in", column: "id", values: ["doc-00020", "doc-00021"] });
    await until("selected", () => clauses().length === 1);
    button(el, "Like the centre of the selection").click();
    await until("answered", () => name(el) === "the centre of 2 rows");
    expect(keys(el).slice(0, 2)).toEqual(["doc-00019", "doc-00018"]);
    button(el, "Select these rows").click();
    await until("replaced", () => clauses()[0]?.source === "neighbours");
    expect(clauses().map(({ count }) => count)).toEqual([20]);
  });
  test("the field is emptied when the list is not about its text any more", async () => {
    const { el, view, clauses } = await shown(10);
    view.store.setClause("search", { op: "is_in", column: "id", values: ["doc-00020", "doc-00021"] });
    await until("selected", () => clauses().length === 1);
    type(el, "four");
    await until("asked", () => keys(el)[0] === "doc-00004");
    button(el, "Like the centre of the selection").click();
    await until("emptied", () => one(el, ".dl-asked input", HTMLInputElement).value === "");
    await until("answered", () => name(el) === "the centre of 2 rows");
  });
  test.each([
    ["oil prices rise", "A text needs an encoder.", "A text needs an encoder."],
    ["x".repeat(59), null, "The row doc-00059 has no vector in 'embedding'."],
  ])("without an answer is left for the next row in focus: %s", async (text, noEncoder, sentence) => {
    const { el, view, lens } = await shown(10);
    lens.noEncoder = noEncoder;
    type(el, text);
    await until("said", () => empty(el) === sentence);
    view.store.focus(20);
    await until("the row's", () => keys(el)[0] === "doc-00019");
    expect(name(el)).toBe("doc-00020");
    expect(one(el, ".dl-asked input", HTMLInputElement).value).toBe("");
    expect(el.querySelector('[aria-label="Follow the sample in focus again"]')).toBeNull();
  });
});

describe("where there is no list", () => {
  test("it says what to do", async () => {
    const { el } = await shown(null);
    expect(empty(el)).toBe("Click a sample to see what is like it, or type a text.");
    expect(one(el, ".dl-asked-none", HTMLElement).textContent).toBe("no sample");
    expect(off(button(el, "Select these rows"))).toBe(true);
  });
  test("it says that there are no vectors, and asks for none", async () => {
    const { el, lens, view } = show(mountSimilar);
    view.store.focus(3);
    expect(empty(el)).toBe("No vectors: run lens.embed().");
    expect(one(el, ".dl-asked input", HTMLInputElement).disabled).toBe(true);
    expect(lens.asked.some(({ verb }) => verb === "neighbours")).toBe(false);
  });
  test("it says why the kernel has none", async () => {
    const { el, view } = await shown(10);
    view.store.focus(59);
    await until("said", () => empty(el) === "The row doc-00059 has no vector in 'embedding'.");
    expect(keys(el)).toEqual([]);
  });
  test("it says that a kernel is needed", async () => {
    const lensWithout = show(
      (el, view) => {
        view.lens.cannot = "neighbours";
        return mountSimilar(el, view);
      },
      { columns: WITH_VECTORS },
    );
    expect(empty(lensWithout.el)).toBe("Neighbours need a running kernel.");
  });
});

test("an answer to an older question is dropped", async () => {
  const { el, lens, view, requests } = await shown(10);
  const before = requests().length;
  let release = () => {};
  lens.gate = new Promise((resolve) => {
    release = resolve;
  });
  view.store.focus(50);
  await until("asked", () => requests().length === before + 1);
  // What is on show is not what is asked for now: it can't be selected.
  expect(off(button(el, "Select these rows"))).toBe(true);
  lens.gate = null;
  view.store.focus(20);
  await until("the newer", () => keys(el)[0] === "doc-00019");
  release();
  await until(
    "settled",
    () => one(el, '[role="tabpanel"]', HTMLElement).getAttribute("aria-busy") === "false",
  );
  expect([keys(el)[0], name(el)]).toEqual(["doc-00019", "doc-00020"]);
  expect(off(button(el, "Select these rows"))).toBe(false);
});

test("hostile texts and keys stay text", async () => {
  const evil = "<img src=x onerror=alert(1)></script>";
  const table = corpus(6);
  table.id = table.id?.map((key) => `${evil}${key}`) ?? [];
  table.text = table.text?.map(() => evil) ?? [];
  const { el, view } = show(mountSimilar, { columns: WITH_VECTORS, table });
  view.store.focus(0);
  await until("rows", () => keys(el).length === 4);
  expect(texts(el, ".dl-near-text")[0]).toBe(evil);
  expect(el.querySelectorAll("img, script")).toHaveLength(0);
});

test("the explorer has it beside the reader where there are vectors", async () => {
  const { el } = show(mountExplorer, { columns: WITH_VECTORS });
  await until("rows", () => el.querySelectorAll("tbody tr").length === 25);
  expect([...el.querySelectorAll("section")].map((s) => s.getAttribute("aria-label"))).toEqual([
    "Table",
    "Reader",
    "Neighbours",
    "Where",
  ]);
});
