/* Runs the map's scripts as a page does, one after the other, with what a browser would give them named by the test. */
import { readFileSync } from "node:fs";
import vm from "node:vm";

/** Answers to every property and call with itself, except for what it was given: a stand-in for what a test never looks at. */
export function anything(known = {}) {
  const it = new Proxy(function () {}, {
    get: (_, name) => (name in known ? known[name] : name === Symbol.toPrimitive ? () => "" : it),
    set: (_, name, value) => { known[name] = value; return true; },
    apply: () => it,
    construct: () => it,
    has: () => true
  });
  return it;
}

/** Leaflet's way to make classes, and nothing else of it that works. */
export function leaflet(known = {}) {
  class GridLayer {
    constructor(...words) { this.initialize(...words); }
    initialize() {}
    onAdd() {}
    fire() {}
    static extend(methods) {
      class Own extends GridLayer {}
      Object.assign(Own.prototype, methods);
      return Own;
    }
  }
  return anything({ GridLayer, ...known });
}

/** ``window.PetaAman`` after the named scripts ran; ``given`` are their globals. */
export function run(names, given = {}) {
  const window = given.window || { PetaAman: { position } };
  const globals = { document: anything(), L: leaflet(), fetch: () => new Promise(() => {}), ...given, window };
  for (const name of names) {
    const path = new URL(`../../../static/peta/${name}.js`, import.meta.url);
    const body = `(function (${Object.keys(globals).join(", ")}) {${readFileSync(path, "utf8")}\n})`;
    vm.runInThisContext(body, { filename: path.pathname })(...Object.values(globals));
  }
  return window.PetaAman;
}

/** Where a code stands in sorted codes, or would stand. */
export function position(codes, k) {
  const at = codes.findIndex((code) => code >= k);
  return at < 0 ? codes.length : at;
}

/** A drawing context that notes texts and knows letters of six pixels; and the canvas around it. */
export function canvas(texts = []) {
  const context = anything({
    fillText: (text) => texts.push(text),
    measureText: (text) => ({ width: 6 * text.length }),
    getImageData: (x, y, w, h) => ({ data: new Uint8ClampedArray(4 * w * h) })
  });
  return { width: 0, height: 0, style: {}, getContext: () => context, toDataURL: () => "data:", context };
}
