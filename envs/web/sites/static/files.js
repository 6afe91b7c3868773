"use strict";
const grid = $("#files");
const menu = $("#context");
let target = null;
const picked = () => $$("[aria-selected=true]", grid);
const tell = () => { const n = picked().length; $("#tools").hidden = n === 0; $("#tools").style.display = n ? "" : "none"; $("#marked").textContent = `${n} ${$("#marked").dataset.word}`; };
function choose(file, more) {
  if (!more) for (const other of picked()) other.setAttribute("aria-selected", "false");
  file.setAttribute("aria-selected", String(more ? file.getAttribute("aria-selected") !== "true" : true));
  target = file;
  tell();
}
function popup(x, y) {
  menu.hidden = false;
  menu.style.left = `${Math.min(x, innerWidth - menu.offsetWidth - 8)}px`;
  menu.style.top = `${Math.min(y, innerHeight - menu.offsetHeight - 8)}px`;
  $("[role=menuitem]", menu).focus();
}
grid.addEventListener("click", (event) => {
  const file = event.target.closest("li");
  if (!file) return;
  choose(file, event.ctrlKey || event.metaKey);
  if (event.target.closest(".mini")) { event.stopPropagation(); popup(event.clientX, event.clientY); }
});
grid.addEventListener("dblclick", (event) => { const file = event.target.closest("li.folder"); if (file) $("#here").textContent = file.dataset.name; });
grid.addEventListener("contextmenu", (event) => { const file = event.target.closest("li"); if (file) { event.preventDefault(); choose(file); popup(event.clientX, event.clientY); } });
grid.addEventListener("keydown", (event) => {
  const all = $$("li:not([hidden])", grid);
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (step) { const to = all[all.indexOf(document.activeElement) + step]; to?.focus(); if (to) choose(to); event.preventDefault(); }
  if (event.key === "Delete") remove();
  if (event.key === "F2") rename();
});
function remove() { for (const file of picked()) file.remove(); tell(); }
function rename() { if (!target) return; $("#called").value = target.dataset.name; $("#name").dataset.for = "rename"; $("#name").showModal(); $("#called").select(); }
$("#remove").addEventListener("click", remove);
$("#rename").addEventListener("click", rename);
for (const item of $$("[data-do]", menu)) item.addEventListener("click", () => {
  if (item.dataset.do === "remove") remove();
  if (item.dataset.do === "rename") rename();
  if (item.dataset.do === "copy" && target) { const twin = target.cloneNode(true); $("b", twin).textContent = `${target.dataset.name} (2)`; target.after(twin); choose(twin); }
});
$("#name").addEventListener("shown", () => { delete $("#name").dataset.for; });
$("#naming").addEventListener("submit", () => {
  const name = $("#called").value.trim();
  if (!name) return;
  if ($("#name").dataset.for === "rename" && target) { target.dataset.name = name; $("b", target).textContent = name; return; }
  const made = $("li.folder", grid).cloneNode(true);
  made.dataset.name = name;
  $("b", made).textContent = name;
  grid.prepend(made);
  choose(made);
});
$("#order").addEventListener("change", (event) => {
  const key = { name: (a, b) => a.dataset.name.localeCompare(b.dataset.name), day: (a, b) => b.dataset.day.localeCompare(a.dataset.day), size: (a, b) => b.dataset.size - a.dataset.size }[event.target.value];
  grid.append(...$$("li", grid).sort(key));
});
for (const button of $$("[data-view]")) button.addEventListener("click", () => grid.classList.toggle("rows", button.dataset.view === "list"));
$("#seek").addEventListener("input", (event) => { for (const file of $$("li", grid)) file.hidden = !file.dataset.name.toLowerCase().includes(event.target.value.toLowerCase()); });
$("#pick").addEventListener("click", () => $("#file").click());
$("#file").addEventListener("change", (event) => toast([...event.target.files].map((f) => f.name).join(", ")));
for (const label of $$("[role=treeitem] > span")) label.addEventListener("click", () => {
  const item = label.parentElement;
  if (item.hasAttribute("aria-expanded")) { const open = item.getAttribute("aria-expanded") !== "true"; item.setAttribute("aria-expanded", String(open)); $(":scope > ul", item).hidden = !open; }
  for (const other of $$("[role=treeitem]")) other.setAttribute("aria-selected", String(other === item));
  $("#here").textContent = label.textContent.trim();
});
tell();
