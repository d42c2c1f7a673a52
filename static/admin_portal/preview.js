// The address of a preview, copied with one press.
{
  "use strict";

  for (const button of document.querySelectorAll("[data-copy-from]")) {
    if (!navigator.clipboard) break;
    const field = document.getElementById(button.dataset.copyFrom);
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(field.value);
      button.parentElement.querySelector("[role=status]").textContent = button.dataset.done;
    });
  }
}
