/** Section 1 of the checklist: what RFC 4787 asks of a translator for UDP. */
import { lan, router } from '../control/table.ts';
import { udp } from '../wire/packets.ts';
import { row } from './row.ts';

row(['4787-1'], 'one public port towards two hosts (UDP)', (t) => {
  router();
  t.deepEqual(lan(udp('C:40000', 'I:3478')), ['wan G | udp P:40000 > I:3478']);
  t.deepEqual(lan(udp('C:40000', 'J:3479')), ['wan G | udp P:40000 > J:3479']);
});
