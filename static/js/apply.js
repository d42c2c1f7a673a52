/* Saves a step while it is written; without this every button of the form saves it just as well. */
(() => {
  "use strict";

  const form = document.querySelector("form[data-autosave]");
  const said = document.querySelector("[data-said]");
  if (!form || !said) return;

  const EVERY = 20000;
  let changed = false;
  let leaving = false;

  async function save() {
    if (!changed || leaving) return;
    changed = false;
    try {
      const response = await fetch(location.href, {
        method: "POST",
        body: new FormData(form),
        // In the background: nobody is kept signed in by what the page does by itself.
        headers: { "X-Requested-With": "autosave", "X-Background": "1" },
        redirect: "error",
      });
      const answer = await response.json();
      said.textContent = answer.said;
      if (response.ok) form.elements.base.value = answer.base;
    } catch {
      // No line just now, or signed out: the next turn tries again.
      changed = true;
      said.textContent = said.dataset.unsaved;
    }
  }

  form.addEventListener("input", () => (changed = true));
  form.addEventListener("submit", () => (leaving = true));
  setInterval(save, EVERY);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") save();
  });
})();
