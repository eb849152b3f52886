// What a page or an answer marks with data-focus gets the focus, unless somebody went to type elsewhere while the answer was on its way.
const typing = "input, textarea, select, trix-editor";
const before = new WeakMap(); // by request: what had the focus then

document.addEventListener("htmx:beforeSend", ({ detail }) => before.set(detail.xhr, document.activeElement));
document.addEventListener("htmx:afterSettle", ({ target, detail }) => {
  const wanted = target.querySelector?.("[data-focus]");
  if (wanted && !hasMovedOn(target, before.get(detail.xhr))) wanted.focus();
});
document.querySelector("[data-focus]")?.focus();

function hasMovedOn(target, from) {
  const now = document.activeElement;
  return Boolean(from && now !== from && now?.matches(typing) && !target.contains(now));
}
