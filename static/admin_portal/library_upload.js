/* Sends one file after the other, each with its progress; without it the form sends all at once. */
(() => {
  "use strict";

  const form = document.querySelector("[data-library-upload]");
  if (!form) return;
  const MEGABYTE = 1024 * 1024;
  const words = form.dataset;
  const box = document.querySelector(".library-outcomes");
  const list = box.querySelector("ul");
  const summary = box.querySelector("[data-library-summary]");
  const input = form.querySelector("input[type=file]");
  const button = form.querySelector("[type=submit]");
  const most = document.querySelector(".library-most");
  const pictures = words.pictures.split(" ");
  let total = 0;
  let done = 0;
  let refused = 0;

  // One request each: as many as one likes.
  if (most) most.hidden = true;

  function filled(sentence, values) {
    return sentence.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  }

  function line(file) {
    const item = document.createElement("li");
    const state = document.createElement("strong");
    state.textContent = words.sayWaiting;
    const name = document.createElement("span");
    name.textContent = file.name;
    const bar = document.createElement("progress");
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", file.name);
    const sentence = document.createElement("span");
    item.append(state, name, bar, sentence);
    list.append(item);
    return { item, state, name, bar, sentence };
  }

  function refuse(row, sentence) {
    row.item.className = "library-bad";
    row.state.textContent = words.sayRefused;
    row.sentence.textContent = sentence;
    row.bar.remove();
    refused += 1;
  }

  function settle(row, answer) {
    if (!answer.url) {
      refuse(row, answer.sentence);
      return;
    }
    row.item.className = answer.isNew ? "library-good" : "library-same";
    row.state.textContent = answer.isNew ? words.sayDone : words.saySame;
    row.sentence.textContent = answer.sentence;
    row.bar.remove();
    const link = document.createElement("a");
    link.href = answer.url;
    link.textContent = row.name.textContent;
    row.name.replaceChildren(link);
    done += 1;
  }

  function tooLarge(file) {
    const ending = file.name.split(".").pop().toLowerCase();
    const limit = Number(pictures.includes(ending) ? words.pictureLimit : words.documentLimit);
    if (file.size <= limit) return "";
    const size = Math.ceil((file.size * 10) / MEGABYTE) / 10;
    return filled(words.sayLarge, { size, max: limit / MEGABYTE });
  }

  function send(file, row) {
    const data = new FormData(form);
    data.delete(input.name);
    data.append(input.name, file);
    const request = new XMLHttpRequest();
    return new Promise((resolve) => {
      request.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable) row.bar.value = event.loaded / event.total;
        if (event.loaded === event.total) row.state.textContent = words.sayChecking;
      });
      request.addEventListener("loadend", () => {
        try {
          settle(row, JSON.parse(request.responseText));
        } catch {
          refuse(row, words.sayLost);
        }
        resolve();
      });
      request.open("POST", location.href);
      request.setRequestHeader("Accept", "application/json");
      row.state.textContent = words.saySending;
      request.send(data);
    });
  }

  form.addEventListener("submit", async (event) => {
    const files = [...input.files];
    if (!files.length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    button.disabled = true;
    box.hidden = false;
    total += files.length;
    const rows = files.map((file) => [file, line(file)]);
    for (const [file, row] of rows) {
      const sentence = tooLarge(file);
      if (sentence) refuse(row, sentence);
      else await send(file, row);
    }
    // Said once, at the end: not at each file.
    const sentence = refused ? words.saySummaryRefused : words.saySummary;
    summary.textContent = filled(sentence, { done, total, refused });
    input.value = "";
    button.disabled = false;
  });
})();
