import { afterEach, describe, expect, it } from "vitest";
import {
  CONTEXT_LIMIT,
  claimContext,
  hasRoom,
  releaseContext,
  settleContext,
  type Tenant,
} from "../../src/map/contexts";

const tenants: (Tenant & { evicted: number; woken: number })[] = [];

function tenant(visible: boolean, settled = true) {
  const made = {
    seen: 0,
    visible,
    settled,
    evicted: 0,
    woken: 0,
    wake() {
      made.woken++;
      claimContext(made);
    },
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
    for (const [k, one] of made.entries()) claimContext(one, false, 100 - k);
    expect(hasRoom()).toBe(true);
    claimContext(tenant(true), false, 200);
    expect(made.map((one) => one.evicted)).toEqual([0, 0, 1, 0, 0, 0, 0, 0]);
  });

  it("takes from the least recently touched where all are visible", () => {
    const made = Array.from({ length: CONTEXT_LIMIT }, () => tenant(true));
    for (const [k, one] of made.entries()) claimContext(one, false, k);
    expect(hasRoom()).toBe(false);
    claimContext(made[0] ?? tenant(true), false, 50);
    claimContext(tenant(true), false, 60);
    expect(made.map((one) => one.evicted)).toEqual([0, 1, 0, 0, 0, 0, 0, 0]);
  });

  it("lets those in view that are still drawing finish, then gives the next its turn", () => {
    const made = Array.from({ length: CONTEXT_LIMIT }, () => tenant(true, false));
    for (const one of made) expect(claimContext(one)).toBe(true);
    const late = tenant(true, false);
    expect(claimContext(late)).toBe(false);
    const third = made[3] ?? late;
    settleContext(third);
    expect([third.evicted, late.woken]).toEqual([1, 1]);
    expect(claimContext(late)).toBe(true);
  });

  it("has nobody wait whom a hand touches; who gave way half drawn is woken again", () => {
    const made = Array.from({ length: CONTEXT_LIMIT }, () => tenant(true, false));
    for (const [k, one] of made.entries()) claimContext(one, false, k);
    const touched = tenant(true, false);
    expect(claimContext(touched, true, 100)).toBe(true);
    expect(made.map((one) => one.evicted)).toEqual([1, 0, 0, 0, 0, 0, 0, 0]);
    settleContext(touched);
    expect(made[0]?.woken).toBe(1);
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
