// The sheet: <a href data-sheet> opens over the page under its own address; Esc closes and gives focus back.
// The server answers the same address as a fragment when the header HX-Target is "sheet", as a full page otherwise.
const dialog = document.getElementById("k-sheet");
const content = document.getElementById("sheet");
let opener = null;

if (dialog) {
  document.addEventListener("click", onClick);
  dialog.addEventListener("close", onClose);
  dialog.addEventListener("pointerdown", (event) => {
    if (event.target === dialog && event.clientX < dialog.getBoundingClientRect().left) dialog.requestClose?.() ?? dialog.close();
  });
  window.addEventListener("popstate", onPopState);
  document.body.addEventListener("close-sheet", () => dialog.close());
  content.addEventListener("htmx:afterSettle", nameDialog);
  content.addEventListener("htmx:afterRequest", onAnswer);
  if (content.firstElementChild) {
    show();
    content.querySelector("[data-focus]")?.focus();
  }
}

function onClick(event) {
  const link = event.target.closest("a[data-sheet]");
  if (!link || event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (!dialog.open) opener = link;
  const state = { sheet: link.href, base: history.state?.base ?? location.href };
  if (dialog.open) history.replaceState(state, "", link.href);
  else history.pushState(state, "", link.href);
  load(link.href);
}

function load(url) {
  if (!dialog.open) content.replaceChildren(skeleton());
  show();
  window.htmx.ajax("GET", url, { source: content, target: content, swap: "innerHTML" });
}

// A signal's address leads on to its ticket's: that is what stands in the address bar then.
function onAnswer(event) {
  const { xhr, successful, requestConfig } = event.detail;
  const isOurs = successful && requestConfig.target === content && requestConfig.verb === "get" && history.state?.sheet === requestConfig.path;
  if (isOurs && xhr.responseURL && xhr.responseURL !== location.href) history.replaceState({ ...history.state, sheet: xhr.responseURL }, "", xhr.responseURL);
}

function show() {
  if (!dialog.open) dialog.showModal();
  nameDialog();
}

// The dialog is called by what stands in it. What had the focus may have been the skeleton's: then the title has it.
function nameDialog() {
  const title = content.querySelector("#sheet-title");
  if (!title) return;
  dialog.setAttribute("aria-label", title.textContent.trim());
  if (dialog.contains(document.activeElement)) return;
  title.tabIndex = -1;
  title.focus();
}

function onClose() {
  const base = content.querySelector("[data-sheet-base]")?.dataset.sheetBase;
  const isOurs = Boolean(history.state?.sheet);
  content.replaceChildren();
  if (isOurs) history.back();
  else if (base) history.replaceState(null, "", base);
  document.body.dispatchEvent(new CustomEvent("sheet-closed", { bubbles: true }));
  giveFocusBack();
}

function onPopState(event) {
  if (event.state?.sheet) load(event.state.sheet);
  else if (dialog.open) {
    content.replaceChildren();
    dialog.close();
  }
}

// The list may have been refreshed meanwhile: then the link that now stands for the same address gets the focus.
function giveFocusBack() {
  if (opener?.isConnected) return opener.focus();
  const twin = opener && [...document.querySelectorAll("a[data-sheet]")].find((link) => link.href === opener.href);
  twin?.focus();
}

function skeleton() {
  return document.getElementById("k-sheet-skeleton").content.cloneNode(true);
}

// On a phone the sheet, or a ticket's own page, shows either the conversation or its details. The head with the switch is fetched
// again whenever the ticket changes: what is pressed follows from what is shown.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-properties]");
  if (!button) return;
  splitOf(button).classList.toggle("shows-properties", button.dataset.properties === "show");
  press();
});
document.addEventListener("htmx:afterSettle", press);

function press() {
  for (const button of document.querySelectorAll("[data-properties]")) {
    const isShown = splitOf(button).classList.contains("shows-properties");
    button.setAttribute("aria-pressed", String(isShown === (button.dataset.properties === "show")));
  }
}

function splitOf(button) {
  return button.closest(".k-sheet-frame, .k-ticket").querySelector(".k-sheet-split, .k-ticket-split");
}
