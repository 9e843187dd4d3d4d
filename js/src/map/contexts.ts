/**
 * One pool of WebGL contexts for all maps of a page. Browsers allow 16 and then drop the oldest without asking; each
 * widget's module is its own, so the pool lives on a versioned symbol of `globalThis`.
 */

/** Half of what browsers allow: other libraries draw on the page too. */
export const CONTEXT_LIMIT = 8;
const POOL = Symbol.for("datalens.map.contexts.v2");

/** Who holds a context, or wants one. */
export interface Tenant {
  /** When it was last seen or touched; `performance.now()`. */
  seen: number;
  visible: boolean;
  /** Everything it shows has been drawn: the picture it would leave behind is a good one. */
  settled: boolean;
  /** Leave a picture behind and let the context go. */
  evict(): void;
  /** It is its turn: claim a context. */
  wake(): void;
}

interface Pool {
  holders: Set<Tenant>;
  /** Those in view that found all places taken by maps which are still drawing. */
  waiting: Set<Tenant>;
}

/**
 * Gives `tenant` a place, if need be that of who was visible longest ago. False where all others are in view and still
 * drawing: then it is woken when one of them is done. What is `urgent`, because a hand is on it, never waits.
 */
export function claimContext(tenant: Tenant, urgent = false, now = performance.now()): boolean {
  const { holders, waiting } = pool();
  tenant.seen = now;
  while (!holders.has(tenant) && holders.size >= CONTEXT_LIMIT) {
    const last = leastVisible(holders);
    const drawing = last.visible && !last.settled;
    if (drawing && !urgent) {
      waiting.add(tenant);
      return false;
    }
    holders.delete(last);
    last.evict();
    if (drawing) waiting.add(last);
  }
  waiting.delete(tenant);
  holders.add(tenant);
  return true;
}

/** `tenant` has drawn everything: who waits in view gets its turn. */
export function settleContext(tenant: Tenant): void {
  tenant.settled = true;
  const { waiting } = pool();
  for (const next of waiting) {
    waiting.delete(next);
    if (!next.visible) continue; // it asks again when it comes into view
    next.wake();
    return;
  }
}

export function releaseContext(tenant: Tenant): void {
  const { holders, waiting } = pool();
  holders.delete(tenant);
  waiting.delete(tenant);
}

/** True where a claim takes the place of nobody who can be seen. */
export function hasRoom(): boolean {
  const { holders } = pool();
  if (holders.size < CONTEXT_LIMIT) return true;
  for (const holder of holders) if (!holder.visible) return true;
  return false;
}

function leastVisible(holders: Set<Tenant>): Tenant {
  const [first, ...others] = holders;
  if (first === undefined) throw new Error("The pool of graphics contexts is empty.");
  let least = first;
  for (const other of others) {
    const [mine, its] = [claimOf(least), claimOf(other)];
    if (mine === its ? other.seen < least.seen : its < mine) least = other;
  }
  return least;
}

/** Out of view gives way first; then what has been drawn. */
function claimOf({ visible, settled }: Tenant): number {
  return visible ? (settled ? 1 : 2) : 0;
}

function pool(): Pool {
  const existing: unknown = Reflect.get(globalThis, POOL);
  if (isPool(existing)) return existing;
  const made: Pool = { holders: new Set(), waiting: new Set() };
  Reflect.set(globalThis, POOL, made);
  return made;
}

function isPool(value: unknown): value is Pool {
  if (typeof value !== "object" || value === null || !("holders" in value && "waiting" in value))
    return false;
  return value.holders instanceof Set && value.waiting instanceof Set;
}
