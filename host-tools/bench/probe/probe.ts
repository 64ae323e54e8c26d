/*
 * The prober's way through its measurements: direct first, then through the public address, then whatever helps to
 * tell failures apart. Measures and reports; what it means is the judge's business. Traffic is bounded: some dozens
 * of connections and datagrams, and `throughputBytes` each way.
 */
import type { Endpoint } from '../endpoint.ts';
import { askOutside } from '../outside.ts';
import type {
  GatewayWord,
  Measurements,
  TcpMeasurements,
  TcpTry,
  UdpMeasurements,
  UdpTry,
} from '../measurements.ts';
import { newNonce } from '../protocol.ts';
import { tryFirstHop } from './first-hop.ts';
import { nearlyAll } from '../judge/rules.ts';
import { ownInterfaces, networkOf } from './own-network.ts';
import { pause, paceFor, spread, type Pace } from './pace.ts';
import { isRouterThere } from './router-there.ts';
import { printsOf } from './service.ts';
import { StrayWatch } from './stray-watch.ts';
import { holdTcp, measureThroughput, recall, tryTcp } from './tcp.ts';
import { asks, holdUdp } from './udp.ts';

export interface ProbeSetting {
  public: Endpoint;
  /** The name HTTP and TLS are asked for: what the person typed. */
  publicName: string;
  server: Endpoint | null;
  outside: Endpoint | null;
  protocols: readonly ('tcp' | 'udp')[];
  client: string;
  gateway: string | null;
  gatewayWord: GatewayWord;
  /** How long a mapping is left alone, in seconds. */
  hold: number;
  /** Moved each way to measure throughput; 0 leaves that out. */
  throughputBytes: number;
  /** Hears what is being done. */
  onStep?: (step: string) => void;
}

const DIRECT_TRIES = 4;
/** Connections of one round through the public address, and UDP questions. */
const TCP_TRIES = 6;
const UDP_TRIES = 8;
/** Of these, what a failure is asked again with connected sockets, which hear of refusals. */
const UDP_REFUSAL_TRIES = 4;
const HELD = { through: 4, direct: 2 };
const SERVICE_SAMPLES = 3;
/** Between the rounds that must agree before something is called broken, ms. */
const ROUND_PAUSE = 500;
const MOST_ROUNDS = 3;
/** UDP questions are numbered; those of one round differ from those of another. */
const NUMBERS_A_ROUND = 20;
/** Between two connections of a round, ms. */
const TCP_SPREAD = 20;
/** Longest time for one throughput measurement, ms. */
const THROUGHPUT_TIME = 2000;

class Probe {
  private readonly nonce = newNonce();
  private readonly self: boolean;
  /** Loopback as source towards this host itself: never a packet whose source is its destination. */
  private readonly directFrom: string | undefined;
  private pace: Pace = paceFor([]);
  /** Local ports from which the server was asked directly. */
  private readonly directPorts = { tcp: new Set<number>(), udp: new Set<number>() };

  constructor(private readonly setting: ProbeSetting) {
    this.self = ownInterfaces().some(({ address }) => address === setting.server?.address);
    this.directFrom = this.self && process.platform === 'linux' ? '127.0.0.1' : undefined;
  }

  private step(text: string): void {
    this.setting.onStep?.(text);
  }

  async run(): Promise<Measurements> {
    const { setting } = this;
    const strayWatch = await StrayWatch.open(setting.public);
    try {
      const directTcp = await this.directTcp();
      const responder = directTcp?.find((tried) => tried.end === 'responder')?.id ?? null;
      const isService = responder === null && directTcp?.some(({ end }) => end === 'other') === true;
      this.step(`asking ${setting.public.address}:${setting.public.port}, the public address, from here`);
      const [tcp, udp] = await Promise.all([
        setting.protocols.includes('tcp') ? this.tcp(directTcp, responder, isService) : null,
        this.udpUnlessService(isService),
      ]);
      const isThere = await this.routerIsThere(tcp, udp);
      const outside =
        setting.outside &&
        (await askOutside(setting.outside, setting.public.port, setting.protocols, this.nonce));
      const recalled =
        responder !== null ? await recall(setting.server!, this.nonce, this.pace, this.directFrom) : null;
      const used = [tcp, udp].flatMap((one) =>
        one && 'through' in one ? one.through.flat().map(({ localPort }) => localPort) : [],
      );
      return {
        public: setting.public,
        server: setting.server,
        self: this.self,
        client: setting.client,
        lan: networkOf(setting.client, ownInterfaces()),
        gateway: setting.gateway,
        gatewayIsThere: isThere,
        gatewayWord: setting.gatewayWord,
        tcp,
        udp,
        recall: recalled,
        strays: strayWatch.towards(new Set(used)),
        outside,
        numbers: await this.numbers(directTcp, tcp),
      };
    } finally {
      strayWatch.close();
    }
  }

  /** Null where something came back, or the router has spoken: then there is no question. */
  private async routerIsThere(
    tcp: TcpMeasurements | null,
    udp: Measurements['udp'],
  ): Promise<boolean | null> {
    const { gateway, gatewayWord } = this.setting;
    if (gateway === null || gatewayWord.said === 'address') return null;
    const tries = [tcp, udp].flatMap((one): readonly { end: string }[] =>
      one && 'through' in one ? one.through.flat() : [],
    );
    if (!tries.every(({ end }) => end === 'silent' || end === 'unreachable')) return null;
    this.step(`seeing whether the router ${gateway} is there at all`);
    return isRouterThere(gateway);
  }

  private directly<T extends { localPort: number }>(protocol: 'tcp' | 'udp', tries: T[]): T[] {
    for (const { localPort } of tries) this.directPorts[protocol].add(localPort);
    return tries;
  }

  /** Forgets the port of a try from which the server was asked directly as well: what is seen of it proves nothing. */
  private apart<T extends { localPort: number }>(protocol: 'tcp' | 'udp', rounds: T[][]): T[][] {
    const used = this.directPorts[protocol];
    return rounds.map((round) =>
      round.map((tried) => (used.has(tried.localPort) ? { ...tried, localPort: 0 } : tried)),
    );
  }

  private async directTcp(): Promise<TcpTry[] | null> {
    const { server } = this.setting;
    if (!server) return null;
    this.step(`asking ${server.address}:${server.port}, the server's own address`);
    const options = { nonce: this.nonce, from: this.directFrom };
    const round = async () =>
      this.directly('tcp', await spread(DIRECT_TRIES, TCP_SPREAD, () => tryTcp(server, this.pace, options)));
    let tries = await round();
    if (handshakesOf(tries).length < DIRECT_TRIES) {
      await pause(ROUND_PAUSE);
      tries = await round();
    }
    this.pace = paceFor(handshakesOf(tries));
    return tries;
  }

  private async tcp(
    direct: TcpTry[] | null,
    id: string | null,
    isService: boolean,
  ): Promise<TcpMeasurements> {
    const target = this.setting.public;
    const fine = (tried: TcpTry) =>
      tried.end === 'responder'
        ? tried.confirmed && (id === null || tried.id === id)
        : isService && tried.end === 'other';
    const wait = isService ? { ...this.pace, greeting: 0 } : this.pace;
    const round = () => spread(TCP_TRIES, TCP_SPREAD, () => tryTcp(target, wait, { nonce: this.nonce }));
    const through = this.apart('tcp', await untilAgreed(round, fine));
    const all = through.slice(-2).flat();
    const connected = all.some((tried) => tried.end === 'other' || tried.end === 'responder');
    const works = all.filter(fine).length * 2 > all.length;
    const meetsOther = connected && (isService || all.some((tried) => tried.end === 'other'));
    const [firstHop, service, held] = await Promise.all([
      works && !isService ? null : tryFirstHop(target),
      meetsOther ? this.prints() : null,
      works && !isService ? this.holdTcp() : null,
    ]);
    return { direct, through, firstHop, service, held };
  }

  private async prints(): Promise<TcpMeasurements['service']> {
    const { setting, pace } = this;
    this.step('comparing what the service says there and here');
    const prints = (target: Endpoint | null, samples: number, from?: string) =>
      target ? printsOf({ target, host: setting.publicName, pace, from }, samples) : [];
    const gateway = setting.gateway ? { address: setting.gateway, port: setting.public.port } : null;
    const [direct, through, own] = await Promise.all([
      prints(setting.server, SERVICE_SAMPLES, this.directFrom),
      prints(setting.public, SERVICE_SAMPLES),
      prints(gateway, 1),
    ]);
    return { direct, through, gateway: own };
  }

  private async holdTcp(): Promise<TcpMeasurements['held']> {
    const { public: target, server, hold: seconds } = this.setting;
    const held = (to: Endpoint, count: number, from?: string) =>
      spread(count, TCP_SPREAD, () => holdTcp(to, seconds, this.nonce, this.pace, from));
    this.step(`leaving connections alone for ${seconds} s, to see whether they last`);
    const [through, direct] = await Promise.all([
      held(target, HELD.through),
      server ? held(server, HELD.direct, this.directFrom) : [],
    ]);
    return { seconds, through, direct };
  }

  private async udpUnlessService(isService: boolean): Promise<Measurements['udp']> {
    if (!this.setting.protocols.includes('udp')) return null;
    if (!isService) return this.udp();
    return { skipped: 'over UDP only the responder can be asked, and the port belongs to a real service' };
  }

  private async udp(): Promise<UdpMeasurements> {
    const { public: target, server, hold: seconds } = this.setting;
    const { nonce, pace, directFrom } = this;
    const fine = ({ end }: UdpTry) => end === 'answered';
    const direct = server
      ? (
          await untilAgreed(
            async (number) => this.directly('udp', await this.ask(server, 100 + number, directFrom)),
            fine,
          )
        ).at(-1)!
      : null;
    const through = this.apart('udp', await untilAgreed((number) => this.ask(target, 200 + number), fine));
    const answered = through.slice(-2).flat().filter(fine).length;
    const refusals =
      answered === 0
        ? await asks({ target, nonce, count: UDP_REFUSAL_TRIES, pace, first: 400, connected: true })
        : [];
    if (answered < UDP_TRIES / 2) return { direct, through, refusals, held: null };
    const [heldThrough, heldDirect] = await Promise.all([
      holdUdp({ target, nonce, count: HELD.through, pace, first: 500 }, seconds),
      server
        ? holdUdp({ target: server, nonce, count: HELD.direct, pace, first: 600, from: directFrom }, seconds)
        : [],
    ]);
    return { direct, through, refusals, held: { seconds, through: heldThrough, direct: heldDirect } };
  }

  private ask(target: Endpoint, first: number, from?: string): Promise<UdpTry[]> {
    return asks({ target, nonce: this.nonce, count: UDP_TRIES, pace: this.pace, first, from });
  }

  private async numbers(
    direct: TcpTry[] | null,
    tcp: TcpMeasurements | null,
  ): Promise<Measurements['numbers']> {
    const { setting } = this;
    const throughTries = tcp?.through.flat() ?? [];
    const throughput = async (target: Endpoint | null, tries: readonly TcpTry[], from?: string) => {
      if (!target || setting.throughputBytes === 0) return null;
      if (!tries.some(({ end }) => end === 'responder')) return null;
      this.step(`measuring throughput from ${target.address}`);
      const { throughputBytes: bytes } = setting;
      return measureThroughput(target, bytes, THROUGHPUT_TIME, this.nonce, this.pace, from);
    };
    return {
      direct: direct && {
        handshakes: handshakesOf(direct),
        throughput: await throughput(setting.server, direct, this.directFrom),
      },
      through: {
        handshakes: handshakesOf(throughTries),
        throughput: await throughput(setting.public, throughTries),
      },
    };
  }
}

/**
 * Rounds of tries: one if all went well; else two; and a third where the first two differ, since the first may have
 * met a host or router that was not awake yet (its address not known, its radio asleep). The last two then count.
 */
async function untilAgreed<T>(
  round: (number: number) => Promise<T[]>,
  fine: (one: T) => boolean,
): Promise<T[][]> {
  const rounds: T[][] = [];
  for (let turn = 0; turn < MOST_ROUNDS; turn++) {
    if (turn > 0) await pause(ROUND_PAUSE);
    rounds.push(await round(turn * NUMBERS_A_ROUND));
    const all = rounds.flat();
    const count = all.filter(fine).length;
    if (turn === 0 ? count === all.length : count === 0 || nearlyAll(count, all.length)) break;
  }
  return rounds;
}

function handshakesOf(tries: readonly TcpTry[]): number[] {
  return tries.flatMap((tried) => ('handshake' in tried ? [tried.handshake] : []));
}

/** Measures everything that can be measured from here. */
export function probe(setting: ProbeSetting): Promise<Measurements> {
  return new Probe(setting).run();
}
