"use strict";
const form = $("#form");
const steps = $$(".step");
let at = 0;
function problem(field) {
  const state = field.validity;
  if (state.valueMissing) return field.type === "radio" || field.localName === "select" ? form.dataset.choose : form.dataset.need;
  if (state.typeMismatch) return form.dataset.mail;
  return state.valid ? "" : form.dataset.pattern;
}
function check() {
  const found = [];
  for (const field of $$("input, select, textarea", steps[at])) {
    const text = problem(field);
    field.setAttribute("aria-invalid", String(Boolean(text)));
    const place = document.getElementById(`${field.type === "radio" ? field.name : field.id}-e`) ?? $(".error", field.closest(".q") ?? steps[at]);
    if (place && (text || !found.some((f) => f.place === place))) place.textContent = text;
    if (text && !found.some((f) => f.place === place)) found.push({ field, text, place });
  }
  $("#alert").hidden = found.length === 0;
  $("#problems").replaceChildren(...found.map(({ field, text }) => {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = `#${field.id}`;
    const label = field.labels?.[0]?.firstChild?.textContent.trim() || field.name;
    link.textContent = `${label}: ${text}`;
    link.addEventListener("click", (event) => { event.preventDefault(); field.focus(); });
    item.append(link);
    return item;
  }));
  if (found.length) scrollTo(0, 0);
  return found.length === 0;
}
function show(step) {
  at = step;
  steps.forEach((box, n) => { box.hidden = n !== at; });
  $$(".steps li").forEach((item, n) => {
    if (n === at) item.setAttribute("aria-current", "step"); else item.removeAttribute("aria-current");
    item.classList.toggle("done", n < at);
  });
  $("#back").hidden = at === 0;
  $("#back").style.display = at === 0 ? "none" : "";
  $("#ahead").textContent = at === steps.length - 1 ? $("#ahead").dataset.last : $("#ahead").dataset.next;
  if (at === steps.length - 1) {
    $("#answers").replaceChildren(...[...new FormData(form)].filter(([, v]) => typeof v === "string" && v).flatMap(([key, value]) => {
      const name = document.createElement("dt");
      const said = document.createElement("dd");
      name.textContent = document.querySelector(`label[for="${key}"]`)?.firstChild.textContent.trim() ?? key;
      said.textContent = value;
      return [name, said];
    }));
  }
  scrollTo(0, 0);
}
form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!check()) return;
  if (at < steps.length - 1) { show(at + 1); return; }
  form.hidden = true;
  $(".steps").hidden = true;
  $("#sent").hidden = false;
});
$("#back").addEventListener("click", () => { $("#alert").hidden = true; show(at - 1); });
show(0);
