// @vitest-environment happy-dom
import { describe, expect, test, vi } from "vitest";
import { mountExplorer, mountMap } from "../../src/explorer/explorer";
import { HostError } from "../../src/host/host";
import { click, pickedFrom, pickedPredicate } from "../../src/legend/picked";
import { one, press, show, texts, until } from "./setup";

// The map needs WebGL; it has tests of its own.
vi.mock("../../src/map/map", () => ({
  MapView: class {
    fit() {}
    fitSelection() {}
    destroy() {}
  },
}));

const real = globalThis.setTimeout;
const HOSTILE = "<img src=x onerror=alert(1)>";

async function shown({ focus = true, tags = ["boilerplate", HOSTILE] } = {}) {
  const all = show(mountExplorer, {});
  for (const tag of tags) void all.lens.ask("mark", { what: "tag", ordinal: 5, tag });
  await until("rows", () => all.el.querySelectorAll("tbody tr").length === 25);
  const root = one(all.el, ".datalens", HTMLElement);
  const asked = (verb: string) => all.lens.asked.filter((one) => one.verb === verb).map(({ args }) => args);
  if (focus) {
    press(root, "j");
    await until("marks", () => all.el.querySelector(".dl-tag-input") !== null);
    all.lens.asked.length = 0;
  }
  const chips = () => texts(all.el, ".dl-tag");
  return { ...all, root, asked, chips };
}

describe("the row in focus", () => {
  test("is tagged and untagged by digits, and starred by S", async () => {
    const { root, lens, chips, el } = await shown();
    press(root, "1");
    await until("tagged", () => lens.tags.get(0)?.join() === "boilerplate");
    press(root, "2");
    await until("chips", () => chips().join() === `boilerplate,${HOSTILE}`);
    press(root, "1");
    press(root, "s");
    await until("one", () => chips().join() === HOSTILE);
    await until("starred", () => [...lens.stars].join() === "0");
    await until("pressed", () => el.querySelector('.dl-star[aria-pressed="true"]') !== null);
    expect(el.querySelector("img")).toBeNull();
  });
  test("is marked ahead of the kernel, and once for each press", async () => {
    const { root, lens, chips, asked } = await shown();
    let open = () => {};
    lens.gate = new Promise((resolve) => {
      open = resolve;
    });
    press(root, "1");
    press(root, "1");
    press(root, "1");
    await until("a chip", () => chips().join() === "boilerplate");
    expect(asked("mark").map((args) => (args as { what: string }).what)).toEqual(["tag", "untag", "tag"]);
    open();
    lens.gate = null;
    await until("kept", () => lens.tags.get(0)?.join() === "boilerplate");
  });
  test("a digit pressed before its marks are here waits for them", async () => {
    const { root, lens } = await shown();
    void lens.ask("mark", { what: "tag", ordinal: 1, tag: "boilerplate" });
    press(root, "j");
    press(root, "1");
    press(root, "s");
    press(root, "2");
    await until("taken off", () => lens.tags.get(1)?.join() === HOSTILE);
    await until("starred", () => lens.stars.has(1));
  });
  test("the digit of a tag that was made just now waits for the kernel to give it", async () => {
    const { root, el, lens } = await shown({ tags: [] });
    let open = () => {};
    lens.gate = new Promise((resolve) => {
      open = resolve;
    });
    const input = one(el, ".dl-tag-input", HTMLInputElement);
    input.value = "new";
    press(input, "Enter");
    press(root, "j");
    press(root, "1");
    press(root, "s");
    press(root, "j"); // the row that was in focus is marked
    open();
    lens.gate = null;
    await until("tagged", () => lens.tags.get(1)?.join() === "new");
    await until("starred", () => [...lens.stars].join() === "1");
    expect(lens.tags.get(0)).toEqual(["new"]);
  });
  test("says that nothing was marked where the kernel is lost while a digit waits", async () => {
    const { root, lens, view } = await shown();
    press(root, "j");
    const asked = lens.ask.bind(lens);
    vi.spyOn(lens, "ask").mockImplementation((verb, args) =>
      verb === "marks" ? Promise.reject(new HostError("cancelled", "Cancelled.")) : asked(verb, args),
    );
    press(root, "1");
    await until("said", () => view.store.problem.value?.includes("nothing was marked") === true);
    expect(lens.tags.get(1)).toBeUndefined();
  });
  test("keeps the letters of who types a note while marks change", async () => {
    const { root, el, lens, view, chips } = await shown();
    const note = one(el, ".dl-note-line", HTMLTextAreaElement);
    press(root, "n");
    note.value = "half a";
    view.store.marking.digit(1, false);
    await until("tagged", () => chips().length === 1);
    await until("kept", () => lens.tags.get(0)?.length === 1);
    expect(note.value).toBe("half a");
    note.value = "half a note";
    press(note, "Enter");
    await until("noted", () => lens.notes.get(0) === "half a note");
    // Written elsewhere meanwhile: who has typed nothing overwrites nothing.
    press(root, "n");
    await lens.ask("mark", { what: "note", ordinal: 0, text: "theirs" });
    await until("heard", () => view.store.marking.found.value?.row?.note === "theirs");
    press(note, "Enter");
    await until("shown", () => note.value === "theirs");
    expect(lens.notes.get(0)).toBe("theirs");
  });
  test("gets a new tag from the line, and a note, which a key opens", async () => {
    const { root, el, lens, chips } = await shown();
    press(root, "t");
    const input = one(el, ".dl-tag-input", HTMLInputElement);
    expect(document.activeElement).toBe(input);
    expect([...el.querySelectorAll("datalist option")].map((o) => o.getAttribute("value"))).toEqual([
      "boilerplate",
      HOSTILE,
    ]);
    input.value = " odd ";
    press(input, "Enter");
    expect(input.value).toBe("");
    await until("a chip", () => chips().join() === "odd");
    press(input, "Escape");
    press(root, "n");
    const note = one(el, ".dl-note-line", HTMLTextAreaElement);
    expect(document.activeElement).toBe(note);
    note.value = "cut off";
    press(note, "Enter");
    expect(document.activeElement).toBe(root);
    await until("noted", () => lens.notes.get(0) === "cut off");
  });
  test("loses a tag by its chip's button", async () => {
    const { root, el, lens } = await shown();
    press(root, "1");
    await until("a chip", () => el.querySelector('[aria-label="Take the tag boilerplate"]') !== null);
    one(el, '[aria-label="Take the tag boilerplate"]', HTMLButtonElement).click();
    await until("none", () => lens.tags.get(0)?.length === 0);
  });
  test("was looked at when it stayed in focus for a moment", async () => {
    const { root, lens, view } = await shown();
    const read = vi.fn();
    vi.spyOn(globalThis, "setTimeout").mockImplementation((act, ms) => {
      if (ms === 1500) read.mockImplementation(act as () => void);
      return real(act as () => void, ms === 1500 ? 1e9 : ms);
    });
    press(root, "j");
    await until("its marks", () => view.store.marking.found.value?.row?.ordinal === 1);
    await until("looked at", () => {
      if (lens.seen.size === 0) read(); // the newest clock, once there is one
      return [...lens.seen].join() === "1";
    });
    expect(lens.asked.filter(({ verb }) => verb === "mark")).toHaveLength(1);
  });
  test("where none is, or no tag has the key, a sentence says so", async () => {
    const { root, view } = await shown({ focus: false });
    press(root, "1");
    await until("said", () => view.store.problem.value === "No row is in focus: J goes to the first.");
    press(root, "j");
    press(root, "9");
    await until("said", () => view.store.problem.value === "No tag has the key 9: type one beside the star.");
  });
});

describe("all selected rows", () => {
  test("are tagged by Shift and a digit, of any keyboard", async () => {
    const { root, view, lens, asked } = await shown();
    view.store.setClause("search", { op: "contains", column: "text", value: "the" });
    await until("selected", () => lens.state().selection.clauses.length === 1);
    const { count } = lens.state().selection;
    press(root, "!", { code: "Digit1", shiftKey: true });
    expect(asked("mark")).toEqual([{ what: "tag", ordinal: null, tag: "boilerplate" }]);
    await until(
      "tagged",
      () => [...lens.tags.values()].filter((t) => t.includes("boilerplate")).length >= count,
    );
    // On a French keyboard a digit is typed with Shift: that is one row.
    press(root, "2", { code: "Digit2", shiftKey: true });
    await until("one", () => lens.tags.get(0)?.includes(HOSTILE) ?? false);
    expect(asked("mark").at(-1)).toEqual({ what: "tag", ordinal: 0, tag: HOSTILE });
  });
  test("are tagged by a button that says how many; tags are renamed, coloured and get keys there", async () => {
    const { el, view, asked } = await shown();
    view.store.setClause("column:label", { op: "is_in", column: "id", values: ["doc-00001", "doc-00002"] });
    await until("counted", () => texts(el, ".dl-queue")[0]?.startsWith("tag 2 rows") ?? false);
    one(el, '[aria-label="Tag 2 rows"]', HTMLButtonElement).click();
    await until("a menu", () => el.querySelectorAll(".dl-tag-list li").length === 2);
    const field = one(el, '[aria-label="Tag for all selected rows"]', HTMLInputElement);
    field.value = "new";
    one(el, ".dl-tag-menu form", HTMLFormElement).requestSubmit();
    await until("three", () => el.querySelectorAll(".dl-tag-list li").length === 3);
    one(el, '[aria-label="Take boilerplate off 2 rows"]', HTMLButtonElement).click();
    const change = (selector: string, value: string) => {
      const input = one(el, selector, HTMLElement) as HTMLInputElement;
      input.value = value;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    };
    change('[aria-label="Key of boilerplate"]', "7");
    change('[aria-label="Color of boilerplate"]', "#112233");
    change('[aria-label="Name of boilerplate"]', "template");
    expect(asked("mark")).toEqual([
      { what: "tag", ordinal: null, tag: "new" },
      { what: "untag", ordinal: null, tag: "boilerplate" },
    ]);
    expect(asked("tagStyle").map((args) => Object.values(args as object))).toEqual([
      ["boilerplate", null, 7, null],
      ["boilerplate", "#112233", null, null],
      ["boilerplate", null, null, "template"],
    ]);
  });
});

test("the review queue goes on to what was not looked at, and says what is left", async () => {
  const { root, el, view, lens } = await shown();
  const focus = () => view.store.state.value?.focus?.ordinal;
  const left = () => texts(el, ".dl-queue .dl-button")[1]?.replace("next unseen ", "");
  lens.seen.add(1);
  press(root, "u");
  press(root, "u");
  await until("two further", () => focus() === 3);
  await until("left", () => left() === "57 left");
  expect([...lens.seen].sort()).toEqual([0, 1, 2]);
  view.store.setClause("column:label", { op: "is_in", column: "id", values: ["doc-00003"] });
  await until("left", () => left() === "1 left");
  press(root, "u");
  await until("done", () => view.store.problem.value === "All selected rows were looked at.");
});

test("a map in a cell of its own has the keys too, and a host that keeps nothing has none", async () => {
  const { el, view, lens } = show(mountMap);
  const root = one(el, ".datalens", HTMLElement);
  await lens.ask("mark", { what: "tag", ordinal: 5, tag: "a" });
  view.store.focus(3);
  await until("known", () => view.store.marking.found.value?.row?.ordinal === 3);
  press(root, "1");
  await until("tagged", () => lens.tags.get(3)?.join() === "a");
  lens.cannot = "mark";
  expect(press(root, "s").defaultPrevented).toBe(false);
});

test("a legend of tags picks rows that have any of them", () => {
  const one = pickedPredicate(click({ values: [], nulls: false }, "a", false), "tags", true);
  expect(one).toEqual({
    op: "items", column: "tags", which: "any", of: { op: "eq", left: { column: "item" }, right: { value: "a" } },
  }); // biome-ignore format: one predicate
  const both = pickedPredicate(click(pickedFrom(one, "tags"), "b", true), "tags", true);
  expect(pickedFrom(both, "tags")).toEqual({ values: ["a", "b"], nulls: false });
  expect(both).toMatchObject({ of: { op: "is_in", column: "item", values: ["a", "b"] } });
  const nulls = pickedPredicate(click(pickedFrom(both, "tags"), null, true), "tags", true);
  expect(pickedFrom(nulls, "tags")).toEqual({ values: ["a", "b"], nulls: true });
});
