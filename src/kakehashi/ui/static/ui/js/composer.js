// The composer: modes, and the two ways to send (button, Ctrl/⌘+Enter). Enter alone never sends.
import { isUploading, showFiles } from "./attach.js";
import { exchange } from "./editors.js";
import { isComposing } from "./ime.js";
import { chosen, compare, fill, take } from "./recipients.js";
import { add } from "./upload.js";

const texts = new WeakMap();
const kinds = ["to", "cc", "bcc"];

document.addEventListener("click", (event) => {
  const mode = event.target.closest("[data-composer] [data-mode]");
  if (mode) choose(mode.closest("form"), mode);
});

document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.("[data-composer]");
  if (!form || event.key !== "Enter" || isComposing(event) || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  take(event.target);
  send(form);
});

// Files dropped or pasted into the text become attachments, images stand in the text where the page takes them.
document.addEventListener("trix-file-accept", (event) => {
  const form = event.target.closest("form");
  if (form?.dataset.uploadUrl && event.file.type.startsWith("image/")) return; // images.js puts it into the text
  event.preventDefault();
  const input = form?.querySelector("input[type=file]");
  if (input) add(input, [event.file]);
});
document.addEventListener("trix-change", (event) => {
  event.target.closest("[data-composer]")?.querySelector("[name=html]").dispatchEvent(new Event("input", { bubbles: true }));
});

// Trix takes the last keystrokes over with the next frame; sent at once, they would be missing.
function send(form) {
  if (isUploading(form)) return;
  requestAnimationFrame(() => requestAnimationFrame(() => form.requestSubmit(form.querySelector("[data-send-button]"))));
}

function choose(form, tab) {
  const mode = form.querySelector("[name=mode]");
  keepRecipients(form, form.querySelector(`[data-mode="${mode.value}"]`));
  mode.value = tab.dataset.mode;
  form.classList.toggle("is-internal", "internal" in tab.dataset);
  form.classList.toggle("has-no-recipients", "alone" in tab.dataset);
  changeText(form, tab);
  form.querySelector("[data-send-button]").textContent = tab.dataset.send;
  const note = form.querySelector("[data-mode-note]");
  [note.textContent, note.hidden] = [tab.dataset.note, !tab.dataset.note];
  form.action = tab.dataset.url;
  form.setAttribute("hx-post", tab.dataset.url);
  window.htmx.process(form);
  for (const kind of kinds) fill(form, kind, (tab.dataset[kind] ?? "").split("|").filter(Boolean));
  compare(form);
  form.querySelector("trix-editor")?.focus();
}

// Whom one had chosen for a way of writing stands there again when one comes back to it.
function keepRecipients(form, tab) {
  if (!tab || "alone" in tab.dataset) return;
  for (const kind of kinds) tab.dataset[kind] = chosen(form, kind).join("|");
}

// Modes of one group share their text; the text of another group waits until one comes back to it.
function changeText(form, tab) {
  const [old, next] = [form.dataset.group, tab.dataset.group];
  if (old === next) return;
  const kept = texts.get(form) ?? {};
  kept[old] = exchange(form.querySelector("trix-editor"), kept[next] ?? tab.dataset.html);
  texts.set(form, kept);
  form.dataset.group = next;
  showFiles(form);
}
