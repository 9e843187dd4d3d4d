import explorer from "../explorer/explorer.css";
import inWords from "../explorer/in-words.css";
import legend from "../legend/legend.css";
import map from "../map/map.css";
import predicate from "../predicate/predicate.css";
import reader from "../reader/reader.css";
import similar from "../similar/similar.css";
import table from "../table/table.css";
import base from "./base.css";

/**
 * All of the front end's style. The panels' sheets are nested in one rule, the root's class taken twice: JupyterLab's
 * own rules for tables, buttons and inputs in outputs must not win. Keyframes can't be nested.
 */
export const css = [
  map,
  `.datalens.datalens {\n${[base, explorer, legend, table, reader, similar, predicate, inWords].join("\n")}}`,
  "@keyframes dl-run { to { transform: translateX(233%) } }",
].join("\n");
