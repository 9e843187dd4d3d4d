import { PLAIN, type ViewState } from "../host/view";
import { Button } from "../styles/parts";
import { Drop } from "./drop";

/** A quarter to four times, in equal steps for the eye. */
const OCTAVES = 2;

/** How large and how solid points are: for who disagrees with what density and zoom ask for. */
export function Looks({ view }: { view: ViewState }) {
  const look = view.look.value;
  return (
    <Drop icon="points" label="Size and opacity of points" box="Size and opacity of points">
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
                  onInput={(event) => {
                    view.look.value = { ...view.look.peek(), [what]: 2 ** Number(event.currentTarget.value) };
                  }}
                />
                <output>{share}</output>
              </label>
            );
          })}
          <Button
            class="dl-worded"
            label="As density and zoom ask for"
            disabled={look.size === 1 && look.opacity === 1}
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
