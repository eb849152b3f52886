// When a request fails, what was typed stays, and a sentence stands beside the form (or the part) that asked.
import { words } from "./words.js";

const shape = document.getElementById("k-net-error");

document.addEventListener("htmx:sendError", ({ detail }) => say(detail.elt, words("not_sent")));
document.addEventListener("htmx:timeout", ({ detail }) => say(detail.elt, words("not_sent")));
document.addEventListener("htmx:responseError", ({ detail }) => say(detail.elt, told(detail.xhr) ?? words("not_done")));
document.addEventListener("htmx:beforeRequest", ({ detail }) => unsay(detail.elt));

// Our error pages for htmx are one sentence of plain text.
function told(xhr) {
  const isSentence = xhr.getResponseHeader("Content-Type")?.startsWith("text/plain") && xhr.responseText.length < 400;
  return isSentence ? xhr.responseText : null;
}

function say(element, text) {
  if (!shape || element.matches("[data-live]")) return; // what refreshes by itself tries again by itself
  unsay(element);
  const line = shape.content.cloneNode(true).firstElementChild;
  line.querySelector("span").textContent = text;
  placeFor(element).append(line);
}

function unsay(element) {
  placeFor(element).querySelectorAll(":scope > .k-net-error").forEach((line) => line.remove());
}

function placeFor(element) {
  return element.closest("form, dialog[open] .k-dialog-body, .k-card, .k-sheet-frame, main") ?? document.body;
}
