import type { ViewState } from "../host/view";

/** What a key can ask of the view it is pressed in; a view in a cell of its own lacks some. */
export interface KeyTargets {
  root: HTMLElement;
  view: ViewState;
  step?: (by: number) => void;
  fit?: () => void;
  help: () => void;
}

/** All keys, for the help; the map's and the table's own are handled there. */
export const KEYS: readonly (readonly [string, string])[] = [
  ["V", "pan the map"],
  ["L", "lasso"],
  ["B", "box"],
  ["Shift · Alt · Shift Alt", "while drawing: add · subtract · intersect"],
  ["Esc", "clear what was drawn on the map"],
  ["F  Home", "fit the map"],
  ["T", "names on the map"],
  ["Double-click", "fit what is selected"],
  ["+ − ← ↑ → ↓", "zoom and pan, in the map"],
  ["/", "search"],
  ["W", "type a condition"],
  ["F2  N  D  Del", "on a condition: edit, negate, switch off or on, remove"],
  ["J  K", "next, previous sample"],
  ["↑ ↓", "previous, next sample, in the table"],
  ["PageUp PageDown", "turn the page, in the table"],
  ["↑ ↓  Enter", "through the neighbours, focus one"],
  ["Ctrl Z  Ctrl Shift Z", "undo, redo a selection (Cmd on a Mac)"],
  ["?", "these keys"],
];

const TYPING = new Set(["text", "search", "number", "email", "url", "password", ""]);

function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return TYPING.has(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

/** Act on a key. No key pressed in a view goes on to the notebook, whose single letters delete cells. */
export function onKey(event: KeyboardEvent, targets: KeyTargets): void {
  event.stopPropagation();
  if (event.defaultPrevented || event.isComposing) return;
  const { view } = targets;
  if (isTyping(event.target)) {
    // The view keeps the focus, so that its keys go on working.
    if (event.key === "Escape") targets.root.focus({ preventScroll: true });
    return;
  }
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && !event.altKey) {
    event.preventDefault();
    if (event.shiftKey) view.store.redo();
    else view.store.undo();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const act = actionOf(event.key, targets);
  if (act === undefined) return;
  event.preventDefault();
  act();
}

function actionOf(key: string, { view, root, step, fit, help }: KeyTargets): (() => void) | undefined {
  const tool = (name: "pan" | "lasso" | "box") =>
    fit &&
    (() => {
      view.tool.value = name;
    });
  switch (key.length === 1 ? key.toLowerCase() : key) {
    case "v":
      return tool("pan");
    case "l":
      return tool("lasso");
    case "b":
      return tool("box");
    case "t":
      return (
        fit &&
        (() => {
          view.names.value = !view.names.peek();
        })
      );
    case "f":
      return fit;
    case "j":
      return step && (() => step(1));
    case "k":
      return step && (() => step(-1));
    case "w":
      return () => {
        view.typing.value += 1;
      };
    case "?":
      return help;
    case "/":
      return () => root.querySelector<HTMLInputElement>(".dl-search input")?.focus();
    case "Escape":
      return () => {
        if (view.store.state.peek()?.selection.clauses.some((c) => c.source === "map")) {
          view.store.setClause("map", null);
        }
      };
    default:
      return undefined;
  }
}
