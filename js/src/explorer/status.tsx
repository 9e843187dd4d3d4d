import type { Store } from "../host/store";
import { Button } from "../styles/parts";

/** What goes on in the kernel: a step's progress with its stop, or that it lets us wait. */
export function Status({ store }: { store: Store }) {
  const progress = store.progress.value;
  const slow = store.responsive.value
    ? null
    : store.connected.value
      ? "kernel busy"
      : "no connection to the kernel";
  if (progress === null) {
    return <span class="dl-status dl-muted">{slow}</span>;
  }
  const share = progress.total ? Math.min(1, progress.done / progress.total) : null;
  return (
    <span class="dl-status">
      <span class="dl-clip">
        {progress.label}
        {share !== null && ` ${Math.floor(share * 100)} %`}
        {slow && <span class="dl-muted">, {slow}</span>}
      </span>
      <Button class="dl-worded" label={`Stop ${progress.label}`} onClick={() => store.stop()}>
        stop
      </Button>
      <span
        class="dl-progress"
        role="progressbar"
        aria-label={progress.label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={share === null ? undefined : Math.floor(share * 100)}
        data-unknown={share === null}
      >
        <span style={{ width: `${(share ?? 0.3) * 100}%` }} />
      </span>
    </span>
  );
}

/** What went wrong last, as a sentence; over the view, so that nothing moves. */
export function Problem({ store }: { store: Store }) {
  const problem = store.problem.value;
  return (
    <div class="dl-problem-home" role="alert">
      {problem !== null && (
        <div class="dl-problem">
          <span class="dl-sentence">{problem}</span>
          <Button
            icon="close"
            label="Dismiss"
            onClick={() => {
              store.problem.value = null;
            }}
          />
        </div>
      )}
    </div>
  );
}
