// [data-presence]: an address that is told every twenty seconds that somebody has this page open, that they type, and that they leave.
// It answers who else is there. While somebody else writes ([data-reply-held]), the button that sends a mail waits for "Take over".
const every = 20_000;
const pause = 12_000;
let typedAt = -Infinity;
let told = "";

const place = () => document.querySelector("[data-presence]");
const state = () => (performance.now() - typedAt < pause ? "typing" : "here");

if (place()) {
  tell();
  setInterval(() => document.visibilityState === "visible" && tell(), every);
  setInterval(() => told === "typing" && state() === "here" && tell(), 3_000);
  document.addEventListener("visibilitychange", () => (document.visibilityState === "visible" ? tell() : leave()));
  addEventListener("pagehide", leave);
  for (const name of ["input", "trix-change"]) document.addEventListener(name, ({ target }) => target.closest?.(".k-composer") && target.matches("trix-editor") && type());
  document.addEventListener("htmx:afterSettle", hold);
  document.addEventListener("click", () => setTimeout(hold)); // another mode of the composer
}

function type() {
  const isNew = state() === "here";
  typedAt = performance.now();
  if (isNew && told !== "typing") tell();
}

function tell() {
  const element = place();
  if (!element) return;
  told = state();
  window.htmx.ajax("POST", element.dataset.presence, { source: element, target: element, swap: "innerHTML", values: { state: told } }).catch(() => {});
}

function leave() {
  const element = place();
  if (!element || !told) return;
  told = "";
  const data = new FormData();
  data.set("state", "away");
  data.set("csrfmiddlewaretoken", JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"]);
  navigator.sendBeacon(element.dataset.presence, data);
}

function hold() {
  const isHeld = Boolean(document.querySelector("[data-presence] [data-reply-held]"));
  for (const button of document.querySelectorAll(".k-composer [data-send-button]")) {
    const isMail = !button.closest(".k-composer").classList.contains("is-internal") && !button.closest(".k-composer").querySelector('[data-mode="comment"][aria-pressed="true"], [data-mode="comment"][aria-selected="true"]');
    if (isHeld && isMail) button.dataset.held = "";
    if (!("held" in button.dataset)) continue;
    button.disabled = isHeld && isMail;
    if (!button.disabled) delete button.dataset.held;
  }
}
