/** Where a key works: in the whole view, or while a part of it has the focus. */
export type Where = "view" | "map" | "words" | "table" | "neighbours" | "condition";

/**
 * All keys: where each works, what it does for the code and for a person, and how it is pressed. Handlers, the sheet
 * of keys and the tests read this table, and nothing else.
 */
export const KEYS = [
  ["view", "next", "j", "next sample"],
  ["view", "previous", "k", "previous sample"],
  ["view", "unseen", "u", "next sample that was not looked at"],
  ["view", "tag", "digit", "set or take the tag that has this key"],
  ["view", "tagAll", "Shift+digit", "tag all selected rows with it"],
  ["view", "typeTag", "t", "type a tag"],
  ["view", "star", "s", "set or take the star"],
  ["view", "note", "n", "write a note"],
  ["view", "search", "/", "search"],
  ["view", "type", "w", "type a condition"],
  ["view", "undo", "Mod+z", "undo a selection"],
  ["view", "redo", "Mod+Shift+z Mod+y", "redo it"],
  ["view", "clear", "Escape", "clear what was drawn on the map"],
  ["view", "pan", "v", "pan the map"],
  ["view", "lasso", "l", "lasso"],
  ["view", "box", "b", "box"],
  ["view", "fit", "f", "fit the map"],
  ["view", "names", "m", "names on the map"],
  ["view", "contours", "c", "lines of density"],
  ["view", "help", "?", "these keys"],
  ["map", "left", "ArrowLeft", "pan"],
  ["map", "right", "ArrowRight", "pan"],
  ["map", "up", "ArrowUp", "pan"],
  ["map", "down", "ArrowDown", "pan"],
  ["map", "in", "+ =", "zoom in"],
  ["map", "out", "- _", "zoom out"],
  ["map", "all", "Home 0", "fit"],
  ["map", "leave", "Escape", "leave what is being drawn"],
  ["words", "previous", "ArrowUp", "up the list"],
  ["words", "next", "ArrowDown", "down the list"],
  ["words", "first", "Home", "the largest"],
  ["words", "last", "End", "the last of them"],
  ["table", "previous", "ArrowUp", "previous sample"],
  ["table", "next", "ArrowDown", "next sample"],
  ["table", "back", "PageUp", "page back"],
  ["table", "on", "PageDown", "page on"],
  ["neighbours", "previous", "ArrowUp", "up the list"],
  ["neighbours", "next", "ArrowDown", "down the list"],
  ["neighbours", "open", "Enter", "read it"],
  ["condition", "edit", "F2", "edit"],
  ["condition", "negate", "n", "negate"],
  ["condition", "enable", "d", "switch off or on"],
  ["condition", "remove", "Delete Backspace", "remove"],
] as const;

type Key = (typeof KEYS)[number];
/** What the keys of a place do; what can't be done there is left out. */
export type Acts<W extends Where> = {
  [A in Extract<Key, readonly [W, ...unknown[]]>[1]]?:
    | ((event: KeyboardEvent) => unknown)
    | undefined
    | false;
};

/** Act on a key, if it does something in this place; says whether it did. An act that gives false did nothing. */
export function pressed<W extends Where>(where: W, event: KeyboardEvent, acts: Acts<W>): boolean {
  const chord = chordOf(event);
  const row = KEYS.find(([place, , chords]) => place === where && chords.split(" ").includes(chord));
  const act = row && (acts as Record<string, ((event: KeyboardEvent) => unknown) | undefined>)[row[1]];
  if (!act || act(event) === false) return false;
  event.preventDefault();
  return true;
}

/**
 * The digit of a key, 1 to 9. With Shift a key of digits gives other signs; where it takes Shift to type a digit, as on
 * French keyboards, that is a digit like any other.
 */
export function digitOf({ key, code }: KeyboardEvent): number | null {
  const digit = key.length === 1 && (/^[1-9]$/.exec(key)?.[0] ?? /^Digit([1-9])$/.exec(code)?.[1]);
  return digit ? Number(digit) : null;
}

function chordOf(event: KeyboardEvent): string {
  const { key } = event;
  const mod = event.ctrlKey || event.metaKey;
  const digit = digitOf(event) !== null;
  const shift = event.shiftKey && (mod || (digit && !/\d/.test(key)));
  const name = digit && !mod ? "digit" : key.length === 1 ? key.toLowerCase() : key;
  return `${mod ? "Mod+" : ""}${event.altKey ? "Alt+" : ""}${shift ? "Shift+" : ""}${name}`;
}
