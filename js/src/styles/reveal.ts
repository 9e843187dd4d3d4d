/** Brings a row of a box that scrolls into sight, below a head that stays in place; the notebook stands still. */
export function reveal(box: HTMLElement, row: HTMLElement): void {
  const head = box.querySelector("thead")?.getBoundingClientRect().height ?? 0;
  const outer = box.getBoundingClientRect();
  const inner = row.getBoundingClientRect();
  const above = inner.top - (outer.top + head);
  const below = inner.bottom - (outer.top + box.clientHeight);
  if (above < 0) box.scrollTop += above;
  else if (below > 0) box.scrollTop += below;
}
