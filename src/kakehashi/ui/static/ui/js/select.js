// <select data-search> becomes a list to search in (Tom Select, fetched only where one stands).
import { openQuick } from "./quick.js";
import { words } from "./words.js";

let library = null;

document.addEventListener("htmx:load", (event) => dress(event.target));
document.addEventListener("htmx:beforeCleanupElement", (event) => event.target.tomselect?.destroy());
dress(document);

async function dress(root) {
  const selects = [...root.querySelectorAll("select[data-search]:not(.tomselected)")];
  if (!selects.length) return;
  library ??= load();
  const TomSelect = await library;
  for (const select of selects) if (select.isConnected && !select.tomselect) start(TomSelect, select);
}

function load() {
  return new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = new URL("../../vendor/tom-select.min.js", import.meta.url);
    script.onload = () => done(window.TomSelect);
    script.onerror = failed;
    document.head.append(script);
  });
}

function start(TomSelect, select) {
  const url = select.dataset.search === "here" ? null : select.dataset.search;
  const control = new TomSelect(select, {
    plugins: select.multiple ? ["remove_button"] : [],
    placeholder: select.dataset.placeholder ?? "",
    maxOptions: 200,
    refreshThrottle: 0, // Enter right after typing must not choose from the list before
    hideSelected: select.multiple,
    searchField: url ? [] : ["text"],
    create: select.dataset.createUrl ? (text, done) => void openQuick(select.dataset.createUrl, text, (made) => done(made)) : select.hasAttribute("data-create"),
    load: url ? (text, show) => ask(url, text).then(show, () => show()) : undefined,
    shouldLoad: () => true,
    preload: url ? "focus" : false,
    render: { option, no_results: nothing, option_create: making },
  });
  select.setAttribute("aria-hidden", "true"); // the search box stands for it, label included
  if (select.getAttribute("aria-describedby")) control.control_input.setAttribute("aria-describedby", select.getAttribute("aria-describedby"));
}

async function ask(url, text) {
  const address = new URL(url, location.href);
  address.searchParams.set("q", text);
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  return answer.json();
}

function option(data, escape) {
  const hint = data.hint ? ` <small class="k-muted">${escape(data.hint)}</small>` : "";
  return `<div>${escape(data.text)}${hint}</div>`;
}

function making(data, escape) {
  return `<div class="create">${escape(words("create", { text: data.input }))}</div>`;
}

/** Where one may write a new entry, an empty box is not a search without finds. */
function nothing(data, escape) {
  if (this.settings.create && !data.input) return null;
  return `<div class="no-results">${escape(words("no_results"))}</div>`;
}
