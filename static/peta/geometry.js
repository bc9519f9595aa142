/* Peta Aman: outlines in flat arrays, and which area a pixel or a place belongs to. */
(function () {
  "use strict";
  var OBJECTS = ["desa", "kec", "kab"];

  // --- geometry: TopoJSON to world pixels at zoom 0, in flat arrays (objects of their own would cost ten times the memory).
  // topojson-client reads the grid. Areas stay made of shared arcs, not of its features: each line is thinned once for both
  // sides, so no slivers, and to stitch its meshes would take ten times as long as all of this.
  function project(lon, lat) {
    var s = Math.sin(lat * Math.PI / 180);
    return [(lon + 180) / 360 * 256, 128 - 128 * Math.log((1 + s) / (1 - s)) / (2 * Math.PI)];
  }
  function widen(boxes, i, x0, y0, x1, y1) {
    i *= 4;
    if (x0 < boxes[i]) boxes[i] = x0; if (y0 < boxes[i + 1]) boxes[i + 1] = y0;
    if (x1 > boxes[i + 2]) boxes[i + 2] = x1; if (y1 > boxes[i + 3]) boxes[i + 3] = y1;
  }
  function noBoxes(n) {
    var b = new Float64Array(4 * n);
    for (var i = 0; i < n; i++) { b[4 * i] = b[4 * i + 1] = Infinity; b[4 * i + 2] = b[4 * i + 3] = -Infinity; }
    return b;
  }
  function decode(topo) {
    var lonlat = window.topojson.transform(topo.transform), total = 0;
    var place = function (step, at) { var p = lonlat(step, at); return project(p[0], p[1]); };
    topo.arcs.forEach(function (arc) { total += arc.length; });
    var n = topo.arcs.length, geo = { xy: new Float64Array(2 * total), from: new Uint32Array(n + 1), boxes: noBoxes(n), lod: {} }, m = 0;
    topo.arcs.forEach(function (arc, i) {
      geo.from[i] = m;
      arc.forEach(function (step, at) {
        var q = place(step, at);
        geo.xy[m++] = q[0]; geo.xy[m++] = q[1]; widen(geo.boxes, i, q[0], q[1], q[0], q[1]);
      });
    });
    geo.from[n] = m;
    function collect(names) {                       // areas sorted by code: {n, k, arcs, from, boxes, points, lines}
      var found = [];
      names.forEach(function (name) { var o = topo.objects[name]; if (o) found = found.concat((o.geometries || [o]).filter(function (g) { return g.type; })); });
      var code = function (g) { return (g.properties || {}).k || ""; };
      found.sort(function (a, b) { return code(a) < code(b) ? -1 : code(a) > code(b) ? 1 : 0; });
      var areas = { n: found.length, k: found.map(code), from: new Uint32Array(found.length + 1), boxes: noBoxes(found.length), points: [] }, arcs = [];
      var seen = new Uint8Array(n), used = 0;
      found.forEach(function (g, j) {
        areas.from[j] = arcs.length;
        if (g.type === "Point") { var p = place(g.coordinates, 0); widen(areas.boxes, j, p[0], p[1], p[0], p[1]); areas.points.push(j); return; }
        (g.type === "MultiPolygon" ? g.arcs : [g.arcs]).forEach(function (polygon) { polygon.forEach(function (ring) { ring.forEach(function (a, at) {
          var i = a < 0 ? ~a : a, b = 4 * i;
          if (!seen[i]) { seen[i] = 1; used++; }
          widen(areas.boxes, j, geo.boxes[b], geo.boxes[b + 1], geo.boxes[b + 2], geo.boxes[b + 3]);
          arcs.push(a, at === 0 ? 1 : 0);           // the arc, and whether a ring begins with it
        }); }); });
      });
      areas.from[found.length] = arcs.length;
      areas.arcs = Int32Array.from(arcs);
      areas.lines = new Uint32Array(used);
      for (var i = 0, l = 0; i < n; i++) if (seen[i]) areas.lines[l++] = i;
      return areas;
    }
    geo.levels = OBJECTS.map(function (name, i) { return collect(i ? [name] : [name, "titik"]); });
    geo.context = collect(["konteks"]);
    return geo;
  }
  function position(codes, k) {                     // of a code in sorted codes, or where it would stand
    var a = 0, b = codes.length;
    while (a < b) { var m = (a + b) >> 1; if (codes[m] < k) a = m + 1; else b = m; }
    return a;
  }
  function thinned(geo, z) {                        // in pixels of a zoom; points nearer than 0.7 px to the last kept one are left out
    if (geo.lod[z]) return geo.lod[z];
    var kept = Object.keys(geo.lod), scale = Math.pow(2, z), n = geo.from.length - 1, out = new Float64Array(geo.xy.length), from = new Uint32Array(n + 1), m = 0;
    if (kept.length > 2) delete geo.lod[kept[0]];
    for (var i = 0; i < n; i++) {
      var a = geo.from[i], b = geo.from[i + 1], px = 0, py = 0;
      from[i] = m;
      for (var j = a; j < b; j += 2) {
        var x = geo.xy[j] * scale, y = geo.xy[j + 1] * scale;
        if (j === a || j === b - 2 || Math.abs(x - px) + Math.abs(y - py) > 0.7) { out[m++] = px = x; out[m++] = py = y; }
      }
    }
    from[n] = m;
    return (geo.lod[z] = { xy: out.slice(0, m), from: from });
  }

  // --- which area a pixel belongs to: even-odd over pixel centres, so that neighbours share out every pixel between them
  var keys = new Float64Array(1 << 12);
  function crossings(lod, areas, j, at) {           // where outlines cross the rows of a tile, as sorted numbers row * 2^14 + x
    var n = 0, w = at.w, h = at.h, r = at.r, ox = at.ox, oy = at.oy;
    for (var e = areas.from[j]; e < areas.from[j + 1]; e += 2) {
      var i = areas.arcs[e], a = lod.from[i < 0 ? ~i : i], b = lod.from[(i < 0 ? ~i : i) + 1], xy = lod.xy;
      var x1 = (xy[a] - ox) * r, y1 = (xy[a + 1] - oy) * r;
      for (a += 2; a < b; a += 2) {
        var x0 = x1, y0 = y1;
        x1 = (xy[a] - ox) * r; y1 = (xy[a + 1] - oy) * r;
        var up = y0 < y1, top = up ? y0 : y1, first = Math.max(0, Math.ceil(top - 0.5)), last = Math.min(h, Math.ceil((up ? y1 : y0) - 0.5));
        if (first >= last) continue;
        // the same sum whichever side the edge is met from
        var step = up ? (x1 - x0) / (y1 - y0) : (x0 - x1) / (y0 - y1), base = (up ? x0 : x1) + (0.5 - top) * step;
        if (n + last - first > keys.length) { var more = new Float64Array(2 * (n + last - first)); more.set(keys); keys = more; }
        for (var row = first; row < last; row++) {
          var x = base + row * step;
          keys[n++] = row * 16384 + (x < 0 ? 0 : x > w ? w : x);
        }
      }
    }
    if (n > 24) keys.subarray(0, n).sort();
    else for (var p = 1; p < n; p++) { var v = keys[p], q = p - 1; while (q >= 0 && keys[q] > v) { keys[q + 1] = keys[q]; q--; } keys[q + 1] = v; }
    return n;
  }
  function spread(ids, lod, areas, j, at, value) {
    var n = crossings(lod, areas, j, at), w = at.w;
    for (var p = 0; p + 1 < n; p += 2) {
      var row = Math.floor(keys[p] / 16384), from = Math.ceil(keys[p] - row * 16384 - 0.5), to = Math.ceil(keys[p + 1] - row * 16384 - 0.5);
      for (var i = row * w + (from < 0 ? 0 : from), end = row * w + to; i < end; i++) ids[i] = value;
    }
  }

  function within(geo, areas, j, x, y) {
    var inside = false, xy = geo.xy;
    for (var e = areas.from[j]; e < areas.from[j + 1]; e += 2) {
      var i = areas.arcs[e] < 0 ? ~areas.arcs[e] : areas.arcs[e];
      for (var n = geo.from[i] + 2; n < geo.from[i + 1]; n += 2)
        if ((xy[n + 1] > y) !== (xy[n - 1] > y) && x < (xy[n - 2] - xy[n]) * (y - xy[n + 1]) / (xy[n - 1] - xy[n + 1]) + xy[n]) inside = !inside;
    }
    return inside;
  }

  window.PetaAman = { decode: decode, project: project, position: position, thinned: thinned, spread: spread, within: within };
})();
