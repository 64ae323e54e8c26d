/*
 * Reset and interrupt lines of the modules that answer: what a pulse on each line resets, which line each interrupt
 * moves. From both together it shows whether lines, or the modules themselves, are exchanged. Pure.
 */
import type { BoardWiring, ChipName, ProbeFacts } from './facts.ts';
import type { Finding } from './findings.ts';
import { printed } from './signatures.ts';
import { interruptReach, isCrossed, resetReach, type Signs } from './signs.ts';
import { capital, moduleName } from './words.ts';

export function judgeLines(
  facts: ProbeFacts,
  wiring: BoardWiring,
  signs: Record<ChipName, Signs>,
  answering: readonly ChipName[],
): Finding[] {
  const crossed = judgeExchange(facts, wiring, answering);
  if (crossed) return crossed;
  const names: ChipName[] = ['wan', 'lan'];
  return names.flatMap((name) =>
    answering.includes(name)
      ? [judgeReset(facts, wiring, name), judgeInterrupt(facts, wiring, signs, name)]
      : (['reset', 'interrupt'] as const).map((step) => ({
          step,
          chip: name,
          verdict: 'unknown' as const,
          sentence: `Not looked at: ${moduleName(name)} does not answer.`,
        })),
  );
}

/** Lines that lead to the other module; undefined when none do, or not enough answers to tell. */
function judgeExchange(
  facts: ProbeFacts,
  wiring: BoardWiring,
  answering: readonly ChipName[],
): Finding[] | undefined {
  if (answering.length < 2) return undefined;
  const resets = isCrossed((name) => resetReach(facts, name));
  const interrupts = isCrossed((name) => interruptReach(facts, name));
  const pins = (wire: 'select' | 'reset' | 'interrupt') =>
    `${wiring.wan.pins[wire]} and ${wiring.lan.pins[wire]}`;
  if (resets && interrupts)
    return [
      {
        step: 'reset',
        verdict: 'bad',
        id: 'selects-exchanged',
        sentence: 'Each module answers to the select line of the other one.',
        cause: 'The select wires of the two modules are exchanged.',
        remedy: `Exchange the wires at ${pins('select')}.`,
      },
    ];
  const found: Finding[] = [];
  const names: ChipName[] = ['wan', 'lan'];
  if (resets)
    found.push({
      step: 'reset',
      verdict: 'bad',
      id: 'resets-exchanged',
      sentence: 'Each reset line resets the other module.',
      cause: 'The reset wires of the two modules are exchanged.',
      remedy: `Exchange the wires at ${pins('reset')}.`,
    });
  if (interrupts)
    found.push({
      step: 'interrupt',
      verdict: 'bad',
      id: 'interrupts-exchanged',
      sentence: "Each module's interrupt arrives at the pin of the other one.",
      cause: 'The INT wires of the two modules are exchanged.',
      remedy: `Exchange the wires at ${pins('interrupt')}.`,
    });
  if (found.length === 0) return undefined;
  const whole = names.flatMap((name) => [
    ...(resets ? [] : [judgeReset(facts, wiring, name)]),
    ...(interrupts ? [] : [judgeInterrupt(facts, wiring, undefined, name)]),
  ]);
  return [...found, ...whole];
}

function judgeReset(facts: ProbeFacts, wiring: BoardWiring, name: ChipName): Finding {
  const pin = wiring[name].pins.reset;
  const common = { step: 'reset' as const, chip: name };
  const reach = resetReach(facts, name);
  if (reach[name])
    return {
      ...common,
      verdict: 'ok',
      sentence: `The reset line of ${moduleName(name)} (${pin}) resets it.`,
    };
  if (facts[name].reset.low === 1)
    return {
      ...common,
      verdict: 'bad',
      id: 'reset-high',
      sentence: `${pin}, the RST line, stays high while the board drives it low.`,
      cause: `The wire at ${pin} is connected to 3.3 V.`,
      remedy: `Pull the wire off ${pin} and follow it: it must go to ${printed.reset} of ${moduleName(name)} and to nothing else.`,
    };
  return {
    ...common,
    verdict: 'bad',
    id: 'reset-open',
    sentence: `A pulse on ${pin} does not reset ${moduleName(name)}.`,
    cause: 'RST is not connected.',
    remedy: `Check the wire from ${pin} to ${printed.reset} of ${moduleName(name)}. Without it a module that hangs stays so until the power is switched off.`,
  };
}

function judgeInterrupt(
  facts: ProbeFacts,
  wiring: BoardWiring,
  signs: Record<ChipName, Signs> | undefined,
  name: ChipName,
): Finding {
  const pin = wiring[name].pins.interrupt;
  const { register } = facts[name].interrupt;
  const common = { step: 'interrupt' as const, chip: name };
  if (interruptReach(facts, name)[name])
    return { ...common, verdict: 'ok', sentence: `The interrupt of ${moduleName(name)} arrives at ${pin}.` };
  const rest = signs?.[name].rest.interrupt;
  if (rest === 'low')
    return {
      ...common,
      verdict: 'bad',
      id: 'interrupt-low',
      sentence: `${pin}, the INT line of ${moduleName(name)}, is low all the time.`,
      cause: `The wire at ${pin} is connected to ground, or touches a wire that is.`,
      remedy: `Pull the wire off ${pin} and follow it: it must go to ${printed.interrupt} of ${moduleName(name)} and to nothing else.`,
    };
  if (register === 0)
    return {
      ...common,
      verdict: 'unknown',
      sentence: `${capital(moduleName(name))} could not be made to raise its interrupt, so its INT line is not proved.`,
    };
  const high = rest === 'high';
  return {
    ...common,
    verdict: 'bad',
    id: high ? 'interrupt-high' : 'interrupt-open',
    sentence: `The interrupt of ${moduleName(name)} does not arrive at ${pin}${high ? ', which is high all the time' : ''}.`,
    cause: high ? `The wire at ${pin} is connected to 3.3 V, or to another output.` : 'INT is not connected.',
    remedy: `Check the wire from ${pin} to ${printed.interrupt} of ${moduleName(name)}. Without it the router still works, but notices packets late.`,
  };
}
