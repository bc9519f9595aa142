/* Peta Aman: the map around the layer — view, keyboard, pointer, height, messages. Texts come from the page's catalogue. */
(function () {
  "use strict";
  var STORE = "peta-aman.pandangan", clicks = 0;

  function remembered() { try { return JSON.parse(sessionStorage.getItem(STORE)) || {}; } catch (e) { return {}; } }
  function remember(more) {
    try { sessionStorage.setItem(STORE, JSON.stringify(Object.assign(remembered(), more))); } catch (e) { /* private mode */ }
  }
  function element(tag, name, parent) { var e = document.createElement(tag); e.className = name; parent.appendChild(e); return e; }

  // The place is also in the address of the page, behind the #, so that it can be sent and opened again.
  function addressed() {
    try {
      var p = /^#([\d.]+)\/(-?[\d.]+)\/(-?[\d.]+)$/.exec(window.parent.location.hash);
      return p ? { z: +p[1], y: +p[2], x: +p[3] } : null;
    } catch (e) { return null; }
  }
  function address(map) {
    try {
      var c = map.getCenter(), l = window.parent.location, hash = "#" + [map.getZoom(), c.lat.toFixed(4), c.lng.toFixed(4)].join("/");
      var said = addressed();                       // the frame's size in pixels moves the centre by a hair
      if (said && said.z === map.getZoom() && Math.abs(said.y - c.lat) + Math.abs(said.x - c.lng) < 0.0008) return;
      if (l.hash !== hash) window.parent.history.replaceState(window.parent.history.state, "", l.pathname + l.search + hash);
    } catch (e) { /* another origin shows us */ }
  }

  // The frame is as high as the window allows, so that the whole map is on the first screen of a laptop or a telephone.
  // The legend stands under the map: over it, it would always lie on somebody's island.
  function height(offered, legend) {
    try {
      var frame = window.frameElement, page = window.parent;
      var scroller = frame.ownerDocument.querySelector('[data-testid="stMain"]');
      var top = frame.getBoundingClientRect().top + (scroller ? scroller.scrollTop : page.scrollY);
      return Math.round(Math.max(300, Math.min(900, page.innerHeight - top - 20 - (page.innerWidth < 640 ? 8 : legend), page.innerWidth * 0.95)));
    } catch (e) { return offered; }
  }
  function fit(map, below, settled) {
    var S = window.Streamlit, plain = S && S.setFrameHeight;
    if (!S || S.petaAman) return;
    S.petaAman = true;
    S.setFrameHeight = function (offered) {
      var legend = below.offsetHeight, h = height(offered || 560, legend);
      document.getElementById("map_div").style.height = h + "px";
      plain.call(S, h + legend); map.invalidateSize(); settled();
    };
    window.addEventListener("resize", function () { map.invalidateSize(); settled(); });
    try { window.parent.addEventListener("resize", function () { setTimeout(S.setFrameHeight, 60); }); } catch (e) { /* fixed height then */ }
    document.getElementById("map_div").style.width = "100%";
    S.setFrameHeight();
  }

  window.PetaAman.start = function (map, files) {
    var box = map.getContainer(), layer = new window.PetaAman.Layer(files.topo, files.names);
    var bounds = L.latLngBounds([files.bbox[1], files.bbox[0]], [files.bbox[3], files.bbox[2]]);
    window.PETA = layer;
    box.style.background = window.PetaAman.SEA;
    var style = document.createElement("style");
    style.textContent = [
      "body{margin:0;overflow:hidden} body>span{display:none}",
      ".leaflet-container{font:13px 'Source Sans',system-ui,sans-serif;outline-offset:-3px}",
      ".leaflet-container:focus-visible{outline:3px solid #1d4ed8}",
      ".leaflet-bar a{min-width:30px;height:32px;line-height:32px}",
      ".pa-tip{font-size:13px;line-height:1.35;padding:6px 9px;width:max-content;max-width:240px;white-space:normal}",
      ".pa-tip b{display:block} .pa-tip .kelas{display:block;margin-top:2px}",
      ".pa-note{position:absolute;right:0;bottom:0;z-index:500;max-width:70%;padding:1px 6px;background:rgba(255,255,255,.85);color:#333;font-size:11px;text-align:right}",
      ".pa-pesan{position:absolute;inset:0;z-index:450;display:flex;align-items:center;justify-content:center;padding:2em;text-align:center;color:#1b2430;font-size:15px;pointer-events:none}",
      ".pa-bidik{position:absolute;left:50%;top:50%;width:22px;height:22px;margin:-11px;z-index:550;pointer-events:none;display:none;border:2px solid #0b1f33;border-radius:50%;box-shadow:0 0 0 2px #fff}",
      ".pa-legenda{background:#fff;color:#1b2430;font:12.5px/1.35 'Source Sans',system-ui,sans-serif;padding:6px 8px;display:flex;flex-wrap:wrap;column-gap:16px;row-gap:2px;align-items:center;border:1px solid #d5d9e0;border-top:0}",
      ".pa-legenda .baris{display:flex;align-items:center;gap:6px}",
      ".pa-legenda canvas{width:20px;height:13px;border:1px solid #555c68;flex:none} .pa-legenda .n{font-variant-numeric:tabular-nums;color:#414a57;font-weight:600}",
      "@media (max-width:639px){.pa-legenda{display:grid;grid-template-columns:1fr 1fr} .pa-legenda b{grid-column:1/-1} .pa-legenda .n{margin-left:auto}}",
      ".pa-suara{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}"
    ].join("\n");
    document.head.appendChild(style);
    var note = element("div", "pa-note", box), message = element("div", "pa-pesan", box), aim = element("div", "pa-bidik", box), voice = element("div", "pa-suara", box);
    voice.setAttribute("aria-live", "polite");
    var legend = document.createElement("div"), below = element("div", "pa-bawah", document.getElementById("parent").parentNode);
    legend.className = "pa-legenda"; below.appendChild(legend);
    // Until somebody moves the map it shows the whole province, also while the page still finds its size.
    var sent = addressed(), view = sent || remembered(), whole = !(sent || view.v === files.version && isFinite(view.z));
    if (sent) remember({ v: files.version, y: sent.y, x: sent.x, z: sent.z });
    if (whole) map.fitBounds(bounds); else map.setView([view.y, view.x], view.z);
    fit(map, below, function () { if (whole) map.fitBounds(bounds, { animate: false }); });
    ["pointerdown", "wheel", "keydown"].forEach(function (kind) { box.addEventListener(kind, function () { whole = false; }, { capture: true, passive: true }); });
    map.setMaxBounds(bounds.pad(0.6));
    // Two maps on one page show the same place: each tells where it went, the other follows.
    var following = false, PLACE = "peta-aman-tempat";
    function tellOther(place) {
      if (!whole) try { window.parent.dispatchEvent(new CustomEvent(PLACE, { detail: Object.assign({ from: files.self }, place) })); } catch (e) { /* alone then */ }
    }
    files.self = Math.random();
    function follow(e) {
      var d = e.detail;
      if (!window.frameElement) { e.currentTarget.removeEventListener(PLACE, follow); return; }
      if (d.from === files.self) return;
      if ("arah" in d) { point(d.arah); return; }
      following = true; whole = false; map.setView([d.y, d.x], d.z, { animate: false });
    }
    try { window.parent.addEventListener(PLACE, follow); } catch (e) { /* alone then */ }
    map.on("moveend", function () {
      var c = map.getCenter();
      if (!whole) { remember({ v: files.version, y: c.lat, x: c.lng, z: map.getZoom() }); address(map); }
      if (following) following = false; else tellOther({ y: c.lat, x: c.lng, z: map.getZoom() });
      if (aim.style.display === "block") say(layer.find(c));
    });
    L.control.scale({ imperial: false }).addTo(map);

    var kata = {};                                  // what the map itself says; comes once a language

    // --- what is under the pointer --------------------------------------------------------------------------------------
    var tip = L.tooltip({ className: "pa-tip", direction: "top", offset: [0, -8] });
    function lines(f) {
      var n = layer.named(f.k), c = layer.classOf(f.i);
      return { name: n[0], rest: n.slice(1).join(", "), kelas: c < 0 ? kata.disaring : layer.state.kata.kelas[c], titik: f.point ? kata.titik : "" };
    }
    function words(f) { var l = lines(f); return told([["b", l.name], ["span", l.rest], ["span", l.kelas], ["span", l.titik]]); }
    function told(parts) {
      var div = document.createElement("div");
      parts.forEach(function (p, i) {
        if (!p[1]) return;
        var e = element(p[0], i > 1 ? "kelas" : "", div); e.textContent = p[1];
      });
      return div;
    }
    function say(f) { if (f) { var l = lines(f); voice.textContent = [l.name, l.rest, l.kelas, l.titik].filter(Boolean).join(". "); } }
    var last = null, waiting = null;
    map.on("mousemove", function (e) {
      if (!waiting) requestAnimationFrame(function () {
        var mark = layer.near(waiting), f = mark || layer.find(waiting);
        box.style.cursor = layer.drawing ? "crosshair" : f ? "pointer" : "";
        if (!f) map.closeTooltip(tip);
        else { if (f !== last) tip.setContent(mark ? told([["b", mark.text], ["span", mark.more]]) : words(f)); tip.setLatLng(waiting); if (!map.hasLayer(tip)) tip.addTo(map); }
        last = f; waiting = null;
      });
      waiting = e.latlng; pointOther([e.latlng.lat, e.latlng.lng]);
    });
    map.on("mouseout", function () { map.closeTooltip(tip); last = null; pointOther(null); });
    // On the other of two maps the same spot tells what it is there.
    function pointOther(at) { try { window.parent.dispatchEvent(new CustomEvent(PLACE, { detail: { from: files.self, arah: at } })); } catch (e) { /* alone then */ } }
    function point(at) {
      var f = at && layer.find(L.latLng(at));
      if (!f) { map.closeTooltip(tip); return; }
      tip.setContent(words(f)); tip.setLatLng(at); if (!map.hasLayer(tip)) tip.addTo(map);
    }

    // A click goes back as the tooltip of a clicked object. Each message has a mark of its own, so that the same village
    // may be chosen twice, and the last ones are told again: of two within a blink only the second would arrive.
    var mount = Math.random().toString(36).slice(2, 6), messages = [];
    function tellPage(said) {
      messages = messages.concat(said + "#" + mount + (++clicks)).slice(-3);
      var text = messages.join("|");
      layer.fire("click", { latlng: map.getCenter(), sourceTarget: { _tooltip: { _content: text }, getTooltip: function () { return { getContent: function () { return text; } }; } } });
    }
    function choose(f) {
      if (!f) return;
      layer.state.s = f.k; layer.repaint(); tellPage(f.k); layer.into(f);
    }
    map.on("click", function (e) { if (!layer.drawing) choose(layer.find(e.latlng)); });
    box.addEventListener("keydown", function (e) {
      if (e.key.indexOf("Arrow") === 0) aim.style.display = "block";
      if (e.key === "Enter" && e.target === box) { aim.style.display = "block"; var f = layer.find(map.getCenter()); say(f); choose(f); e.preventDefault(); }
    });
    box.addEventListener("blur", function () { aim.style.display = "none"; });

    // --- texts and the view that the page asks for ----------------------------------------------------------------------
    var controls = null;
    function button(sign, title, act, where) {      // a control of one button; returns its link
      var bar = L.DomUtil.create("div", "leaflet-bar"), a = element("a", "", bar), c = new L.Control({ position: where || "topright" });
      a.href = "#"; a.textContent = sign; a.title = title; a.setAttribute("role", "button"); a.setAttribute("aria-label", title);
      L.DomEvent.disableClickPropagation(bar).on(a, "click", function (e) { L.DomEvent.stop(e); act(); });
      c.onAdd = function () { return bar; };
      controls.push(c);
      return a;
    }
    var more = window.PetaAman.explore(map, layer, {
      send: tellPage, kata: function () { return kata; }, button: button, dress: function () { if (controls) dress(); },
      aim: function (on) { aim.style.display = on ? "block" : "none"; }
    });
    layer.source = function (text) { note.textContent = [kata[kata.batas], text].filter(Boolean).join(" · "); };
    function tell() { message.textContent = (layer.broken ? kata.gagal : layer.geo ? "" : kata.memuat) || ""; }
    function dress() {
      box.setAttribute("aria-label", kata.peta); box.setAttribute("role", "application"); document.documentElement.lang = kata.bahasa;
      note.textContent = kata[kata.batas]; tell();
      if (controls) controls.forEach(function (c) { c.remove(); });
      controls = [L.control.zoom({ zoomInTitle: kata.perbesar, zoomOutTitle: kata.perkecil })];
      button("⌂", kata.semua, function () { map.fitBounds(bounds); }, "topleft");
      button("⤓", kata.png, function () { window.PetaAman.save(map, layer, legend); });
      more();
      controls.forEach(function (c) { c.addTo(map); });
    }
    function explain(m) {
      legend.textContent = ""; element("b", "", legend).textContent = m.kata.legenda;
      m.kata.kelas.forEach(function (text, i) {
        var row = element("div", "baris", legend), c = element("canvas", "", row); c.width = 40; c.height = 26;
        var g = c.getContext("2d"); g.fillStyle = m.h.indexOf(i) < 0 ? m.p[i] : window.PetaAman.hatch(g, m.p[i]); g.fillRect(0, 0, 40, 26);
        element("span", "", row).textContent = text; element("span", "n", row).textContent = Number(m.j[i] || 0).toLocaleString(m.kata.bahasa);
      });
      var marks = [0, 0, 0]; m.u.forEach(function (v, i) { if (v && layer.state.c[i] !== 7) marks[v]++; });
      [["seri", 1], ["lebar", 2]].forEach(function (p) {
        if (!marks[p[1]] || !kata[p[0]]) return;
        var row = element("div", "baris", legend), c = element("canvas", "", row); c.width = 40; c.height = 26;
        var g = c.getContext("2d"); g.fillStyle = "#948fd0"; g.fillRect(0, 0, 40, 26); g.fillStyle = window.PetaAman.marking(g, p[1], "#5f55b2"); g.fillRect(0, 0, 40, 26);
        element("span", "", row).textContent = kata[p[0]]; element("span", "n", row).textContent = marks[p[1]].toLocaleString(m.kata.bahasa);
      });
      if (window.Streamlit) window.Streamlit.setFrameHeight();
    }
    var worn = null, newest = null;
    function go(m) {                                // to the place that the page asks for
      if (sent && m.n) { remember({ n: m.n }); }    // the address of the page says where; what the page asks is older
      sent = null;
      if (!whole) address(map);
      if (m.v && m.n && remembered().n !== m.n) { remember({ n: m.n }); whole = false; map.fitBounds([[m.v[1], m.v[0]], [m.v[3], m.v[2]]], { maxZoom: 12, padding: [12, 12] }); }
    }
    function show(m, words) {
      layer.state = m; layer.colours();
      if (words) { dress(); explain(m); }
      layer.repaint(); go(m);
    }
    layer.muat = function (m) {
      layer.take(m); newest = m;
      var key = m.kata.bahasa + m.kata.batas;
      // The first time the legend comes first: it settles the map's height, and so its zoom. Afterwards colours do: a new
      // height moves the page, and that takes as long as all the painting.
      if (key !== worn) {
        worn = key;
        fetch("../../aset/kata/" + m.kata.bahasa + ".json").then(function (r) { return r.json(); }).catch(function () { return {}; })
          .then(function (said) { kata = Object.assign(said, m.kata); show(newest, true); layer.explored(newest); });
        return;
      }
      show(m, false);
      requestAnimationFrame(function () { setTimeout(function () { if (layer.state === m) { explain(m); layer.explored(m); } }, 0); });
    };
    layer.on("siap gagal", tell);
    layer.addTo(map);
    if (window.PETA_MUAT) layer.muat(window.PETA_MUAT);
  };
})();
