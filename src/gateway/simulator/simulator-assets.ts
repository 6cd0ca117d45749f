/** The pages' style and their one script, served by the simulator so that no page needs anything inline. */

export const STYLE = `
:root { color-scheme: light dark; --bg: #f5f6f8; --card: #fff; --ink: #1b1f27; --soft: #545c6b; --line: #d9dde4;
  --accent: #0b5bd3; --on-accent: #fff; --good: #0a6b3d; --good-bg: #dff5e8; --bad: #a3201a; --bad-bg: #fde6e4;
  --wait: #7a4d00; --wait-bg: #fdf0d5; --shadow: 0 1px 2px #0001, 0 4px 16px #0000000a; }
@media (prefers-color-scheme: dark) { :root { --bg: #14161b; --card: #1e2128; --ink: #eceef2; --soft: #a8b0bf;
  --line: #343943; --accent: #7fb0ff; --on-accent: #0b1a33; --good: #7fe0ac; --good-bg: #12351f; --bad: #ff9d96;
  --bad-bg: #43191a; --wait: #ffcf7a; --wait-bg: #3a2a0a; --shadow: none; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--bg); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
header { background: var(--card); border-bottom: 1px solid var(--line); }
header nav { max-width: 72rem; margin: auto; padding: .75rem 1rem; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem;
  align-items: baseline; }
header strong { margin-right: auto; }
main { max-width: 72rem; margin: auto; padding: 1rem; }
main.narrow { max-width: 30rem; }
a { color: var(--accent); text-underline-offset: .15em; }
h1 { font-size: 1.5rem; line-height: 1.2; margin: .75rem 0; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin: 0 0 .5rem; }
p { margin: .5rem 0; }
.soft { color: var(--soft); }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 1rem; margin: 0 0 1rem;
  box-shadow: var(--shadow); }
.amount { font-size: 2.25rem; font-weight: 650; font-variant-numeric: tabular-nums; margin: .25rem 0; }
.number { font-family: ui-monospace, monospace; font-size: .92em; overflow-wrap: anywhere; }
.state { display: inline-block; padding: .05rem .6rem; border-radius: 99px; font-size: .85rem; font-weight: 600;
  background: var(--wait-bg); color: var(--wait); white-space: nowrap; }
.state.paid, .state.acknowledged { background: var(--good-bg); color: var(--good); }
.state.closed, .state.canceled, .state.refused { background: var(--bad-bg); color: var(--bad); }
.actions { display: flex; flex-wrap: wrap; gap: .5rem; margin-top: .75rem; }
.actions form { display: contents; }
button, .button { font: inherit; font-weight: 600; min-height: 2.75rem; padding: .4rem 1.1rem; border-radius: 9px;
  border: 1px solid var(--line); background: var(--card); color: var(--ink); cursor: pointer; text-decoration: none;
  display: inline-flex; align-items: center; justify-content: center; }
button:hover, .button:hover { border-color: var(--soft); }
button.primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
main.narrow .actions button, main.narrow .actions .button { flex: 1 1 100%; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
label { display: block; font-weight: 600; margin: .5rem 0 .2rem; }
input { font: inherit; width: 100%; min-height: 2.75rem; padding: .4rem .7rem; border: 1px solid var(--soft);
  border-radius: 9px; background: var(--bg); color: var(--ink); }
.fields { display: grid; gap: 0 1rem; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); align-items: end; }
.notice { border-left: 4px solid var(--accent); padding: .25rem 0 .25rem .75rem; }
.notice.bad { border-color: var(--bad); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .55rem 1.25rem .55rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { font-size: .85rem; color: var(--soft); }
th:last-child, td:last-child { padding-right: 0; }
tbody tr:last-child td { border-bottom: 0; }
td.right, th.right { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; margin: 0; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
ol.plain { list-style: none; padding: 0; margin: 0; }
ol.plain li { padding: .3rem 0; border-bottom: 1px solid var(--line); }
ol.plain li:last-child { border-bottom: 0; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; background: var(--bg); padding: .6rem; border-radius: 8px;
  font-size: .8rem; margin: .4rem 0; }
summary { cursor: pointer; color: var(--accent); }
@media (max-width: 40rem) {
  .actions button, .actions .button { flex: 1 1 100%; }
  table.stack thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table.stack, table.stack tbody { display: block; }
  table.stack tr { display: block; border-bottom: 1px solid var(--line); padding: .6rem 0; }
  table.stack tbody tr:last-child { border-bottom: 0; }
  table.stack td { display: flex; justify-content: space-between; align-items: baseline; gap: 1rem; border: 0; padding: .15rem 0;
    text-align: right; white-space: normal; }
  table.stack td::before { content: attr(data-label); color: var(--soft); text-align: left; flex: none; }
}
`;

/** Brings the part of the page that changes up to date, unless somebody is using it just now. */
export const SCRIPT = `
const REFRESH_MS = 2000;
const live = document.querySelector('[data-live]');
async function refresh() {
  const isInUse = live.contains(document.activeElement) || live.matches(':active') || live.querySelector('details[open]');
  if (document.hidden || isInUse) return;
  const response = await fetch(location.href, { headers: { accept: 'text/html' } });
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  const next = page.querySelector('[data-live]');
  if (response.ok && next && next.innerHTML !== live.innerHTML) live.innerHTML = next.innerHTML;
}
if (live) setInterval(() => refresh().catch(() => undefined), REFRESH_MS);
`;
