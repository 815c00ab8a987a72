// The server of all libraries. It answers at once, so that what is measured is theirs alone.

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const JSON_TYPE = { headers: { "Content-Type": "application/json" } };

/** A response whose bytes have all arrived. Otherwise the rows would measure the streams of the platform. */
class Answer extends Response {
  #bytes;
  constructor(bytes) {
    super(null, JSON_TYPE);
    this.#bytes = bytes;
  }
  async arrayBuffer() {
    return this.#bytes.buffer;
  }
  async text() {
    return decoder.decode(this.#bytes);
  }
  async json() {
    return JSON.parse(decoder.decode(this.#bytes));
  }
  clone() {
    return new Answer(this.#bytes);
  }
}

export class Server {
  requests = 0;
  #all = 1;
  #own = new Map();
  #ready = [];

  /** What clients are given as their `fetch`. */
  fetch = async (input, init) => {
    this.requests++;
    const ready = this.#ready.shift();
    if (ready) {
      return ready;
    }
    const { body } = init ?? {};
    if (body) {
      const item = body.includes("mutation")
        ? `{"touch":{"__typename":"Item","id":0}}`
        : this.#item(/"id":(\d+)/.exec(body)[1]);
      return new Answer(encoder.encode(`{"data":${item}}`));
    }
    const url = typeof input === "string" ? input : input.url;
    return new Answer(encoder.encode(this.#item(/\?id=(\d+)/.exec(url)[1])));
  };

  #item(id) {
    const version = this.version(Number(id));
    return `{"item":{"__typename":"Item","id":${id},"name":"Item ${id}","version":${version}}}`;
  }

  /** The next requests are answered with these bodies, each as bytes of its own. */
  prepare(...bodies) {
    this.#ready.push(...bodies.map((bytes) => new Answer(bytes.slice())));
  }

  /** Which version of an item it has. */
  version(id) {
    return this.#all + (this.#own.get(id) ?? 0);
  }

  change(id) {
    this.#own.set(id, (this.#own.get(id) ?? 0) + 1);
  }

  changeAll() {
    this.#all++;
  }
}

/** A list as every library gets it; what speaks GraphQL has it in `data`. */
export function listBody({ rows, width }, changes, graphql) {
  const list = Array.from({ length: rows }, (_, index) => row(index, width, changes(index)));
  const text = JSON.stringify({ rows: list });
  return encoder.encode(graphql ? `{"data":${text}}` : text);
}

function row(id, width, version) {
  const fields = {
    __typename: "Row",
    id,
    title: `Task ${id}, version ${version}`,
    done: id % 3 === 0,
    owner: { __typename: "Person", id: 100_000 + id, name: `Person ${id % 40}` },
    tags: ["urgent", "later"],
    estimate: id * 1.25,
    text: "",
  };
  const rest = width - JSON.stringify(fields).length;
  fields.text = "what is to be done "
    .repeat(Math.ceil(Math.max(rest, 0) / 19))
    .slice(0, Math.max(rest, 0));
  return fields;
}
