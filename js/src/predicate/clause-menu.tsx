import type { RefObject } from "preact";
import type { ClauseInfo, ClauseSource } from "../host/protocol";
import type { Store } from "../host/store";
import { count } from "../styles/format";
import { Button } from "../styles/parts";
import { Item, Popup } from "../styles/popup";

interface Props {
  store: Store;
  clause: ClauseInfo;
  /** All clauses there are. */
  clauses: readonly ClauseInfo[];
  left: number;
  home: RefObject<HTMLElement | null>;
  onEdit: () => void;
  onClose: (refocus: boolean) => void;
}

/** What one condition does, and what can be done with it. */
export function ClauseMenu({ store, clause, clauses, left, home, onEdit, onClose }: Props) {
  const { source } = clause;
  const off = clause.enabled === false;
  const others = clauses.filter((other) => other.source !== source);
  const parts = clause.parts ?? [];
  const tell = (act: () => void) => () => {
    act();
    onClose(true);
  };
  return (
    <Popup
      label={`Condition ${clause.label}`}
      class="dl-clause-menu"
      role="menu"
      left={left}
      home={home}
      onClose={onClose}
    >
      <p class="dl-does">
        <b>{count(clause.count)}</b> {clause.count === 1 ? "row" : "rows"} by this condition alone
        {clause.only !== undefined && !off && (
          <>
            <br />
            <b>{count(clause.only)}</b> that only it removes
          </>
        )}
        {(clause.nulls ?? 0) > 0 && (
          <>
            <br />
            <b>{count(clause.nulls ?? 0)}</b> with a null there
          </>
        )}
        {clause.note && (
          <>
            <br />
            <span class="dl-warned">{clause.note}</span>
          </>
        )}
      </p>
      {parts.length > 0 && (
        <ul class="dl-parts" aria-label={clause.joined === "or" ? "Any of these" : "All of these"}>
          {parts.map((part, i) => (
            <li key={`${i} ${part}`}>
              <span class="dl-and">{i > 0 ? clause.joined : ""}</span>
              <span class="dl-clip" title={part}>
                {part}
              </span>
              <Button
                icon="close"
                label={`Leave out ${part}`}
                onClick={tell(() => store.tell("part", { source, part: i }))}
              />
            </li>
          ))}
        </ul>
      )}
      <Item label="Edit" hint="F2" onClick={onEdit} />
      <Item label="Negate" hint="N" onClick={tell(() => store.tell("negate", { source }))} />
      <Item
        label={off ? "Switch on" : "Switch off"}
        hint="D"
        onClick={tell(() => store.tell("enable", { source, on: off }))}
      />
      {others.map((other) => (
        <Item
          key={other.source}
          label={`This or ${other.label}`}
          onClick={tell(() => store.tell("either", { sources: inOrder(clauses, source, other.source) }))}
        />
      ))}
      {clause.joined === "and" && (
        <Item label="Take apart" onClick={tell(() => store.tell("apart", { source }))} />
      )}
      <Item label="Remove" hint="Del" onClick={tell(() => store.setClause(source, null))} />
    </Popup>
  );
}

function inOrder(clauses: readonly ClauseInfo[], a: ClauseSource, b: ClauseSource): ClauseSource[] {
  return clauses.map(({ source }) => source).filter((source) => source === a || source === b);
}
