// Who works, and which runs the service starts by itself.
import { get } from "../api.js";
import { ago, count } from "../format.js";
import { Screen } from "../screen.js";
import { badge, empty, shown, table, time } from "../ui.js";
import { html } from "../vendor.js";

const LOOK_EVERY_MS = 5000;

export class Workers extends Screen {
  title = "Workers";

  async open() {
    await this.#look();
    this.every(LOOK_EVERY_MS, () => this.#look());
  }

  refined() {
    // There is nothing to ask for.
  }

  #look() {
    return Promise.all([
      this.load("workers", async () => (await get("v1/workers", {}, this.signal)).items),
      this.load("schedules", async () => (await get("v1/schedules", {}, this.signal)).items),
    ]);
  }

  view() {
    return html`
      <h1>Workers</h1>
      <section aria-labelledby="workers-title">
        <div class="section-head"><h2 id="workers-title">Heartbeats</h2>
          <p class="hint">What a dead worker had in hand is taken over by another.</p></div>
        ${shown(this, "workers", workers, { again: () => this.#look() })}
      </section>
      <section aria-labelledby="schedules-title">
        <div class="section-head"><h2 id="schedules-title">Schedules</h2></div>
        ${shown(this, "schedules", schedules, { again: () => this.#look() })}
      </section>`;
  }
}

const workers = (items) => (items.length === 0 ? empty("No worker has been seen.", "Jobs wait until a node with the role worker starts.") : table({
  caption: "Workers and when they were last heard of",
  rows: items,
  key: (worker) => worker.name,
  columns: [
    { name: "Worker", kind: "main", cell: (worker) => html`<strong>${worker.name}</strong>` },
    { name: "State", cell: (worker) => badge(worker.state) },
    { name: "Heartbeat", cell: (worker) => (worker.heartbeat_at ? html`<time datetime=${worker.heartbeat_at} title=${worker.heartbeat_at}>${ago(worker.heartbeat_at)}</time>` : "–") },
    { name: "Jobs in hand", kind: "number", cell: (worker) => count(worker.jobs) },
    { name: "Partitions in hand", kind: "number", cell: (worker) => count(worker.partitions) },
  ],
}));

const schedules = (items) => (items.length === 0 ? empty("Nothing runs by itself.", "Schedules are set in the service's configuration.") : table({
  caption: "Runs that the service starts by itself",
  rows: items,
  key: (schedule) => schedule.name,
  columns: [
    { name: "Schedule", kind: "main", cell: (schedule) => html`<strong>${schedule.name}</strong>` },
    { name: "Runs", cell: (schedule) => html`${schedule.config} <span class="sub">${schedule.type}</span>` },
    { name: "When", cell: (schedule) => html`<code>${schedule.when}</code>` },
    { name: "Next", cell: (schedule) => (schedule.enabled ? time(schedule.next_at) : "switched off") },
    { name: "Last", cell: (schedule) => time(schedule.last_at) },
  ],
}));
