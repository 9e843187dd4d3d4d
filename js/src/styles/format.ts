/** Numbers as a person reads them: "48,210". */
export function count(n: number): string {
  return n.toLocaleString("en-US");
}

/** "1 row", "1,204 rows". */
export function plural(n: number, noun: string): string {
  return `${count(n)} ${noun}${n === 1 ? "" : "s"}`;
}
