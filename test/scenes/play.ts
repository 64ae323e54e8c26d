/*
 * For the story tests: the three scenes, played by scripted hosts on a virtual clock through the firmware's bundle
 * and two chip models. The same in every run, to the microsecond.
 */
import { firmwareFiles } from '../../host-tools/lab/firmware-files.ts';
import { playScenes, type PlayedScene } from '../../host-tools/lab/scenes.ts';
import { openScriptedLab } from '../../host-tools/lab/scripted.ts';
import { firmwareRouter } from '../../host-tools/lab/scripted/firmware-router.ts';

/** Enough for several windows of TCP, little enough for a unit test. */
const bodyBytes = 100_000;

/** Plays all scenes on one boot and returns the one that is asked for. */
export async function played(number: PlayedScene['number']): Promise<PlayedScene & { printed: string[] }> {
  const printed: string[] = [];
  const router = firmwareRouter({ ...(await firmwareFiles()), print: (line) => printed.push(line) });
  const scenes = await playScenes(openScriptedLab({ router, bodyBytes }), () => {});
  return { ...scenes[number - 1], printed };
}

/** "1 C > router  C:33333 > P:25  SYN" */
export function hops({ story }: PlayedScene): string[] {
  return story.hops.map(
    ({ number, from, to, source, target, what }) =>
      `${number} ${from} > ${to}  ${source} > ${target}  ${what}`,
  );
}

/** What did not hold, with what was seen instead. */
export function complaints({ verdict }: PlayedScene): string[] {
  return verdict.conditions.filter(({ holds }) => !holds).map(({ what, seen }) => `${what}: ${seen}`);
}
