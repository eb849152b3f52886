// Rows ([data-row]) walked by j and k, opened by Enter ([data-row-link]), chosen by x. Never while somebody types or composes.
// Where they are a part of a page whose keys mean something else, [data-rows-inside] listens only while the focus is within.
import { isComposing } from "./ime.js";

const typing = "input:not([type=checkbox], [type=radio]), textarea, select, trix-editor, [contenteditable=true]";

document.addEventListener("keydown", (event) => {
  if (isComposing(event) || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (document.body.dataset.shortcuts === "off" || event.target.matches(typing) || document.querySelector("dialog:modal, :popover-open")) return;
  const rows = [...document.querySelectorAll("[data-row]")].filter(isHere);
  if (!rows.length) return;
  const at = rows.findIndex((row) => row.classList.contains("is-current"));
  if (event.key === "j" || event.key === "k") {
    event.preventDefault();
    point(rows, at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + (event.key === "j" ? 1 : -1))));
  } else if (event.key === "x" && at >= 0) {
    event.preventDefault();
    rows[at].querySelector("input[name=selected]")?.click();
  } else if (event.key === "Enter" && at >= 0 && !event.target.matches("a, button")) {
    rows[at].querySelector("[data-row-link]")?.click();
  }
});

// A list that is refreshed keeps its place.
let current = "";
document.addEventListener("htmx:afterSettle", () => {
  if (current) document.querySelector(`[data-row="${CSS.escape(current)}"]`)?.classList.add("is-current");
});

function isHere(row) {
  const part = row.closest("[data-rows-inside]");
  return !part || part.contains(document.activeElement);
}

function point(rows, to) {
  for (const row of rows) row.classList.toggle("is-current", row === rows[to]);
  current = rows[to].dataset.row;
  rows[to].scrollIntoView({ block: "nearest" });
  rows[to].querySelector("[data-row-link]")?.focus({ preventScroll: true });
}
