/* Warns in time that one will be signed out, and keeps one signed in if one says so. */
(() => {
  "use strict";

  const box = document.querySelector("[data-session]");
  if (!box) return;
  const dialog = box.querySelector("dialog");
  const form = dialog.querySelector("form");
  const stay = form.querySelector("[type=submit]");
  const warning = Number(box.dataset.warning);
  const CHANNEL = "session-until";
  let until = Date.now() + Number(box.dataset.session) * 1000;

  const part = (selector) => dialog.querySelector(selector);
  const show = (element, shown) => (element.hidden = !shown);

  /* Other pages of the same person share the time. */
  const channel = "BroadcastChannel" in window ? new BroadcastChannel(CHANNEL) : null;
  const tell = () => channel && channel.postMessage(until);
  if (channel) channel.onmessage = (event) => (until = Math.max(until, event.data));
  tell();

  function look() {
    const seconds = Math.ceil((until - Date.now()) / 1000);
    if (seconds > warning) {
      if (dialog.open) dialog.close();
      return;
    }
    // A little later than the server, which must have closed the session by then.
    const over = seconds <= -2;
    const minutes = String(Math.max(1, Math.ceil(seconds / 60)));
    dialog.querySelectorAll("[data-minutes]").forEach((text) => {
      show(text, !over && text.dataset.minutes === minutes);
    });
    show(part("[data-over]"), over);
    show(part("[data-again]"), over);
    show(part("[data-close]"), over);
    show(stay, !over);
    if (!dialog.open && !box.dataset.closed) {
      dialog.showModal();
      (over ? part("[data-again]") : stay).focus();
    }
    if (over) clearInterval(clock);
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    stay.disabled = true;
    try {
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
      const seconds = answer.ok ? (await answer.json()).seconds : 0;
      until = Date.now() + seconds * 1000;
      tell();
    } catch {
      /* No network: the clock goes on, and the button can be pressed again. */
    }
    stay.disabled = false;
    look();
  });
  part("[data-close]").addEventListener("click", () => {
    box.dataset.closed = "yes";
    dialog.close();
  });
  /* Escape only puts the warning away when it was read: staying is what most mean. */
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    if (!stay.hidden) form.requestSubmit();
    else part("[data-close]").click();
  });

  /* Too late: a form that was written in is sent all the same. It is kept until one is back. */
  let written = null;
  document.addEventListener("input", (event) => {
    if (event.target.form && event.target.form !== form) written = event.target.form;
  });
  part("[data-again]").addEventListener("click", (event) => {
    if (!written || written.method !== "post") return;
    event.preventDefault();
    written.noValidate = true;
    HTMLFormElement.prototype.submit.call(written);
  });

  const clock = setInterval(look, 1000);
  document.addEventListener("visibilitychange", look);
  look();
})();
