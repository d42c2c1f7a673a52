/* Opens the library in a window over the form, and puts what was chosen where it belongs.
   Without it the link opens the same page, and its number is typed. */
(() => {
  "use strict";

  let dialog = null;
  let place = null;

  function made() {
    if (dialog) return dialog;
    dialog = document.createElement("dialog");
    dialog.className = "library-window";
    dialog.setAttribute("aria-labelledby", "library-window-title");
    const head = document.createElement("header");
    const title = document.createElement("h2");
    title.id = "library-window-title";
    const close = document.createElement("button");
    close.type = "button";
    close.className = "button";
    close.textContent = gettext("Cancel");
    close.addEventListener("click", () => dialog.close());
    head.append(title, close);
    const body = document.createElement("div");
    body.className = "library-window-body";
    dialog.append(head, body);
    dialog.addEventListener("click", onClick);
    dialog.addEventListener("submit", onSearch);
    document.body.append(dialog);
    return dialog;
  }

  async function load(address) {
    const url = new URL(address, location.href);
    let page;
    try {
      const answer = await fetch(url);
      if (!answer.ok || answer.redirected) throw new Error("not there");
      page = new DOMParser().parseFromString(await answer.text(), "text/html");
    } catch {
      // Signed out, or no network: the page itself says what is the matter.
      dialog.close();
      window.open(url, "_blank", "noopener");
      return;
    }
    const choices = page.querySelector("[data-library-choices]");
    dialog.dataset.address = url.pathname;
    dialog.querySelector("h2").textContent = page.querySelector("#content h1")?.textContent ?? "";
    for (const button of choices.querySelectorAll("[data-library-pick]")) button.hidden = false;
    dialog.querySelector(".library-window-body").replaceChildren(choices);
    dialog.querySelector("[type=search]").focus();
  }

  function onSearch(event) {
    event.preventDefault();
    const query = new URLSearchParams(new FormData(event.target));
    load(`${dialog.dataset.address}?${query}`);
  }

  function onClick(event) {
    const link = event.target.closest(".library-pages a");
    if (link) {
      event.preventDefault();
      load(dialog.dataset.address + link.getAttribute("href"));
      return;
    }
    const button = event.target.closest("[data-library-pick]");
    if (button) pick(button);
  }

  function pick(button) {
    const number = place.querySelector("input");
    const chosen = button.closest("li");
    const said = JSON.parse(chosen.querySelector("script").textContent);
    number.value = button.dataset.libraryPick;
    number.dispatchEvent(new Event("change", { bubbles: true }));
    // “photos-0-library” stands beside “photos-0-alt_ko”; a record itself has words of its own.
    const row = number.name.slice(0, number.name.lastIndexOf("-") + 1);
    for (const [name, value] of row ? Object.entries(said) : []) {
      const field = number.form.elements[row + name];
      if (field && !field.disabled) {
        field.value = value;
        field.dispatchEvent(new Event("change", { bubbles: true }));
      }
    }
    show(chosen.querySelector("img"), button.dataset.name);
    dialog.close();
    number.focus();
  }

  function show(image, name) {
    const words = document.createElement("span");
    words.textContent = name;
    const shown = place.querySelector(".library-chosen");
    shown.replaceChildren(words);
    if (image) {
      const small = image.cloneNode();
      small.alt = "";
      shown.prepend(small);
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    // Rows that are added later are copies of these.
    for (const link of document.querySelectorAll("[data-library-open]")) {
      link.querySelector(".visually-hidden").remove();
      link.setAttribute("aria-haspopup", "dialog");
    }
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-library-open]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    place = link.closest("[data-library]");
    made().showModal();
    load(link.href);
  });
})();
