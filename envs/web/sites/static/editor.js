"use strict";
const page = $("#page");
const bar = $("#bar");
const tops = $$(".top", bar);
const count = () => { $("#words").textContent = page.textContent.length; };
function hideUnder(menu) { for (const sub of $$(".menu", menu)) { sub.hidden = true; $(`[aria-controls="${sub.id}"]`)?.setAttribute("aria-expanded", "false"); } }
function closeAll() { for (const top of tops) { const menu = document.getElementById(top.getAttribute("aria-controls")); menu.hidden = true; hideUnder(menu); top.setAttribute("aria-expanded", "false"); } }
function openTop(top, focus) { closeAll(); const menu = document.getElementById(top.getAttribute("aria-controls")); menu.hidden = false; top.setAttribute("aria-expanded", "true"); (focus ? items(menu)[0] : top).focus(); }
function openSub(parent, focus) { hideUnder(parent.parentElement); const menu = document.getElementById(parent.getAttribute("aria-controls")); menu.hidden = false; parent.setAttribute("aria-expanded", "true"); if (focus) items(menu)[0].focus(); }
for (const top of tops) {
  top.addEventListener("click", (event) => { event.stopPropagation(); if (top.getAttribute("aria-expanded") === "true") closeAll(); else openTop(top, false); });
  top.addEventListener("mouseenter", () => { if (tops.some((t) => t.getAttribute("aria-expanded") === "true")) openTop(top, false); });
}
for (const parent of $$(".parent", bar)) {
  parent.addEventListener("mouseenter", () => openSub(parent, false));
  parent.addEventListener("click", (event) => { if (event.target.closest("[role=menuitem]") === parent) { event.stopPropagation(); openSub(parent, false); } });
}
document.addEventListener("click", (event) => { if (!event.target.closest(".menubar")) closeAll(); });
bar.addEventListener("keydown", (event) => {
  const top = event.target.closest(".top");
  const item = event.target.closest("li[role=menuitem]");
  const open = tops.find((t) => t.getAttribute("aria-expanded") === "true");
  const beside = (by) => { const to = tops[(tops.indexOf(top ?? open) + by + tops.length) % tops.length]; if (open) openTop(to, false); to.focus(); };
  let done = true;
  if (top && (event.key === "ArrowDown" || event.key === "Enter" || event.key === " ")) openTop(top, true);
  else if (item && event.key === "ArrowRight" && item.classList.contains("parent")) openSub(item, true);
  else if (item && event.key === "Enter" && item.classList.contains("parent")) openSub(item, true);
  else if (item && event.key === "ArrowLeft" && item.parentElement.classList.contains("sub")) { const parent = item.parentElement.closest(".parent"); hideUnder(parent.parentElement); parent.focus(); }
  else if (event.key === "ArrowRight") beside(1);
  else if (event.key === "ArrowLeft") beside(-1);
  else if (event.key === "Escape") { open?.focus(); closeAll(); }
  else done = false;
  if (done) { event.preventDefault(); event.stopPropagation(); }
}, true);
const run = (command, label) => {
  page.focus();
  if (/^(h2|p|blockquote)$/.test(command)) document.execCommand("formatBlock", false, command);
  else if (/^table\d$/.test(command)) { const n = Number(command.at(-1)); document.execCommand("insertHTML", false, `<table>${`<tr>${"<td><br></td>".repeat(n)}</tr>`.repeat(n)}</table><p><br></p>`); }
  else if (command === "symbol") document.execCommand("insertText", false, label);
  else if (command === "date") document.execCommand("insertText", false, "2026-03-02");
  else if (command === "new") page.replaceChildren(document.createElement("p"));
  else if (command === "notes") $("#notes").hidden = !$("#notes").hidden;
  else if (command === "wide") page.classList.toggle("wide");
  else if (command.startsWith("zoom")) page.style.zoom = `${command.slice(4)}%`;
  else if (command === "find" || command === "keys") document.getElementById(command).showModal();
  else if (!document.execCommand(command, false)) toast(label);
  count();
};
for (const item of $$("[data-command]")) {
  item.addEventListener("mousedown", (event) => event.preventDefault());
  item.addEventListener("click", () => { const text = item.getAttribute("aria-label") ?? item.firstChild.textContent; closeAll(); run(item.dataset.command, text); });
}
$("#style").addEventListener("change", (event) => run(event.target.value, ""));
$("#font").addEventListener("change", (event) => { page.style.fontFamily = event.target.value; });
$("#ink").addEventListener("input", (event) => run("foreColor", event.target.value));
$("#replace").addEventListener("click", () => { const sought = $("#sought").value; if (sought) for (const block of $$("p, li, h2", page)) block.textContent = block.textContent.replaceAll(sought, $("#with").value); });
for (const button of $$(".settle")) button.addEventListener("click", () => button.closest("article").remove());
page.addEventListener("input", count);
document.addEventListener("keydown", (event) => { if (event.key === "F10") { event.preventDefault(); tops[0].focus(); } if (event.key === "F1") { event.preventDefault(); $("#keys").showModal(); } if (event.ctrlKey && event.key === "s") { event.preventDefault(); toast($("#saved").textContent); } });
count();
