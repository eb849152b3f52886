// A value edited in place: Esc puts it back, and the pencil has the focus again when the row is closed.
import { isComposing } from "./ime.js";

const closing = new WeakSet(); // requests whose answers take the place of a row that is edited

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || isComposing(event)) return;
  event.target.closest?.("[data-editing]")?.querySelector("[data-cancel]")?.click();
});

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.target.matches?.("[data-editing]")) closing.add(detail.xhr);
});

document.addEventListener("htmx:afterSettle", ({ target, detail }) => {
  if (closing.has(detail.xhr) && target.matches?.(".k-field-row:not([data-editing])")) target.querySelector(".k-pencil")?.focus();
});
