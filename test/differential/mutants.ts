/**
 * Firmware that is broken on purpose, one fault each: proof that the differential test finds faults of its kind, and
 * makes them small. A fault is a change of the bundle's text, by form and not by names, or a wrong configuration where the
 * firmware can be told to behave wrongly. Data only; found.test.ts runs them.
 */
import type { HairpinMode } from '../../firmware/config/schema.ts';
import { firmwareConfig, type WanMtu } from './network.ts';

export interface Mutant {
  what: string;
  bundle?: { from: RegExp; to: string };
  config?: (mtu: WanMtu) => object;
  /** Packets that are enough to show it. */
  packets: number;
}

const withNat = (nat: object) => (mtu: WanMtu) => ({ ...firmwareConfig(mtu), nat });
const withHairpin = (hairpin: HairpinMode) => (mtu: WanMtu) => {
  const config = firmwareConfig(mtu);
  return { ...config, forwards: (config.forwards as object[]).map((one) => ({ ...one, hairpin })) };
};

export const MUTANTS: readonly Mutant[] = [
  {
    what: 'the checksum difference of a flow is off by one',
    bundle: { from: /\+524280\)%65535-1;|\+524280\)%65535;(?=var )/, to: '+524281)%65535;' },
    packets: 1,
  },
  {
    what: 'a UDP checksum that comes out as zero is sent as zero',
    bundle: { from: /%65535\|\|65535/g, to: '%65535||0' },
    packets: 1,
  },
  {
    what: 'everybody may send to a mapping',
    config: withNat({ filterUdp: 'endpoint-independent' }),
    packets: 2,
  },
  { what: 'the source of a hairpinned packet stays', config: withHairpin('dnat-only'), packets: 1 },
  { what: 'LAN clients are refused at forwards', config: withHairpin('none'), packets: 1 },
  { what: 'the WAN MTU is taken for 1500', config: () => firmwareConfig(1500), packets: 1 },
];
