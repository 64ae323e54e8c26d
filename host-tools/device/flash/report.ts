/* What `hairpin flash` has done, for programs and for people. Pure: objects and lines, no printing. */
import { replacedSentence, statusSentence } from '../upload/upload.ts';
import type { FlashDone } from './flash.ts';
import type { Step } from './plan.ts';
import type { Release } from './release.ts';

/** The object of --json. `null` is what was not asked or not done. */
export function flashReport(port: string | null, release: Release | null, dryRun: boolean, done: FlashDone) {
  const { images, router } = done;
  return {
    schema: 'hairpin.flash/1',
    port,
    dryRun,
    chip: images && {
      description: images.chip.description,
      mac: images.chip.mac,
      flashSize: images.chip.flashSize,
    },
    release: release && {
      path: release.path,
      version: release.version,
      images: release.images.map(({ file, offset, bytes, md5 }) => ({
        file,
        offset,
        size: bytes.length,
        md5,
        action: actionOf(images?.steps, file),
        outcome: images?.outcomes[file] ?? null,
      })),
    },
    erased: (images?.steps ?? []).flatMap((step) =>
      step.action === 'erase' ? [{ what: step.what, why: step.why }] : [],
    ),
    espruino: router?.espruino ?? null,
    bluetooth: router?.bluetooth ?? null,
    files: router?.files ?? null,
    configReplaced: router?.configReplaced ?? null,
    status: router?.status ?? null,
  };
}

function actionOf(steps: readonly Step[] | undefined, file: string): 'write' | 'keep' | null {
  for (const step of steps ?? []) if (step.action !== 'erase' && step.image.file === file) return step.action;
  return null;
}

/** The last lines for a person. */
export function resultLines({ images, router }: FlashDone): string[] {
  const outcomes = Object.values(images?.outcomes ?? {});
  const count = (outcome: string) => outcomes.filter((one) => one === outcome).length;
  const parts = [
    [count('written'), 'written and verified'],
    [count('repaired'), 'written twice, since the first time did not match'],
    [count('there'), 'there already'],
  ] as const;
  const said = parts.filter(([number]) => number > 0).map(([number, what]) => `${number} ${what}`);
  const lines = said.length > 0 ? [`Espruino's images: ${said.join(', ')}.`] : [];
  if (!router) return lines;
  const written = router.files.filter((file) => file.written).map(({ name }) => name);
  const bluetooth = router.bluetooth === 'switched off' ? ' Bluetooth is off now.' : '';
  return [
    ...lines,
    `Espruino ${router.espruino}: ${written.length > 0 ? `${written.join(', ')} written` : 'all files were there'}.${bluetooth}`,
    ...(router.configReplaced ? [replacedSentence] : []),
    statusSentence(router.status),
  ];
}
