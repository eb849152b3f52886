// [data-drop] takes files dropped on it into its file input and lists what was chosen.
import { words } from "./words.js";

const inputOf = (place) => place.querySelector("input[type=file]");

for (const kind of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    const place = event.target.closest?.("[data-drop]");
    if (!place || !inputOf(place) || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    place.classList.toggle("is-over", kind === "dragover");
    if (kind === "drop") add(inputOf(place), event.dataTransfer.files);
  });
}

document.addEventListener("change", (event) => event.target.matches("[data-drop] input[type=file]") && list(event.target));
document.addEventListener("reset", (event) => setTimeout(() => event.target.querySelectorAll("[data-drop] input[type=file]").forEach(list)));

// A form that htmx sends shows how much of its file is there, in its own [data-upload-progress].
document.addEventListener("htmx:xhr:progress", ({ target, detail }) => {
  const place = target.querySelector?.("[data-upload-progress]");
  if (!place || !detail.lengthComputable) return;
  const meter = place.querySelector("[role=progressbar]");
  const percent = Math.round((100 * detail.loaded) / detail.total);
  place.hidden = false;
  meter.classList.toggle("is-open", percent === 100); // all is there; now it is read
  meter.setAttribute("aria-valuenow", percent);
  meter.firstElementChild.style.width = percent === 100 ? "" : `${percent}%`;
});

/** Adds files to a file input, as if they had been chosen there. */
export function add(input, files) {
  set(input, input.multiple ? [...input.files, ...files] : [files[0]]);
}

function set(input, files) {
  const box = new DataTransfer();
  const limit = Number(input.dataset.limit || Infinity);
  for (const file of files) if (file.size <= limit) box.items.add(file);
  input.files = box.files;
  const tooLarge = files.find((file) => file.size > limit);
  input.setCustomValidity(tooLarge ? words("too_large", { name: tooLarge.name }) : "");
  if (tooLarge) input.reportValidity();
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

function list(input) {
  const output = input.closest("[data-drop]").querySelector("output");
  if (output && (input.multiple || input.dataset.list)) output.replaceChildren(...[...input.files].map((file) => chip(input, file)));
}

function chip(input, file) {
  const part = document.createElement("span");
  part.className = "k-chip";
  const name = document.createElement("span");
  name.className = "k-cut";
  name.textContent = `${file.name} · ${size(file.size)}`;
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "×";
  button.setAttribute("aria-label", words("remove", { name: file.name }));
  button.addEventListener("click", () => set(input, [...input.files].filter((other) => other !== file)));
  part.append(name, button);
  return part;
}

function size(bytes) {
  return bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
