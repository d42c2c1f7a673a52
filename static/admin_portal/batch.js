/* Asks how far a batch is, as long as it runs; without it a link does. */
(() => {
  "use strict";

  const box = document.querySelector("[data-progress]");
  if (!box) return;
  const PAUSE = 2000;

  async function look() {
    if (!box.querySelector("[data-running]")) return;
    try {
      // It does not keep anybody signed in.
      const answer = await fetch(box.dataset.progress, { headers: { "X-Background": "1" } });
      if (!answer.ok || answer.redirected) return;
      box.innerHTML = await answer.text();
      // The end brings lists and takes a button away: those are of the whole page.
      if (!box.querySelector("[data-running]")) location.reload();
    } catch {
      /* No network: the next time. */
    }
    setTimeout(look, PAUSE);
  }

  setTimeout(look, PAUSE);
})();
