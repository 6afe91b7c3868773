"use strict";
for (const button of $$(".add")) button.addEventListener("click", () => {
  const count = $(".count");
  count.textContent = Number(count.textContent) + Number($("#count")?.value ?? 1);
  toast(button.dataset.said + button.dataset.name);
});
for (const button of $$(".thumb")) button.addEventListener("click", () => { $("#large").src = button.dataset.src; });
for (const button of $$("[data-step]")) button.addEventListener("click", () => {
  const field = $("#count");
  field.value = Math.min(20, Math.max(1, Number(field.value) + Number(button.dataset.step)));
});
const goods = $("#goods");
if (goods) {
  const all = [...goods.children];
  const apply = () => {
    const most = Number($("#most").value);
    const stars = Number($("[name=stars]:checked").value);
    $("#most-said").textContent = $("#most-said").textContent[0] + most.toFixed(2);
    let shown = 0;
    for (const item of all) {
      const good = Number(item.dataset.price) <= most && Number(item.dataset.stars) >= stars
        && (!$("#few").checked || item.dataset.few === "1") && (!$("#sale").checked || item.dataset.sale === "1");
      item.hidden = !good;
      item.style.display = good ? "" : "none";
      shown += good ? 1 : 0;
    }
    $("#shown").textContent = `${shown} ${$("#shown").dataset.word}`;
    $("#none").hidden = shown > 0;
  };
  const keys = { low: (e) => Number(e.dataset.price), high: (e) => -Number(e.dataset.price), stars: (e) => -Number(e.dataset.stars), best: (e) => all.indexOf(e) };
  $("#sort").addEventListener("change", (event) => goods.append(...[...all].sort((a, b) => keys[event.target.value](a) - keys[event.target.value](b))));
  for (const control of ["#most", "#few", "#sale"]) $(control).addEventListener("input", apply);
  for (const radio of $$("[name=stars]")) radio.addEventListener("change", apply);
  $("#reset").addEventListener("click", () => { $("#most").value = 200; $("#few").checked = $("#sale").checked = false; $$("[name=stars]").at(-1).checked = true; apply(); });
  for (const button of $$("[data-view]")) button.addEventListener("click", () => goods.classList.toggle("rows", button.dataset.view === "list"));
}
const cart = $("#cart");
if (cart) {
  const add = () => {
    const sum = $$(".item", cart).reduce((total, item) => total + Number(item.dataset.price) * Number($(".count", item).value), 0);
    $("#sum").textContent = $("#sum").dataset.sign + sum.toFixed(2);
  };
  cart.addEventListener("change", add);
  cart.addEventListener("click", (event) => { if (event.target.closest(".remove")) { event.target.closest(".item").remove(); add(); } });
}
$("[data-news]")?.addEventListener("submit", (event) => { event.preventDefault(); toast(event.target.dataset.news); });
