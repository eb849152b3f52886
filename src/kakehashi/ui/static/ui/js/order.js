// Lists whose lines are dragged into order. [data-order=url] holds [data-order-item=id] lines; a drop posts item, before and list,
// and the answer takes the place of data-order-target. The same is in each line's menu, for the keyboard.
let dragged = null;

document.addEventListener("dragstart", (event) => {
  const item = event.target.closest?.("[data-order-item][draggable=true]");
  if (!item) return;
  dragged = item;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", "");
  item.classList.add("is-dragged");
});

document.addEventListener("dragover", (event) => {
  const list = dragged && event.target.closest?.("[data-order]");
  if (!list || !isOfOneKind(list)) return;
  event.preventDefault();
  const next = lineBelow(list, event.clientY);
  if (next) list.insertBefore(dragged, next);
  else list.append(dragged);
});

document.addEventListener("drop", (event) => {
  if (dragged && event.target.closest?.("[data-order]")) event.preventDefault();
});

document.addEventListener("dragend", () => {
  if (!dragged) return;
  const list = dragged.closest("[data-order]");
  dragged.classList.remove("is-dragged");
  const next = dragged.nextElementSibling?.dataset.orderItem ?? "";
  const values = { item: dragged.dataset.orderItem, before: next, list: list.dataset.orderList ?? "" };
  window.htmx.ajax("POST", list.dataset.order, { source: list, target: list.dataset.orderTarget, swap: "outerHTML", values });
  dragged = null;
});

function isOfOneKind(list) {
  return list.dataset.order === dragged.closest("[data-order]").dataset.order;
}

function lineBelow(list, y) {
  return [...list.children].find((line) => {
    const box = line.getBoundingClientRect();
    return line !== dragged && y < box.top + box.height / 2;
  });
}
