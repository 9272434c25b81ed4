// What all screens have in common.
import { erase } from "./charts.js";
import { render } from "./vendor.js";

/** One screen, from the moment it is shown until another one is. */
export class Screen {
  #closing = new AbortController();

  /** What the browser's tab says. */
  title = "";

  constructor(host, { parts, query }) {
    this.host = host;
    this.parts = parts;
    this.query = query;
  }

  /** Aborts when the screen is left; for every call that it makes. */
  get signal() {
    return this.#closing.signal;
  }

  /** Begins to load. */
  open() {}

  /** What is to be seen now. */
  view() {
    throw new Error("a screen without a view");
  }

  update() {
    if (!this.signal.aborted) {
      render(this.view(), this.host);
      this.drawn();
    }
  }

  /** After the page has what view() said; for charts. */
  drawn() {}

  /** Takes note of another query of the same place. */
  refined(query) {
    this.query = query;
    this.open();
  }

  close() {
    this.#closing.abort();
    erase(this.host);
  }

  /**
   * Does it, keeps what it gives as this[name] or its problem as this.problems[name], and shows that.
   */
  async load(name, work) {
    this.problems ??= {};
    try {
      this[name] = await work();
      delete this.problems[name];
    } catch (problem) {
      if (this.signal.aborted) {
        return;
      }
      this.problems[name] = problem;
    }
    this.update();
  }

  /** Does it now and then, for as long as somebody looks: after each pause since the last one ended. */
  async every(pauseMs, work) {
    while (!this.signal.aborted) {
      await this.pause(pauseMs);
      if (!document.hidden && !this.signal.aborted) {
        await work();
      }
    }
  }

  /** Resolves after the time, or at once when the screen is left. */
  pause(ms) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
    });
  }
}
