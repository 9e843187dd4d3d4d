import { Enquiry } from "./enquiry";
import type { HostListener } from "./host";
import type { SavedInfo } from "./protocol";

/** What becomes of a page's link to its kernel. */
export interface LinkListener {
  /** No answer will ever come: why. */
  lost(why: SavedInfo["why"]): void;
  /** The connection broke off and is back: what was asked meanwhile may be lost. */
  back(): void;
  /** Whether anything that is sent now can arrive. */
  connected(ok: boolean): void;
}

/** The parts of Jupyter's widget manager and kernel that are asked, as far as this page has them. */
interface Signal {
  connect(slot: (sender: unknown, value: unknown) => void): unknown;
  disconnect(slot: (sender: unknown, value: unknown) => void): unknown;
}

/** What Jupyter's widgets name their comms. */
const WIDGETS = "jupyter.widget";

const RESTARTED: ReadonlySet<unknown> = new Set(["restarting", "autorestarting"]);

/** Who sends to the kernel, and knows what had no answer. */
interface Asker {
  readonly silent: boolean;
  listen(listener: HostListener): void;
}

/**
 * Watches a hub's link to its kernel where Jupyter tells of it; elsewhere nothing is ever said, and time-outs speak.
 * Returns what ends the watching.
 */
export async function watchLink(
  manager: unknown,
  reference: string,
  model: { on(name: string, callback: () => void): void },
  asker: Asker,
  listener: LinkListener,
): Promise<() => void> {
  const hub = await modelOf(manager, reference);
  const kernel = get(manager, "kernel");
  let enquiry: Enquiry | null = null;
  const lost = (why: SavedInfo["why"]) => {
    enquiry?.end();
    listener.lost(why);
  };
  const isLive = () => get(hub, "comm_live") !== false;
  if (isLive()) enquiry = enquiryOf(kernel, hub, () => lost("restarted"));
  else lost("reopened");
  model.on("comm_live_update", () => {
    if (!isLive()) lost("restarted");
  });
  model.on("comm:close", () => lost("closed"));
  const isConnected = (status: unknown) => status === undefined || status === "connected";
  listener.connected(isConnected(get(kernel, "connectionStatus")));
  let broken = false;
  const ends = [
    connect(get(kernel, "statusChanged"), (status) => {
      if (RESTARTED.has(status)) lost("restarted");
      if (status === "dead" || status === "terminating") lost("ended");
    }),
    connect(get(kernel, "disposed"), () => lost("ended")),
    connect(get(kernel, "connectionStatusChanged"), (status) => {
      listener.connected(isConnected(status));
      if (!isConnected(status)) broken = true;
      else if (broken) {
        broken = false;
        listener.back();
        void enquiry?.ask();
      }
    }),
    enquiry === null ? () => {} : attend(enquiry, asker),
  ];
  return () => {
    for (const end of ends) end();
  };
}

/** Asks whenever there is a reason to doubt: a view waits, or somebody comes back to the page. */
function attend(enquiry: Enquiry, asker: Asker): () => void {
  enquiry.waiting(asker.silent);
  asker.listen({ changed: () => {}, progress: () => {}, responsive: (ok) => enquiry.waiting(!ok) });
  const look = () => {
    if (!document.hidden) enquiry.look();
  };
  document.addEventListener("visibilitychange", look);
  window.addEventListener("focus", look);
  return () => {
    document.removeEventListener("visibilitychange", look);
    window.removeEventListener("focus", look);
    enquiry.end();
  };
}

/** Null where this page has no kernel to ask, as in marimo and VS Code. */
function enquiryOf(kernel: unknown, hub: unknown, gone: () => void): Enquiry | null {
  const request = get(kernel, "requestCommInfo");
  const comm = get(get(hub, "comm"), "comm_id");
  if (typeof request !== "function" || typeof comm !== "string") return null;
  const list = async () => {
    const content = get(await request.call(kernel, { target_name: WIDGETS }), "content");
    const comms = get(content, "comms");
    // A kernel that was told to drop its queue answers too, with another status and without a list.
    return get(content, "status") === "ok" && typeof comms === "object" && comms !== null
      ? Object.keys(comms)
      : null;
  };
  return new Enquiry(list, comm, gone);
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
