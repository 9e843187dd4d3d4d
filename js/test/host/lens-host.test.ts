import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { KernelHost, type KernelModel } from "../../src/host/kernel";
import { LensHost, SLOW_MS } from "../../src/host/lens-host";
import { LensStore } from "../../src/host/lens-store";
import type { LensState } from "../../src/host/protocol";
import { readSample, type Sample } from "../../src/host/sample";
import grid from "./saved-grid.json";

const before = grid.state as unknown as LensState; // written by the kernel's own lens_state
const live: LensState = {
  ...before,
  revision: 9,
  selection: { ...before.selection, clauses: [], count: 100 },
};

class Model implements KernelModel {
  readonly sent: { id: string; verb: string }[] = [];
  private callback: ((content: unknown, buffers: readonly ArrayBufferView[]) => void) | null = null;
  send(content: unknown): void {
    this.sent.push(content as (typeof this.sent)[number]);
  }
  on(_: string, callback: (content: unknown, buffers: readonly ArrayBufferView[]) => void): void {
    this.callback = callback;
  }
  off(): void {}
  answer(verb: string, result: unknown): void {
    for (const { id } of this.sent.filter((message) => message.verb === verb)) {
      this.callback?.({ v: 1, id, ok: true, revision: 9, part: 0, parts: 1, result }, []);
    }
  }
}

let sample: Sample | null = null;
const settle = () => vi.advanceTimersByTimeAsync(0);

function open(kept: Sample | null = sample) {
  const model = new Model();
  const host = new LensHost(new KernelHost(model), {
    sample: async () => kept,
    state: () => before,
    marks: () => ({}),
  });
  return { model, host, store: new LensStore(host, before) };
}

beforeEach(async () => {
  const bytes = Uint8Array.from(atob(grid.sample), (c) => c.charCodeAt(0));
  sample = await readSample(new DataView(bytes.buffer));
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("LensHost", () => {
  it("shows nothing but the kernel's where the kernel answers", async () => {
    const { model, store } = open();
    model.answer("hello", live);
    await vi.advanceTimersByTimeAsync(SLOW_MS + 1);
    expect([store.state.value?.revision, store.state.value?.saved]).toEqual([9, undefined]);
  });

  it("shows what was saved while the kernel is slow, and the truth when it answers", async () => {
    const { model, host, store } = open();
    await vi.advanceTimersByTimeAsync(SLOW_MS - 1);
    expect(store.state.value?.saved).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    expect(store.state.value?.saved?.why).toBe("waiting");
    expect(store.responsive.value).toBe(true);
    expect(host.can("code")).toBe(false);
    model.answer("hello", live);
    await settle();
    model.answer("hello", live);
    await settle();
    expect([store.state.value?.saved, store.state.value?.revision]).toEqual([undefined, 9]);
    expect(host.can("code")).toBe(true);
  });

  it("goes on with what was saved when the kernel is lost, and fails nobody who waits", async () => {
    const { model, host, store } = open();
    model.answer("hello", live);
    await settle();
    store.setClause("map", null);
    host.lost("restarted");
    await settle();
    expect([store.state.value?.saved?.why, store.problem.value]).toEqual(["restarted", null]);
    expect((await host.ask("page", { start: 0, count: 1, sort: [], columns: null })).result.total).toBe(100);
  });

  it("says nothing beside what was saved, to whoever asks while that is read or finds no comm", async () => {
    const { model, host, store } = open();
    model.answer("hello", live);
    await settle();
    model.send = () => {
      throw new Error("The comm is closed.");
    };
    store.setClause("map", null);
    const early = host.ask("locate", { ordinal: 1, sort: [] });
    await expect(early).rejects.toMatchObject({ kind: "cancelled" });
    expect([store.state.value?.saved?.why, store.problem.value]).toEqual(["ended", null]);
    const reopened = open();
    reopened.host.lost("reopened");
    reopened.store.greet();
    await settle();
    expect([reopened.store.state.value?.saved?.why, reopened.store.problem.value]).toEqual([
      "reopened",
      null,
    ]);
  });

  it("says so where nothing was saved", async () => {
    const { host, store } = open(null);
    host.lost("ended");
    await settle();
    expect(store.problem.value).toBe(
      "The kernel has ended. Run the notebook's cells again to bring this view back.",
    );
    await expect(host.ask("hello", {})).rejects.toMatchObject({ kind: "closed" });
  });

  it("asks again what may be lost when the connection is back", async () => {
    const { model, host } = open();
    model.answer("hello", live);
    await settle();
    void host.ask("locate", { ordinal: 1, sort: [] });
    host.back();
    expect(model.sent.map(({ verb }) => verb)).toEqual(["hello", "locate", "locate", "hello"]);
  });
});
