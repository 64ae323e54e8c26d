/* What a thread reports about one of its ports. Plain data that can cross threads. */
import type { EthernetPort, PortCounters } from './ethernet-port.ts';

export interface PortReport extends PortCounters {
  name: string;
  /** What the last oversized frame was; '' if there was none. */
  oversizedExample: string;
}

export function countersOf(port: EthernetPort): PortReport {
  port.readMissed();
  return { name: port.name, oversizedExample: port.oversizedExample, ...port.counters };
}
