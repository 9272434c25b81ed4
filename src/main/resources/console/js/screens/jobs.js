// All jobs, newest first; those that run are followed as they go on.
import { get } from "../api.js";
import { ago, count, counted, eta, rate, shortId } from "../format.js";
import { JobStreams } from "../live.js";
import { link, refine } from "../router.js";
import { Screen } from "../screen.js";
import { badge, choice, empty, more, progress, shown, table } from "../ui.js";
import { html, nothing } from "../vendor.js";

const STATES = ["queued", "running", "succeeded", "failed", "stopped"];
const ENDED = ["succeeded", "failed", "stopped"];
const TYPES = ["sidecar", "thumbnails", "scan", "reprobe"];
const SINCE = { "1 hour": 3600, "24 hours": 86_400, "7 days": 604_800 };
const PAGE = 50;
const LOOK_EVERY_MS = 3000;

export class Jobs extends Screen {
  title = "Jobs";
  #streams = new JobStreams((job) => this.#hear(job));
  #heard = new Map();

  constructor(host, at) {
    super(host, at);
    this.every(LOOK_EVERY_MS, () => this.#look());
  }

  async open() {
    this.list = undefined;
    this.update();
    await this.#look();
  }

  close() {
    super.close();
    this.#streams.close();
  }

  #filter() {
    const { type, status, since } = this.query;
    const seconds = SINCE[since];
    return { type, status, since: seconds ? new Date(Date.now() - seconds * 1000).toISOString() : "", limit: PAGE };
  }

  /** The first page anew, before the older ones that somebody asked for. */
  async #look() {
    const asked = this.query;
    await this.load("list", async () => {
      const page = await get("v1/jobs", this.#filter(), this.signal);
      if (asked !== this.query) {
        return this.list;
      }
      const fresh = new Set(page.items.map((job) => job.job_id));
      const older = (this.list?.items ?? []).slice(page.items.length).filter((job) => !fresh.has(job.job_id));
      return older.length === 0 ? page : { items: [...page.items, ...older], next_cursor: this.list.next_cursor };
    });
    const listed = new Set(this.list?.items.map((job) => job.job_id));
    // Of what has ended the list knows better: somebody may have restarted it.
    [...this.#heard.values()].filter((job) => ENDED.includes(job.status) || !listed.has(job.job_id))
      .forEach((job) => this.#heard.delete(job.job_id));
    const inState = (state) => (this.list?.items ?? []).filter((job) => job.status === state).map((job) => job.job_id);
    this.#streams.follow([...inState("running"), ...inState("queued")]);
  }

  #older() {
    return this.load("list", async () => {
      const page = await get("v1/jobs", { ...this.#filter(), cursor: this.list.next_cursor }, this.signal);
      return { items: [...this.list.items, ...page.items], next_cursor: page.next_cursor };
    });
  }

  #hear(job) {
    this.#heard.set(job.job_id, job);
    this.update();
  }

  /** The list's row with what its stream told since. */
  #row(row) {
    const job = this.#heard.get(row.job_id);
    if (job === undefined || ENDED.includes(row.status)) {
      return row;
    }
    const { total, done, failed, rate_per_s: perSecond, eta: end, workers } = job.progress;
    return { ...row, status: job.status, total, done, failed, perSecond, end, workers };
  }

  view() {
    return html`
      <div class="head">
        <h1>Jobs</h1>
        <a class="button primary" href="#/run">New run</a>
      </div>
      <form class="filters" role="search" aria-label="Jobs" @submit=${(event) => event.preventDefault()}>
        ${choice("State", "status", this.query.status, STATES, (...said) => this.#refine(...said))}
        ${choice("Type", "type", this.query.type, TYPES, (...said) => this.#refine(...said))}
        ${choice("Asked for in the last", "since", this.query.since, Object.keys(SINCE), (...said) => this.#refine(...said))}
      </form>
      ${shown(this, "list", (page) => this.#table(page), { again: () => this.#look() })}`;
  }

  #refine(name, value) {
    refine({ ...this.query, [name]: value });
  }

  #table(page) {
    const rows = page.items.map((row) => this.#row(row));
    if (rows.length === 0) {
      return Object.values(this.query).some(Boolean)
        ? empty("No job fits these filters.", html`<a href="#/jobs">Show all jobs</a>`)
        : empty("No jobs yet.", html`Probe an <a href="#/archive">asset</a>, or <a href="#/run">start a run</a> over many.`);
    }
    const running = rows.filter((row) => row.status === "running").length;
    return html`
      <p class="summary">${running === 0 ? "Nothing is running." : `${counted(running, "job is", "jobs are")} running.`}</p>
      ${table({
        caption: "Jobs, newest first",
        rows,
        key: (row) => row.job_id,
        columns: [
          { name: "Job", kind: "main", cell: (row) => jobLink(row) },
          { name: "State", cell: (row) => badge(row.status) },
          { name: "Progress", kind: "wide", cell: (row) => progressCell(row) },
          { name: "Failed", kind: "number", cell: (row) => (row.failed > 0 ? html`<span class="bad-text">${count(row.failed)}</span>` : "0") },
          { name: "Rate", kind: "number", cell: (row) => rate(row.status === "running" ? row.perSecond : null) },
          { name: "Ends", kind: "number", cell: (row) => eta(row.status === "running" ? row.end : null) },
          { name: "Asked for", kind: "number", cell: (row) => html`<time datetime=${row.requested_at} title=${row.requested_at}>${ago(row.requested_at)}</time>` },
        ],
      })}
      ${more(page, () => this.#older())}`;
  }
}

const jobLink = (row) => html`
  <a href=${link(["jobs", row.job_id])}>${row.config ?? row.type}</a>
  <span class="sub">${row.config ? `${row.type} · ` : nothing}${row.asset_id ? `${shortId(row.asset_id)} · ` : nothing}${shortId(row.job_id)}</span>`;

const progressCell = (row) => html`
  ${progress(row.done, row.total, row.failed, `Progress of ${row.config ?? row.type} ${shortId(row.job_id)}`)}
  <span class="sub">${row.total === 0 && row.status !== "succeeded" ? "not counted yet" : `${count(row.done)} of ${count(row.total)}`}</span>`;
