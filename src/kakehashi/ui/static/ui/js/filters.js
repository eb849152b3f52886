// The chosen one of a row of filters that is wider than its place stands in sight.
document.addEventListener("htmx:load", ({ target }) => show(target));
show(document);

function show(root) {
  for (const chosen of root.querySelectorAll?.(".k-filters > [aria-current]") ?? []) {
    const row = chosen.parentElement;
    const [there, here] = [chosen.getBoundingClientRect(), row.getBoundingClientRect()];
    if (there.right > here.right) row.scrollLeft += there.right - here.right + there.width / 2;
  }
}
