/** What `make bench` prints where a figure is missing or over its budget. */
import test from 'ava';
import { median } from '../../host-tools/measure/lab.ts';
import { labText, spiText } from '../../host-tools/measure/report.ts';

test('the median is a run that took place', (t) => {
  t.is(median([5, 1, 4, 2, 3]), 3);
  t.is(median([10, 2]), 2);
});

test('a lab that is impossible is not measured, and the reason is given', (t) => {
  t.regex(
    labText({ measured: false, reason: 'Network namespaces exist only on Linux.' }),
    /not measured: Network/,
  );
});

test('throughput below the chip’s line rate is called so', (t) => {
  const runs = (value: number) => ({ runs: [value], median: value });
  t.regex(labText({ measured: true, router: runs(99), copy: runs(400), ratio: 0.25 }), /NO; 25 % of copying/);
  t.regex(labText({ measured: true, router: runs(100), copy: runs(400), ratio: 0.25 }), /: yes;/);
});

test('a frame over the SPI budget is shown as such', (t) => {
  const cost = (bytes: number) => ({ frames: 8, transfers: 8, bytes });
  const line = (bytes: number) =>
    spiText([{ length: 64, burst: 1, forwarding: cost(bytes), housekeeping: cost(4) }], cost(0));
  t.regex(line(176), /176 +yes/);
  t.regex(line(177), /176 +NO/);
});
