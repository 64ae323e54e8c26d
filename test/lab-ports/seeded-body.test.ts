/* The comparison of HTTP bodies finds what a broken path does to them, and where. */
import test from 'ava';
import { BodyCheck, seededBody } from '../../host-tools/lab/hosts/seeded-body.ts';

const LENGTH = 10_000;

/** Feeds `body` in pieces of an odd size, as TCP would. */
function check(body: Uint8Array): number | null {
  const bodyCheck = new BodyCheck(LENGTH);
  for (let at = 0; at < body.length; at += 1447) bodyCheck.add(body.subarray(at, at + 1447));
  return bodyCheck.firstDifference();
}

test('the right body has no difference', (t) => t.is(check(seededBody(LENGTH)), null));

test('a flipped bit is found where it is', (t) => {
  const body = seededBody(LENGTH);
  body[7777] ^= 1;
  t.is(check(body), 7777);
});

test('a missing end is found where the body ends', (t) =>
  t.is(check(seededBody(LENGTH).subarray(0, 4000)), 4000));

test('bytes too many are found where the body should have ended', (t) => {
  t.is(check(Buffer.concat([seededBody(LENGTH), Buffer.from('x')])), LENGTH);
});

test('two pieces in the wrong order are found at the first', (t) => {
  const body = seededBody(LENGTH);
  t.is(
    check(Buffer.concat([body.subarray(0, 2000), body.subarray(4000, 6000), body.subarray(2000, 4000)])),
    2000,
  );
});
