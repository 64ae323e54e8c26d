/* A table that is full, as curl and hping3 meet it: what has ended makes room for what comes. */
import { CAST } from '../../host-tools/lab/lab.ts';
import { Answers } from './answers.ts';
import { judgeTest, labWith } from './judges-lab.ts';

const { P, S, I } = CAST;
const lab = labWith({
  forwards: [
    { name: 'web', proto: 'tcp', port: 80, to: `${S.address}:80` },
    { name: 'mail', proto: 'tcp', port: 25, to: `${S.address}:25` },
  ],
});
const answers = new Answers('crowds');

/** More than there are flows. */
const VISITORS = 600;
for (const [way, host, address, seen] of [
  ['outbound', 'client', I.address, P.address],
  ['around the hairpin', 'client', P.address, P.address],
  ['through a forward', 'internet', P.address, I.address],
] as const)
  judgeTest(
    `curl: ${VISITORS} connections, one after the other, ${way}: each is served`,
    ['curl'],
    async (t) => {
      const words = ['curl', '-sS', '-H', 'Connection: close', `http://${address}/#[1-${VISITORS}]`];
      const said = await (await lab()).run(host, words, 40);
      const served = said.out.split('\n').filter((line) => line.startsWith(`you are ${seen}:`)).length;
      t.is(served, VISITORS, said.err.slice(0, 500));
      t.is(said.code, 0);
      answers.add(
        said,
        `more connections than the table holds, ${way}: ended ones make room`,
        `${served} times "you are ${seen}:..."`,
      );
    },
  );

judgeTest(
  'hping3: a flood of SYNs to a forward is answered, and leaves room',
  ['hping3', 'curl'],
  async (t) => {
    const judges = await lab();
    for (const [count, proves] of [
      [100, 'SYNs to a forward, each from another port'],
      [1000, 'more than there are flows; hping3 resets each'],
    ] as const) {
      const words = ['hping3', '-q', '-S', '-p', '25', '-c', `${count}`, '-i', 'u1000', P.address];
      const said = await judges.run('internet', words);
      const summary = `${count} packets transmitted, ${count} packets received, 0% packet loss`;
      t.true(said.err.includes(summary), said.err);
      answers.add(said, proves, `${count} packets received, 0% packet loss`);
    }
    for (const host of ['internet', 'client'] as const) {
      const after = await judges.run(host, ['curl', '-sS', '--connect-timeout', '2', `http://${P.address}/`]);
      t.is(after.code, 0, after.err);
    }
  },
);

answers.checkPage(['curl', 'hping3']);
