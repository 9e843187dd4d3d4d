/** Follows a pointer that was pressed on an element until it is let go. */
export function drag(
  el: HTMLElement,
  pressed: PointerEvent,
  move: (e: PointerEvent) => void,
  end = () => {},
): void {
  const off = new AbortController();
  const done = () => {
    off.abort();
    end();
  };
  pressed.preventDefault();
  el.setPointerCapture?.(pressed.pointerId);
  el.addEventListener("pointermove", move, off);
  el.addEventListener("pointerup", done, off);
  el.addEventListener("pointercancel", done, off);
}
