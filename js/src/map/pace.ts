/**
 * What a frame may take while the view moves: two refreshes of a 60 Hz screen, less what the page itself needs. Above
 * that a pan is felt to lag behind the hand.
 */
export const FRAME_BUDGET_MS = 24;
/** A batch of points added at rest. A hand that moves again waits for it to end, so it is short; each has its costs too. */
const BATCH_MS = 45;
/** A hand that comes back after a while waits for no more than so many batches at once. */
export const MOST_GROWTH = 4;
/** Fewer than this cost no less than a batch does anyway. */
const LEAST_BATCH = 40_000;
/** Fewer than this is no picture of the data any more, however slow the machine. */
export const LEAST_POINTS = 12_000;
/** Before anything was measured: a slow machine's; a fast one shows itself with the first batch. */
const FIRST_MS_PER_POINT = 0.0005;
/** No machine that can show the page at all is slower; a busy moment may look so. */
const MOST_MS_PER_POINT = 0.002;
/** Straight to the screen a point costs this share of what it costs in a layer of half floats (measured on SwiftShader). */
const DIRECT_SHARE = 0.65;
/** Where a frame has fixed costs beyond the budget, points may have this much of them on top: they are what is looked at. */
const SHARE_OF_FIXED = 0.5;

/** Learns what points and pictures cost on this machine, in milliseconds from being sent to being finished. */
export class Pace {
  #perPoint = FIRST_MS_PER_POINT;
  #perFrame = 0;
  #perPicture = 0;

  /** Points to draw at most while the view moves. */
  get moving(): number {
    const perPoint = this.#perPoint * DIRECT_SHARE;
    const room = Math.max(FRAME_BUDGET_MS - this.#perFrame, SHARE_OF_FIXED * this.#perFrame);
    return Math.max(LEAST_POINTS, Math.floor(room / perPoint));
  }

  /** Points to add at a time when it rests. */
  get batch(): number {
    return Math.max(LEAST_BATCH, Math.floor(BATCH_MS / this.#perPoint));
  }

  /** True where even the full picture of `n` points can be made anew with each movement. */
  fits(n: number): boolean {
    return this.#perPicture + n * this.#perPoint <= FRAME_BUDGET_MS;
  }

  /** A batch of `drawn` points was added to a layer and, if `pictured`, the picture was made from it. */
  batchTook(ms: number, drawn: number, pictured: boolean): void {
    if (pictured) this.#perPicture = mean(this.#perPicture, Math.max(0, ms - drawn * this.#perPoint), 0.5);
    if (drawn < LEAST_POINTS / 2) return;
    const each = ms / drawn;
    // Batches have costs of their own, so points cost no more than this says: less is believed, more only slowly.
    if (each < this.#perPoint) this.#perPoint = mean(this.#perPoint, each, 0.7);
    else if (!pictured) this.#perPoint = Math.min(MOST_MS_PER_POINT, mean(this.#perPoint, each, 0.1));
  }

  /** A frame of `drawn` points went straight to the screen. */
  frameTook(ms: number, drawn: number): void {
    const points = drawn * this.#perPoint * DIRECT_SHARE;
    this.#perFrame = mean(this.#perFrame, Math.max(0, ms - points), 0.25);
  }
}

/** Every k-th point is drawn by an attribute's stride of 4 k bytes, which WebGL limits to 255. */
const PARTS_MAX = 63;

/** Into how many evenly spread parts `n` points are split so that one has at most `most`, as far as that can be. */
export function partsOf(n: number, most: number): number {
  // Halves of one another: when their number changes, the points of the smaller part stay.
  return [1, 2, 4, 8, 16, 32].find((parts) => parts * most >= n) ?? PARTS_MAX;
}

/** Into how many evenly spread parts `n` points are split to be added `batch` at a time. */
export function restPartsOf(n: number, batch: number): number {
  return Math.min(PARTS_MAX, Math.max(1, Math.ceil(n / batch)));
}

/** A hand that has not moved since so many batches seldom does during the next: batches grow, and cost less. */
export function batchGrowth(batches: number): number {
  return Math.min(MOST_GROWTH, 2 ** batches);
}

function mean(before: number, now: number, weight: number): number {
  return before + (now - before) * weight;
}
