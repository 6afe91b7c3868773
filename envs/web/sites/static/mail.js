"use strict";
const list = $("#list");
const mails = $$("li", list);
let folder = "inbox";
function draw() {
  const text = $("#seek").value.trim().toLowerCase();
  for (const mail of mails) {
    const here = folder === "star" ? mail.dataset.star === "1" : mail.dataset.folder === folder;
    mail.hidden = !here || (text && !mail.textContent.toLowerCase().includes(text));
  }
  for (const item of $$("[data-folder][role=treeitem]")) {
    const n = mails.filter((m) => m.dataset.folder === item.dataset.folder && m.classList.contains("unread")).length;
    $(".n", item).textContent = n || "";
  }
}
function open(mail) {
  for (const other of mails) other.setAttribute("aria-selected", String(other === mail));
  mail.classList.remove("unread");
  for (const letter of $$("article")) letter.hidden = letter.id !== `mail${mail.dataset.id}`;
  draw();
}
for (const mail of mails) {
  mail.addEventListener("click", (event) => { if (!event.target.closest("button, input")) open(mail); });
  mail.addEventListener("keydown", (event) => {
    if (event.key === "Enter") open(mail);
    const step = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
    if (step) { let to = mail[step]; while (to?.hidden) to = to[step]; to?.focus(); event.preventDefault(); }
  });
  $(".star", mail).addEventListener("click", () => { mail.dataset.star = mail.dataset.star === "1" ? "0" : "1"; });
}
for (const item of $$("[role=treeitem]")) {
  const choose = () => { folder = item.dataset.folder; for (const other of $$("[role=treeitem]")) other.setAttribute("aria-selected", String(other === item)); draw(); };
  item.addEventListener("click", choose);
  item.addEventListener("keydown", (event) => { if (event.key === "Enter") choose(); });
}
const move = (to) => { for (const mail of mails) if ($(".pick", mail).checked) { mail.dataset.folder = to; $(".pick", mail).checked = false; } draw(); };
$("#to-archive").addEventListener("click", () => move("archive"));
$("#to-trash").addEventListener("click", () => move("trash"));
$("#all").addEventListener("change", (event) => { for (const mail of mails) if (!mail.hidden) $(".pick", mail).checked = event.target.checked; });
$("#seek").addEventListener("input", draw);
$("#fold").addEventListener("click", () => $("#panes").classList.toggle("folded"));
$("#order").addEventListener("change", (event) => {
  const key = { new: (m) => Number(m.dataset.at), old: (m) => -Number(m.dataset.at) }[event.target.value];
  list.append(...[...mails].sort((a, b) => key ? key(a) - key(b) : a.dataset.who.localeCompare(b.dataset.who)));
});
$("#compose").addEventListener("shown", (event) => { $("#to").value = event.detail.dataset.to ?? ""; $("#subject").value = event.detail.dataset.subject ?? ""; });
draw();
const first = mails.find((mail) => !mail.hidden);
if (first) open(first);
