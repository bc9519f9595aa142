/* Peta Aman: exploring — places and notes over the map, a shape drawn to filter, the level that follows the zoom, and an
 * office's own background tiles. Names come as JSON and are set as text.
 */
(function () {
  "use strict";
  var STORE = "peta-aman.tampil", CORNERS = 60, LEVELS = ["desa", "kecamatan", "kabupaten"];
  var SIGNS = { titik: "◆", pusat: "■", catatan: "✎" };

  function levelAt(zoom) { return zoom < 8.6 ? 2 : zoom < 10 ? 1 : 0; }
  function shown() { try { return JSON.parse(localStorage.getItem(STORE)) || {}; } catch (e) { return {}; } }
  function keep(more) { try { localStorage.setItem(STORE, JSON.stringify(Object.assign(shown(), more))); } catch (e) { /* private mode */ } }

  /* hooks: send(text) tells the page, kata() gives the words, button(sign, title, act) adds a control and returns its link. */
  window.PetaAman.explore = function (map, layer, hooks) {
    var box = map.getContainer(), style = document.createElement("style");
    style.textContent = [
      ".pa-tanda{pointer-events:none!important;background:none;border:0;text-align:center;line-height:1;text-shadow:0 0 2px #fff,0 0 2px #fff,0 0 3px #fff}",
      ".pa-titik{color:#8a5700;font-size:13px} .pa-pusat{color:#1b2430;font-size:9px} .pa-catatan{color:#14504f;font-size:17px;font-weight:700}",
      ".pa-nama{font:11px 'Source Sans',system-ui,sans-serif;color:#1b2430;white-space:nowrap;position:absolute;left:100%;top:1px;padding-left:3px}",
      ".pa-laut{font:italic 13px Georgia,serif;color:#3d6478;white-space:nowrap;letter-spacing:.06em} .pa-negeri{font:600 12px 'Source Sans',system-ui,sans-serif;color:#5a564c;letter-spacing:.12em;white-space:nowrap}",
      ".pa-gambar{position:absolute;left:50%;top:10px;transform:translateX(-50%);z-index:900;background:#fff;color:#1b2430;padding:6px 10px;border:1px solid #555c68;border-radius:6px;display:flex;gap:8px;align-items:center;flex-wrap:wrap;max-width:80%;font-size:13px}",
      ".pa-gambar button{min-height:32px;padding:2px 12px;font:inherit;border:1px solid #0b1f33;border-radius:5px;background:#fff;color:#0b1f33;cursor:pointer} .pa-gambar button:first-of-type{background:#0b1f33;color:#fff} .pa-gambar button:disabled{opacity:.5}",
      ".leaflet-bar a[aria-pressed=true]{background:#dad9ee}"
    ].join("\n");
    document.head.appendChild(style);

    // --- places, notes, names of seas and neighbours ------------------------------------------------------------------
    var known = null, marks = [], group = L.layerGroup().addTo(map), version = "", anchors = {};
    function all() {
      if (!known) return [];
      var out = [], kata = hooks.kata();
      (known.titik || []).forEach(function (p) { out.push({ kind: "titik", x: p[1], y: p[2], text: p[3], more: (known.jenis[kata.bahasa] || {})[p[0]] || p[0], from: 7 }); });
      (known.pusat || []).forEach(function (p) { out.push({ kind: "pusat", x: p[1], y: p[2], text: (kata.pusat || "").replace("{nama}", layer.named(p[0])[0]), quiet: true, from: 8.5 }); });
      var villages = layer.geo && layer.geo.levels[0];
      if (villages) (known.catatan || []).forEach(function (k) {
        var i = window.PetaAman.position(villages.k, k);
        if (villages.k[i] !== k) return;
        var a = anchors[k] || (anchors[k] = layer.anchor({ geo: layer.geo, areas: villages, j: i })), c = map.unproject(a, 0);
        out.push({ kind: "catatan", x: c.lng, y: c.lat, text: layer.named(k)[0], more: kata.catatan_ada, quiet: true, from: 0 });
      });
      return out;
    }
    function icon(m, named) {
      var div = document.createElement("div");
      div.textContent = m.kind === "laut" || m.kind === "negeri" ? m.text : SIGNS[m.kind];
      if (named && !m.quiet && SIGNS[m.kind]) { var s = document.createElement("span"); s.className = "pa-nama"; s.textContent = m.text; div.appendChild(s); }
      return L.divIcon({ className: "pa-tanda pa-" + m.kind, html: div, iconSize: SIGNS[m.kind] ? [18, 18] : [160, 16] });
    }
    var roads = null;
    function draw() {                                 // roads an office loaded: steps on a grid, one line after the other
      if (roads) { roads.remove(); roads = null; }
      if (!known || !known.jalan) return;
      var lines = known.jalan.garis.map(function (steps) {
        var x = 0, y = 0, out = [];
        for (var i = 0; i < steps.length; i += 2) { x += steps[i]; y += steps[i + 1]; out.push([y / 1e4, x / 1e4]); }
        return out;
      });
      roads = L.polyline(lines, { renderer: L.canvas({ padding: 0.2 }), color: "#6b5a43", opacity: 0.9, weight: 1.3, smoothFactor: 1.5, interactive: false }).addTo(map);
    }
    function sources() { layer.source([tiles && known.ubin.sumber, known && known.jalan && known.jalan.sumber].filter(Boolean).join(" · ")); }
    function place() {
      group.clearLayers();
      var z = map.getZoom(), near = map.getBounds().pad(0.1), lang = hooks.kata().bahasa || "id";
      if (known) (known.nama || []).forEach(function (n) {
        var p = map.latLngToContainerPoint([n[2], n[1]]), size = map.getSize();
        // a name that would be cut off says less than none
        if (z >= n[5] && p.x > 70 && p.x < size.x - 70 && p.y > 10 && p.y < size.y - 10) group.addLayer(L.marker([n[2], n[1]], { icon: icon({ kind: n[0], text: n[lang === "en" ? 4 : 3] }), interactive: false, keyboard: false }));
      });
      marks = shown().titik === false ? [] : all().filter(function (m) { return z >= m.from && near.contains([m.y, m.x]); }).slice(0, 400);
      marks.forEach(function (m) { group.addLayer(L.marker([m.y, m.x], { icon: icon(m, z >= 10), interactive: false, keyboard: false })); });
    }
    map.on("moveend", place); layer.on("siap", place);
    layer.near = function (latlng) {                  // the mark under the pointer
      var p = map.latLngToContainerPoint(latlng), best = 10, hit = null;
      marks.forEach(function (m) { var d = map.latLngToContainerPoint([m.y, m.x]).distanceTo(p); if (d < best) { best = d; hit = m; } });
      return hit;
    };
    layer.marks = function () {                       // for the picture
      return marks.map(function (m) { var p = map.latLngToContainerPoint([m.y, m.x]); return { sign: SIGNS[m.kind], x: p.x, y: p.y, text: m.quiet || map.getZoom() < 10 ? "" : m.text }; });
    };

    // --- a shape to filter by --------------------------------------------------------------------------------------------
    var drawing = null, line = null, shape = null, bar = null;
    function outline(corners) {
      if (shape) shape.remove();
      shape = corners && corners.length ? L.polygon(corners.map(function (c) { return [c[1], c[0]]; }), { color: "#0b1f33", weight: 2, dashArray: "6 4", fill: false, interactive: false }).addTo(map) : null;
    }
    function redraw() {
      if (line) line.remove();
      line = L.polyline(drawing.map(function (c) { return [c.lat, c.lng]; }), { color: "#0b1f33", weight: 2.5, interactive: false }).addTo(map);
      drawing.forEach(function (c) { L.circleMarker(c, { radius: 5, color: "#0b1f33", fillColor: "#fff", fillOpacity: 1, weight: 2, interactive: false }).addTo(line.dots || (line.dots = L.layerGroup().addTo(map))); });
      bar.querySelector("button").disabled = drawing.length < 3;
    }
    function clean() { if (line) { if (line.dots) line.dots.remove(); line.remove(); line = null; } }
    function stop(send) {
      var corners = drawing || [];
      clean(); bar.remove(); bar = null; drawing = null; layer.drawing = false; map.doubleClickZoom.enable(); box.style.cursor = "";
      hooks.aim(false);
      if (send && corners.length > 2) hooks.send("bentuk:" + corners.map(function (c) { return c.lng.toFixed(3) + "," + c.lat.toFixed(3); }).join(";"));
      else outline(layer.state && layer.state.b);
    }
    function start() {
      if (drawing) { stop(false); return; }
      var kata = hooks.kata();
      drawing = []; layer.drawing = true; outline(null); map.doubleClickZoom.disable(); box.style.cursor = "crosshair";
      bar = document.createElement("div"); bar.className = "pa-gambar"; bar.setAttribute("role", "group");
      var how = document.createElement("span"); how.textContent = kata.gambar_cara; bar.appendChild(how);
      [["gambar_selesai", true], ["gambar_batal", false]].forEach(function (p) {
        var b = document.createElement("button"); b.type = "button"; b.textContent = kata[p[0]]; b.disabled = p[1];
        b.addEventListener("click", function () { stop(p[1]); }); bar.appendChild(b);
      });
      L.DomEvent.disableClickPropagation(bar);
      box.appendChild(bar); box.focus();
    }
    function corner(latlng) {
      if (drawing.length && map.latLngToContainerPoint(drawing[0]).distanceTo(map.latLngToContainerPoint(latlng)) < 12 && drawing.length > 2) { stop(true); return; }
      if (drawing.length < CORNERS) { clean(); drawing.push(latlng); redraw(); }
    }
    map.on("click", function (e) { if (drawing) corner(e.latlng); });
    box.addEventListener("keydown", function (e) {
      if (!drawing || (e.target !== box && e.key !== "Escape")) return;
      if (e.key === "Escape") stop(false);
      else if (e.key === " ") { hooks.aim(true); corner(map.getCenter()); e.preventDefault(); }
      else if (e.key === "Enter") { if (drawing.length > 2) stop(true); e.preventDefault(); e.stopImmediatePropagation(); }
    }, true);

    // --- the level that follows the zoom --------------------------------------------------------------------------------
    var asked = -1;
    function follow() {
      var m = layer.state;
      if (!m || !m.o) { asked = -1; return; }
      var want = levelAt(map.getZoom());
      if (want === m.t) asked = -1;
      else if (want !== asked) { asked = want; hooks.send("tingkat:" + LEVELS[want]); }
    }
    map.on("zoomend", function () { setTimeout(follow, 250); });
    layer.into = function (f) {                       // drilling: a kabupaten or kecamatan that was clicked fills the map
      if (!layer.state.o || layer.state.t === 0) return;
      var b = f.box, unproject = function (x, y) { return map.unproject([x, y], 0); };
      var bounds = L.latLngBounds(unproject(b[0], b[3]), unproject(b[2], b[1])), steps = layer.state.t === 2 ? [8.75, 9.5] : [10.25, 11.5];
      map.setView(bounds.getCenter(), Math.max(steps[0], Math.min(steps[1], map.getBoundsZoom(bounds, false, [10, 10]))));
    };

    // --- an office's own tiles: only with an address set by the office, only after somebody switched them on --------------
    var tiles = null;
    function background(on) {
      if (tiles) { tiles.remove(); tiles = null; }
      if (on && known && known.ubin) {
        tiles = L.tileLayer(known.ubin.alamat, { maxZoom: 15, zIndex: 0, attribution: "" }).addTo(map);
        if (layer.getContainer()) layer.getContainer().style.opacity = 0.72;
        layer.setZIndex(2);
      } else if (layer.getContainer()) layer.getContainer().style.opacity = 1;
      sources();
    }

    // --- what the page sends -------------------------------------------------------------------------------------------------
    layer.explored = function (m) {
      if (!drawing) outline(m.b);
      if (m.k && m.k !== version) {
        version = m.k;
        fetch("../../aset/konteks/" + m.k + ".json", { cache: "force-cache" }).then(function (r) { if (!r.ok) throw r.status; return r.json(); })
          .then(function (c) { known = c; place(); draw(); hooks.dress(); }).catch(function () { version = ""; });
      } else place();
      setTimeout(follow, 300);
    };
    function toggle(a, on) { a.setAttribute("aria-pressed", on ? "true" : "false"); }
    return function controls() {                      // drawn anew when the language changes
      var kata = hooks.kata();
      hooks.button("⬠", kata.gambar_bentuk, start);
      if (known && (known.titik || []).length + (known.pusat || []).length + (known.catatan || []).length) {
        var a = hooks.button("◆", kata.tampil_titik, function () { keep({ titik: shown().titik === false }); toggle(a, shown().titik !== false); place(); });
        toggle(a, shown().titik !== false);
      }
      if (known && known.ubin) {
        var b = hooks.button("▦", kata.ubin, function () { background(!tiles); toggle(b, !!tiles); });
        toggle(b, !!tiles);
      }
      place(); sources();
    };
  };
})();
