import { expect, it } from "vitest";
import type { Answer, Host, HostListener } from "../../src/host/host";
import { LensStore } from "../../src/host/lens-store";
import type { LensState } from "../../src/host/protocol";
import grid from "./saved-grid.json";

const before = grid.state as unknown as LensState; // written by the kernel's own lens_state

/** A kernel that answers when the test says so. */
function open() {
  const waiting: (() => void)[] = [];
  let listener: HostListener | undefined;
  const host = {
    listen: (one: HostListener) => {
      listener = one;
    },
    can: () => true,
    ask: (verb: string) =>
      new Promise<Answer<"hello">>((resolve) => {
        if (verb === "focus") waiting.push(() => resolve({ result: null, arrays: {} } as never));
      }),
  } as unknown as Host;
  const store = new LensStore(host, before);
  const tell = (revision: number, ordinal: number) =>
    listener?.changed({ ...before, revision, focus: { ordinal, key: `p${ordinal}` } }, undefined);
  const answer = async () => {
    waiting.shift()?.();
    await new Promise((resolve) => setTimeout(resolve, 0));
  };
  return { store, tell, answer };
}

it("a step is not taken back by what the kernel said before it heard of it", async () => {
  const { store, tell, answer } = open();
  const focus = () => store.state.value?.focus;
  tell(2, 0);
  store.focus(1);
  tell(3, 0); // a tag was kept meanwhile
  expect([focus()?.ordinal, store.state.value?.revision]).toEqual([1, 3]);
  store.focus(2);
  tell(4, 1);
  await answer();
  expect(focus()?.ordinal).toBe(2);
  tell(5, 2);
  await answer();
  expect(focus()).toEqual({ ordinal: 2, key: "p2" });
  tell(6, 7); // by code
  expect(focus()?.ordinal).toBe(7);
});

it("code that moves the focus at the same time has the last word", async () => {
  const { store, tell, answer } = open();
  store.focus(1);
  tell(2, 1);
  tell(3, 9);
  await answer();
  expect(store.state.value?.focus).toEqual({ ordinal: 9, key: "p9" });
});
