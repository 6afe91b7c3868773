"use strict";
let held = null;
let opened = null;
const count = () => { for (const column of $$(".column")) $(".badge", column).textContent = $$(".kard", column).length; };
document.addEventListener("dragstart", (event) => { held = event.target.closest(".kard"); held?.classList.add("held"); event.dataTransfer.effectAllowed = "move"; });
document.addEventListener("dragend", () => { held?.classList.remove("held"); held = null; for (const c of $$(".over")) c.classList.remove("over"); });
for (const column of $$(".column")) {
  column.addEventListener("dragover", (event) => { event.preventDefault(); column.classList.add("over"); });
  column.addEventListener("dragleave", () => column.classList.remove("over"));
  column.addEventListener("drop", (event) => {
    event.preventDefault();
    if (!held) return;
    const before = $$(".kard:not(.held)", column).find((card) => { const r = card.getBoundingClientRect(); return event.clientY < r.top + r.height / 2; });
    $(".cards", column).insertBefore(held, before ?? null);
    count();
  });
  const form = $(".fresh", column);
  const add = $(".add", column);
  const show = (on) => { form.hidden = !on; add.hidden = on; add.style.display = on ? "none" : ""; if (on) $("textarea", form).focus(); };
  add.addEventListener("click", () => show(true));
  $(".cancel", form).addEventListener("click", () => show(false));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = $("textarea", form).value.trim();
    if (!text) return;
    const card = $(".kard").cloneNode(true);
    $("h3", card).textContent = text;
    $(".cards", column).append(card);
    $("textarea", form).value = "";
    show(false);
    count();
  });
  $(".sort", column).addEventListener("click", () => $(".cards", column).append(...$$(".kard", column).sort((a, b) => $("h3", a).textContent.localeCompare($("h3", b).textContent))));
  $(".empty", column).addEventListener("click", () => { for (const card of $$(".kard", column)) card.remove(); count(); });
}
document.addEventListener("keydown", (event) => {
  const card = event.target.closest?.(".kard");
  if (!card || event.target !== card || !/^Arrow(Left|Right)$/.test(event.key)) return;
  const columns = $$(".column");
  const to = columns[columns.indexOf(card.closest(".column")) + (event.key === "ArrowRight" ? 1 : -1)];
  if (to) { $(".cards", to).append(card); card.focus(); count(); }
});
$("#seek").addEventListener("input", (event) => { for (const card of $$(".kard")) card.hidden = !card.textContent.toLowerCase().includes(event.target.value.toLowerCase()); });
$("#mine").addEventListener("click", (event) => {
  const on = event.currentTarget.getAttribute("aria-pressed") !== "true";
  const me = $(".kard")?.dataset.who;
  for (const card of $$(".kard")) card.hidden = on && card.dataset.who !== me;
});
$("#card").addEventListener("shown", (event) => { opened = event.detail.closest(".kard"); $("#card-h").textContent = $("h3", opened).textContent; });
$("#remove").addEventListener("click", () => { opened?.remove(); $("#card").close(); count(); });
