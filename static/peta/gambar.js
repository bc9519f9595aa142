/* Peta Aman: what the map shows, as a PNG with legend, scale, north arrow, sources, and DATA CONTOH when it applies. */
(function () {
  "use strict";
  var FONT = "'Source Sans',system-ui,sans-serif", INK = "#1b2430";

  function lines(g, text, width) {
    var out = [];
    text.split(/\s+/).forEach(function (word) {
      var longer = out.length ? out[out.length - 1] + " " + word : word;
      if (out.length && g.measureText(longer).width <= width) out[out.length - 1] = longer; else out.push(word);
    });
    return out;
  }
  function about() {                                // what the page says under the map: meaning, source, date, boundaries
    try {
      var place = window.frameElement.closest('[data-testid="stColumn"]') || window.parent.document;
      return place.querySelector('[data-testid="stCaptionContainer"]').innerText + " " + document.querySelector(".pa-note").textContent;
    } catch (e) { return ""; }
  }
  function paint(g, map, layer, w, h) {
    var box = map.getContainer().getBoundingClientRect();
    g.save(); g.beginPath(); g.rect(0, 0, w, h); g.clip();
    g.fillStyle = window.PetaAman.SEA; g.fillRect(0, 0, w, h);
    Object.keys(layer._tiles).forEach(function (key) {
      var tile = layer._tiles[key];
      if (!tile.current) return;
      var r = tile.el.getBoundingClientRect();
      tile.el.sheets.forEach(function (sheet) { g.drawImage(sheet, r.left - box.left, r.top - box.top, r.width, r.height); });
    });
    [].forEach.call(map.getPanes().overlayPane.querySelectorAll("canvas"), function (sheet) {   // roads
      var r = sheet.getBoundingClientRect(); g.drawImage(sheet, r.left - box.left, r.top - box.top, r.width, r.height);
    });
    g.strokeStyle = "#fff"; g.lineWidth = 3; g.fillStyle = INK;
    layer.marks().forEach(function (m) {
      g.font = "13px " + FONT; g.textAlign = "center"; g.textBaseline = "middle"; g.strokeText(m.sign, m.x, m.y); g.fillText(m.sign, m.x, m.y);
      if (m.text) { g.font = "11px " + FONT; g.textAlign = "left"; g.strokeText(m.text, m.x + 9, m.y); g.fillText(m.text, m.x + 9, m.y); }
    });
    g.textAlign = "left"; g.textBaseline = "alphabetic";
    if (layer.state.b && layer.state.b.length) {
      g.strokeStyle = INK; g.lineWidth = 2; g.setLineDash([6, 4]); g.beginPath();
      layer.state.b.forEach(function (c) { var p = map.latLngToContainerPoint([c[1], c[0]]); g.lineTo(p.x, p.y); });
      g.closePath(); g.stroke(); g.setLineDash([]);
    }
    g.restore();
  }
  function scale(g, map, h) {
    var line = map.getContainer().querySelector(".leaflet-control-scale-line");
    if (!line) return;
    var width = line.offsetWidth;
    g.fillStyle = "rgba(255,255,255,0.85)"; g.fillRect(8, h - 32, width + 16, 26);
    g.strokeStyle = INK; g.lineWidth = 1.5; g.beginPath(); g.moveTo(16, h - 18); g.lineTo(16, h - 12); g.lineTo(16 + width, h - 12); g.lineTo(16 + width, h - 18); g.stroke();
    g.fillStyle = INK; g.font = "11px " + FONT; g.textAlign = "center"; g.fillText(line.textContent, 16 + width / 2, h - 20); g.textAlign = "left";
  }
  function north(g, w) {
    g.fillStyle = INK; g.strokeStyle = "#fff"; g.lineWidth = 1; g.beginPath(); g.moveTo(w - 22, 12); g.lineTo(w - 14, 34); g.lineTo(w - 22, 28); g.lineTo(w - 30, 34); g.closePath(); g.fill(); g.stroke();
  }

  window.PetaAman.save = function (map, layer, legend) {
    var size = map.getSize(), w = Math.max(size.x, 480), h = size.y, m = layer.state, r = 2;
    var c = document.createElement("canvas"), g = c.getContext("2d");
    g.font = "12px " + FONT;
    var rows = [].map.call(legend.querySelectorAll(".baris"), function (row) {
      var parts = row.querySelectorAll("span");
      return { canvas: row.querySelector("canvas"), text: parts[0].textContent + "  " + parts[1].textContent };
    });
    var columns = Math.max(1, Math.floor(w / 320)), deep = Math.ceil(rows.length / columns);
    var said = lines(g, about(), w - 20), foot = 34 + deep * 20 + said.length * 15 + 12;
    c.width = w * r; c.height = (h + foot) * r;
    g.scale(r, r);
    g.fillStyle = "#fff"; g.fillRect(0, 0, w, h + foot);
    paint(g, map, layer, size.x, h); scale(g, map, h); north(g, w);
    g.fillStyle = INK; g.font = "700 14px " + FONT; g.fillText(m.kata.legenda, 10, h + 22);
    if (m.kata.contoh) {
      var wide = g.measureText(m.kata.contoh).width + 24;
      g.fillStyle = "#fff4df"; g.fillRect(w - wide - 8, h + 6, wide, 24); g.strokeStyle = "#a86a00"; g.strokeRect(w - wide - 8, h + 6, wide, 24);
      g.fillStyle = INK; g.fillText(m.kata.contoh, w - wide + 4, h + 23);
    }
    g.font = "12px " + FONT;
    rows.forEach(function (row, i) {
      var x = 10 + (i % columns) * (w / columns), y = h + 34 + Math.floor(i / columns) * 20;
      if (row.canvas) g.drawImage(row.canvas, x, y, 22, 14);
      g.strokeStyle = "#555c68"; g.strokeRect(x, y, 22, 14); g.fillStyle = INK; g.fillText(row.text, x + 30, y + 11);
    });
    g.font = "11px " + FONT;
    said.forEach(function (line, i) { g.fillText(line, 10, h + 46 + deep * 20 + i * 15); });
    var a = document.createElement("a");
    a.download = "peta" + (m.kata.contoh ? "-DATA-CONTOH" : "") + ".png"; a.href = c.toDataURL("image/png"); a.click();
  };
})();
