"use strict";
for (const button of $$(".set")) button.addEventListener("click", () => { $("#said").textContent = button.textContent.trim(); });
$("#button")?.addEventListener("click", () => { $("#said").textContent += "•"; });
$("#field")?.addEventListener("contextmenu", (event) => {
  event.preventDefault();
  const menu = $("#context");
  menu.style.left = `${event.clientX}px`;
  menu.style.top = `${event.clientY}px`;
  menu.hidden = false;
  $("[role=menuitem]", menu).focus();
});
