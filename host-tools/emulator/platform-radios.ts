// The radios of a stock ESP32 build as firmware reaches them: the modules `Wifi` and `TelnetServer`, and `NRF`. No
// radio works here; what would be open is remembered. Builds differ, so each of them may be missing.

/** Which ways in a build offers when it is switched on; undefined: the build does not have that radio at all. */
export interface RadiosAtBoot {
  accessPoint?: boolean;
  telnet?: boolean;
  bluetooth?: boolean;
}

/** A stock build of the current release, with Bluetooth off as the firmware's budget of memory asks for. */
export const STOCK_RADIOS: Required<RadiosAtBoot> = { accessPoint: true, telnet: true, bluetooth: false };

export class Radios {
  /** What is open now. */
  readonly open: RadiosAtBoot;
  readonly wifi = {
    stopAP: (): void => void (this.open.accessPoint = false),
    getStatus: () => ({ mode: this.open.accessPoint ? 'ap' : 'off' }),
  };
  readonly telnetServer = {
    setOptions: ({ mode }: { mode?: unknown }): void => {
      if (mode !== 'on' && mode !== 'off') throw new Error('Unknown mode value');
      this.open.telnet = mode === 'on';
    },
  };
  readonly nrf = {
    sleep: (): void => void (this.open.bluetooth = false),
  };

  constructor(private readonly atBoot: RadiosAtBoot) {
    this.open = { ...atBoot };
  }

  /** The interpreter restores saved Wi-Fi settings when all boot code has run, whatever that has stopped. */
  restoreWifi(): void {
    this.open.accessPoint = this.atBoot.accessPoint;
  }

  /** A module by its name, or undefined where the build has none. */
  module(name: string): object | undefined {
    if (name === 'Wifi' && this.atBoot.accessPoint !== undefined) return this.wifi;
    return name === 'TelnetServer' && this.atBoot.telnet !== undefined ? this.telnetServer : undefined;
  }

  /** The global `NRF`, if the build has one. */
  get bluetooth(): object | undefined {
    return this.atBoot.bluetooth === undefined ? undefined : this.nrf;
  }
}
