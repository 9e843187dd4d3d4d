import type { ViewState } from "../host/view";
import type { Walk } from "../host/walk";
import { count, sampleOf } from "../styles/format";
import { Button } from "../styles/parts";
import { Select } from "../styles/select";
import type { Pages } from "./pages";

const SIZES = [25, 50, 100];
const AWAY = "the sample being read is not selected";

export function Pager({ view, walk, pages }: { view: ViewState; walk: Walk; pages: Pages }) {
  const state = view.store.state.value;
  const size = view.pageSize.value;
  const total = walk.total.value;
  const number = pages.pageNumber.value;
  const last = pages.pageCount.value - 1;
  const from = total === 0 ? 0 : pages.start.value + 1;
  const to = Math.min(total, pages.start.value + size);
  const digits = count(last + 1).length;
  const away = walk.place.value?.index === null;
  return (
    <div class="dl-pager">
      <Button icon="first" label="First page" disabled={number === 0} onClick={() => pages.goTo(0)} />
      <Button
        icon="previous"
        label="Previous page"
        hint="PageUp in the table"
        disabled={number === 0}
        onClick={() => pages.goTo(number - 1)}
      />
      <input
        class="dl-input dl-number"
        aria-label="Page"
        inputMode="numeric"
        style={{ width: `${digits + 1}ch` }}
        value={count(number + 1)}
        onFocus={(event) => event.currentTarget.select()}
        onChange={(event) => {
          const wanted = Number(event.currentTarget.value.replace(/\D/g, ""));
          if (wanted > 0) pages.goTo(wanted - 1);
          event.currentTarget.value = count(pages.pageNumber.peek() + 1);
        }}
      />
      <span class="dl-muted">of {count(last + 1)}</span>
      <Button
        icon="next"
        label="Next page"
        hint="PageDown in the table"
        disabled={number >= last}
        onClick={() => pages.goTo(number + 1)}
      />
      <Button icon="last" label="Last page" disabled={number >= last} onClick={() => pages.goTo(last)} />
      <span class="dl-note dl-clip" title={away ? AWAY : undefined}>
        {away ? AWAY : ""}
      </span>
      <span class="dl-rows" title={sampleOf(state)}>
        {count(from)}–{count(to)} of {count(total)}
        {state?.sample && " sampled"}
      </span>
      <Select
        label="Rows a page"
        value={size}
        options={SIZES.includes(size) ? SIZES : [...SIZES, size]}
        onPick={(rows) => {
          view.pageSize.value = rows;
        }}
      />
    </div>
  );
}
