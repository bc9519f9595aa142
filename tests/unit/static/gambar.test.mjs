import assert from "node:assert/strict";
import { test } from "node:test";
import { anything, canvas, run } from "./kit.mjs";

/** Saves a map of 480 × 300; the texts on it and the file's name. */
function saved({ contoh, about = "" }) {
  const texts = [], link = { clicked: 0, click() { this.clicked++; } };
  const paper = canvas(texts);
  const place = { closest: () => ({ querySelector: () => ({ innerText: about }) }) };
  const document = {
    createElement: (tag) => (tag === "a" ? link : paper), querySelector: () => ({ textContent: "© BIG" })
  };
  const { save } = run(["gambar"], { window: { PetaAman: { SEA: "#fff" }, frameElement: place }, document });
  const row = (...parts) => ({ querySelector: () => canvas(), querySelectorAll: () => parts.map((textContent) => ({ textContent })) });
  const legend = { querySelectorAll: () => [row("Prioritas I", "12"), row("Pemantauan", "3.430")] };
  const map = {
    getSize: () => ({ x: 480, y: 300 }), getPanes: () => ({ overlayPane: { querySelectorAll: () => [] } }),
    getContainer: () => ({ getBoundingClientRect: () => ({ left: 0, top: 0 }), querySelector: () => ({ offsetWidth: 80, textContent: "50 km" }) })
  };
  const layer = {
    _tiles: {}, marks: () => [{ sign: "◆", x: 1, y: 1, text: "LTSA" }], state: { kata: { legenda: "Skor", contoh }, b: null }
  };
  save(map, layer, legend, anything());
  return { texts, link, paper };
}

test("the picture tells its legend, scale, places and sources", () => {
  const { texts, link } = saved({ about: "Sumber: BPS 2024." });
  for (const text of ["◆", "LTSA", "50 km", "Skor", "Prioritas I  12", "Pemantauan  3.430", "Sumber: BPS 2024. © BIG"]) assert.ok(texts.includes(text), text);
  assert.deepEqual([link.download, link.clicked], ["peta.png", 1]);
});

test("sample data are marked on the picture and in its name", () => {
  const { texts, link } = saved({ contoh: "DATA CONTOH" });
  assert.ok(texts.includes("DATA CONTOH"));
  assert.equal(link.download, "peta-DATA-CONTOH.png");
});

test("sources are broken into lines that fit, no word lost, and the paper grows with them", () => {
  const about = Array.from({ length: 60 }, (_, i) => `sumber${i}`).join(" ");
  const long = saved({ about }), short = saved({ about: "satu" });
  const lines = long.texts.filter((text) => text.startsWith("sumber"));
  assert.ok(lines.length > 5);
  assert.ok(lines.every((line) => 6 * line.length <= 460));
  assert.equal(lines.join(" "), `${about} © BIG`);
  assert.equal(long.paper.height - short.paper.height, 2 * 15 * (lines.length - 1), "at two pixels a point");
});
