import { Item } from "../styles/popup";
import { Drop } from "./drop";

const SCALES = [1, 2, 4];

/** Saves the map as a picture, at one of a few scales. */
export function SavePicture({ onPicture }: { onPicture: (scale: number) => void }) {
  return (
    <Drop icon="picture" label="Save a picture of the map" box="Size of the picture" role="menu">
      {(close) =>
        SCALES.map((scale) => (
          <Item
            key={scale}
            label={`PNG at ${scale}×`}
            onClick={() => {
              close(true);
              onPicture(scale);
            }}
          />
        ))
      }
    </Drop>
  );
}
