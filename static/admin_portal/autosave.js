// Keeps what is written in a form while it is written. The session is not prolonged by it.
{
  "use strict";

  const PERIOD = 20_000;
  // What browsers take along when a page is left.
  const LEAVING = 60_000;
  const state = document.querySelector("[data-autosave]");
  const form = state && document.getElementById(state.dataset.form);
  const word = document.querySelector("[data-autosave-word]");
  let last, isSent = false, running = null, hasSpoken = false;
  // A page that is loaded again has a key of its own; some browsers put the earlier one back.
  const key = form?.elements[state.dataset.key];
  if (key) key.value = state.dataset.object;

  // Texts and choices; a file is sent once, when the form is.
  const written = () => {
    const fields = new FormData(form);
    for (const [name, value] of [...fields]) if (typeof value !== "string") fields.delete(name);
    return fields;
  };
  const texts = (fields) => {
    const copy = new URLSearchParams(fields);
    copy.delete("csrfmiddlewaretoken");
    return copy.toString();
  };

  // Each time it is shown; it is read aloud the first time alone, and when something is wrong.
  const say = (sentence, isBad = false) => {
    word.textContent = sentence;
    word.classList.toggle("is-bad", isBad);
    if (isBad || !hasSpoken) state.textContent = sentence;
    hasSpoken = true;
  };

  const keep = async (isLeaving = false) => {
    if (isSent || (running && !isLeaving)) return;
    const fields = written();
    const now = texts(fields);
    if (now === last) return;
    fields.set(state.dataset.key, state.dataset.object);
    const before = last;
    last = now;
    running = new AbortController();
    try {
      const answer = await fetch(state.dataset.autosave, {
        method: "POST",
        headers: { "X-Background": "1" },
        body: fields,
        keepalive: isLeaving && now.length < LEAVING,
        signal: running.signal,
        redirect: "error",
      });
      if (!answer.ok) throw new Error(answer.status);
      const { said, left_out: leftOut } = await answer.json();
      if (said || leftOut) say([said, leftOut].filter(Boolean).join(" "), Boolean(leftOut));
    } catch {
      if (isSent || isLeaving) return;
      last = before;
      say(state.dataset.lost, true);
    } finally {
      running = null;
    }
  };

  if (form && word) {
    // Editors fill their fields in a moment after the page is there.
    const begin = () => (last = "takenUp" in state.dataset ? "" : texts(written()));
    addEventListener("load", () => setTimeout(begin, 500));
    setInterval(() => last !== undefined && keep(), PERIOD);
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden" && last !== undefined) keep(true);
    });
    addEventListener("pagehide", () => last !== undefined && keep(true));
    form.addEventListener("submit", (event) => {
      // A preview opens beside the form, which stays.
      if (event.submitter?.formTarget === "_blank") return;
      isSent = true;
      running?.abort();
    });
    // Back from the next page: it is being written in again.
    addEventListener("pageshow", () => (isSent = false));
  }
}
