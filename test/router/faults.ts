/**
 * The faults that the router mends by itself, one by one: how each is made, how the router notices it, what it does, and
 * within which time everything must come through again. docs/self-healing.md shows the table with what was measured.
 */
import type { Rig, Side } from '../w5500/rig.ts';
import type { Household } from './household.ts';

export interface Fault {
  name: string;
  /** For the page: how it is noticed, and the steps of mending in their order. */
  noticed: string;
  steps: string;
  /** Makes it, with traffic around it. @returns when what caused it was over, on the rig's clock */
  make: (home: Household, side: Side) => number;
  /** What is counted, at the least. */
  counters: readonly string[];
  /** Resets of the chip by its pin that it takes. */
  resets: number;
  /** Milliseconds from the cause's end until everything comes through, both ways; and why it is not less. */
  limit: number;
  why: string;
}

const second = 1_000_000;

const now = (home: Household) => home.rig.clock.now();

/** Somebody else speaks to a chip: three header bytes and data. @returns what it answered */
function poke({ chips }: Rig, side: Side, ...bytes: number[]): Uint8Array {
  const answer = new Uint8Array(bytes.length);
  chips[side].select();
  chips[side].transfer(Uint8Array.from(bytes), answer);
  chips[side].deselect();
  return answer;
}

/** The chip's interrupt reaches nobody for a while, and the line is high. */
function deafLine({ chips }: Rig, side: Side): () => void {
  const chip = chips[side];
  const drive = chip.onInterrupt;
  drive(false);
  chip.onInterrupt = () => {};
  return () => {
    chip.onInterrupt = drive;
    drive(chip.interruptLow);
  };
}

/** RX_RD and RECV with a place far beyond RX_WR: the chip sees no room for anything. */
function moveReadPointer(rig: Rig, side: Side): void {
  const end = poke(rig, side, 0x00, 0x2a, 0x08, 0, 0);
  poke(rig, side, 0x00, 0x28, 0x0c, (end[3] + 20) & 255, end[4]);
  poke(rig, side, 0x00, 0x01, 0x0c, 0x40);
}

/** A fault that lasts for a while. */
function lasting(home: Household, us: number, begin: () => void, end: () => void): number {
  begin();
  home.live(us);
  end();
  return now(home);
}

/** A fault that happens once. */
function sudden(home: Household, make: () => void): number {
  const at = now(home);
  make();
  return at;
}

const cable = 'PHYCFGR, looked at every 200 ms';

export const faults: readonly Fault[] = [
  {
    name: 'cable unplugged for a second',
    noticed: cable,
    steps: 'sending stops; at link-up: 2. socket opened anew',
    make: (home, side) =>
      lasting(
        home,
        second,
        () => home.rig.chips[side].setLink(false),
        () => home.rig.chips[side].setLink(true),
      ),
    counters: ['link-lost', 'link-down'],
    resets: 0,
    limit: 250,
    why: 'one look, and the turn it is in',
  },
  {
    name: 'cable unplugged for 50 ms, a frame caught in the transmitter',
    noticed: 'the frame does not leave, seen by the next one to be sent or by the look',
    steps: '3. chip set up anew',
    make: (home, side) =>
      lasting(
        home,
        50_000,
        () => home.rig.chips[side].setLink(false),
        () => home.rig.chips[side].setLink(true),
      ),
    counters: [],
    resets: 0,
    limit: 250,
    why: 'one look',
  },
  {
    name: 'interrupt line dead for a second',
    noticed: 'the timer looks at both ports every 60 ms, whatever their lines say',
    steps: 'served by the timer; from the first miss on in every turn',
    make: (home, side) => {
      const at = now(home);
      const heal = deafLine(home.rig, side);
      home.live(second);
      heal();
      return at;
    },
    counters: ['interrupt-missed'],
    resets: 0,
    limit: 70,
    why: 'three turns, and the frames before; nothing is lost',
  },
  {
    name: 'SEND that never completes',
    noticed: 'TX_FSR is not full after 64 looks, by the next frame or by the look at health',
    steps: '3. chip set up anew',
    make: (home, side) =>
      sudden(home, () => {
        const faults = home.rig.faults[side];
        faults.completionLoss = 1;
        home.live(10_000);
        faults.completionLoss = 0;
      }),
    counters: ['transmit-stuck', 'chip-restarted'],
    resets: 0,
    limit: 250,
    why: 'one look',
  },
  {
    name: 'SEND that wedges the transmitter until a reset',
    noticed: 'the same, and again within a second',
    steps: '3. chip set up anew; 4. reset',
    make: (home, side) => sudden(home, () => (home.rig.faults[side].wedgeNextSend = true)),
    counters: ['transmit-stuck', 'chip-restarted', 'chip-reset'],
    resets: 1,
    limit: 650,
    why: 'three looks and 12 ms of reset',
  },
  {
    name: 'receive ring out of step: an impossible length',
    noticed: 'the length header is less than 62, more than 1524 or more than there is',
    steps: 'read again, 10 times; 1. ring emptied',
    make: (home, side) => sudden(home, () => (home.rig.faults[side].nextLengthHeader = 0xffff)),
    counters: ['torn-read', 'desynchronised'],
    resets: 0,
    limit: 60,
    why: 'ten looks take two turns',
  },
  {
    name: 'receive ring out of step every 50 ms for 0.6 s',
    noticed: 'the ring is lost a fourth time within a second',
    steps: '1. ring emptied, three times; 3. chip set up anew; 4. reset',
    make: (home, side) => {
      for (let i = 0; i < 12; i++) {
        home.rig.faults[side].nextLengthHeader = 3;
        home.live(50_000);
      }
      home.rig.faults[side].nextLengthHeader = null;
      return now(home);
    },
    counters: ['desynchronised', 'chip-restarted', 'chip-reset'],
    resets: 1,
    limit: 250,
    why: 'one look',
  },
  {
    name: 'RX_RD that arrives wrong, the chip deaf',
    noticed: 'RSR is not what there is to read, at two looks',
    steps: '3. chip set up anew',
    make: (home, side) => sudden(home, () => moveReadPointer(home.rig, side)),
    counters: ['settings-lost', 'chip-restarted'],
    resets: 0,
    limit: 450,
    why: 'two looks',
  },
  {
    name: 'brown-out of a chip, which forgets everything',
    noticed: 'canary, MAC address, MR, SIMR or PHYCFGR are not as set, at two looks',
    steps: '3. chip set up anew',
    make: (home, side) =>
      sudden(home, () => {
        home.rig.chips[side].setReset(true);
        home.live(10_000);
        home.rig.chips[side].setReset(false);
      }),
    counters: ['settings-lost', 'chip-restarted'],
    // The brown-out itself.
    resets: 1,
    limit: 450,
    why: 'two looks: one may be a flipped bit',
  },
  {
    name: 'a register that changes by itself (MAC address)',
    noticed: 'the same',
    steps: '3. chip set up anew',
    make: (home, side) => sudden(home, () => poke(home.rig, side, 0x00, 0x09, 0x04, 0x03)),
    counters: ['settings-lost', 'chip-restarted'],
    resets: 0,
    limit: 450,
    why: 'two looks',
  },
  {
    name: 'a command that the chip never takes',
    noticed: 'a pointer is not ours, or RSR not what there is; setting it up times out',
    steps: '3. chip set up anew, in vain; 4. reset',
    make: (home, side) => sudden(home, () => (home.rig.faults[side].stickNextCommand = true)),
    counters: ['settings-lost', 'command-timeout', 'chip-reset'],
    resets: 1,
    limit: 500,
    why: 'two looks and 12 ms of reset',
  },
  {
    name: 'dead SPI for a second: MISO low',
    noticed: 'VERSIONR is not 4, at two looks',
    steps: '4. reset; then a look every 200 ms whether it answers',
    make: (home, side) => deadBus(home, side, 0x00),
    counters: ['chip-silent', 'chip-reset'],
    resets: 1,
    limit: 250,
    why: 'one look',
  },
  {
    name: 'dead SPI for a second: MISO high',
    noticed: 'the same',
    steps: 'the same',
    make: (home, side) => deadBus(home, side, 0xff),
    counters: ['chip-silent', 'chip-reset'],
    resets: 1,
    limit: 250,
    why: 'one look',
  },
];

function deadBus(home: Household, side: Side, level: 0x00 | 0xff): number {
  return lasting(
    home,
    second,
    () => (home.rig.faults[side].stuckMiso = level),
    () => (home.rig.faults[side].stuckMiso = null),
  );
}
