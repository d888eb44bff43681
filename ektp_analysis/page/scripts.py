"""The scripts that pages put into themselves: each once, so that the server's policy can name them by their hash.

A browser runs these, the files of the server, and nothing else that stands in a page.
"""

from __future__ import annotations

import json

from ektp_analysis.core.text import T, render

# Streamlit's box for files has a name and says that it is nothing: a group is what it is.
BOXES = """if (!window.ektpBoxes) {
  const named = () => document.querySelectorAll("[data-testid=stFileUploaderDropzone][role=presentation]").forEach(
    box => box.setAttribute("role", "group"));
  window.ektpBoxes = new MutationObserver(named);
  window.ektpBoxes.observe(document.body, {childList: true, subtree: true});
  named();
}"""
# The first stop of the keyboard leads past the navigation; Streamlit's link says so in English only.
SKIP = """document.querySelectorAll("a[href='#stMain']").forEach(link => { link.textContent = WORDS; });"""
# Which class the pointer or the keyboard is on is told to the map's frame: its other areas fade.
HOVER = """(() => {
  if (window.ektpLegend) { return; }
  window.ektpLegend = true;
  function light(key) {
    for (const frame of document.querySelectorAll("iframe")) {
      let inner = null;
      try { inner = frame.contentWindow && frame.contentDocument && frame.contentWindow; } catch (_) { continue; }
      if (!inner) { continue; }
      if (inner.ektpLight) { inner.ektpLight(key); }
      for (const path of frame.contentDocument.querySelectorAll("path[data-class]")) {
        path.style.opacity = key && path.dataset.class !== key ? "0.2" : "";
      }
    }
  }
  for (const [type, on] of [["mouseover", true], ["focusin", true], ["mouseout", false], ["focusout", false]]) {
    document.addEventListener(type, event => {
      const row = event.target.closest && event.target.closest("[data-legend-class]");
      if (row) { light(on ? row.dataset.legendClass : ""); }
    });
  }
})();"""
# The search takes the focus: its popover stands at the end of the document, so Tab would first go through the whole page. It
# comes in after its button, and is placed a moment later.
INTO_SEARCH = """(function into(left) {
    const box = document.querySelector(".st-key-searched input");
    if (box && box.getBoundingClientRect().top > 0) { box.focus({preventScroll: true}); }
    if (document.activeElement !== box && left) { setTimeout(into, 50, left - 1); }
})(40)"""


def start(lang: str) -> str:
    """What every page runs first: its language for browser and screen readers, and what they cannot say by themselves."""
    skip = SKIP.replace("WORDS", json.dumps(render(T("Skip to the content"), lang)))
    return f'document.documentElement.lang = "{lang}"; {BOXES} {skip}'


def every() -> tuple[str, ...]:
    """All of them, in every language."""
    return (start("id"), start("en"), HOVER, INTO_SEARCH)
