/* The presentation: keys, touch, the slide's number in the address, full screen, words at the pointer, newer figures. */
(() => {
  "use strict";
  const root = document.documentElement, body = document.body;
  const slides = [...document.querySelectorAll(".slide")], all = slides.length;
  const find = name => document.querySelector(`[data-do="${name}"]`);
  const says = document.querySelector(".says"), place = document.querySelector(".tools output");
  const help = document.querySelector("dialog"), fresh = document.querySelector(".fresh"), tip = document.querySelector(".tip");
  const name = document.title;
  let at = 0, typed = "", idle = 0, from = null;
  root.classList.add("js");

  const asked = () => Math.min(Math.max(parseInt(location.hash.slice(1), 10) || 1, 1), all);
  function show(number, aloud) {
    at = number;
    slides.forEach((slide, i) => slide.classList.toggle("on", i === at - 1));
    place.textContent = `${at} / ${all}`;
    root.style.setProperty("--done", String(at / all));
    const slide = slides[at - 1];
    document.title = `${at}/${all} ${name}`;
    find("back").disabled = at === 1;
    find("on").disabled = at === all;
    tip.hidden = true;
    scrollTo(0, 0);
    if (aloud) { says.textContent = slide.dataset.said; }
    reach();
  }
  function go(number) {
    const wanted = Math.min(Math.max(number, 1), all);
    typed = "";
    root.classList.remove("black");
    if (wanted === at) { return; }
    history.pushState(null, "", `#${wanted}`);
    show(wanted, true);
  }
  /* Notes that can be scrolled must be reachable by keyboard while they are seen. */
  function reach() {
    const noted = root.classList.contains("noted");
    slides.forEach((slide, i) => {
      const more = slide.querySelector(".more");
      if (noted && i === at - 1) { more.tabIndex = 0; } else { more.removeAttribute("tabindex"); }
    });
    find("notes").setAttribute("aria-pressed", String(noted));
  }
  const dark = () => root.dataset.theme === "dark" ||
    (root.dataset.theme === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
  const actions = {
    on: () => go(at + 1), back: () => go(at - 1), first: () => go(1), last: () => go(all),
    full: () => {
      if (document.fullscreenElement) { document.exitFullscreen(); } else if (root.requestFullscreen) {
        root.requestFullscreen().catch(() => {});
      }
    },
    notes: () => { root.classList.toggle("noted"); reach(); },
    theme: () => {
      root.dataset.theme = dark() ? "light" : "dark";
      const query = new URLSearchParams(location.search);
      query.set("theme", root.dataset.theme);
      history.replaceState(null, "", `?${query}${location.hash}`);
    },
    print: () => window.print(),
    help: () => { if (help.open) { help.close(); } else { help.showModal(); } },
    black: () => root.classList.toggle("black"),
    reload: () => location.reload(),
    close: () => find("close").click(),
  };
  const keys = {
    ArrowRight: "on", PageDown: "on", " ": "on", ArrowLeft: "back", PageUp: "back", Backspace: "back", Home: "first", End: "last",
    f: "full", n: "notes", d: "theme", p: "print", "?": "help", b: "black", ".": "black", r: "reload",
  };
  addEventListener("keydown", event => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) { return; }
    wake(event.key === "Tab");
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (help.open) { if (key === "?") { event.preventDefault(); help.close(); } return; }
    if ((key === " " || key === "Enter") && event.target.closest("button, a")) { return; }
    if (key === "Escape") { root.classList.remove("noted", "black"); reach(); typed = ""; return; }
    if (/^[0-9]$/.test(key)) { typed = (typed + key).slice(-3); says.textContent = typed; return; }
    if (key === "Enter") { if (typed) { go(parseInt(typed, 10)); } return; }
    let wanted = keys[key];
    if (key === " " && event.shiftKey) { wanted = "back"; }
    /* Where a slide is longer than the screen, up and down read on; elsewhere they turn the page. */
    if (key === "ArrowDown" || key === "ArrowUp") {
      const down = key === "ArrowDown";
      if (event.target.closest(".more")) { return; }
      if (root.scrollHeight <= innerHeight + 2) { wanted = down ? "on" : "back"; }
    }
    if (wanted) { event.preventDefault(); actions[wanted](); }
  });
  document.querySelectorAll("[data-do]").forEach(one => one.addEventListener("click", event => {
    if (one.dataset.do === "close") { return; }
    actions[one.dataset.do]();
    if (event.detail > 0) { one.blur(); } /* so that the space bar turns pages again */
  }));
  addEventListener("popstate", () => show(asked(), true));
  addEventListener("hashchange", () => { if (asked() !== at) { show(asked(), true); } });
  document.addEventListener("fullscreenchange", () =>
    find("full").setAttribute("aria-pressed", String(Boolean(document.fullscreenElement))));
  if (!root.requestFullscreen) { find("full").hidden = true; }

  addEventListener("touchstart", event => {
    from = event.touches.length === 1 ? event.touches[0] : null;
  }, { passive: true });
  addEventListener("touchend", event => {
    if (!from) { return; }
    const to = event.changedTouches[0], across = to.clientX - from.clientX, down = to.clientY - from.clientY;
    from = null;
    if (Math.abs(across) > 48 && Math.abs(across) > 2 * Math.abs(down)) { go(at + (across < 0 ? 1 : -1)); }
  }, { passive: true });

  function wake(stay) {
    root.classList.remove("idle");
    clearTimeout(idle);
    if (!stay) { idle = setTimeout(() => root.classList.add("idle"), 3000); }
  }
  addEventListener("pointermove", () => wake(false));

  /* Words at the pointer: what it is on, else the nearest small mark of the same picture. */
  function near(event) {
    const direct = event.target.closest && event.target.closest("[data-tip]");
    if (direct) { return direct; }
    const picture = event.target.closest && event.target.closest(".picture");
    const most = picture ? picture.clientWidth / 7 : 0;
    let best = null, least = 28;
    for (const one of picture ? picture.querySelectorAll("[data-tip]") : []) {
      const box = one.getBoundingClientRect();
      if (box.width > most || box.height > most) { continue; }
      const far = Math.hypot(event.clientX - (box.left + box.right) / 2, event.clientY - (box.top + box.bottom) / 2);
      if (far < least) { best = one; least = far; }
    }
    return best;
  }
  function tell(event) {
    const found = near(event);
    tip.hidden = !found;
    if (!found) { return; }
    tip.replaceChildren(...found.dataset.tip.split("\u2063").map(line => {
      const span = document.createElement("span");
      span.textContent = line;
      return span;
    }));
    const box = tip.getBoundingClientRect(), gap = 16;
    const left = Math.min(event.clientX + gap, innerWidth - box.width - 4);
    const above = event.clientY - box.height - gap;
    tip.style.left = `${Math.max(left, 4)}px`;
    tip.style.top = `${above > 4 ? above : event.clientY + gap}px`;
  }
  addEventListener("pointermove", tell);
  addEventListener("pointerdown", tell);
  addEventListener("pointerout", event => { if (!event.relatedTarget) { tip.hidden = true; } });

  async function ask() {
    if (!body.dataset.ask || document.hidden || !fresh.hidden) { return; }
    try {
      const answer = await fetch(body.dataset.ask, { cache: "no-store" });
      if (answer.ok) { fresh.hidden = (await answer.json()).state === body.dataset.state; }
    } catch (_) { /* the server is away: the slides stay as they are */ }
  }
  setInterval(ask, 20000);
  addEventListener("focus", ask);
  document.addEventListener("visibilitychange", ask);

  show(asked(), false);
  wake(false);
})();
