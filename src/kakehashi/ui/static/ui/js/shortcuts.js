// Ctrl/⌘+K and / search, ? lists the keys, g then a number goes to a module. Single keys can be switched off (WCAG 2.1.4).
import { open } from "./dialog.js";
import { isComposing } from "./ime.js";

const typing = "input, textarea, select, trix-editor, [contenteditable=true]";
let isGoing = false;

// Kept with the person; the switch in the list of keys posts by itself (shell/templates/shortcuts.html).
const areOn = () => document.body.dataset.shortcuts !== "off";

document.addEventListener("keydown", (event) => {
  if (isComposing(event) || event.defaultPrevented) return;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") return search(event);
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches(typing) || !areOn()) return;
  if (document.querySelector("dialog:modal")) return single(event, document.querySelector("dialog:modal"));
  if (isGoing) return go(event);
  if (event.key === "/") search(event);
  else if (event.key === "?") open(document.getElementById("k-shortcuts"));
  else if (event.key === "g") wait();
  else single(event, document);
});

/** An element with data-key="r" is pressed by that key; inside a sheet only the sheet's own. */
function single(event, root) {
  if (event.key.length !== 1) return;
  const key = `[data-key="${CSS.escape(event.key)}"]`;
  const mode = { r: "reply", c: "comment" }[event.key]; // of a composer
  const element = root.querySelector(`main ${key}`) ?? (mode && root.querySelector(`.k-composer [data-mode="${mode}"]`)) ?? root.querySelector(key);
  if (!element) return;
  event.preventDefault();
  element.matches("input, textarea, select, trix-editor") ? reach(element) : element.click();
}

function reach(element) {
  element.focus();
  if (element.matches("select")) element.showPicker?.();
}

function search(event) {
  const box = document.querySelector("[data-search-box]");
  if (!box) return;
  event.preventDefault();
  box.checkVisibility() ? box.select() : document.querySelector('.k-top a[href][aria-label].k-only-narrow')?.click();
}

function wait() {
  isGoing = true;
  setTimeout(() => (isGoing = false), 1500);
}

function go(event) {
  isGoing = false;
  const link = document.querySelector(`[data-go="${CSS.escape(event.key)}"], [data-go-letter="${CSS.escape(event.key)}"]`);
  if (link) location.assign(link.href);
}

document.addEventListener("change", ({ target }) => {
  if (target.matches("[data-shortcuts-switch]")) document.body.dataset.shortcuts = target.checked ? "on" : "off";
});

document.addEventListener("click", (event) => event.target.closest("[data-back]") && history.back());
