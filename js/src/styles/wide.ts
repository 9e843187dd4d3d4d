import { type Signal, useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useLayoutEffect } from "preact/hooks";

/**
 * Writes the widths, in CSS pixels, that an element reaches into its `data-wide`, for style sheets to ask:
 * `[data-wide~="900"]`. Container queries would say the same, but inside of JupyterLab's cells, which are laid out only
 * when seen, Chromium may leave what is added below a container without a box for good. Gives the same as a signal: all
 * of them until it is measured.
 */
export function useWide(element: RefObject<HTMLElement | null>, ...widths: number[]): Signal<string> {
  const all = widths.join(" ");
  const reached = useSignal(all);
  useLayoutEffect(() => {
    const { current } = element;
    if (current === null) return;
    const measure = () => {
      const { clientWidth } = current;
      if (clientWidth === 0) return; // it is not laid out: what it was is the best guess
      reached.value = all
        .split(" ")
        .filter((width) => clientWidth >= Number(width))
        .join(" ");
      current.dataset.wide = reached.value;
    };
    measure();
    if (typeof ResizeObserver === "undefined") return;
    const observer = new ResizeObserver(measure);
    observer.observe(current);
    return () => observer.disconnect();
  }, [element, all]);
  return reached;
}
