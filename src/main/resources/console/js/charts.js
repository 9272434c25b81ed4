// Charts by Chart.js, each with a table of the same numbers for those who cannot see it.
import { count } from "./format.js";
import { table } from "./ui.js";
import { html, loadChart } from "./vendor.js";

const drawings = new Map();

const colour = (name) => {
  // Canvas does not know light-dark(), a computed colour has chosen already.
  const probe = document.createElement("i");
  probe.className = `ink-${name}`;
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
};

const palette = () => Object.fromEntries(["text", "muted", "line", "accent", "good", "bad", "busy"].map((name) => [name, colour(name)]));

/** A place for a chart; draw() fills it once it is in the page. */
export const canvas = (id, label, tall = false) => html`
  <div class=${tall ? "chart tall" : "chart"}><canvas id=${id} role="img" aria-label=${label}></canvas></div>`;

/** The same numbers in words. */
export const asTable = (caption, rows, columns) => html`
  <details class="as-table"><summary>As a table</summary><div class="scroll">${table({ caption, rows, columns, key: (row) => row.key ?? row.at })}</div></details>`;

/**
 * Draws, or brings a drawing up to date.
 *
 * @param config (palette) => what Chart.js takes
 */
export async function draw(id, config) {
  const Chart = await loadChart();
  const place = document.getElementById(id);
  const known = drawings.get(place);
  if (known !== undefined) {
    known.config = config;
    known.chart.data = config(palette()).data;
    known.chart.update("none");
  } else if (place !== null) {
    drawings.set(place, { config, chart: new Chart(place, config(palette())) });
  }
}

/** Lets go of what was drawn in the part of the page that goes away. */
export function erase(host) {
  for (const [place, { chart }] of drawings) {
    if (host.contains(place)) {
      chart.destroy();
      drawings.delete(place);
    }
  }
}

// A canvas does not follow the style sheet.
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", async () => {
  const Chart = await loadChart();
  for (const [place, drawing] of drawings) {
    drawing.chart.destroy();
    drawing.chart = new Chart(place, drawing.config(palette()));
  }
});

const axis = (ink, more = {}) => ({
  grid: { color: ink.line, drawTicks: false }, border: { display: false }, beginAtZero: true,
  ticks: { color: ink.muted, precision: 0, padding: 6, maxTicksLimit: 6 }, ...more,
});

const common = { responsive: true, maintainAspectRatio: false, animation: false };

/** How many there are of each kind, as bars; a click on one picks it. */
export const bars = (items, pick, inkOf = () => "accent") => (ink) => ({
  type: "bar",
  data: {
    labels: items.map((item) => item.label),
    datasets: [{
      data: items.map((item) => item.count), backgroundColor: items.map((item) => ink[inkOf(item)]),
      borderRadius: 4, barThickness: 14, minBarLength: 2,
    }],
  },
  options: {
    ...common, indexAxis: "y",
    plugins: { legend: { display: false }, tooltip: { callbacks: { label: (item) => count(item.raw) } } },
    onClick: (_, [hit]) => hit && pick(items[hit.index]),
    onHover: (event, hits) => { event.native.target.style.cursor = hits.length > 0 ? "pointer" : "default"; },
    scales: {
      x: axis(ink),
      y: { grid: { display: false }, border: { display: false }, ticks: { color: ink.text, autoSkip: false } },
    },
  },
});

/** Files a second over time: all that ended, and those of them that failed. */
export const throughput = ({ bucket_s: seconds, points }, clock) => (ink) => ({
  type: "line",
  data: {
    labels: points.map((point) => clock(point.at)),
    datasets: [
      line("All files", points.map((point) => point.done / seconds), ink.accent, true),
      line("Failed", points.map((point) => point.failed / seconds), ink.bad, false),
    ],
  },
  options: {
    ...common, interaction: { mode: "index", intersect: false },
    plugins: { legend: { position: "bottom", labels: { color: ink.text, boxWidth: 12, boxHeight: 12 } } },
    scales: {
      x: { grid: { display: false }, border: { display: false }, ticks: { color: ink.muted, maxTicksLimit: 7, maxRotation: 0 } },
      y: axis(ink, { title: { display: true, text: "files per second", color: ink.muted }, ticks: { color: ink.muted, maxTicksLimit: 6 } }),
    },
  },
});

const line = (label, data, ink, filled) => ({
  label, data, borderColor: ink, backgroundColor: ink.replace(/^rgb\((.*)\)$/, "rgba($1, 0.14)"),
  fill: filled, borderWidth: 2, pointRadius: data.length < 40 ? 2.5 : 0, cubicInterpolationMode: "monotone",
});
