/* A plan in words: what goes where, what is erased before and why, what follows. Pure; the command prints it. */
import type { ChipFacts } from './images.ts';
import type { Step } from './plan.ts';
import type { Release, ReleaseImage } from './release.ts';

const kB = 1024;
const MB = 1024 * kB;

/** "ESP32-D0WD-V3 (revision 3), 24:0a:c4:12:34:56, 4 MB of flash" */
export function chipText({ description, mac, flashSize }: ChipFacts): string {
  return `${description}, ${mac}, ${flashSize / MB} MB of flash`;
}

/** The part of Espruino; without steps (no chip was asked) everything that may happen. */
export function espruinoLines(release: Release, steps: readonly Step[] | null): string[] {
  const heading = `Espruino${release.version ? ` ${release.version}` : ''} from ${release.path}:`;
  if (!steps)
    return [
      heading,
      ...release.images.map((image) => imageLine(image, 'write, unless it is there already')),
      '  The whole flash is erased first if it is laid out for something else; Storage, if nothing of Espruino is in it.',
    ];
  return [
    heading,
    ...steps.map((step) =>
      step.action === 'erase'
        ? `  erase ${step.what}: ${step.why}`
        : imageLine(step.image, step.action === 'keep' ? 'already there' : 'write'),
    ),
  ];
}

function imageLine({ what, file, offset, bytes }: ReleaseImage, action: string): string {
  const place = `0x${offset.toString(16).padStart(6, '0')}`;
  const size = `${Math.ceil(bytes.length / kB)} kB`;
  return `  ${what.padEnd(15)} ${file.padEnd(23)} ${place} ${size.padStart(7)}  ${action}`;
}

/** What follows when Espruino is there. `files` are names in Storage with what they are. */
export function routerLines(files: readonly { name: string; what: string }[]): string[] {
  return [
    'Then, in Espruino:',
    '  Bluetooth       off, if it is on: it takes memory that the router needs, and is a way in (one restart more)',
    ...files.map(({ name, what }) => `  ${name.padEnd(15)} ${what}`),
    '  restart         and wait for the router to answer',
  ];
}
