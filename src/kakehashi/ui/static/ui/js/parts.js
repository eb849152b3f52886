// Small parts of lists and builders: entries narrowed by typing, parts that can be taken away, entries moved up and down.

// <input data-narrow="#menu">: only entries ([data-narrow-entry]) that hold what was typed stay; groups without any go, too.
document.addEventListener("input", (event) => {
  const target = event.target.dataset?.narrow;
  if (target) narrow(document.querySelector(target), event.target.value);
});

function narrow(root, text) {
  const wanted = fold(text);
  const entries = [...root.querySelectorAll("[data-narrow-entry]")];
  for (const entry of entries) entry.hidden = !fold(entry.textContent).includes(wanted);
  for (const group of root.querySelectorAll("[data-narrow-group]")) group.hidden = !group.querySelector("[data-narrow-entry]:not([hidden])");
  const none = root.querySelector("[data-narrow-none]");
  if (none) none.hidden = entries.some((entry) => !entry.hidden);
}

function fold(text) {
  return text.normalize("NFKC").toLowerCase().trim();
}

// [data-remove-part] takes its [data-part] away; the focus goes to the next thing one can press.
document.addEventListener("click", (event) => {
  const part = event.target.closest("[data-remove-part]")?.closest("[data-part]");
  if (!part) return;
  const near = part.nextElementSibling ?? part.previousElementSibling ?? part.parentElement.parentElement;
  const parent = part.parentElement;
  part.remove();
  parent.dispatchEvent(new Event("change", { bubbles: true })); // what is left is another answer
  near?.querySelector("select, input:not([type=hidden]), button")?.focus();
});

// [data-order]: its entries move by [data-up] and [data-down]; their order is what is sent.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-order] :is([data-up], [data-down])");
  if (!button) return;
  const entry = button.closest("[data-order] > *");
  const [isUp, other] = "up" in button.dataset ? [true, entry.previousElementSibling] : [false, entry.nextElementSibling];
  if (other) isUp ? other.before(entry) : other.after(entry);
  button.focus();
});

// <form data-download>: the page stays, so its dialog closes by itself and the form may be sent again.
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-download]")) return;
  setTimeout(() => event.target.closest("dialog")?.close());
});
