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

  /* On the page of one photo the arrow keys follow its links to the neighbours. */
  function walkGallery() {
    if (!document.querySelector("[data-gallery]")) return;
    const rel = { ArrowLeft: "prev", ArrowRight: "next" };
    document.addEventListener("keydown", (event) => {
      if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
      if (event.target.closest("input, select, textarea")) return;
      document.querySelector(`[data-gallery] a[rel=${rel[event.key] ?? "none"}]`)?.click();
    });
  }

  closeMenus();
  focusErrorSummary();
  foldFilters();
  showTools();
  walkGallery();
})();
