// Before the first paint: the theme that was chosen here, where one was. Nothing is kept otherwise.
(() => {
  try {
    const chosen = localStorage.getItem("theme");
    if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
  } catch { /* no storage: the system's theme holds */ }
})();
