// Lists whose lines are dragged into order. [data-lines=url] holds [data-lines-item=id] lines; a drop posts item, before and list,
// and the answer takes the place of data-lines-target. The same is in each line's menu, for the keyboard.
let dragged = null;

document.addEventListener("dragstart", (event) => {
  const item = event.target.closest?.("[data-lines-item][draggable=true]");
  if (!item) return;
  dragged = item;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", "");
  item.classList.add("is-dragged");
});

document.addEventListener("dragover", (event) => {
  const list = dragged && event.target.closest?.("[data-lines]");
  if (!list || !isOfOneKind(list)) return;
  event.preventDefault();
  const next = lineBelow(list, event.clientY);
  if (next) list.insertBefore(dragged, next);
  else list.append(dragged);
});

document.addEventListener("drop", (event) => {
  if (dragged && event.target.closest?.("[data-lines]")) event.preventDefault();
});

document.addEventListener("dragend", () => {
  if (!dragged) return;
  const list = dragged.closest("[data-lines]");
  dragged.classList.remove("is-dragged");
  const next = dragged.nextElementSibling?.dataset.linesItem ?? "";
  const values = { item: dragged.dataset.linesItem, before: next, list: list.dataset.linesList ?? "" };
  window.htmx.ajax("POST", list.dataset.lines, { source: list, target: list.dataset.linesTarget, swap: "outerHTML", values });
  dragged = null;
});

function isOfOneKind(list) {
  return list.dataset.lines === dragged.closest("[data-lines]").dataset.lines;
}

function lineBelow(list, y) {
  return [...list.children].find((line) => {
    const box = line.getBoundingClientRect();
    return line !== dragged && y < box.top + box.height / 2;
  });
}
