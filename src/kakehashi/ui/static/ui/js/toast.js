// One toast at a time, bottom left, with undo while its line runs. Pauses on hover and focus.
// From the server: HX-Trigger: {"toast": {"text": "…", "undo": "/url"}}, or a Django message.
import { words } from "./words.js";

const region = document.getElementById("k-toasts");
const shape = document.getElementById("k-toast");
const seconds = { plain: 5, undo: 10 };
let timer = null;
let count = 0;

export function toast({ text, undo = "" }) {
  if (!region) return;
  region.replaceChildren();
  // Outside an open modal dialog everything is inert, so the toast goes where it can be pressed.
  ([...document.querySelectorAll("dialog:modal")].at(-1) ?? document.body).append(region);
  const part = shape.content.cloneNode(true).firstElementChild;
  part.querySelector(".k-toast-text").textContent = text;
  const wait = undo ? seconds.undo : seconds.plain;
  if (undo) offerUndo(part, undo, wait);
  const number = ++count;
  requestAnimationFrame(() => number === count && region.append(part)); // after the move, so that it is announced
  timer?.stop();
  timer = new Countdown(wait, () => part.remove());
  part.addEventListener("pointerenter", () => timer.pause());
  part.addEventListener("pointerleave", () => timer.resume());
  part.addEventListener("focusin", () => timer.pause());
  part.addEventListener("focusout", () => timer.resume());
}

function offerUndo(part, url, wait) {
  const [button, line] = [part.querySelector("button"), part.querySelector(".k-toast-line")];
  button.hidden = line.hidden = false;
  line.style.animationDuration = `${wait}s`;
  button.addEventListener("click", async () => {
    button.disabled = true;
    const before = count;
    await window.htmx.ajax("POST", url, { source: document.body, swap: "none" });
    part.remove();
    document.body.dispatchEvent(new CustomEvent("undone", { bubbles: true, detail: { url } }));
    if (count === before) toast({ text: words("undone") });
  });
}

class Countdown {
  constructor(wait, done) {
    [this.left, this.done] = [wait * 1000, done];
    this.resume();
  }
  resume() {
    this.stop();
    this.since = performance.now();
    this.handle = setTimeout(this.done, this.left);
  }
  pause() {
    this.left = Math.max(1500, this.left - (performance.now() - this.since));
    this.stop();
  }
  stop() {
    clearTimeout(this.handle);
  }
}

document.body.addEventListener("toast", (event) => toast(event.detail));
document.addEventListener("close", () => region && document.body.append(region), true);
for (const waiting of document.querySelectorAll("template.k-toast-waiting")) {
  toast({ text: waiting.content.textContent.trim(), undo: waiting.dataset.undo });
}

document.addEventListener("click", async (event) => {
  const copier = event.target.closest("[data-copy]");
  if (!copier) return;
  await navigator.clipboard.writeText(document.querySelector(copier.dataset.copy).textContent.trim());
  toast({ text: words("copied") });
});
