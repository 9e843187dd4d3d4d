import { useLayoutEffect, useRef } from "preact/hooks";
import { focused } from "../host/focused";
import { KEYS } from "../host/keys";
import { Button } from "../styles/parts";

const PLACES = {
  view: "Everywhere",
  map: "In the map",
  words: "In the map in words (Tab from the map)",
  table: "In the table",
  neighbours: "In the neighbours",
  condition: "On a condition",
};
const NAMES: Record<string, string> = {
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
  Escape: "Esc",
  Delete: "Del",
  digit: "1–9",
  Mod: /mac|iphone|ipad/iu.test(navigator.userAgent) ? "⌘" : "Ctrl",
};
const named = (key: string) => NAMES[key] ?? (key.length === 1 ? key.toUpperCase() : key);
const shown = (chord: string) => (chord === "+" ? chord : chord.split("+").map(named).join("\u00a0"));
/** What the pointer does: no keys of their own. */
const POINTER = [
  ["Shift", "while drawing: add"],
  ["Alt", "subtract"],
  ["Shift+Alt", "intersect"],
  ["Double-click", "fit what is selected"],
] as const;

/** The lines of a place: keys that do alike on one. */
function linesOf(where: string): [string, string[]][] {
  const lines = new Map<string, string[]>();
  const add = (what: string, chords: string[]) => lines.set(what, [...(lines.get(what) ?? []), ...chords]);
  for (const [place, , chords, what] of KEYS) if (place === where) add(what, chords.split(" "));
  if (where === "map") for (const [chord, what] of POINTER) add(what, [chord]);
  return [...lines];
}

/** All keys, over the view they work in. */
export function Help({ onClose }: { onClose: () => void }) {
  const box = useRef<HTMLDivElement>(null);
  // At once: a key pressed in the next moment is already the box's.
  useLayoutEffect(() => {
    const before = focused();
    box.current?.focus({ preventScroll: true });
    return () => {
      if (before instanceof HTMLElement) before.focus({ preventScroll: true });
    };
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Esc is the key
    // biome-ignore lint/a11y/noStaticElementInteractions: a click beside the box closes it
    <div class="dl-veil" onClick={(event) => event.target === event.currentTarget && onClose()}>
      <div
        ref={box}
        class="dl-help"
        role="dialog"
        aria-modal="true"
        aria-label="Keys"
        tabIndex={-1}
        onKeyDown={(event) => {
          // Nothing else is to be reached while it is open.
          if (event.key === "Tab") box.current?.querySelector("button")?.focus();
          else if (event.key === "Escape" || event.key === "?") onClose();
          else return;
          event.stopPropagation();
          event.preventDefault();
        }}
      >
        <div class="dl-help-head">
          <h3>Keys</h3>
          <Button icon="close" label="Close" hint="Esc" onClick={onClose} />
        </div>
        <div class="dl-help-places">
          {Object.entries(PLACES).map(([where, place]) => (
            <section key={where}>
              <h4>{place}</h4>
              <dl>
                {linesOf(where).map(([what, chords]) => (
                  <div key={what}>
                    <dt>
                      {chords.map((chord) => (
                        <kbd key={chord}>{shown(chord)}</kbd>
                      ))}
                    </dt>
                    <dd>{what}</dd>
                  </div>
                ))}
              </dl>
            </section>
          ))}
        </div>
      </div>
    </div>
  );
}
