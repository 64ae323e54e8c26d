/**
 * What the services do once a second: each looks at its own timers. Called by the loop, before what is posted leaves.
 */
import {
  asked,
  askedBusy,
  eventLog,
  ledPin,
  linkWan,
  logNow,
  policyLanDhcp,
  policySwitch,
  policyWanDhcp,
  probe,
  probeClaim,
  switches,
  wanLease,
} from '../layout/arena.ts';
import { wanDue, wanLink } from '../layout/wan-lease.ts';
import { hasChanged, noteChanges } from './changes.ts';
import { stepLease } from './dhcp-client.ts';
import { isServerDue, stepServer } from './dhcp-server.ts';
import { showState } from './led.ts';
import { isMappingDue, stepMappings } from './nat-pmp.ts';
import { expireQueries } from './dns-pending.ts';
import { sendLog, syslogIsDue } from './syslog.ts';

/** Called once a second. @param now whole seconds since the start: unlike the arena's clock they never wrap */
export function serveSecond(now: number): void {
  eventLog[logNow] = now;
  if (
    switches[policySwitch] & policyWanDhcp &&
    (now >= wanLease[wanDue] || probe[probeClaim] || switches[linkWan] != wanLease[wanLink])
  )
    stepLease(now);
  if (switches[policySwitch] & policyLanDhcp && isServerDue(now)) stepServer(now);
  if (asked[askedBusy]) expireQueries();
  if (hasChanged()) noteChanges();
  if (syslogIsDue()) sendLog();
  if (switches[ledPin]) showState();
  if (isMappingDue(now)) stepMappings(now);
}
