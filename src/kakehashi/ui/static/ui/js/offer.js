// A list of suggestions beside what is being typed: arrows move, Enter or Tab chooses, Escape closes. One at a time on the page.
import { isComposing } from "./ime.js";

const menu = document.createElement("div");
menu.className = "k-menu is-offer";
menu.id = "k-offer";
menu.popover = "manual";
menu.setAttribute("role", "listbox");
let field = null;
let take = null;
let entries = [];

/** Shows `[{text, hint}]` below `place` (a rectangle) while `typedIn` has the focus; `chosen` gets the entry that was chosen. */
export function offer(typedIn, place, offered, chosen) {
  if (!offered.length) return withdraw();
  [field, take, entries] = [typedIn, chosen, offered];
  menu.replaceChildren(...offered.map(option));
  mark(0);
  (typedIn.closest("dialog") ?? document.body).append(menu);
  const width = Math.min(360, innerWidth - 8);
  menu.style.left = `${Math.max(4, Math.min(place.left, innerWidth - width - 4))}px`;
  menu.showPopover();
  const below = place.bottom + 4;
  menu.style.top = `${below + menu.offsetHeight <= innerHeight ? below : Math.max(4, place.top - menu.offsetHeight - 4)}px`;
  field.setAttribute("aria-controls", menu.id);
}

export function withdraw() {
  if (menu.matches(":popover-open")) menu.hidePopover();
  field?.removeAttribute("aria-activedescendant");
  [field, take, entries] = [null, null, []];
}

document.addEventListener("keydown", (event) => {
  if (isComposing(event) || !field || event.target !== field) return;
  const at = marked();
  if ((event.key === "Enter" && !event.ctrlKey && !event.metaKey) || event.key === "Tab") choose(at);
  else if (event.key === "Escape") withdraw();
  else if (event.key === "ArrowDown" || event.key === "ArrowUp") mark((at + (event.key === "ArrowDown" ? 1 : -1) + entries.length) % entries.length);
  else return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);
document.addEventListener("focusout", (event) => event.target === field && setTimeout(() => document.activeElement !== field && withdraw(), 150));

function option(entry, index) {
  const part = document.createElement("button");
  part.type = "button";
  part.id = `k-offer-${index}`;
  part.setAttribute("role", "option");
  part.tabIndex = -1;
  const name = document.createElement("span");
  name.className = "k-cut";
  name.textContent = entry.text;
  part.append(name);
  if (entry.hint) {
    const hint = document.createElement("small");
    hint.className = "k-cut";
    hint.textContent = entry.hint;
    part.append(hint);
  }
  part.addEventListener("pointerdown", (event) => (event.preventDefault(), choose(index)));
  return part;
}

function marked() {
  return [...menu.children].findIndex((part) => part.ariaSelected === "true");
}

function mark(index) {
  [...menu.children].forEach((part, number) => part.setAttribute("aria-selected", String(number === index)));
  menu.children[index].scrollIntoView({ block: "nearest" });
  field.setAttribute("aria-activedescendant", `k-offer-${index}`);
}

function choose(index) {
  const [entry, chosen] = [entries[index], take];
  withdraw();
  chosen(entry);
}
