import type { Signal } from "@preact/signals";
import { drag } from "../styles/drag";

interface Props {
  label: string;
  /** "vertical" is a bar between left and right. */
  orientation: "vertical" | "horizontal";
  /** Share of the parent that the first part has. */
  share: Signal<number>;
}

const LEAST = 0.2;
const MOST = 0.8;
const STEP = 0.02;

/** A bar between two panels, moved by pointer or by arrow keys; it divides its parent. */
export function Splitter({ label, orientation, share }: Props) {
  const upright = orientation === "vertical";
  const put = (to: number) => {
    share.value = Math.min(MOST, Math.max(LEAST, to));
  };
  const press = (event: PointerEvent) => {
    const bar = event.currentTarget;
    const parent = bar instanceof HTMLElement ? bar.parentElement : null;
    if (!(bar instanceof HTMLElement) || parent === null || event.button !== 0) return;
    drag(bar, event, (e) => {
      const box = parent.getBoundingClientRect();
      put(upright ? (e.clientX - box.left) / box.width : (e.clientY - box.top) / box.height);
    });
  };
  const back = upright ? "ArrowLeft" : "ArrowUp";
  const on = upright ? "ArrowRight" : "ArrowDown";
  return (
    // biome-ignore lint/a11y/useSemanticElements: a separator that moves is no hr
    <div
      class={`dl-splitter dl-${orientation}`}
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation={orientation}
      aria-valuemin={LEAST * 100}
      aria-valuemax={MOST * 100}
      aria-valuenow={Math.round(share.value * 100)}
      onPointerDown={press}
      onKeyDown={(event) => {
        if (event.key !== back && event.key !== on) return;
        event.preventDefault();
        put(share.peek() + (event.key === on ? STEP : -STEP));
      }}
    />
  );
}
