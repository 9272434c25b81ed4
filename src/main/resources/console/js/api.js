// Every call to the service, and nothing else talks to it.
import { signOut, token } from "./session.js";

const BASE = new URL("..", document.baseURI);
const DEADLINE_MS = 30_000;

/** What a call failed with: a problem document of the service, or that there was no answer. */
export class Problem extends Error {
  constructor({ status = 0, code = "", title = "The call failed", detail = "", errors = [] }) {
    super(title);
    Object.assign(this, { status, code, title, detail, errors });
  }

  /** The service is of a version that does not know the call. */
  get isUnknownCall() {
    return this.status === 404 && this.code === "not_found";
  }
}

export const get = (path, query = {}, signal = undefined) => json("GET", withQuery(path, query), { signal });

export const post = (path, body = {}, headers = {}) => json("POST", path, { body, headers });

/** The bytes at the path, for what is no JSON. */
export async function blob(path, signal) {
  return (await send("GET", path, { signal })).blob();
}

/**
 * The events of a stream until it ends, as {name, data}. EventSource would not send the token.
 */
export async function* events(path, signal) {
  const response = await send("GET", path, { signal, endless: true });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      return;
    }
    const blocks = (buffer + value.replaceAll("\r", "")).split("\n\n");
    buffer = blocks.pop();
    yield* blocks.map(eventOf).filter((event) => event.data !== null);
  }
}

function eventOf(block) {
  const lines = block.split("\n");
  const field = (name) => lines.filter((line) => line.startsWith(name + ":")).map((line) => line.slice(name.length + 1));
  const data = field("data").join("\n");
  return { name: field("event")[0]?.trim() ?? "message", data: data === "" ? null : JSON.parse(data) };
}

async function json(method, path, options) {
  const response = await send(method, path, options);
  return response.status === 204 ? null : response.json();
}

async function send(method, path, { body, headers = {}, signal, endless = false }) {
  const request = { method, headers: { ...headers }, credentials: "omit", redirect: "error" };
  if (token() !== null) {
    request.headers.Authorization = `Bearer ${token()}`;
  }
  if (body !== undefined) {
    request.headers["Content-Type"] = "application/json";
    request.body = JSON.stringify(body);
  }
  request.signal = AbortSignal.any([signal, endless ? null : AbortSignal.timeout(DEADLINE_MS)].filter(Boolean));
  const response = await fetch(new URL(path, BASE), request).catch((failure) => {
    throw signal?.aborted ? failure : unreachable(failure);
  });
  if (!response.ok) {
    throw await problemOf(response);
  }
  return response;
}

function unreachable(failure) {
  return new Problem({
    title: "The service cannot be reached",
    detail: failure.name === "TimeoutError" ? "It did not answer in time." : "Check the connection, and whether it runs.",
  });
}

async function problemOf(response) {
  const document = await response.json().catch(() => ({}));
  const problem = new Problem({ title: `The service answered ${response.status}`, ...document, status: response.status });
  if (response.status === 401) {
    signOut("Your sign-in is no longer accepted. Sign in again to go on where you were.");
  }
  return problem;
}

function withQuery(path, query) {
  const said = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== "");
  return said.length === 0 ? path : `${path}?${new URLSearchParams(said)}`;
}
