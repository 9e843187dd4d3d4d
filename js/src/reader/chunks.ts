// Parts of this many characters are laid out only when they come into sight, so that a text of a megabyte opens
// at once.
const PART = 8_000;

/** Cut a text after line ends into parts of about PART characters; joined they are the text. */
export function chunked(text: string): string[] {
  const parts: string[] = [];
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf("\n", from + PART);
    const to = end < 0 ? text.length : end + 1;
    parts.push(text.slice(from, to));
    from = to;
  }
  return parts;
}
