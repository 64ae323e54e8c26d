// What names in the way cost: a bundle whose own names stand behind others. Pure.

const coldFunctions = 60;

/** Declares functions in the firmware's own scope, before everything it declares there. */
export function behindColdFunctions(code: string): string {
  const names = Array.from({ length: coldFunctions }, (_, i) => `q${i < 10 ? '0' : ''}${i}`);
  const clash = names.find((name) => new RegExp(`\\b${name}\\b`).test(code));
  if (clash) throw new Error(`The bundle has a name ${clash} of its own: choose others in cold.ts.`);
  // Behind the guard, if there is one, which has a scope of its own.
  const start = code.indexOf('{', Math.max(0, code.indexOf('}()||function(){'))) + 1;
  const cold = names.map((name) => `function ${name}(){return 0}`).join('');
  return `${code.slice(0, start)}\n${cold}${code.slice(start)}`;
}
