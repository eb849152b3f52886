// One stream of changes per visible page. An element with data-live="crm.record:17 desk.ticket:5" hears a `live` event when
// one of its subjects changed; with hx-trigger="live" it refreshes itself. Without a stream the page asks every 15 seconds.
// A hidden page lets its stream go: browsers allow six connections to a server, over all their tabs.
const token = document.body.dataset.liveToken;
const poll = 15_000;
const longest = 30_000;
let stream = null;
let retry = null;
let wait = 1_000;
let failures = 0;
let polling = null;
let isFirst = true;
const waiting = new WeakMap();
const refreshed = new Map(); // by id: a refresh puts a new element in the place of the old

if (token) {
  document.addEventListener("visibilitychange", () => (document.visibilityState === "visible" ? connect() : disconnect()));
  if (document.visibilityState === "visible") connect();
}

function connect() {
  disconnect();
  stream = new EventSource(`/live?token=${encodeURIComponent(token)}`);
  stream.addEventListener("open", onOpen);
  stream.addEventListener("changed", (event) => hear(JSON.parse(event.data).subjects));
  stream.addEventListener("error", onError);
}

function disconnect() {
  clearTimeout(retry);
  stream?.close();
  stream = null;
}

function onOpen() {
  [wait, failures] = [1_000, 0];
  stopPolling();
  if (!isFirst) hear([]); // something may have been missed meanwhile
  isFirst = false;
}

function onError() {
  disconnect();
  isFirst = false;
  failures += 1;
  if (failures >= 3) startPolling();
  retry = setTimeout(connect, wait + Math.random() * 500);
  wait = Math.min(longest, wait * 2);
}

/** `subjects` such as "crm.record:17"; none at all stands for any. */
function hear(subjects) {
  const changed = new Set(subjects);
  const kinds = new Set(subjects.map(kindOf));
  tell((subject) => subjects.length === 0 || changed.has(subject) || (!subject.includes(":") && kinds.has(subject)));
}

function kindOf(subject) {
  return subject.split(":")[0];
}

function tell(isChanged) {
  for (const element of document.querySelectorAll("[data-live]")) {
    if (element.dataset.live.split(/\s+/).some(isChanged)) refresh(element);
  }
}

// What somebody is typing in or has opened is not replaced under their hands; it waits until they are done.
// data-live-pause="3000": at most every three seconds, for lists that hear of very much.
const inHand = "[data-editing], :popover-open, :is(input, textarea, trix-editor):focus:not([hx-preserve], [hx-preserve] *, [type=checkbox])";

let typedAt = -Infinity;
document.addEventListener("input", () => (typedAt = performance.now()));

function refresh(element) {
  if (!element.isConnected) return;
  const rest = Number(element.dataset.livePause ?? 0) - (performance.now() - (refreshed.get(element.id) ?? -Infinity));
  if (element.querySelector(inHand) || performance.now() - typedAt < 1_000 || rest > 0) {
    clearTimeout(waiting.get(element));
    waiting.set(element, setTimeout(() => refresh(element), Math.max(rest, 1_000)));
  } else {
    refreshed.set(element.id, performance.now());
    element.dispatchEvent(new CustomEvent("live"));
  }
}

function startPolling() {
  polling ??= setInterval(() => document.visibilityState === "visible" && hear([]), poll);
}

function stopPolling() {
  clearInterval(polling);
  polling = null;
}
