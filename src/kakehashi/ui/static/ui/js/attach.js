// Files of a form with data-upload-url are sent at once, each with its progress; the form then carries their ids.
// In a composer a file belongs to the way of writing in which it was added: what lies with an internal comment never lies with a mail.
import { words } from "./words.js";

const under_way = new WeakMap();

document.addEventListener("change", (event) => {
  const form = event.target.closest?.("form[data-upload-url]");
  if (!form || event.target.type !== "file") return;
  event.stopImmediatePropagation();
  const files = [...event.target.files];
  event.target.value = "";
  files.forEach((file) => send(form, file));
}, true);

/** Whether files are still on their way: then nothing may be sent. */
export function isUploading(form) {
  return (under_way.get(form) ?? 0) > 0;
}

/** Shows the files of the form's present way of writing, and sends only those. */
export function showFiles(form) {
  for (const chip of form.querySelectorAll("[data-kept] .k-chip")) {
    chip.hidden = (chip.dataset.group ?? "") !== (form.dataset.group ?? "");
    chip.querySelectorAll("input").forEach((input) => (input.disabled = chip.hidden));
  }
}

function send(form, file) {
  const chip = build(form, file);
  form.querySelector("[data-kept]").append(chip);
  count(form, 1);
  const request = new XMLHttpRequest();
  request.open("POST", form.dataset.uploadUrl);
  request.setRequestHeader("X-CSRFToken", form.querySelector("[name=csrfmiddlewaretoken]").value);
  request.upload.addEventListener("progress", ({ loaded, total }) => (chip.querySelector("progress").value = loaded / total));
  request.addEventListener("loadend", () => settle(form, chip, file, request));
  chip.querySelector("button").addEventListener("click", () => request.abort());
  const body = new FormData();
  body.append("file", file);
  request.send(body);
}

function settle(form, chip, file, request) {
  count(form, -1);
  chip.querySelector("progress").remove();
  if (request.status === 200) {
    const input = document.createElement("input");
    [input.type, input.name, input.value] = ["hidden", "uploads", JSON.parse(request.responseText).id];
    chip.append(input);
    showFiles(form);
    form.dispatchEvent(new CustomEvent("composer-edited", { bubbles: true }));
  } else if (chip.isConnected) {
    chip.classList.add("is-failed");
    chip.querySelector(".k-cut").textContent = reason(request) || words("not_attached", { name: file.name });
    chip.setAttribute("role", "alert");
  }
}

function build(form, file) {
  const chip = document.getElementById("k-recipient").content.cloneNode(true).firstElementChild;
  if (form.dataset.group) chip.dataset.group = form.dataset.group;
  chip.querySelector("input").remove();
  chip.querySelector("span").textContent = `${file.name} · ${size(file.size)}`;
  chip.querySelector("button").setAttribute("aria-label", words("remove", { name: file.name }));
  const progress = document.createElement("progress");
  [progress.max, progress.value] = [1, 0];
  progress.setAttribute("aria-label", words("uploading", { name: file.name }));
  chip.insertBefore(progress, chip.querySelector("button"));
  return chip;
}

function count(form, change) {
  under_way.set(form, (under_way.get(form) ?? 0) + change);
  for (const button of form.elements) if (button.matches("[data-send-button]")) button.disabled = isUploading(form);
}

function reason(request) {
  try {
    return JSON.parse(request.responseText).error;
  } catch {
    return "";
  }
}

function size(bytes) {
  return bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
