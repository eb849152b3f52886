// [data-reorder=url] holds [data-reorder-item=value] rows: dragged by hand, or moved by their [data-reorder-step=±1] buttons.
// The new order is posted as `order`, once per row.
const itemOf = (element) => element?.closest?.("[data-reorder-item]");
let dragged = null;

document.addEventListener("pointerdown", (event) => {
  const item = event.target.closest?.(".k-reorder") && itemOf(event.target);
  if (item) item.draggable = true; // only by its handle, so that text in the row can still be selected
});
document.addEventListener("dragstart", (event) => {
  dragged = event.target.matches?.("[data-reorder-item]") ? event.target : null;
  dragged?.classList.add("is-selected");
});
document.addEventListener("dragover", (event) => {
  const over = dragged && itemOf(event.target);
  if (!over || over.parentElement !== dragged.parentElement) return;
  event.preventDefault();
  const box = over.getBoundingClientRect();
  if (over !== dragged) over[event.clientY < box.top + box.height / 2 ? "before" : "after"](dragged);
});
document.addEventListener("dragend", () => {
  if (!dragged) return;
  dragged.classList.remove("is-selected");
  dragged.draggable = false;
  save(dragged.parentElement);
  dragged = null;
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-reorder-step]");
  const item = itemOf(button);
  if (!item) return;
  const other = button.dataset.reorderStep === "-1" ? item.previousElementSibling : item.nextElementSibling;
  if (!other) return;
  button.dataset.reorderStep === "-1" ? other.before(item) : other.after(item);
  button.focus();
  save(item.parentElement);
});

function save(list) {
  const order = [...list.querySelectorAll("[data-reorder-item]")].map((item) => item.dataset.reorderItem);
  window.htmx.ajax("POST", list.dataset.reorder, { source: list, swap: "none", values: { order } });
}
