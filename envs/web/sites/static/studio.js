"use strict";
const sheet = $("#sheet");
const pen = sheet.getContext("2d");
const past = [];
const state = { tool: "brush", ink: $("[data-ink]").dataset.ink, from: null, before: null };
const tones = JSON.parse(sheet.dataset.tones);
JSON.parse(sheet.dataset.strokes).forEach(([x, y, r], i) => {
  pen.globalAlpha = 0.75;
  pen.fillStyle = pen.strokeStyle = tones[i % tones.length];
  pen.lineWidth = 4 + (i % 3) * 5;
  pen.beginPath();
  if (i % 3 === 0) { pen.arc(x, y, r / 1.6, 0, 7); pen.fill(); } else if (i % 3 === 1) { pen.moveTo(x - r, y); pen.bezierCurveTo(x, y - r * 2, x + r, y + r * 2, x + r * 2, y); pen.stroke(); } else { pen.rect(x, y, r, r * 0.7); pen.stroke(); }
});
const keep = () => { past.push(pen.getImageData(0, 0, sheet.width, sheet.height)); if (past.length > 20) past.shift(); };
const at = (event) => { const r = sheet.getBoundingClientRect(); return [(event.clientX - r.left) * sheet.width / r.width, (event.clientY - r.top) * sheet.height / r.height]; };
const dress = () => { pen.strokeStyle = state.tool === "eraser" ? "#fff" : state.ink; pen.lineWidth = Number($("#width").value); pen.lineCap = pen.lineJoin = "round"; pen.globalAlpha = Number($("#opacity").value) / 100; };
sheet.addEventListener("pointerdown", (event) => { keep(); state.from = at(event); state.before = past.at(-1); sheet.setPointerCapture(event.pointerId); dress(); pen.beginPath(); pen.moveTo(...state.from); pen.lineTo(...state.from); pen.stroke(); });
sheet.addEventListener("pointermove", (event) => {
  if (!state.from) return;
  const [x, y] = at(event);
  const [fx, fy] = state.from;
  if (state.tool === "brush" || state.tool === "eraser") { pen.lineTo(x, y); pen.stroke(); return; }
  pen.putImageData(state.before, 0, 0);
  pen.beginPath();
  if (state.tool === "line") { pen.moveTo(fx, fy); pen.lineTo(x, y); }
  if (state.tool === "rect") pen.rect(fx, fy, x - fx, y - fy);
  if (state.tool === "circle") pen.arc(fx, fy, Math.hypot(x - fx, y - fy), 0, 7);
  pen.stroke();
});
sheet.addEventListener("pointerup", () => { state.from = null; });
for (const button of $$("[data-tool]")) button.addEventListener("click", () => { state.tool = button.dataset.tool; });
for (const button of $$("[data-ink]")) button.addEventListener("click", () => { state.ink = button.dataset.ink; $("#ink").value = state.ink; });
$("#ink").addEventListener("input", (event) => { state.ink = event.target.value; });
$("#width").addEventListener("input", (event) => { $("#width-said").textContent = event.target.value; });
$("#undo").addEventListener("click", () => { const last = past.pop(); if (last) pen.putImageData(last, 0, 0); });
$("#clear").addEventListener("click", () => { keep(); pen.clearRect(0, 0, sheet.width, sheet.height); });
$("#zoom").addEventListener("change", (event) => { sheet.style.zoom = event.target.value.replace(" ", ""); });
$("#layer").addEventListener("click", (event) => { const list = $("aside ul"); const copy = list.lastElementChild.cloneNode(true); $("span", copy).textContent = `${event.currentTarget.dataset.word} ${list.children.length + 1}`; list.append(copy); });
document.addEventListener("click", (event) => { const up = event.target.closest(".up"); const row = up?.closest("li"); if (row?.previousElementSibling) row.previousElementSibling.before(row); });
const chart = $("#bars").getContext("2d");
chart.fillStyle = getComputedStyle(document.body).getPropertyValue("--accent");
JSON.parse($("#bars").dataset.values).forEach((v, i) => chart.fillRect(8 + i * 35, 125 - v * 1.15, 22, v * 1.15));
