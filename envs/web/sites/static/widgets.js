"use strict";
for (const button of $$(".set")) button.addEventListener("click", () => { $("#said").textContent = button.textContent.trim(); });
