// [role=tablist] whose tabs name a panel each (aria-controls): arrow keys move, the chosen panel shows.
document.addEventListener("click", (event) => {
  const tab = event.target.closest("[role=tab]");
  if (tab) choose(tab);
});

document.addEventListener("keydown", (event) => {
  const tab = event.target.closest?.("[role=tab]");
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!tab || !step) return;
  event.preventDefault();
  const tabs = all(tab);
  const next = tabs.at((tabs.indexOf(tab) + step) % tabs.length);
  next.focus();
  next.click();
});

function all(tab) {
  return [...tab.closest("[role=tablist]").querySelectorAll("[role=tab]")];
}

function choose(chosen) {
  for (const tab of all(chosen)) {
    tab.setAttribute("aria-selected", String(tab === chosen));
    tab.tabIndex = tab === chosen ? 0 : -1;
    const panel = document.getElementById(tab.getAttribute("aria-controls"));
    if (panel) panel.hidden = tab !== chosen;
  }
}
