import assert from "node:assert/strict";
import { test } from "node:test";
import { anything, leaflet, run } from "./kit.mjs";

const KONTEKS = {
  titik: [["ltsa", 121, -9, "LTSA Kupang"], ["ltsa", 113, -9, "LTSA Bali"]], jenis: { id: { ltsa: "Layanan Terpadu" } },
  jalan: { sumber: "OSM", garis: [[1200000, -90000, 100, 0, 0, -50], [1300000, -80000, 1, 1]] }
};

/** The explorer over a map of one pixel a degree; what it says to the page, draws and asks for. */
async function explorer({ zoom = 9, konteks = {} } = {}) {
  const on = {}, keys = {}, said = [], lines = [], buttons = {}, timers = [], asked = [], stored = {};
  const point = ({ lng, lat, x = lng, y = lat }) => ({ x, y, distanceTo: (other) => Math.hypot(x - other.x, y - other.y) });
  const box = anything({ addEventListener: (kind, act) => { keys[kind] = act; }, focus() {} });
  const map = {
    on: (kind, act) => { on[kind] = act; }, getZoom: () => zoom, getContainer: () => box, doubleClickZoom: anything(),
    getCenter: () => ({ lat: -9, lng: 121 }), latLngToContainerPoint: (at) => point(Array.isArray(at) ? { lat: at[0], lng: at[1] } : at),
    getBounds: () => ({ pad: () => ({ contains: () => true }) }), setView(...place) { said.push(place); }
  };
  const layer = anything({ state: { t: 0, o: true }, drawing: false, geo: null, on() {}, source(text) { said.push(`sumber ${text}`); } });
  const L = leaflet({
    polyline: (at) => { lines.push(at); return anything(); },
    latLngBounds: () => ({ getCenter: () => "tengah" })
  });
  const PetaAman = run(["jelajah"], {
    window: { PetaAman: {} }, L, setTimeout: (act) => timers.push(act), document: anything(),
    localStorage: { getItem: (name) => stored[name] ?? null, setItem: (name, text) => { stored[name] = text; } },
    fetch: (url) => { asked.push(url); return Promise.resolve({ ok: true, json: () => Promise.resolve(konteks) }); }
  });
  const controls = PetaAman.explore(map, layer, {
    send: (text) => said.push(text), kata: () => ({ bahasa: "id" }), dress() {}, aim() {},
    button: (sign, title, act) => { buttons[sign] = act; return anything({ setAttribute() {} }); }
  });
  const settle = async () => { await new Promise(setImmediate); timers.splice(0).forEach((act) => act()); };
  return { layer, map, on, keys, said, lines, buttons, asked, controls, settle, zoomTo: async (z) => { zoom = z; on.zoomend(); await settle(); } };
}

test("the level follows the zoom, is asked for once, and only where the page wants it", async () => {
  const it = await explorer();
  await it.zoomTo(10);
  assert.deepEqual(it.said, [], "it shows villages already");
  await it.zoomTo(9.99);
  await it.zoomTo(8.6);
  assert.deepEqual(it.said, ["tingkat:kecamatan"]);
  await it.zoomTo(8.59);
  await it.zoomTo(6);
  assert.deepEqual(it.said, ["tingkat:kecamatan", "tingkat:kabupaten"]);
  it.layer.state = { t: 2, o: false };
  await it.zoomTo(12);
  assert.equal(it.said.length, 2);
  it.layer.state = { t: 2, o: true };
  await it.zoomTo(12);
  assert.equal(it.said[2], "tingkat:desa");
});

test("a kabupaten or kecamatan that is clicked fills the map, to a zoom that shows what lies below it", async () => {
  const it = await explorer();
  it.map.unproject = (at) => at;
  it.map.getBoundsZoom = () => 4;
  const zooms = [];
  it.map.setView = (_, z) => zooms.push(z);
  for (const [t, nearest] of [[2, 4], [2, 20], [1, 4], [1, 20], [0, 20]]) {
    it.layer.state = { t, o: true };
    it.map.getBoundsZoom = () => nearest;
    it.layer.into({ box: [0, 0, 1, 1] });
  }
  assert.deepEqual(zooms, [8.75, 9.5, 10.25, 11.5], "a village fills nothing");
});

const KEY = (key, box) => ({ key, target: box, preventDefault() {}, stopImmediatePropagation() {} });

async function drawn(corners, key) {
  const it = await explorer();
  it.controls();
  it.buttons["⬠"]();
  assert.equal(it.layer.drawing, true);
  corners.forEach(([lng, lat]) => it.on.click({ latlng: { lng, lat } }));
  if (key) it.keys.keydown(KEY(key, it.map.getContainer()));
  return { shape: it.said.filter((text) => text.startsWith("bentuk")), drawing: it.layer.drawing };
}

test("a shape of three corners is sent with three decimals", async () => {
  const corners = [[121.12345, -9], [150, -9.00049], [150, 30]];
  assert.deepEqual(await drawn(corners, "Enter"), { shape: ["bentuk:121.123,-9.000;150.000,-9.000;150.000,30.000"], drawing: false });
});

test("a click on the first corner closes the shape", async () => {
  const { shape, drawing } = await drawn([[100, 0], [150, 0], [150, 30], [105, 5]]);
  assert.deepEqual([shape, drawing], [["bentuk:100.000,0.000;150.000,0.000;150.000,30.000"], false]);
});

test("two corners are no shape, and Escape sends nothing", async () => {
  assert.deepEqual(await drawn([[100, 0], [150, 0]], "Enter"), { shape: [], drawing: true });
  assert.deepEqual(await drawn([[100, 0], [150, 0], [150, 30]], "Escape"), { shape: [], drawing: false });
});

test("a shape has sixty corners at most", async () => {
  const far = Array.from({ length: 80 }, (_, i) => [20 * i, 20]);
  const { shape } = await drawn(far, "Enter");
  assert.equal(shape[0].split(";").length, 60);
});

test("roads are lines of steps on a grid", async () => {
  const it = await explorer({ konteks: KONTEKS });
  it.layer.explored({ k: "abc" });
  await it.settle();
  assert.deepEqual(it.asked, ["../../aset/konteks/abc.json"]);
  assert.deepEqual(it.lines[0], [[[-9, 120], [-9, 120.01], [-9.005, 120.01]], [[-8, 130], [-7.9999, 130.0001]]]);
  it.layer.explored({ k: "abc" });
  await it.settle();
  assert.equal(it.asked.length, 1, "the same places are asked for once");
  it.controls();
  assert.equal(it.said.at(-1), "sumber OSM");
});

test("the mark under the pointer is the nearest within ten pixels, and none once marks are switched off", async () => {
  const it = await explorer({ konteks: KONTEKS });
  it.layer.explored({ k: "abc" });
  await it.settle();
  const near = (lng) => it.layer.near({ lng, lat: -9 })?.text;
  assert.deepEqual([near(118), near(116), near(130.9), near(131.1)], ["LTSA Kupang", "LTSA Bali", "LTSA Kupang", undefined]);
  assert.equal(it.layer.near({ lng: 121, lat: -9 }).more, "Layanan Terpadu");
  it.controls();
  it.buttons["◆"]();
  assert.equal(near(121), undefined);
  it.buttons["◆"]();
  assert.equal(near(121), "LTSA Kupang");
});

test("marks of places are left out where they would cover the province", async () => {
  const it = await explorer({ zoom: 6.9, konteks: KONTEKS });
  it.layer.explored({ k: "abc" });
  await it.settle();
  assert.equal(it.layer.near({ lng: 121, lat: -9 }), null);
  assert.deepEqual(it.layer.marks(), []);
});
