// [data-several]: any number of values in one field. The last, empty line serves as the shape of a new one.
document.addEventListener("click", (event) => {
  const adder = event.target.closest("[data-add-entry]");
  const remover = event.target.closest("[data-remove-entry]");
  if (adder) add(adder.closest("[data-several]"));
  if (remover) remove(remover.closest("[data-several] > div"));
});

function add(field) {
  const last = [...field.querySelectorAll(":scope > div")].at(-1);
  const fresh = last.cloneNode(true);
  for (const input of fresh.querySelectorAll("input")) input.value = "";
  fresh.querySelector("input").removeAttribute("id");
  last.after(fresh);
  fresh.querySelector("input").focus();
}

function remove(line) {
  const [first] = line.querySelectorAll("input");
  for (const input of line.querySelectorAll("input")) input.value = "";
  first.dispatchEvent(new Event("input", { bubbles: true }));
  const others = line.parentElement.querySelectorAll(":scope > div");
  const next = line.nextElementSibling?.querySelector("input, button");
  if (others.length > 1) line.remove();
  (others.length > 1 ? next : first)?.focus();
}
