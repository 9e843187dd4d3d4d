import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import { Button, type IconName } from "../styles/parts";
import { Popup } from "../styles/popup";

interface Props {
  icon: IconName;
  label: string;
  /** What the box is called, if not as the button is. */
  box?: string;
  role?: "dialog" | "menu";
  children: (close: (refocus: boolean) => void) => ComponentChildren;
}

/** A button of the toolbar that opens a box under it. */
export function Drop({ icon, label, box = label, role, children }: Props) {
  const home = useRef<HTMLDivElement>(null);
  const open = useSignal(false);
  const close = (refocus: boolean) => {
    open.value = false;
    if (refocus) home.current?.querySelector("button")?.focus({ preventScroll: true });
  };
  return (
    <div class="dl-drop" ref={home}>
      <Button
        icon={icon}
        label={label}
        expanded={open.value}
        onClick={() => {
          open.value = !open.value;
        }}
      />
      {open.value && (
        <Popup label={box} role={role} home={home} onClose={close}>
          {children(close)}
        </Popup>
      )}
    </div>
  );
}
