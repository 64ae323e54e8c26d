/* A signal in the middle of something: the work is dropped, the tidying is not. */
import test from 'ava';
import { Interrupted, untilInterrupted } from '../../host-tools/cli/interruption.ts';

const never = (): Promise<never> => new Promise(() => {});
const nothing = async (): Promise<void> => {};

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  test.serial(`${signal} during the work ends it, and everything is tidied up`, async (t) => {
    let tidied = false;
    const listeners = process.listenerCount(signal);
    const running = untilInterrupted(never, nothing, async () => {
      tidied = true;
    });
    process.emit(signal, signal);
    await t.throwsAsync(running, { instanceOf: Interrupted });
    t.true(tidied);
    t.is(process.listenerCount(signal), listeners);
  });
}

test.serial('work that ends by itself is followed by what comes afterwards and by the tidying', async (t) => {
  const steps: string[] = [];
  const step = (name: string) => async () => {
    steps.push(name);
  };
  t.is(await untilInterrupted(async () => 7, step('afterwards'), step('tidy')), 7);
  t.deepEqual(steps, ['afterwards', 'tidy']);
});

test.serial('a signal after the work is not for us', async (t) => {
  const afterwards = async (): Promise<void> => void process.emit('SIGINT', 'SIGINT');
  t.is(await untilInterrupted(async () => 7, afterwards, nothing), 7);
});

test.serial('work that fails is tidied up, and its error is the one that is heard of', async (t) => {
  let tidied = false;
  const failing = untilInterrupted(
    () => Promise.reject(new Error('no cable')),
    nothing,
    async () => {
      tidied = true;
    },
  );
  await t.throwsAsync(failing, { message: 'no cable' });
  t.true(tidied);
});
