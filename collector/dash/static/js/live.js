// Keeps a page as fresh as the event log: one stream a page, what `<body data-stream>` names.
//
// A message {key, …fields} is written into `[data-key=KEY] [data-field=NAME]`, milliseconds into a `<time>`. What is made of many
// things (`[data-fragment]`) is fetched again with the page's own address, at most every two seconds,
// and put in by its id. A fragment that shows keys is fetched again only for a key it does not show.

const STALE_MS = 15000, REST_MS = 2000, SOON_MS = 200;
const listeners = new Map();
const PART = 1, WHOLE = 2;
let heard = performance.now(), refreshed = -REST_MS, waiting = 0, due = 0;

/** Calls `fn(data)` for each message of a topic; one that answers true has seen to the page itself. */
export function on(topic, fn) {
  if (!listeners.has(topic)) listeners.set(topic, []);
  listeners.get(topic).push(fn);
}

function write(fields) {
  const places = document.querySelectorAll(`[data-key="${CSS.escape(fields.key)}"]`);
  for (const place of places) {
    for (const [name, value] of Object.entries(fields)) {
      for (const field of place.querySelectorAll(`[data-field="${CSS.escape(name)}"]`)) {
        if (field.matches("time")) { field.dateTime = new Date(value).toISOString(); continue; }
        const text = String(value ?? "");
        if (field.textContent !== text) field.textContent = text;
        if (field.dataset.state !== undefined) field.dataset.state = text;
        if (field.title) field.title = text;
      }
    }
  }
  return places.length > 0;
}

function take(topic, data) {
  const seen = (listeners.get(topic) ?? []).map((fn) => fn(data)).includes(true);
  const isKnown = write(data);
  if (!seen) refresh(!isKnown || data.state === "GONE");
}

/** Fetches the page again, soon; `whole`: also what shows keys. */
export function refresh(whole = true) {
  due = Math.max(due, whole ? WHOLE : PART);
  if (waiting || document.hidden || !document.querySelector("[data-fragment]")) return;
  waiting = setTimeout(fetched, Math.max(SOON_MS, refreshed + REST_MS - performance.now()));
}

async function fetched() {
  const whole = due === WHOLE;
  due = 0;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (answer.redirected) return location.reload(); // the session has ended: the door says so
    if (answer.ok) put(new DOMParser().parseFromString(await answer.text(), "text/html"), whole);
  } catch { /* the stream says that it is stale */ }
  refreshed = performance.now();
  waiting = 0;
  if (due) refresh(due === WHOLE);
}

function put(fresh, whole) {
  for (const old of document.querySelectorAll("[data-fragment]")) {
    const next = fresh.getElementById(old.id);
    if (!next || (!whole && old.querySelector("[data-key]")) || old.contains(typing())) continue;
    const ticked = new Set([...old.querySelectorAll("input:checked")].map((box) => box.name + box.value));
    const focused = old.contains(document.activeElement) ? pathTo(document.activeElement, old) : null;
    old.replaceChildren(...next.childNodes);
    for (const box of old.querySelectorAll("input")) if (ticked.has(box.name + box.value)) box.checked = true;
    if (focused) old.querySelector(focused)?.focus({ preventScroll: true });
  }
  document.dispatchEvent(new CustomEvent("refreshed"));
}

function typing() {
  const at = document.activeElement;
  return at?.matches("input:not([type=checkbox]), textarea, select") ? at : null;
}

function pathTo(element, root) {
  if (element.id) return `#${CSS.escape(element.id)}`;
  const steps = [];
  for (let at = element; at !== root; at = at.parentElement) {
    steps.unshift(`:nth-child(${[...at.parentElement.children].indexOf(at) + 1})`);
  }
  return `:scope > ${steps.join(" > ")}`;
}

function look() {
  const stale = document.getElementById("stale"), silent = performance.now() - heard;
  if (silent < STALE_MS) { stale.hidden = true; return; }
  if (!stale.hidden) return;
  const since = new Date(Date.now() - silent);
  stale.textContent = `stale since ${since.toLocaleTimeString()}`;
  stale.hidden = false;
}

function listen() {
  const { stream, subject, after } = document.body.dataset;
  if (!stream) return;
  const asked = new URLSearchParams({ topics: stream });
  if (subject) asked.set("key", subject);
  if (after) asked.set("after", after);
  const source = new EventSource(`/stream?${asked}`);
  const hear = () => { heard = performance.now(); look(); };
  for (const topic of stream.split(",")) {
    source.addEventListener(topic, (said) => { hear(); take(topic, JSON.parse(said.data)); });
  }
  source.addEventListener("beat", hear);
  source.addEventListener("reload", () => { hear(); refresh(); });
  source.addEventListener("error", () => {
    if (source.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), STALE_MS);
  });
  addEventListener("pagehide", () => source.close());
  addEventListener("pageshow", (shown) => { if (shown.persisted) location.reload(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden && due) refresh(due === WHOLE); });
  setInterval(look, 1000);
}

listen();
