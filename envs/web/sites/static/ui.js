// What all sites do alike: menus, dialogs, tabs, toggles, messages. Markup says what; this does it.
"use strict";
const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

function toast(text) {
  $("#toast").textContent = text;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => { $("#toast").textContent = ""; }, 3500);
}

function closeMenus(except) {
  for (const menu of $$(".menu:not([hidden])")) {
    if (except && (menu === except || menu.contains(except))) continue;
    menu.hidden = true;
    const opener = $(`[aria-controls="${menu.id}"]`);
    opener?.setAttribute("aria-expanded", "false");
  }
}

function openMenu(opener, focus) {
  const menu = document.getElementById(opener.getAttribute("aria-controls"));
  closeMenus(menu);
  menu.hidden = false;
  opener.setAttribute("aria-expanded", "true");
  if (focus) $("[role^=menuitem]", menu)?.focus();
  return menu;
}

function items(menu) {
  return $$("[role^=menuitem]", menu).filter((item) => item.closest("[role=menu], [role=menubar]") === menu);
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[aria-haspopup=menu]");
  if (opener && !opener.matches("[role=menuitem]")) {
    if (opener.getAttribute("aria-expanded") === "true") closeMenus();
    else openMenu(opener, event.detail === 0);
    return;
  }
  const item = event.target.closest(".menu [role^=menuitem]");
  if (item?.matches("[role=menuitemcheckbox]")) item.setAttribute("aria-checked", String(item.getAttribute("aria-checked") !== "true"));
  if (item?.matches("[role=menuitemradio]")) {
    for (const other of $$("[role=menuitemradio]", item.parentElement)) other.setAttribute("aria-checked", String(other === item));
  }
  if (!item?.matches("[aria-haspopup]")) closeMenus();
  const show = event.target.closest("[data-dialog]");
  if (show) { const box = document.getElementById(show.dataset.dialog); box.showModal(); box.dispatchEvent(new CustomEvent("shown", { detail: show })); }
  if (event.target.closest("[data-close]")) event.target.closest("dialog").close();
  const say = event.target.closest("[data-toast]");
  if (say) toast(say.dataset.toast);
  const toggle = event.target.closest("button[aria-pressed]");
  if (toggle && !toggle.dataset.group) toggle.setAttribute("aria-pressed", String(toggle.getAttribute("aria-pressed") !== "true"));
  if (toggle?.dataset.group) for (const other of $$(`[data-group="${toggle.dataset.group}"]`)) other.setAttribute("aria-pressed", String(other === toggle));
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const menu = event.target.closest?.(".menu");
    const opener = menu && $(`[aria-controls="${menu.id}"]`);
    closeMenus();
    opener?.focus();
  }
  const menu = event.target.closest?.("[role=menu]");
  if (!menu) return;
  const all = items(menu);
  const at = all.indexOf(event.target.closest("[role^=menuitem]"));
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    all[(at + (event.key === "ArrowDown" ? 1 : all.length - 1)) % all.length]?.focus();
  }
  if (event.key === "Enter" || event.key === " ") { event.preventDefault(); all[at]?.click(); }
});

function selectTab(tab) {
  for (const other of $$("[role=tab]", tab.closest("[role=tablist]"))) {
    const on = other === tab;
    other.setAttribute("aria-selected", String(on));
    other.tabIndex = on ? 0 : -1;
    const panel = document.getElementById(other.getAttribute("aria-controls"));
    if (panel) panel.hidden = !on;
  }
}
for (const tab of $$("[role=tab]")) {
  tab.addEventListener("click", () => selectTab(tab));
  tab.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const all = $$("[role=tab]", tab.closest("[role=tablist]"));
    const next = all[(all.indexOf(tab) + step + all.length) % all.length];
    selectTab(next);
    next.focus();
  });
}
