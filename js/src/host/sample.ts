import type { ArrayInfo, Cell, ColorResult, PointsResult } from "./protocol";

export interface SampleColumn {
  name: string;
  /** The text of each row, where it does not follow from a code or a number. */
  cells: Cell[] | null;
  legend: ColorResult | null;
  codes: Uint8Array | Uint16Array | null;
  values: Float64Array | null;
}

/** The rows that were saved with a notebook; their places here stand for ordinals while there is no kernel. */
export interface Sample {
  rows: number;
  of: number;
  keys: string[];
  /** The ordinal that each row has in the dataset. */
  ordinals: Uint32Array;
  map: (Omit<PointsResult, "version"> & { xy: Uint16Array; placed: Uint8Array | undefined }) | null;
  columns: SampleColumn[];
}

interface Header {
  rows: number;
  of: number;
  keys: string[];
  map: Omit<PointsResult, "version"> | null;
  columns: { name: string; cells?: Cell[]; legend?: ColorResult }[];
  arrays: ArrayInfo[];
}

/** Reads what src/datalens/widgets/sample.py packed; null where there is none, or where it can't be read. */
export async function readSample(data: unknown): Promise<Sample | null> {
  if (!(data instanceof DataView) || data.byteLength === 0) return null;
  try {
    return unpack(await inflate(data));
  } catch {
    return null; // a notebook edited by hand, or a browser without DecompressionStream
  }
}

async function inflate(data: DataView): Promise<ArrayBuffer> {
  const bytes = new Uint8Array(data.byteLength);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).arrayBuffer();
}

function unpack(buffer: ArrayBuffer): Sample | null {
  const size = new DataView(buffer).getUint32(0, true);
  const header: unknown = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, size)));
  if (!isHeader(header)) return null;
  const start = Math.ceil((4 + size) / 8) * 8;
  const find = (name: string) => header.arrays.find((info) => info.name === name);
  const u32 = (name: string) => {
    const info = find(name);
    return new Uint32Array(buffer, start + (info?.offset ?? 0), info?.length ?? 0);
  };
  const u16 = (name: string) => {
    const info = find(name);
    return new Uint16Array(buffer, start + (info?.offset ?? 0), info?.length ?? 0);
  };
  const u8 = (name: string) => {
    const info = find(name);
    return new Uint8Array(buffer, start + (info?.offset ?? 0), info?.length ?? 0);
  };
  const codesOf = (name: string) => {
    const info = find(name);
    if (!info) return null;
    return info.dtype === "uint16" ? u16(name) : u8(name);
  };
  const valuesOf = (name: string) => {
    const info = find(name);
    return info ? new Float64Array(buffer, start + info.offset, info.length / 8) : null;
  };
  const { rows, of, keys, map } = header;
  return {
    rows,
    of,
    keys,
    ordinals: u32("ordinals"),
    map: map && { ...map, xy: u16("xy"), placed: find("placed") && u8("placed") },
    columns: header.columns.map(({ name, cells, legend }, i) => ({
      name,
      cells: cells ?? null,
      legend: legend ?? null,
      codes: codesOf(`c${i}.codes`),
      values: valuesOf(`c${i}.values`),
    })),
  };
}

function isHeader(value: unknown): value is Header {
  return (
    typeof value === "object" &&
    value !== null &&
    "rows" in value &&
    typeof value.rows === "number" &&
    "of" in value &&
    typeof value.of === "number" &&
    "map" in value &&
    "keys" in value &&
    Array.isArray(value.keys) &&
    "columns" in value &&
    Array.isArray(value.columns) &&
    "arrays" in value &&
    Array.isArray(value.arrays)
  );
}
