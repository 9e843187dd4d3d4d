import type { SavedInfo } from "./protocol";

/** What becomes of a page's link to its kernel. */
export interface LinkListener {
  /** No answer will ever come: why. */
  lost(why: SavedInfo["why"]): void;
  /** The connection broke off and is back: what was asked meanwhile may be lost. */
  back(): void;
}

/** The parts of Jupyter's widget manager and kernel that are asked, as far as this page has them. */
interface Signal {
  connect(slot: (sender: unknown, value: unknown) => void): unknown;
  disconnect(slot: (sender: unknown, value: unknown) => void): unknown;
}

const RESTARTED: ReadonlySet<unknown> = new Set(["restarting", "autorestarting"]);

/**
 * Watches a hub's link to its kernel where Jupyter tells of it; elsewhere nothing is ever said, and time-outs speak.
 * Returns what ends the watching.
 */
export async function watchLink(
  manager: unknown,
  reference: string,
  model: { on(name: string, callback: () => void): void },
  listener: LinkListener,
): Promise<() => void> {
  const hub = await modelOf(manager, reference);
  const isLive = () => get(hub, "comm_live") !== false;
  if (!isLive()) listener.lost("reopened");
  model.on("comm_live_update", () => {
    if (!isLive()) listener.lost("restarted");
  });
  model.on("comm:close", () => listener.lost("closed"));
  const kernel = get(manager, "kernel");
  let broken = false;
  const ends = [
    connect(get(kernel, "statusChanged"), (status) => {
      if (RESTARTED.has(status)) listener.lost("restarted");
      if (status === "dead" || status === "terminating") listener.lost("ended");
    }),
    connect(get(kernel, "disposed"), () => listener.lost("ended")),
    connect(get(kernel, "connectionStatusChanged"), (status) => {
      if (status !== "connected") broken = true;
      else if (broken) {
        broken = false;
        listener.back();
      }
    }),
  ];
  return () => {
    for (const end of ends) end();
  };
}

async function modelOf(manager: unknown, reference: string): Promise<unknown> {
  const find = get(manager, "get_model");
  if (typeof find !== "function") return null;
  try {
    return await find.call(manager, reference.replace(/^(anywidget:|IPY_MODEL_)/u, ""));
  } catch {
    return null;
  }
}

function get(from: unknown, name: string): unknown {
  return typeof from === "object" && from !== null ? Reflect.get(from, name) : undefined;
}

function isSignal(value: unknown): value is Signal {
  return typeof get(value, "connect") === "function" && typeof get(value, "disconnect") === "function";
}

function connect(signal: unknown, told: (value: unknown) => void): () => void {
  if (!isSignal(signal)) return () => {};
  const slot = (_: unknown, value: unknown) => told(value);
  signal.connect(slot);
  return () => signal.disconnect(slot);
}
