import { pressed } from "../host/keys";
import type { ClauseInfo } from "../host/protocol";
import type { Store } from "../host/store";
import { count, plural } from "../styles/format";
import { Button, Icon } from "../styles/parts";

interface Props {
  store: Store;
  clause: ClauseInfo;
  first: boolean;
  /** Whether its menu can do anything: not where no kernel answers. */
  live: boolean;
  open: boolean;
  onMenu: (chip: HTMLElement) => void;
  onEdit: (chip: HTMLElement) => void;
}

/** One condition: what it says, what it selects, what only it removes. */
export function Chip({ store, clause, first, live, open, onMenu, onEdit }: Props) {
  const off = clause.enabled === false;
  const remove = () => store.setClause(clause.source, null);
  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLElement }) =>
    pressed("condition", event, {
      edit: live && (() => onEdit(event.currentTarget)),
      negate: live && (() => store.tell("negate", { source: clause.source })),
      enable: live && (() => store.tell("enable", { source: clause.source, on: off })),
      remove,
    });
  return (
    <>
      {!first && <span class="dl-and"> and </span>}
      <span class="dl-chip" data-off={off}>
        <button
          type="button"
          class="dl-chip-label dl-clip"
          title={tooltip(clause, live)}
          aria-haspopup={live ? "menu" : undefined}
          aria-expanded={live ? open : undefined}
          aria-label={`${clause.label}, ${plural(clause.count, "row")}${off ? ", switched off" : ""}`}
          onClick={(event) => live && onMenu(event.currentTarget)}
          onDblClick={(event) => live && onEdit(event.currentTarget)}
          onKeyDown={onKeyDown}
        >
          {clause.label}
        </button>
        <span class="dl-chip-count" title={`${plural(clause.count, "row")} by this condition alone`}>
          {count(clause.count)}
        </span>
        {clause.only !== undefined && !off && (
          <span class="dl-chip-only" title={`${plural(clause.only, "row")} that only this condition removes`}>
            −{count(clause.only)}
          </span>
        )}
        {clause.note && (
          <span class="dl-chip-note" title={clause.note}>
            <Icon name="warning" />
            <span class="dl-clip">{clause.note}</span>
          </span>
        )}
        <Button icon="close" label={`Remove ${clause.label}`} onClick={remove} />
      </span>
    </>
  );
}

function tooltip(clause: ClauseInfo, live: boolean): string {
  const lines = [clause.detail];
  if (clause.note) lines.push(clause.note);
  if (live) lines.push("Click: what can be done. F2: edit, N: negate, D: switch off or on, Del: remove");
  return lines.join("\n");
}
