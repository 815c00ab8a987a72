// The network between the browser and the site. It notes each request, and does to it what a test says:
// lets its answer wait, cuts it in the middle, answers in the site's place, or is not there at all.

import { EventEmitter, once } from "node:events";
import { createServer, request as send } from "node:http";

export class Gateway extends EventEmitter {
  /** Every request that has come in, as `METHOD path?query`. */
  requests = [];
  /** The statuses of the answers, by request. */
  answers = [];
  #rules = [];
  #server;
  #address;

  /** A gateway with an address of its own: to a browser, a site with its own cookies and caches. */
  static async open(host, upstream) {
    const gateway = new Gateway();
    gateway.upstream = upstream;
    gateway.#address = { host, port: 0 };
    await gateway.listen();
    return gateway;
  }

  get url() {
    const { host, port } = this.#address;
    return `http://${host}:${port}`;
  }

  async listen() {
    this.#server = createServer((request, response) => this.#serve(request, response));
    this.#server.listen(this.#address.port, this.#address.host);
    await once(this.#server, "listening");
    this.#address.port = this.#server.address().port;
  }

  /** Refuses connections, and cuts those that there are. */
  async close() {
    const closed = once(this.#server, "close");
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  /** How often a request has come in; `since` is what `requests.length` was before. */
  count(request, since = 0) {
    return this.requests.slice(since).filter((other) => other === request).length;
  }

  /** The API requests since then, in the order of their texts. */
  since(before) {
    return this.requests
      .slice(before)
      .filter((request) => request.includes("/api/mizan/"))
      .map((request) => request.replace("/api/mizan/", ""))
      .sort();
  }

  /** Resolves when so many such requests have come in since then. */
  async came(request, times = 1, since = 0) {
    while (this.count(request, since) < times) {
      await once(this, "request");
    }
  }

  /** How many such requests were answered with this status. */
  answered(request, status) {
    return this.answers.filter((each) => each === `${request} ${status}`).length;
  }

  /** Resolves when so many were. */
  async sent(request, status, times = 1) {
    while (this.answered(request, status) < times) {
      await once(this, "answer");
    }
  }

  /**
   * The site's answers to these requests wait, beginning with the next. `arrived(n)`: resolves when
   * the site has answered n of them. `release(n)`: lets the n-th go on. `releaseAll()`: all, and ends it.
   */
  hold(request) {
    const waiting = [];
    const arrivals = new EventEmitter();
    let ended = false;
    const rule = this.#rule(request, Infinity, async (reply, relay) => {
      if (!ended) {
        await new Promise((resolve) => {
          waiting.push(resolve);
          arrivals.emit("arrival");
        });
      }
      relay(reply);
    });
    return {
      async arrived(count = 1) {
        while (waiting.length < count) {
          await once(arrivals, "arrival");
        }
      },
      release: (number) => waiting[number](),
      releaseAll: () => {
        ended = true;
        this.#rules.splice(this.#rules.indexOf(rule), 1);
        for (const resolve of waiting) {
          resolve();
        }
      },
    };
  }

  /**
   * Such requests are done, but their answers break off in the middle, not before `when` resolves. Where a
   * browser hears of both at once, a page may get neither status nor headers.
   */
  cut(request, times = 1, when = undefined) {
    this.#rule(request, times, async ({ status, headers, body }, _, response) => {
      response.writeHead(status, { ...headers, "content-length": body.length });
      await new Promise((written) => response.write(body.subarray(0, body.length / 2), written));
      await when;
      response.destroy();
    });
  }

  /** A gateway's own word instead of the answer. */
  fail(request, status, times = 1) {
    this.#rule(request, times, (_, relay) => {
      const body = Buffer.from("<h1>Bad gateway</h1>");
      relay({ status, headers: { "content-type": "text/html" }, body });
    });
  }

  #rule(request, times, act) {
    const rule = { request, times, act };
    this.#rules.push(rule);
    return rule;
  }

  async #serve(request, response) {
    const line = `${request.method} ${request.url}`;
    const rule = this.#rules.find((rule) => rule.request === line && rule.times > 0);
    if (rule) {
      rule.times--;
    }
    this.requests.push(line);
    this.emit("request");
    const relay = ({ status, headers, body }) => {
      this.answers.push(`${line} ${status}`);
      response.writeHead(status, headers).end(body);
      this.emit("answer");
    };
    try {
      const reply = await this.#forward(request);
      await (rule ? rule.act(reply, relay, response) : relay(reply));
    } catch {
      // The site is gone, or was stopped in the middle.
      response.destroy();
    }
  }

  /** The site's answer, read to its end. */
  async #forward(request) {
    const { method, url, headers } = request;
    const onward = send({ host: "127.0.0.1", port: this.upstream, method, path: url, headers });
    request.pipe(onward);
    const [answer] = await once(onward, "response");
    const body = Buffer.concat(await answer.toArray());
    // The two connections have nothing to do with each other.
    const { connection, "transfer-encoding": _, ...kept } = answer.headers;
    return { status: answer.statusCode, headers: kept, body };
  }
}
