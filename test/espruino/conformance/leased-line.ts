/**
 * A router whose WAN is leased, the ISP at its other end, and what hosts of the LAN are answered: second by second, each
 * heard what the other sent.
 */
import { answerIn } from '../../services/lan-client.ts';
import { Isp } from '../../services/isp.ts';
import type { Dhcp, ReadDhcp } from '../../wire/dhcp.ts';
import { config } from './configs.ts';
import type { Router } from './router.ts';
import type { Stage } from './subject.ts';

const { lan, ...rest } = config({ dmz: '192.168.0.2' });
const leasedConfig = JSON.stringify({
  ...rest,
  lan: { ...lan, dhcp: {} },
  wan: { address: 'dhcp', mac: '02:00:00:00:0c:01', mtu: 1500 },
});

interface Lease {
  state: string;
  server: string | null;
  gateway: string | null;
  secondsLeft: number | null;
  resolvers: string[];
}

export class Line {
  readonly isp = new Isp();
  readonly router: Router;
  /** What hosts of the LAN were answered. */
  readonly offers: ReadDhcp[] = [];
  private sent: Uint8Array[] = [];
  private seconds = 0;

  constructor(stage: Stage) {
    this.router = stage.boot({ config: leasedConfig });
    const { wan, lan } = this.router.world;
    const { onTransmit } = wan;
    const tell = lan.onTransmit;
    lan.onTransmit = (frame) => {
      tell?.(frame);
      const answer = answerIn(frame);
      if (answer) this.offers.push(answer);
    };
    wan.onTransmit = (frame) => {
      onTransmit?.(frame);
      this.sent.push(frame);
    };
    this.isp.terms.lease = 40;
  }

  /** A second passes, and the ISP answers what it heard. @returns what left, in words */
  second(): string[] {
    const left = this.router.leap(1);
    this.seconds++;
    for (let frame = this.sent.shift(); frame; frame = this.sent.shift())
      for (const answer of this.isp.hear(frame, this.seconds)) left.push(...this.router.frame('wan', answer));
    return left;
  }

  /** Seconds until the phase is that one. */
  until(state: string, most = 80): number {
    for (let i = 0; i < most; i++) {
      if (this.lease.state === state) return i;
      this.second();
    }
    throw new Error(`not ${state} within ${most} s, but ${this.lease.state}`);
  }

  get wan(): { address: string; lease: Lease } {
    return this.router.ask('status').wan as { address: string; lease: Lease };
  }

  get lease(): Lease {
    return this.wan.lease;
  }

  /** The last message with the fields that an answer repeats. */
  get last() {
    return this.isp.heard.at(-1)!;
  }

  /** An answer arrives that is made by hand. */
  answer(answer: Dhcp): void {
    this.router.frame('wan', this.isp.frameOf(answer, { flags: 0x8000 }));
  }
}
