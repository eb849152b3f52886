// [data-presence]: an address that is told every twenty seconds that somebody has this open, that they type, and that they leave.
// It answers who else is there. While somebody else writes ([data-reply-held]), the button that sends a mail waits for "Take over".
const every = 20_000;
const pause = 12_000;
let typedAt = -Infinity;
let told = ""; // the state last told, "" for nothing
let toldTo = ""; // and to which address: a sheet may open and close over its page

const place = () => document.querySelector("[data-presence]");
const state = () => (performance.now() - typedAt < pause ? "typing" : "here");
const isHere = () => document.visibilityState === "visible" && place();

follow();
document.addEventListener("htmx:load", follow);
document.addEventListener("sheet-closed", follow);
document.addEventListener("visibilitychange", () => (isHere() ? tell() : leave()));
addEventListener("pagehide", leave);
setInterval(() => isHere() && tell(), every);
setInterval(() => told === "typing" && isHere() && state() === "here" && tell(), 3_000);
for (const name of ["input", "trix-change"]) document.addEventListener(name, ({ target }) => target.closest?.(".k-composer") && target.matches("trix-editor") && type());
document.addEventListener("htmx:afterSettle", hold);
document.addEventListener("click", () => setTimeout(hold)); // another mode of the composer

// Something was opened, or what was open is gone.
function follow() {
  const address = place()?.dataset.presence ?? "";
  if (address === toldTo) return;
  leave();
  typedAt = -Infinity;
  if (address && isHere()) tell();
}

function type() {
  const isNew = state() === "here";
  typedAt = performance.now();
  if (isNew && told !== "typing" && place()) tell();
}

function tell() {
  const element = place();
  [told, toldTo] = [state(), element.dataset.presence];
  window.htmx.ajax("POST", toldTo, { source: element, target: element, swap: "innerHTML", values: { state: told } }).catch(() => {});
}

function leave() {
  if (!told) return;
  const data = new FormData();
  data.set("state", "away");
  data.set("csrfmiddlewaretoken", JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"]);
  navigator.sendBeacon(toldTo, data);
  [told, toldTo] = ["", ""];
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
