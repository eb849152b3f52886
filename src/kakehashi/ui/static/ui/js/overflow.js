// Module tabs that do not fit move into the menu beside them.
for (const bar of document.querySelectorAll("[data-overflow]")) {
  const more = document.getElementById(bar.dataset.overflow);
  new ResizeObserver(() => fit(bar, more)).observe(bar.parentElement);
  fit(bar, more);
}

function fit(bar, more) {
  const tabs = [...bar.children];
  tabs.forEach((tab) => (tab.hidden = false));
  more.hidden = true;
  if (bar.scrollWidth <= bar.clientWidth + 1) return;
  more.hidden = false;
  const edge = bar.getBoundingClientRect().right;
  const over = tabs.filter((tab) => tab.getBoundingClientRect().right > edge + 1);
  over.forEach((tab) => (tab.hidden = true));
  more.querySelector("[data-overflow-target]").replaceChildren(...over.filter((tab) => tab.href).map(asEntry));
  const current = over.some((tab) => tab.ariaCurrent);
  more.querySelector("button").toggleAttribute("data-current", current);
}

function asEntry(tab) {
  const entry = tab.cloneNode(true);
  entry.hidden = false;
  entry.className = "";
  return entry;
}
