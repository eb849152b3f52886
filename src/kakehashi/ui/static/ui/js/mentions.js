// While one types: "@" offers colleagues, in a composer also "/" templates and "#" tickets. What is chosen stands in the text.
// data-colleagues answers names, data-suggestions [{text, hint, insert, html}] of a kind, for the values of the fields that
// data-suggested-for names. data-sends: Ctrl/⌘+Enter saves.
import { write } from "./editors.js";
import { isComposing } from "./ime.js";
import { offer, withdraw } from "./offer.js";

const signs = [
  { kind: "person", pattern: /(?:^|[\s、。（(])([@＠][^\s@＠、。]{0,20})$/ },
  { kind: "ticket", pattern: /(?:^|[\s、。（(])([#＃][^\s#＃、。]{0,20})$/ },
  { kind: "template", pattern: /(?:^|\s)([/／][^\s/／]{0,30})$/ },
];
const wait_ms = 100;
let asked = 0;
let timer = null;

document.addEventListener("trix-change", (event) => {
  const form = event.target.closest("[data-colleagues], [data-suggestions]");
  if (!form) return;
  if ("colleagues" in form.dataset && document.activeElement === event.target) form.querySelector("input[type=hidden][name]")?.dispatchEvent(new Event("input", { bubbles: true }));
  clearTimeout(timer); // and not at once: what a script puts in moves the cursor only afterwards
  const number = ++asked;
  timer = setTimeout(() => ask(event.target, form, number), wait_ms);
});

// A button begins what one would type: data-begin="/".
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-begin]");
  const editor = button?.closest("form").querySelector("trix-editor");
  if (!editor) return;
  editor.focus();
  const before = textBefore(editor);
  write(editor, `${before && !/\s$/.test(before) ? " " : ""}${button.dataset.begin}`);
});

// A button writes what it names where the cursor is: data-insert="{{contact.name}}".
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-insert]");
  const editor = button?.closest("form").querySelector("trix-editor");
  if (editor) write(editor, button.dataset.insert);
});

document.addEventListener("keydown", (event) => {
  if (isComposing(event)) return;
  const form = event.target.closest?.("[data-sends]");
  if (form && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    requestAnimationFrame(() => requestAnimationFrame(() => form.requestSubmit()));
  }
}, true);

async function ask(editor, form, number) {
  const found = typed(editor, form);
  if (!found) return withdraw();
  const entries = "suggestions" in form.dataset ? await suggested(form, found) : await colleagues(form, found);
  if (number !== asked || !typed(editor, form)) return;
  const place = editor.editor.getClientRectAtPosition(editor.editor.getPosition()) ?? editor.getBoundingClientRect();
  offer(editor, place, entries, (entry) => insert(editor, form, entry));
}

async function colleagues(form, { text }) {
  const names = await read(form.dataset.colleagues, { q: text.slice(1) });
  return names.map((name) => ({ text: name, insert: `@${name} ` }));
}

async function suggested(form, { kind, text }) {
  const chosen = (form.dataset.suggestedFor ?? "").split(" ").filter(Boolean);
  const values = Object.fromEntries(chosen.map((name) => [name, form.elements[name]?.value ?? ""]));
  return read(form.dataset.suggestions, { ...values, kind, q: text.slice(1) });
}

async function read(url, values) {
  const address = new URL(url, location.href);
  for (const [name, value] of Object.entries(values)) address.searchParams.set(name, value);
  try {
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    return answer.ok ? await answer.json() : [];
  } catch {
    return []; // away: one types on without help
  }
}

// What stands before the cursor and begins with a sign: {kind, text, start, end}, or null.
function typed(editor, form) {
  const before = textBefore(editor);
  if (before === null) return null;
  for (const { kind, pattern } of signs) {
    if (kind !== "person" && !("suggestions" in form.dataset)) continue;
    const text = before.match(pattern)?.[1];
    if (text) return { kind, text, start: before.length - text.length, end: before.length };
  }
  return null;
}

function textBefore(editor) {
  if (!editor.editor) return null;
  const [start, end] = editor.editor.getSelectedRange();
  return start === end ? editor.editor.getDocument().toString().slice(0, end) : null;
}

function insert(editor, form, entry) {
  const found = typed(editor, form);
  if (found) editor.editor.setSelectedRange([found.start, found.end]);
  if (entry.html) editor.editor.insertHTML(entry.html);
  else editor.editor.insertString(entry.insert);
}
