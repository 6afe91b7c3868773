// What every page may have: the theme's button, times that keep counting, boxes that tick all, "/" for the query.

const UNITS = [[86400, "d"], [3600, "h"], [60, "min"], [1, "s"]];

/** A length of time as the server writes it: the largest unit, and the next while it says something. */
export function span(seconds) {
  if (seconds < 1) return "0 s";
  for (let n = 0; n < UNITS.length - 1; n += 1) {
    const [size, unit] = UNITS[n], [less, lesser] = UNITS[n + 1];
    if (seconds < size) continue;
    const whole = Math.floor(seconds / size), finer = Math.floor((seconds % size) / less);
    return whole < 10 && finer ? `${whole} ${unit} ${finer} ${lesser}` : `${whole} ${unit}`;
  }
  return `${Math.floor(seconds)} s`;
}

// How far this computer's clock is from the server's: times count by the latter.
const skew = Date.now() - performance.now() - Date.parse(document.body.dataset.now);

function count() {
  const now = Date.now() - skew;
  for (const time of document.querySelectorAll("time[data-ago]")) {
    const seconds = (now - Date.parse(time.dateTime)) / 1000;
    const said = Math.abs(seconds) < 1 ? "now" : seconds < 0 ? `in ${span(-seconds)}` : `${span(seconds)} ago`;
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

function ticks() {
  for (const all of document.querySelectorAll("input[data-all]")) {
    all.hidden = false;
    all.addEventListener("change", () => {
      for (const box of document.getElementsByName(all.dataset.all)) box.checked = all.checked;
      document.dispatchEvent(new CustomEvent("ticked"));
    });
  }
  document.addEventListener("change", (event) => {
    if (event.target.matches("td.tick input")) document.dispatchEvent(new CustomEvent("ticked"));
  });
}

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
