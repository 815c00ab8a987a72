/** How the panel looks. Set as a constructed style sheet, which a strict policy allows. */
export const STYLE = /* css */ `
:host {
  all: initial;
  --paper: #fff;
  --room: #f6f7f9;
  --hover: #eef1f6;
  --chosen: #e7edfd;
  --line: #dfe3ea;
  --ink: #1c2330;
  --soft: #566072;
  --accent: #2f4fc7;
  --good: #17693a;
  --good-room: #e4f4ea;
  --warn: #8a4b00;
  --warn-room: #fdf0da;
  --bad: #b3261e;
  --bad-room: #fcebea;
  --plain-room: #eceff4;
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
  color-scheme: light dark;
}
@media (prefers-color-scheme: dark) {
  :host {
    --paper: #12171f;
    --room: #191f2a;
    --hover: #202836;
    --chosen: #23304f;
    --line: #2c3543;
    --ink: #e6eaf1;
    --soft: #9ca8ba;
    --accent: #9db1ff;
    --good: #7fdca5;
    --good-room: #143423;
    --warn: #f2c078;
    --warn-room: #3d2c10;
    --bad: #ff9a92;
    --bad-room: #45191a;
    --plain-room: #262e3b;
  }
}
@media print {
  :host { display: none; }
}
*, *::before, *::after { box-sizing: border-box; }
[hidden] { display: none !important; }
.launcher, .sheet {
  position: fixed;
  z-index: 2147483000;
  font: 12.5px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif;
  color: var(--ink);
  text-align: start;
}
button, input { font: inherit; color: inherit; margin: 0; }
button { cursor: pointer; }
:focus { outline: none; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: -2px; }
svg { width: 16px; height: 16px; display: block; }
path { fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; }
h2, h3, p, dl, dd, ul { margin: 0; padding: 0; }
.mono, .key, .tree { font-family: var(--mono); font-size: 12px; }
.soft { color: var(--soft); }
.empty { padding: 20px 12px; color: var(--soft); text-align: center; }

.launcher {
  inset: auto max(14px, env(safe-area-inset-right)) max(14px, env(safe-area-inset-bottom)) auto;
  width: 40px;
  height: 40px;
  padding: 0;
  display: grid;
  place-items: center;
  color: var(--accent);
  background: var(--paper);
  border: 1px solid var(--line);
  border-radius: 50%;
  box-shadow: 0 2px 10px rgb(0 0 0 / 18%);
}
.launcher:hover { background: var(--hover); }
.launcher:focus-visible { outline-offset: 2px; }
.launcher[data-busy]::after {
  content: "";
  position: absolute;
  inset: 1px 1px auto auto;
  width: 9px;
  height: 9px;
  background: var(--accent);
  border: 2px solid var(--paper);
  border-radius: 50%;
}

.sheet {
  inset: auto 0 0 0;
  height: 46vh;
  min-height: 240px;
  max-height: 100vh;
  display: flex;
  flex-direction: column;
  background: var(--paper);
  border-top: 1px solid var(--line);
  box-shadow: 0 -4px 20px rgb(0 0 0 / 12%);
}
.toolbar {
  flex: none;
  display: flex;
  align-items: center;
  gap: 8px;
  padding: 0 8px 0 4px;
  height: 38px;
  background: var(--room);
  border-bottom: 1px solid var(--line);
}
[role="tablist"] { display: flex; align-self: stretch; }
[role="tab"] {
  padding: 0 12px;
  background: none;
  border: 0;
  border-bottom: 2px solid transparent;
  color: var(--soft);
  white-space: nowrap;
}
[role="tab"]:hover { color: var(--ink); background: var(--hover); }
[role="tab"][aria-selected="true"] { color: var(--ink); border-bottom-color: var(--accent); font-weight: 600; }
.count {
  margin-inline-start: 6px;
  padding: 1px 6px;
  border-radius: 9px;
  background: var(--plain-room);
  color: var(--soft);
  font-size: 11px;
  font-weight: 400;
  font-variant-numeric: tabular-nums;
}
input {
  flex: 0 1 220px;
  min-width: 60px;
  height: 26px;
  margin-inline-start: auto;
  padding: 0 8px;
  background: var(--paper);
  border: 1px solid var(--line);
  border-radius: 5px;
}
input::placeholder { color: var(--soft); opacity: 1; }
.tools { display: flex; gap: 6px; }
.tools button, .detail header button {
  height: 26px;
  padding: 0 10px;
  background: var(--paper);
  border: 1px solid var(--line);
  border-radius: 5px;
  white-space: nowrap;
}
.tools button:hover, .detail header button:hover { background: var(--hover); }
.tools button[aria-pressed="true"] { background: var(--chosen); border-color: var(--accent); color: var(--accent); }
.sheet button.quiet {
  display: grid;
  place-items: center;
  width: 26px;
  height: 26px;
  padding: 0;
  flex: none;
  background: none;
  border: 0;
  border-radius: 5px;
  color: var(--soft);
  font-size: 17px;
  line-height: 1;
}
.sheet button.quiet:hover { background: var(--hover); color: var(--ink); }

.view { flex: 1; min-height: 0; display: flex; }
.list { flex: 1 1 60%; min-width: 0; overflow: auto; }
.detail {
  flex: 0 1 40%;
  min-width: 300px;
  overflow: auto;
  padding: 0 14px 12px;
  border-inline-start: 1px solid var(--line);
}
.detail header {
  position: sticky;
  top: 0;
  display: flex;
  align-items: center;
  gap: 6px;
  min-height: 38px;
  background: var(--paper);
}
.detail h2 { flex: 1; min-width: 0; font-weight: 600; overflow-wrap: anywhere; }
.detail h3 { margin-top: 10px; font-size: inherit; font-weight: 600; }
.detail p { margin-bottom: 6px; }
.detail p.error {
  padding: 6px 9px;
  border-radius: 5px;
  color: var(--bad);
  background: var(--bad-room);
  overflow-wrap: anywhere;
}
.summary h2 { font-size: inherit; line-height: 38px; }
.summary p { margin-top: 10px; }

table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 0 10px; height: 26px; text-align: end; font-weight: 400; white-space: nowrap; }
th:first-child, td:first-child, .list th:nth-child(2), .list td:nth-child(2) { text-align: start; }
thead th {
  position: sticky;
  top: 0;
  z-index: 1;
  color: var(--soft);
  font-size: 11.5px;
  background: var(--paper);
  box-shadow: inset 0 -1px var(--line);
}
.summary th:first-child { padding-inline-start: 0; white-space: normal; overflow-wrap: anywhere; }
.summary td:last-child, .summary th:last-child { padding-inline-end: 0; }
.summary tbody tr + tr { border-top: 1px solid var(--line); }
td.warn { color: var(--warn); font-weight: 600; }
.list tbody tr { position: relative; }
.list tbody tr:hover { background: var(--hover); }
.list tbody tr.chosen { background: var(--chosen); }
.list tbody th { width: 60%; white-space: normal; padding-inline-end: 0; }
.list tbody td { color: var(--soft); }
tr.idle .key { color: var(--soft); }
.key {
  padding: 4px 0;
  background: none;
  border: 0;
  text-align: start;
  overflow-wrap: anywhere;
}
.key::after { content: ""; position: absolute; inset: 0; }
.key:focus-visible { outline: none; }
.key:focus-visible::after { outline: 2px solid var(--accent); outline-offset: -2px; }
.state { --tone: var(--soft); display: inline-flex; align-items: center; gap: 6px; color: var(--ink); }
.state::before { content: ""; width: 8px; height: 8px; border-radius: 50%; background: var(--tone); }
.state[data-state="fresh"] { --tone: var(--good); }
.state[data-state="stale"] { --tone: var(--warn); }
.state[data-state="fetching"] { --tone: var(--accent); }
.state:is([data-state="error"], [data-state="gone"]) { --tone: var(--bad); }
.state:is([data-state="pending"], [data-state="stale"])::before { background: none; box-shadow: inset 0 0 0 2px var(--tone); }

.moments { list-style: none; }
.moments button {
  display: grid;
  grid-template-columns: 92px minmax(0, 1fr) auto 150px 62px;
  align-items: center;
  gap: 10px;
  width: 100%;
  min-height: 26px;
  padding: 3px 12px 3px 10px;
  background: none;
  border: 0;
  text-align: start;
}
.moments button[data-depth="0"] { border-top: 1px solid var(--line); }
.moments li:first-child button { border-top-color: transparent; }
.moments button:hover { background: var(--hover); }
.moments button[aria-pressed="true"] { background: var(--chosen); }
.time { font-size: 11.5px; font-variant-numeric: tabular-nums; }
[data-depth="1"] .time, [data-depth="2"] .time { visibility: hidden; }
.what { display: flex; align-items: baseline; gap: 8px; min-width: 0; }
[data-depth="1"] .what { padding-inline-start: 14px; }
[data-depth="2"] .what { padding-inline-start: 32px; }
.title { min-width: 0; overflow-wrap: anywhere; }
[data-kind="call"] .title { font-weight: 600; }
[data-kind="error"] .title { color: var(--bad); }
.kind { flex: none; min-width: 30px; color: var(--soft); font-size: 11.5px; }
.note { min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.note:empty { display: none; }
.outcome { --tone: var(--soft); --back: var(--plain-room); padding: 0 7px; border-radius: 4px; color: var(--tone); background: var(--back); font-size: 11.5px; line-height: 18px; white-space: nowrap; }
.outcome:empty { visibility: hidden; }
[data-tone="good"] { --tone: var(--good); --back: var(--good-room); }
[data-tone="warn"] { --tone: var(--warn); --back: var(--warn-room); }
[data-tone="bad"] { --tone: var(--bad); --back: var(--bad-room); }
[data-tone="busy"] { --tone: var(--accent); --back: var(--chosen); }
.outcome[data-tone="warn"] { font-weight: 600; }
.track { position: relative; height: 8px; }
.bar {
  position: absolute;
  inset-block: 0;
  inset-inline-start: calc(100% * var(--from));
  width: calc(100% * var(--length));
  min-width: 2px;
  border-radius: 2px;
  background: var(--tone, var(--soft));
  opacity: 0.75;
}
.took { color: var(--soft); text-align: end; font-variant-numeric: tabular-nums; white-space: nowrap; }

dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 3px 14px; }
dt { color: var(--soft); }
dd { white-space: pre-line; overflow-wrap: anywhere; }
.tree { margin-top: 4px; line-height: 1.6; overflow-wrap: anywhere; }
.tree details > :not(summary) { margin-inline-start: 14px; }
.tree summary { cursor: pointer; }
.tree summary::marker { color: var(--soft); }
.tree .leaf { padding-inline-start: 13px; }
.tree .name { color: var(--accent); }
.tree .string { color: var(--good); }
.tree :is(.number, .boolean) { color: var(--warn); }
.tree :is(.null, .undefined) { color: var(--soft); }
.link { padding: 0; background: none; border: 0; color: var(--accent); text-decoration: underline; }

@media (max-width: 720px) {
  .sheet { height: 62vh; }
  .toolbar { flex-wrap: wrap; height: auto; padding: 0 8px 6px 0; }
  .toolbar > .quiet { order: 1; margin-inline-start: auto; }
  .toolbar > input { order: 2; flex: 1 1 90px; margin-inline-start: 8px; }
  .toolbar > .tools { order: 3; }
  [role="tab"] { height: 36px; }
  .view { flex-direction: column; }
  .list { flex: 1 1 50%; }
  .detail { flex: 0 1 auto; max-height: 60%; min-width: 0; border-inline-start: 0; border-top: 1px solid var(--line); }
  .detail:not([hidden]).summary { max-height: 40%; }
  .list :is(th, td):nth-child(n + 4) { display: none; }
  .moments button { grid-template-columns: minmax(0, 1fr) auto 58px; }
  .moments :is(.time, .track) { display: none; }
  .what { flex-wrap: wrap; row-gap: 0; }
}
@media (pointer: coarse) {
  .launcher { width: 46px; height: 46px; }
  .moments button { min-height: 36px; }
  .list tbody th { height: 36px; }
}
@media (forced-colors: active) {
  .state::before, .bar { forced-color-adjust: none; }
  [aria-selected="true"], [aria-pressed="true"] { outline: 2px solid Highlight; outline-offset: -2px; }
}
`;
