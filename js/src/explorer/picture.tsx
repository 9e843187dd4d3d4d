import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { Button } from "../styles/parts";
import { Item, Popup } from "../styles/popup";

const SCALES = [1, 2, 4];

/** Saves the map as a picture, at one of a few scales. */
export function SavePicture({ onPicture }: { onPicture: (scale: number) => void }) {
  const home = useRef<HTMLDivElement>(null);
  const open = useSignal(false);
  const close = (refocus: boolean) => {
    open.value = false;
    if (refocus) home.current?.querySelector("button")?.focus({ preventScroll: true });
  };
  return (
    <div class="dl-picture" ref={home}>
      <Button
        icon="picture"
        label="Save a picture of the map"
        expanded={open.value}
        onClick={() => {
          open.value = !open.value;
        }}
      />
      {open.value && (
        <Popup label="Size of the picture" role="menu" home={home} onClose={close}>
          {SCALES.map((scale) => (
            <Item
              key={scale}
              label={`PNG at ${scale}×`}
              onClick={() => {
                close(true);
                onPicture(scale);
              }}
            />
          ))}
        </Popup>
      )}
    </div>
  );
}
