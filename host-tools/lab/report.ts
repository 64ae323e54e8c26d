/*
 * What remains of a lab: the text on the terminal, result.json, and a picture and a capture file per
 * wire for each scene. Makes texts
 * and objects of scenes that have been played; only the functions that write touch the disk.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pcapng } from '../capture/write.ts';
import { drawPicture } from '../picture/draw.ts';
import type { PictureScene } from '../picture/scene.ts';
import { drawFigure } from './figure.ts';
import { WIRES, type Lab } from './lab.ts';
import { pictureScene } from './picture.ts';
import type { PlayedScene } from './scenes.ts';
import { rewritingOf, tell, type Hop } from './story.ts';

/** Everything result.json says besides the scenes. */
export interface LabRun {
  mode: Lab['mode'];
  /** Why it is not the kernel; null if it is. */
  reason: string | null;
  /** Microseconds since 1970 at time 0 of the captures. */
  origin: number;
  milliseconds: number;
  scenes: PlayedScene[];
}

/** One scene on the terminal: its hops, then what it was judged by. */
export function sceneText({ number, title, story, verdict }: PlayedScene): string {
  const conditions = verdict.conditions.map(
    ({ what, holds, seen }) => `  ${holds ? 'yes' : 'NO '}  ${what} - ${seen}`,
  );
  const judgement = verdict.asExpected ? 'as it must be' : 'NOT as it must be';
  return [`Scene ${number}, ${title}: ${judgement}`, ...tell(story), ...conditions, ''].join('\n');
}

/** The figure of all scenes. */
export function figureText(scenes: readonly PlayedScene[]): string {
  return drawFigure(
    scenes.map((scene) => ({ ...scene, result: resultOf(scene), outcome: outcomeOf(scene) })),
    'ONE PORT FORWARD, P:25 TO S:25, USED IN THREE WAYS',
  );
}

/** A scene as it is drawn. */
export function pictureOf(scene: PlayedScene): PictureScene {
  const result = { word: resultOf(scene), good: scene.measured.connect.outcome === 'connected' };
  return pictureScene({ ...scene, result, outcome: outcomeOf(scene) });
}

function resultOf({ measured: { connect } }: PlayedScene): string {
  return connect.outcome === 'connected' ? 'WORKS' : connect.outcome === 'timeout' ? 'SILENCE' : 'FAILS';
}

/** What a scene came to, in sentences short enough for the figure. */
function outcomeOf({ story, verdict, measured: { connect } }: PlayedScene): string[] {
  const saw = story.serverSaw === null ? 'S saw nothing.' : `S saw the client as ${story.serverSaw}.`;
  const sentences = [`${saw} ${connectSentence(connect)}`];
  if (!verdict.asExpected) sentences.push('This is NOT as it must be; see the conditions marked NO above.');
  return sentences;
}

function connectSentence(connect: PlayedScene['measured']['connect']): string {
  if (connect.outcome === 'connected') return `The client was greeted: "${connect.greeting}".`;
  const after = `after ${(connect.milliseconds / 1000).toFixed(1)} s`;
  if (connect.outcome === 'timeout') return `No refusal, just silence: ${after} its connect() still hangs.`;
  return `The client's connect() ended ${after}: ${connect.outcome}.`;
}

/** The object in result.json and behind `--json`. */
export function resultObject(run: LabRun): object {
  return {
    schema: 'hairpin.lab/1',
    mode: run.mode,
    reason: run.reason,
    asExpected: run.scenes.every(({ verdict }) => verdict.asExpected),
    seconds: seconds(run.milliseconds),
    scenes: run.scenes.map((scene) => ({
      scene: scene.number,
      title: scene.title,
      verdict: scene.verdict.asExpected ? 'as expected' : 'not as expected',
      evidence: scene.verdict.conditions,
      serverSaw: scene.story.serverSaw,
      hops: scene.story.hops,
      measured: scene.measured,
      seconds: seconds(scene.milliseconds),
      captures: WIRES.map((wire) => capturePath(scene, wire)),
    })),
  };
}

/** Writes `result.json` below `directory`. */
export function writeResult(directory: string, result: object): void {
  writeFileSync(join(directory, 'result.json'), JSON.stringify(result, null, 2) + '\n');
}

/** Writes a picture per scene below `directory`: scene-1.svg and so on. */
export function writePictures(directory: string, { scenes }: LabRun): void {
  for (const scene of scenes)
    writeFileSync(join(directory, `scene-${scene.number}.svg`), drawPicture(pictureOf(scene)));
}

/** Writes a pcapng file per scene and wire below `directory`; frames of the story carry its words as comments. */
export function writeCaptures(directory: string, { scenes, origin }: LabRun): void {
  for (const scene of scenes) {
    rmSync(join(directory, `scene-${scene.number}`), { recursive: true, force: true });
    mkdirSync(join(directory, `scene-${scene.number}`), { recursive: true });
    for (const wire of WIRES) {
      const frames = scene.frames
        .filter((frame) => frame.wire === wire)
        .map((frame) => ({ ...frame, comment: commentOn(scene.story.hopOfFrame.get(frame)) }));
      const capture = pcapng({
        name: wire,
        description: `scene ${scene.number}, ${scene.title}`,
        application: 'hairpin lab',
        origin,
        resolution: 9,
        frames,
      });
      writeFileSync(join(directory, capturePath(scene, wire)), capture);
    }
  }
}

function capturePath(scene: PlayedScene, wire: string): string {
  return `scene-${scene.number}/${wire}.pcapng`;
}

function commentOn(hop: Hop | undefined): string | undefined {
  if (!hop) return undefined;
  const rewritten = rewritingOf(hop);
  return `hop ${hop.number}, ${hop.from} -> ${hop.to}${rewritten ? `: the router rewrote ${rewritten}` : ''}`;
}

function seconds(milliseconds: number): number {
  return Math.round(milliseconds) / 1000;
}
