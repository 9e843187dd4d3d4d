import { describe, expect, it, vi } from "vitest";
import { HostError } from "../../src/host/host";
import { KernelHost, type KernelModel } from "../../src/host/kernel";
import { LensStore } from "../../src/host/lens-store";
import type { LensState } from "../../src/host/protocol";

/** A model whose kernel is the test. */
class Model implements KernelModel {
  readonly sent: { id: string; verb: string; args: unknown; cancel?: string }[] = [];
  private callback: ((content: unknown, buffers: readonly ArrayBufferView[]) => void) | null = null;
  send(content: unknown): void {
    this.sent.push(content as (typeof this.sent)[number]);
  }
  on(_: string, callback: (content: unknown, buffers: readonly ArrayBufferView[]) => void): void {
    this.callback = callback;
  }
  off(): void {
    this.callback = null;
  }
  receive(content: object, ...buffers: ArrayBufferView[]): void {
    this.callback?.({ v: 1, ...content }, buffers);
  }
  /** The id of the nth request, from 1. */
  id(nth: number): string {
    return this.sent.filter((message) => message.verb)[nth - 1]?.id ?? "";
  }
  reply(nth: number, result: unknown): void {
    this.receive({ id: this.id(nth), ok: true, revision: 1, part: 0, parts: 1, result });
  }
}

function state(revision: number): LensState {
  return {
    revision,
    rows: 16,
    title: "test",
    sample: null,
    columns: [],
    map: null,
    text: null,
    color: null,
    selection: { clauses: [], count: 16, total: 16, canUndo: false, canRedo: false },
    focus: null,
  };
}

describe("KernelHost", () => {
  it("matches replies to requests by id, in any order", async () => {
    const model = new Model();
    const host = new KernelHost(model);
    const first = host.ask("locate", { ordinal: 1, sort: [] });
    const second = host.ask("locate", { ordinal: 2, sort: [] });
    model.reply(2, { index: 20 });
    model.reply(1, { index: 10 });
    expect((await first).result.index).toBe(10);
    expect((await second).result.index).toBe(20);
  });

  it("leaves alone the answers to another page on the same kernel", () => {
    const [here, there] = [new Model(), new Model()];
    for (const model of [here, there]) void new KernelHost(model).ask("undo", {});
    expect(here.sent[0]?.id).not.toBe(there.sent[0]?.id);
  });

  it("joins the parts of a reply and slices its arrays", async () => {
    const model = new Model();
    const host = new KernelHost(model);
    const answer = host.ask("points", {});
    const bytes = new Uint8Array(24);
    new Uint16Array(bytes.buffer, 0, 2).set([7, 8]);
    new Uint32Array(bytes.buffer, 8, 3).set([1, 2, 70000]);
    const arrays = [
      { name: "xy", dtype: "uint16", length: 2, offset: 0 },
      { name: "order", dtype: "uint32", length: 3, offset: 8 },
    ];
    model.receive(
      { id: model.id(1), ok: true, revision: 1, part: 0, parts: 2, result: {}, arrays },
      bytes.subarray(0, 10),
    );
    model.receive({ id: model.id(1), ok: true, revision: 1, part: 1, parts: 2 }, bytes.subarray(10));
    const { arrays: found } = await answer;
    expect([...(found.xy ?? [])]).toEqual([7, 8]);
    expect([...(found.order ?? [])]).toEqual([1, 2, 70000]);
  });

  it("rejects with the kernel's sentence", async () => {
    const model = new Model();
    const answer = new KernelHost(model).ask("hello", {});
    const error = { kind: "ColumnError", message: "There is no column 'los'." };
    model.receive({ id: model.id(1), ok: false, revision: 1, part: 0, parts: 1, error });
    await expect(answer).rejects.toEqual(new HostError("ColumnError", "There is no column 'los'."));
  });

  it("says when a part was lost instead of joining the wrong bytes", async () => {
    const model = new Model();
    const answer = new KernelHost(model).ask("points", {});
    model.receive({ id: model.id(1), ok: true, revision: 1, part: 1, parts: 3 }, new Uint8Array(4));
    await expect(answer).rejects.toThrow("was lost");
  });

  it("times out and cancels", async () => {
    vi.useFakeTimers();
    const model = new Model();
    const host = new KernelHost(model);
    const responsive: boolean[] = [];
    host.listen({ changed: () => {}, progress: () => {}, responsive: (ok) => responsive.push(ok) });
    const slow = host.ask("hello", {}, { timeoutMs: 5000 });
    const cancelled = new AbortController();
    const other = host.ask("hello", {}, { signal: cancelled.signal });
    cancelled.abort();
    await expect(other).rejects.toMatchObject({ kind: "cancelled" });
    const outcome = expect(slow).rejects.toMatchObject({ kind: "timeout" });
    await vi.advanceTimersByTimeAsync(5001);
    await outcome;
    expect(model.sent.map((message) => message.cancel)).toEqual([
      undefined,
      undefined,
      model.id(2),
      model.id(1),
    ]);
    expect(responsive).toContain(false);
    expect(responsive.at(-1)).toBe(true);
    vi.useRealTimers();
  });

  it("fails what waits when it is closed, and what is asked without a kernel", async () => {
    const model = new Model();
    const host = new KernelHost(model);
    const waiting = host.ask("hello", {});
    host.close();
    await expect(waiting).rejects.toMatchObject({ kind: "closed" });
    model.send = () => {
      throw new Error("no comm");
    };
    await expect(host.ask("hello", {})).rejects.toMatchObject({ kind: "closed" });
  });

  it("leaves alone what is another page's: ids of two pages differ", async () => {
    const model = new Model();
    const here = new KernelHost(model);
    const there = new Model();
    void new KernelHost(there).ask("locate", { ordinal: 1, sort: [] });
    const answer = here.ask("locate", { ordinal: 2, sort: [] });
    expect(there.id(1)).not.toBe(model.id(1));
    model.receive({ id: there.id(1), ok: true, revision: 1, part: 0, parts: 1, result: { index: 10 } });
    model.reply(1, { index: 20 });
    expect((await answer).result.index).toBe(20);
  });

  it("asks again under the same id what was not answered", async () => {
    const model = new Model();
    const host = new KernelHost(model);
    const answer = host.ask("locate", { ordinal: 2, sort: [] });
    host.resend();
    expect(model.sent.map(({ id, verb }) => [id, verb])).toEqual([
      [model.id(1), "locate"],
      [model.id(1), "locate"],
    ]);
    model.reply(1, { index: 20 });
    expect((await answer).result.index).toBe(20);
  });

  it("ignores what it does not know", () => {
    const model = new Model();
    new KernelHost(model);
    model.receive({ v: 99, id: 1 });
    model.receive({ nonsense: true });
    model.receive({ id: 7, ok: true, revision: 1, part: 0, parts: 1 });
  });
});

describe("LensStore", () => {
  function open() {
    const model = new Model();
    const store = new LensStore(new KernelHost(model), null);
    const bits = { name: "mask", dtype: "uint8", length: 2, offset: 0 };
    const changed = (revision: number, mask: string, bytes?: Uint8Array) =>
      model.receive(
        {
          event: "changed",
          revision,
          part: 0,
          parts: 1,
          state: state(revision),
          mask,
          arrays: bytes ? [bits] : undefined,
        },
        ...(bytes ? [bytes] : []),
      );
    return { model, store, changed };
  }

  it("asks for the state at once and keeps the mask while it is the same", async () => {
    const { model, store, changed } = open();
    model.reply(1, state(1));
    await vi.waitFor(() => expect(store.state.value?.revision).toBe(1));
    changed(2, "array", new Uint8Array([5, 0]));
    expect([...(store.mask.value ?? [])]).toEqual([5, 0]);
    changed(3, "same");
    expect([...(store.mask.value ?? [])]).toEqual([5, 0]);
    changed(4, "all");
    expect(store.mask.value).toBeNull();
  });

  it("drops what is older than what it shows", async () => {
    const { model, store, changed } = open();
    changed(5, "array", new Uint8Array([1, 0]));
    model.reply(1, state(3));
    await Promise.resolve();
    expect(store.state.value?.revision).toBe(5);
    expect([...(store.mask.value ?? [])]).toEqual([1, 0]);
  });

  it("shows a kernel's error as a sentence, and none for the next gesture", async () => {
    const { model, store } = open();
    store.setClause("search", { op: "contains", column: "text", value: "a" });
    const error = { kind: "ValueError", message: "No such thing." };
    model.receive({ id: model.id(2), ok: false, revision: 1, part: 0, parts: 1, error });
    await vi.waitFor(() => expect(store.problem.value).toBe("No such thing."));
    store.clear();
    expect(store.problem.value).toBeNull();
  });
});
