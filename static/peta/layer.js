/* Peta Aman: the map layer.
 *
 * Geometry comes once, as one TopoJSON whose name is its hash, and stays in the browser's cache. A rerun of the page
 * sends half a character per area (`muat`), so a change of colour repaints canvases and fetches nothing.
 * Every text is set through textContent or fillText, never as HTML.
 */
(function () {
  "use strict";
  var TILE = 512, SEA = "#e4edf2", LAND = "#efece6", FADED = "#f7f5f1";
  var OBJECTS = ["desa", "kec", "kab"];

  // --- geometry: TopoJSON to world pixels at zoom 0 --------------------------------------------------------------------
  function project(lon, lat) {
    var s = Math.sin(lat * Math.PI / 180);
    return [(lon + 180) / 360 * 256, 128 - 128 * Math.log((1 + s) / (1 - s)) / (2 * Math.PI)];
  }
  function decode(topo) {
    var t = topo.transform || { scale: [1, 1], translate: [0, 0] }, delta = !!topo.transform;
    var place = function (x, y) { return project(x * t.scale[0] + t.translate[0], y * t.scale[1] + t.translate[1]); };
    var arcs = topo.arcs.map(function (arc) {
      var out = new Float64Array(arc.length * 2), x = 0, y = 0;
      arc.forEach(function (p, i) {
        x = delta ? x + p[0] : p[0]; y = delta ? y + p[1] : p[1];
        var q = place(x, y); out[2 * i] = q[0]; out[2 * i + 1] = q[1];
      });
      return out;
    });
    var boxes = arcs.map(function (a) {
      var b = [Infinity, Infinity, -Infinity, -Infinity];
      for (var i = 0; i < a.length; i += 2) {
        if (a[i] < b[0]) b[0] = a[i]; if (a[i] > b[2]) b[2] = a[i];
        if (a[i + 1] < b[1]) b[1] = a[i + 1]; if (a[i + 1] > b[3]) b[3] = a[i + 1];
      }
      return b;
    });
    function feature(g) {
      var f = { k: (g.properties || {}).k || "", rings: [], box: [Infinity, Infinity, -Infinity, -Infinity] };
      if (g.type === "Point") {
        var p = place(g.coordinates[0], g.coordinates[1]);
        f.point = p; f.box = [p[0], p[1], p[0], p[1]];
      } else if (g.arcs) {
        (g.type === "MultiPolygon" ? g.arcs : [g.arcs]).forEach(function (polygon) {
          polygon.forEach(function (ring) {
            f.rings.push(ring);
            ring.forEach(function (i) {
              var b = boxes[i < 0 ? ~i : i];
              f.box[0] = Math.min(f.box[0], b[0]); f.box[1] = Math.min(f.box[1], b[1]);
              f.box[2] = Math.max(f.box[2], b[2]); f.box[3] = Math.max(f.box[3], b[3]);
            });
          });
        });
      }
      return f;
    }
    function collect(name) {
      var o = topo.objects[name];
      if (!o) return [];
      return (o.geometries || [o]).filter(function (g) { return g.type; }).map(feature);
    }
    function lines(features) {
      var seen = {};
      features.forEach(function (f) { f.rings.forEach(function (r) { r.forEach(function (i) { seen[i < 0 ? ~i : i] = 1; }); }); });
      return Object.keys(seen).map(Number);
    }
    var byCode = function (a, b) { return a.k < b.k ? -1 : a.k > b.k ? 1 : 0; };
    var levels = OBJECTS.map(function (name, i) {
      var list = collect(name).concat(i === 0 ? collect("titik") : []).sort(byCode), at = {};
      list.forEach(function (f, j) { at[f.k] = j; });
      return { list: list, at: at, lines: lines(list) };
    });
    return { arcs: arcs, boxes: boxes, levels: levels, context: collect("konteks") };
  }

  // --- drawing ---------------------------------------------------------------------------------------------------------
  function thin(arc, scale) {                       // points nearer than 0.7 px to the last kept one are not drawn
    var n = arc.length, out = new Float64Array(n), m = 2, px = arc[0] * scale, py = arc[1] * scale;
    out[0] = px; out[1] = py;
    for (var i = 2; i < n; i += 2) {
      var x = arc[i] * scale, y = arc[i + 1] * scale;
      if (i === n - 2 || Math.abs(x - px) + Math.abs(y - py) > 0.7) { out[m++] = px = x; out[m++] = py = y; }
    }
    return out.slice(0, m);
  }
  var PAIRS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-.";
  function unpack(text) {                           // two areas a character, a class 0-6 each; 7 is outside the filter
    if (typeof text !== "string") return text;
    var out = new Uint8Array(text.length * 2);
    for (var i = 0; i < text.length; i++) { var v = PAIRS.indexOf(text[i]); out[2 * i] = v >> 3; out[2 * i + 1] = v & 7; }
    return out;
  }
  var FOURS = PAIRS + "_~!$()*+,;:@?/|^=";
  function unpackMarks(text) {                      // four areas a character: 1 tie zone, 2 wide interval
    var out = new Uint8Array((text || "").length * 4);
    for (var i = 0; i < out.length; i += 4) { var v = FOURS.indexOf(text[i / 4]); for (var j = 3; j >= 0; j--) { out[i + j] = v % 3; v = Math.floor(v / 3); } }
    return out;
  }
  function light(colour) { return parseInt(colour.slice(1, 3), 16) * 0.3 + parseInt(colour.slice(3, 5), 16) * 0.6 + parseInt(colour.slice(5, 7), 16) * 0.1 > 150; }
  function marking(ctx, kind, colour) {             // dots or thin lines that stand out on light and on dark classes
    var c = document.createElement("canvas"); c.width = c.height = 6;
    var g = c.getContext("2d"), ink = light(colour) ? "rgba(30,25,70,0.85)" : "rgba(255,255,255,0.9)";
    g.fillStyle = g.strokeStyle = ink;
    if (kind === 1) { g.beginPath(); g.arc(1.6, 1.6, 1.2, 0, 7); g.arc(4.6, 4.6, 1.2, 0, 7); g.fill(); }
    else { g.globalAlpha = 0.55; g.lineWidth = 0.9; g.beginPath(); [[-1, 5, 1, 7], [0, 0, 6, 6], [5, -1, 7, 1]].forEach(function (l) { g.moveTo(l[0], l[1]); g.lineTo(l[2], l[3]); }); g.stroke(); }
    return ctx.createPattern(c, "repeat");
  }
  function hatch(ctx, colour) {
    var c = document.createElement("canvas"); c.width = c.height = 8;
    var g = c.getContext("2d");
    g.fillStyle = "#e9eaee"; g.fillRect(0, 0, 8, 8);
    g.strokeStyle = colour; g.lineWidth = 1.4; g.beginPath();
    [[-2, 2, 2, -2], [0, 8, 8, 0], [6, 10, 10, 6]].forEach(function (l) { g.moveTo(l[0], l[1]); g.lineTo(l[2], l[3]); });
    g.stroke();
    return ctx.createPattern(c, "repeat");
  }

  var Layer = L.GridLayer.extend({
    initialize: function (url, names) {
      L.GridLayer.prototype.initialize.call(this, { tileSize: TILE, updateWhenZooming: false, keepBuffer: 1 });
      this.lod = {}; this.state = null; this.canvases = {};
      var self = this;
      fetch(url, { cache: "force-cache" }).then(function (r) { if (!r.ok) throw r.status; return r.json(); })
        .then(function (topo) { self.geo = decode(topo); self.repaint(); self.fire("siap"); })
        .catch(function () { self.broken = true; self.fire("gagal"); });
      fetch(names, { cache: "force-cache" }).then(function (r) { return r.json(); })
        .then(function (n) { self.take(n); self.repaint(); }).catch(function () {});
    },
    onAdd: function (map) {
      L.GridLayer.prototype.onAdd.call(this, map);
      map.on("zoomend", this.repaint, this);
    },
    take: function (names) {                        // {code: [name, kecamatan, kabupaten]}, levels above may be empty
      var all = Object.create(null);
      Object.keys(names).forEach(function (k) { all[k] = names[k].filter(Boolean); });
      this.names = all; this.labels = {};
    },
    muat: function (m) {
      m.kata = JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(m.q), function (c) { return c.charCodeAt(0); })));
      m.c = unpack(m.c); m.u = unpackMarks(m.u); this.state = m; this.patterns = {};
      this.repaint();
    },
    level: function () { return this.geo.levels[this.state ? this.state.t : 0]; },
    classOf: function (i) { var c = this.state.c[i]; return c === undefined || c === 7 ? -1 : c; },
    // A tile is two canvases: colours below, lines and names above. A change of colours leaves the upper one alone.
    createTile: function (coords) {
      var tile = document.createElement("div");
      tile.sheets = [0, 1].map(function () {
        var c = document.createElement("canvas");
        c.coords = coords; c.style.cssText = "position:absolute;left:0;top:0;width:100%;height:100%";
        return tile.appendChild(c);
      });
      this.draw(tile); this.done();
      return tile;
    },
    repaint: function () {
      for (var key in this._tiles) this.draw(this._tiles[key].el);
      this.done();
    },
    done: function () {
      var self = this;
      if (!this.geo || !this.state || this.asked) return;
      this.asked = true;
      requestAnimationFrame(function () { setTimeout(function () {
        self.asked = false;
        var start = performance.timeOrigin;
        try { start = window.top.performance.timeOrigin; } catch (e) { /* another origin shows us: our own start */ }
        var root = document.documentElement;
        root.setAttribute("data-units", self.level().list.length);
        root.setAttribute("data-painted", Math.round(performance.timeOrigin + performance.now() - start));
      }, 0); });
    },
    arc: function (i, z) {
      var cache = this.lod[z];
      if (!cache) {
        var kept = Object.keys(this.lod);
        if (kept.length > 3) delete this.lod[kept[0]];
        cache = this.lod[z] = new Array(this.geo.arcs.length);
      }
      return cache[i] || (cache[i] = thin(this.geo.arcs[i], Math.pow(2, z)));
    },
    trace: function (ctx, ring, z) {
      for (var n = 0; n < ring.length; n++) {
        var i = ring[n], a = this.arc(i < 0 ? ~i : i, z), j;
        if (i >= 0) for (j = n ? 2 : 0; j < a.length; j += 2) { if (j || n) ctx.lineTo(a[j], a[j + 1]); else ctx.moveTo(a[0], a[1]); }
        else for (j = a.length - (n ? 4 : 2); j >= 0; j -= 2) { if (n || j < a.length - 2) ctx.lineTo(a[j], a[j + 1]); else ctx.moveTo(a[j], a[j + 1]); }
      }
      ctx.closePath();
    },
    shape: function (ctx, f, z) { ctx.beginPath(); for (var i = 0; i < f.rings.length; i++) this.trace(ctx, f.rings[i], z); },
    stroke: function (ctx, lines, z, inside) {
      ctx.beginPath();
      for (var n = 0; n < lines.length; n++) {
        if (!inside(this.geo.boxes[lines[n]])) continue;
        var a = this.arc(lines[n], z);
        ctx.moveTo(a[0], a[1]);
        for (var j = 2; j < a.length; j += 2) ctx.lineTo(a[j], a[j + 1]);
      }
      ctx.stroke();
    },
    colour: function (ctx, c) {
      var s = this.state;
      if (c < 0) return FADED;
      if (s.h.indexOf(c) < 0) return s.p[c];
      return this.near(this.patterns[c] || (this.patterns[c] = hatch(ctx, s.p[c])));
    },
    marked: function (ctx, kind, colour) { var k = kind + colour; return this.near(this.patterns[k] || (this.patterns[k] = marking(ctx, kind, colour))); },
    near: function (pattern) { pattern.setTransform(this.origin); return pattern; },   // far from its origin a pattern is lost to rounding
    draw: function (tile) {
      if (!this.geo || !this.state) return;
      var f = this.level().list[this.level().at[this.state.s]], on = [this.state.t, this.state.s, !!this.names].join();
      // As many pixels as the screen shows: tiles are drawn for whole zooms and shown at quarter ones.
      var r = Math.min(window.devicePixelRatio || 1, 2) * Math.min(1.42, Math.max(0.7, Math.pow(2, this._map.getZoom() - tile.sheets[0].coords.z)));
      // Lines and names are drawn once, so they may be sharper.
      if (tile.ratio !== r) { tile.sheets.forEach(function (c, i) { c.ratio = r * (i ? 1.4 : 1); c.width = c.height = Math.ceil(TILE * c.ratio); }); tile.ratio = r; tile.drawn = ""; }
      this.fill(this.sheet(tile.sheets[0]));
      if (tile.drawn === on) return;
      tile.drawn = on;
      this.line(this.sheet(tile.sheets[1]), f);
    },
    sheet: function (canvas) {                      // an empty canvas set to world pixels, and what part of the world it is
      var z = canvas.coords.z, scale = Math.pow(2, z), ox = canvas.coords.x * TILE, oy = canvas.coords.y * TILE, r = canvas.ratio;
      var pad = 24, x0 = (ox - pad) / scale, y0 = (oy - pad) / scale, x1 = (ox + TILE + pad) / scale, y1 = (oy + TILE + pad) / scale;
      var ctx = canvas.getContext("2d");
      ctx.setTransform(1, 0, 0, 1, 0, 0); ctx.clearRect(0, 0, canvas.width, canvas.height);
      ctx.setTransform(r, 0, 0, r, -ox * r, -oy * r); ctx.lineJoin = "round";
      this.origin = new DOMMatrix([1, 0, 0, 1, ox - ox % 24, oy - oy % 24]);
      return { ctx: ctx, z: z, scale: scale, ox: ox, oy: oy, inside: function (b) { return b[0] < x1 && b[2] > x0 && b[1] < y1 && b[3] > y0; } };
    },
    fill: function (at) {
      var ctx = at.ctx, z = at.z, level = this.level(), self = this, i, f, c;
      var under = function (list) { ctx.fillStyle = LAND; list.forEach(function (g) { if (at.inside(g.box)) { self.shape(ctx, g, z); ctx.fill("evenodd"); } }); };
      under(this.geo.context); under(this.geo.levels[2].list);
      for (i = 0; i < level.list.length; i++) {
        f = level.list[i];
        if (f.point || !at.inside(f.box)) continue;
        c = this.classOf(i);
        this.shape(ctx, f, z); ctx.fillStyle = this.colour(ctx, c); ctx.fill("evenodd");
        if (this.state.u[i] && c >= 0) { ctx.fillStyle = this.marked(ctx, this.state.u[i], this.state.p[c]); ctx.fill("evenodd"); }
      }
      for (i = 0; i < level.list.length; i++) if (level.list[i].point && at.inside(level.list[i].box)) this.dot(ctx, level.list[i], i, z, at.scale);
    },
    line: function (at, chosen) {
      var ctx = at.ctx, z = at.z, t = this.state.t, self = this;
      var pen = function (colour, width, lines) { ctx.strokeStyle = colour; ctx.lineWidth = width; self.stroke(ctx, lines, z, at.inside); };
      if (t === 0 && z >= 8) pen("rgba(255,255,255,0.75)", z >= 10 ? 1 : 0.5, this.level().lines);
      if (t < 2 && z >= 7) pen("rgba(50,50,75,0.5)", z >= 10 ? 1.1 : 0.5, this.geo.levels[1].lines);
      pen("rgba(35,35,55,0.85)", z >= 9 ? 1.8 : 1, this.geo.levels[2].lines);
      this.write(ctx, z, { x0: at.ox, y0: at.oy, x1: at.ox + TILE, y1: at.oy + TILE });
      if (chosen && at.inside(chosen.box)) this.mark(ctx, chosen, z, at.scale);
    },
    dot: function (ctx, f, i, z, scale) {           // a village without an official polygon: a ring with a small flag
      var x = f.point[0] * scale, y = f.point[1] * scale, r = z < 8 ? 2.5 : z < 10 ? 4 : 6;
      ctx.beginPath(); ctx.arc(x, y, r, 0, 7); ctx.fillStyle = this.colour(ctx, this.classOf(i)); ctx.fill();
      ctx.lineWidth = z < 8 ? 1 : 1.6; ctx.strokeStyle = "#16324f"; ctx.stroke();
      if (z < 9) return;
      ctx.beginPath(); ctx.moveTo(x, y - r); ctx.lineTo(x, y - r - 8); ctx.lineTo(x + 6, y - r - 6); ctx.lineTo(x, y - r - 4);
      ctx.fillStyle = "#16324f"; ctx.fill(); ctx.stroke();
    },
    mark: function (ctx, f, z, scale) {
      if (f.point) { ctx.beginPath(); ctx.arc(f.point[0] * scale, f.point[1] * scale, 10, 0, 7); } else this.shape(ctx, f, z);
      ctx.strokeStyle = "#ffffff"; ctx.lineWidth = 6; ctx.stroke();
      ctx.strokeStyle = "#0b1f33"; ctx.lineWidth = 2.6; ctx.stroke();
    },
    write: function (ctx, z, tile) {                // names of kabupaten, then kecamatan, then villages as one comes nearer
      if (!this.names) return;
      var labels = this.labels[z] || (this.labels[z] = this.place(ctx, z));
      ctx.textAlign = "center"; ctx.textBaseline = "middle"; ctx.lineWidth = 3; ctx.strokeStyle = "rgba(255,255,255,0.9)"; ctx.fillStyle = "#1b2430";
      labels.forEach(function (l) {
        if (l.x1 < tile.x0 || l.x0 > tile.x1 || l.y1 < tile.y0 || l.y0 > tile.y1) return;
        ctx.font = l.font; ctx.strokeText(l.text, l.x, l.y); ctx.fillText(l.text, l.x, l.y);
      });
    },
    place: function (ctx, z) {
      var scale = Math.pow(2, z), self = this, taken = {}, out = [];
      var groups = z < 10 ? [2] : z < 12 ? [2, 1] : [1, 0];
      groups.forEach(function (g) {
        var font = (g === 2 ? "700 13px" : g === 1 ? "600 11.5px" : "11px") + " 'Source Sans', system-ui, sans-serif";
        ctx.font = font;
        self.geo.levels[g].list.map(function (f) { return { f: f, size: (f.box[2] - f.box[0]) * (f.box[3] - f.box[1]) }; })
          .sort(function (a, b) { return b.size - a.size; })
          .forEach(function (item) {
            var f = item.f, n = self.names[f.k], text = n && n[0].replace(/^Kabupaten /, "");
            if (!text) return;
            if (g === 2 && z >= 10) text = text.toUpperCase();
            var p = f.anchor || (f.anchor = self.anchor(f)), x = p[0] * scale, y = p[1] * scale + (f.point ? 14 : 0);
            var w = ctx.measureText(text).width / 2 + 3, h = 8;
            if (!f.point && (f.box[2] - f.box[0]) * scale < w * (g === 2 ? 0.7 : 1.3)) return;
            var cells = [], free = true;
            for (var cx = Math.floor((x - w) / 24); cx <= Math.floor((x + w) / 24); cx++)
              for (var cy = Math.floor((y - h) / 16); cy <= Math.floor((y + h) / 16); cy++) { var c = cx + ":" + cy; if (taken[c]) free = false; cells.push(c); }
            if (!free) return;
            cells.forEach(function (c) { taken[c] = 1; });
            out.push({ text: text, x: x, y: y, x0: x - w, x1: x + w, y0: y - h, y1: y + h, font: font });
          });
      });
      return out;
    },
    anchor: function (f) {                          // centroid of the largest ring
      if (f.point) return f.point;
      var best = 0, at = [(f.box[0] + f.box[2]) / 2, (f.box[1] + f.box[3]) / 2], self = this;
      f.rings.forEach(function (ring) {
        var p = self.points(ring), a = 0, x = 0, y = 0, ox = p[0], oy = p[1];
        for (var i = 0, j = p.length - 2; i < p.length; j = i, i += 2) {
          var u = p[j] - ox, v = p[j + 1] - oy, s = p[i] - ox, w = p[i + 1] - oy, d = u * w - s * v;
          a += d; x += (u + s) * d; y += (v + w) * d;
        }
        if (Math.abs(a) > best) { best = Math.abs(a); at = [ox + x / (3 * a), oy + y / (3 * a)]; }
      });
      return at;
    },
    points: function (ring) {
      var out = [], arcs = this.geo.arcs;
      ring.forEach(function (i) {
        var a = arcs[i < 0 ? ~i : i], j;
        if (i >= 0) for (j = 0; j < a.length; j += 2) out.push(a[j], a[j + 1]);
        else for (j = a.length - 2; j >= 0; j -= 2) out.push(a[j], a[j + 1]);
      });
      return out;
    },
    find: function (latlng) {                       // the area under a place, points before polygons
      if (!this.geo || !this.state) return null;
      var p = project(latlng.lng, latlng.lat), x = p[0], y = p[1], list = this.level().list, hit = null;
      var near = 9 / Math.pow(2, this._map.getZoom()), best = near * near, i, f;
      for (i = 0; i < list.length; i++) {
        f = list[i];
        if (f.point) {
          var d = (f.point[0] - x) * (f.point[0] - x) + (f.point[1] - y) * (f.point[1] - y);
          if (d < best) { best = d; hit = i; }
        }
      }
      for (i = 0; hit === null && i < list.length; i++) {
        f = list[i];
        if (!f.point && x >= f.box[0] && x <= f.box[2] && y >= f.box[1] && y <= f.box[3] && this.within(f, x, y)) hit = i;
      }
      return hit === null ? null : list[hit];
    },
    within: function (f, x, y) {
      var inside = false, self = this;
      f.rings.forEach(function (ring) {
        var p = self.points(ring);
        for (var i = 0, j = p.length - 2; i < p.length; j = i, i += 2)
          if ((p[i + 1] > y) !== (p[j + 1] > y) && x < (p[j] - p[i]) * (y - p[i + 1]) / (p[j + 1] - p[i + 1]) + p[i]) inside = !inside;
      });
      return inside;
    }
  });

  window.PetaAman = { Layer: Layer, SEA: SEA, hatch: hatch, marking: marking };
})();
