// Menus are popovers: the browser opens, closes and layers them; here they get their place and the arrow keys.
const gap = 4;
const items = (menu) => [...menu.querySelectorAll("a[href], button, summary, input, select")].filter((item) => !item.disabled && item.checkVisibility());
const openerOf = (menu) => document.querySelector(`[popovertarget="${menu.id}"]`);
let openedByKeyboard = false;

document.addEventListener("click", (event) => (openedByKeyboard = event.detail === 0), true);

document.addEventListener(
  "beforetoggle",
  (event) => {
    if (!event.target.matches?.(".k-menu") || event.newState !== "open") return;
    place(event.target, openerOf(event.target));
  },
  true,
);

document.addEventListener(
  "toggle",
  (event) => {
    const menu = event.target;
    if (!menu.matches?.(".k-menu")) return;
    const isOpen = event.newState === "open";
    openerOf(menu)?.setAttribute("aria-expanded", String(isOpen));
    if (isOpen && openedByKeyboard) items(menu)[0]?.focus();
  },
  true,
);

document.addEventListener("keydown", (event) => {
  const opener = event.target.closest?.("[popovertarget]");
  if (opener && event.key === "ArrowDown" && !document.getElementById(opener.getAttribute("popovertarget")).matches(":popover-open")) {
    event.preventDefault();
    opener.click();
    return;
  }
  const menu = event.target.closest?.(".k-menu:popover-open");
  if (menu && (!event.target.matches("input, select") || isLeavingDown(event))) move(menu, event);
});

/** From a search box in a menu the arrow leads down to what it found. */
function isLeavingDown(event) {
  return event.key === "ArrowDown" && event.target.matches("[data-narrow]");
}

window.addEventListener("resize", closeAll);

// Opened before this script was there: the browser has put it at its button by itself (overlays.css); now it gets its lasting place.
for (const menu of document.querySelectorAll(".k-menu:popover-open")) place(menu, openerOf(menu));

function place(menu, opener) {
  if (!opener) return;
  const box = opener.getBoundingClientRect();
  const isRight = box.left + box.width / 2 > innerWidth / 2;
  const isLow = box.bottom > innerHeight * 0.7;
  menu.style.left = isRight ? "auto" : `${Math.max(gap, box.left)}px`;
  menu.style.right = isRight ? `${Math.max(gap, document.documentElement.clientWidth - box.right)}px` : "auto";
  menu.style.top = isLow ? "auto" : `${box.bottom + gap}px`;
  menu.style.bottom = isLow ? `${innerHeight - box.top + gap}px` : "auto";
}

function move(menu, event) {
  const all = items(menu);
  const at = all.indexOf(document.activeElement);
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  all.at(next % all.length)?.focus();
}

function closeAll() {
  for (const menu of document.querySelectorAll(".k-menu:popover-open")) menu.hidePopover();
}
