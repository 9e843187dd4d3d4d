/** A kernel answers within milliseconds; asked of one that works, it answers at the end of its cell. */
export const FIRST_MS = 2_000;
/** A kernel that works for hours is to find few questions then. */
const LONGEST_MS = 60_000;
/** Who goes to and fro between windows asks no more often. */
const LOOK_MS = 5_000;

/**
 * Asks the kernel itself whether it still has a comm: one that was restarted from elsewhere tells nobody. No answer
 * says nothing; a list without the comm says that it is gone, once the kernel has shown that its list names such comms.
 */
export class Enquiry {
  #listed = false;
  #ended = false;
  #isWaiting = false;
  #last = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `list` gives the ids of the kernel's comms, or null where it does not say. */
  constructor(
    private readonly list: () => Promise<readonly string[] | null>,
    private readonly comm: string,
    private readonly gone: () => void,
  ) {
    void this.ask();
  }

  /** A view waits, or waits no more: asks at longer and longer intervals while it does. */
  waiting(is: boolean): void {
    if (is === this.#isWaiting) return;
    this.#isWaiting = is;
    clearTimeout(this.#timer);
    if (is && !this.#ended) this.#after(FIRST_MS);
  }

  /** A person looks at the page again. */
  look(): void {
    if (Date.now() - this.#last >= LOOK_MS) void this.ask();
  }

  async ask(): Promise<void> {
    if (this.#ended) return;
    this.#last = Date.now();
    let comms: readonly string[] | null;
    try {
      comms = await this.list();
    } catch {
      return; // a connection that broke off, a kernel that went away: others tell of these
    }
    if (this.#ended || comms === null) return;
    if (comms.includes(this.comm)) {
      this.#listed = true;
    } else if (this.#listed || comms.length > 0) {
      this.end();
      this.gone();
    }
  }

  end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
  }

  #after(ms: number): void {
    this.#timer = setTimeout(() => {
      void this.ask();
      this.#after(Math.min(2 * ms, LONGEST_MS));
    }, ms);
  }
}
