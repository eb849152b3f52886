// Quick create: a[data-quick] opens a small dialog instead of its page; a lookup's list offers to create what was typed.
// The answer is told by a `record-created` event; who asked for it hears first.
const waiting = [];

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-quick]");
  if (!link || event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  link.closest("dialog.k-drawer")?.close();
  openQuick(link.dataset.quick);
});

/** Opens the dialog at `url`; `done` gets {value, text}, or nothing when it was closed without. */
export async function openQuick(url, name = "", done = null) {
  const address = new URL(url, location.href);
  if (name) address.searchParams.set("name", name);
  await window.htmx.ajax("GET", address.pathname + address.search, { target: document.body, swap: "beforeend" });
  const dialog = [...document.querySelectorAll("[data-quick-dialog]")].at(-1);
  if (!dialog) return done?.();
  const wait = { dialog, done };
  waiting.push(wait);
  dialog.addEventListener("close", () => {
    if (!waiting.includes(wait)) return;
    waiting.splice(waiting.indexOf(wait), 1);
    done?.();
  });
}

document.body.addEventListener("record-created", ({ detail }) => {
  const wait = waiting.pop();
  if (!wait) return;
  wait.done?.(detail);
  wait.dialog.close();
});
