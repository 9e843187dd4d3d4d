import { HostError } from "./host";
import { type ArrayInfo, type Arrays, type Event, PROTOCOL_VERSION, type Reply } from "./protocol";

/** A message as it came: JSON, and at most one buffer. */
export type Incoming = Reply | Event;

export function isIncoming(content: unknown): content is Incoming {
  return (
    typeof content === "object" &&
    content !== null &&
    "v" in content &&
    content.v === PROTOCOL_VERSION &&
    ("id" in content || "event" in content)
  );
}

export function isReply(message: Incoming): message is Reply {
  return "id" in message;
}

/** Joins the parts of one message: bytes in order, and what slices them. */
export class Assembly {
  #chunks: Uint8Array[] = [];
  #infos: ArrayInfo[] = [];
  #next = 0;

  /** Takes the next part; true once all have come. Parts come in order: the kernel sends them under a lock. */
  add(
    part: number,
    parts: number,
    infos: ArrayInfo[] | undefined,
    buffers: readonly ArrayBufferView[],
  ): boolean {
    if (part !== this.#next) {
      throw new HostError("protocol", "A part of a message from the kernel was lost. Reload the page.");
    }
    this.#next += 1;
    if (infos) this.#infos = infos;
    for (const buffer of buffers) {
      this.#chunks.push(new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength));
    }
    return this.#next === parts;
  }

  arrays(): Arrays {
    const size = this.#chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0);
    const bytes = new Uint8Array(size);
    let at = 0;
    for (const chunk of this.#chunks) {
      bytes.set(chunk, at);
      at += chunk.byteLength;
    }
    return Object.fromEntries(this.#infos.map((info) => [info.name, view(bytes.buffer, info)]));
  }
}

function view(
  buffer: ArrayBuffer,
  { dtype, offset, length }: ArrayInfo,
): Uint8Array | Uint16Array | Uint32Array {
  if (dtype === "uint8") return new Uint8Array(buffer, offset, length);
  if (dtype === "uint16") return new Uint16Array(buffer, offset, length);
  return new Uint32Array(buffer, offset, length);
}
