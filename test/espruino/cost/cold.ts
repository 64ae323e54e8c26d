// What names in the way cost: a bundle whose own names stand behind others. Pure.

const coldFunctions = 60;

/** Declares functions in the firmware's own scope, before everything it declares there. */
export function behindColdFunctions(code: string): string {
  const names = Array.from({ length: coldFunctions }, (_, i) => `q${i < 10 ? '0' : ''}${i}`);
  const clash = names.find((name) => new RegExp(`\\b${name}\\b`).test(code));
  if (clash) throw new Error(`The bundle has a name ${clash} of its own: choose others in cold.ts.`);
  const start = code.indexOf('{') + 1;
  const cold = names.map((name) => `function ${name}(){return 0}`).join('');
  return `${code.slice(0, start)}\n${cold}${code.slice(start)}`;
}
