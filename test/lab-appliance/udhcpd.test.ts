/*
 * Another ISP: busybox's udhcpd, unmodified software that knows nothing of us, leases the WAN's address and renews it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { CAST } from '../../host-tools/lab/lab.ts';
import { judgeTest, labWith } from '../lab-judges/judges-lab.ts';
import { APPLIANCE, Household } from './household.ts';

const { G } = CAST;
const lab = labWith({ config: APPLIANCE });

/** The WAN's part of `status`. */
interface Wan {
  address: string | null;
  lease: { state: string; server: string; gateway: string; secondsLeft: number };
}

judgeTest('udhcpd, as the ISP, gives the router an address, and renews it', ['udhcpd'], async (t) => {
  const house = new Household(await lab());
  await house.startUdhcpd();
  const address = await house.publicAddress();
  t.regex(address, /^12\.0\.0\.7\d$/);
  const wan = async () => (await house.lab.hairpin('status')).wan as Wan;
  const before = await until(wan, ({ lease }) => lease.state === 'bound' && lease.secondsLeft <= 597);
  t.is(before.lease.server, G.address);
  await house.lab.hairpin('lease renew');
  // Six hundred seconds anew: nothing but its answer makes them more again.
  const after = await until(wan, ({ lease }) => lease.state === 'bound' && lease.secondsLeft > 598);
  t.is(after.address, address);
  t.is(after.lease.gateway, G.address);
});

/** Looks until it is so. @returns what was seen then; throws after 20 s */
async function until(look: () => Promise<Wan>, so: (wan: Wan) => boolean): Promise<Wan> {
  for (let i = 0; i < 100; i++) {
    const wan = await look();
    if (so(wan)) return wan;
    await sleep(200);
  }
  throw new Error(`not so within 20 s: ${JSON.stringify(await look())}`);
}
