"use strict";
const table = $("#people");
if (table) {
  const rows = $$("tbody tr", table);
  const state = { key: "", down: false, page: 0 };
  const wanted = () => rows.filter((row) => {
    const text = $("#seek").value.trim().toLowerCase();
    return (!text || `${row.dataset.name} ${row.dataset.mail}`.toLowerCase().includes(text))
      && (!$("#team").value || row.dataset.team === $("#team").value) && (!$("#active").checked || row.dataset.tone === "good");
  });
  const draw = () => {
    const per = Number($("#per").value);
    const found = wanted();
    if (state.key) found.sort((a, b) => (state.key === "spent" ? a.dataset.spent - b.dataset.spent : a.dataset[state.key].localeCompare(b.dataset[state.key])) * (state.down ? -1 : 1));
    const pages = Math.max(1, Math.ceil(found.length / per));
    state.page = Math.min(state.page, pages - 1);
    const from = state.page * per;
    for (const row of rows) row.remove();
    $("tbody", table).append(...found.slice(from, from + per));
    $("#range").textContent = `${found.length ? from + 1 : 0}–${Math.min(found.length, from + per)} / ${found.length}`;
    $("#back").disabled = state.page === 0;
    $("#ahead").disabled = state.page === pages - 1;
    $("#numbers").replaceChildren(...Array.from({ length: Math.min(pages, 7) }, (_, i) => {
      const button = document.createElement("button");
      button.textContent = i + 1;
      if (i === state.page) button.setAttribute("aria-current", "page");
      button.addEventListener("click", () => { state.page = i; draw(); });
      return button;
    }));
    mark();
  };
  const mark = () => {
    const picked = rows.filter((row) => $(".pick", row).checked);
    $("#bulk").hidden = picked.length === 0;
    $("#bulk").style.display = picked.length ? "" : "none";
    $("#marked").textContent = `${picked.length} ${$("#marked").dataset.word}`;
    const shown = $$("tbody .pick", table);
    $("#all").checked = shown.length > 0 && shown.every((box) => box.checked);
    $("#all").indeterminate = !$("#all").checked && shown.some((box) => box.checked);
  };
  for (const button of $$(".sort")) button.addEventListener("click", () => {
    state.down = state.key === button.dataset.key && !state.down;
    state.key = button.dataset.key;
    for (const head of $$("th[aria-sort]")) head.setAttribute("aria-sort", "none");
    button.parentElement.setAttribute("aria-sort", state.down ? "descending" : "ascending");
    draw();
  });
  for (const id of ["#seek", "#team", "#active", "#per"]) $(id).addEventListener("input", () => { state.page = 0; draw(); });
  $("#back").addEventListener("click", () => { state.page -= 1; draw(); });
  $("#ahead").addEventListener("click", () => { state.page += 1; draw(); });
  $("#all").addEventListener("change", (event) => { for (const box of $$("tbody .pick", table)) box.checked = event.target.checked; mark(); });
  table.addEventListener("change", mark);
  for (const item of $$("[data-column]")) item.addEventListener("click", () => {
    const shown = item.getAttribute("aria-checked") !== "true";
    for (const row of [...rows, $("thead tr", table)]) row.children[item.dataset.column - 1].style.display = shown ? "" : "none";
  });
  $("#edit").addEventListener("shown", (event) => { $("#edit-name").value = event.detail.dataset.name; $("#edit-mail").value = event.detail.dataset.mail; });
  for (const item of $$(".suspend")) item.addEventListener("click", () => { const badge = $(".badge", item.closest("tr")); badge.className = "badge bad"; badge.textContent = item.dataset.said; });
  $("#really").addEventListener("click", () => { for (const row of rows.filter((r) => $(".pick", r).checked)) { rows.splice(rows.indexOf(row), 1); row.remove(); } draw(); });
  draw();
}
