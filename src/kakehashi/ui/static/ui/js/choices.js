// The entries of a pick list: [data-choices] adds, moves and takes away lines; several pasted lines become several entries.
document.addEventListener("click", (event) => {
  const root = event.target.closest("[data-choices]");
  if (!root) return;
  const row = event.target.closest("[data-choice-row]");
  if (event.target.closest("[data-choice-add]")) add(root).focus();
  else if (event.target.closest("[data-choice-up]")) move(row, row.previousElementSibling, "up");
  else if (event.target.closest("[data-choice-down]")) move(row.nextElementSibling, row, "down", row);
  else if (event.target.closest("[data-choice-away]")) away(row);
  else return;
  root.dispatchEvent(new Event("change", { bubbles: true }));
});

document.addEventListener("paste", (event) => {
  const row = event.target.closest?.("[data-choice-row]");
  const lines = event.clipboardData?.getData("text").split(/\r?\n/).map((line) => line.trim()).filter(Boolean) ?? [];
  if (!row || lines.length < 2) return;
  event.preventDefault();
  event.target.value = lines.shift();
  for (const line of lines) add(row.closest("[data-choices]")).value = line;
});

function add(root) {
  const row = root.querySelector("template").content.firstElementChild.cloneNode(true);
  root.querySelector("[data-choice-rows]").append(row);
  return row.querySelector("input:not([type=hidden])");
}

function move(row, before, way, moved = row) {
  if (!row || !before) return;
  before.before(row);
  moved.querySelector(`[data-choice-${way}]`).focus();
}

function away(row) {
  const next = row.nextElementSibling ?? row.previousElementSibling;
  row.remove();
  next?.querySelector("[data-choice-away]").focus();
}
