/*
 * `hairpin bench probe`: checks what was asked for, measures, judges, reports. Arguments first, then the network's
 * own answers, and nothing is sent to the public address before it is known to be ours.
 */
import { writeFileSync } from 'node:fs';
import { verdictTinted } from '../cli/colour.ts';
import { hairpinCommand } from '../cli/package-root.ts';
import { fileTrouble, unwritable } from '../cli/file-trouble.ts';
import { untilInterrupted } from '../cli/interruption.ts';
import { UserError } from '../cli/user-error.ts';
import { parseEndpoint, resolve, type Endpoint, type NamedEndpoint } from './endpoint.ts';
import { askGateway, requireMine } from './gateway/mine.ts';
import { defaultGateway, ownAddressTowards } from './gateway/default-gateway.ts';
import { judge } from './judge/judge.ts';
import type { GatewayWord } from './measurements.ts';
import { ownInterfaces } from './probe/own-network.ts';
import { probe, type ProbeSetting } from './probe/probe.ts';
import { LONGEST_DELAY } from './protocol.ts';
import { benchResult } from './report/json.ts';
import { reportHtml } from './report/html.ts';
import { buildReport } from './report/report.ts';
import { reportText } from './report/text.ts';

export interface ProbeOptions {
  public: string;
  server?: string;
  outside?: string;
  proto: string;
  mine: boolean;
  hold: string;
  json: boolean;
  html?: string;
}

/** Moved each way to measure throughput, in bytes. */
const THROUGHPUT_BYTES = 4 * 1024 * 1024;

interface Arguments {
  public: NamedEndpoint;
  server: NamedEndpoint | null;
  outside: NamedEndpoint | null;
  protocols: readonly ('tcp' | 'udp')[];
  hold: number;
}

const PROTOCOLS: Record<string, readonly ('tcp' | 'udp')[]> = {
  tcp: ['tcp'],
  udp: ['udp'],
  both: ['tcp', 'udp'],
};

function checkArguments(options: ProbeOptions): Arguments {
  const protocols = Object.hasOwn(PROTOCOLS, options.proto) ? PROTOCOLS[options.proto] : null;
  if (!protocols) throw new UserError(`--proto wants tcp, udp or both, but got '${options.proto}'.`);
  const hold = /^\d{1,3}$/.test(options.hold) ? Number(options.hold) : 0;
  const longest = LONGEST_DELAY / 1000;
  if (hold < 1 || hold > longest)
    throw new UserError(`--hold wants seconds from 1 to ${longest}, but got '${options.hold}'.`);
  return {
    public: parseEndpoint(options.public, '--public'),
    server: options.server === undefined ? null : parseEndpoint(options.server, '--server'),
    outside: options.outside === undefined ? null : parseEndpoint(options.outside, '--outside'),
    protocols,
    hold,
  };
}

/** Refuses what cannot be a public address seen from inside: then there would be nothing to measure. */
function checkAddresses(there: Endpoint, server: Endpoint | null, typed: NamedEndpoint): void {
  if (ownInterfaces().some(({ address }) => address === there.address))
    throw new UserError(
      `${there.address} is an address of this host itself, so nothing would pass the router. ` +
        'Run this on a client in the LAN.',
    );
  if (server && server.address === there.address)
    throw new UserError(
      typed.name === there.address
        ? `--public and --server both name ${there.address}; --server wants the server's own address in the LAN.`
        : `The name '${typed.name}' leads to the server's own address ${there.address} in this LAN: its name ` +
            'server already leads clients around the router, and they need no hairpin NAT.',
    );
}

async function readSetting(options: ProbeOptions, say: (line: string) => void): Promise<ProbeSetting> {
  const typed = checkArguments(options);
  checkHtmlPlace(options.html);
  const there = await resolve(typed.public, '--public');
  const server = typed.server && (await resolve(typed.server, '--server'));
  const outside = typed.outside && (await resolve(typed.outside, '--outside'));
  checkAddresses(there, server, typed.public);
  const client = await ownAddressTowards(server?.address ?? there.address);
  if (client === null) throw new UserError(`This host has no route to ${(server ?? there).address}.`);
  const gateway = await defaultGateway();
  let gatewayWord: GatewayWord = { said: 'not asked' };
  if (!options.mine) {
    say(`asking the router ${gateway ?? '(none is known)'} for its public address`);
    gatewayWord = await askGateway(gateway);
    requireMine(there.address, gateway, gatewayWord);
  }
  return {
    public: there,
    publicName: typed.public.name,
    server,
    outside,
    protocols: typed.protocols,
    client,
    gateway,
    gatewayWord,
    hold: typed.hold,
    throughputBytes: THROUGHPUT_BYTES,
    onStep: say,
  };
}

/** Better now than after the measurement. */
function checkHtmlPlace(file: string | undefined): void {
  const trouble = file === undefined ? null : unwritable(file);
  if (trouble !== null) throw new UserError(`The report cannot be written to '${file}': ${trouble}.`);
}

/** After the report is on the terminal: a disk that has become full must not cost the measurement. */
function writePage(file: string, page: string): void {
  try {
    writeFileSync(file, page);
  } catch (error) {
    throw new UserError(`The report cannot be written to '${file}': ${fileTrouble(error)}.`);
  }
}

/** The command to be repeated as root, who on Linux sees more. */
function rootCommand(options: ProbeOptions): string | null {
  if (process.platform !== 'linux') return null;
  const words = [`sudo ${hairpinCommand} bench probe`, '--public', options.public];
  if (options.server !== undefined) words.push('--server', options.server);
  if (options.proto !== 'both') words.push('--proto', options.proto);
  if (options.mine) words.push('--mine');
  return words.join(' ');
}

/**
 * Probes once. Resolves with the exit code: 0 it works, 1 it does not, 3 not known. Rejects with a UserError where
 * the arguments or the network leave nothing to probe.
 */
export async function runProbe(options: ProbeOptions): Promise<number> {
  const say = (line: string) => {
    if (!options.json && process.stderr.isTTY) process.stderr.write(`... ${line}\n`);
  };
  return untilInterrupted(
    async () => {
      const measurements = await probe(await readSetting(options, say));
      const judgement = judge(measurements);
      const report = buildReport({ measurements, judgement, asRoot: rootCommand(options) });
      if (options.json)
        process.stdout.write(JSON.stringify(benchResult(report, judgement, measurements), null, 2) + '\n');
      else {
        const tint = judgement.exitCode === 0 ? 'good' : judgement.exitCode === 1 ? 'bad' : 'open';
        const text = reportText(report, judgement, measurements);
        process.stdout.write(verdictTinted(text, tint, process.stdout) + '\n');
      }
      if (options.html !== undefined)
        writePage(options.html, reportHtml(report, judgement, measurements, new Date()));
      return judgement.exitCode;
    },
    async () => {},
    async () => {},
  );
}
