/**
 * One pool of WebGL contexts for all maps of a page. Browsers allow 16 and then drop the oldest without asking; each
 * widget's module is its own, so the pool lives on a versioned symbol of `globalThis`.
 */

/** Half of what browsers allow: other libraries draw on the page too. */
export const CONTEXT_LIMIT = 8;
const POOL = Symbol.for("datalens.map.contexts.v1");

/** Who holds a context, or wants one. */
export interface Tenant {
  /** When it was last seen or touched; `performance.now()`. */
  seen: number;
  visible: boolean;
  /** Leave a picture behind and let the context go. */
  evict(): void;
}

interface Pool {
  holders: Set<Tenant>;
}

/** Gives `tenant` a place, if need be that of who was visible longest ago. */
export function claimContext(tenant: Tenant, now = performance.now()): void {
  const { holders } = pool();
  tenant.seen = now;
  while (!holders.has(tenant) && holders.size >= CONTEXT_LIMIT) {
    const last = leastVisible(holders);
    holders.delete(last);
    last.evict();
  }
  holders.add(tenant);
}

export function releaseContext(tenant: Tenant): void {
  pool().holders.delete(tenant);
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
    if (least.visible === other.visible ? other.seen < least.seen : least.visible) least = other;
  }
  return least;
}

function pool(): Pool {
  const existing: unknown = Reflect.get(globalThis, POOL);
  if (isPool(existing)) return existing;
  const made: Pool = { holders: new Set() };
  Reflect.set(globalThis, POOL, made);
  return made;
}

function isPool(value: unknown): value is Pool {
  return typeof value === "object" && value !== null && "holders" in value && value.holders instanceof Set;
}
