/* Peta Aman: the map layer.
 *
 * Geometry comes once, as TopoJSON whose name is its hash, and stays in the browser's cache. A rerun of the page sends
 * half a character per area (`muat`). Which area a pixel belongs to is worked out once a tile; a change of colours looks
 * each pixel up in a table, whatever the number of areas, and fetches nothing.
 * Every text is set through textContent or fillText, never as HTML.
 */
(function () {
  "use strict";
  var G = window.PetaAman, TILE = 512, SEA = "#e4edf2", LAND = "#efece6", FADED = "#f7f5f1";
  var PARTS = 6, BARE = 1, FIRST = 2;               // values of a pixel: 0 sea, 1 land, then areas

  // --- drawing ---------------------------------------------------------------------------------------------------------
  var PAIRS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-.", FOURS = PAIRS + "_~!$()*+,;:@?/|^=";
  function table(letters) { var t = new Uint8Array(128); for (var i = 0; i < letters.length; i++) t[letters.charCodeAt(i)] = i; return t; }
  var PAIR = table(PAIRS), FOUR = table(FOURS);
  function unpack(text) {                           // two areas a character, a class 0-6 each; 7 is outside the filter
    if (typeof text !== "string") return text;
    var out = new Uint8Array(text.length * 2);
    for (var i = 0; i < text.length; i++) { var v = PAIR[text.charCodeAt(i)]; out[2 * i] = v >> 3; out[2 * i + 1] = v & 7; }
    return out;
  }
  function unpackMarks(text) {                      // four areas a character: 1 tie zone, 2 wide interval
    if (typeof text !== "string") return text;
    var out = new Uint8Array(text.length * 4);
    for (var i = 0; i < out.length; i += 4) { var v = FOUR[text.charCodeAt(i / 4)]; for (var j = 3; j >= 0; j--) { out[i + j] = v % 3; v = Math.floor(v / 3); } }
    return out;
  }
  function part(colour, i) { return parseInt(colour.slice(1 + 2 * i, 3 + 2 * i), 16); }
  function light(colour) { return part(colour, 0) * 0.3 + part(colour, 1) * 0.6 + part(colour, 2) * 0.1 > 150; }
  function number(colour) { return (255 << 24 | part(colour, 2) << 16 | part(colour, 1) << 8 | part(colour, 0)) >>> 0; }
  function swatch(size, draw) { var c = document.createElement("canvas"); c.width = c.height = size; draw(c.getContext("2d")); return c; }
  function strokes(g, lines) { g.beginPath(); lines.forEach(function (l) { g.moveTo(l[0], l[1]); g.lineTo(l[2], l[3]); }); g.stroke(); }
  function marks(kind, colour) {                    // dots or thin lines that stand out on light and on dark classes
    return swatch(6, function (g) {
      g.fillStyle = g.strokeStyle = light(colour) ? "rgba(30,25,70,0.85)" : "rgba(255,255,255,0.9)";
      if (kind === 1) { g.beginPath(); g.arc(1.6, 1.6, 1.2, 0, 7); g.arc(4.6, 4.6, 1.2, 0, 7); g.fill(); }
      else { g.globalAlpha = 0.55; g.lineWidth = 0.9; strokes(g, [[-1, 5, 1, 7], [0, 0, 6, 6], [5, -1, 7, 1]]); }
    });
  }
  function hatching(colour) {
    return swatch(8, function (g) {
      g.fillStyle = "#e9eaee"; g.fillRect(0, 0, 8, 8);
      g.strokeStyle = colour; g.lineWidth = 1.4; strokes(g, [[-2, 2, 2, -2], [0, 8, 8, 0], [6, 10, 10, 6]]);
    });
  }
  function marking(ctx, kind, colour) { return ctx.createPattern(marks(kind, colour), "repeat"); }
  function hatch(ctx, colour) { return ctx.createPattern(hatching(colour), "repeat"); }
  function pixels(canvas, under, times) {           // a pattern as numbers, drawn larger for finer screens
    var size = canvas.width * times, c = swatch(size, function (g) {
      g.imageSmoothingEnabled = false; g.fillStyle = under; g.fillRect(0, 0, size, size); g.drawImage(canvas, 0, 0, size, size);
    });
    return { size: size, data: new Uint32Array(c.getContext("2d").getImageData(0, 0, size, size).data.buffer) };
  }
  function read(answer) { if (!answer.ok) throw answer.status; return answer.json(); }

  var Layer = L.GridLayer.extend({
    initialize: function (url, names) {
      L.GridLayer.prototype.initialize.call(this, { tileSize: TILE, updateWhenZooming: false, keepBuffer: 1 });
      this.state = null; this.url = url; this.namesUrl = names; this.names = null; this.labels = {}; this.loaded = {}; this.asked = {}; this.stamp = 0; this.told = 0;
      var self = this;
      fetch(url, { cache: "force-cache" }).then(read).then(function (topo) {
        self.parts = topo.bagian || { z: Infinity, kotak: {} };
        self.geo = G.decode(topo); self.colours(); self.repaint(); self.fire("siap"); self.need();
      }).catch(function (e) { if (!self.geo) { self.broken = true; self.fire("gagal"); } else throw e; });
      this.takeNames(names);
    },
    onAdd: function (map) {
      L.GridLayer.prototype.onAdd.call(this, map);
      map.on("zoomend", this.repaint, this);
      map.on("moveend", this.need, this);
    },
    takeNames: function (url) {                     // {code: own name}; those above follow from the code
      var self = this;
      if (this.asked[url]) return;
      this.asked[url] = true;
      fetch(url, { cache: "force-cache" }).then(read).then(function (names) {
        self.names = Object.assign(self.names || Object.create(null), names); self.labels = {}; self.told++; self.repaint(); self.fire("nama");
      }).catch(function () { /* codes stand in for names */ });
    },
    named: function (k) {                           // [name, kecamatan, kabupaten] as far as they are known and above it
      var n = this.names || {};
      if (!n[k] && k.length > 8 && this.parts && this.parts.kotak[k.slice(0, 2)]) this.takeNames(this.namesUrl.replace(".names.json", "." + k.slice(0, 2) + ".names.json"));
      return [n[k] || k].concat([8, 5].filter(function (l) { return l < k.length; }).map(function (l) { return n[k.slice(0, l)]; })).filter(Boolean);
    },
    need: function () {                             // finer outlines of the provinces in view, from the zoom that shows them
      var self = this, map = this._map;
      if (!this.geo || !map || map.getZoom() < this.parts.z) return;
      var view = map.getBounds().pad(0.2);
      Object.keys(this.parts.kotak).forEach(function (p) {
        var b = self.parts.kotak[p];
        if (self.asked[p] || !view.intersects([[b[1], b[0]], [b[3], b[2]]])) return;
        self.asked[p] = true;
        self.takeNames(self.namesUrl.replace(".names.json", "." + p + ".names.json"));
        fetch(self.url.replace(".topo.json", "." + p + ".topo.json"), { cache: "force-cache" }).then(read).then(function (topo) {
          var geo = G.decode(topo), kept = Object.keys(self.loaded);
          geo.shift = geo.levels.map(function (areas, i) { return G.position(self.geo.levels[i].k, areas.k[0]); });
          if (kept.length >= PARTS) { delete self.loaded[kept[0]]; self.asked[kept[0]] = false; }
          self.loaded[p] = geo; self.labels = {}; self.stamp++; self.repaint();
        }).catch(function () { self.asked[p] = false; });
      });
    },
    // What to draw at a zoom: [geometry, level's areas, from, to, number of the first]; loaded parts stand in for their range.
    pieces: function (t, z) {
      var whole = this.geo, all = whole.levels[t], out = [], at = 0, self = this;
      if (z >= this.parts.z) Object.keys(this.loaded).sort().forEach(function (p) {
        var geo = self.loaded[p], areas = geo.levels[t], first = geo.shift[t];
        if (first > at) out.push([whole, all, at, first, 0]);
        out.push([geo, areas, 0, areas.n, first]); at = first + areas.n;
      });
      if (at < all.n) out.push([whole, all, at, all.n, 0]);
      return out;
    },
    take: function (m) {                            // unpacks what a rerun sent
      m.kata = JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(m.q), function (c) { return c.charCodeAt(0); })));
      m.c = unpack(m.c); m.u = unpackMarks(m.u || "");
    },
    level: function () { return this.geo.levels[this.state ? this.state.t : 0]; },
    area: function (i) {                            // one area of the level shown
      var a = this.level(), b = a.boxes.subarray(4 * i, 4 * i + 4);
      return { i: i, k: a.k[i], box: b, point: a.from[i] === a.from[i + 1] ? [b[0], b[1]] : null };
    },
    chosen: function () { var a = this.level(), i = this.state.s ? G.position(a.k, this.state.s) : a.n; return a.k[i] === this.state.s && this.state.s ? this.area(i) : null; },
    classOf: function (i) { var c = this.state.c[i]; return c === undefined || c === 7 ? -1 : c; },
    // A colour for each pixel value, and for hatched and marked areas the number of a pattern.
    colours: function () {
      if (!this.geo || !this.state) return;
      var s = this.state, n = this.level().n, lut = this.lut = new Uint32Array(n + FIRST), which = this.which = new Uint8Array(n + FIRST), kinds = {}, self = this;
      var plain = s.p.map(number), faded = number(FADED), times = (window.devicePixelRatio || 1) > 1.5 ? 2 : 1;
      this.patterns = [null];
      var pattern = function (key, make) {
        if (!kinds[key]) { kinds[key] = self.patterns.length; self.patterns.push(make()); }
        return kinds[key];
      };
      lut[BARE] = number(LAND);
      for (var i = 0; i < n; i++) {
        var c = this.classOf(i), u = c < 0 ? 0 : s.u[i];
        lut[i + FIRST] = c < 0 ? faded : plain[c];
        if (c < 0) continue;
        if (s.h.indexOf(c) >= 0) which[i + FIRST] = pattern("h" + c, function () { return pixels(hatching(s.p[c]), "#ffffff", times); });
        else if (u) which[i + FIRST] = pattern(u + ":" + c, function () { return pixels(marks(u, s.p[c]), s.p[c], times); });
      }
    },
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
      if (!this._map) return;
      for (var key in this._tiles) this.draw(this._tiles[key].el);
      this.done();
    },
    done: function () {
      var self = this;
      if (!this.geo || !this.state || this.telling) return;
      this.telling = true;
      requestAnimationFrame(function () { setTimeout(function () {
        self.telling = false;
        var start = performance.timeOrigin;
        try { start = window.top.performance.timeOrigin; } catch (e) { /* another origin shows us: our own start */ }
        var root = document.documentElement;
        root.setAttribute("data-units", self.level().n);
        root.setAttribute("data-painted", Math.round(performance.timeOrigin + performance.now() - start));
      }, 0); });
    },
    trace: function (ctx, geo, areas, j, z) {
      var lod = G.thinned(geo, z), xy = lod.xy, open = false;
      ctx.beginPath();
      for (var e = areas.from[j]; e < areas.from[j + 1]; e += 2) {
        var i = areas.arcs[e], a = lod.from[i < 0 ? ~i : i], b = lod.from[(i < 0 ? ~i : i) + 1] - 2, first = areas.arcs[e + 1], n;
        if (first && open) ctx.closePath();
        open = true;
        if (i >= 0) { if (first) ctx.moveTo(xy[a], xy[a + 1]); for (n = a + 2; n <= b; n += 2) ctx.lineTo(xy[n], xy[n + 1]); }
        else { if (first) ctx.moveTo(xy[b], xy[b + 1]); for (n = b - 2; n >= a; n -= 2) ctx.lineTo(xy[n], xy[n + 1]); }
      }
      if (open) ctx.closePath();
    },
    stroke: function (ctx, t, z, inside) {
      ctx.beginPath();
      this.pieces(t, z).forEach(function (piece) {
        var geo = piece[0], areas = piece[1], lod = G.thinned(geo, z), xy = lod.xy, one = piece[2] === 0 && piece[3] === areas.n;
        var draw = function (i) {
          if (!inside(geo.boxes, i)) return;
          var a = lod.from[i], b = lod.from[i + 1];
          ctx.moveTo(xy[a], xy[a + 1]);
          for (var n = a + 2; n < b; n += 2) ctx.lineTo(xy[n], xy[n + 1]);
        };
        if (one) { for (var l = 0; l < areas.lines.length; l++) draw(areas.lines[l]); return; }
        for (var j = piece[2]; j < piece[3]; j++) if (inside(areas.boxes, j)) for (var e = areas.from[j]; e < areas.from[j + 1]; e += 2) draw(areas.arcs[e] < 0 ? ~areas.arcs[e] : areas.arcs[e]);
      });
      ctx.stroke();
    },
    draw: function (tile) {
      if (!this.geo || !this.state) return;
      var z = tile.sheets[0].coords.z, shown = [this.state.t, this.stamp].join(), on = [shown, this.told, this.state.s].join();
      // As many pixels as the screen shows: tiles are drawn for whole zooms and shown at quarter ones.
      var r = Math.min(window.devicePixelRatio || 1, 2) * Math.min(1.42, Math.max(0.7, Math.pow(2, this._map.getZoom() - z)));
      // Lines and names are drawn once, so they may be sharper.
      if (tile.ratio !== r) { tile.sheets.forEach(function (c, i) { c.ratio = r * (i ? 1.4 : 1); c.width = c.height = Math.ceil(TILE * c.ratio); }); tile.ratio = r; tile.drawn = tile.spread = ""; }
      var at = this.sheet(tile.sheets[0]);
      if (tile.spread !== shown) { tile.ids = this.spread(at); tile.spread = shown; }
      this.fill(at, tile.ids);
      if (tile.drawn === on) return;
      tile.drawn = on;
      this.line(this.sheet(tile.sheets[1]));
    },
    sheet: function (canvas) {                      // a canvas set to world pixels, and what part of the world it is
      var z = canvas.coords.z, scale = Math.pow(2, z), ox = canvas.coords.x * TILE, oy = canvas.coords.y * TILE, r = canvas.ratio;
      var pad = 24, x0 = (ox - pad) / scale, y0 = (oy - pad) / scale, x1 = (ox + TILE + pad) / scale, y1 = (oy + TILE + pad) / scale;
      var ctx = canvas.getContext("2d");
      ctx.setTransform(1, 0, 0, 1, 0, 0); ctx.clearRect(0, 0, canvas.width, canvas.height);
      ctx.setTransform(r, 0, 0, r, -ox * r, -oy * r); ctx.lineJoin = "round";
      return {
        ctx: ctx, z: z, scale: scale, ox: ox, oy: oy, r: r, w: canvas.width, h: canvas.height, coords: canvas.coords,
        inside: function (b, i) { i *= 4; return b[i] < x1 && b[i + 2] > x0 && b[i + 1] < y1 && b[i + 3] > y0; }
      };
    },
    spread: function (at) {                         // the number of the area that each pixel lies in
      var geo = this.geo, all = geo.levels, Kind = Math.max(all[0].n, all[1].n) + FIRST < 65536 ? Uint16Array : Uint32Array, ids = new Kind(at.w * at.h), z = at.z, j;
      var land = function (areas) { for (j = 0; j < areas.n; j++) if (at.inside(areas.boxes, j)) G.spread(ids, G.thinned(geo, z), areas, j, at, BARE); };
      land(geo.context); land(all[2]);
      this.pieces(this.state.t, z).forEach(function (piece) {
        var areas = piece[1], lod = G.thinned(piece[0], z);
        for (j = piece[2]; j < piece[3]; j++) if (at.inside(areas.boxes, j)) G.spread(ids, lod, areas, j, at, j + piece[4] + FIRST);
      });
      return ids;
    },
    fill: function (at, ids) {
      var size = at.w + "x" + at.h, image = this.image && this.image.size === size ? this.image : (this.image = { size: size, data: new ImageData(at.w, at.h) });
      var out = new Uint32Array(image.data.data.buffer), lut = this.lut, which = this.which, patterns = this.patterns, n = ids.length, i, level = this.level();
      if (patterns.length === 1) for (i = 0; i < n; i++) out[i] = lut[ids[i]];
      else {
        var px = at.coords.x * at.w, py = at.coords.y * at.h, w = at.w;
        for (i = 0; i < n; i++) {
          var id = ids[i], k = which[id];
          if (k === 0) out[i] = lut[id];
          else { var p = patterns[k], x = (px + i % w) % p.size, y = (py + (i / w | 0)) % p.size; out[i] = p.data[y * p.size + x]; }
        }
      }
      at.ctx.putImageData(image.data, 0, 0);
      for (i = 0; i < level.points.length; i++) if (at.inside(level.boxes, level.points[i])) this.dot(at.ctx, this.area(level.points[i]), at.z, at.scale);
    },
    colour: function (ctx, c) { return c < 0 ? FADED : this.state.h.indexOf(c) < 0 ? this.state.p[c] : hatch(ctx, this.state.p[c]); },
    line: function (at) {
      var ctx = at.ctx, z = at.z, t = this.state.t, self = this, chosen = this.chosen();
      var pen = function (colour, width, level) { ctx.strokeStyle = colour; ctx.lineWidth = width; self.stroke(ctx, level, z, at.inside); };
      if (t === 0 && z >= 8) pen("rgba(255,255,255,0.75)", z >= 10 ? 1 : 0.5, 0);
      if (t < 2 && z >= 7) pen("rgba(50,50,75,0.5)", z >= 10 ? 1.1 : 0.5, 1);
      pen("rgba(35,35,55,0.85)", z >= 9 ? 1.8 : z >= 6 ? 1 : 0.5, 2);
      this.write(ctx, z, { x0: at.ox, y0: at.oy, x1: at.ox + TILE, y1: at.oy + TILE });
      if (chosen && at.inside(chosen.box, 0)) this.mark(ctx, chosen, z, at.scale);
    },
    dot: function (ctx, f, z, scale) {              // a village without an official polygon: a ring with a small flag
      var x = f.point[0] * scale, y = f.point[1] * scale, r = z < 8 ? 2.5 : z < 10 ? 4 : 6;
      ctx.beginPath(); ctx.arc(x, y, r, 0, 7); ctx.fillStyle = this.colour(ctx, this.classOf(f.i)); ctx.fill();
      ctx.lineWidth = z < 8 ? 1 : 1.6; ctx.strokeStyle = "#16324f"; ctx.stroke();
      if (z < 9) return;
      ctx.beginPath(); ctx.moveTo(x, y - r); ctx.lineTo(x, y - r - 8); ctx.lineTo(x + 6, y - r - 6); ctx.lineTo(x, y - r - 4);
      ctx.fillStyle = "#16324f"; ctx.fill(); ctx.stroke();
    },
    piece: function (t, z, i) { return this.pieces(t, z).filter(function (p) { return i >= p[2] + p[4] && i < p[3] + p[4]; })[0]; },
    mark: function (ctx, f, z, scale) {
      if (f.point) { ctx.beginPath(); ctx.arc(f.point[0] * scale, f.point[1] * scale, 10, 0, 7); }
      else { var p = this.piece(this.state.t, z, f.i); this.trace(ctx, p[0], p[1], f.i - p[4], z); }
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
        var font = (g === 2 ? "700 13px" : g === 1 ? "600 11.5px" : "11px") + " 'Source Sans', system-ui, sans-serif", wanted = [];
        ctx.font = font;
        self.pieces(g, z).forEach(function (piece) {
          var areas = piece[1], b = areas.boxes;
          for (var j = piece[2]; j < piece[3]; j++) {
            var wide = b[4 * j + 2] - b[4 * j], point = areas.from[j] === areas.from[j + 1];
            if (self.names[areas.k[j]] && (point || wide * scale > 18)) wanted.push({ geo: piece[0], areas: areas, j: j, wide: wide, point: point, size: wide * (b[4 * j + 3] - b[4 * j + 1]) });
          }
        });
        wanted.sort(function (a, b) { return b.size - a.size; }).forEach(function (f) {
          var text = self.names[f.areas.k[f.j]].replace(/^Kabupaten /, "");
          if (g === 2 && z >= 10) text = text.toUpperCase();
          var w = ctx.measureText(text).width / 2 + 3, h = 8;
          if (!f.point && f.wide * scale < w * (g === 2 ? 0.7 : 1.3)) return;
          var p = self.anchor(f), x = p[0] * scale, y = p[1] * scale + (f.point ? 14 : 0), cells = [], free = true;
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
      var areas = f.areas, b = areas.boxes.subarray(4 * f.j, 4 * f.j + 4), xy = f.geo.xy, best = 0, at = [(b[0] + b[2]) / 2, (b[1] + b[3]) / 2];
      var a = 0, x = 0, y = 0;
      var keep = function () { if (Math.abs(a) > best) { best = Math.abs(a); at = [b[0] + x / (3 * a), b[1] + y / (3 * a)]; } a = x = y = 0; };
      for (var e = areas.from[f.j]; e < areas.from[f.j + 1]; e += 2) {
        if (areas.arcs[e + 1]) keep();
        var i = areas.arcs[e], sign = i < 0 ? -1 : 1, n = f.geo.from[i < 0 ? ~i : i], last = f.geo.from[(i < 0 ? ~i : i) + 1] - 2;
        for (; n < last; n += 2) {
          var u = xy[n] - b[0], v = xy[n + 1] - b[1], s = xy[n + 2] - b[0], t = xy[n + 3] - b[1], d = sign * (u * t - s * v);
          a += d; x += (u + s) * d; y += (v + t) * d;
        }
      }
      keep();
      return at;
    },
    find: function (latlng) {                       // the area under a place, points before polygons
      if (!this.geo || !this.state) return null;
      var p = G.project(latlng.lng, latlng.lat), x = p[0], y = p[1], level = this.level(), hit = -1, zoom = this._map.getZoom();
      var near = 9 / Math.pow(2, zoom), best = near * near;
      level.points.forEach(function (i) {
        var dx = level.boxes[4 * i] - x, dy = level.boxes[4 * i + 1] - y;
        if (dx * dx + dy * dy < best) { best = dx * dx + dy * dy; hit = i; }
      });
      this.pieces(this.state.t, Math.round(zoom)).forEach(function (piece) {
        var areas = piece[1], b = areas.boxes;
        for (var j = piece[2]; hit < 0 && j < piece[3]; j++)
          if (x >= b[4 * j] && x <= b[4 * j + 2] && y >= b[4 * j + 1] && y <= b[4 * j + 3] && G.within(piece[0], areas, j, x, y)) hit = j + piece[4];
      });
      return hit < 0 ? null : this.area(hit);
    }
  });
  Object.assign(G, { Layer: Layer, SEA: SEA, hatch: hatch, marking: marking });
})();
