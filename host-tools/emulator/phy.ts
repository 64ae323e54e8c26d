// The PHY: cable, link, PHYCFGR. Tells its owner when the link comes up or goes; moves no frames.
// Source: data sheet 4.1 (PHYCFGR); esp-eth-drivers (a mode takes effect only after a PHY reset).
import type { ChipContext } from './context.ts';
import { PHY_DPX, PHY_LNK, PHY_OPMD, PHY_OPMDC, PHY_RST, PHY_SPD } from './registers.ts';

/** OPMDC, bits 5:3. Everything else autonegotiates to 100/full with the far side. */
const MODE_10_HALF = 0;
const MODE_10_FULL = 1;
const MODE_100_HALF = 2;
const MODE_100_HALF_AUTO = 4;
const MODE_POWER_DOWN = 6;
const MODE_ALL = 7;

/** OPMD clear: the PMODE pins decide, and open pins mean "all". OPMDC reads 111. */
const RESET_CONFIGURATION = PHY_RST | PHY_OPMDC;

export class Phy {
  onLink: (up: boolean) => void = () => {};
  private configuration = RESET_CONFIGURATION;
  private mode = MODE_ALL;
  private plugged = true;
  private negotiated = true;
  private stopNegotiation: () => void = () => {};

  constructor(private readonly context: ChipContext) {}

  get linked(): boolean {
    return this.negotiated;
  }

  /** Line rate in Mbit/s, which is also bits per microsecond. */
  get megabits(): number {
    return this.mode === MODE_10_HALF || this.mode === MODE_10_FULL ? 10 : 100;
  }

  private get fullDuplex(): boolean {
    return this.mode !== MODE_10_HALF && this.mode !== MODE_100_HALF && this.mode !== MODE_100_HALF_AUTO;
  }

  /** Without link SPD reads 1 and DPX 0, as seen on hardware: meaningless, as the manual says. */
  read(): number {
    if (!this.linked) return this.configuration | PHY_SPD;
    const speed = this.megabits === 100 ? PHY_SPD : 0;
    return this.configuration | speed | (this.fullDuplex ? PHY_DPX : 0) | PHY_LNK;
  }

  /** OPMD and OPMDC are kept but take effect when the PHY is released from reset. */
  write(value: number): void {
    const wasReset = (this.configuration & PHY_RST) === 0;
    this.configuration = value & (PHY_RST | PHY_OPMD | PHY_OPMDC);
    if ((value & PHY_RST) === 0) this.drop();
    else if (wasReset) this.start();
  }

  setCable(plugged: boolean): void {
    if (plugged === this.plugged) return;
    this.plugged = plugged;
    if (plugged) this.start();
    else this.drop();
  }

  /** Chip reset: link lost, registers as after power-on. While RSTn is low nothing negotiates. */
  reset(): void {
    this.drop();
    this.configuration = RESET_CONFIGURATION;
    this.start();
  }

  private start(): void {
    const configured = (this.configuration & PHY_OPMD) !== 0;
    this.mode = configured ? (this.configuration & PHY_OPMDC) >>> 3 : MODE_ALL;
    this.stopNegotiation();
    const { clock, behaviour, reset } = this.context;
    const off = (this.configuration & PHY_RST) === 0 || this.mode === MODE_POWER_DOWN;
    if (!this.plugged || reset.held || off) return;
    if (behaviour.negotiation === 0) this.up();
    else this.stopNegotiation = clock.schedule(clock.now() + behaviour.negotiation, () => this.up());
  }

  private up(): void {
    if (this.negotiated) return;
    this.negotiated = true;
    this.onLink(true);
  }

  private drop(): void {
    this.stopNegotiation();
    if (!this.negotiated) return;
    this.negotiated = false;
    this.onLink(false);
  }
}
