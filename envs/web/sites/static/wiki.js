"use strict";
for (const radio of $$("[name=size]")) radio.addEventListener("change", () => { document.body.classList.remove("s", "m", "l"); document.body.classList.add(radio.value); });
