// A conversation ([data-newest]) opens at its newest message, and stays there when something new comes while one is reading the end.
// What was said before is put above ([data-earlier]) without moving what one reads.
const near = 80;
let wasAtEnd = true;
let below = 0; // what stood below the upper edge, in pixels

document.querySelectorAll("[data-newest]").forEach(showNewest);
document.addEventListener("htmx:load", ({ target }) => target.querySelectorAll?.("[data-newest]").forEach(showNewest));
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const list = detail.target.closest?.("[data-newest]");
  if (!list) return;
  wasAtEnd = isAtEnd(list);
  below = list.scrollHeight - list.scrollTop;
});
document.addEventListener("htmx:afterSettle", ({ target }) => {
  const list = target.closest?.("[data-newest]");
  if (!list) return;
  if (target.matches("[data-earlier]")) list.scrollTop = list.scrollHeight - below;
  else if (wasAtEnd) showNewest(list);
});

function isAtEnd(list) {
  return list.scrollHeight - list.scrollTop - list.clientHeight < near;
}

function showNewest(list) {
  const asked = location.hash && list.querySelector(location.hash);
  if (asked) asked.scrollIntoView();
  else list.scrollTop = list.scrollHeight;
}
