/*
 * `make test-nightly`: how long a UDP mapping lives, asked by coturn's natdiscovery. It has a server send to the mapping
 * from elsewhere after so many seconds of silence: a second answer means that it was still there. RFC 4787 REQ-5 asks
 * for two minutes at least.
 */
import { CAST } from '../../../host-tools/lab/lab.ts';
import { Answers } from '../answers.ts';
import { judgeTest, labWith } from '../judges-lab.ts';
import { startTurnserver } from '../natdiscovery.ts';

const { I } = CAST;
const shortest = labWith({ nat: { timeouts: { udp: 120 } } });
const answers = new Answers('lifetime');
const TURN = ['turnserver', 'turnutils_natdiscovery'] as const;

judgeTest(
  'natdiscovery: a mapping is there after 115 s of silence, and with the shortest setting gone after 150',
  TURN,
  async (t) => {
    t.timeout(400_000);
    const judges = await shortest();
    await startTurnserver(judges);
    // The router holds one frame for a neighbour that it has yet to find, and natdiscovery does not ask twice.
    await judges.run('client', ['turnutils_natdiscovery', '-m', I.address]);
    const after = (seconds: number) =>
      judges.run('client', ['turnutils_natdiscovery', '-t', '-T', `${seconds}`, I.address], seconds + 60);
    const [alive, gone] = await Promise.all([after(115), after(150)]);
    t.true(alive.out.includes('RFC 5780 response 1'), alive.out);
    t.true(alive.out.includes('RFC 5780 response 2'), alive.out);
    answers.add(alive, '`nat.timeouts.udp`: 120, the shortest', 'a second response after 115 s');
    t.true(gone.out.includes('RFC 5780 response 1'), gone.out);
    t.false(gone.out.includes('RFC 5780 response 2'), gone.out);
    answers.add(gone, 'the same', 'no second response after 150 s');
  },
);

answers.checkPage(TURN);
