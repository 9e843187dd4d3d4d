// Run in Node by tests/widgets/agreement_test.py: what the page makes of what the kernel said, for every point.
import type { Host } from "../../src/host/host";
import { LensStore } from "../../src/host/lens-store";
import type { ArrayInfo, Arrays, LensState, Mode } from "../../src/host/protocol";
import { isSelected, type Points } from "../../src/host/store";
import { Assembly } from "../../src/host/wire";
import { lasso } from "../../src/map/grid";
import { joined, placesIn } from "../../src/map/refine";
import { combine, type Flags, flagsOf } from "../../src/map/selection";

interface Packed {
  infos: ArrayInfo[];
  bytes: string;
}

interface Case {
  state: LensState;
  points: { result: unknown; packed: Packed };
  gestures: {
    polygon: [number, number][];
    mode: Mode;
    hasClause: boolean;
    before: Packed;
    after: Packed;
    refined: { bounds: [number, number, number, number]; packed: Packed } | null;
  }[];
}

function unpacked({ infos, bytes }: Packed): Arrays {
  const assembly = new Assembly();
  assembly.add(0, 1, infos, [Uint8Array.from(atob(bytes), (one) => one.charCodeAt(0))]);
  return assembly.arrays();
}

function maskOf(packed: Packed): Uint8Array | null {
  const { mask } = unpacked(packed);
  return mask instanceof Uint8Array ? mask : null;
}

/** A digit for each row: 1 where it is selected, 0 where it isn't, 2 where it is not on the map. */
function byRow({ order }: Points, rows: number, { bits }: Flags): string {
  const found = new Uint8Array(rows).fill(2);
  order.forEach((row, place) => {
    found[row] = Number(isSelected(bits, place));
  });
  return found.join("");
}

async function answersOf({ state, points: told, gestures }: Case) {
  const answer = { result: told.result, arrays: unpacked(told.packed), revision: 1 };
  const host = { listen: () => {}, can: () => true, ask: async () => answer } as unknown as Host;
  const points = await new LensStore(host, state, false).points();
  return gestures.map(({ polygon, mode, hasClause, before, after, refined }) => {
    let rests = null;
    if (refined !== null) {
      const [x0, y0, x1, y1] = refined.bounds;
      const arrays = unpacked(refined.packed);
      const places = placesIn(points, { x0, y0, x1, y1 }) ?? [];
      rests = joined(points, places, arrays.ordinals ?? new Uint32Array(), arrays.rests ?? new Uint32Array());
    }
    const first = combine(flagsOf(points, maskOf(before)), lasso(points, polygon, rests), mode, hasClause);
    return [first, flagsOf(points, maskOf(after))].map((flags) => byRow(points, state.rows, flags));
  });
}

/** From cases as JSON to the first highlight of each gesture and what is shown after the reply. */
export async function answers(cases: string): Promise<string> {
  const read: Case[] = JSON.parse(cases);
  return JSON.stringify(await Promise.all(read.map(answersOf)));
}
