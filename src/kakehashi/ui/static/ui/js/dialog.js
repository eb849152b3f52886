// Dialogs: opened by [data-dialog=id], closed by [data-close], Esc or a press beside them.
import { isDirty, mayLeave } from "./forms.js";

const first = "[autofocus], .k-dialog-body :is(input:not([type=hidden]), select, textarea), footer .k-button:not([disabled])";

export function open(dialog) {
  if (dialog.open) return;
  for (const menu of document.querySelectorAll(".k-menu:popover-open")) menu.hidePopover();
  dialog.showModal();
  dialog.querySelector(first)?.focus();
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) open(document.getElementById(opener.dataset.dialog));
  const dialog = event.target.closest("[data-close]")?.closest("dialog");
  if (dialog) close(dialog);
});

document.addEventListener("pointerdown", (event) => {
  const dialog = event.target;
  if (!dialog.matches("dialog[open]:not(.k-sheet)") || isInside(dialog, event)) return;
  if (![...dialog.querySelectorAll("form")].some(isDirty)) dialog.close();
});

// Esc
document.addEventListener("cancel", (event) => event.target.matches("dialog") && !mayClose(event.target) && event.preventDefault(), true);

// A dialog that came by htmx with `data-open` shows itself, and goes away when closed; with `data-opened` it stays on its page.
const coming = "dialog[data-open], dialog[data-opened]";
document.addEventListener("htmx:load", (event) => {
  const dialog = event.target.matches(coming) ? event.target : event.target.querySelector(coming);
  if (dialog) open(dialog);
});
document.addEventListener("close", (event) => event.target.matches("dialog[data-open]") && event.target.remove(), true);
document.body.addEventListener("close-dialog", () => document.querySelector("dialog.k-dialog[open]")?.close());

// The button works once the name was typed.
document.addEventListener("input", (event) => {
  const wanted = event.target.dataset.typed;
  if (wanted !== undefined) event.target.form.querySelector("footer .is-main").disabled = event.target.value.trim() !== wanted;
});

function close(dialog) {
  if (mayClose(dialog)) dialog.close();
}

function mayClose(dialog) {
  return mayLeave(dialog);
}

function isInside(dialog, event) {
  const box = dialog.getBoundingClientRect();
  return event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
}
