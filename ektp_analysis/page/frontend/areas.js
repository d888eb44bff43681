// The list of areas: a real table whose rows are chosen like buttons and whose columns sort. Text is text, never markup.
const kept = new WeakMap(); // what a list remembers between two answers of the server: how it is sorted, what listens

function made(name, attributes = {}, ...children) {
  const one = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) { one.setAttribute(key, value); }
  }
  one.append(...children.filter(child => child !== null && child !== undefined));
  return one;
}

function drawn(path) {
  const space = "http://www.w3.org/2000/svg", svg = document.createElementNS(space, "svg");
  for (const [key, value] of Object.entries({ viewBox: "0 0 72 20", width: 72, height: 20, "aria-hidden": "true" })) {
    svg.setAttribute(key, value);
  }
  const line = document.createElementNS(space, "path"), dot = document.createElementNS(space, "circle");
  line.setAttribute("d", path.line);
  dot.setAttribute("cx", path.end[0]); dot.setAttribute("cy", path.end[1]); dot.setAttribute("r", 1.8);
  svg.append(line, dot);
  return svg;
}

function sorted(rows, sort) {
  if (!sort) { return rows; }
  const of = row => row.cells[sort.column].sort, way = sort.down ? -1 : 1;
  return [...rows].sort((one, other) => {
    const [a, b] = [of(one), of(other)];
    if (a === null || b === null) { return (a === null) - (b === null); } // what is not known stays last
    return way * (typeof a === "string" ? a.localeCompare(b) : a - b);
  });
}

function cell(one, column) {
  const said = [];
  if (one.path) { said.push(drawn(one.path)); }
  if (one.chip) { said.push(made("span", { class: "chip", title: one.title }, one.chip)); } else if (one.text) { said.push(one.text); }
  if (one.mark) { said.push(one.mark); }
  if (one.note) { said.push(made("span", { class: "unseen" }, ", " + one.note)); }
  return made("td", {
    role: "cell", class: [column.number ? "number" : "", one.strong ? "strong" : ""].join(" ").trim() || null,
    "data-label": column.brief, "data-column": column.key, title: one.chip ? null : one.title,
  }, ...said);
}

function rowOf(row, data, choose) {
  const pressed = row.code === data.chosen;
  const button = made("button", { type: "button", "aria-pressed": String(pressed), "data-code": row.code },
    made("span", { class: "swatch " + row.pattern, style: "--fill:" + row.fill, "aria-hidden": "true" }), row.name,
    row.mark ? made("span", { class: "chip", title: row.markTitle }, row.mark) : null);
  const line = made("tr", { role: "row", class: pressed ? "chosen" : null, "data-code": row.code },
    made("th", { role: "rowheader", scope: "row" }, button), ...row.cells.slice(1).map((one, i) => cell(one, data.columns[i + 1])));
  line.onclick = () => choose(row.code);
  return line;
}

function head(data, sort, turn) {
  return made("tr", { role: "row", "data-label": data.sorting }, ...data.columns.map((column, i) => {
    const at = sort && sort.column === i ? (sort.down ? "descending" : "ascending") : "none";
    const words = made("span", {}, column.label);
    if (!column.sorts) { return made("th", { role: "columnheader", scope: "col", "data-column": column.key }, words); }
    const button = made("button", { type: "button", "data-sort": i }, words,
      made("span", { class: "way", "aria-hidden": "true" }, at === "none" ? "" : sort.down ? "▾" : "▴"));
    button.onclick = () => turn(i);
    return made("th", {
      role: "columnheader", scope: "col", "aria-sort": at, class: column.number ? "number" : null, "data-column": column.key,
    }, button);
  }));
}

// The chart's scripts are large: they are asked for when the map has been painted, or when it takes too long.
const PATIENCE = 4000, PAINTED = "path.leaflet-interactive, #map[data-drawn]:not([data-drawn='0'])";
function onceMapIsPainted(tell) {
  const begun = Date.now();
  const looking = setInterval(() => {
    const inside = document.querySelector(".st-key-explore iframe")?.contentDocument;
    if (!inside?.querySelector(PAINTED) && Date.now() - begun < PATIENCE) { return; }
    clearInterval(looking);
    requestAnimationFrame(tell);
  }, 40);
  return looking;
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const box = parentElement.querySelector(".areas");
  const state = kept.get(box) || { sort: null, listener: null };
  kept.set(box, state);
  state.data = { ...data };

  const choose = code => {
    const next = state.data.chosen === code ? "" : code;
    state.data.chosen = next; // seen at once; the server's answer says the same
    box.querySelectorAll("tbody tr").forEach(line => {
      const is = line.dataset.code === next;
      line.classList.toggle("chosen", is);
      line.querySelector("button").setAttribute("aria-pressed", String(is));
    });
    setTriggerValue("picked", next || "-");
  };
  const turn = column => {
    const sort = state.sort, first = state.data.columns[column].number; // of numbers the largest first
    state.sort = !sort || sort.column !== column ? { column, down: first }
      : sort.down === first ? { column, down: !first } : null;
    draw();
    box.querySelector(`button[data-sort="${column}"]`).focus();
  };
  const draw = () => {
    const at = document.activeElement, focused = box.contains(at) ? { ...at.dataset } : null;
    const scroller = box.querySelector(".scroll"), top = scroller ? scroller.scrollTop : 0;
    for (const [name, colour] of Object.entries(state.data.colours)) { box.style.setProperty("--" + name, colour); }
    const table = made("table", { role: "table" }, made("caption", { class: "unseen" }, state.data.caption),
      made("thead", { role: "rowgroup" }, head(state.data, state.sort, turn)),
      made("tbody", { role: "rowgroup" }, ...sorted(state.data.rows, state.sort).map(row => rowOf(row, state.data, choose))));
    const inner = made("div", { class: "scroll" + (state.data.rows.length > 20 ? " long" : ""), style: `--most:${state.data.height}px` }, table);
    box.replaceChildren(inner, ...(state.data.below ? [made("p", {}, state.data.below)] : []));
    inner.scrollTop = top;
    const line = inner.querySelector("tr.chosen"), above = inner.querySelector("thead").offsetHeight;
    if (line && state.shown !== state.data.chosen) { // chosen elsewhere: brought into view, inside the list alone
      const from = line.offsetTop - above, to = line.offsetTop + line.offsetHeight - inner.clientHeight;
      inner.scrollTop = Math.max(Math.min(inner.scrollTop, from), to);
    }
    state.shown = state.data.chosen;
    if (focused && focused.code) { box.querySelector(`button[data-code="${focused.code}"]`)?.focus({ preventScroll: true }); }
    if (focused && focused.sort) { box.querySelector(`button[data-sort="${focused.sort}"]`)?.focus({ preventScroll: true }); }
  };
  draw();

  if (data.waiting && !state.looking) { state.looking = onceMapIsPainted(() => setTriggerValue("painted", true)); }
  if (!state.listener) {
    state.listener = event => {
      const busy = event.defaultPrevented || /^(input|textarea|select)$/i.test(event.target?.tagName || "") ||
        document.querySelector("[data-baseweb=popover], [role=dialog], [role=listbox]");
      if (event.key === "Escape" && state.data.chosen && !busy) { choose(state.data.chosen); }
    };
    document.addEventListener("keydown", state.listener);
  }
  return () => { clearInterval(state.looking); document.removeEventListener("keydown", state.listener); state.listener = null; };
}
