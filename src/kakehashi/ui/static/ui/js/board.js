// [data-board]: cards move between columns by dragging, by their menu, or with Alt+arrow. A card goes over at once; the server
// answers with a toast that can take it back, with a dialog when it needs more, or with a refusal that puts the card back.
const board = (element) => element?.closest("[data-board]");
const columnOf = (element) => element?.closest("[data-board-column]");
const cardOf = (element) => element?.closest?.("[data-board-card]");
let dragged = null;
let asked = null; // the card whose menu is open

document.addEventListener("dragstart", (event) => {
  dragged = cardOf(event.target);
  if (!dragged?.draggable) return (dragged = null);
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.textContent.trim());
  dragged.setAttribute("data-editing", ""); // a live refresh waits until the hand is empty
});
document.addEventListener("dragover", (event) => {
  const column = dragged && columnOf(event.target);
  mark(column);
  if (column) event.preventDefault();
});
document.addEventListener("drop", (event) => {
  const column = dragged && columnOf(event.target);
  if (!column) return;
  event.preventDefault();
  move(dragged, column);
});
document.addEventListener("dragend", () => {
  dragged?.removeAttribute("data-editing");
  dragged = null;
  mark(null);
});

document.addEventListener("keydown", (event) => {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  const card = event.altKey && step && cardOf(event.target);
  if (!card?.draggable) return;
  event.preventDefault();
  const columns = [...board(card).querySelectorAll("[data-board-column]")];
  const target = columns[columns.indexOf(columnOf(card)) + step];
  if (target) move(card, target);
});

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-board-move]");
  if (opener) return ask(opener, event);
  const choice = event.target.closest("[data-board-to]");
  if (!choice || !asked) return;
  choice.closest("[popover]").hidePopover();
  const card = document.getElementById(asked);
  const target = document.querySelector(`[data-board-column="${CSS.escape(choice.dataset.boardTo)}"]`);
  if (card && target) move(card, target);
});

/** One menu serves all cards; it belongs to whichever opened it last. */
function ask(opener, event) {
  const menu = document.querySelector("[data-board-menu]");
  asked = cardOf(opener).id;
  document.querySelectorAll(`[popovertarget="${menu.id}"]`).forEach((other) => other.removeAttribute("popovertarget"));
  opener.setAttribute("popovertarget", menu.id);
  for (const choice of menu.querySelectorAll("[data-board-to]")) {
    choice.disabled = choice.dataset.boardTo === columnOf(opener).dataset.boardColumn; // where it stands to the eye, answered or not
  }
  event.preventDefault();
  menu.togglePopover();
}

async function move(card, column) {
  const [from, before] = [card.parentElement, card.nextElementSibling];
  if (columnOf(card) === column) return;
  const stage = column.dataset.boardColumn;
  const hadFocus = card.contains(document.activeElement) || document.activeElement === document.body;
  column.querySelector("[data-board-cards]").prepend(card);
  card.scrollIntoView({ block: "nearest", inline: "nearest" });
  if (hadFocus) card.querySelector("a")?.focus({ preventScroll: true });
  let isMoved = false;
  const hear = ({ detail }) => detail.xhr.responseURL.endsWith(card.dataset.url) && (isMoved = detail.xhr.status === 204);
  document.addEventListener("htmx:beforeOnLoad", hear);
  await window.htmx.ajax("POST", card.dataset.url, { source: document.body, target: "#stage-dialog", swap: "innerHTML", values: { stage } }).catch(() => {});
  document.removeEventListener("htmx:beforeOnLoad", hear);
  if (isMoved) card.dataset.stage = stage;
  else if (card.isConnected) from.insertBefore(card, before?.parentElement === from ? before : null);
}

function mark(column) {
  for (const other of document.querySelectorAll(".k-column.is-over")) if (other !== column) other.classList.remove("is-over");
  column?.classList.add("is-over");
}
