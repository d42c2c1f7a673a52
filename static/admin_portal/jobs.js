/* Asks how far a job is, as long as it runs; without it a link does. */
(() => {
  "use strict";

  const box = document.querySelector("[data-progress]");
  if (!box) return;
  const PAUSE = 2000;
  const said = document.querySelector("[data-said]");
  let tenth = 0;

  /* Not each number: a screen reader hears every tenth of the way, and the end. */
  function say() {
    const bar = box.querySelector("progress");
    if (!bar || !bar.max) return;
    const now = Math.floor((bar.value / bar.max) * 10);
    if (now === tenth) return;
    tenth = now;
    said.textContent = box.querySelector("label").textContent;
  }

  function show(part) {
    box.innerHTML = part;
    say();
    // The end brings the report and takes a button away: those are of the whole page.
    if (!box.querySelector("[data-running]")) location.reload();
  }

  async function look() {
    if (!box.querySelector("[data-running]")) return;
    try {
      // It does not keep anybody signed in.
      const answer = await fetch(box.dataset.progress, { headers: { "X-Background": "1" } });
      // Signed out, or gone.
      if (answer.redirected || answer.status === 403 || answer.status === 404) return;
      if (answer.ok) show(await answer.text());
    } catch {
      /* No network: the next time, as after an error of the server. */
    }
    setTimeout(look, PAUSE);
  }

  setTimeout(look, PAUSE);
})();
