// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FIRST_MS } from "../../src/host/enquiry";
import type { HostListener } from "../../src/host/host";
import { watchLink } from "../../src/host/link";

/** A signal of Jupyter's. */
class Told {
  private readonly slots = new Set<(sender: unknown, value: unknown) => void>();
  connect(slot: (sender: unknown, value: unknown) => void): void {
    this.slots.add(slot);
  }
  disconnect(slot: (sender: unknown, value: unknown) => void): void {
    this.slots.delete(slot);
  }
  tell(value: unknown): void {
    for (const slot of this.slots) slot(null, value);
  }
}

/** A kernel as JupyterLab has it, with the comms it is made to list. */
class Kernel {
  readonly statusChanged = new Told();
  readonly connectionStatusChanged = new Told();
  readonly disposed = new Told();
  connectionStatus = "connected";
  comms: string[] = ["hub", "view"];
  status = "ok";
  answers = true;
  asked = 0;
  async requestCommInfo({ target_name }: { target_name: string }): Promise<unknown> {
    expect(target_name).toBe("jupyter.widget");
    this.asked += 1;
    if (!this.answers) return new Promise(() => {});
    return {
      content: { status: this.status, comms: Object.fromEntries(this.comms.map((id) => [id, {}])) },
    };
  }
}

class Asker {
  silent = false;
  private readonly listeners: HostListener[] = [];
  listen(listener: HostListener): void {
    this.listeners.push(listener);
  }
  wait(is: boolean): void {
    this.silent = is;
    for (const listener of this.listeners) listener.responsive(!is);
  }
}

const ends: (() => void)[] = [];
const settle = () => vi.advanceTimersByTimeAsync(0);

async function watched(kernel: unknown, hub: object = { comm_live: true, comm: { comm_id: "hub" } }) {
  const asker = new Asker();
  const listener = { lost: vi.fn(), back: vi.fn(), connected: vi.fn() };
  const manager = { kernel, get_model: async () => hub };
  ends.push(await watchLink(manager, "anywidget:hub", { on: () => {} }, asker, listener));
  await settle();
  return { asker, listener };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  for (const end of ends.splice(0)) end();
  vi.useRealTimers();
});

describe("a kernel that was restarted from elsewhere", () => {
  it("is found out when a view waits for it", async () => {
    const kernel = new Kernel();
    const { asker, listener } = await watched(kernel);
    kernel.comms = [];
    asker.wait(true);
    await vi.advanceTimersByTimeAsync(FIRST_MS - 1);
    expect(listener.lost).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(listener.lost.mock.calls).toEqual([["restarted"]]);
  });

  it("is found out while it was asked, too: the old one never answers", async () => {
    const kernel = new Kernel();
    const { asker, listener } = await watched(kernel);
    kernel.answers = false;
    asker.wait(true);
    await vi.advanceTimersByTimeAsync(FIRST_MS);
    Object.assign(kernel, { answers: true, comms: [] });
    await vi.advanceTimersByTimeAsync(2 * FIRST_MS);
    expect(listener.lost.mock.calls).toEqual([["restarted"]]);
  });

  it.each([
    ["window", "focus"],
    ["document", "visibilitychange"],
  ] as const)("is found out when somebody comes back to the page: %s %s", async (where, event) => {
    const kernel = new Kernel();
    const { listener } = await watched(kernel);
    kernel.comms = [];
    const target = where === "window" ? window : document;
    target.dispatchEvent(new Event(event));
    await settle();
    expect([kernel.asked, listener.lost.mock.calls.length]).toEqual([1, 0]); // asked a moment ago
    await vi.advanceTimersByTimeAsync(5_000);
    target.dispatchEvent(new Event(event));
    await settle();
    expect(listener.lost.mock.calls).toEqual([["restarted"]]);
    await vi.advanceTimersByTimeAsync(5_000);
    target.dispatchEvent(new Event(event));
    expect(kernel.asked).toBe(2);
  });

  it("is found out by a list of other comms, though the first question had no answer", async () => {
    const kernel = new Kernel();
    kernel.answers = false;
    const { asker, listener } = await watched(kernel);
    Object.assign(kernel, { answers: true, comms: ["another"] });
    asker.wait(true);
    await vi.advanceTimersByTimeAsync(FIRST_MS);
    expect(listener.lost.mock.calls).toEqual([["restarted"]]);
  });
});

it("says whether there is a connection, and asks anew when it is back", async () => {
  const kernel = new Kernel();
  const { listener } = await watched(kernel);
  for (const status of ["connecting", "disconnected", "connected"]) {
    kernel.connectionStatusChanged.tell(status);
  }
  expect(listener.connected.mock.calls).toEqual([[true], [false], [false], [true]]);
  expect([listener.back.mock.calls.length, kernel.asked]).toEqual([1, 2]);
  kernel.connectionStatus = "connecting";
  expect((await watched(kernel)).listener.connected.mock.calls).toEqual([[false]]);
  expect((await watched(null)).listener.connected.mock.calls).toEqual([[true]]);
});

describe("there is no alarm", () => {
  it("while the kernel is busy, and it is asked ever less often", async () => {
    const kernel = new Kernel();
    const { asker, listener } = await watched(kernel);
    kernel.answers = false;
    asker.wait(true);
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(kernel.asked).toBeLessThan(70);
    asker.wait(false);
    const { asked } = kernel;
    await vi.advanceTimersByTimeAsync(600_000);
    expect([kernel.asked, listener.lost.mock.calls]).toEqual([asked, []]);
  });

  it.each([
    ["one that has the comm", {}],
    ["one that dropped its queue", { comms: [], status: "aborted" }],
  ])("from %s", async (_, answer) => {
    const kernel = new Kernel();
    const { asker, listener } = await watched(kernel);
    Object.assign(kernel, answer);
    asker.wait(true);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(listener.lost).not.toHaveBeenCalled();
  });

  it("from one that never names any comm, or can't be asked", async () => {
    const mute = new Kernel();
    mute.comms = [];
    const broken = new Kernel();
    broken.requestCommInfo = () => {
      throw new Error("disposed");
    };
    for (const kernel of [mute, broken, {}, null]) {
      const { asker, listener } = await watched(kernel);
      asker.wait(true);
      await vi.advanceTimersByTimeAsync(60_000);
      expect(listener.lost).not.toHaveBeenCalled();
    }
  });

  it("where the hub's comm is not known", async () => {
    const kernel = new Kernel();
    const { listener } = await watched(kernel, { comm_live: true });
    expect([kernel.asked, listener.lost.mock.calls]).toEqual([0, []]);
  });
});
