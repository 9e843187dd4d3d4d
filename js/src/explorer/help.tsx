import { useLayoutEffect, useRef } from "preact/hooks";
import { focused } from "../host/focused";
import { KEYS } from "../host/keys";
import { Button } from "../styles/parts";

const PLACES = {
  view: "Everywhere",
  map: "In the map",
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
const SHEET: (readonly [string, string, string])[] = [
  ...KEYS.map(
    ([where, , chords, what]) =>
      [where, chords.replace(/[^ +]+|\+(?= )/g, named).replace(/(?<=.)\+(?=.)/g, "\u00a0"), what] as const,
  ),
  // No keys of their own: what the pointer does with them.
  ["map", "Shift Alt Shift\u00a0Alt", "while drawing: add, subtract, intersect"],
  ["map", "Double-click", "fit what is selected"],
];

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
          if (event.key !== "Escape" && event.key !== "?") return;
          event.stopPropagation();
          event.preventDefault();
          onClose();
        }}
      >
        <header>
          <h3>Keys</h3>
          <Button icon="close" label="Close" hint="Esc" onClick={onClose} />
        </header>
        <dl>
          {Object.entries(PLACES).map(([where, place]) => (
            <section key={where} aria-label={place}>
              <h4>{place}</h4>
              {SHEET.filter((row) => row[0] === where).map(([, keys, what]) => (
                <div key={what}>
                  <dt>
                    {keys.split(" ").map((key) => (
                      <kbd key={key}>{key}</kbd>
                    ))}
                  </dt>
                  <dd>{what}</dd>
                </div>
              ))}
            </section>
          ))}
        </dl>
      </div>
    </div>
  );
}
