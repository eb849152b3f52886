// When a request fails, what was typed stays, and a sentence stands beside the form (or the part) that asked, with a way to try again.
import { words } from "./words.js";

const shape = document.getElementById("k-net-error");

document.addEventListener("htmx:sendError", ({ detail }) => say(detail, words("not_sent"), true));
document.addEventListener("htmx:timeout", ({ detail }) => say(detail, words("too_slow"), true));
document.addEventListener("htmx:responseError", ({ detail }) => say(detail, told(detail.xhr) ?? words("not_done"), detail.xhr.status >= 500));
document.addEventListener("htmx:beforeRequest", ({ detail }) => unsay(detail.elt));

// Our error pages for htmx are one sentence of plain text.
function told(xhr) {
  const isSentence = xhr.getResponseHeader("Content-Type")?.startsWith("text/plain") && xhr.responseText.length < 400;
  return isSentence ? xhr.responseText : null;
}

function say({ elt, requestConfig }, text, mayTryAgain) {
  if (!shape || isRefresh(elt, requestConfig)) return; // what refreshes by itself tries again by itself
  unsay(elt);
  const line = shape.content.cloneNode(true).firstElementChild;
  line.querySelector("span").textContent = text;
  const button = line.querySelector("button");
  button.hidden = !mayTryAgain;
  button.addEventListener("click", () => (line.remove(), again(elt, requestConfig)));
  placeFor(elt).append(line);
}

function isRefresh(element, { triggeringEvent, verb }) {
  return element.matches("[data-live], [data-presence]") && (verb === "post" || !triggeringEvent || triggeringEvent.type === "live");
}

// As it was asked for: a form is sent as it stands now, anything else by the event that set it off, or by its address.
function again(element, { verb, path, triggeringEvent, target }) {
  if (element.matches("form") && triggeringEvent?.type === "submit") element.requestSubmit();
  else if (triggeringEvent && element.matches("[hx-get], [hx-post]")) window.htmx.trigger(element, triggeringEvent.type);
  else window.htmx.ajax(verb.toUpperCase(), path, { source: element, target, swap: "innerHTML" });
}

function unsay(element) {
  placeFor(element).querySelectorAll(":scope > .k-net-error").forEach((line) => line.remove());
}

function placeFor(element) {
  if (element.id === "sheet") return element.querySelector("[data-sheet-waiting]") ?? element.querySelector(".k-sheet-frame") ?? element;
  return element.closest("form, dialog[open] .k-dialog-body, .k-card, .k-sheet-frame, main") ?? document.body;
}
