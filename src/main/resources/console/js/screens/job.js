// One job: how far it is, why files of it failed, who works on it, and what can be done about it.
import { get } from "../api.js";
import { asTable, canvas, draw, throughput } from "../charts.js";
import { between, clock, count, counted, eta, rate, shortId } from "../format.js";
import { JobStreams } from "../live.js";
import { link } from "../router.js";
import { Screen } from "../screen.js";
import { identity } from "../session.js";
import { announce, badge, empty, facts, progress, shown, time, trouble } from "../ui.js";
import { html, nothing } from "../vendor.js";
import { abandon, goOn, retryFailed, stop } from "./job-actions.js";
import { attempts } from "./job-attempts.js";
import { Failures } from "./job-failures.js";

const LOOK_EVERY_MS = 3000;
const ENDED = ["succeeded", "failed", "stopped"];

export class Job extends Screen {
  #streams = new JobStreams((job) => this.#hear(job));
  #failures;

  constructor(host, at) {
    super(host, at);
    this.id = at.parts[1];
    this.title = `Job ${shortId(this.id)}`;
    this.#failures = new Failures(this, () => this.#again());
  }

  async open() {
    await this.#look();
    this.every(LOOK_EVERY_MS, () => (this.job?.ended === false ? this.#details() : undefined));
  }

  refined(query) {
    this.query = query;
    this.update();
    this.#failures.look();
  }

  close() {
    super.close();
    this.#streams.close();
  }

  async #look() {
    await this.load("job", async () => withEnd(await get(`v1/jobs/${this.id}`, {}, this.signal)));
    if (this.job !== undefined) {
      this.#streams.follow(this.job.ended ? [] : [this.id]);
      await this.#details();
    }
  }

  #details() {
    return Promise.all([
      this.load("executions", async () => (await get(`v1/jobs/${this.id}/executions`, {}, this.signal)).items),
      this.load("throughput", () => get(`v1/jobs/${this.id}/throughput`, {}, this.signal)),
      this.#failures.look(),
    ]);
  }

  #hear(job) {
    const before = this.job?.status;
    this.job = withEnd(job);
    this.update();
    if (before !== job.status) {
      announce(`The job is ${job.status}.`);
      this.#details();
    }
  }

  /** After an operator's wish was taken: the stream tells the rest. */
  async #again() {
    await this.#look();
    this.host.querySelector("h1").focus();
  }

  view() {
    return html`
      <p class="trail"><a href="#/jobs">Jobs</a> / ${shortId(this.id)}</p>
      ${shown(this, "job", (job) => this.#job(job), { again: () => this.#look() })}`;
  }

  #job(job) {
    return html`
      <div class="head">
        <div class="head-title"><h1 tabindex="-1">${job.config ?? job.type}</h1>${badge(job.abandoned ? "abandoned" : job.status)}</div>
        ${this.#actions(job)}
      </div>
      ${job.error ? trouble({ title: "The job failed", detail: job.error.message, code: job.error.code }) : nothing}
      ${this.#overview(job)}
      ${job.asset_id && job.progress.failed === 0 ? nothing : this.#failures.view(job, identity().may("jobs:operate"))}
      <section class="card" aria-labelledby="throughput-title">
        <div class="section-head"><h2 id="throughput-title">Throughput</h2></div>
        ${shown(this, "throughput", (plot) => throughputOf(plot))}
      </section>
      <section class="card" aria-labelledby="attempts-title">
        <div class="section-head"><h2 id="attempts-title">Attempts</h2></div>
        ${shown(this, "executions", (items) => attempts(items, {
          ofMany: job.asset_id === null, all: this.all, showAll: () => this.#showAll(),
        }))}
      </section>`;
  }

  #actions(job) {
    if (!identity().may("jobs:operate")) {
      return nothing;
    }
    const { total, done, failed } = job.progress;
    const button = (label, action, kind) => html`
      <button type="button" class=${kind} @click=${async () => ((await action(job)) ? this.#again() : undefined)}>${label}</button>`;
    return html`<div class="actions">
      ${!job.ended ? button("Stop", stop, "danger-quiet") : nothing}
      ${job.ended && !job.abandoned && (failed > 0 || job.status !== "succeeded") ? button("Restart", retryFailed, "primary") : nothing}
      ${job.ended && !job.abandoned && failed > 0 && done < total ? button("Continue", goOn, "quiet") : nothing}
      ${job.ended && !job.abandoned && job.status !== "succeeded" ? button("Abandon", abandon, "danger-quiet") : nothing}
    </div>`;
  }

  #showAll() {
    this.all = true;
    this.update();
  }

  #overview(job) {
    const { total, done, failed, rate_per_s: perSecond, eta: end, workers } = job.progress;
    const running = job.status === "running";
    return html`
      <section class="card overview" aria-label="Progress">
        <p class="big">${total === 0 && !job.ended ? html`<span>Not counted yet</span>`
          : html`${count(done)} <span>of ${counted(total, "file")}</span>`}</p>
        ${progress(done, total, failed, "Progress of the job")}
        ${facts([
          ["Failed", failed > 0 ? html`<span class="bad-text">${count(failed)}</span>` : "0"],
          ["Rate", rate(perSecond)],
          ["Ends", running ? eta(end) : null],
          ["Workers", running ? count(workers) : null],
          ["Unchanged", job.type === "scan" && job.result ? count(job.result.counts.unchanged) : null],
          ["Missing", job.type === "scan" && job.result ? count(job.result.counts.missing) : null],
          ["Began", time(job.started_at)],
          ["Ended", job.finished_at ? time(job.finished_at) : null],
          ["Took", job.started_at ? between(job.started_at, job.finished_at) : null],
          ["Attempt", count(job.attempt)],
          ["Type", job.type],
        ])}
        <p class="sub">Job <code>${job.job_id}</code>${job.asset_id
          ? html` about asset <a href=${link(["archive", job.asset_id])}>${shortId(job.asset_id)}</a>` : nothing}</p>
      </section>`;
  }

  drawn() {
    if (this.throughput?.points.length > 1) {
      draw("throughput", throughput(this.throughput, clock));
    }
  }
}

const withEnd = (job) => ({ ...job, ended: ENDED.includes(job.status), abandoned: job.batch?.batch_status === "ABANDONED" });

function throughputOf(plot) {
  if (plot.points.length < 2) {
    return empty("Too short to plot.", "A rate over time shows once the job has been at work for a while.");
  }
  return html`
    ${canvas("throughput", `Files a second over time, ${plot.points.length} points; the table below has the numbers`, true)}
    ${asTable(`Files that ended in each ${plot.bucket_s} s`, plot.points, [
      { name: "From", cell: (point) => clock(point.at) },
      { name: "Files", kind: "number", cell: (point) => count(point.done) },
      { name: "Failed", kind: "number", cell: (point) => count(point.failed) },
    ])}`;
}
