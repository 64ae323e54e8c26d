/* What may stand after --public, --server and --outside. */
import test from 'ava';
import { parseEndpoint, parsePort, resolve } from '../../host-tools/bench/endpoint.ts';
import { UserError } from '../../host-tools/cli/user-error.ts';

test('addresses and names with a port', (t) => {
  t.deepEqual(parseEndpoint('12.0.0.1:25', '--public'), { name: '12.0.0.1', port: 25 });
  t.deepEqual(parseEndpoint('home.example:65535', '--public'), { name: 'home.example', port: 65535 });
});

for (const text of [
  '',
  '25',
  ':25',
  '12.0.0.1',
  '12.0.0.1:',
  '12.0.0.1:0',
  '12.0.0.1:65536',
  '12.0.0.1:1e3',
  '12.0.0:25',
  '12.0.0.256:25',
  '[2001:db8::1]:25',
  '-x.example:25',
  'home example:25',
  `${'a'.repeat(254)}:25`,
]) {
  test(`refused: '${text.slice(0, 30)}'`, (t) => {
    const error = t.throws(() => parseEndpoint(text, '--public'), { instanceOf: UserError });
    t.regex(error?.message ?? '', /^--public wants /);
  });
}

test('a port alone', (t) => {
  t.is(parsePort('8025', '--port'), 8025);
  t.throws(() => parsePort('x', '--port'), { message: "--port wants a port from 1 to 65535, but got 'x'." });
});

test('an address needs no look-up, and a name without address is said so', async (t) => {
  t.deepEqual(await resolve({ name: '12.0.0.1', port: 25 }, '--public'), { address: '12.0.0.1', port: 25 });
  await t.throwsAsync(resolve({ name: 'no-such-name.invalid', port: 25 }, '--public'), {
    instanceOf: UserError,
    message: "--public: no IPv4 address was found for the name 'no-such-name.invalid'.",
  });
});
