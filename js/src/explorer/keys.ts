import { digitOf, pressed } from "../host/keys";
import type { ViewState } from "../host/view";

/** What a key can ask of the view it is pressed in; a view in a cell of its own lacks some. */
export interface KeyTargets {
  root: HTMLElement;
  view: ViewState;
  /** What it gives back ends when the focus is there. */
  step?: (by: number) => Promise<void> | undefined;
  fit?: () => void;
  help: () => void;
}

/** The step that is under way: a key pressed after it is about the row that it leads to. */
let stepping: Promise<void> | undefined;

function moves(step: Promise<void> | undefined): void {
  stepping = step;
  step?.finally(() => {
    if (stepping === step) stepping = undefined;
  });
}

function then(act: () => void): void {
  if (stepping) stepping.then(act);
  else act();
}

const TYPING = new Set(["text", "search", "number", "email", "url", "password", ""]);

function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return TYPING.has(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

/** Act on a key. No key pressed in a view goes on to the notebook, whose single letters delete cells. */
export function onKey(event: KeyboardEvent, { view, root, step, fit, help }: KeyTargets): void {
  event.stopPropagation();
  if (event.defaultPrevented || event.isComposing) return;
  if (isTyping(event.target)) {
    // The view keeps the focus, so that its keys go on working.
    if (event.key === "Escape") root.focus({ preventScroll: true });
    return;
  }
  const { store } = view;
  const { marking } = store;
  const tool = (name: "pan" | "lasso" | "box") =>
    fit &&
    (() => {
      view.tool.value = name;
    });
  const input = (selector: string) => () => {
    const found = root.querySelector<HTMLElement>(selector);
    found?.focus();
    return found !== null;
  };
  const marks = marking.can();
  pressed("view", event, {
    next: step && (() => moves(step(1))),
    previous: step && (() => moves(step(-1))),
    unseen: marks && (() => moves(marking.next(view.sort.peek()))),
    tag: marks && (() => then(() => marking.digit(digitOf(event), false))),
    tagAll: marks && (() => marking.digit(digitOf(event), true)),
    typeTag: marks && input(".dl-tag-input"),
    star: marks && (() => then(() => marking.star())),
    note: marks && input(".dl-note-line"),
    search: input(".dl-search input"),
    // At once: the next letters are the line's already.
    type: () => {
      const line = root.querySelector<HTMLElement>(".dl-typing input, .dl-add");
      line?.focus();
      line?.click();
      return line !== null;
    },
    undo: () => store.undo(),
    redo: () => store.redo(),
    clear: () => {
      const drawn = store.state.peek()?.selection.clauses.some((c) => c.source === "map");
      if (drawn) store.setClause("map", null);
    },
    pan: tool("pan"),
    lasso: tool("lasso"),
    box: tool("box"),
    fit,
    names:
      fit &&
      (() => {
        view.names.value = !view.names.peek();
      }),
    contours:
      fit &&
      (() => {
        const look = view.look.peek();
        view.look.value = { ...look, contours: !look.contours };
      }),
    help,
  });
}
