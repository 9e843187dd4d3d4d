import { type Signal, signal } from "@preact/signals";

/** Whether the page is dark: JupyterLab and Notebook 7, VS Code, marimo, Colab; else what the system prefers. */
export function isDark(): boolean {
  const { jpThemeLight, vscodeThemeKind, theme } = document.body.dataset;
  if (jpThemeLight !== undefined) return jpThemeLight === "false";
  if (vscodeThemeKind !== undefined) return vscodeThemeKind.includes("dark");
  const named = theme ?? document.documentElement.getAttribute("theme");
  if (named === "dark" || named === "light") return named === "dark";
  return matchMedia("(prefers-color-scheme: dark)").matches;
}

/** A signal that follows the page's theme until `dispose`. */
export function watchDark(): { dark: Signal<boolean>; dispose: () => void } {
  const dark = signal(isDark());
  const look = () => {
    dark.value = isDark();
  };
  const observer = new MutationObserver(look);
  observer.observe(document.body, { attributes: true });
  observer.observe(document.documentElement, { attributes: true });
  const media = matchMedia("(prefers-color-scheme: dark)");
  media.addEventListener("change", look);
  return {
    dark,
    dispose: () => {
      observer.disconnect();
      media.removeEventListener("change", look);
    },
  };
}
