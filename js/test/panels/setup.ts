import { afterEach } from "vitest";
import type { ColumnInfo } from "../../src/host/protocol";
import { COLUMNS, corpus, type Table } from "./data";
import { FakeLens } from "./fake-lens";
import { type FakeView, fakeView } from "./stub";

export const ROWS = 60;

interface Shown {
  view: FakeView;
  lens: FakeLens;
  el: HTMLElement;
  unmount: () => void;
}

const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

interface Options {
  color?: string | null;
  table?: Table;
  columns?: ColumnInfo[];
  text?: string | null;
}

/** Mount a part of the front end over a lens of 60 rows. */
export function show(mount: (el: HTMLElement, view: FakeView) => () => void, options: Options = {}): Shown {
  const lens = new FakeLens(
    options.table ?? corpus(ROWS),
    options.columns ?? COLUMNS,
    options.text ?? "text",
  );
  const view = fakeView(lens, { color: options.color });
  const el = document.createElement("div");
  document.body.append(el);
  const unmount = mount(el, view);
  open.push(() => {
    unmount();
    view.dispose();
    el.remove();
  });
  return { view, lens, el, unmount };
}

/** Wait until something holds; fails with its name. */
export async function until(what: string, holds: () => boolean): Promise<void> {
  // Long, since a machine may be busy; a test that passes never waits it out.
  const end = Date.now() + 15_000;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`Not so after 15 seconds: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export function press(el: Element, key: string, more: KeyboardEventInit = {}): KeyboardEvent {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more });
  el.dispatchEvent(event);
  return event;
}

export function one<T extends Element>(el: ParentNode, selector: string, kind: new () => T): T {
  const found = el.querySelector(selector);
  if (!(found instanceof kind)) throw new Error(`Nothing of that kind at ${selector}`);
  return found;
}

export function texts(el: ParentNode, selector: string): string[] {
  return [...el.querySelectorAll(selector)].map((e) => e.textContent ?? "");
}
