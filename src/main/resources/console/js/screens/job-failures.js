// Why files of a job failed: by code, then one by one.
import { get } from "../api.js";
import { count, fileName } from "../format.js";
import { link } from "../router.js";
import { empty, more, shown, table, time } from "../ui.js";
import { html, nothing } from "../vendor.js";
import { retryFailed } from "./job-actions.js";

const PAGE = 25;

export class Failures {
  constructor(screen, onRetry) {
    this.screen = screen;
    this.onRetry = onRetry;
  }

  async look() {
    const { screen } = this;
    await screen.load("failures", async () => (await get(`v1/jobs/${screen.id}/failures/summary`, {}, screen.signal)).items);
    if (screen.query.code) {
      await this.#page();
    }
  }

  /** The first page of one code's files, or one more. */
  #page(cursor) {
    const { screen } = this;
    const { code } = screen.query;
    return screen.load("files", async () => {
      const page = await get(`v1/jobs/${screen.id}/failures`, { code, cursor, limit: PAGE }, screen.signal);
      return cursor ? { ...page, code, items: [...screen.files.items, ...page.items] } : { ...page, code };
    });
  }

  view(job, mayOperate) {
    return html`
      <section class="card" aria-labelledby="failures-title">
        <div class="section-head"><h2 id="failures-title">Failures by code</h2></div>
        ${shown(this.screen, "failures", (items) => this.#codes(items, job, mayOperate), { again: () => this.look() })}
        ${this.screen.query.code ? this.#files() : nothing}
      </section>`;
  }

  #codes(items, job, mayOperate) {
    if (items.length === 0) {
      return empty("No file failed.");
    }
    const { code } = this.screen.query;
    return table({
      caption: "Why files failed, the most frequent reason first",
      rows: items,
      key: (item) => item.code,
      columns: [
        { name: "Reason", kind: "main", cell: (item) => html`<span>${item.title}</span> <code>${item.code}</code>` },
        { name: "Files", kind: "number", cell: (item) => count(item.count) },
        {
          name: "", kind: "actions-cell", cell: (item) => html`<div class="actions end">
            <a class="button quiet small" href=${link(["jobs", this.screen.id], { code: item.code === code ? "" : item.code })}
               aria-expanded=${item.code === code}>${item.code === code ? "Hide" : "Show"} files<span class="unseen"> of ${item.code}</span></a>
            ${mayOperate && job.ended ? html`
              <button type="button" class="quiet small" @click=${() => this.#retry(job, item.code)}>Retry<span class="unseen"> ${item.code}</span></button>` : nothing}
          </div>`,
        },
      ],
    });
  }

  #files() {
    const { screen } = this;
    return html`
      <div class="files">
        <h3>Files that failed with <code>${screen.query.code}</code></h3>
        ${shown(screen, "files", (page) => (page.code !== screen.query.code ? nothing : html`${table({
          caption: `Files that failed with ${screen.query.code}`,
          rows: page.items,
          key: (item) => item.seq,
          columns: [
            { name: "File", kind: "main", cell: (item) => html`${item.asset_id
              ? html`<a href=${link(["archive", item.asset_id])}>${fileName(item.source_uri ?? item.asset_id)}</a>`
              : fileName(item.source_uri)}<span class="sub">${item.message}</span>` },
            { name: "Tries", kind: "number", cell: (item) => count(item.attempts) },
            { name: "Last", kind: "number", cell: (item) => time(item.at) },
          ],
        })}${more(page, () => this.#page(page.next_cursor))}`))}
      </div>`;
  }

  async #retry(job, code) {
    if (await retryFailed(job, code)) {
      this.onRetry();
    }
  }
}
