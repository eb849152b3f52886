// What lies with a record: files are sent as soon as they are chosen, dropped or pasted, each with its progress;
// cards are folded, and stay so (data-fold); a form that was asked for goes away again (data-empty).
import { words } from "./words.js";

const placeOf = () => document.querySelector("[data-upload-now]");

document.addEventListener("change", (event) => {
  const input = event.target;
  if (!input.matches("input[type=file]") || !input.form?.dataset.uploadNow) return;
  delete input.form.dataset.editing;
  send(input.form, [...input.files]);
  input.value = "";
});

for (const kind of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    const card = event.target.closest?.("#files-card");
    const place = card?.querySelector("[data-upload-now]");
    if (!place || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    place.querySelector(".k-drop").classList.toggle("is-over", kind === "dragover");
    if (kind === "drop") send(place, [...event.dataTransfer.files]);
  });
}

document.addEventListener("paste", (event) => {
  const files = [...(event.clipboardData?.files ?? [])];
  const place = placeOf();
  if (!place || !files.length || event.target.closest?.("input, textarea, trix-editor, dialog")) return;
  event.preventDefault();
  send(place, files);
});

async function send(place, files) {
  const results = await Promise.all(files.map((file) => sendOne(place, file)));
  if (results.every(Boolean)) return window.htmx.trigger(document.querySelector(place.dataset.target), "uploaded");
  const card = document.querySelector(place.dataset.target);
  const list = place.querySelector(".k-uploads");
  if (!results.some(Boolean)) return;
  await window.htmx.ajax("GET", card.getAttribute("hx-get"), { source: card, target: card, swap: "outerHTML" });
  placeOf()?.querySelector(".k-uploads").replaceWith(list); // what was wrong is still to be read
}

function sendOne(place, file) {
  const row = rowOf(place, file);
  if (file.size > Number(place.dataset.limit)) return refuse(row, words("too_large", { name: file.name }));
  const body = new FormData();
  body.append("files", file);
  const request = new XMLHttpRequest();
  request.open("POST", place.dataset.uploadNow);
  request.setRequestHeader("X-CSRFToken", JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"]);
  request.upload.addEventListener("progress", ({ loaded, total }) => (row.querySelector("progress").value = loaded / total));
  return new Promise((done) => {
    request.addEventListener("load", () => {
      if (request.status < 300) return done((row.remove(), true));
      done(refuse(row, reasonOf(request)));
    });
    request.addEventListener("error", () => done(refuse(row, words("not_sent"))));
    request.send(body);
  });
}

function reasonOf(request) {
  try {
    return JSON.parse(request.responseText).error || words("not_done");
  } catch {
    return words("not_done");
  }
}

function rowOf(place, file) {
  const row = document.createElement("li");
  const name = document.createElement("span");
  name.className = "k-cut";
  name.textContent = file.name;
  const progress = document.createElement("progress");
  progress.setAttribute("aria-label", file.name);
  row.append(name, progress);
  place.querySelector(".k-uploads").append(row);
  return row;
}

function refuse(row, reason) {
  const text = document.createElement("span");
  text.textContent = reason;
  row.replaceChildren(text);
  row.className = "k-error";
  row.setAttribute("role", "alert");
  return false;
}

document.addEventListener("click", (event) => {
  const emptier = event.target.closest("[data-empty]");
  if (emptier) document.querySelector(emptier.dataset.empty).replaceChildren();
  const folder = event.target.closest("[data-fold]");
  if (folder) fold(folder);
  const link = event.target.closest(".k-rail a[href^='#']");
  if (link) document.querySelector(link.hash)?.closest(".k-panel")?.classList.remove("is-folded");
});

// A card that is refreshed tells the rail how many there are now.
document.addEventListener("htmx:afterSettle", ({ target }) => {
  const panel = target.closest?.(".k-panel");
  const [count, shown] = [panel?.querySelector("h2 .k-count"), panel && document.querySelector(`.k-rail a[href="#${CSS.escape(panel.id)}"] .k-count`)];
  if (count && shown) shown.textContent = count.textContent;
});

// While somebody chooses files, the card must not be refreshed under their hands: the choice would be lost.
document.addEventListener("click", ({ target }) => {
  if (target.matches("input[type=file]") && target.form?.dataset.uploadNow) target.form.dataset.editing = "";
});
document.addEventListener("cancel", ({ target }) => target.matches?.("input[type=file]") && delete target.form?.dataset.editing, true);

function fold(button) {
  const isFolded = button.closest(".k-panel").classList.toggle("is-folded");
  button.setAttribute("aria-expanded", String(!isFolded));
  window.htmx.ajax("POST", button.dataset.fold, { source: button, swap: "none", values: { folded: isFolded ? "1" : "" } });
}

// The rail lights what one is reading.
const links = new Map([...document.querySelectorAll(".k-rail.is-jump a[href^='#']")].map((link) => [link.hash.slice(1), link]));
if (links.size) {
  const places = [...links.keys()].map((id) => document.getElementById(id)).filter(Boolean);
  let waiting = false;
  const light = () => {
    waiting = false;
    const passed = places.filter((place) => place.isConnected && place.getBoundingClientRect().top < innerHeight * 0.35);
    const current = document.getElementById(passed.at(-1)?.id ?? places[0].id);
    for (const [id, link] of links) link.toggleAttribute("aria-current", id === current?.id);
    links.get(current?.id)?.setAttribute("aria-current", "true");
  };
  document.addEventListener("scroll", () => waiting || ((waiting = true), requestAnimationFrame(light)), { passive: true });
  light();
}
