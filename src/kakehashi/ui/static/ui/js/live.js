// One stream of changes per page. An element with data-live="crm.record:17 desk.ticket:5" hears a `live` event when one
// of its subjects changed; with hx-trigger="live" it refreshes itself. Without a stream the page asks every 15 seconds.
const token = document.body.dataset.liveToken;
const poll = 15_000;
const longest = 30_000;
let wait = 1_000;
let failures = 0;
let polling = null;
let isFirst = true;

if (token && window.EventSource) connect();
else if (token) startPolling();

function connect() {
  const stream = new EventSource(`/live?token=${encodeURIComponent(token)}`);
  stream.addEventListener("open", () => {
    [wait, failures] = [1_000, 0];
    stopPolling();
    if (!isFirst) tell(() => true); // something may have been missed meanwhile
    isFirst = false;
    document.documentElement.dataset.stream = "open";
  });
  stream.addEventListener("message", (event) => hear(event.data));
  stream.addEventListener("error", () => {
    stream.close();
    delete document.documentElement.dataset.stream;
    failures += 1;
    if (failures >= 3) startPolling();
    setTimeout(connect, wait + Math.random() * 500);
    wait = Math.min(longest, wait * 2);
  });
}

/** `data` names subjects ("crm.record:17") or whole kinds ("crm.record"), separated by spaces. */
function hear(data) {
  const changed = new Set(data.split(/\s+/));
  const kinds = new Set([...changed].map(kindOf));
  tell((subject) => changed.has(subject) || changed.has(kindOf(subject)) || (!subject.includes(":") && kinds.has(subject)));
}

function kindOf(subject) {
  return subject.split(":")[0];
}

function tell(isChanged) {
  for (const element of document.querySelectorAll("[data-live]")) {
    if (element.dataset.live.split(/\s+/).some(isChanged)) element.dispatchEvent(new CustomEvent("live"));
  }
}

function startPolling() {
  polling ??= setInterval(() => document.visibilityState === "visible" && tell(() => true), poll);
}

function stopPolling() {
  clearInterval(polling);
  polling = null;
}
