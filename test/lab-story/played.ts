/* For the tests of pages that show what the lab shows: the three scenes, played once by scripted hosts. */
import { firmwareFiles } from '../../host-tools/lab/firmware-files.ts';
import { playScenes, type PlayedScene } from '../../host-tools/lab/scenes.ts';
import { openScriptedLab } from '../../host-tools/lab/scripted.ts';
import { firmwareRouter } from '../../host-tools/lab/scripted/firmware-router.ts';

export async function playedScenes(): Promise<PlayedScene[]> {
  const lab = openScriptedLab({ router: firmwareRouter({ ...(await firmwareFiles()), print: () => {} }) });
  const scenes = await playScenes(lab, () => {});
  await lab.close();
  return scenes;
}
