/*
 * For the tests of pages that show what the lab shows: the three scenes, played once by scripted hosts. The body that
 * HTTP delivers is short here: no page shows it.
 */
import { firmwareFiles } from '../../host-tools/lab/firmware-files.ts';
import { playScenes, type PlayedScene } from '../../host-tools/lab/scenes.ts';
import { openScriptedLab } from '../../host-tools/lab/scripted.ts';
import { firmwareRouter } from '../../host-tools/lab/scripted/firmware-router.ts';

let played: Promise<PlayedScene[]> | undefined;

export function playedScenes(): Promise<PlayedScene[]> {
  played ??= play();
  return played;
}

async function play(): Promise<PlayedScene[]> {
  const router = firmwareRouter({ ...(await firmwareFiles()), print: () => {} });
  const lab = openScriptedLab({ router, bodyBytes: 10_000 });
  const scenes = await playScenes(lab, () => {});
  await lab.close();
  return scenes;
}
