// <form data-keep="key">: what is typed is kept in this tab of the browser until the server has taken it, whatever happens to the page
// or the connection. When the form stands there again, data-keep-url gets what was kept and answers the form with it.
// The answer (data-keep-shown) has [data-keep-forget] for who wants to begin anew.
import { toast } from "./toast.js";
import { words } from "./words.js";

const wait = 300;
const timers = new WeakMap();
const brought = new WeakSet();
const place = (form) => `kakehashi.kept.${form.dataset.keep}`;
const formOf = (element) => element.closest?.("form[data-keep]") ?? element.form?.closest("form[data-keep]");

document.querySelectorAll("form[data-keep]").forEach(bring);
document.addEventListener("htmx:load", ({ target }) => target.querySelectorAll?.("form[data-keep]").forEach(bring));
for (const name of ["input", "change", "trix-change", "composer-edited"]) document.addEventListener(name, ({ target }) => plan(formOf(target)));
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  const { elt } = detail.requestConfig; // what has asked, even if something else stands in its place by now
  if (elt.matches("form[data-keep]") && detail.xhr.status >= 200 && detail.xhr.status < 300) forget(elt);
});
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-keep-forget]");
  if (link) forget(formOf(link));
}, { capture: true });
document.addEventListener("close", ({ target }) => {
  const form = target.querySelector?.("form[data-keep]");
  if (!form) return;
  if (timers.get(form)) keep(form);
  if (sessionStorage.getItem(place(form))) toast({ text: words("kept") });
}, { capture: true });

function plan(form) {
  if (!form?.isConnected) return;
  clearTimeout(timers.get(form));
  timers.set(form, setTimeout(() => keep(form), wait));
}

function keep(form) {
  clearTimeout(timers.get(form));
  timers.delete(form);
  if (!form.isConnected) return; // it was sent, and something else stands in its place
  const typed = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken");
  try {
    sessionStorage.setItem(place(form), JSON.stringify(typed));
    const state = document.querySelector("[data-keep-state]");
    if (state) state.textContent = words("kept_here");
  } catch {
    // no room or not allowed: the form works without
  }
}

function forget(form) {
  clearTimeout(timers.get(form));
  timers.delete(form);
  sessionStorage.removeItem(place(form));
}

function bring(form) {
  if (brought.has(form)) return;
  brought.add(form);
  const kept = "keepShown" in form.dataset ? null : sessionStorage.getItem(place(form));
  if (!kept) return;
  const values = {};
  for (const [name, value] of JSON.parse(kept)) (values[name] ??= []).push(value);
  window.htmx.ajax("POST", form.dataset.keepUrl, { source: form.closest("#sheet") ?? form, target: form.closest("#sheet") ?? form, swap: "innerHTML", values });
}
