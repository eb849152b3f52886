// A value edited in place: Esc puts it back, and the pencil has the focus again when the row is closed.
import { isComposing } from "./ime.js";

let wasEditing = false;

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || isComposing(event)) return;
  event.target.closest?.("[data-editing]")?.querySelector("[data-cancel]")?.click();
});

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  wasEditing = detail.target.matches?.("[data-editing]") ?? false;
});

document.addEventListener("htmx:afterSettle", ({ target }) => {
  if (!wasEditing || !target.matches?.(".k-field-row:not([data-editing])")) return;
  wasEditing = false;
  target.querySelector(".k-pencil")?.focus();
});
