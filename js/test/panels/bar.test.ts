// @vitest-environment happy-dom
import { describe, expect, test, vi } from "vitest";
import { mountExplorer } from "../../src/explorer/explorer";
import { one, press, show, texts, until } from "./setup";

// The map needs WebGL; it has tests of its own.
vi.mock("../../src/map/map", () => ({
  MapView: class {
    fit() {}
    fitSelection() {}
    destroy() {}
  },
}));

async function shown() {
  const all = show(mountExplorer, { color: "label" });
  await until("rows", () => all.el.querySelectorAll("tbody tr").length === 25);
  const root = one(all.el, ".datalens", HTMLElement);
  const asked = (verb: string) => all.lens.asked.filter((one) => one.verb === verb).map(({ args }) => args);
  return { ...all, root, asked };
}

async function typing(text = "") {
  const all = await shown();
  press(all.root, "w");
  await until("a line", () => all.el.querySelector(".dl-typing input") !== null);
  const input = one(all.el, ".dl-typing input", HTMLInputElement);
  const enter = (value: string) => {
    input.value = value;
    input.setSelectionRange(value.length, value.length);
    input.dispatchEvent(new Event("input", { bubbles: true }));
  };
  if (text) enter(text);
  return { ...all, input, enter };
}

async function chip() {
  const all = await shown();
  all.view.store.setClause("column:label", { op: "is_null", column: "label" });
  await until("a chip", () => all.el.querySelector(".dl-chip-label") !== null);
  return { ...all, label: one(all.el, ".dl-chip-label", HTMLButtonElement) };
}

describe("a typed condition", () => {
  test("is counted while it is typed, and taken by Enter", async () => {
    const { el, input, asked } = await typing("loss > 3");
    await until(
      "counted",
      () => texts(el, ".dl-typing-said")[0]?.startsWith("8 rows · 2 with the other") ?? false,
    );
    press(input, "Enter");
    await until("taken", () => el.querySelector(".dl-typing") === null);
    expect(asked("type")).toEqual([{ text: "loss > 3", source: null }]);
  });
  test("says what is wrong under its character, and stays", async () => {
    const { el, input } = await typing("🙂 loss ? 3");
    await until("said", () => el.querySelector(".dl-wrong mark") !== null);
    expect(texts(el, ".dl-wrong mark")).toEqual(["?"]);
    expect(input.getAttribute("aria-invalid")).toBe("true");
    press(input, "Enter");
    await until("writable again", () => !input.readOnly && texts(el, ".dl-wrong mark").length === 1);
    expect(document.activeElement).toBe(input);
    expect(el.querySelector(".dl-typing")).not.toBeNull();
  });
  test("takes what is proposed by Tab, or by the arrows and Enter", async () => {
    const { el, input, enter } = await typing("lo");
    await until("proposed", () => texts(el, "[role=option]").length > 0);
    press(input, "Tab");
    expect(input.value).toBe("loss");
    enter("loss > 3 and la");
    await until("proposed", () => texts(el, "[role=option]")[0]?.startsWith("label") ?? false);
    press(input, "ArrowDown");
    await until("chosen", () => input.getAttribute("aria-activedescendant") !== null);
    press(input, "Enter");
    expect(input.value).toBe("loss > 3 and label");
  });
  test("waits for what fits the text where Tab comes first", async () => {
    const { el, input, enter } = await typing("l");
    await until("proposed", () => texts(el, "[role=option]").length > 0);
    enter("los");
    press(input, "Tab");
    expect(input.value).toBe("los");
    await until("taken", () => input.value === "loss");
  });
  test("has the letters that follow the key at once, and the key finds it again", async () => {
    const { el, root } = await shown();
    press(root, "w");
    await Promise.resolve();
    const input = one(el, ".dl-typing input", HTMLInputElement);
    expect(document.activeElement).toBe(input);
    root.focus();
    press(root, "w");
    expect(document.activeElement).toBe(input);
    expect(el.querySelectorAll(".dl-typing").length).toBe(1);
  });
  test("is left by Esc, and the view has the keys again", async () => {
    const { el, root, input } = await typing("loss");
    press(input, "Escape");
    await until("gone", () => el.querySelector(".dl-typing") === null);
    expect(document.activeElement).toBe(root);
  });
});

describe("a chip", () => {
  test("is negated, switched off, edited and removed by keys", async () => {
    const { el, lens, root, label, asked } = await chip();
    press(label, "n");
    press(label, "d");
    expect(asked("negate")).toEqual([{ source: "column:label" }]);
    expect(asked("enable")).toEqual([{ source: "column:label", on: false }]);
    press(label, "F2");
    await until("a line", () => el.querySelector(".dl-typing") !== null);
    const input = one(el, ".dl-typing input", HTMLInputElement);
    expect(input.value).toBe("loss > 3");
    press(input, "Enter");
    await until("typed", () => lens.asked.some(({ verb }) => verb === "type"));
    expect(asked("type")).toEqual([{ text: "loss > 3", source: "column:label" }]);
    await until("a chip again", () => el.querySelector(".dl-chip-label") !== null);
    one(el, ".dl-chip-label", HTMLButtonElement).focus();
    press(one(el, ".dl-chip-label", HTMLButtonElement), "Delete");
    await until("removed", () => el.querySelector(".dl-chip") === null);
    expect(document.activeElement).toBe(root);
  });
  test("opens what can be done with it, which the arrows walk", async () => {
    const { el, view, label, asked } = await chip();
    view.store.setClause("search", { op: "contains", column: "text", value: "the" });
    await until("two", () => texts(el, ".dl-chip").length === 2);
    label.click();
    await until("a menu", () => el.querySelector("[role=menu]") !== null);
    const items = texts(el, "[role=menuitem]");
    expect(items.map((item) => item.replace(/(F2|N|D|Del)$/, ""))).toEqual([
      "Edit", "Negate", "Switch off", expect.stringMatching(/^This or /), "Remove",
    ]); // biome-ignore format: a list
    const menu = one(el, "[role=menu]", HTMLElement);
    await until("the first", () => document.activeElement?.textContent === "EditF2");
    press(menu, "ArrowDown");
    expect(document.activeElement?.textContent).toContain("Negate");
    one(el, "[role=menuitem]:nth-of-type(4)", HTMLButtonElement).click();
    expect(asked("either")).toEqual([{ sources: ["column:label", "search"] }]);
    await until("closed", () => el.querySelector("[role=menu]") === null);
  });
});

test("the history goes to any step", async () => {
  const { el, asked } = await chip();
  one(el, '[aria-label="History"]', HTMLButtonElement).click();
  await until("steps", () => el.querySelectorAll("[role=menuitemradio]").length === 2);
  expect(texts(el, "[role=menuitemradio] .dl-clip")).toEqual(["lasso, 12 rows", "all 60 rows"]);
  one(el, '[role=menuitemradio][aria-checked="false"]', HTMLButtonElement).click();
  expect(asked("jump")).toEqual([{ step: 0 }]);
});

describe("saved selections", () => {
  async function opened(problem: string | null = null) {
    const all = await shown();
    all.lens.problem = problem;
    one(all.el, '[aria-label="Saved selections"]', HTMLButtonElement).click();
    await until("a menu", () => all.el.querySelector(".dl-saved-menu .dl-empty") !== null);
    const name = one(all.el, '[aria-label="Name of the selection"]', HTMLInputElement);
    const enter = async (text: string) => {
      name.value = text;
      name.dispatchEvent(new Event("input", { bubbles: true }));
      await until("typed", () => !one(all.el, ".dl-save button", HTMLButtonElement).disabled);
    };
    return { ...all, enter };
  }

  test("are saved under a name, applied in four ways, and deleted", async () => {
    const { el, enter, asked } = await opened();
    await enter("<b>hard</b>");
    one(el, ".dl-save", HTMLFormElement).requestSubmit();
    await until("listed", () => texts(el, ".dl-saved-name b")[0] === "<b>hard</b>");
    expect(asked("save")).toEqual([{ name: "<b>hard</b>", note: "", replace: false }]);
    expect(texts(el, ".dl-save-said")[0]).toBe("Saved 60 rows as <b>hard</b>.");
    for (const button of el.querySelectorAll<HTMLButtonElement>(".dl-saved-list .dl-worded")) button.click();
    expect(asked("apply").map((args) => (args as { mode: string }).mode)).toEqual([
      "replace", "and", "or", "minus",
    ]); // biome-ignore format: a list
    one(el, '[aria-label="Delete the saved selection <b>hard</b>"]', HTMLButtonElement).click();
    await until("gone", () => el.querySelector(".dl-saved-list li") === null);
  });
  test("a name that is taken is replaced, and the button says so", async () => {
    const { el, lens, view, enter, asked } = await opened();
    lens.saved = ["hard"];
    view.store.setClause("search", { op: "contains", column: "text", value: "the" });
    await until("listed", () => el.querySelector(".dl-saved-list li") !== null);
    await enter("hard");
    await until("said", () => texts(el, ".dl-save button")[0] === "Replace");
    one(el, ".dl-save", HTMLFormElement).requestSubmit();
    expect(asked("save")).toEqual([{ name: "hard", note: "", replace: true }]);
  });
  test("what can't be kept is said, and kept elsewhere", async () => {
    const { el } = await opened("The folder can't be written.");
    await until("said", () => texts(el, ".dl-warned").some((text) => text.includes("can't be written")));
    one(el, '[aria-label="Keep it in my data folder"]', HTMLButtonElement).click();
    await until("kept", () => texts(el, ".dl-save-said")[0] === "Kept in ~/kept.sqlite.");
    await until("no warning", () => el.querySelector(".dl-warned") === null);
  });
});
