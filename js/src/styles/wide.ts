import type { RefObject } from "preact";
import { useLayoutEffect } from "preact/hooks";

/**
 * Writes the widths, in CSS pixels, that an element reaches into its `data-wide`, for style sheets to ask:
 * `[data-wide~="900"]`. Container queries would say the same, but inside of JupyterLab's cells, which are laid out only
 * when seen, Chromium may leave what is added below a container without a box for good.
 */
export function useWide(element: RefObject<HTMLElement | null>, ...widths: number[]): void {
  const all = widths.join(" ");
  useLayoutEffect(() => {
    const { current } = element;
    if (current === null) return;
    const measure = () => {
      const { clientWidth } = current;
      if (clientWidth === 0) return; // it is not laid out: what it was is the best guess
      current.dataset.wide = all
        .split(" ")
        .filter((width) => clientWidth >= Number(width))
        .join(" ");
    };
    measure();
    if (typeof ResizeObserver === "undefined") return;
    const observer = new ResizeObserver(measure);
    observer.observe(current);
    return () => observer.disconnect();
  }, [element, all]);
}
