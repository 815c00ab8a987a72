// The script of plain pages, with its machine, without htmx: what tests/engines does with htmx in browsers.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { openScript } from "./script.mjs";

const PARTS = `
  <section id="five" mizan-context="user;user_id=5" mizan-src="/five/">0</section>
  <section id="six" mizan-context="user;user_id=6" mizan-src="/six/">0</section>
  <section id="board" data-mizan-context="board, user" data-mizan-src="/board-part/">0</section>`;

/** A page with parts, whose server counts what it was asked for. */
async function openParts(html = PARTS, settings = {}) {
  const page = await openScript(html, settings);
  let count = 0;
  for (const path of ["/five/", "/six/", "/board-part/"]) {
    page.serve(path, () => `<b>${++count}</b>`);
  }
  return page;
}

test("what concerns a fragment fetches it again, once, and leaves the others alone", async () => {
  const page = await openParts();
  assert.deepEqual(page.fetched(), []);
  await page.change("user;user_id=5");
  const [five, board] = page.server.requests;
  assert.deepEqual(page.fetched(), ["/five/", "/board-part/"]);
  for (const { cache, headers } of [five, board]) {
    assert.equal(cache, "no-cache");
    assert.equal(headers.get("HX-Request"), "true");
    assert.match(headers.get("X-Mizan-Request"), /^[\w-]{16}$/);
  }
  assert.equal(page.$("#five").innerHTML, "<b>1</b>");
  assert.equal(page.$("#six").innerHTML, "0");
  assert.equal(page.$("[mizan-stale]"), null);
});

test("a burst is one request, and what comes in the middle of it is one more", async () => {
  const page = await openParts();
  page.server.held = true;
  for (let times = 0; times < 6; times++) {
    page.window.Mizan.invalidate(["board"]);
  }
  await page.settle();
  assert.deepEqual(page.server.paths, ["/board-part/"]);
  assert.ok(page.$("#board").matches("[mizan-stale]"));
  page.window.Mizan.invalidate(["board"]);
  page.window.Mizan.invalidate(["board"]);
  await page.settle();
  assert.deepEqual(page.server.paths, ["/board-part/"]);
  page.server.release();
  await page.settle();
  assert.deepEqual(page.fetched(), ["/board-part/", "/board-part/"]);
  assert.equal(page.$("#board").innerHTML, "<b>2</b>");
});

test("an element with the id takes the place of the fragment, anything else is its content", async () => {
  const page = await openParts();
  page.serve(
    "/five/",
    () => `<title>t</title><section id="five" mizan-context="board">new</section>`,
  );
  await page.change("user;user_id=5");
  assert.equal(page.$("#five").outerHTML, `<section id="five" mizan-context="board">new</section>`);
  page.fetched();
  await page.change("board");
  assert.deepEqual(
    page.fetched(),
    ["/board-part/"],
    "it shows something else now, and has no source",
  );
  assert.ok(page.$("#five").matches("[mizan-stale]"));
});

test("an empty mizan-src is the page itself, which is fetched once for all", async () => {
  const part = (id, text) => `<p id="${id}" mizan-context="board" mizan-src>${text}</p>`;
  const page = await openScript(`${part("a", 0)}${part("b", 0)}${part("c", 0)}`);
  page.serve(
    "/board/",
    () => `<!doctype html><title>t</title><body>${part("b", 1)}${part("a", 1)}</body>`,
  );
  await page.change("board");
  assert.deepEqual(page.fetched(), ["/board/?page=1"]);
  assert.deepEqual([page.$("#a").textContent, page.$("#b").textContent], ["1", "1"]);
  const [[type, { element, message, status }]] = page.events.filter(([type]) => type === "error");
  assert.deepEqual([type, element, status], ["error", page.$("#c"), 1]);
  assert.match(message, /no element with the id "c"/);
});

test("a fragment in another one comes with it", async () => {
  const page = await openScript(`
    <div id="outer" mizan-context="board" mizan-src="/outer/">
      <p id="inner" mizan-context="board" mizan-src="/inner/">0</p>
    </div>`);
  page.serve("/outer/", () => `<p id="inner" mizan-context="board" mizan-src="/inner/">1</p>`);
  page.serve("/inner/", () => "2");
  await page.change("board");
  assert.deepEqual(page.fetched(), ["/outer/"]);
  assert.equal(page.$("#inner").textContent, "1");
  assert.equal(page.$("[mizan-stale]"), null);
  page.server.held = true;
  page.window.Mizan.invalidate(["board"]);
  await page.settle();
  page.window.Mizan.invalidate(["board"]);
  await page.settle();
  page.server.release();
  await page.settle();
  assert.deepEqual(page.fetched(), ["/outer/", "/outer/"]);
});

test("where the outer one fails, the inner one is fetched by itself", async () => {
  const page = await openScript(`
    <div mizan-context="board" mizan-src="/outer/"><p id="inner" mizan-context="board" mizan-src="/inner/">0</p></div>`);
  page.server.routes.set("/outer/", (request) => request.problem(404));
  page.serve("/inner/", () => "1");
  await page.change("board");
  assert.deepEqual(page.fetched(), ["/outer/", "/inner/"]);
  assert.equal(page.$("#inner").textContent, "1");
});

test("what comes later counts, what has left does not, and what moves stays", async () => {
  const page = await openParts();
  const five = page.$("#five");
  page.$("#six").remove();
  page.document.body.append(five);
  page.document.body.insertAdjacentHTML(
    "beforeend",
    `<div><p id="late" mizan-context="board" mizan-src="/late/"></p></div>`,
  );
  page.serve("/late/", () => "1");
  await page.change("*");
  assert.deepEqual(page.fetched().sort(), ["/board-part/", "/five/", "/late/"]);
  page.$("#late").setAttribute("mizan-context", "user;user_id=7");
  page.$("#five").removeAttribute("mizan-context");
  await page.change("user;user_id=5, user;user_id=7");
  assert.deepEqual(page.fetched().sort(), ["/board-part/", "/late/"]);
});

test("an answer for a fragment that has left changes nothing", async () => {
  const page = await openParts();
  const five = page.$("#five");
  page.server.held = true;
  page.window.Mizan.invalidate([{ context: "user", params: { user_id: 5 } }]);
  await page.settle();
  five.remove();
  page.server.release();
  await page.settle();
  assert.equal(five.innerHTML, "0");
  assert.deepEqual(
    page.events.filter(([type]) => type === "error"),
    [],
  );
});

test("the page hears of each invalidation, and of each of its contexts", async () => {
  const page = await openParts();
  await page.change("user;user_id=5, board, user;user_id=6");
  const [five, six] = ["5", "6"].map((user_id) => ({ user_id }));
  assert.deepEqual(JSON.parse(JSON.stringify(page.events)), [
    ["invalidate", [{ context: "user", params: five }, "board", { context: "user", params: six }]],
    ["user", five],
    ["board", {}],
    ["user", six],
  ]);
});

test("what invalidates everything is heard by whoever is mentioned", async () => {
  const page = await openParts(
    `${PARTS}<a hx-trigger="mizan:project from:body, mizan:Task2 from:body"></a>`,
  );
  const heard = [];
  for (const name of ["invalidate", "user", "board", "project", "Task2", "user_id", "from"]) {
    page.document.body.addEventListener(`mizan:${name}`, ({ detail }) =>
      heard.push([name, detail]),
    );
  }
  page.document.body.addEventListener("mizan:user", () => {
    throw new Error("a listener's own");
  });
  page.window.addEventListener("error", (event) => event.preventDefault());
  page.window.Mizan.invalidate(["*"]);
  await page.settle();
  assert.deepEqual(heard.map(([name]) => name).sort(), [
    "Task2",
    "board",
    "invalidate",
    "project",
    "user",
  ]);
});

test("a failure for the time being is tried again, and told when it is given up", async () => {
  const page = await openParts();
  page.server.routes.set("/six/", (request) => request.problem(503));
  await page.change("user;user_id=6");
  for (let times = 0; times < 4; times++) {
    await page.advance(60_000);
  }
  assert.equal(page.server.count("/six/"), 4);
  assert.equal(page.$("#six").innerHTML, "0");
  assert.ok(page.$("#six").matches("[mizan-stale]"), "what is stale is not shown as fresh");
  const errors = page.events.filter(([type]) => type === "error");
  assert.equal(errors.length, 1);
  const [[, { element, status, message }]] = errors;
  assert.deepEqual([element, status, message], [page.$("#six"), 503, "cannot refresh: HTTP 503"]);
  const lines = page.printed.filter(([type]) => type === "error");
  assert.deepEqual(lines, [["error", "Mizan: cannot refresh: HTTP 503", page.$("#six")]]);
});

for (const [what, serve, why] of [
  [
    "was redirected",
    (page) => {
      const { fetch } = page.window;
      page.window.fetch = async (...args) => {
        const response = await fetch.apply(page.window, args);
        return Object.defineProperties(response, {
          redirected: { value: true },
          url: { value: "http://server.test/login/" },
        });
      };
    },
    /redirected to http:\/\/server\.test\/login\//,
  ],
  [
    "is no HTML",
    (page) => page.server.routes.set("/five/", (request) => request.answer({ a: 1 })),
    /no HTML/,
  ],
  [
    "is an error of the client",
    (page) => page.server.routes.set("/five/", (request) => request.problem(403)),
    /HTTP 403/,
  ],
]) {
  test(`an answer that ${what} takes no place, and is told once`, async () => {
    const page = await openScript(`<p id="five" mizan-context="board" mizan-src="/five/">0</p>`);
    page.serve("/five/", () => "1");
    serve(page);
    page.window.Mizan.invalidate(["board"]);
    await page.settle();
    await page.advance(60_000);
    assert.equal(page.$("#five").innerHTML, "0");
    const errors = page.events.filter(([type]) => type === "error");
    assert.equal(errors.length, 1);
    assert.match(errors[0][1].message, why);
    assert.equal(page.fetched().length, 1);
  });
}

test("a source on another origin, or none, is not asked", async () => {
  const page = await openScript(`
    <p mizan-context="board" mizan-src="https://other.test/">0</p>
    <p mizan-context="board" mizan-src="http://">0</p>`);
  page.window.Mizan.invalidate(["board"]);
  await page.settle();
  assert.deepEqual(page.fetched(), []);
  const messages = page.events.filter(([type]) => type === "error").map(([, it]) => it.message);
  assert.deepEqual(messages, Array(2).fill("cannot refresh: mizan-src is no URL of this origin"));
});

test("what cannot be read counts as everything, and where is told", async () => {
  const page = await openScript(
    `<p mizan-context="user;user_id=5,\n  (board)" mizan-src="/part/">0</p>`,
  );
  page.serve("/part/", () => "1");
  const [[, { element, message, position }]] = page.events;
  assert.deepEqual([element, position], [page.$("p"), 18]);
  assert.equal(
    message,
    `cannot read mizan-context at index 18\nuser;user_id=5,   (board)\n${" ".repeat(18)}^`,
  );
  await page.change("other");
  assert.deepEqual(page.fetched(), ["/part/"]);
  await page.change("other;");
  const [, { message: header }] = page.events.filter(([type]) => type === "error").at(-1);
  assert.match(header, /cannot read X-Mizan-Invalidate at index 6/);
  assert.deepEqual(page.fetched(), ["/part/"]);
});

test("a redirect's cookie counts, unless the page was rendered after it", async () => {
  const cookie = "mizan_inv_n1=board";
  const page = await openParts(PARTS, { cookie });
  assert.deepEqual(page.fetched(), ["/board-part/"]);
  const seen = await openParts(PARTS, { cookie, data: { seen: "n0 n1" } });
  assert.deepEqual(seen.fetched(), []);
  assert.deepEqual(seen.events, []);
});

test("the other tabs are told what the page hears of, and tell it", async () => {
  const page = await openParts();
  await page.change("board");
  assert.deepEqual(
    page.posts.map(({ list }) => list),
    [["board"]],
  );
  page.fetched();
  const { id } = page.posts[0];
  page.channel.onmessage({ data: { list: ["board"], id } });
  await page.settle();
  assert.deepEqual(page.fetched(), [], "its own does not count again");
  page.channel.onmessage({
    data: { list: [{ context: "user", params: { user_id: 6 } }], id: "2" },
  });
  await page.settle();
  assert.deepEqual(page.fetched(), ["/six/", "/board-part/"]);
  assert.equal(page.posts.length, 1);
  page.channel.onmessage({ data: { identity: "other" } });
  await page.settle();
  assert.equal(page.fetched().length, 3);
});

test("the identity of another tab is news only if it is not the one for which the page is", async () => {
  const hear = async (page, identity) => {
    page.channel.onmessage({ data: { identity } });
    await page.settle();
    return page.fetched().length;
  };
  const page = await openParts(PARTS, { data: { identity: "ann" } });
  assert.equal(await hear(page, "ann"), 0);
  assert.equal(await hear(page, "bob"), 3);
  assert.equal(await hear(page, "bob"), 0);
  const unknown = await openParts();
  assert.equal(await hear(unknown, "ann"), 3);
  assert.equal(await hear(unknown, "ann"), 0);
});

test("a page from the back/forward cache, and one from the HTTP cache, is old", async () => {
  const page = await openParts();
  const shown = Object.assign(new page.window.Event("pageshow"), { persisted: true });
  page.window.dispatchEvent(shown);
  await page.settle();
  assert.equal(page.fetched().length, 3);
  for (const [transferSize, count] of [
    [0, 3],
    [300, 0],
  ]) {
    const { fetched } = await openParts(PARTS, {
      before: ({ performance }) => {
        performance.getEntriesByType = () => [{ transferSize, encodedBodySize: 2000 }];
      },
    });
    assert.equal(fetched().length, count);
  }
});

test("an answer of htmx's that is never swapped holds nothing up for more than five seconds", async () => {
  const page = await openParts(`${PARTS}<form></form>`);
  const tell = (type, ctx) => {
    page.document.dispatchEvent(new page.window.CustomEvent(`htmx:${type}`, { detail: { ctx } }));
  };
  const ctx = {
    request: { action: "/change/", headers: {}, method: "POST" },
    sourceElement: page.$("form"),
    target: page.$("form"),
  };
  tell("config:request", ctx);
  tell("before:request", ctx);
  const raw = new Response("", { headers: { "X-Mizan-Invalidate": "board" } });
  Object.defineProperty(raw, "url", { value: "http://server.test/change/" });
  ctx.response = { raw };
  tell("before:response", ctx);
  await page.settle();
  assert.deepEqual([page.fetched(), page.events], [[], []]);
  assert.equal(page.$("[mizan-stale]"), page.$("#board"));
  await page.advance(4999);
  assert.deepEqual([page.fetched(), page.events], [[], []]);
  await page.advance(1);
  assert.deepEqual(page.fetched(), ["/board-part/"]);
  const types = () => page.events.map(([type]) => type);
  assert.deepEqual(types(), ["invalidate", "board"]);
  tell("after:swap", ctx);
  tell("finally:request", { ...ctx, status: "swapped" });
  await page.settle();
  assert.deepEqual(page.fetched(), []);
  assert.deepEqual(types(), ["invalidate", "board"]);
});

test("what is moved within the page stays known, and what leaves with its surroundings does not", async () => {
  const page = await openParts(`<div id="box">${PARTS}</div><div id="other"></div>`);
  const board = page.$("#board");
  page.$("#box").remove();
  board.remove();
  page.$("#other").append(board);
  await page.change("user;user_id=5");
  assert.deepEqual(page.fetched(), ["/board-part/"]);
  assert.equal(board.innerHTML, "<b>1</b>");
  board.setAttribute("data-mizan-context", "inbox");
  await page.change("user;user_id=5");
  assert.deepEqual(page.fetched(), []);
  await page.change("inbox");
  assert.deepEqual(page.fetched(), ["/board-part/"]);
});

test("a page that is prerendered asks for nothing until it is shown, and then once", async () => {
  const page = await openParts(PARTS, {
    before: ({ document }) => {
      document.prerendering = true;
    },
  });
  page.channel.onmessage({ data: { list: ["board"], id: "1" } });
  await page.settle();
  assert.deepEqual(page.fetched(), []);
  page.document.prerendering = false;
  page.document.dispatchEvent(new page.window.Event("prerenderingchange"));
  await page.settle();
  assert.equal(page.fetched().length, 3);
});

test("what a form is about to change is shown by the page that comes next, unless that does not come", async () => {
  const page = await openParts(`${PARTS}<form method="post"></form>`);
  const submit = (form = page.$("form")) => {
    // What jsdom does then is nothing.
    form.dispatchEvent(new page.window.Event("submit", { bubbles: true, cancelable: true }));
  };
  submit();
  page.channel.onmessage({ data: { list: ["board"], id: "1" } });
  await page.settle();
  assert.deepEqual([page.fetched(), page.events], [[], []]);
  await page.advance(5000);
  assert.deepEqual(page.fetched(), ["/board-part/"]);
  assert.deepEqual(
    page.events.map(([type]) => type),
    ["invalidate", "board"],
  );
  page.$("form").addEventListener("submit", (event) => event.preventDefault());
  submit();
  page.channel.onmessage({ data: { list: ["board"], id: "2" } });
  await page.settle();
  assert.deepEqual(page.fetched(), ["/board-part/"]);
});

test("a machine that breaks down is replaced, and nothing is lost, here or in the other tabs", async () => {
  const page = await openParts();
  const { now } = page.window.Date;
  page.window.Date.now = () => {
    throw new Error("broken");
  };
  await page.change("board");
  assert.deepEqual([page.fetched(), page.posts], [[], []]);
  page.window.Date.now = now;
  await page.advance(1000);
  assert.deepEqual(page.fetched().sort(), ["/board-part/", "/five/", "/six/"]);
  assert.deepEqual(
    page.posts.map(({ list }) => list),
    [["*"]],
  );
  page.posts.length = 0;
  await page.change("user;user_id=6");
  assert.deepEqual(page.fetched(), ["/six/", "/board-part/"]);
});

test("loaded twice, it is there once", async () => {
  const page = await openParts();
  page.load();
  await page.settle();
  await page.change("board");
  assert.deepEqual(page.fetched(), ["/board-part/"]);
  assert.equal(page.posts.length, 1);
});

test("the global of the runtime stays", async () => {
  const Mizan = { configure() {} };
  const page = await openScript("", {
    before: (window) => {
      window.Mizan = Mizan;
    },
  });
  assert.equal(page.window.Mizan, Mizan);
});

test("an API on another origin counts where it is named, and has to show its header", async () => {
  const page = await openParts(PARTS, { data: { baseUrl: "https://api.test/mizan/" } });
  for (const [origin, list, count] of [
    ["https://api.test", "board", 1],
    ["https://other.test", "board", 0],
  ]) {
    await page.change(list, `${origin}/tasks/`);
    assert.equal(page.fetched().length, count, origin);
  }
  assert.deepEqual(page.printed, []);
  page.server.routes.set("/tasks/", (request) => request.answer(""));
  for (const url of ["/tasks/", "https://api.test/tasks/", "https://api.test/tasks/"]) {
    await page.window.fetch(url, { method: "POST" });
    await page.settle();
  }
  const [[type, text], ...others] = page.printed;
  assert.deepEqual([type, others], ["warn", []]);
  assert.match(
    text,
    /^Mizan: no X-Mizan-Invalidate from https:\/\/api\.test\/tasks\/\. .*Access-Control-Expose-Headers/,
  );
});

test("where it is asked to, it says what it does", async () => {
  const page = await openParts(PARTS, { data: { debug: "" } });
  await page.change("user;user_id=5");
  const [five, six, board] = ["#five", "#six", "#board"].map(page.$);
  const [[, ...said], ...refreshed] = page.printed.filter(([type]) => type === "log");
  const { stale, fresh } = said.pop();
  assert.deepEqual(said, ["Mizan:", "header", "user?user_id=5"]);
  assert.deepEqual([[...stale], [...fresh]], [[five, board], [six]]);
  assert.deepEqual(refreshed, [
    ["log", "Mizan:", "refreshed", five],
    ["log", "Mizan:", "refreshed", board],
  ]);
});

test("where it knows what the server has, it warns of what can never match", async () => {
  const page = await openScript(
    `<p mizan-context='user;user_id=5;name="a,b;c=1", board, *' hx-get="/1"></p>
     <p mizan-context="usr" data-hx-get="/1"></p>
     <p mizan-context="board, user;id=5;user_id=6" hx-action="/1"></p>
     <p mizan-context="board" hx-post="/1"></p>
     <form mizan-context="board" hx-action="/1" method="post"></form>`,
    { data: { debug: `{"user":["user_id","name"],"board":[]}` } },
  );
  const [, usr, id, post] = page.document.querySelectorAll("p");
  assert.deepEqual(page.printed, [
    ["warn", "Mizan: the server knows no usr in", usr],
    ["warn", "Mizan: the server knows no id in", id],
    ["warn", "Mizan: neither mizan-src nor hx-get", post],
    ["warn", "Mizan: neither mizan-src nor hx-get", page.$("form")],
  ]);
});

test("a script tag that cannot be read is an error, and the rest works", async () => {
  for (const data of [{ debug: "{" }, { baseUrl: "http://" }]) {
    const page = await openParts(PARTS, { data });
    assert.match(page.printed[0][1], /^Mizan: cannot read data-debug or data-base-url: /);
    await page.change("board");
    assert.deepEqual(page.fetched(), ["/board-part/"]);
  }
});

test("a part of a table may be fetched by itself", async () => {
  const row = (text) => `<tr id="r" mizan-context="board" mizan-src="/row/"><td>${text}</td></tr>`;
  const page = await openScript(`<table><tbody>${row(0)}</tbody></table>`);
  page.serve("/row/", () => row(1));
  await page.change("board");
  assert.equal(page.$("tbody").innerHTML, row(1));
});

test("a bundle that imports it has it", async () => {
  const { outputFiles } = await build({
    stdin: {
      contents: `import "@mizan/runtime/htmx"`,
      resolveDir: fileURLToPath(new URL(".", import.meta.url)),
    },
    bundle: true,
    format: "esm",
    write: false,
  });
  assert.match(outputFiles[0].text, /mizan-context/);
});
