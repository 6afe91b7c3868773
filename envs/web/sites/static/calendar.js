"use strict";
let event_ = null;
const grid = $("#grid");
const week = $("[aria-current=date]")?.closest(".week") ?? $(".week");
week.classList.add("now");
if (!$("[aria-current=date]")) $(".day", week).classList.add("pick");
document.addEventListener("click", (event) => { if (event.target.closest(".event, .more")) event.stopPropagation(); }, false);
for (const cell of $$(".event")) cell.addEventListener("click", (event) => { event.stopPropagation(); show(cell); });
function show(cell) { event_ = cell; $("#show-h").textContent = cell.dataset.what; $("#when").textContent = cell.dataset.when; $("#where").textContent = cell.dataset.where; $("#show").showModal(); }
$("#event").addEventListener("shown", (event) => { if (event.detail.dataset.day) $("#day").value = event.detail.dataset.day; $("#what").value = ""; $("#what").focus(); });
$("#drop").addEventListener("click", () => event_?.remove());
$("#whole").addEventListener("change", (event) => { $("#from").disabled = event.target.checked; });
$("#make").addEventListener("submit", () => {
  const cell = $(`[data-day="${$("#day").value}"]`);
  if (!cell || !$("#what").value.trim()) return;
  const made = document.createElement("button");
  const kind = $("#kind").selectedOptions[0];
  made.className = "event";
  made.textContent = `${$("#from").value} ${$("#what").value.trim()}`;
  made.style.setProperty("--c", kind.dataset.tone);
  Object.assign(made.dataset, { kind: kind.value, what: $("#what").value.trim(), when: `${$("#day").value} ${$("#from").value}`, where: "–" });
  made.addEventListener("click", (event) => { event.stopPropagation(); show(made); });
  cell.append(made);
});
for (const box of $$("aside [data-kind]")) box.addEventListener("change", () => { for (const cell of $$(`.event[data-kind="${box.dataset.kind}"]`)) cell.hidden = !box.checked; });
for (const button of $$("[data-view]")) button.addEventListener("click", () => { grid.classList.toggle("week-view", button.dataset.view === "week"); grid.classList.toggle("day-view", button.dataset.view === "day"); });
for (const button of $$("[data-jump]")) button.addEventListener("click", () => $(`[data-day="${button.dataset.jump}"]`)?.focus());
grid.addEventListener("keydown", (event) => {
  const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 7, ArrowUp: -7 }[event.key];
  if (!step) return;
  const days = $$(".day");
  days[days.indexOf(event.target.closest(".day")) + step]?.focus();
  event.preventDefault();
});
