"""What axe has to say about a page in a browser."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Alone what is wrong is put together and sent over: the whole answer takes as long as the rules.
# What would be loaded before (`preload`), only an experimental rule asks for.
# What is on its way from one colour to another is looked at when it is there.
ASK_AXE = """async ([rules, colours]) => {
  const ending = document.getAnimations().filter(
    each => each.effect.getComputedTiming().endTime < Infinity
  );
  await Promise.allSettled(ending.map(each => each.finished));
  const found = await axe.run(document, {
    runOnly: rules, rules: {"color-contrast": {enabled: colours}},
    resultTypes: ["violations"], preload: false,
  });
  return found.violations.flatMap(rule => rule.nodes.map(node => `${rule.id}: ${node.target}`));
}"""


def violations(page: Page, rules: list[str] = RULES, *, colours: bool = True) -> list[str]:
    """What axe finds, as `rule: element`.

    The contrast of colours takes half of the time, and is the same in every language: without
    `colours` a page is looked at once more in another one.
    """
    # After a press the next page may be there in part only.
    page.wait_for_load_state()
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    return page.evaluate(ASK_AXE, [rules, colours])
