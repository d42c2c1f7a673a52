/* A button that ticks all columns of an export, or none. */
(() => {
  "use strict";

  const boxes = [...document.querySelectorAll('input[name="columns"]')];
  const list = document.getElementById("id_columns");
  if (!list || boxes.length < 4) return;
  const all = document.createElement("input");
  all.type = "checkbox";
  const label = document.createElement("label");
  label.className = "export-all";
  label.append(all, ` ${list.closest("[data-all]").dataset.all} (${boxes.length})`);

  function show() {
    const ticked = boxes.filter((box) => box.checked).length;
    all.checked = ticked === boxes.length;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
  }

  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
  });
  list.addEventListener("change", show);
  list.before(label);
  show();
})();
