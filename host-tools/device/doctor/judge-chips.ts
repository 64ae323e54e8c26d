/*
 * What is wrong with the two modules and their wires: the probe's facts in, findings out. Pure. Silence is judged by
 * the table of signatures; a module that answers goes on to its clock, its reset and interrupt lines and its link.
 */
import {
  allRight,
  type BoardWiring,
  type ChipFacts,
  type ChipName,
  chipNames,
  ladderHertz,
  type ProbeFacts,
  type WireOfChip,
} from './facts.ts';
import type { Finding } from './findings.ts';
import { judgeLines } from './judge-lines.ts';
import { busWires, type Names, type Signature, signatures } from './signatures.ts';
import { capital, megahertz, moduleName, wireNames } from './words.ts';
import { type Signs, signsOf } from './signs.ts';

export function judgeChips(facts: ProbeFacts, wiring: BoardWiring): Finding[] {
  const signs = {
    wan: signsOf(facts.wan, wiring.wan),
    lan: signsOf(facts.lan, wiring.lan),
  };
  const isDisturbed = (name: ChipName) => isSelectedAlways(signs[name === 'wan' ? 'lan' : 'wan'], wiring);
  const answering = chipNames.filter((name) => signs[name].answers && !isDisturbed(name));
  return [
    ...judgeAnswers(facts, wiring, signs),
    ...chipNames.flatMap((name) =>
      answering.includes(name) ? judgeClock(name, facts[name], wiring) : [notAsked('clock', name)],
    ),
    ...judgeLines(facts, wiring, signs, answering),
    ...chipNames.flatMap((name) =>
      answering.includes(name) ? judgeLink(name, facts) : [notAsked('links', name)],
    ),
  ];
}

function notAsked(step: Finding['step'], chip: ChipName): Finding {
  return { step, chip, verdict: 'unknown', sentence: `Not looked at: ${moduleName(chip)} does not answer.` };
}

/** Which signature each chip has, if any; one that both have because of what they share is told once. */
function judgeAnswers(facts: ProbeFacts, wiring: BoardWiring, signs: Record<ChipName, Signs>): Finding[] {
  const fits = (name: ChipName) => signatures.find((signature) => signature.fits(signs[name]));
  const [wan, lan] = [fits('wan'), fits('lan')];
  const isCrossed = signs.wan.answersWith?.includes('.') && signs.lan.answersWith?.includes('.');
  if (wan && wan === lan && (isCrossed || isShared(wan, wiring)))
    return [findingOf(wan, undefined, namesOf(facts, wiring, 'wan', 'both modules', signs.wan))];
  return chipNames.map((name) => {
    const signature = name === 'wan' ? wan : lan;
    const other: ChipName = name === 'wan' ? 'lan' : 'wan';
    if (isSelectedAlways(signs[other], wiring))
      return {
        step: 'chips',
        chip: name,
        verdict: 'unknown',
        sentence: `${capital(moduleName(name))} cannot be heard while ${moduleName(other)} is selected all the time.`,
      };
    if (signature)
      return findingOf(signature, name, namesOf(facts, wiring, name, moduleName(name), signs[name]));
    return {
      step: 'chips',
      chip: name,
      verdict: 'ok',
      sentence: `The ${name.toUpperCase()} module answers as a W5500 (version 4, ${facts[name].reads.length} times).`,
    };
  });
}

/** Whether a chip talks into everything that the other one says. */
function isSelectedAlways({ rest }: Signs, wiring: BoardWiring): boolean {
  return rest.select === 'low' && wiring.wan.pins.miso === wiring.lan.pins.miso;
}

/** Whether one fault can give both modules this signature: a wire of a shared bus, power, or the supply. */
function isShared({ id }: Signature, wiring: BoardWiring): boolean {
  if (id === 'no-power') return true;
  const wire = busWires.find((each) => id.startsWith(each)) ?? 'miso';
  return wiring.wan.pins[wire] === wiring.lan.pins[wire] && id !== 'select-open';
}

function findingOf(signature: Signature, chip: ChipName | undefined, names: Names): Finding {
  const isLine = /-(low|high)$/.test(signature.id);
  return {
    step: isLine ? 'wires' : 'chips',
    chip,
    verdict: 'bad',
    id: signature.id,
    sentence: capital(signature.sentence(names)),
    cause: capital(signature.cause(names)),
    remedy: signature.remedy(names),
  };
}

function namesOf(
  facts: ProbeFacts,
  wiring: BoardWiring,
  name: ChipName,
  who: string,
  { always, answersWith }: Signs,
): Names {
  const { pins } = wiring[name];
  return {
    who,
    verb: (singular, plural) => (who === 'both modules' ? plural : singular),
    pin: pins,
    reading:
      always === undefined
        ? `its version register reads ${facts[name].reads.map((read) => hex(read[3])).join(' ')}`
        : `every byte reads ${hex(always)}`,
    exchanged: answersWith === undefined ? '' : exchangeText(answersWith, wiring, name),
  };
}

function hex(byte: number): string {
  return `0x${byte.toString(16).padStart(2, '0')}`;
}

/** "miso mosi" as "MISO (D19) and MOSI (D23)"; "select lan.select" names the other module's. */
function exchangeText(exchanged: string, wiring: BoardWiring, name: ChipName): string {
  return exchanged
    .split(' ')
    .map((wire) => {
      const [chip, line] = wire.includes('.')
        ? (wire.split('.') as [ChipName, WireOfChip])
        : [name, wire as WireOfChip];
      const whose = wire.includes('.') ? ` of ${moduleName(chip)}` : '';
      return `${wireNames[line]}${whose} (${wiring[chip].pins[line]})`;
    })
    .join(' and ');
}

function judgeClock(name: ChipName, chip: ChipFacts, wiring: BoardWiring): Finding[] {
  const asked = wiring[name].hertz;
  const clean = (hertz: number) => chip.ladder.some((step) => step.hertz === hertz && step.wrong === 0);
  const failed = ladderHertz.find((hertz) => !clean(hertz));
  const highest = ladderHertz.filter((hertz) => failed === undefined || hertz < failed).at(-1);
  const who = capital(moduleName(name));
  const common = { step: 'clock' as const, chip: name };
  if (failed === undefined || failed > asked) {
    const margin = failed === undefined ? '' : `; at ${megahertz(failed)} there are wrong bits`;
    return [
      {
        ...common,
        verdict: 'ok',
        sentence: `${who} is read and written without a wrong bit at ${megahertz(asked)}${margin}.`,
      },
    ];
  }
  const { wrong, bits } = chip.ladder.find(({ hertz }) => hertz === failed)!;
  const first = `${who} gives ${wrong} wrong bits of ${bits} at ${megahertz(failed)}`;
  if (highest === undefined)
    return [
      {
        ...common,
        verdict: 'bad',
        id: 'unsteady',
        sentence: `${first}, the slowest clock.`,
        cause: 'A wire is loose or much too long, or ground is missing between board and module.',
        remedy: `Press every plug of ${moduleName(name)} home, run a ground wire beside the clock, and keep wires shorter than a hand.`,
      },
    ];
  return [
    {
      ...common,
      verdict: 'bad',
      id: 'clock',
      sentence: `${first}, and board.json asks for ${megahertz(asked)}.`,
      cause: 'The clock is too fast for these wires.',
      remedy: `Set hertz to ${highest} in board.json, or use shorter wires with a ground wire beside them.`,
    },
  ];
}

/** PHYCFGR (data sheet 4.1). */
const phyLink = 1;
const phy100 = 2;
const phyFull = 4;

function judgeLink(name: ChipName, facts: ProbeFacts): Finding[] {
  const phy = facts[name].phy ?? 0;
  const other: ChipName = name === 'wan' ? 'lan' : 'wan';
  const common = { step: 'links' as const, chip: name };
  if (phy & phyLink) {
    const speed = phy & phy100 ? 100 : 10;
    const duplex = phy & phyFull ? 'full' : 'half';
    return [
      {
        ...common,
        verdict: duplex === 'full' ? 'ok' : 'warn',
        sentence: `The ${name.toUpperCase()} cable has a link: ${speed} Mbit/s, ${duplex} duplex.`,
        ...(duplex === 'half' && {
          cause: 'The far side is set to a fixed speed, or is a hub.',
          remedy: 'Set the port of the switch to autonegotiation.',
        }),
      },
    ];
  }
  const crossed =
    allRight(facts[other].reads) && ((facts[other].phy ?? 0) & phyLink) === 1
      ? ` If the cable is in the other socket: what is wired as ${other.toUpperCase()} has a link.`
      : '';
  return [
    {
      ...common,
      verdict: 'warn',
      sentence: `The ${name.toUpperCase()} module sees no cable.`,
      cause: 'No cable, or nothing that is switched on at its other end.',
      remedy: `Plug a cable into ${moduleName(name)}; its lamp must light.${crossed}`,
    },
  ];
}
