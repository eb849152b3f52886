// The composer: modes, recipients, drafts, and the two ways to send (button, Ctrl/⌘+Enter). Enter alone never sends.
import { isComposing } from "./ime.js";
import { add } from "./upload.js";
import { words } from "./words.js";

const texts = new WeakMap();

document.addEventListener("htmx:load", (event) => dress(event.target));
dress(document);

function dress(root) {
  if (root.querySelector("trix-editor") || root.matches?.("trix-editor")) import("../../vendor/trix.min.js");
  const forms = [...root.querySelectorAll("[data-composer]")];
  if (root.matches?.("[data-composer]")) forms.push(root);
  forms.forEach(restore);
}

document.addEventListener("click", (event) => {
  const form = event.target.closest("[data-composer]");
  if (!form) return;
  const mode = event.target.closest("[data-mode]");
  if (mode) choose(form, mode);
  event.target.closest("[data-remove]")?.closest(".k-chip").remove();
  const show = event.target.closest("[data-show]");
  if (show) reveal(form, show.dataset.show);
});

document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.("[data-composer]");
  if (!form || event.key !== "Enter" || isComposing(event)) return;
  if (event.ctrlKey || event.metaKey) {
    event.preventDefault();
    takeAddress(event.target);
    send(form);
  } else if (event.target.closest("[data-recipients]")) {
    event.preventDefault();
    takeAddress(event.target);
  }
});
document.addEventListener("focusout", (event) => takeAddress(event.target));
document.addEventListener("input", (event) => /[,;、]\s*$/.test(event.target.value ?? "") && takeAddress(event.target));

// Files dropped or pasted into the text become attachments, images stand in the text where the page takes them.
document.addEventListener("trix-file-accept", (event) => {
  const form = event.target.closest("form");
  if (form?.dataset.uploadUrl && event.file.type.startsWith("image/")) return; // images.js puts it into the text
  event.preventDefault();
  const input = form?.querySelector("input[type=file]");
  if (input) add(input, [event.file]);
});
document.addEventListener("trix-change", (event) => {
  const form = event.target.closest("[data-draft]");
  if (form) sessionStorage.setItem(`draft ${form.dataset.draft}`, event.target.value);
  form?.querySelector("[name=html]").dispatchEvent(new Event("input", { bubbles: true }));
});
document.addEventListener("htmx:afterRequest", ({ target, detail }) => {
  if (target.matches("[data-draft]") && detail.successful) sessionStorage.removeItem(`draft ${target.dataset.draft}`);
});

// Trix takes the last keystrokes over with the next frame; sent at once, they would be missing.
function send(form) {
  requestAnimationFrame(() => requestAnimationFrame(() => form.requestSubmit(form.querySelector("[data-send-button]"))));
}

function restore(form) {
  const input = form.querySelector("[name=html]");
  const draft = form.dataset.draft && sessionStorage.getItem(`draft ${form.dataset.draft}`);
  if (draft && !input.value) input.value = draft;
}

function choose(form, tab) {
  form.classList.toggle("is-internal", "internal" in tab.dataset);
  form.querySelector("[name=mode]").value = tab.dataset.mode;
  changeText(form, tab);
  form.querySelector("[data-send-button]").textContent = tab.dataset.send;
  form.action = tab.dataset.url;
  form.setAttribute("hx-post", tab.dataset.url);
  window.htmx.process(form);
  for (const kind of ["to", "cc"]) fill(form, kind, (tab.dataset[kind] ?? "").split("|").map((text) => text.trim()).filter(Boolean));
  form.querySelector("trix-editor")?.focus();
}

// Modes of one group share their text; the text of another group waits until one comes back to it.
function changeText(form, tab) {
  const [old, next] = [form.dataset.group, tab.dataset.group];
  if (old === next) return;
  const kept = texts.get(form) ?? {};
  kept[old] = form.querySelector("[name=html]").value;
  texts.set(form, kept);
  form.dataset.group = next;
  form.querySelector("trix-editor").editor.loadHTML(kept[next] ?? tab.dataset.html);
}

function fill(form, kind, addresses) {
  const row = form.querySelector(`[data-recipients=${kind}]`);
  row.querySelectorAll(".k-chip").forEach((chip) => chip.remove());
  addresses.forEach((address) => insert(row, address));
  if (kind !== "to") row.hidden = addresses.length === 0;
}

function reveal(form, kind) {
  const row = form.querySelector(`[data-recipients=${kind}]`);
  row.hidden = false;
  row.querySelector("input:not([type=hidden])").focus();
}

function takeAddress(input) {
  const row = input.closest?.("[data-recipients]");
  if (!row || !input.matches("input:not([type=hidden])")) return;
  const addresses = input.value.split(/[,;、\s]+/).filter((text) => text.includes("@"));
  if (!addresses.length) return;
  input.value = "";
  addresses.forEach((address) => insert(row, address));
}

function insert(row, address) {
  const chip = document.getElementById("k-recipient").content.cloneNode(true).firstElementChild;
  chip.querySelector("span").textContent = address;
  const hidden = chip.querySelector("input");
  [hidden.name, hidden.value] = [row.dataset.recipients, address];
  chip.querySelector("button").setAttribute("aria-label", words("remove", { name: address }));
  row.insertBefore(chip, row.querySelector(":scope > input:not([type=hidden])"));
}
