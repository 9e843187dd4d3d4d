import { PLAIN, type ViewState } from "../host/view";
import { ordersOf } from "../map/order";
import { Button } from "../styles/parts";
import { namesOf, Select } from "../styles/select";
import { Drop } from "./drop";

/** A quarter to four times, in equal steps for the eye. */
const OCTAVES = 2;

/** How the map looks: for who disagrees with what density and zoom ask for, and for what else can be shown. */
export function Looks({ view }: { view: ViewState }) {
  const look = view.look.value;
  const put = (part: Partial<typeof look>) => {
    view.look.value = { ...view.look.peek(), ...part };
  };
  const orders = ordersOf(view.coloring.value?.result);
  return (
    <Drop icon="points" label="Looks of the map">
      {() => (
        <div class="dl-looks">
          {(["size", "opacity"] as const).map((what) => {
            const share = `${Math.round(look[what] * 100)} %`;
            return (
              <label key={what}>
                <span>{what}</span>
                <input
                  type="range"
                  min={-OCTAVES}
                  max={OCTAVES}
                  step={0.1}
                  value={Math.log2(look[what])}
                  aria-valuetext={share}
                  onInput={(event) => put({ [what]: 2 ** Number(event.currentTarget.value) })}
                />
                <output>{share}</output>
              </label>
            );
          })}
          {/* biome-ignore lint/a11y/noLabelWithoutControl: there is a select in it */}
          <label>
            <span>size by</span>
            <Select
              none="nothing"
              value={look.by}
              options={namesOf(
                view.store.state.value?.columns,
                look.by,
                ({ kind, numeric }) => numeric || kind === "boolean" || kind === "datetime",
              )}
              onPick={(by) => put({ by })}
            />
          </label>
          {/* biome-ignore lint/a11y/noLabelWithoutControl: as above */}
          <label>
            <span>on top</span>
            <Select
              title={orders[1] ? "" : "Color the map by a column first"}
              value={orders.includes(look.order) ? look.order : "random"}
              options={orders}
              onPick={(order) => put({ order })}
            />
          </label>
          <label title="Lines around 10, 30, 50, 70 and 90 % of the points (C)">
            <span>density</span>
            <span>
              <input
                type="checkbox"
                checked={look.contours}
                onChange={(event) => put({ contours: event.currentTarget.checked })}
              />
              contours
            </span>
          </label>
          <Button
            class="dl-worded"
            label="As it was at first"
            onClick={() => {
              view.look.value = PLAIN;
            }}
          >
            reset
          </Button>
        </div>
      )}
    </Drop>
  );
}
