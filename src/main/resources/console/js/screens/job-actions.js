// What an operator does to a job; each asks first, with the number of files that it is about.
import { get, post } from "../api.js";
import { ask } from "../dialog.js";
import { count, counted, fileName, shortId } from "../format.js";
import { html, nothing } from "../vendor.js";

/** How many files of a dry run are named. */
const NAMED = 5;

const path = (job, action) => `v1/jobs/${job.job_id}/${action}`;

/** Probes again what failed and what was never reached; with a code, just what failed with it. */
export function retryFailed(job, code) {
  const body = { only: "failed_items", ...(code ? { failure_codes: [code] } : {}) };
  return ask({
    title: code ? `Retry ${code}` : "Restart the job",
    describe: () => restartPlan(job, body, code
      ? html`Only files that failed with <code>${code}</code> are done again. What failed for other reasons stays failed.`
      : "Files that failed are done again, and those that were never reached. Finished files stay as they are."),
    run: () => post(path(job, "restart"), body),
  });
}

/** Goes on with what was never reached. */
export function goOn(job) {
  const body = { only: "unfinished" };
  return ask({
    title: "Continue the job",
    describe: () => restartPlan(job, body, "Only files that were never reached are done. What failed stays failed."),
    run: () => post(path(job, "restart"), body),
  });
}

export function stop(job) {
  const { total, done } = job.progress;
  return ask({
    title: "Stop the job",
    danger: true,
    describe: async () => ({
      text: html`
        <p>Workers finish the files in hand and let go. ${counted(done, "file is", "files are")} done and
          ${done === 1 ? "stays" : "stay"} done; <strong>${count(Math.max(0, total - done))}</strong> would be left.</p>
        <p>You can continue the job later.</p>`,
      action: "Stop the job",
    }),
    run: () => post(path(job, "stop")),
  });
}

export function abandon(job) {
  return ask({
    title: "Abandon the job",
    danger: true,
    describe: async () => {
      const left = await leftOver(job);
      return {
        text: html`
          <p>The job can <strong>never be restarted</strong> after this. ${counted(left, "file that a restart would do again stays",
            "files that a restart would do again stay")} as they are.</p>
          <p>A new run can still take them.</p>`,
        action: "Abandon the job",
      };
    },
    run: () => post(path(job, "abandon")),
  });
}

/** How many files a restart would do; it is refused if there is none. */
async function leftOver(job) {
  try {
    return (await post(path(job, "restart"), { only: "failed_items", dry_run: true })).count;
  } catch (problem) {
    if (problem.code === "job_not_restartable") {
      return 0;
    }
    throw problem;
  }
}

async function restartPlan(job, body, rule) {
  const plan = await named(await post(path(job, "restart"), { ...body, dry_run: true }));
  if (plan.count === 0) {
    return { text: html`<p>There is no file left for it.</p>`, possible: false };
  }
  return {
    text: html`
      <p><strong>${counted(plan.count, "file")}</strong> will be done in attempt ${job.attempt + 1} of this job.</p>
      ${sample(plan)}
      <p>${rule}</p>`,
    action: `Do ${counted(plan.count, "file")} again`,
  };
}

/** The plan of a dry run with the names of its first few files. */
export async function named(plan) {
  const some = (plan.sample ?? []).slice(0, NAMED);
  const names = await Promise.all(some.map((id) => get(`v1/assets/${id}`)
    .then((asset) => fileName(asset.source_uri), () => shortId(id))));
  return { ...plan, names };
}

/** The first few files of a dry run, and how many more there are. */
export const sample = ({ count: all, names }) => (names.length === 0 ? nothing : html`
  <ul>${names.map((name) => html`<li>${name}</li>`)}
    ${all > names.length ? html`<li>and ${count(all - names.length)} more</li>` : nothing}</ul>`);
