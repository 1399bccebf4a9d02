'use strict';
// Pan, zoom and look at turfs. All text goes in as text, never as markup.
const map = JSON.parse(document.getElementById('data').textContent);
const main = document.querySelector('main'), svg = main.querySelector('svg');
const world = svg.querySelector('#world'), near = svg.querySelector('#near'), far = svg.querySelector('#far');
const tip = document.getElementById('tip'), card = document.getElementById('card');
const paths = [...svg.querySelectorAll('.t')];
const UNITS_PER_M = 10, WALKS_FROM = 0.07, DOORS_FROM = 0.3, NUMBERS_FROM = 1.5;  // pixels a metre
const NS = 'http://www.w3.org/2000/svg';
let view = {k: 1, x: 0, y: 0}, picked = -1, waiting = false;
const drawn = new Map();

function element(name, attributes, parent) {
  const made = document.createElementNS(NS, name);
  for (const key in attributes) made.setAttribute(key, attributes[key]);
  if (parent) parent.appendChild(made);
  return made;
}

// Steps from point to point, as the file has them, to places.
function placesOf(steps) {
  const places = [];
  let x = 0, y = 0;
  for (let i = 0; i < steps.length; i += 2) places.push([x += steps[i], y += steps[i + 1]]);
  return places;
}

const dots = places => places.map(p => `M${p[0]} ${p[1]}h0`).join('');
const line = places => 'M' + places.map(p => p[0] + ' ' + p[1]).join('L');

// Walk and doors of one turf, made when it first comes near.
function draw(i) {
  let group = drawn.get(i);
  if (group) return group;
  const turf = map.turfs[i], walk = placesOf(turf.walk), doors = placesOf(turf.at);
  group = element('g', {}, null);
  element('path', {class: 'w', d: line(walk)}, group);
  element('path', {class: 'd', d: dots(doors)}, group);
  element('path', {class: 's0', d: dots(walk.slice(0, 1))}, group);
  element('path', {class: 's1', d: dots(walk.slice(0, 1))}, group);
  group.doors = doors;
  drawn.set(i, group);
  return group;
}

function screen(x, y) { return [x * view.k + view.x, y * view.k + view.y]; }

function label(x, y, text, kind, size) {
  const at = screen(x, y);
  const made = element('text', {class: kind, x: at[0].toFixed(1), y: at[1].toFixed(1)}, far);
  if (size) made.setAttribute('font-size', size);
  made.textContent = text;
}

// House numbers where there is room: `taken` holds the cells of the screen that have one.
function houseNumbers(i, taken) {
  const turf = map.turfs[i], names = turf.names.split('\n'), many = turf.many || {};
  draw(i).doors.forEach((place, j) => {
    const text = names[j] + (many[j] ? ' ×' + many[j] : ''), at = screen(place[0], place[1]);
    if (!text || at[0] < 0 || at[1] < 0 || at[0] > main.clientWidth || at[1] > main.clientHeight) return;
    const cells = [];
    for (let x = 0; x <= text.length * 6 + 8; x += 8) cells.push(Math.floor((at[0] + x) / 8) + ':' + Math.floor(at[1] / 9));
    if (cells.some(cell => taken.has(cell))) return;
    cells.forEach(cell => taken.add(cell));
    label(place[0] + 6 / view.k, place[1], text, 'hn');
  });
}

function scaleBar(perM) {
  const wanted = 140 / perM, power = 10 ** Math.floor(Math.log10(wanted));
  const metres = [5, 2, 1].map(step => step * power).find(step => step <= wanted);
  document.querySelector('.scale span').textContent = metres >= 1000 ? metres / 1000 + ' km' : metres + ' m';
  document.querySelector('.scale i').style.width = metres * perM + 'px';
}

function render() {
  waiting = false;
  const width = main.clientWidth, height = main.clientHeight, perM = view.k * UNITS_PER_M;
  world.setAttribute('transform', `translate(${view.x} ${view.y}) scale(${view.k})`);
  near.querySelectorAll('g').forEach(group => { group.keep = false; });
  far.replaceChildren();
  svg.querySelector('#regions').style.strokeWidth = Math.min(Math.max(0.9, perM * 8), 2.4);
  const taken = new Set();
  map.turfs.forEach((turf, i) => {
    const low = screen(turf.box[0], turf.box[1]), high = screen(turf.box[2], turf.box[3]);
    if (high[0] < 0 || high[1] < 0 || low[0] > width || low[1] > height) return;
    if (perM >= WALKS_FROM || i === picked) {
      const group = draw(i);
      group.keep = true;
      group.setAttribute('class', i === picked ? 'pick' : '');
      if (!group.parentNode) near.appendChild(group);
      const door = group.querySelector('.d');
      door.style.display = perM >= DOORS_FROM || i === picked ? '' : 'none';
      door.style.strokeWidth = Math.min(2.5 + perM * 1.6, 8);
      const starts = perM >= DOORS_FROM / 2 || i === picked ? '' : 'none';
      group.querySelectorAll('.s0,.s1').forEach(mark => { mark.style.display = starts; });
    }
    const room = Math.min(high[0] - low[0], high[1] - low[1]);
    if (room > 34) label(turf.mid[0], turf.mid[1], turf.n, 'tn', Math.min(11 + room / 40, 20));
    if (perM >= NUMBERS_FROM) houseNumbers(i, taken);
  });
  near.querySelectorAll('g').forEach(group => { if (!group.keep) group.remove(); });
  scaleBar(perM);
}

function refresh() {
  if (!waiting) requestAnimationFrame(render);
  waiting = true;
}

function zoomAt(x, y, factor) {
  const k = Math.min(Math.max(view.k * factor, fitted() / 2), 4);
  view.x = x - (x - view.x) * k / view.k;
  view.y = y - (y - view.y) * k / view.k;
  view.k = k;
  refresh();
}

function fitted() { return Math.min(main.clientWidth / map.width, main.clientHeight / map.height); }

function show(box, most) {
  const width = box[2] - box[0], height = box[3] - box[1];
  view.k = Math.min(main.clientWidth / width, main.clientHeight / height, most);
  view.x = (main.clientWidth - (box[0] + box[2]) * view.k) / 2;
  view.y = (main.clientHeight - (box[1] + box[3]) * view.k) / 2;
  refresh();
}
const showAll = () => show([0, 0, map.width, map.height], 4);

const listText = list => list ? list.slice(0, 4) + ' ' + list.slice(4) : 'not assigned';

function rows(turf) {
  return [['Region', turf.r || '–'], ['Doors', turf.doors], ['Walk', (turf.len / 1000).toFixed(2) + ' km'],
    ['A door', turf.per.toFixed(1) + ' m'], ['Street crossings', turf.cross], ['Time', Math.round(turf.min) + ' min'],
    ['Compactness', turf.pp.toFixed(2)], ['List number', listText(turf.list)]]
    .concat(turf.knocked === undefined ? [] : [['Doors knocked on', (100 * turf.knocked).toFixed(0) + ' %']],
      turf.leader ? [['Leader', 'member ' + turf.leader]] : [], turf.why ? [['Note', turf.why]] : []);
}

function pick(i) {
  paths.forEach((path, j) => path.classList.toggle('pick', i === j));
  picked = i;
  card.replaceChildren();
  if (i < 0) {
    card.append(Object.assign(document.createElement('span'), {className: 'hint', textContent: 'Click a turf to see it.'}));
  } else {
    paths[i].parentNode.appendChild(paths[i]);  // above its neighbours
    const table = document.createElement('table');
    for (const row of rows(map.turfs[i])) {
      const line = table.insertRow();
      row.forEach(text => { line.insertCell().textContent = text; });
    }
    card.append(Object.assign(document.createElement('b'), {textContent: 'Turf ' + map.turfs[i].n}), table);
  }
  refresh();
}

function find(text) {
  const wanted = text.replace(/[\s-]/g, '');
  const i = map.turfs.findIndex(turf => String(turf.n) === wanted || (turf.list && turf.list === wanted));
  if (i < 0) return;
  pick(i);
  const box = map.turfs[i].box, margin = 400;
  show([box[0] - margin, box[1] - margin, box[2] + margin, box[3] + margin], 0.6);
}

// From pale to strong by rank, so that one far value does not flatten the rest.
function ramp(values) {
  const sorted = [...values].sort((a, b) => a - b), last = Math.max(sorted.length - 1, 1);
  return value => {
    const share = sorted.findIndex(v => v >= value) / last;
    return `hsl(${205 - 185 * share} ${45 + 25 * share}% ${82 - 26 * share}%)`;
  };
}

const colorings = {
  // On a map of coverage the areas come in its colours.
  region: () => (turf, i) => turf.color || paths[i].getAttribute('fill'),
  knocked: () => (turf, i) => paths[i].getAttribute('fill'),
  per: () => { const color = ramp(map.turfs.map(turf => turf.per)); return turf => color(turf.per); },
  doors: () => { const color = ramp(map.turfs.map(turf => turf.doors)); return turf => color(turf.doors); },
  list: () => turf => turf.list ? '#8cc5a2' : '#e6e1d6',
};


function wire() {
  const pointers = new Map();
  let moved = 0;
  main.addEventListener('pointerdown', event => {
    if (event.target.closest('.zoom')) return;
    pointers.set(event.pointerId, [event.offsetX, event.offsetY, event.clientX, event.clientY]);
    moved = 0;
  });
  main.addEventListener('pointermove', event => {
    const from = pointers.get(event.pointerId), box = main.getBoundingClientRect();
    const x = event.clientX - box.left, y = event.clientY - box.top;
    const over = event.target.classList && event.target.classList.contains('t') ? map.turfs[event.target.dataset.i] : null;
    tip.textContent = over && !pointers.size ?
      `Turf ${over.n} · ${over.doors} doors\n${(over.len / 1000).toFixed(2)} km, ${over.per.toFixed(1)} m a door, ${Math.round(over.min)} min\nList ${listText(over.list)}` : '';
    tip.style.left = Math.min(x, main.clientWidth - 250) + 'px';
    tip.style.top = Math.min(y, main.clientHeight - 90) + 'px';
    if (!from) return;
    const dx = event.clientX - from[2], dy = event.clientY - from[3];
    moved += Math.abs(dx) + Math.abs(dy);
    if (moved > 6 && !main.classList.contains('drag')) {
      main.classList.add('drag');
      main.setPointerCapture(event.pointerId);
    }
    if (pointers.size === 2) {
      const other = [...pointers].find(entry => entry[0] !== event.pointerId)[1];
      const before = Math.hypot(from[2] - other[2], from[3] - other[3]);
      const after = Math.hypot(event.clientX - other[2], event.clientY - other[3]);
      if (before > 0) zoomAt(other[2] - box.left, other[3] - box.top, after / before);
    } else {
      view.x += dx;
      view.y += dy;
      refresh();
    }
    from[2] = event.clientX;
    from[3] = event.clientY;
  });
  const end = event => { pointers.delete(event.pointerId); main.classList.remove('drag'); };
  main.addEventListener('pointerup', end);
  main.addEventListener('pointercancel', end);
  main.addEventListener('pointerleave', () => { tip.textContent = ''; });
  main.addEventListener('click', event => {
    if (moved > 6 || event.target.closest('.zoom')) return;
    pick(event.target.classList.contains('t') ? Number(event.target.dataset.i) : -1);
  });
  main.addEventListener('wheel', event => {
    event.preventDefault();
    const box = main.getBoundingClientRect();
    zoomAt(event.clientX - box.left, event.clientY - box.top, Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0016)));
  }, {passive: false});
  main.addEventListener('keydown', event => {
    const step = {ArrowLeft: [80, 0], ArrowRight: [-80, 0], ArrowUp: [0, 80], ArrowDown: [0, -80]}[event.key];
    if (step) { view.x += step[0]; view.y += step[1]; refresh(); event.preventDefault(); }
    if (event.key === '+' || event.key === '=') zoomAt(main.clientWidth / 2, main.clientHeight / 2, 1.5);
    if (event.key === '-') zoomAt(main.clientWidth / 2, main.clientHeight / 2, 1 / 1.5);
    if (event.key === '0') showAll();
  });
  document.getElementById('in').onclick = () => zoomAt(main.clientWidth / 2, main.clientHeight / 2, 1.6);
  document.getElementById('out').onclick = () => zoomAt(main.clientWidth / 2, main.clientHeight / 2, 1 / 1.6);
  document.getElementById('all').onclick = showAll;
  document.querySelectorAll('.legend input').forEach(box => {
    box.onchange = () => main.classList.toggle('no-' + box.value, !box.checked);
  });
  document.getElementById('color').onchange = event => {
    const color = colorings[event.target.value]();
    map.turfs.forEach((turf, i) => { paths[i].style.fill = color(turf, i); });
  };
  const search = document.getElementById('find');
  search.onchange = () => find(search.value);
  addEventListener('resize', refresh);
}

wire();
pick(-1);
showAll();
