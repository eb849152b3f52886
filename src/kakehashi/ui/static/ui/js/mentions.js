// In a form with data-colleagues, "@" and some letters offer colleagues; the one chosen stands in the text with the whole name.
// data-sends: Ctrl/⌘+Enter saves.
import { isComposing } from "./ime.js";

const menu = document.createElement("div");
menu.className = "k-menu is-mentions";
menu.popover = "manual";
menu.setAttribute("role", "listbox");
let editor = null;
let asked = 0;

document.addEventListener("trix-change", async (event) => {
  const form = event.target.closest("[data-colleagues]");
  if (!form) return;
  if (document.activeElement === event.target) form.querySelector("input[type=hidden][name]")?.dispatchEvent(new Event("input", { bubbles: true }));
  editor = event.target;
  const typed = typedName();
  if (typed === null) return hide();
  const number = ++asked;
  const address = new URL(form.dataset.colleagues, location.href);
  address.searchParams.set("q", typed);
  const names = await (await fetch(address, { headers: { Accept: "application/json" } })).json();
  if (number === asked && typedName() !== null) show(names);
});

document.addEventListener("keydown", (event) => {
  if (isComposing(event)) return;
  if (event.target.matches?.("trix-editor") && menu.matches(":popover-open")) return choosing(event);
  const form = event.target.closest?.("[data-sends]");
  if (form && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    requestAnimationFrame(() => requestAnimationFrame(() => form.requestSubmit()));
  }
}, true);
document.addEventListener("trix-blur", () => setTimeout(hide, 150));

function typedName() {
  const [start, end] = editor.editor.getSelectedRange();
  if (start !== end) return null;
  const before = editor.editor.getDocument().toString().slice(0, end);
  return before.match(/(?:^|[\s、。（(])[@＠]([^\s@＠、。]{0,20})$/)?.[1] ?? null;
}

function show(names) {
  if (!names.length) return hide();
  menu.replaceChildren(...names.map((name) => entry(name)));
  menu.firstElementChild.setAttribute("aria-selected", "true");
  (editor.closest("dialog") ?? document.body).append(menu);
  const place = editor.editor.getClientRectAtPosition(editor.editor.getPosition()) ?? editor.getBoundingClientRect();
  menu.style.top = `${place.bottom + 4}px`;
  menu.style.left = `${Math.max(4, Math.min(place.left, innerWidth - 220))}px`;
  menu.showPopover();
}

function entry(name) {
  const button = document.createElement("button");
  button.type = "button";
  button.role = "option";
  button.tabIndex = -1;
  button.textContent = name;
  button.addEventListener("pointerdown", (event) => (event.preventDefault(), choose(name)));
  return button;
}

function choosing(event) {
  const all = [...menu.children];
  const at = all.findIndex((one) => one.ariaSelected === "true");
  if (event.key === "Enter" || event.key === "Tab") choose(all[at].textContent);
  else if (event.key === "Escape") hide();
  else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    all[at].ariaSelected = "false";
    all.at((at + (event.key === "ArrowDown" ? 1 : -1)) % all.length).ariaSelected = "true";
  } else return;
  event.preventDefault();
  event.stopImmediatePropagation();
}

function choose(name) {
  const end = editor.editor.getPosition();
  editor.editor.setSelectedRange([end - typedName().length, end]);
  editor.editor.insertString(`${name} `);
  hide();
}

function hide() {
  if (menu.matches(":popover-open")) menu.hidePopover();
}
