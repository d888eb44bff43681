// A map of thousands of areas on a canvas. The outlines come once, from a file whose address names its content; after
// that only one letter per area (its class) and its figures come. Talks to Streamlit by messages, without a library.
"use strict";

const box = document.getElementById("map"), canvas = box.querySelector("canvas"), tip = document.getElementById("tip");
const pen = canvas.getContext("2d"), still = document.createElement("canvas");
const loaded = new Map(); // address -> promise of areas
let args = null, areas = null, view = null, size = null, groups = new Map(), older = new Path2D(), at = -1, drag = null, lit = "";
let bubbles = [], order = [], named = []; // circles with their areas, the areas by weight, the names that are drawn
const LETTERS = 12, LINE = 14, MOST_NAMES = 400;

function tell(type, more) {
  window.parent.postMessage({ isStreamlitMessage: true, type: "streamlit:" + type, ...more }, "*");
}

function load(address) {
  if (!loaded.has(address)) {
    loaded.set(address, fetch(address).then(answer => {
      if (!answer.ok) { throw new Error(answer.status + " " + address); }
      return answer.json();
    }).then(unpack));
  }
  return loaded.get(address);
}

function unpack(packed) {
  const [land] = traced([packed.land || []]);
  return { ...packed, outlines: traced(packed.rings), land: land.path };
}

function traced(shapes) {
  return shapes.map(rings => {
    const path = new Path2D(), edge = [Infinity, Infinity, -Infinity, -Infinity];
    for (const ring of rings) {
      let x = 0, y = 0;
      for (let i = 0; i < ring.length; i += 2) {
        x += ring[i]; y += ring[i + 1];
        if (i === 0) { path.moveTo(x, y); } else { path.lineTo(x, y); }
        edge[0] = Math.min(edge[0], x); edge[1] = Math.min(edge[1], y);
        edge[2] = Math.max(edge[2], x); edge[3] = Math.max(edge[3], y);
      }
      path.closePath();
    }
    return { path, edge };
  });
}

function fit() {
  const scale = Math.min((size.width - 12) / areas.width, (size.height - 12) / areas.height);
  view = { scale, fitted: scale, x: (size.width - areas.width * scale) / 2, y: (size.height - areas.height * scale) / 2 };
}

function gather() {
  const most = args.largest || Math.max(1, ...args.people.filter(people => people !== null));
  bubbles = !args.circles ? [] : args.people.map((people, i) => ({ i, share: people === null ? -1 : Math.sqrt(people / most) }))
    .filter(bubble => bubble.share >= 0).sort((one, other) => other.share - one.share); // the large ones below
  const circled = new Set(bubbles.map(bubble => bubble.i));
  order = areas.codes.map((_, i) => i).sort((i, j) => args.fills[args.classes[j]].rank - args.fills[args.classes[i]].rank || i - j);
  groups = new Map();
  for (let i = 0; i < areas.outlines.length; i += 1) {
    const key = circled.has(i) ? "" : args.classes[i]; // below a circle the area is plain ground
    if (!groups.has(key)) { groups.set(key, new Path2D()); }
    groups.get(key).addPath(areas.outlines[i].path);
  }
  older = new Path2D();
  for (const i of args.older) { older.addPath(areas.outlines[i].path); }
}

function hatch(spec) {
  const tile = document.createElement("canvas");
  tile.width = tile.height = 6;
  const ink = tile.getContext("2d");
  if (spec.fill) { ink.fillStyle = spec.fill; ink.fillRect(0, 0, 6, 6); } // else lines over what is there
  ink.strokeStyle = spec.hatch; ink.lineWidth = 1.5;
  ink.beginPath();
  if (spec.dots) { // an outdated figure is dotted, no data is hatched
    ink.fillStyle = spec.dots; ink.arc(3, 3, 1.2, 0, 7); ink.fill();
  } else { ink.moveTo(-1, 7); ink.lineTo(7, -1); ink.stroke(); }
  const pattern = pen.createPattern(tile, "repeat");
  pattern.setTransform(new DOMMatrix().scale(1 / view.scale));
  return pattern;
}

function draw() {
  const dots = window.devicePixelRatio || 1;
  pen.setTransform(1, 0, 0, 1, 0, 0);
  pen.clearRect(0, 0, canvas.width, canvas.height);
  pen.setTransform(view.scale * dots, 0, 0, view.scale * dots, view.x * dots, view.y * dots);
  pen.lineJoin = "round";
  pen.fillStyle = args.colours.land; pen.fill(areas.land, "evenodd");
  pen.strokeStyle = args.colours.shore; pen.lineWidth = 0.7 / view.scale; pen.stroke(areas.land);
  pen.strokeStyle = args.colours.outline;
  pen.lineWidth = Math.min(1, 0.3 + view.scale * areas.width / size.width / 6) / view.scale;
  for (const [key, path] of groups) {
    const spec = key ? args.fills[key] : { fill: args.colours.grid };
    pen.globalAlpha = lit && key && lit !== key ? 0.2 : 1;
    pen.fillStyle = spec.hatch || spec.dots ? hatch(spec) : spec.fill;
    pen.fill(path, "evenodd");
    pen.stroke(path);
  }
  pen.globalAlpha = lit ? 0.2 : 1;
  pen.fillStyle = hatch({ hatch: args.colours.paper });
  pen.fill(older, "evenodd");
  pen.globalAlpha = 1;
  const chosen = areas.codes.indexOf(args.chosen);
  for (const [i, width] of [[chosen, 3], [at, 2]]) {
    if (i >= 0) {
      pen.strokeStyle = args.colours.chosen; pen.lineWidth = width / view.scale; pen.stroke(areas.outlines[i].path);
    }
  }
  pen.setTransform(dots, 0, 0, dots, 0, 0); // circles and names keep their size on the screen
  for (const bubble of bubbles) { circle(bubble, chosen); }
  name();
  box.dataset.drawn = String(Number(box.dataset.drawn || 0) + 1);
  box.dataset.names = String(named.length);
}

function place(i) {
  const [x, y] = areas.labels[i];
  return [view.x + x * view.scale, view.y + y * view.scale];
}

// In proportion to the people by surface; the more the map is zoomed in, the more room there is.
function radius(share) {
  const nearer = Math.sqrt(view.scale / view.fitted), [least, most, limit] = args.radius;
  return Math.max(least, share * Math.min(limit, most * nearer));
}

function circle({ i, share }, chosen) {
  const [x, y] = place(i), r = radius(share), key = args.classes[i];
  if (x < -r || y < -r || x > size.width + r || y > size.height + r) { return; }
  pen.globalAlpha = lit && lit !== key ? 0.2 : 0.9;
  pen.fillStyle = args.fills[key].fill;
  pen.strokeStyle = i === chosen || i === at ? args.colours.chosen : args.colours.muted;
  pen.lineWidth = i === chosen || i === at ? 3 : 1;
  pen.beginPath();
  pen.arc(x, y, r, 0, 7);
  pen.fill();
  if (r >= 4 || pen.lineWidth > 1) { pen.stroke(); } // around a dot, the line would be all that is seen
  pen.globalAlpha = 1;
}

// Names where the map is zoomed in so far that they fit on their areas; the worst first, and none over another.
function name() {
  named = [];
  pen.font = LETTERS + "px " + args.font;
  pen.textAlign = "center"; pen.textBaseline = "middle"; pen.lineJoin = "round"; pen.lineWidth = 3;
  const sizes = new Map(bubbles.map(bubble => [bubble.i, radius(bubble.share)]));
  for (const i of order) {
    if (named.length >= MOST_NAMES) { break; }
    const { edge } = areas.outlines[i], wide = (edge[2] - edge[0]) * view.scale, high = (edge[3] - edge[1]) * view.scale;
    if (wide < 2 * LETTERS || high < LINE) { continue; }
    const text = areas.names[i], cut = text.indexOf(" ");
    const fits = [[text], ...(cut > 0 ? [[text.slice(0, cut), text.slice(cut + 1)]] : [])].find(
      parts => parts.length * LINE <= high && Math.max(...parts.map(width)) <= wide);
    if (!fits) { continue; }
    const half = Math.max(...fits.map(width)) / 2 + 2, tall = fits.length * LINE / 2;
    const [x, middle] = place(i), y = middle + (sizes.has(i) ? sizes.get(i) + tall : 0);
    const taken = [x - half, y - tall, x + half, y + tall];
    if (taken[0] < 0 || taken[1] < 0 || taken[2] > size.width || taken[3] > size.height || named.some(({ taken: other }) =>
      taken[0] < other[2] && other[0] < taken[2] && taken[1] < other[3] && other[1] < taken[3])) { continue; }
    named.push({ i, taken });
    const spec = args.fills[args.classes[i]];
    const [ink, halo] = sizes.has(i) ? [args.colours.ink, args.colours.grid] : [spec.ink, spec.halo];
    pen.strokeStyle = halo; pen.fillStyle = ink;
    fits.forEach((part, line) => {
      const height = y + (line - (fits.length - 1) / 2) * LINE;
      pen.strokeText(part, x, height);
      pen.fillText(part, x, height);
    });
  }
}

const widths = new Map();
function width(text) {
  if (!widths.has(text)) { widths.set(text, pen.measureText(text).width); }
  return widths.get(text);
}

function under(x, y) {
  const over = bubbles.findLast(({ i, share }) => {
    const [cx, cy] = place(i);
    return Math.hypot(cx - x, cy - y) <= radius(share);
  });
  if (over) { return over.i; }
  const px = (x - view.x) / view.scale, py = (y - view.y) / view.scale;
  pen.setTransform(1, 0, 0, 1, 0, 0);
  return areas.outlines.findIndex(({ path, edge }) => px >= edge[0] && px <= edge[2] && py >= edge[1] && py <= edge[3] &&
    pen.isPointInPath(path, px, py, "evenodd"));
}

function lines(i) {
  const [people, share] = [args.people[i], args.shares[i]];
  const number = new Intl.NumberFormat(args.locale);
  const part = new Intl.NumberFormat(args.locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  if (people === null && share === null) { return [args.words.none]; }
  return [...(args.own[args.classes[i]] ? [args.own[args.classes[i]]] : []), people === null ? args.words.unknown : args.words.people.replace("{n}", number.format(people)),
    ...(share === null ? [] : [args.words.share.replace("{share}", part.format(share * 100) + args.percent)])];
}

function show(i) {
  const [left, top] = place(i);
  if (left < 20 || left > size.width - 20 || top < 20 || top > size.height - 20) {
    view.x += size.width / 2 - left; view.y += size.height / 2 - top;
  }
}

function point(i, spoken) {
  if (i === at && !spoken) { return; }
  at = i;
  if (spoken && i >= 0) { show(i); }
  draw();
  tip.style.display = i < 0 ? "none" : "block";
  if (i < 0) { return; }
  const name = document.createElement("b");
  name.textContent = areas.names[i]; // text, never markup
  tip.replaceChildren(name, lines(i).join("\n"));
  const [x, y] = place(i), left = x + 12, top = y + 12;
  tip.style.left = Math.max(0, Math.min(left, size.width - tip.offsetWidth)) + "px";
  tip.style.top = Math.max(0, Math.min(top, size.height - tip.offsetHeight)) + "px";
  if (spoken) { document.getElementById("said").textContent = [areas.names[i], ...lines(i)].join(". "); }
}

function choose(i) {
  if (i >= 0) { tell("setComponentValue", { value: { code: areas.codes[i], at: Date.now() }, dataType: "json" }); }
}

function zoom(factor, x = size.width / 2, y = size.height / 2) {
  const scale = view.scale * factor;
  view = { ...view, scale, x: x - (x - view.x) * factor, y: y - (y - view.y) * factor };
  draw();
}

// The nearest area in a direction, by label points: what the arrow keys walk over.
function step(dx, dy) {
  const [x, y] = at < 0 ? [areas.width / 2, areas.height / 2] : areas.labels[at];
  let best = -1, least = Infinity;
  areas.labels.forEach(([px, py], i) => {
    const along = (px - x) * dx + (py - y) * dy, aside = Math.abs((px - x) * dy) + Math.abs((py - y) * dx);
    const far = along + 2 * aside;
    if (i !== at && along > 0 && far < least) { best = i; least = far; }
  });
  if (best >= 0) { point(best, true); }
}

const KEYS = { ArrowLeft: () => step(-1, 0), ArrowRight: () => step(1, 0), ArrowUp: () => step(0, -1),
  ArrowDown: () => step(0, 1), Enter: () => choose(at), " ": () => choose(at), "+": () => zoom(1.5), "-": () => zoom(1 / 1.5),
  "0": () => { fit(); draw(); }, Escape: () => point(-1) };

box.addEventListener("keydown", event => {
  if (!areas || event.target !== box || !KEYS[event.key]) { return; }
  event.preventDefault();
  KEYS[event.key]();
});
canvas.addEventListener("pointerdown", event => {
  drag = { x: event.offsetX, y: event.offsetY, moved: false };
  canvas.setPointerCapture(event.pointerId);
});
canvas.addEventListener("pointermove", event => {
  // A browser also reports a resting mouse as moved, after a change of layout: that must not undo the keyboard.
  if (!areas || (!drag && event.movementX === 0 && event.movementY === 0)) { return; }
  if (!drag) { point(under(event.offsetX, event.offsetY)); return; }
  const dx = event.offsetX - drag.x, dy = event.offsetY - drag.y;
  if (!drag.moved && Math.hypot(dx, dy) < 5) { return; }
  if (!drag.moved) { // what is drawn is moved as a picture; it is drawn anew at the end
    still.width = canvas.width; still.height = canvas.height;
    still.getContext("2d").drawImage(canvas, 0, 0);
    drag.moved = true;
    tip.style.display = "none";
  }
  const dots = window.devicePixelRatio || 1;
  pen.setTransform(1, 0, 0, 1, 0, 0);
  pen.clearRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(still, dx * dots, dy * dots);
});
canvas.addEventListener("pointerup", event => {
  if (!drag || !areas) { return; }
  if (drag.moved) {
    view.x += event.offsetX - drag.x; view.y += event.offsetY - drag.y;
    draw();
  } else {
    choose(under(event.offsetX, event.offsetY));
  }
  drag = null;
});
canvas.addEventListener("pointerleave", () => { if (areas && !drag) { point(-1); } });
canvas.addEventListener("wheel", event => {
  if (!areas || !event.ctrlKey) { return; } // the wheel alone scrolls the page
  event.preventDefault();
  zoom(event.deltaY < 0 ? 1.25 : 0.8, event.offsetX, event.offsetY);
}, { passive: false });
document.getElementById("in").addEventListener("click", () => zoom(1.5));
document.getElementById("out").addEventListener("click", () => zoom(1 / 1.5));

document.addEventListener("keydown", event => { // what is chosen is undone by the page
  if (event.key === "Escape" && window.parent !== window) {
    window.parent.document.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }));
  }
});

// The legend of the page lights up one class.
window.ektpLight = key => {
  lit = (args && args.keys[key]) || "";
  if (areas && view) { draw(); }
};

function resize() {
  const dots = window.devicePixelRatio || 1, width = document.documentElement.clientWidth;
  if (size && size.width === width && size.height === args.height) { return false; }
  size = { width, height: args.height };
  box.style.height = args.height + "px";
  canvas.style.width = width + "px"; canvas.style.height = args.height + "px";
  canvas.width = width * dots; canvas.height = args.height * dots;
  tell("setFrameHeight", { height: args.height });
  return true;
}

async function render(given) {
  const address = args && args.geometry;
  args = given;
  for (const [id, word] of [["in", "zoom_in"], ["out", "zoom_out"]]) {
    document.getElementById(id).setAttribute("aria-label", args.words[word]);
  }
  box.setAttribute("aria-label", args.words.title);
  document.documentElement.lang = args.lang;
  Object.assign(box.style, { background: args.colours.paper, color: args.colours.ink, fontFamily: args.font });
  Object.assign(tip.style, { background: args.colours.surface, borderColor: args.colours.grid });
  const other = resize();
  areas = await load(args.geometry);
  if (args !== given) { return; } // newer figures came while the outlines were on their way
  if (!view || other || address !== args.geometry) { fit(); at = -1; }
  gather();
  draw();
}

window.addEventListener("message", event => {
  if (event.source === window.parent && event.data.type === "streamlit:render") { render(event.data.args); }
});
window.addEventListener("resize", () => { if (areas && resize()) { fit(); draw(); } });
tell("componentReady", { apiVersion: 1 });
