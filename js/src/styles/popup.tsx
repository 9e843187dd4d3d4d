import type { ComponentChildren, RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { focused } from "../host/focused";

interface Props {
  label: string;
  class?: string;
  role?: "dialog" | "menu";
  /** Pixels from the view's left edge; by default it sits at the right. */
  left?: number | null;
  /** A press inside it is no press outside the box. */
  home: RefObject<HTMLElement | null>;
  /** Whether what is to have the focus is there. */
  ready?: boolean;
  onClose: (refocus: boolean) => void;
  children: ComponentChildren;
}

const STOPS = "button:not([aria-disabled]), input, select, pre[tabindex]";

/** A box over the view: Esc and a press outside close it, Tab goes round inside. */
export function Popup({
  label,
  class: name,
  role = "dialog",
  left,
  home,
  ready = true,
  onClose,
  children,
}: Props) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const outside = (event: Event) => {
      // Through a shadow root the target is its host; the path has the truth.
      const path = event.composedPath();
      const inside = [home.current, box.current].some((element) => element && path.includes(element));
      if (!inside) onClose(false);
    };
    document.addEventListener("pointerdown", outside, true);
    return () => document.removeEventListener("pointerdown", outside, true);
  }, [home, onClose]);

  useEffect(() => {
    // Of a menu the first thing that it does, not what stands above.
    const at = role === "menu" ? "[role^=menuitem]" : STOPS;
    const first = ready ? box.current?.querySelector<HTMLElement>(at) : null;
    (first ?? box.current)?.focus({ preventScroll: true });
  }, [ready]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      onClose(true);
    } else if (event.key === "Tab") keepInside(event, box.current);
    else if (role === "menu" && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      event.stopPropagation();
      step(box.current, event.key === "ArrowDown" ? 1 : -1);
    }
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: its role is one of two that are interactive
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: as above
    <div
      ref={box}
      class={`dl-menu ${name ?? ""}`}
      style={left === undefined || left === null ? undefined : { left, right: "auto" }}
      role={role}
      aria-label={label}
      tabIndex={-1}
      onKeyDown={onKeyDown}
    >
      {children}
    </div>
  );
}

function stopsOf(box: HTMLElement | null): HTMLElement[] {
  return [...(box?.querySelectorAll<HTMLElement>(STOPS) ?? [])];
}

function keepInside(event: KeyboardEvent, box: HTMLElement | null): void {
  const stops = stopsOf(box);
  const first = stops[0];
  const last = stops[stops.length - 1];
  const to = event.shiftKey ? (event.target === first ? last : null) : event.target === last ? first : null;
  if (to) {
    event.preventDefault();
    to.focus();
  }
}

function step(box: HTMLElement | null, by: number): void {
  const stops = stopsOf(box);
  const here = stops.indexOf(focused() as HTMLElement);
  stops[(here + by + stops.length) % stops.length]?.focus();
}

/** One thing that a menu can do. */
export function Item({ label, hint, onClick }: { label: string; hint?: string; onClick: () => void }) {
  return (
    <button type="button" role="menuitem" class="dl-item" onClick={onClick}>
      <span class="dl-clip">{label}</span>
      {hint && <kbd>{hint}</kbd>}
    </button>
  );
}
