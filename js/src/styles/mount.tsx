import { type ComponentChildren, render } from "preact";
import { css } from "./index";

/**
 * Put a tree into `el`; returns what takes it out again. The style goes in beside it, because a view can live
 * inside a shadow root, where a style in the document's head does not reach.
 */
export function mount(el: HTMLElement, tree: ComponentChildren): () => void {
  const style = document.createElement("style");
  style.textContent = css;
  const root = document.createElement("div");
  root.className = "datalens-mount";
  if (el.style.height) {
    // The height is the layout's to use: stacked in a narrow cell, the parts need more than one such height.
    root.style.setProperty("--dl-height", el.style.height);
    el.style.height = "";
  }
  el.replaceChildren(style, root);
  render(tree, root);
  return () => {
    render(null, root);
    style.remove();
    root.remove();
  };
}
