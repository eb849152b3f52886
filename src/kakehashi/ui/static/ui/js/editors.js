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
