import assert from "node:assert/strict";
import { test } from "node:test";
import { canvas, leaflet, position, run } from "./kit.mjs";

const PAIRS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-.";
const FOURS = PAIRS + "_~!$()*+,;:@?/|^=";
const CODES = ["98.01.01.2001", "98.01.01.2002", "98.02.01.2001", "98.02.01.2002", "99.01.01.2001"];

function areas(codes) {
  const n = codes.length;
  return { n, k: codes, boxes: Float64Array.from({ length: 4 * n }, (_, i) => i), from: new Uint32Array(n + 1), points: [] };
}

function layer(more = {}, given = {}) {
  const asked = [];
  const { Layer } = run(["layer"], {
    document: { createElement: () => canvas() }, fetch: (url) => { asked.push(url); return new Promise(() => {}); }, ...given
  });
  const made = new Layer("peta.topo.json", "peta.names.json");
  made.parts = { z: Infinity, kotak: {} };
  asked.length = 0;
  return Object.assign(made, { geo: { levels: [areas(CODES), areas(["98.01.01"]), areas(["98.01"])] }, wanted: asked }, more);
}

function sent(more) {
  return { q: Buffer.from(JSON.stringify({ legenda: "Prioritas" })).toString("base64"), c: "", u: "", ...more };
}

test("two classes a character come out as they went in", () => {
  const message = sent({ c: PAIRS });
  layer().take(message);
  assert.equal(message.c.length, 128);
  for (let a = 0; a < 8; a++) for (let b = 0; b < 8; b++) assert.deepEqual(Array.from(message.c.slice(16 * a + 2 * b, 16 * a + 2 * b + 2)), [a, b]);
});

test("four marks a character come out as they went in", () => {
  const message = sent({ u: FOURS });
  layer().take(message);
  for (let i = 0; i < 81; i++) {
    const [a, b, c, d] = message.u.slice(4 * i, 4 * i + 4);
    assert.ok([a, b, c, d].every((mark) => mark <= 2));
    assert.equal(27 * a + 9 * b + 3 * c + d, i);
  }
});

test("words arrive whole, with letters outside ASCII, and a message may be unpacked twice", () => {
  const message = sent({ q: Buffer.from(JSON.stringify({ sumber: "BPS – Désa “Ä”" })).toString("base64"), c: "1", u: undefined });
  const made = layer();
  made.take(message);
  assert.equal(message.kata.sumber, "BPS – Désa “Ä”");
  assert.deepEqual([...message.c], [0, 1]);
  assert.equal(message.u.length, 0);
  made.take(message);
  assert.deepEqual([...message.c], [0, 1]);
});

test("an area outside the filter, or that nothing was sent for, has no class", () => {
  const made = layer({ state: { c: Uint8Array.from([0, 6, 7]) } });
  assert.deepEqual([0, 1, 2, 3].map((i) => made.classOf(i)), [0, 6, -1, -1]);
});

test("each area's pixels get its class's colour, red first in memory", () => {
  const made = layer({ state: { t: 0, p: ["#010203", "#a0b0c0"], h: [], c: [0, 1, 7, 1, 0], u: [0, 0, 0, 0, 0] } });
  made.colours();
  const bytes = new Uint8Array(made.lut.buffer);
  const colour = (i) => Array.from(bytes.slice(4 * i, 4 * i + 4));
  assert.deepEqual(colour(0), [0, 0, 0, 0], "the sea shows the map's own ground");
  assert.deepEqual(colour(1), [0xef, 0xec, 0xe6, 255]);
  assert.deepEqual(colour(2), [1, 2, 3, 255]);
  assert.deepEqual(colour(3), [0xa0, 0xb0, 0xc0, 255]);
  assert.deepEqual(colour(4), [0xf7, 0xf5, 0xf1, 255], "outside the filter: faded, whatever its class was");
  assert.deepEqual([...made.which], [0, 0, 0, 0, 0, 0, 0]);
});

test("hatched classes and marked areas get a pattern for each class and mark, and none outside the filter", () => {
  const made = layer({ state: { t: 0, p: ["#010203", "#a0b0c0"], h: [1], c: [0, 1, 0, 7, 0], u: [0, 1, 1, 1, 2] } });
  made.colours();
  assert.deepEqual(Array.from(made.which.slice(2)), [0, 1, 2, 0, 3]);
  assert.equal(made.patterns.length, 4);
  assert.deepEqual(made.patterns.slice(1).map((p) => p.data.length), [64, 36, 36]);
});

test("finer outlines stand in for their part of the areas, from the zoom that shows them", () => {
  const finer = { levels: [areas(CODES.slice(2, 4))], shift: [2] };
  const made = layer({ parts: { z: 9, kotak: {} }, loaded: { 98: finer } });
  const all = made.geo.levels[0];
  assert.deepEqual(made.pieces(0, 8), [[made.geo, all, 0, 5, 0]]);
  assert.deepEqual(made.pieces(0, 9), [[made.geo, all, 0, 2, 0], [finer, finer.levels[0], 0, 2, 2], [made.geo, all, 4, 5, 0]]);
  made.state = { t: 0 };
  assert.deepEqual([0, 2, 3, 4].map((i) => made.piece(0, 9, i)[0] === finer), [false, true, true, false]);
});

test("a name is told with those above it, as far as they are known", () => {
  const made = layer({ names: { "98.01.01.2001": "Sukamaju", "98.01.01": "Lontar", "98.01": "Kabupaten Satu" } });
  assert.deepEqual(made.named("98.01.01.2001"), ["Sukamaju", "Lontar", "Kabupaten Satu"]);
  assert.deepEqual(made.named("98.01.01"), ["Lontar", "Kabupaten Satu"]);
  assert.deepEqual(made.named("98.01"), ["Kabupaten Satu"]);
  assert.deepEqual(made.named("98.02.01.2001"), ["98.02.01.2001"], "a code stands in for an unknown name");
  assert.deepEqual(made.wanted, []);
});

test("names of a province that comes in parts are asked for once", () => {
  const made = layer({ names: {}, parts: { z: 9, kotak: { 98: [0, 0, 1, 1] } } });
  made.named("98.01.01.2001");
  made.named("98.01.01.2002");
  made.named("99.01.01.2001");
  assert.deepEqual(made.wanted, ["peta.98.names.json"]);
});

test("the chosen area is the one of that very code", () => {
  const made = layer({ state: { t: 0, s: "98.02.01.2001" } });
  assert.equal(made.chosen().i, 2);
  assert.deepEqual([...made.chosen().box], [8, 9, 10, 11]);
  for (const s of ["98.02.01.2009", "", undefined, "99.09"]) {
    made.state.s = s;
    assert.equal(made.chosen(), null);
  }
});

test("a name stands in the middle of the largest island", () => {
  // a square of 2 about (1, 1), and one of 6 about (13, 3), whose outline is two arcs, the second run backwards
  const xy = Float64Array.from([0, 0, 2, 0, 2, 2, 0, 2, 0, 0, 10, 0, 16, 0, 16, 6, 10, 0, 10, 6, 16, 6]);
  const geo = { xy, from: Uint32Array.from([0, 10, 16, 22]) };
  for (const arcs of [[0, 1, 1, 1, ~2, 0], [1, 1, ~2, 0, 0, 1]]) {
    const one = { boxes: Float64Array.from([0, 0, 16, 6]), from: Uint32Array.from([0, 6]), arcs: Int32Array.from(arcs) };
    assert.deepEqual(layer().anchor({ geo, areas: one, j: 0 }).map((v) => Math.round(v * 1e9) / 1e9), [13, 3]);
  }
});

test("finer outlines are asked for once, for provinces in view, from the zoom that shows them", async () => {
  const view = { pad: () => ({ intersects: ([[south, west]]) => south === -10 && west === 120 }) };
  const topo = { ok: true, json: () => Promise.resolve({}) };
  const wanted = [];
  const finer = { levels: [areas(CODES.slice(4))] };
  const window = { PetaAman: { position, decode: () => finer } };
  const made = layer(
    { parts: { z: 9, kotak: { 98: [120, -10, 121, -9], 99: [130, -5, 131, -4] } } },
    { window, L: leaflet(), fetch: (url) => { wanted.push(url); return url === "peta.98.topo.json" ? Promise.resolve(topo) : new Promise(() => {}); } }
  );
  wanted.length = 0;
  made._tiles = {};
  made._map = { getZoom: () => 8.75, getBounds: () => view };
  made.need();
  assert.deepEqual(wanted, []);
  made._map.getZoom = () => 9;
  made.need();
  made.need();
  assert.deepEqual(wanted, ["peta.98.names.json", "peta.98.topo.json"]);
  await new Promise(setImmediate);
  assert.equal(made.loaded[98], finer);
  assert.deepEqual(finer.shift, [4]);
});
