// [data-bulk] holds check boxes named "selected"; choosing some shows its bar in place of its head. When a whole page of a longer
// list is chosen, [data-bulk-every] offers all of them: then [data-bulk-everything] says so to the server, [data-bulk-some] goes
// away and [data-bulk-all-only] comes.
import { words } from "./words.js";

const boxes = (list) => [...list.querySelectorAll("input[name=selected]")];

document.addEventListener("change", (event) => {
  const list = event.target.closest("[data-bulk]");
  if (!list) return;
  if (event.target.matches("[data-bulk-all]")) boxes(list).forEach((box) => (box.checked = event.target.checked));
  if (event.target.matches("[data-bulk-all], [name=selected]")) show(list);
});
document.addEventListener("click", (event) => {
  const list = event.target.closest("[data-bulk-clear]")?.closest("[data-bulk]");
  if (list) clear(list);
  const every = event.target.closest("[data-bulk-every]")?.closest("[data-bulk]");
  if (every) show(every, true);
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || document.querySelector("dialog:modal, :popover-open")) return;
  document.querySelectorAll("[data-bulk]").forEach(clear);
});
// A list that is refreshed keeps its selection; one that was just acted on loses it.
let kept = [];
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const list = detail.target.matches?.("[data-bulk]") ? detail.target : detail.target.querySelector?.("[data-bulk]");
  if (list) kept = boxes(list).filter((box) => box.checked).map((box) => box.value);
});
document.addEventListener("htmx:afterSettle", () => {
  for (const list of document.querySelectorAll("[data-bulk]")) {
    for (const box of boxes(list)) if (kept.includes(box.value)) box.checked = true;
    show(list);
  }
  kept = [];
});
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  const list = detail.elt.closest?.("[data-bulk-bar]")?.closest("[data-bulk]");
  if (list && detail.successful && detail.requestConfig.verb !== "get") clear(list);
});

function clear(list) {
  boxes(list).forEach((box) => (box.checked = false));
  show(list);
}

function show(list, isEverything = false) {
  const all = boxes(list);
  const count = all.filter((box) => box.checked).length;
  const isWhole = count > 0 && count === all.length;
  for (const input of list.querySelectorAll("[data-bulk-everything]")) input.value = isEverything ? "1" : "";
  for (const part of list.querySelectorAll("[data-bulk-every]")) part.hidden = !isWhole || isEverything;
  for (const part of list.querySelectorAll("[data-bulk-some]")) part.hidden = isEverything;
  for (const part of list.querySelectorAll("[data-bulk-all-only]")) part.hidden = !isEverything;
  for (const box of all) box.closest(".k-row, tr")?.classList.toggle("is-selected", box.checked);
  for (const bar of list.querySelectorAll("[data-bulk-bar]")) bar.hidden = count === 0;
  for (const head of list.querySelectorAll("[data-bulk-head]")) head.hidden = count > 0;
  for (const text of list.querySelectorAll("[data-bulk-count]")) text.textContent = words("selected", { count: isEverything ? list.dataset.bulkTotal : count });
  for (const box of list.querySelectorAll("[data-bulk-all]")) {
    box.checked = isWhole;
    box.indeterminate = count > 0 && count < all.length;
  }
}
