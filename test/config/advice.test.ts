/* What the tools say about a configuration that is right and will still disappoint. */
import test from 'ava';
import { parseConfig } from '../../firmware/config/validate.ts';
import { adviceOn } from '../../host-tools/cli/config-advice.ts';

const own = { address: '12.0.0.1/24', gateway: '12.0.0.254', mac: '02:00:00:00:0c:01' };
const lan = { address: '192.168.0.1/24', mac: '02:00:00:00:a8:01' };

function advice(parts: object): string[] {
  const parsed = parseConfig(JSON.stringify({ wan: own, lan, ...parts }), 'x.json');
  if ('error' in parsed) throw new Error(parsed.error);
  return adviceOn(parsed.config, 'x.json');
}

test('names are to be answered, and nobody is there to ask', (t) => {
  const [sentence, ...more] = advice({ dns: {} });
  t.regex(sentence, /^x\.json: dns\.servers: there are none, /);
  t.deepEqual(more, []);
});

test('no advice where servers are named, the ISP names them, or nobody is answered', (t) => {
  t.deepEqual(advice({ dns: { servers: ['9.9.9.9'] } }), []);
  t.deepEqual(advice({ dns: {}, wan: { address: 'dhcp', mac: own.mac } }), []);
  t.deepEqual(advice({}), []);
});
