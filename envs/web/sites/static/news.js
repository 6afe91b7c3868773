"use strict";
const bar = $("#read");
if (bar) {
  addEventListener("scroll", () => { bar.value = 100 * scrollY / Math.max(1, document.documentElement.scrollHeight - innerHeight); });
  let size = 17;
  const set = (by) => { size = Math.min(26, Math.max(13, size + by)); for (const p of $$("#text p")) p.style.fontSize = `${size}px`; };
  $("#smaller").addEventListener("click", () => set(-1));
  $("#larger").addEventListener("click", () => set(1));
}
