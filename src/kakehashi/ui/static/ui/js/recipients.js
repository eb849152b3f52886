// Recipients of a composer as chips: typed, chosen or removed by hand and by keyboard; what differs from the last mail is marked.
import { isComposing } from "./ime.js";
import { offer, withdraw } from "./offer.js";
import { words } from "./words.js";

const wait_ms = 150;
const together = new Intl.ListFormat(document.documentElement.lang, { type: "conjunction" });
let timer = null;
let asked = 0;

document.addEventListener("htmx:load", (event) => composers(event.target).forEach(compare));
composers(document).forEach(compare);

document.addEventListener("click", (event) => {
  const button = event.target.closest("form[data-upload-url] [data-remove], [data-composer] [data-remove]");
  if (button) remove(button.closest(".k-chip"));
  const show = event.target.closest("[data-composer] [data-show]");
  if (show) reveal(show.closest("form"), show.dataset.show);
});
document.addEventListener("keydown", (event) => {
  if (isComposing(event)) return;
  const row = event.target.closest?.("[data-recipients]");
  if (!row) return;
  if (event.target.matches("input")) inInput(event, row);
  else if (event.target.matches("[data-remove]")) onChip(event, row);
});
document.addEventListener("focusout", (event) => take(event.target));
document.addEventListener("input", (event) => {
  if (!isInput(event.target)) return;
  if (/[,;、]\s*$/.test(event.target.value)) return take(event.target);
  clearTimeout(timer);
  timer = setTimeout(() => suggest(event.target), wait_ms);
});

/** Puts these addresses in place of those that stand there. */
export function fill(form, kind, addresses) {
  const row = rowOf(form, kind);
  row.querySelectorAll(".k-chip").forEach((chip) => chip.remove());
  addresses.forEach((address) => insert(row, address));
  if (kind !== "to") row.hidden = addresses.length === 0;
}

export function chosen(form, kind) {
  return [...rowOf(form, kind).querySelectorAll("input[type=hidden]")].map((input) => input.value);
}

/** Turns what was typed into chips; what is no address stays. */
export function take(input) {
  if (!isInput(input)) return;
  const texts = input.value.includes("<") ? input.value.split(/[,;、]/) : input.value.split(/[,;、\s]+/);
  const addresses = texts.map((text) => text.trim()).filter((text) => text.includes("@"));
  if (!addresses.length) return;
  input.value = "";
  withdraw();
  addresses.forEach((address) => insert(input.closest("[data-recipients]"), address));
  changed(input.form);
}

/** Marks who is new, names who is missing, and warns of domains that this ticket has never written to. */
export function compare(form) {
  const place = form.querySelector("[data-warnings]");
  if (!place) return;
  const last = new Map(listed(form.dataset.last).map((text) => [bare(text), text]));
  const domains = new Set(listed(form.dataset.domains));
  const isAnswer = form.querySelector("[name=mode]").value !== "forward";
  const isMail = !form.classList.contains("has-no-recipients");
  const [fresh, strange, there] = [[], new Set(), new Set()];
  for (const chip of form.querySelectorAll("[data-recipients] .k-chip")) {
    const text = chip.querySelector("input").value;
    const address = bare(text);
    there.add(address);
    const isNew = isAnswer && last.size > 0 && !last.has(address);
    const isStrange = domains.size > 0 && !domains.has(address.split("@").pop());
    chip.classList.toggle("is-new", isNew);
    chip.classList.toggle("is-strange", isStrange);
    if (isNew) fresh.push(nameOf(text));
    if (isStrange) strange.add(address.split("@").pop());
  }
  const missing = isAnswer ? [...last].filter(([address]) => !there.has(address)).map(([, text]) => nameOf(text)) : [];
  place.replaceChildren();
  if (!isMail) return;
  if (strange.size) say(place, "new_domain", [...strange], "is-strange");
  if (fresh.length) say(place, "new_people", fresh);
  if (missing.length) say(place, "left_out", missing);
}

function say(place, name, people, tone = "") {
  const line = document.createElement("p");
  line.className = tone;
  line.textContent = words(name, { names: together.format(people) });
  place.append(line);
}

function inInput(event, row) {
  if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    take(event.target);
  } else if ((event.key === "Backspace" || event.key === "ArrowLeft") && !event.target.value) {
    [...row.querySelectorAll(".k-chip [data-remove]")].at(-1)?.focus();
  }
}

function onChip(event, row) {
  const buttons = [...row.querySelectorAll(".k-chip [data-remove]")];
  const at = buttons.indexOf(event.target);
  if (event.key === "Backspace" || event.key === "Delete") remove(event.target.closest(".k-chip"));
  else if (event.key === "ArrowLeft") buttons[at - 1]?.focus();
  else if (event.key === "ArrowRight") (buttons[at + 1] ?? row.querySelector(":scope > input")).focus();
  else return;
  event.preventDefault();
}

function remove(chip) {
  const [form, row] = [chip.closest("form"), chip.closest("[data-recipients]")];
  const next = chip.nextElementSibling?.querySelector?.("[data-remove]") ?? row?.querySelector(":scope > input") ?? form.querySelector("trix-editor");
  const hadFocus = chip.contains(document.activeElement);
  const wasSent = Boolean(chip.querySelector("input"));
  chip.remove();
  if (hadFocus) next?.focus();
  if (wasSent) changed(form);
}

function insert(row, address) {
  if (chosen(row.closest("form"), row.dataset.recipients).some((other) => bare(other) === bare(address))) return;
  const chip = document.getElementById("k-recipient").content.cloneNode(true).firstElementChild;
  chip.querySelector("span").textContent = address;
  const hidden = chip.querySelector("input");
  [hidden.name, hidden.value] = [row.dataset.recipients, address];
  chip.querySelector("button").setAttribute("aria-label", words("remove", { name: address }));
  row.insertBefore(chip, row.querySelector(":scope > input"));
}

async function suggest(input) {
  const url = input.form?.dataset.suggestions;
  const text = input.value.trim();
  const number = ++asked;
  if (!url || !text) return withdraw();
  const address = new URL(url, location.href);
  address.searchParams.set("kind", "address");
  address.searchParams.set("q", text);
  try {
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    const entries = answer.ok ? await answer.json() : [];
    if (number !== asked || document.activeElement !== input) return;
    offer(input, input.getBoundingClientRect(), entries, (entry) => {
      input.value = "";
      insert(input.closest("[data-recipients]"), entry.insert);
      changed(input.form);
    });
  } catch {
    // away: one types the address
  }
}

function reveal(form, kind) {
  const row = rowOf(form, kind);
  row.hidden = false;
  row.querySelector(":scope > input").focus();
}

function changed(form) {
  compare(form);
  form.dispatchEvent(new CustomEvent("composer-edited", { bubbles: true }));
}

function composers(root) {
  const found = [...root.querySelectorAll("[data-composer]")];
  return root.matches?.("[data-composer]") ? [root, ...found] : found;
}

function isInput(element) {
  return Boolean(element.matches?.("[data-recipients] > input"));
}

function rowOf(form, kind) {
  return form.querySelector(`[data-recipients=${kind}]`);
}

function listed(text) {
  return (text ?? "").split("|").filter(Boolean);
}

function bare(text) {
  return (text.match(/<([^<>]+)>\s*$/)?.[1] ?? text).trim().toLowerCase();
}

function nameOf(text) {
  return text.replace(/\s*<[^<>]+>\s*$/, "").replace(/^"|"$/g, "") || text;
}
