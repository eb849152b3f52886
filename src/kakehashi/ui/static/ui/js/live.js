// One stream of changes per visible page. An element with data-live="crm.record:17 desk.ticket:5" hears a `live` event when
// one of its subjects changed; with hx-trigger="live" it refreshes itself. Without a stream the page asks every 15 seconds.
// A hidden page lets its stream go: browsers allow six connections to a server, over all their tabs. A stream that has not begun to
// beat in time, or stops beating, is none: proxies hold answers back, and a cut line may never say so.
const token = document.body.dataset.liveToken;
const poll = 15_000;
const longest = 30_000;
const beginning = 10_000;
const silence = 40_000; // it beats every 15 seconds
const enough = 3; // failures, then the page asks
let stream = null;
let retry = null;
let wait = 1_000;
let failures = 0;
let polling = null;
let watch = null;
let isFirst = true;
const waiting = new WeakMap();
const refreshed = new Map(); // by id: a refresh puts a new element in the place of the old

if (token) {
  document.addEventListener("visibilitychange", () => (isSeen() ? comeBack() : disconnect()));
  window.addEventListener("online", () => isSeen() && comeBack());
  if (isSeen()) connect();
}

function isSeen() {
  return document.visibilityState === "visible";
}

function comeBack() {
  connect();
  if (polling) hear([]);
}

function connect() {
  disconnect();
  if (!window.EventSource) return startPolling();
  stream = new EventSource(`/live?token=${encodeURIComponent(token)}`);
  stream.addEventListener("open", onOpen);
  stream.addEventListener("beat", onBeat);
  stream.addEventListener("changed", (event) => (onBeat(), hear(JSON.parse(event.data).subjects)));
  stream.addEventListener("error", onError);
  watch = setTimeout(onSilence, beginning);
}

function disconnect() {
  clearTimeout(retry);
  clearTimeout(watch);
  stream?.close();
  stream = null;
}

function onOpen() {
  [wait, failures] = [1_000, 0];
  if (!isFirst) hear([]); // something may have been missed meanwhile
  isFirst = false;
}

function onBeat() {
  stopPolling();
  clearTimeout(watch);
  watch = setTimeout(onSilence, silence);
}

function onSilence() {
  failures = enough;
  onError();
}

function onError() {
  disconnect();
  isFirst = false;
  failures += 1;
  if (failures >= enough) startPolling();
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
  polling ??= setInterval(() => isSeen() && hear([]), poll);
}

function stopPolling() {
  clearInterval(polling);
  polling = null;
}
