// The search box of the top bar shows what is found while one types: `?q=` of its form, as a fragment for htmx. Empty, it shows what
// the person searched for and opened lately, if the answer holds anything.
// Arrow down goes into the list, Esc back; Enter in the box opens the page of all results.
const wait_ms = 150;
const box = document.querySelector("[data-search-box]");
let timer = null;
let request = null;

if (box) begin(box, list());

function list() {
  const menu = document.createElement("div");
  menu.className = "k-menu is-suggestions";
  menu.id = "k-suggestions";
  menu.popover = "manual";
  return menu;
}

function begin(input, menu) {
  input.form.append(menu);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-controls", menu.id);
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => ask(input, menu), wait_ms);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" || !menu.matches(":popover-open")) return;
    event.preventDefault();
    menu.querySelector("a")?.focus();
  });
  input.form.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.matches(":popover-open")) return;
    hide(input, menu);
    input.focus();
  });
  input.form.addEventListener("focusout", (event) => input.form.contains(event.relatedTarget) || hide(input, menu));
  input.addEventListener("focus", () => (input.value.trim() && menu.childElementCount ? show(input, menu) : ask(input, menu)));
}

async function ask(input, menu) {
  request?.abort();
  request = new AbortController();
  const address = new URL(input.form.action);
  address.searchParams.set("q", input.value);
  try {
    const answer = await fetch(address, { headers: { "HX-Request": "true" }, signal: request.signal });
    const html = await answer.text();
    if (!answer.ok || html.includes("<html") || !html.trim()) return hide(input, menu);
    menu.innerHTML = html;
    if (document.activeElement === input) show(input, menu);
  } catch {
    // a newer request took over, or the connection is away: the box works without
  }
}

function show(input, menu) {
  const place = input.form.getBoundingClientRect();
  menu.style.top = `${place.bottom + 4}px`;
  menu.style.right = `${document.documentElement.clientWidth - place.right}px`;
  menu.style.width = `${Math.max(place.width, Math.min(420, innerWidth - 24))}px`;
  menu.showPopover();
  input.setAttribute("aria-expanded", "true");
}

function hide(input, menu) {
  if (menu.matches(":popover-open")) menu.hidePopover();
  input.setAttribute("aria-expanded", "false");
}
