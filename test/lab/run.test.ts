/* `hairpin run` between two interfaces whose neighbours leave work to their cards. Needs dist/firmware.js. */
import type { ConnectResult, UdpResult } from '../../host-tools/lab/lab.ts';
import { inside, kernelTest } from './in-namespace.ts';

interface Answer {
  before: object;
  during: object;
  after: object;
  code: number | null;
  signal: string | null;
  greeting: ConnectResult;
  udp: UdpResult;
  output: string[];
  errors: string;
}

kernelTest('run: hosts talk through it, Ctrl-C puts everything back and exits with 130', async (t) => {
  const answer = await inside<Answer>('run-program');
  const said = answer.output.join('\n');
  t.is(answer.errors, '');
  t.is(answer.code, 130);
  t.is(answer.signal, null);
  t.like(answer.greeting, { outcome: 'connected' });
  t.regex((answer.greeting as { greeting: string }).greeting, /^220 you are 12\.0\.0\.1:/);
  t.like(answer.udp, { outcome: 'answered', from: '12.0.0.254:5000' });
  t.notDeepEqual(answer.during, answer.before);
  t.deepEqual(answer.after, answer.before);
  t.regex(said, /^Routing between wan \(WAN\) and lan \(LAN\); Ctrl-C ends it\.$/m);
  t.regex(said, /checksums completed [1-9]/);
  t.regex(said, /^Dropped on 'wan': a TCP frame of \d{4,5} bytes from 12\.0\.0\.254 to 12\.0\.0\.1/m);
  t.notRegex(said, /\x1b/);
});
