/* Says that the office is at work when an act on many records takes its time. */
(() => {
  "use strict";

  const PATIENCE = 600;
  const status = document.querySelector("[data-waiting]");
  if (!status) return;
  let late = 0;

  function say() {
    const words = document.createElement("span");
    words.textContent = status.dataset.waiting;
    const bar = document.createElement("progress");
    bar.setAttribute("aria-label", status.dataset.waiting);
    status.replaceChildren(bar, words);
  }

  status.closest("form").addEventListener("submit", () => {
    late = setTimeout(say, PATIENCE);
  });
  // Back from the next page: nobody works any more.
  addEventListener("pageshow", () => {
    clearTimeout(late);
    status.replaceChildren();
  });
})();
