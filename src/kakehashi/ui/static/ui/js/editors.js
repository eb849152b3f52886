// Rich text: the editor's script comes only with a page that has an editor. Until it is there one can type all the same, and
// goes on in the editor where one was.
document.addEventListener("htmx:load", (event) => dress(event.target));
dress(document);

function dress(root) {
  const editors = [...(root.querySelectorAll?.("trix-editor") ?? [])];
  if (root.matches?.("trix-editor")) editors.push(root);
  if (!editors.length) return;
  for (const editor of editors) if (!editor.editor) editor.setAttribute("contenteditable", "");
  import("../../vendor/trix.min.js");
}

// Sent before the script is there: what was typed goes along, and nothing waits in the editor to be taken over a second time.
document.addEventListener("submit", ({ target }) => {
  for (const editor of target.querySelectorAll("trix-editor")) if (!editor.editor) exchange(editor, html(editor));
}, true);

// What stands in it makes way for other HTML and is given back, whether the script is there or not.
export function exchange(editor, other) {
  const value = document.getElementById(editor.getAttribute("input"));
  const old = editor.editor ? value.value : html(editor);
  if (editor.editor) editor.editor.loadHTML(other);
  else {
    editor.replaceChildren();
    value.value = other; // the script begins with it
  }
  return old;
}

// Text goes to where the cursor is.
export function write(editor, text) {
  editor.focus();
  if (editor.editor) editor.editor.insertString(text);
  else document.execCommand("insertText", false, text);
}

// Before the script is there: what one typed stands before what the text began with.
function html(editor) {
  const line = document.createElement("div");
  line.innerText = editor.innerText; // a new line is a <br>
  return (line.innerText && line.outerHTML) + document.getElementById(editor.getAttribute("input")).value;
}

document.addEventListener("trix-before-initialize", ({ target }) => {
  const text = target.innerText;
  const isFocused = document.activeElement === target;
  target.replaceChildren();
  if (isFocused || text) queueMicrotask(() => goOn(target, text)); // before the next key
});

function goOn(target, text) {
  target.editor.setSelectedRange([0, 0]);
  if (text) target.editor.insertString(text);
}
