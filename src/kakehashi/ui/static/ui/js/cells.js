// <table data-cells>: cells with data-edit (an address) are walked by arrow keys and become their input by Enter, F2 or a double click.
// What comes back is a cell again; the focus stays in it. (Esc: inline.js)
import { isComposing } from "./ime.js";

const cells = "[data-cells] td[data-edit]";
let edited = null;

document.addEventListener("dblclick", (event) => {
  const cell = event.target.closest(cells);
  if (cell && !event.target.closest("a, button, input")) edit(cell);
});

document.addEventListener("click", (event) => {
  const cell = event.target.closest(cells);
  if (cell && !event.target.closest("a, button, input")) cell.focus();
});

document.addEventListener("keydown", (event) => {
  const cell = event.target.matches?.(cells) ? event.target : null;
  if (!cell || isComposing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Enter" || event.key === "F2") return edit(cell, event);
  const next = neighbour(cell, event.key);
  if (!next) return;
  event.preventDefault();
  next.focus();
});

// One cell per table is reached by Tab: the one that was there last, at first the first.
document.addEventListener("focusin", (event) => event.target.matches?.(cells) && reach(event.target));
document.addEventListener("htmx:afterSettle", (event) => {
  if (edited?.table.isConnected && event.target.matches?.("td[data-edit]") && event.target.dataset.cell === edited.name) {
    event.target.focus();
    edited = null;
  }
  begin();
});
begin();

function begin() {
  for (const table of document.querySelectorAll("[data-cells]")) {
    if (!table.querySelector('td[data-edit][tabindex="0"]')) table.querySelector("td[data-edit]")?.setAttribute("tabindex", "0");
  }
}

function reach(cell) {
  for (const other of cell.closest("[data-cells]").querySelectorAll('td[data-edit][tabindex="0"]')) other.tabIndex = -1;
  cell.tabIndex = 0;
}

function edit(cell, event) {
  event?.preventDefault();
  edited = { table: cell.closest("table"), name: cell.dataset.cell };
  window.htmx.ajax("GET", cell.dataset.edit, { target: cell, swap: "outerHTML" });
}

function neighbour(cell, key) {
  const row = cell.parentElement;
  const inRow = [...row.querySelectorAll("td[data-edit]")];
  const at = inRow.indexOf(cell);
  const find = (line) => line?.querySelector(`td[data-cell="${CSS.escape(cell.dataset.cell)}"]`);
  return { ArrowLeft: () => inRow[at - 1], ArrowRight: () => inRow[at + 1], ArrowUp: () => find(row.previousElementSibling), ArrowDown: () => find(row.nextElementSibling) }[key]?.();
}
