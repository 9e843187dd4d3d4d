/** What has the focus, also inside shadow roots: marimo puts each view into one, and the document names only its host. */
export function focused(): Element | null {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element;
}
