// Forms: no second submit, a warning before typed text is lost, errors found at once.
import { words } from "./words.js";

const changed = new WeakSet();

export function isDirty(form) {
  return changed.has(form);
}

/** Asks when something below `root` was typed in a form that warns (data-warn), and answers whether to go on. What is kept (data-keep)
 * comes again, so nobody is asked. */
export function mayLeave(root) {
  const dirty = [...root.querySelectorAll("form[data-warn]:not([data-keep])")].filter(isDirty);
  if (dirty.length && !window.confirm(words("leave"))) return false;
  dirty.forEach((form) => changed.delete(form));
  return true;
}

document.addEventListener("input", (event) => event.target.form && changed.add(event.target.form));
document.addEventListener("change", (event) => {
  if (event.target.form) changed.add(event.target.form);
  if (event.target.matches("[data-autosubmit]")) event.target.form.requestSubmit();
});
document.addEventListener("reset", (event) => changed.delete(event.target));

window.addEventListener("beforeunload", (event) => {
  if ([...document.querySelectorAll("form[data-warn]")].some(isDirty)) event.preventDefault();
});

// What has just been swapped in is htmx's own only a moment later. Whoever is faster than that must neither leave the page nor choose for nothing.
const taken = new WeakSet();
document.addEventListener("htmx:afterProcessNode", (event) => taken.add(event.target));
document.addEventListener("submit", takeFirst, true);
document.addEventListener("change", ({ target }) => {
  if (!target.matches("[hx-get], [hx-post]") || taken.has(target) || !window.htmx) return;
  window.htmx.process(target); // and hears this very event
  taken.add(target);
}, true);

function takeFirst(event) {
  const form = event.target;
  if (!form.matches("[hx-post], [hx-get]") || taken.has(form) || !window.htmx) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  window.htmx.process(form);
  taken.add(form);
  setTimeout(() => form.requestSubmit(event.submitter)); // a form does not submit while it is submitting
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.busy) return event.preventDefault();
  if (event.defaultPrevented) return; // htmx sends it and has its own guard below
  form.dataset.busy = "1";
  changed.delete(form);
  event.submitter?.classList.add("is-busy");
});
// Coming back by the browser's button shows the page as it was: free its forms.
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-busy]").forEach(free));

document.addEventListener("htmx:beforeRequest", ({ target, detail }) => {
  if (!target.matches("form")) return;
  target.dataset.busy = "1";
  detail.requestConfig.triggeringEvent?.submitter?.classList.add("is-busy");
});
document.addEventListener("htmx:afterRequest", ({ target, detail }) => {
  if (!target.matches("form")) return;
  free(target);
  if (detail.successful) changed.delete(target);
});

document.addEventListener("click", (event) => {
  const eye = event.target.closest("[data-reveal]");
  if (!eye) return;
  const input = eye.parentElement.querySelector("input");
  input.type = input.type === "password" ? "text" : "password";
  eye.setAttribute("aria-pressed", String(input.type === "text"));
});

function free(form) {
  delete form.dataset.busy;
  form.querySelectorAll(".is-busy").forEach((button) => button.classList.remove("is-busy"));
}
