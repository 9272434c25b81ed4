// The libraries' files, by the versions that pom.xml names. A file missing here is not served either.
export { html, svg, render, nothing } from "../lib/lit-html/3.3.2/lit-html.js";
export { repeat } from "../lib/lit-html/3.3.2/directives/repeat.js";
export { live } from "../lib/lit-html/3.3.2/directives/live.js";

/** Chart.js, once a chart is to be drawn. It is made for scripts and leaves itself in the global scope. */
export async function loadChart() {
  await import("../lib/chart.js/4.5.1/dist/chart.umd.min.js");
  return globalThis.Chart;
}
