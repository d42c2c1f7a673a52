/* At the door: keeps in the browser what could not be sent, and sends it again. Each check-in has
   its key, so that the server counts it once, however often it comes. Numbers are kept, no names. */
(() => {
  "use strict";

  const box = document.querySelector("[data-check-in-box]");
  if (!box) return;
  const form = document.querySelector("form[data-check-in]");
  const door = box.dataset.door;
  const token = box.querySelector("[data-token] [name=csrfmiddlewaretoken]").value;
  const KEPT = `check-in-kept:${box.dataset.forum}`;
  const REFUSED = `check-in-refused:${box.dataset.forum}`;
  const PATIENCE = 10000;
  const EVERY = 15000;

  const part = (name) => box.querySelector(`[data-${name}]`);
  const read = (name) => JSON.parse(localStorage.getItem(name) || "[]");
  const write = (name, rows) => localStorage.setItem(name, JSON.stringify(rows));
  const without = (key) => write(KEPT, read(KEPT).filter((item) => item.key !== key));

  try {
    write(KEPT, read(KEPT));
  } catch {
    return; // Nothing can be kept here: the form goes its plain way.
  }

  function newKey() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  function say(text, tone) {
    const said = part("said");
    said.className = `note note-${tone}`;
    said.textContent = text;
    said.hidden = !text;
  }

  function show(why) {
    const kept = read(KEPT);
    part("kept").hidden = !kept.length;
    part("kept-count").textContent = kept.length;
    if (why) {
      box.querySelectorAll("[data-kept-why]").forEach((line) => {
        line.hidden = line.dataset.keptWhy !== why;
      });
    }
    const refused = read(REFUSED);
    part("refused").hidden = !refused.length;
    part("refused-list").replaceChildren(
      ...refused.map((number) => {
        const row = document.createElement("li");
        const link = document.createElement("a");
        link.href = `${door}${encodeURIComponent(number)}/`;
        link.textContent = number;
        row.append(link);
        return row;
      }),
    );
  }

  function count(answer) {
    for (const name of ["arrived", "expected"]) {
      const place = document.querySelector(`[data-count] [data-${name}]`);
      if (place) place.textContent = answer[name];
    }
  }

  /* The server's answer; "signed-out" when it asks who we are; throws without a connection. */
  async function send(item, background) {
    const body = new FormData();
    body.set("csrfmiddlewaretoken", token);
    for (const name of ["number", "people", "key"]) body.set(name, item[name]);
    body.set("kept", Math.max(0, Math.round((Date.now() - item.at) / 1000)));
    const headers = { "X-Requested-With": "check-in" };
    // Nobody is kept signed in by what the page does by itself.
    if (background) headers["X-Background"] = "1";
    const signal = AbortSignal.timeout(PATIENCE);
    const answer = await fetch(door, { method: "POST", body, headers, redirect: "manual", signal });
    if (answer.status === 200 || answer.status === 422) return answer.json();
    if (answer.status < 500) return { state: "signed-out" };
    throw new Error(answer.status);
  }

  // Keys for whose answer somebody at this page waits.
  const awaited = new Set();
  let sending = false;

  /* What is said of one that the server answered. */
  function settle(item, answer) {
    without(item.key);
    count(answer);
    const isRefused = answer.state === "refused";
    if (awaited.delete(item.key)) {
      say(answer.said, isRefused ? "bad" : "good");
    } else if (isRefused) {
      write(REFUSED, [...read(REFUSED), item.number]);
    }
    if (form && form.dataset.number === item.number && !isRefused) location.reload();
  }

  /* Everything that is kept, one after the other, until the line or the session is lost. */
  async function sendAll() {
    if (sending) return;
    sending = true;
    let why = "";
    for (let item; !why && (item = read(KEPT)[0]); ) {
      try {
        const answer = await send(item, !awaited.has(item.key));
        if (answer.state === "signed-out") why = "signed-out";
        else settle(item, answer);
      } catch {
        why = "offline";
      }
    }
    sending = false;
    if (why) {
      awaited.clear();
      say("", "info");
    }
    show(why);
  }

  if (form) {
    const typed = form.elements.number;
    form.addEventListener("submit", (event) => {
      const number = form.dataset.number || typed.value.trim();
      // The server says what is missing; but a second tap on the button misses nothing.
      if (!number && !awaited.size) return;
      event.preventDefault();
      if (!number) return;
      // The page of a ticket has the key of its one check-in: two taps are one.
      const key = form.dataset.number ? form.elements.key.value : newKey();
      const people = form.elements.people ? form.elements.people.value : "";
      const others = read(KEPT).filter((item) => item.key !== key);
      write(KEPT, [...others, { number, people, key, at: Date.now() }]);
      if (typed) {
        typed.value = "";
        form.elements.people.value = "";
        typed.focus();
      }
      awaited.add(key);
      sendAll();
    });
  }
  part("refused-done").addEventListener("click", () => {
    write(REFUSED, []);
    show();
  });
  addEventListener("online", () => sendAll());
  setInterval(() => {
    if (read(KEPT).length) sendAll();
  }, EVERY);

  /* How many are in, whoever else lets people in. */
  const counted = document.querySelector("[data-count]");
  if (counted) {
    setInterval(async () => {
      if (document.visibilityState === "hidden") return;
      try {
        const headers = { "X-Background": "1" };
        const answer = await fetch(counted.dataset.count, { headers, redirect: "error" });
        if (answer.ok) count(await answer.json());
      } catch {
        /* No connection: the next turn asks again. */
      }
    }, EVERY);
  }

  show();
  if (read(KEPT).length) sendAll();
})();
