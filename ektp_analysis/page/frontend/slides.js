// The slides of the page Presentation, in two places of one component: all of them small, in a strip of tabs, and the chosen
// one large. The strip is sent the slides; both draw them from what the window keeps, so that a choice shows at once and the
// server is told of it meanwhile. The pictures on the slides are asked for by themselves, as they take longer.
const kept = () => (window.ektpSlides ??= { draw: new Map(), desk: null, chosen: null, asked: "", pictures: {}, reason: "" });
const DRAWN = 800; // pixels: how wide a small slide is before it is scaled
const STEPS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

export default function ({ data, parentElement, setTriggerValue }) {
  const now = kept(), place = parentElement.querySelector(".desk");
  if (data.slides) {
    now.desk = data;
    now.chosen = data.chosen;
    now.choose = key => {
      now.chosen = key;
      draw();
      setTriggerValue("chosen", key);
    };
    ask(now, () => setTriggerValue("newer", true));
  }
  now.draw.set(data.place, () => (data.place === "strip" ? strip : large)(now, place));
  draw();
  return () => now.draw.delete(data.place);
}

function draw() {
  const now = kept();
  if (now.desk) { now.draw.forEach(one => one()); }
}

async function ask(now, newer) {
  const { address, state } = now.desk;
  if (now.asked === address + state) { return; }
  now.asked = address + state;
  now.pictures = {};
  now.reason = "";
  try {
    const answer = await fetch(address), said = await answer.json();
    if (now.asked !== address + state) { return; } // other slides are on screen by now
    if (!answer.ok) { now.reason = said.reason; }
    else if (said.state !== state) { newer(); } // the figures changed in between: the slides follow
    else { now.pictures = said.pictures; }
  } catch {
    now.reason = now.desk.failed;
  }
  draw();
}

function strip(now, place) {
  const list = only(place, "div", { class: "strip", role: "tablist", "aria-label": now.desk.label });
  list.ektpSized ??= new ResizeObserver(() => {
    const wide = list.querySelector(".small")?.clientWidth;
    if (wide) { list.style.setProperty("--scale", wide / DRAWN); }
  });
  const before = new Map([...list.children].map(tab => [tab.dataset.key, tab]));
  now.desk.slides.forEach((slide, at) => {
    const tab = before.get(slide.key) ?? made("div", { class: "tab", role: "tab", "data-key": slide.key });
    before.delete(slide.key);
    if (!tab.firstChild) {
      tab.append(made("span", { class: "small", inert: "", "aria-hidden": "true" }), made("span", { class: "number" }));
      tab.addEventListener("click", () => now.choose(slide.key));
      tab.addEventListener("keydown", event => pressed(now, list, tab, event));
    }
    if (list.children[at] !== tab) { list.insertBefore(tab, list.children[at] ?? null); }
    const chosen = slide.key === now.chosen;
    set(tab, { "aria-selected": String(chosen), tabindex: chosen ? "0" : "-1", "aria-label": slide.said });
    tab.classList.toggle("hidden", slide.hidden);
    fill(now, tab.firstChild, slide);
    tab.lastChild.textContent = slide.number;
    if (chosen && list.dataset.seen !== slide.key + at) { // in view, and the page stays where it is
      list.dataset.seen = slide.key + at;
      const left = tab.offsetLeft - list.offsetLeft;
      if (left < list.scrollLeft) { list.scrollLeft = left; }
      list.scrollLeft = Math.max(list.scrollLeft, left + tab.offsetWidth - list.clientWidth);
    }
  });
  before.forEach(tab => tab.remove());
  list.ektpSized.observe(list.querySelector(".small"));
  set(place, { style: now.desk.colours });
}

function pressed(now, list, tab, event) {
  const tabs = [...list.children], at = tabs.indexOf(tab);
  const to = { Home: 0, End: tabs.length - 1, Enter: at, " ": at }[event.key] ?? at + STEPS[event.key];
  if (!(to in tabs)) { return; }
  event.preventDefault();
  tabs[to].focus();
  now.choose(tabs[to].dataset.key);
}

function large(now, place) {
  const slide = now.desk.slides.find(one => one.key === now.chosen) ?? now.desk.slides[0];
  const panel = only(place, "div", { class: "large", role: "tabpanel", "aria-label": slide.said });
  fill(now, panel, slide);
  const caption = panel.nextSibling ?? place.appendChild(made("p", { class: "caption", role: "status" }));
  const said = [slide.said, now.reason].filter(Boolean).join(" — ");
  if (caption.textContent !== said) { caption.textContent = said; }
  set(place, { style: now.desk.colours });
}

// A slide in its holder; its picture as soon as there is one, until then what is awaited.
function fill(now, holder, slide) {
  const picture = now.pictures[slide.key] ?? "";
  if (holder.ektpSlide === slide.html && holder.ektpPicture === picture) { return; }
  holder.innerHTML = slide.html;
  holder.querySelectorAll(".picture").forEach(one => {
    one.innerHTML = picture;
    one.dataset.waits = now.reason || now.desk.waits;
  });
  holder.ektpSlide = slide.html;
  holder.ektpPicture = picture;
}

function made(name, attributes) {
  const one = document.createElement(name);
  set(one, attributes);
  return one;
}

function set(one, attributes) {
  Object.entries(attributes).forEach(([name, value]) => {
    if (one.getAttribute(name) !== value) { one.setAttribute(name, value); }
  });
}

// The one child that a place begins with.
function only(place, name, attributes) {
  const one = place.firstChild ?? place.appendChild(made(name, attributes));
  set(one, attributes);
  return one;
}
