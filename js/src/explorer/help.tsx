import { useLayoutEffect, useRef } from "preact/hooks";
import { focused } from "../host/focused";
import { Button } from "../styles/parts";
import { KEYS } from "./keys";

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
          {KEYS.map(([keys, what]) => (
            <div key={keys}>
              <dt>
                {keys.split(/\s{2,}/).map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </dt>
              <dd>{what}</dd>
            </div>
          ))}
        </dl>
      </div>
    </div>
  );
}
