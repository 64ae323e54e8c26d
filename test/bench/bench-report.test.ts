/* The report: every verdict has its story, the proof is in it, and nothing from the network can harm the page. */
import test from 'ava';
import { judge } from '../../host-tools/bench/judge/judge.ts';
import { VERDICTS, exitCodeOf, type Verdict } from '../../host-tools/bench/judge/verdicts.ts';
import type { Measurements } from '../../host-tools/bench/measurements.ts';
import { plot } from '../../host-tools/bench/report/plot.ts';
import { escape, reportHtml } from '../../host-tools/bench/report/html.ts';
import { benchResult } from '../../host-tools/bench/report/json.ts';
import { buildReport } from '../../host-tools/bench/report/report.ts';
import { reportText, wrap } from '../../host-tools/bench/report/text.ts';
import { LEADS_TO, stray } from './every-verdict.ts';
import { C, P, S, SILENT_TCP, firstHop, measured, tcp, tcpFine, times, udp } from './measured.ts';

const asRoot = 'sudo npx hairpin bench probe --public 12.0.0.1:25 --server 192.168.0.2:8025';

function reported(verdict: Verdict, rest: Partial<Measurements> = {}) {
  const measurements = measured({ ...LEADS_TO[verdict], ...rest });
  const judgement = judge(measurements);
  const report = buildReport({ measurements, judgement, asRoot });
  return { measurements, judgement, report, text: reportText(report, judgement, measurements) };
}

for (const verdict of VERDICTS) {
  test(`${verdict}: the verdict first, what it means, how it is known, and what to do`, (t) => {
    const { judgement, report, text } = reported(verdict);
    t.is(judgement.verdict, verdict);
    t.regex(text, new RegExp(`^${report.answer}: `));
    t.true(text.includes(`(verdict: ${verdict})`));
    t.true(report.meaning.length > 0 && report.evidence.length > 0);
    t.is(report.remedies.length > 0, exitCodeOf(verdict) !== 0);
    t.is(report.hops.length > 0, verdict !== 'inconclusive');
    for (const said of [report.headline, ...report.meaning, ...report.evidence, ...report.remedies])
      t.notRegex(said, /undefined|null|\[object|NaN|\{\w+\}/);
  });

  test(`${verdict}: the text is ASCII and no line is longer than a screen`, (t) => {
    const { text } = reported(verdict);
    t.regex(text, /^[\x20-\x7e\n]*$/);
    // A command to be copied stays in one piece.
    for (const line of text.split('\n'))
      t.true(line.length <= 100 || /^ {6,7}(sudo npx|\/ip|ip saddr) /.test(line), line);
  });
}

test('the hop that breaks is marked: with DNAT only it is the router, and the packet ends at the client', (t) => {
  const { report, text } = reported('dnat-without-snat');
  t.deepEqual(
    report.hops.map(({ who, mark }) => `${who} ${mark}`),
    ['you ok', 'router broken', 'server ok', 'you lost'],
  );
  t.regex(
    text,
    /^ {2}X 2\. router {2}sends it on to 192\.168\.0\.2:8025, but leaves 192\.168\.0\.3 as the sender/m,
  );
});

test('what proved the verdict is told first', (t) => {
  t.regex(
    reported('dnat-without-snat').report.evidence[1],
    /^UDP: 16 of 16 questions .* came from 192\.168\.0\.2:8025/,
  );
});

test('who refuses is said for certain only where it is', (t) => {
  const refused = times(12, 'tcpThrough', { end: 'refused' } as const);
  const hop = (count: number) =>
    reported('refused', { tcp: tcp(refused, { firstHop: firstHop({ refused: count }) }) }).report;
  t.is(hop(5).hops[1].mark, 'broken');
  t.regex(hop(5).meaning[0], /^The router itself says no/);
  t.is(hop(0).hops[1].mark, 'unknown');
  t.regex(hop(0).meaning[0], /^Something says no, usually the router/);
});

test('silence names the one command that goes further, and for one host another', (t) => {
  t.true(reported('no-answer').report.remedies[0].endsWith(asRoot));
  t.regex(
    reported('no-answer', { self: true }).report.remedies[0],
    /sudo npx hairpin bench respond --port 8025$/,
  );
  const measurements = measured(LEADS_TO['no-answer']);
  const elsewhere = buildReport({ measurements, judgement: judge(measurements), asRoot: null });
  t.regex(elsewhere.remedies[0], /tcpdump -n tcp dst port 8025/);
});

test('remedies name the forward that was asked for, and only where a setting can help', (t) => {
  const { families } = reported('dnat-without-snat').report;
  t.regex(
    families.find(({ family }) => family.startsWith('Linux'))?.text ?? '',
    /192\.168\.0\.0\/24 ip daddr 192\.168\.0\.2 tcp dport 8025 masquerade\nip saddr 192.*udp dport 8025 masquerade$/,
  );
  const onlyUdp = reported('protocols-differ').report.families;
  t.regex(onlyUdp.find(({ family }) => family.startsWith('Linux'))?.text ?? '', /udp dport 8025 masquerade$/);
  t.deepEqual(reported('works-external').report.families, []);
  t.deepEqual(reported('fails-later').report.families, []);
});

test('split DNS comes with its limit where the ports differ', (t) => {
  const said = (rest: Partial<Measurements>) => reported('no-dnat', rest).report.remedies.join(' ');
  t.regex(said({}), /reachable here at 25 as well, not only at 8025/);
  t.notRegex(said({ server: { address: S, port: 25 } }), /reachable here at/);
});

test('who the server saw is named by what the address is', (t) => {
  t.regex(reported('works-lan').text, /192\.168\.0\.1 \(the router's LAN address\)/);
  t.regex(reported('works-external').text, /12\.0\.0\.1 \(the router's public address\)/);
});

test('the helper in the Internet and the gateway are quoted', (t) => {
  const { report } = reported('no-dnat', {
    gatewayWord: { said: 'address', address: P, by: 'NAT-PMP' },
    outside: {
      helper: 'reached',
      heardFrom: '203.0.113.9',
      tcp: { outcome: 'answered', id: 'x' },
      udp: { outcome: 'silent', id: '-' },
    },
  });
  const all = report.evidence.join('\n');
  t.regex(all, /The router 192\.168\.0\.1 itself says \(NAT-PMP\) that its public address is 12\.0\.0\.1\./);
  t.regex(all, /TCP: asked from the Internet, 12\.0\.0\.1:25 is answered\./);
  t.regex(all, /UDP: asked from the Internet, 12\.0\.0\.1:25 is silent\./);
  t.regex(all, /hears this LAN from 203\.0\.113\.9/);
});

test('a forward that is dead from the Internet, too, has to be mended first', (t) => {
  const outside = (outcome: 'answered' | 'silent') =>
    ({ helper: 'reached', heardFrom: P, tcp: { outcome, id: '-' }, udp: null }) as const;
  const first = (outcome: 'answered' | 'silent') =>
    reported('no-dnat', { outside: outside(outcome) }).report.remedies[0];
  t.regex(first('silent'), /does not work from the Internet either.*leads to 192\.168\.0\.2:8025/);
  t.notRegex(first('answered'), /from the Internet either/);
});

test('the page is one file without script, and escapes what came over the network', (t) => {
  const rude = { end: 'other', greeting: '<script>alert(1)</script>', handshake: 1 } as const;
  const { report, judgement, measurements } = reported('router-answered', {
    tcp: tcp(times(12, 'tcpThrough', rude), { firstHop: firstHop({ completed: 5 }) }),
  });
  const html = reportHtml(report, judgement, measurements, new Date(0));
  t.notRegex(html, /<script|<link|<img|https?:|url\(|@import/);
  t.true(html.includes('&lt;script&gt;alert(1)&lt;/script&gt;'));
  t.true(html.includes(escape(report.headline)));
  t.regex(html, /prefers-color-scheme: dark/);
  t.regex(html, /<svg /);
});

test('a service cannot write to the terminal', (t) => {
  const rude = { end: 'other', greeting: '\x1b[2Jhello', handshake: 1 } as const;
  const { text } = reported('router-answered', {
    tcp: tcp(times(12, 'tcpThrough', rude), { firstHop: firstHop({ completed: 5 }) }),
  });
  t.notRegex(text, /\x1b/);
  t.regex(text, /\?\[2Jhello/);
});

test('bars are as long as the numbers say, and what was not measured is said', (t) => {
  const absent = { direct: 'not asked', through: 'no connection' };
  const row = { name: 'throughput', unit: 'Mbit/s', absent, all: { direct: [], through: [] } };
  const widths = (svg: string) =>
    [...svg.matchAll(/<rect [^>]*width="([\d.]+)"/g)].map(([, width]) => Number(width));
  const [direct, through] = widths(plot([{ ...row, direct: 100, through: 25 }]));
  t.is(direct, through * 4);
  t.regex(plot([{ ...row, direct: 100, through: null }]), /no connection/);
  t.is(plot([]), '');
});

test('the object of --json', (t) => {
  const { report, judgement, measurements } = reported('dnat-without-snat');
  const result = benchResult(report, judgement, measurements);
  t.like(result, {
    schema: 'hairpin.bench/1',
    verdict: 'dnat-without-snat',
    reason: null,
    exitCode: 1,
    tcp: { verdict: 'no-answer', reason: null },
    udp: { verdict: 'dnat-without-snat', reason: null },
  });
  t.deepEqual(JSON.parse(JSON.stringify(result)), result);
});

test('wrapped lines are filled, indented, and lose no word', (t) => {
  t.is(wrap('one two three four', '- ', 10), '- one two\n  three\n  four');
  t.is(wrap('a-word-longer-than-the-line', '- ', 10), '- a-word-longer-than-the-line');
});

test('without --server the report names the server that gave itself away, and claims no more', (t) => {
  const blind = { server: null, recall: null };
  const tcpBlind = (tries: Parameters<typeof tcp>[0]) => tcp(tries, { direct: null });
  const udpBlind = (tries: Parameters<typeof udp>[0]) => udp(tries, { direct: null });
  const broken = reported('dnat-without-snat', {
    ...blind,
    tcp: tcpBlind(SILENT_TCP),
    udp: udpBlind(times(16, 'udpThrough', stray)),
  });
  t.is(broken.judgement.verdict, 'dnat-without-snat');
  t.regex(broken.report.hops[1].text, /sends it on to 192\.168\.0\.2:8025/);
  t.regex(broken.report.remedies.join(' '), /reachable here at 25 as well, not only at 8025/);
  const works = reported('works-external', {
    ...blind,
    tcp: tcpBlind(times(6, 'tcpThrough', tcpFine(P))),
    udp: null,
  });
  t.regex(works.text, /a responder answered 6 of 6/);
  t.notRegex(works.text, /the very same server/);
});

test('one host is marked as the self case, with what that leaves unproved', (t) => {
  t.regex(reported('no-answer', { self: true }).report.tried, /the self case.*proves less/);
  t.notRegex(reported('no-answer').report.tried, /self case/);
});

test('a public address that the router has not confirmed is one more thing to look at', (t) => {
  const said = (rest: Partial<Measurements>) => reported('no-dnat', rest).report.remedies.join('\n');
  t.regex(said({}), /provider translates addresses once more \(CGNAT\)/);
  t.notRegex(said({ gatewayWord: { said: 'address', address: P, by: 'UPnP' } }), /CGNAT/);
});

test('what works at once is said, too', (t) => {
  for (const verdict of ['dnat-without-snat', 'no-dnat', 'no-answer', 'router-answered', 'refused'] as const)
    t.regex(reported(verdict).report.remedies.join('\n'), /Until then use 192\.168\.0\.2:8025/, verdict);
});

test('the picture draws what is certain: who is past the router, and where it ends', (t) => {
  const hops = (verdict: Verdict, rest: Partial<Measurements> = {}) => {
    const { picture } = reported(verdict, rest).report;
    return picture && /<desc [^>]*>([^<]*)/.exec(picture)![1];
  };
  t.regex(
    hops('dnat-without-snat')!,
    /Hop 2, the router to the server: UDP from 192\.168\.0\.3 to 192\.168\.0\.2:8025, destination rewritten/,
  );
  t.regex(hops('dnat-without-snat')!, /Hop 3, the server to you: .* throws this away/);
  t.regex(
    hops('works-external')!,
    /from 12\.0\.0\.1 to 192\.168\.0\.2:8025, source and destination rewritten/,
  );
  t.regex(hops('no-dnat')!, /^Hop 1, you to the router: [^H]*does not pass it on\.$/);
  for (const verdict of ['no-answer', 'inconclusive', 'works', 'refused', 'fails-later'] as const)
    t.is(hops(verdict), null, verdict);
  t.is(hops('dnat-without-snat', { self: true }), null);
  // Seen with its own address, and answered by ways that are not known.
  const asItself = tcp(times(6, 'tcpThrough', tcpFine(C)));
  t.is(hops('works-external', { tcp: asItself, udp: null }), null);
});

test('on a terminal, too, bars are as long as the numbers say, where there are two to compare', (t) => {
  const bars = [...reported('works-external').text.matchAll(/^ {4}(direct|through) +(#+)$/gm)];
  t.deepEqual(
    bars.map(([, way, bar]) => [way, bar.length]),
    [
      ['direct', 20],
      ['through', 60],
      ['direct', 60],
      ['through', 39],
    ],
  );
  t.notRegex(
    reported('no-dnat', {
      numbers: {
        direct: { handshakes: [1], throughput: null },
        through: { handshakes: [], throughput: null },
      },
    }).text,
    /##/,
  );
});
