// What every page may have: the theme's button, times that keep counting, boxes that tick all, "/" for the query.

const UNITS = [[86400, "d"], [3600, "h"], [60, "min"], [1, "s"]];
// How far this computer's clock is from the server's: times count by the latter.
const skew = Date.now() - performance.now() - Date.parse(document.body.dataset.now);
const moments = new WeakMap();

/** A moment as the server writes it: the time since then, by one unit. */
export function ago(at, now) {
  const seconds = Math.floor(Math.abs(now - at) / 1000);
  if (!seconds) return "now";
  const [size, unit] = UNITS.find(([length]) => seconds >= length);
  const length = `${Math.floor(seconds / size)} ${unit}`;
  return at > now ? `in ${length}` : `${length} ago`;
}

function momentOf(time) {
  const known = moments.get(time);
  if (known?.said === time.dateTime) return known.at;
  const at = Date.parse(time.dateTime);
  moments.set(time, { said: time.dateTime, at });
  return at;
}

// What says seconds changes each second; the others are looked at once in ten.
let beat = 0;

function count() {
  const now = Date.now() - skew, all = beat % 10 === 0;
  beat += 1;
  for (const time of document.querySelectorAll("time[data-ago]")) {
    const at = momentOf(time);
    if (!all && Math.abs(now - at) > 70000) continue;
    const said = ago(at, now);
    if (time.textContent !== said) time.textContent = said;
  }
}

function theme() {
  const button = document.getElementById("theme");
  const root = document.documentElement, next = { "": "light", light: "dark", dark: "" };
  const say = () => {
    const said = `Theme: ${root.dataset.theme || "as the system"}`;
    button.title = said;
    button.setAttribute("aria-label", said);
  };
  button.hidden = false;
  say();
  button.addEventListener("click", () => {
    const chosen = next[root.dataset.theme ?? ""];
    if (chosen) root.dataset.theme = chosen; else delete root.dataset.theme;
    try {
      if (chosen) localStorage.setItem("theme", chosen); else localStorage.removeItem("theme");
    } catch { /* no storage: it holds for this page */ }
    say();
  });
}

// A box in a table's head ticks those below it; the head may be made anew at any time.
function ticks() {
  for (const all of document.querySelectorAll("input[data-all]")) all.hidden = false;
}

document.addEventListener("refreshed", () => { ticks(); count(); });
document.addEventListener("change", ({ target }) => {
  if (!target.matches("input[data-all]")) return;
  for (const box of document.querySelectorAll(".sheet .tick input")) {
    if (box.name === target.dataset.all) box.checked = target.checked;
  }
});

function isTyping(element) {
  return element.closest("input, textarea, select, [contenteditable]") !== null;
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const field = document.querySelector("[data-slash]");
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.select();
});

// What takes a while says so.
for (const form of document.querySelectorAll("form[data-slow]")) {
  form.addEventListener("submit", () => form.querySelector("button")?.setAttribute("aria-busy", "true"));
}

theme();
ticks();
count();
setInterval(count, 1000);
