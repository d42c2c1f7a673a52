"use strict";
// Names for what has none: what the editor and the choosers draw beside the fields that they stand
// for, and the boxes that delete a row.
{
  const labelOf = (field) => document.querySelector(`label[for="${field.id}"]`)?.textContent.replace(/:$/, "").trim() || field.getAttribute("aria-label");

  // The editor greys out what cannot be pressed now, and tells nobody who does not see it.
  const tellState = (button) => button.setAttribute("aria-disabled", button.classList.contains("disabled"));
  const states = new MutationObserver((changes) => changes.forEach(({ target }) => tellState(target)));

  // The editor's buttons come in English; their words are in the admin's catalogue for scripts.
  const translate = () => {
    for (const button of document.querySelectorAll(".prose-menubar [title]")) {
      const word = gettext(button.title);
      if (word !== button.title) {
        button.title = word;
        button.setAttribute("aria-label", word);
      }
    }
    for (const block of document.querySelectorAll(".prose-menubar__option > *")) {
      const word = gettext(block.textContent);
      if (word !== block.textContent) block.textContent = word;
    }
  };

  const watchStates = () => {
    for (const button of document.querySelectorAll(".prose-menubar__button")) {
      tellState(button);
      states.observe(button, { attributes: true, attributeFilter: ["class"] });
    }
  };

  const nameAll = () => {
    translate();
    watchStates();
    for (const field of document.querySelectorAll("textarea[data-language]")) {
      const editor = field.parentElement.querySelector(".tiptap") || field.closest(".form-row")?.querySelector(".tiptap");
      if (editor) {
        editor.setAttribute("aria-label", labelOf(field));
        editor.setAttribute("lang", field.lang);
      }
    }
    for (const box of document.querySelectorAll("td.delete input[type=checkbox]")) {
      box.setAttribute("aria-label", box.closest("table").querySelector("thead th:last-child").textContent.trim());
    }
    for (const field of document.querySelectorAll("select.select2-hidden-accessible")) {
      const name = labelOf(field);
      const drawn = field.nextElementSibling;
      drawn?.querySelector(".select2-selection")?.removeAttribute("aria-labelledby");
      for (const part of drawn?.querySelectorAll(".select2-selection, .select2-search__field, [role=textbox]") || []) {
        const chosen = part.classList.contains("select2-selection--single") ? drawn.querySelector("[role=textbox]").textContent : "";
        part.setAttribute("aria-label", [name, chosen].filter(Boolean).join(": "));
      }
    }
  };

  // The head of a column of boxes that this person does not have.
  for (const head of document.querySelectorAll(".tabular thead th:empty")) head.replaceWith(document.createElement("td"));

  // Both draw late and again: on loading, for each new row, and with every choice.
  let waiting = 0;
  new MutationObserver(() => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(nameAll);
  }).observe(document.getElementById("content-main"), { childList: true, subtree: true });
  nameAll();
}
