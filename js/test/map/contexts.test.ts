import { afterEach, describe, expect, it } from "vitest";
import { CONTEXT_LIMIT, claimContext, hasRoom, releaseContext, type Tenant } from "../../src/map/contexts";

const tenants: (Tenant & { evicted: number })[] = [];

function tenant(visible: boolean) {
  const made = {
    seen: 0,
    visible,
    evicted: 0,
    evict() {
      made.evicted++;
    },
  };
  tenants.push(made);
  return made;
}

afterEach(() => {
  for (const one of tenants.splice(0)) releaseContext(one);
});

describe("the pool of contexts", () => {
  it("has the one that was visible longest ago give way", () => {
    const made = Array.from({ length: CONTEXT_LIMIT }, (_, k) => tenant(k > 2));
    for (const [k, one] of made.entries()) claimContext(one, 100 - k);
    expect(hasRoom()).toBe(true);
    claimContext(tenant(true), 200);
    expect(made.map((one) => one.evicted)).toEqual([0, 0, 1, 0, 0, 0, 0, 0]);
  });

  it("takes from the least recently touched where all are visible", () => {
    const made = Array.from({ length: CONTEXT_LIMIT }, () => tenant(true));
    for (const [k, one] of made.entries()) claimContext(one, k);
    expect(hasRoom()).toBe(false);
    claimContext(made[0] ?? tenant(true), 50);
    claimContext(tenant(true), 60);
    expect(made.map((one) => one.evicted)).toEqual([0, 1, 0, 0, 0, 0, 0, 0]);
  });

  it("has a place again once one is released", () => {
    const made = Array.from({ length: CONTEXT_LIMIT }, () => tenant(true));
    for (const one of made) claimContext(one);
    releaseContext(made[3] ?? tenant(true));
    expect(hasRoom()).toBe(true);
    claimContext(tenant(true));
    expect(made.every((one) => one.evicted === 0)).toBe(true);
  });
});
