/**
 * Only firmware/platform may name what the interpreter brings: everything else can then run, and be tested, without
 * it. Looks at free names in the text of one file.
 */
import { isReference, nameOf, parseTypeScript, walk } from '../../host-tools/build/syntax-tree.ts';

const platformNames = new Set(
  `E Pin Serial1 Serial2 Serial3 SPI1 SPI2 SPI3 I2C1 I2C2 LoopbackA LoopbackB Bluetooth USB Terminal ESP32 NodeMCU
   analogRead analogWrite atob btoa changeInterval clearInterval clearTimeout clearWatch console digitalPulse digitalRead
   digitalWrite dump echo edit getPinMode getSerial getTime global globalThis load module peek16 peek32 peek8 pinMode
   poke16 poke32 poke8 print process require reset save setDeepSleep setBusyIndicator setInterval setSleepIndicator
   setTime setTimeout setTimeZone setWatch shiftOut trace BTN BTN1 LED1`.split(/\s+/),
);

/** The platform's names a file uses, as sentences that begin with file:line. */
export function checkPlatformNames(file: string, text: string): string[] {
  if (!file.startsWith('firmware/') || file.startsWith('firmware/platform/')) return [];
  const program = parseTypeScript(text);
  const own = new Set<string>();
  const used: { line: number; name: string }[] = [];
  walk(program, (node) => {
    const name = nameOf(node);
    if (name === undefined) return;
    if (!isReference(node)) own.add(name);
    else if (platformNames.has(name) || /^D\d+$/.test(name)) used.push({ line: node.loc.start.line, name });
  });
  return used
    .filter(({ name }) => !own.has(name))
    .map(
      ({ line, name }) =>
        `${file}:${line} names '${name}'; only firmware/platform may. Add a function there.`,
    );
}
