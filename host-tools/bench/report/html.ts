/*
 * The report as one HTML page that needs nothing else: no script, no font, no picture from anywhere. Light and dark as
 * the reader's system is. Everything that came over the network is escaped.
 */
import type { Measurements } from '../measurements.ts';
import type { Judgement } from '../judge/verdicts.ts';
import type { Hop, NumberRow, Report } from './context.ts';
import { plot } from './plot.ts';
import { columns } from './report.ts';
import { shownIn } from './text.ts';

const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #57606a; --paper: #ffffff; --panel: #f3f5f7; --line: #d5dae0;
  --good: #1a7f37; --bad: #b3261e; --open: #8a5a00; --direct: #8fa3b8; --through: #2f6fb5; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ed; --soft: #9aa4b0; --paper: #14171b; --panel: #1d2228;
  --line: #343b44; --good: #4cc26a; --bad: #ff8a80; --open: #e3b341; --direct: #5f7388; --through: #5aa0ea; } }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 46rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.5rem; line-height: 1.3; margin: 0 0 .25rem; }
h1 b { display: block; font-size: 1rem; letter-spacing: .06em; }
.YES { color: var(--good); } .NO { color: var(--bad); } .NOT, .IN { color: var(--open); }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
code { display: block; font: .8125rem/1.5 ui-monospace, monospace; background: var(--panel); border-radius: 4px;
  padding: .35rem .6rem; margin: .35rem 0; overflow-wrap: anywhere; }
.soft, th { color: var(--soft); font-weight: normal; }
ol, ul { padding-left: 1.4rem; } li { margin: .35rem 0; }
.way { list-style: none; padding: 0; }
.way li { display: grid; grid-template-columns: 1.6rem 4.5rem 1fr; gap: .5rem; background: var(--panel);
  border-left: 4px solid var(--good); border-radius: 4px; padding: .5rem .75rem; }
.way .broken, .way .lost { border-color: var(--bad); } .way .lost { border-left-style: dotted; } .way .unknown { border-color: var(--open); border-left-style: dashed; }
.way em { color: var(--bad); font-style: normal; font-weight: 600; } .way .unknown em { color: var(--open); }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .3rem .75rem .3rem 0;
  border-bottom: 1px solid var(--line); vertical-align: top; }
.families td { overflow-wrap: anywhere; } .families td:first-child { overflow-wrap: normal; font-weight: 600; }
td.figure { text-align: right; } .numbers th + th { text-align: right; overflow-wrap: anywhere; }
@media (max-width: 32rem) { main { padding: 1.25rem 1rem 3rem; } .way li { grid-template-columns: 1.2rem 3.6rem 1fr; }
  .families td { display: block; } .families td:first-child { border: 0; padding-bottom: 0; } .numbers { font-size: .875rem; } }
.picture svg { width: 100%; height: auto; } @media (max-width: 32rem) { .picture { display: none; } }
.plot { width: 100%; max-width: 37.5rem; height: auto; margin-top: 1rem; font: 13px system-ui, sans-serif; }
.plot text { fill: var(--ink); dominant-baseline: central; } .plot .label { fill: var(--soft); }
.plot .direct { fill: var(--direct); } .plot .through { fill: var(--through); }
.plot circle { fill: var(--ink); fill-opacity: .55; }`;

export function escape(text: string): string {
  const names: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replace(/[&<>"']/g, (character) => names[character]);
}

const SAID: Record<Hop['mark'], string> = {
  ok: '',
  broken: ' <em>Here is the fault.</em>',
  lost: ' <em>Here it ends.</em>',
  unknown: ' <em>Not certain.</em>',
};

/** A sentence, and the commands below it. */
function item(text: string): string {
  const [sentence, ...commands] = text.split('\n');
  return escape(sentence) + commands.map((command) => `<code>${escape(command)}</code>`).join('');
}

function list(tag: 'ul' | 'ol', texts: readonly string[]): string {
  return `<${tag}>${texts.map((text) => `<li>${item(text)}</li>`).join('')}</${tag}>`;
}

function hopsHtml(hops: readonly Hop[]): string {
  const items = hops.map(
    ({ who, text, mark }, index) =>
      `<li class="${mark}"><span class="soft">${index + 1}</span><strong>${who}</strong>` +
      `<span>${escape(text)}${SAID[mark]}</span></li>`,
  );
  return `<ol class="way">${items.join('')}</ol>`;
}

function numbersHtml(rows: readonly NumberRow[], m: Measurements): string {
  const names = columns(m);
  const cell = (row: NumberRow, way: 'direct' | 'through') => `<td class="figure">${shownIn(row, way)}</td>`;
  const lines = rows.map(
    (row) => `<tr><td>${row.name}</td>${cell(row, 'direct')}${cell(row, 'through')}</tr>`,
  );
  return (
    `<table class="numbers"><tr><th></th><th>direct, ${escape(names.direct)}</th>` +
    `<th>through, ${escape(names.through)}</th></tr>${lines.join('')}</table>${plot(rows)}`
  );
}

function section(title: string, body: string, present: boolean): string {
  return present ? `<h2>${title}</h2>${body}` : '';
}

/** @param when the time of the measurement, for the reader */
export function reportHtml(report: Report, judgement: Judgement, m: Measurements, when: Date): string {
  const { answer, headline, meaning, hops, picture, evidence, remedies, families, numbers } = report;
  const familyRows = families.map(
    ({ family, text }) => `<tr><td>${escape(family)}</td><td>${item(text)}</td></tr>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(`${answer}: ${headline}`)}</title><style>${STYLE}</style></head>
<body><main>
<h1><b class="${answer.split(' ')[0]}">${answer}</b>${escape(headline)}</h1>
<p class="soft">Verdict: ${judgement.verdict}. Measured by hairpin bench from ${escape(m.client)}, ${when.toISOString().slice(0, 16).replace('T', ' ')} UTC.</p>
<p>${escape(report.tried)}</p>
${section('What that means', meaning.map((text) => `<p>${escape(text)}</p>`).join(''), meaning.length > 0)}
${section('The way of a packet', (picture ? `<div class="picture">${picture}</div>` : '') + hopsHtml(hops), hops.length > 0)}
${section('How this is known', list('ul', evidence), evidence.length > 0)}
${section('What to do', list('ol', remedies), remedies.length > 0)}
${section('Where the setting is', `<table class="families">${familyRows.join('')}</table>`, families.length > 0)}
${section('Numbers', numbersHtml(numbers, m), numbers.length > 0)}
</main></body></html>
`;
}
