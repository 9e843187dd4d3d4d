import { render } from "preact";
import { useRef } from "preact/hooks";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { css } from "../../src/styles/index";
import { useWide } from "../../src/styles/wide";

let width = 0;
let resized: () => void = () => {};

beforeEach(() => {
  vi.stubGlobal(
    "ResizeObserver",
    class {
      constructor(callback: () => void) {
        resized = callback;
      }
      observe() {}
      disconnect() {
        resized = () => {};
      }
    },
  );
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockImplementation(() => width);
});
afterEach(() => vi.unstubAllGlobals());

function Box() {
  const box = useRef<HTMLDivElement>(null);
  useWide(box, 421, 900);
  return <div ref={box} />;
}

test("says which widths an element reaches, and keeps that while it is not laid out", () => {
  const root = document.createElement("div");
  width = 700;
  act(() => render(<Box />, root));
  const says = () => root.firstElementChild?.getAttribute("data-wide");
  expect(says()).toBe("421");
  for (const [next, expected] of [
    [900, "421 900"],
    [0, "421 900"],
    [420, ""],
  ] as const) {
    width = next;
    resized();
    expect(says()).toBe(expected);
  }
});

test("no sheet asks a container: see useWide", () => {
  expect(css).not.toMatch(/@container|container(-type)?:|\dcq[iwhb]/u);
});
