/*
 * Plays the three scenes in a lab, real or scripted, and has each one told and judged. Measures and asks; prints
 * and writes nothing.
 *
 * All on one boot of the router: between the scenes only one forward's `hairpin` changes.
 */
import {
  CAST,
  type ConnectResult,
  type Host,
  type HttpResult,
  type Lab,
  type LabFrame,
  type PingResult,
  type UdpResult,
} from './lab.ts';
import {
  both,
  judgeSameBoot,
  judgeSilent,
  judgeWorking,
  type BootEvidence,
  type Probe,
  type Verdict,
} from './judge.ts';
import { storyOf, type Story } from './story.ts';

/** What the hosts reported in a scene. */
export interface Measured {
  connect: ConnectResult;
  http?: HttpResult;
  echo?: { sent: string; result: UdpResult };
  pings?: { target: string; result: PingResult }[];
  probes?: Probe[];
}

/** A scene that has been played. */
export interface PlayedScene {
  number: 1 | 2 | 3;
  title: string;
  story: Story;
  verdict: Verdict;
  measured: Measured;
  frames: LabFrame[];
  /** How long it took on the hosts' side, from the wall clock. */
  milliseconds: number;
}

/** The forward the scenes are about; its name in hairpin.json. */
const forward = 'smtp';
/** How long a client has to hear nothing in scene 2, in milliseconds: its SYN is repeated after 1 s and 3 s. */
const patience = 4000;
/** What may still be under way when the last promise of a scene has been kept, in milliseconds. */
const afterglow = 300;
/** For everything that has to be answered, in milliseconds. */
const soon = 3000;
/** For the whole body over HTTP, in milliseconds. */
const download = 20_000;
/** For links and chips to come up, in milliseconds. */
const bootTime = 5000;

/** Plays all scenes; `onScene` hears of each as soon as it is judged. Rejects only if the lab itself fails. */
export async function playScenes(lab: Lab, onScene: (scene: PlayedScene) => void): Promise<PlayedScene[]> {
  const scenes: PlayedScene[] = [];
  const done = (scene: PlayedScene): void => {
    scenes.push(scene);
    onScene(scene);
  };
  await waitForLinks(lab);
  done(await fromTheInternet(lab));
  await ask(lab, `set forward ${forward} hairpin dnat-only`);
  const mistaken = await bootEvidence(lab);
  done(await fromTheLanForwardedOnly(lab));
  await ask(lab, `set forward ${forward} hairpin external`);
  done(await fromTheLanHairpinned(lab, mistaken));
  return scenes;
}

function fromTheInternet(lab: Lab): Promise<PlayedScene> {
  return scene(lab, 1, 'from the Internet', async () => {
    const measured = await useEverything(lab, lab.internet, [CAST.P.address]);
    // One router lies between I and P's port in some labs; a router answers for itself whatever the TTL.
    measured.probes = [await probe(lab.internet, CAST.P.address, 2, 'reached', CAST.P.address)];
    return {
      measured,
      judge: (story) =>
        judgeWorking({ server: lab.server, expectedSource: CAST.I.address, story, ...measured }),
    };
  });
}

function fromTheLanForwardedOnly(lab: Lab): Promise<PlayedScene> {
  return scene(lab, 2, 'from the LAN, only the destination rewritten (the mistake)', async () => {
    const connect = await lab.client.connect(CAST.P.address, lab.server.greetingPort, patience);
    return {
      measured: { connect },
      judge: (story, frames) => judgeSilent({ server: lab.server, story, connect, patience, frames }),
    };
  });
}

function fromTheLanHairpinned(lab: Lab, before: BootEvidence): Promise<PlayedScene> {
  return scene(lab, 3, 'from the LAN, the source rewritten too (the hairpin)', async () => {
    const measured = await useEverything(lab, lab.client, [CAST.R.address, CAST.P.address, CAST.I.address]);
    measured.probes = [
      await probe(lab.client, CAST.P.address, 1, 'reached', CAST.P.address),
      await probe(lab.client, CAST.I.address, 1, 'exceeded', CAST.R.address),
      await probe(lab.client, CAST.I.address, 3, 'reached', CAST.I.address),
    ];
    const after = await bootEvidence(lab);
    return {
      measured,
      judge: (story) =>
        both(
          judgeWorking({ server: lab.server, expectedSource: CAST.P.address, story, ...measured }),
          judgeSameBoot(before, after, Math.floor(patience / 1000) - 1),
        ),
    };
  });
}

/** Every service of the server, through P. */
async function useEverything(lab: Lab, host: Host, pinged: string[]): Promise<Required<Measured>> {
  const { greetingPort, httpPort, echoPort } = lab.server;
  const connect = await host.connect(CAST.P.address, greetingPort, soon);
  const http = await host.httpGet(CAST.P.address, httpPort, '/8mb', download);
  const sent = `a word from ${host.name}`;
  const echo = { sent, result: await host.udpEcho(CAST.P.address, echoPort, sent, soon) };
  const pings: { target: string; result: PingResult }[] = [];
  for (const target of pinged) pings.push({ target, result: await host.ping(target, 2, soon) });
  return { connect, http, echo, pings, probes: [] };
}

async function probe(
  host: Host,
  target: string,
  ttl: number,
  outcome: 'reached' | 'exceeded',
  from: string,
): Promise<Probe> {
  return { target, ttl, expected: { outcome, from }, result: await host.ttlProbe(target, ttl, soon) };
}

/** Plays, waits for what is still on the wires, tells and judges. */
async function scene(
  lab: Lab,
  number: PlayedScene['number'],
  title: string,
  play: () => Promise<{ measured: Measured; judge: (story: Story, frames: LabFrame[]) => Verdict }>,
): Promise<PlayedScene> {
  const before = lab.frames().length;
  const begin = performance.now();
  const { measured, judge } = await play();
  const milliseconds = performance.now() - begin;
  await lab.settle(afterglow);
  const frames = lab.frames().slice(before);
  const story = storyOf(frames, { protocol: 'tcp', port: lab.server.greetingPort });
  return { number, title, story, verdict: judge(story, frames), measured, frames, milliseconds };
}

async function waitForLinks(lab: Lab): Promise<void> {
  const step = 50;
  for (let waited = 0; ; waited += step) {
    const { wan, lan } = await ask(lab, 'status');
    if ((wan as { link: boolean }).link && (lan as { link: boolean }).link) return;
    if (waited >= bootTime)
      throw new Error(`The router's links did not come up within ${bootTime / 1000} s.`);
    await lab.settle(step);
  }
}

async function bootEvidence(lab: Lab): Promise<BootEvidence> {
  const { config } = await ask(lab, 'config');
  return { status: await ask(lab, 'status'), config };
}

async function ask(lab: Lab, line: string): Promise<Record<string, unknown>> {
  const answer = JSON.parse(await lab.hairpin(line)) as Record<string, unknown>;
  if (answer.ok !== true) throw new Error(`The router refused "${line}": ${String(answer.error)}`);
  return answer;
}
