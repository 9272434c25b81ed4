// Starting a run over many assets from a batch config, with what it would take told first.
import { get, post } from "../api.js";
import { ask } from "../dialog.js";
import { counted, words } from "../format.js";
import { go, refine } from "../router.js";
import { Screen } from "../screen.js";
import { announce, empty, facts, loading, shown, trouble } from "../ui.js";
import { html, nothing } from "../vendor.js";
import { named, sample } from "./job-actions.js";

const WHAT = {
  reprobe: {
    missing: "Probes assets that have no sidecar yet and are not known to be bad.",
    failed: "Probes assets again whose last probe failed.",
    changed: "Probes assets again whose file has changed.",
    stale: "Probes assets again whose sidecar is of an older prober or schema.",
    all: "Probes every asset again.",
  },
  thumbnails: {
    missing: "Makes pictures of assets that have none and were never tried.",
    failed: "Makes pictures of assets where that failed.",
    changed: "Makes pictures anew of assets whose file has changed.",
    stale: "Makes pictures anew that an older tool made.",
    all: "Makes all pictures anew.",
  },
};
const SCAN = "Compares the archive folder with the catalogue: new and changed files get sidecars, missing ones are marked.";

export class Run extends Screen {
  title = "New run";

  async open() {
    if (this.configs === undefined) {
      await this.load("configs", async () => (await get("v1/batch-configs", {}, this.signal)).items);
    }
    await this.#count();
  }

  #chosen() {
    return this.configs?.find((config) => config.name === this.query.config);
  }

  /** What the chosen run would take now. A scan knows only once it has looked. */
  async #count() {
    const config = this.#chosen();
    this.plan = undefined;
    this.problems = { ...this.problems, plan: undefined };
    this.update();
    if (config !== undefined && config.type !== "scan") {
      await this.load("plan", async () => {
        const plan = await named(await post("v1/jobs", { config: config.name, dry_run: true }));
        return this.#chosen() === config ? plan : this.plan;
      });
      announce(this.plan ? `${counted(this.plan.count, "asset")} would be taken.` : "");
    }
  }

  view() {
    return html`
      <h1>New run</h1>
      <p class="summary">A run does the same to many assets. Choose a batch config; nothing starts before you have seen what it would take.</p>
      ${shown(this, "configs", (configs) => this.#choices(configs), { again: () => this.open() })}
      ${this.#chosen() ? this.#plan(this.#chosen()) : nothing}`;
  }

  #choices(configs) {
    if (configs.length === 0) {
      return empty("There is no batch config for this organisation.", "An operator of the service adds them as files.");
    }
    return html`
      <fieldset class="choices"><legend class="unseen">Batch config</legend>
        ${configs.map((config) => html`
          <label class="choice">
            <input type="radio" name="config" value=${config.name} .checked=${config.name === this.query.config}
                   @change=${() => refine({ config: config.name })}>
            <span><strong>${config.name}</strong><span class="sub">${describe(config)}</span></span>
          </label>`)}
      </fieldset>`;
  }

  #plan(config) {
    return html`
      <section class="card" aria-labelledby="plan-title">
        <h2 id="plan-title">${config.name}</h2>
        ${facts(settings(config))}
        <div aria-live="polite" class="plan">${this.#outlook(config)}</div>
        ${this.#blocked(config) ? nothing : html`<div class="actions">
          <button type="button" class="primary" @click=${() => this.#start(config)}>Start the run</button></div>`}
      </section>`;
  }

  #blocked(config) {
    return config.type !== "scan" && !(this.plan?.count > 0);
  }

  #outlook(config) {
    if (config.type === "scan") {
      return html`<p>How many files there are for it shows only once it has looked.</p>`;
    }
    if (this.problems?.plan) {
      return trouble(this.problems.plan, () => this.#count());
    }
    if (this.plan === undefined) {
      return loading("Counting");
    }
    return this.plan.count === 0
      ? empty("There is nothing for it to do.")
      : html`<p class="big">${counted(this.plan.count, "asset")} <span>would be taken</span></p>${sample(this.plan)}`;
  }

  async #start(config) {
    const key = crypto.randomUUID();
    const files = config.type === "scan" ? "the files of the archive folder" : counted(this.plan.count, "asset");
    const job = await ask({
      title: `Start ${config.name}`,
      describe: async () => ({
        text: html`
          <p>A ${config.type} over <strong>${files}</strong> begins as soon as a worker is free. You can stop it at any time.</p>
          <p>${config.on_overlap === "skip"
            ? "If the same run is going on already, you are shown that one instead."
            : "It is refused if the same run is going on already."}</p>`,
        action: "Start the run",
      }),
      run: () => post("v1/jobs", { config: config.name }, { "Idempotency-Key": key }),
    });
    if (job) {
      go(["jobs", job.job_id]);
    }
  }
}

const describe = ({ type, select }) => (type === "scan" ? SCAN : WHAT[type]?.[select?.which] ?? words(type));

function settings({ select, options }) {
  const said = Object.entries({ ...select, ...options }).filter(([name, value]) => value !== null && name !== "which");
  return said.map(([name, value]) => [words(name), Array.isArray(value) ? value.join(", ") : String(value)]);
}
