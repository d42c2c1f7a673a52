/* Improves what already works: every control here is also a link, a form or a <details>. */
(() => {
  "use strict";

  const all = (selector, act) => document.querySelectorAll(selector).forEach(act);

  /* Menus close on Escape, which takes the focus back, and when the reader goes elsewhere. */
  function closeMenus() {
    const closeOthers = (kept) =>
      all("details[data-menu][open]", (menu) => {
        if (!menu.contains(kept)) menu.open = false;
      });
    document.addEventListener("click", (event) => closeOthers(event.target));
    document.addEventListener("focusin", (event) => closeOthers(event.target));
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      const menu = document.activeElement.closest("details[data-menu][open]");
      closeOthers(null);
      if (menu) menu.querySelector("summary").focus();
    });
  }

  /* After a refused form the focus goes to the summary, and from its links into the field. */
  function focusErrorSummary() {
    const summary = document.querySelector(".error-summary");
    if (!summary) return;
    summary.focus();
    summary.addEventListener("click", (event) => {
      const link = event.target.closest("a[href^='#']");
      const field = link && document.getElementById(link.hash.slice(1));
      if (!field) return;
      event.preventDefault();
      field.focus();
      field.scrollIntoView({ block: "center" });
    });
  }

  /* Filters stand open in the page; on a phone they would push the list out of sight. */
  function foldFilters() {
    if (matchMedia("(max-width: 47.99em)").matches) {
      all("details[data-filters]", (filters) => (filters.open = false));
    }
  }

  /* Buttons that need script are hidden until there is script, and a browser that can. */
  function showTools() {
    const show = (selector, able, act) => {
      if (!able) return;
      all(selector, (button) => {
        button.hidden = false;
        button.addEventListener("click", () => act(button));
      });
    };
    show("[data-print]", true, () => print());
    show("[data-copy]", navigator.clipboard, async (button) => {
      await navigator.clipboard.writeText(location.href);
      document.getElementById(button.dataset.copy).textContent = button.dataset.done;
    });
    show("[data-share]", navigator.share, () =>
      // Closing the system's own window is not an error.
      navigator.share({ title: document.title, url: location.href }).catch(() => {})
    );
  }

  /* On the page of one photo arrow keys and swipes follow its links to the neighbours. */
  function walkGallery() {
    if (!document.querySelector("[data-gallery]")) return;
    const go = (rel) => document.querySelector(`[data-gallery] a[rel=${rel}]`)?.click();
    const rel = { ArrowLeft: "prev", ArrowRight: "next" };
    document.addEventListener("keydown", (event) => {
      if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
      if (event.target.closest("input, select, textarea")) return;
      if (rel[event.key]) go(rel[event.key]);
    });
    all("[data-swipe]", (photo) => {
      let from;
      const listen = (type, act) => photo.addEventListener(type, act, { passive: true });
      listen("touchstart", ({ touches }) => {
        // Two fingers enlarge the picture; one moves about in an enlarged one.
        from = touches.length > 1 || visualViewport.scale > 1.01 ? null : touches[0];
      });
      listen("touchend", ({ changedTouches: [to] }) => {
        const along = from ? to.clientX - from.clientX : 0;
        if (Math.abs(along) < 50 || Math.abs(along) < 2 * Math.abs(to.clientY - from.clientY)) return;
        go(along < 0 ? "next" : "prev");
      });
    });
  }

  const set = (element, values) =>
    Object.entries(values).forEach(([name, value]) => element.setAttribute(name, value));

  const make = (tag, values, text = "") => {
    const element = document.createElement(tag);
    set(element, values);
    element.textContent = text;
    return element;
  };

  /* The list below a search box: what is suggested, and which of it is chosen. */
  function suggestionsBelow(input) {
    const list = make("ul", { id: `${input.id}-list`, class: "suggestions", role: "listbox" });
    const status = make("span", { class: "sr", role: "status" });
    let chosen, said;

    const choose = (option) => {
      chosen?.setAttribute("aria-selected", "false");
      chosen = option;
      if (!option) return input.removeAttribute("aria-activedescendant");
      set(option, { "aria-selected": "true" });
      set(input, { "aria-activedescendant": option.id });
      option.scrollIntoView({ block: "nearest" });
    };
    const open = (wanted) => {
      list.hidden = !wanted || !list.children.length;
      set(input, { "aria-expanded": String(!list.hidden) });
      choose(null);
      status.textContent = list.hidden ? "" : said;
    };
    const option = (hit, place) => {
      const made = make("li", { id: `${list.id}-${place}`, role: "option" });
      set(made, { "aria-selected": "false", "data-url": hit.url });
      made.append(make("span", { lang: hit.lang }, hit.title), make("small", {}, hit.kind));
      return made;
    };
    const show = (answer) => {
      list.replaceChildren(...answer.found.map(option));
      set(list, { "aria-label": answer.label });
      said = answer.said;
      const isThere = document.activeElement === input;
      open(isThere);
      // That there is nothing is said too.
      if (isThere) status.textContent = said;
    };
    const move = (step) => {
      // Past either end stands the box itself.
      const options = [null, ...list.children];
      choose(options[(options.indexOf(chosen) + step + options.length) % options.length]);
    };

    list.hidden = true;
    // A press must not take the focus out of the box before it is a click.
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const pressed = event.target.closest("[data-url]");
      if (pressed) location.assign(pressed.dataset.url);
    });
    input.form.append(list, status);
    return { list, open, show, move, chosen: () => chosen };
  }

  /* Asks for suggestions when the typing pauses; of several answers only the last counts. */
  function asking(input, { list, open, show }) {
    let timer, request;
    const stop = () => {
      clearTimeout(timer);
      request?.abort();
    };
    const ask = async () => {
      stop();
      const words = input.value.trim();
      // One letter is in almost everything; the server answers nothing to it either.
      if ([...words].length < 2) {
        list.replaceChildren();
        return open(false);
      }
      request = new AbortController();
      const { signal } = request;
      const address = `${input.form.dataset.suggest}?q=${encodeURIComponent(words)}`;
      // Given up for newer words, or no network: the box searches all the same.
      const answer = await fetch(address, { signal }).catch(() => null);
      const found = answer?.ok && (await answer.json().catch(() => null));
      if (found && !signal.aborted) show(found);
    };
    const plan = () => {
      stop();
      timer = setTimeout(ask, 200);
    };
    return { ask, plan, stop };
  }

  /*
   * Suggestions below a search box: a combobox with a list (ARIA 1.2). What is chosen is opened;
   * without a choice the box searches, as it does without script.
   */
  function suggestWhileTyping() {
    all("form[data-suggest]", (form) => {
      const input = form.elements.q;
      const found = suggestionsBelow(input);
      const { ask, plan, stop } = asking(input, found);
      const { list, open } = found;

      set(input, { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false" });
      set(input, { "aria-controls": list.id, autocomplete: "off" });
      input.addEventListener("input", (event) => {
        // Chinese is put together from Latin letters; Korean can be looked for while it grows.
        if (!event.isComposing || /[가-힣]$/.test(input.value)) plan();
      });
      input.addEventListener("compositionend", plan);
      input.addEventListener("blur", () => {
        stop();
        open(false);
      });
      input.addEventListener("keydown", (event) => {
        if (event.isComposing) return;
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (step && list.hidden) {
          list.children.length ? open(true) : ask();
        } else if (step) {
          found.move(step);
        } else if (event.key === "Escape" && !list.hidden) {
          // The words stay, and so does the menu that the box may stand in.
          event.stopPropagation();
          open(false);
        } else if (event.key === "Enter" && found.chosen()) {
          location.assign(found.chosen().dataset.url);
        } else {
          return;
        }
        event.preventDefault();
      });
    });
  }

  closeMenus();
  focusErrorSummary();
  foldFilters();
  showTools();
  walkGallery();
  suggestWhileTyping();
})();
