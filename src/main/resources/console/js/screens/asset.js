// One asset: its pictures, what is in the file, why it failed, and probing it again.
import { blob, get, post } from "../api.js";
import { ask } from "../dialog.js";
import { bytes, count, counted, fileName, shortId } from "../format.js";
import { JobStreams } from "../live.js";
import { link } from "../router.js";
import { Screen } from "../screen.js";
import { identity } from "../session.js";
import { announce, badge, empty, facts, loading, shown, time, trouble } from "../ui.js";
import { html, nothing } from "../vendor.js";
import { sidecarTables } from "./sidecar-tables.js";

const ENDED = ["succeeded", "failed", "stopped"];

export class Asset extends Screen {
  #streams = new JobStreams((job) => this.#hear(job));
  #urls = new Map();

  constructor(host, at) {
    super(host, at);
    this.id = at.parts[1];
    this.title = `Asset ${shortId(this.id)}`;
  }

  async open() {
    await this.load("asset", () => get(`v1/assets/${this.id}`, {}, this.signal));
    if (this.asset !== undefined) {
      await Promise.all([this.#sidecar(), ...this.asset.thumbnails.map((picture) => this.#picture(picture))]);
    }
  }

  refined(query) {
    this.query = query;
    this.update();
  }

  close() {
    super.close();
    this.#streams.close();
    this.#urls.forEach((url) => URL.revokeObjectURL(url));
  }

  #sidecar() {
    return this.asset.sidecar === null
      ? this.load("sidecar", async () => null)
      : this.load("sidecar", () => get(`v1/assets/${this.id}/sidecar`, {}, this.signal));
  }

  /** A picture needs the token, so that its bytes are fetched and shown from memory. */
  async #picture({ idx, storage_key: key }) {
    const path = `v1/assets/${this.id}/thumbnails/${idx}`;
    const bytesOf = await blob(path, this.signal).catch(() => null);
    if (bytesOf !== null && !this.signal.aborted) {
      this.#urls.set(key, URL.createObjectURL(bytesOf));
      this.update();
    }
  }

  #hear(job) {
    this.job = job;
    this.update();
    if (ENDED.includes(job.status)) {
      announce(`The probe has ${job.status}.`);
      this.open();
    }
  }

  view() {
    return html`
      <p class="trail"><a href="#/archive">Archive</a> / ${shortId(this.id)}</p>
      ${shown(this, "asset", (asset) => this.#asset(asset), { again: () => this.open() })}`;
  }

  #asset(asset) {
    const name = fileName(asset.source_uri);
    return html`
      <div class="head">
        <div class="head-title"><h1 tabindex="-1">${name}</h1>${badge(asset.status)}</div>
        ${identity().may("jobs:run") ? html`<div class="actions">
          <button type="button" class="primary" @click=${() => this.#probe(name)}>Probe again</button></div>` : nothing}
      </div>
      ${this.job ? html`<p class="notice">Probe of this asset: ${badge(this.job.status)}
        <a href=${link(["jobs", this.job.job_id])}>Open its job</a></p>` : nothing}
      ${asset.failure ? trouble({
        title: "The last probe failed",
        detail: asset.failure.message,
        code: asset.failure.code,
      }) : nothing}
      <div class="asset-top">
        ${this.#poster(asset, name)}
        <section class="card" aria-label="The file">
          ${facts([
            ["Size", bytes(asset.size_bytes)],
            ["Failed in a row", asset.failure ? counted(asset.failure.attempts, "time") : null],
            ["Last failed", asset.failure ? time(asset.failure.at) : null],
            ["Hash", `${asset.hash_quality === "strong" ? "of all bytes" : "weak: of name, size and time"}`],
            ["Pictures", count(asset.thumbnails.length)],
            ["Sidecar", asset.sidecar ? `version ${asset.sidecar.schema_version}` : "none yet"],
          ])}
          <dl class="facts long">
            <div><dt>Source</dt><dd><code>${asset.source_uri}</code></dd></div>
            <div><dt>Asset</dt><dd><code>${asset.asset_id}</code></dd></div>
          </dl>
        </section>
      </div>
      ${this.#pictures(asset)}
      <section class="card" aria-labelledby="sidecar-title">
        <div class="section-head">
          <h2 id="sidecar-title">Sidecar</h2>
          ${this.sidecar ? html`<div class="actions" role="group" aria-label="Show the sidecar">
            ${this.#switch("As tables", "")}${this.#switch("As JSON", "json")}</div>` : nothing}
        </div>
        ${shown(this, "sidecar", (sidecar) => this.#document(sidecar), { again: () => this.#sidecar() })}
      </section>`;
  }

  #switch(label, as) {
    const chosen = (this.query.as ?? "") === as;
    return html`<a class="button small ${chosen ? "primary" : "quiet"}" aria-current=${chosen}
                   href=${link(["archive", this.id], { as })}>${label}</a>`;
  }

  #document(sidecar) {
    if (sidecar === null) {
      return empty("No sidecar yet.", "The asset gets one when a probe succeeds.");
    }
    return this.query.as === "json"
      ? html`<pre class="json" tabindex="0" aria-label="Sidecar as JSON">${JSON.stringify(sidecar, null, 2)}</pre>`
      : sidecarTables(sidecar);
  }

  #poster(asset, name) {
    const poster = asset.thumbnails.find((picture) => picture.idx === 0);
    if (poster === undefined) {
      return html`<div class="poster none"><p>No picture</p></div>`;
    }
    return html`<div class="poster">${this.#image(poster, `Poster of ${name}`)}</div>`;
  }

  #pictures(asset) {
    const samples = asset.thumbnails.filter((picture) => picture.idx !== 0);
    return samples.length === 0 ? nothing : html`
      <section aria-labelledby="pictures-title">
        <h2 id="pictures-title">Pictures</h2>
        <ul class="pictures">${samples.map((picture) => html`
          <li><figure>${this.#image(picture, "")}<figcaption>at ${(picture.ts_ms / 1000).toFixed(1)} s</figcaption></figure></li>`)}</ul>
      </section>`;
  }

  #image({ storage_key: key, width, height }, alt) {
    const url = this.#urls.get(key);
    return url ? html`<img src=${url} alt=${alt} width=${width} height=${height}>` : loading("Picture");
  }

  async #probe(name) {
    const accepted = await ask({
      title: "Probe again",
      describe: async () => ({
        text: html`<p><strong>1 file</strong> will be probed: ${name}. Its sidecar and pictures are made anew; until then the old ones stay.</p>`,
        action: "Probe 1 file",
      }),
      run: () => post(`v1/assets/${this.id}/sidecar`, {}, { "Idempotency-Key": crypto.randomUUID() }),
    });
    if (accepted) {
      this.job = { job_id: accepted.job_id, status: "queued" };
      this.#streams.follow([accepted.job_id]);
      this.update();
      this.host.querySelector("h1").focus();
    }
  }
}
