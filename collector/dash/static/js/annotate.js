// Judging by keys. An answer is kept in this browser until the server has it, so that neither a reload
// nor a lost connection loses one; the server takes the same answer twice without harm. The page works
// without any of this, one form at a time.
const cards = document.getElementById("cards");
const kind = cards.dataset.kind, judge = cards.dataset.judge;
const done = document.getElementById("done"), waits = document.getElementById("waits");
const undo = document.getElementById("undo"), over = document.getElementById("over");
const KEPT = "verdicts", SENT = "verdicts sent", AHEAD = 2, MOST = 64, AGAIN_MS = 2000;
const REFUSED = [400, 404, 422]; // of a verdict that will never do; any other failure passes
let shownAt = performance.now(), sending = null, filling = null, again = 0;

function stored(name) {
  try { return JSON.parse(localStorage.getItem(name)) ?? []; } catch { return []; }
}

function store(name, list) {
  try { localStorage.setItem(name, JSON.stringify(list)); } catch { /* no storage: they are sent at once */ }
}

const kept = () => stored(KEPT);

function keep(list) {
  store(KEPT, list);
  const mine = list.filter((one) => one.judge === judge).length;
  waits.textContent = mine ? `${mine} not sent yet` : "";
}

const isSame = (one, other) => ["kind", "judge", "subject"].every((part) => one[part] === other[part]);
const cardOf = (subject) => cards.querySelector(`[data-subject="${CSS.escape(subject)}"]`);
const first = () => cards.querySelector(".question");
const ofThisPage = (list) => list.filter((one) => one.judge === judge && one.kind === kind);
const mine = () => ofThisPage(kept());
/** What the page before this one sent while the server wrote this one, which may still ask for it. */
const sentMeanwhile = () => ofThisPage(stored(SENT)).filter((one) => one.at_ms >= performance.timeOrigin);

function turn() {
  shownAt = performance.now();
  over.hidden = first() !== null;
  if (cards.children.length <= AHEAD) fill();
}

/** Send what waits, one after the other; true where the server has all of it. */
function send() {
  sending ??= sendAll().catch(() => false).finally(() => { sending = null; });
  return sending;
}

async function sendAll() {
  for (;;) {
    const one = kept().find((item) => item.judge === judge);
    if (!one) return true;
    const answer = await fetch(`/annotate/${one.kind}`, {
      method: "POST",
      headers: { Accept: "application/json" },
      body: new URLSearchParams({ subject: one.subject, answer: one.answer, note: one.note, took_ms: one.took_ms }),
    });
    if (!answer.ok && !REFUSED.includes(answer.status)) return false;
    const said = answer.ok ? await answer.json() : null;
    store(SENT, [...stored(SENT), { ...one, at_ms: Date.now() }].slice(-MOST));
    keep(kept().filter((item) => !isSame(item, one)));
    if (said) { done.textContent = said.done; undo.disabled = false; }
  }
}

async function deliver() {
  if (await send()) return;
  clearTimeout(again); // one more try for however many verdicts wait
  again = setTimeout(deliver, AGAIN_MS);
}

/** Cards that this page does not have and has not answered. */
function fill() {
  filling ??= fillUp().finally(() => { filling = null; over.hidden = first() !== null; });
  return filling;
}

async function fillUp() {
  const here = [...cards.querySelectorAll(".question")].map((card) => card.dataset.subject);
  const skip = [...here, ...mine().map((one) => one.subject)].slice(0, MOST);
  await add(new URLSearchParams(skip.map((subject) => ["skip", subject])), false);
}

async function add(query, inFront) {
  const answer = await fetch(`/annotate/${kind}/cards?${query}`).catch(() => null);
  if (!answer?.ok) return;
  const found = new DOMParser().parseFromString(await answer.text(), "text/html").querySelectorAll(".question");
  for (const card of found) {
    if (cardOf(card.dataset.subject)) continue;
    if (inFront) cards.prepend(card); else cards.append(card);
  }
}

function give(card, answer) {
  const said = {
    kind, judge, answer, subject: card.dataset.subject, note: card.elements.note.value.trim(),
    took_ms: Math.round(performance.now() - shownAt),
  };
  keep([...kept().filter((one) => !isSame(one, said)), said]);
  card.remove();
  turn();
  deliver();
}

async function takeBack() {
  if (undo.disabled) return;
  undo.disabled = true;
  try {
    if (!await send()) return;
    const answer = await fetch(`/annotate/${kind}/undo`, { method: "POST", headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const said = await answer.json();
    done.textContent = said.done;
    if (said.subject) await add(new URLSearchParams([["only", said.subject], ["skip", ""]]), true);
    turn();
  } finally { undo.disabled = done.textContent === "0"; }
}

cards.addEventListener("submit", (event) => {
  event.preventDefault();
  if (event.submitter?.name === "answer") give(event.target, event.submitter.value);
});
undo.form.addEventListener("submit", (event) => { event.preventDefault(); takeBack(); });

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.target.closest("input, textarea, select")) {
    if (event.key === "Escape") event.target.blur();
    if (event.key === "Enter") event.preventDefault();
    return;
  }
  const card = first();
  const button = card?.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (button) give(card, button.value);
  else if (event.key === "z") takeBack();
  else if (event.key === "b") cards.classList.toggle("bare");
  else if (event.key === "w" && card) { event.preventDefault(); card.elements.note.focus(); }
});

addEventListener("online", deliver);
for (const one of [...mine(), ...sentMeanwhile()]) cardOf(one.subject)?.remove();
keep(kept());
turn();
deliver();
