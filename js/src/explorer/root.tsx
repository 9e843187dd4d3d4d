import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { ViewState } from "../host/view";
import { useWide } from "../styles/wide";
import { Help } from "./help";
import { onKey } from "./keys";
import { Saved } from "./saved";
import { Problem } from "./status";

interface Props {
  view: ViewState;
  /** The layout's class. */
  class: string;
  step?: (by: number) => Promise<void> | undefined;
  fit?: () => void;
  /** `wide`: the panels stand beside one another. */
  children: (help: () => void, wide: boolean) => ComponentChildren;
}

/** What every view has around it: theme, keys, help and what went wrong. */
export function Root({ view, class: layout, step, fit, children }: Props) {
  const root = useRef<HTMLDivElement>(null);
  const reached = useWide(root, 421, 521, 800, 900);
  useEffect(() => view.store.marking.watch(), [view]);
  const helping = useSignal(false);
  const help = () => {
    helping.value = true;
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys of the parts inside are handled in one place
    <div
      ref={root}
      class="datalens"
      data-saved={view.store.state.value?.saved?.why}
      data-theme={view.dark.value ? "dark" : "light"}
      data-lm-suppress-shortcuts="true"
      tabIndex={-1}
      onKeyDown={(event) => root.current && onKey(event, { root: root.current, view, step, fit, help })}
    >
      <Saved store={view.store} />
      <div class={layout}>{children(help, reached.value.endsWith("900"))}</div>
      <Problem store={view.store} />
      {helping.value && (
        <Help
          onClose={() => {
            helping.value = false;
          }}
        />
      )}
    </div>
  );
}
