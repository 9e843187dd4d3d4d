import { describe, expect, it, vi } from "vitest";
import type { ColumnInfo } from "../../src/host/protocol";
import type { Coloring } from "../../src/host/view";
import { followNaming } from "../../src/map/naming";
import { categories, cloud, numbers, stub } from "./page/stub";

const data = cloud(400, 5);

function column(name: string, role: string | null, numeric: boolean): ColumnInfo {
  return {
    name,
    kind: numeric ? "number" : "category",
    numeric,
    derived: role !== null,
    role,
    nulls: 0,
    notComputed: 0,
    version: role === null ? null : "c1",
  };
}

/** A map of clusters with names, losses and a column of labels. */
function followed() {
  const { view, patch, store } = stub(data);
  patch({
    columns: [
      column("cluster", "cluster", true),
      column("cluster_name", "cluster", false),
      column("loss", null, true),
      column("label", null, false),
    ],
  });
  const named = (name: string): Coloring => {
    const made = categories(data);
    return { ...made, result: { ...made.result, column: name } };
  };
  const clusters = named("cluster_name");
  const ask = vi.fn(async () => ({ result: clusters.result, arrays: { codes: clusters.codes } }));
  Reflect.set(store.host, "ask", ask);
  const told: (string | null)[] = [];
  view.color.value = "cluster_name"; // its colours are on their way
  const stop = followNaming(view, (naming) => told.push(naming?.result.column ?? null));
  const paint = (coloring: Coloring | null) => {
    view.color.value = coloring?.result.column ?? null;
    view.coloring.value = coloring;
  };
  return { view, ask, told, stop, paint, named, clusters };
}

describe("followNaming", () => {
  it("names what colours the map, without asking for anything", () => {
    const { told, paint, named, ask, stop } = followed();
    paint(named("label"));
    expect(told.at(-1)).toBe("label");
    expect(ask).not.toHaveBeenCalled();
    stop();
  });

  it("names the clusters where a number colours the map, or their own numbers do; asked for once", async () => {
    const { told, paint, named, ask, stop } = followed();
    paint(numbers(data));
    await vi.waitFor(() => expect(told.at(-1)).toBe("cluster_name"));
    paint(named("cluster"));
    paint(named("label"));
    paint(numbers(data));
    expect(told.at(-1)).toBe("cluster_name");
    expect(ask).toHaveBeenCalledTimes(1);
    stop();
  });

  it("remembers the clusters' colours that the map had", () => {
    const { told, paint, clusters, ask, stop } = followed();
    expect(told).toEqual([]);
    paint(clusters);
    paint(numbers(data));
    expect(told.at(-1)).toBe("cluster_name");
    expect(ask).not.toHaveBeenCalled();
    stop();
  });

  it("names nothing where names are off", () => {
    const { view, told, paint, named, stop } = followed();
    paint(named("label"));
    view.names.value = false;
    expect(told.at(-1)).toBeNull();
    view.names.value = true;
    expect(told.at(-1)).toBe("label");
    stop();
  });
});
