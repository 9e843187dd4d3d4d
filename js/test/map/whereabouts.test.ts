import { expect, it } from "vitest";
import { CODE_FIRST } from "../../src/host/protocol";
import { whereabouts } from "../../src/map/whereabouts";
import { gridded } from "./page/stub";

it("says where the densest place of a category lies, and of what is on no map that it isn't", () => {
  const at = [
    [0, 9],
    [5, 9],
    [9, 9],
    [0, 5],
    [5, 5],
    [9, 5],
    [0, 0],
    [5, 0],
    [9, 0],
  ] as const;
  const xs = Float64Array.from(at, ([x]) => x);
  const ys = Float64Array.from(at, ([, y]) => y);
  const group = Int16Array.from(at, (_, i) => i);
  const { points, group: groups } = gridded(xs, ys, group);
  const codes = Uint8Array.from(groups, (k) => CODE_FIRST + k);
  expect(whereabouts(points, codes, 10)).toEqual([
    "upper left",
    "top",
    "upper right",
    "left",
    "centre",
    "right",
    "lower left",
    "bottom",
    "lower right",
    "not on the map",
  ]);
});
