// Enter that ends a composition (kana to kanji) must never submit a form.

/** True while a key belongs to the input method. Safari reports the last Enter only by its key code. */
export function isComposing(event) {
  return event.isComposing || event.keyCode === 229;
}

document.addEventListener(
  "keydown",
  (event) => {
    if (event.key !== "Enter" || !isComposing(event) || !event.target.matches("input")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  },
  true,
);
