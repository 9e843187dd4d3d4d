/**
 * Hides the picture that the kernel put beside a view for pages without one (src/datalens/widgets/still.py), for as
 * long as the view is there; returns what shows it again.
 */
export function hideStill(name: string): () => void {
  const style = document.createElement("style");
  const still = `.datalens-still-${CSS.escape(name)}`;
  // JupyterLab's own box around an output has a padding, which an empty one would leave as a gap.
  style.textContent = `${still},.jp-OutputArea-child:has(${still}){display:none!important}`;
  document.head.append(style);
  return () => style.remove();
}
