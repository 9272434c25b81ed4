// Jobs as they go on, by server-sent events.
import { events } from "./api.js";

// A browser keeps six connections to a server of HTTP/1.1, and these stay open: two are left for everything else.
const AT_ONCE = 4;
const COME_BACK_MS = 2000;

const ended = (job) => ["succeeded", "failed", "stopped"].includes(job.status);

/** Follows some jobs at a time, as long as the page is seen. */
export class JobStreams {
  #streams = new Map();
  #wanted = [];
  #onJob;
  #onVisibility = () => this.#settle();

  constructor(onJob) {
    this.#onJob = onJob;
    document.addEventListener("visibilitychange", this.#onVisibility);
  }

  /** Follows the first of these jobs, and no other. */
  follow(ids) {
    this.#wanted = ids.slice(0, AT_ONCE);
    this.#settle();
  }

  has(id) {
    return this.#streams.has(id);
  }

  close() {
    document.removeEventListener("visibilitychange", this.#onVisibility);
    this.follow([]);
  }

  #settle() {
    const now = document.hidden ? [] : this.#wanted;
    for (const [id, stream] of this.#streams) {
      if (!now.includes(id)) {
        stream.abort();
        this.#streams.delete(id);
      }
    }
    now.filter((id) => !this.#streams.has(id)).forEach((id) => this.#start(id));
  }

  async #start(id) {
    const stream = new AbortController();
    this.#streams.set(id, stream);
    let last = null;
    try {
      for await (const { name, data } of events(`v1/jobs/${id}/events`, stream.signal)) {
        if (name === "job") {
          last = data;
          this.#onJob(data);
        }
      }
    } catch {
      // Gone, or too many listen; whoever shows the job asks for it again from time to time.
    }
    if (stream.signal.aborted) {
      return;
    }
    if (last !== null && ended(last)) {
      this.#wanted = this.#wanted.filter((other) => other !== id);
      this.#streams.delete(id);
    } else {
      setTimeout(() => {
        if (this.#streams.get(id) === stream) {
          this.#streams.delete(id);
          this.#settle();
        }
      }, COME_BACK_MS);
    }
  }
}
