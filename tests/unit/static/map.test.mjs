import assert from "node:assert/strict";
import { test } from "node:test";
import { anything, leaflet, run } from "./kit.mjs";

/** The map as its page starts it; what it shows, tells the page and writes into the address. */
function started({ hash = "", stored = {} } = {}) {
  const on = {}, seen = { views: [], fitted: [], sent: [], hashes: [] };
  const place = { z: 7, lat: -9.5, lng: 121.25 };
  const keep = { "peta-aman.pandangan": JSON.stringify(stored) };
  const map = {
    on: (kind, act) => { on[kind] = on[kind] || act; }, getContainer: () => anything({ style: {}, addEventListener() {} }),
    setView: (at, z) => seen.views.push([...at, z]), fitBounds: (at) => seen.fitted.push(at), setMaxBounds() {}, closeTooltip() {},
    getCenter: () => ({ lat: place.lat, lng: place.lng }), getZoom: () => place.z
  };
  class Layer {
    constructor() { this.state = { t: 0 }; }
    on() {}
    addTo() {}
    repaint() {}
    into() {}
    take() {}
    find(at) { return at; }
    fire(_, { sourceTarget }) { seen.sent.push(sourceTarget.getTooltip().getContent()); }
  }
  const location = { hash, pathname: "/peta", search: "" };
  const parent = {
    location, addEventListener() {}, dispatchEvent() {},
    history: { replaceState: (_, __, url) => { seen.hashes.push(url); location.hash = url.slice(url.indexOf("#")); } }
  };
  const window = { PetaAman: { Layer, SEA: "#fff", explore: () => () => {} }, parent, addEventListener() {} };
  run(["map"], {
    window, L: leaflet({ latLngBounds: (a, b) => ({ pad: () => null, corners: [a, b] }) }), CustomEvent: class {},
    sessionStorage: { getItem: (name) => keep[name] ?? null, setItem: (name, text) => { keep[name] = text; } }
  });
  window.PetaAman.start(map, { topo: "t", names: "n", version: "v1", bbox: [118, -11, 126, -8] });
  return { ...seen, seen, on, place, layer: window.PETA, kept: () => JSON.parse(keep["peta-aman.pandangan"]) };
}

test("a map nobody moved shows the whole province", () => {
  const it = started();
  assert.deepEqual(it.fitted[0].corners, [[-11, 118], [-8, 126]]);
  assert.deepEqual([it.views, it.hashes], [[], []]);
});

test("an address that names a place opens there, before what was remembered", () => {
  const it = started({ hash: "#9.25/-9.5/124.125", stored: { v: "v1", y: -8, x: 120, z: 11 } });
  assert.deepEqual([it.views, it.fitted], [[[-9.5, 124.125, 9.25]], []]);
});

test("other text behind the # is no place", () => {
  for (const hash of ["#9/-9.5", "#a/b/c", "#9/-9.5/124/x", "#-1/2/3"]) assert.deepEqual(started({ hash }).views, [], hash);
});

test("the remembered view comes back for the same boundaries only", () => {
  const view = { y: -8.5, x: 120.5, z: 11 };
  assert.deepEqual(started({ stored: { v: "v1", ...view } }).views, [[-8.5, 120.5, 11]]);
  assert.deepEqual(started({ stored: { v: "v0", ...view } }).views, []);
  assert.deepEqual(started({ stored: { v: "v1", y: 1, x: 1 } }).views, []);
});

test("moving writes the place into the address and into memory, but not for a hair's breadth", () => {
  const it = started({ hash: "#7/-9.5000/121.2500" });
  it.on.moveend();
  Object.assign(it.place, { lat: -9.5003, lng: 121.2504 });
  it.on.moveend();
  assert.deepEqual(it.hashes, []);
  Object.assign(it.place, { lat: -9.5009, lng: 121.25 });
  it.on.moveend();
  it.place.z = 8.5;
  it.on.moveend();
  assert.deepEqual(it.hashes, ["/peta#7/-9.5009/121.2500", "/peta#8.5/-9.5009/121.2500"]);
  assert.deepEqual(it.kept(), { v: "v1", y: -9.5009, x: 121.25, z: 8.5 });
});

test("each click tells the last three villages, each with a mark of its own", () => {
  const it = started();
  for (const k of ["A", "A", "B", "C"]) it.on.click({ latlng: { k } });
  assert.equal(it.layer.state.s, "C");
  const told = it.sent.map((text) => text.split("|"));
  assert.deepEqual(told.map((one) => one.map((part) => part.split("#")[0]).join("")), ["A", "AA", "AAB", "ABC"]);
  assert.equal(new Set(told.flat()).size, 4, "the same village clicked twice is two messages");
  assert.deepEqual(told[3].slice(0, 2), told[2].slice(1));
});

test("a click on the sea, or while a shape is drawn, chooses nothing", () => {
  const it = started();
  it.on.click({ latlng: null });
  it.layer.drawing = true;
  it.on.click({ latlng: { k: "A" } });
  assert.deepEqual(it.sent, []);
});
