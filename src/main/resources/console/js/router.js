// The address after the # says what is shown: #/jobs/{id}?code=empty_file

/** The address in parts: ["jobs", "{id}"] and a plain object of the query. */
export function place() {
  const [path, query = ""] = location.hash.replace(/^#\/?/, "").split("?");
  return {
    parts: path.split("/").filter(Boolean).map(decode),
    query: Object.fromEntries(new URLSearchParams(query)),
  };
}

/** The link to a place; empty values are left out of the query. */
export function link(parts, query = {}) {
  const said = Object.entries(query).filter(([, value]) => value);
  const tail = said.length === 0 ? "" : `?${new URLSearchParams(said)}`;
  return `#/${parts.map(encodeURIComponent).join("/")}${tail}`;
}

export function go(parts, query = {}) {
  location.hash = link(parts, query);
}

/** Says another query of the same place, without a step in the history. */
export function refine(query) {
  history.replaceState(null, "", link(place().parts, query));
  dispatchEvent(new HashChangeEvent("hashchange"));
}

function decode(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
