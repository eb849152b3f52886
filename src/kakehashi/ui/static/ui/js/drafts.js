// A composer with data-draft-url keeps what is typed on the server: a second after the last change, and when the page is left.
import { toast } from "./toast.js";
import { words } from "./words.js";

const wait = 1_000;
const timers = new WeakMap();
const edited = new WeakSet();
const requests = new WeakMap();

document.addEventListener("trix-change", (event) => plan(event.target.closest("[data-draft-url]")));
document.addEventListener("composer-edited", (event) => plan(event.target.closest("[data-draft-url]")));
// Before the mode changes, what was typed in the old one is kept under its own name.
document.addEventListener("click", (event) => {
  const form = event.target.closest("[data-mode]")?.closest("[data-draft-url]");
  if (form && timers.get(form)) save(form);
}, { capture: true });
document.addEventListener("htmx:beforeRequest", ({ target }) => target.matches("[data-draft-url]") && stop(target));
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") document.querySelectorAll("[data-draft-url]").forEach((form) => timers.get(form) && save(form));
});

// A sheet that closes: its draft is kept with the ticket, which is said.
document.addEventListener("close", ({ target }) => {
  const form = target.querySelector?.("[data-draft-url]");
  if (form && timers.get(form)) save(form);
  if (form && edited.has(form) && form.querySelector("trix-editor")?.value) toast({ text: words("draft_kept") });
}, { capture: true });

function plan(form) {
  if (!form) return;
  cancel(form);
  edited.add(form);
  timers.set(form, setTimeout(() => save(form), wait));
}

function cancel(form) {
  clearTimeout(timers.get(form));
  timers.delete(form);
}

// What is sent now must not come back as a draft.
function stop(form) {
  cancel(form);
  requests.get(form)?.abort();
}

async function save(form) {
  cancel(form);
  if (form.dataset.busy) return;
  const request = new AbortController();
  requests.set(form, request);
  const body = new FormData(form);
  body.delete("files"); // files are sent once, with the message
  const state = form.querySelector(".k-composer-saved");
  try {
    const answer = await fetch(form.dataset.draftUrl, { method: "POST", body, keepalive: true, signal: request.signal });
    if (answer.ok && state) state.textContent = await answer.text();
  } catch {
    // offline: what was typed still stands there, and the next change tries again
  }
}
