// A conversation opens at its newest message, and stays there when something new comes while one is reading the end.
const near = 80;
let wasAtEnd = true;

document.querySelectorAll("[data-newest]").forEach(showNewest);
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.target.matches?.("[data-newest]")) wasAtEnd = isAtEnd(detail.target);
});
document.addEventListener("htmx:afterSwap", () => {
  const list = document.querySelector("[data-newest]");
  if (list && wasAtEnd) showNewest(list);
});

function isAtEnd(list) {
  return list.scrollHeight - list.scrollTop - list.clientHeight < near;
}

function showNewest(list) {
  const asked = location.hash && list.querySelector(location.hash);
  if (asked) asked.scrollIntoView();
  else list.scrollTop = list.scrollHeight;
}
