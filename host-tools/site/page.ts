/*
 * The page docs/site/index.html: the three scenes to click through, made of the pictures of the lab and the notes.
 * Without a script everything is there below each other; docs/site/steps.js shows one step at a time.
 *
 * Pure: scenes in, HTML out. The page asks for nothing but the two files beside it.
 */
import { drawStage } from '../picture/draw.ts';
import type { PictureHop, PictureScene } from '../picture/scene.ts';
import { escaped } from '../picture/svg.ts';
import { notes, type SceneNotes } from './notes.ts';

/** The whole page. @param scenes as many as there are notes, in order */
export function sitePage(scenes: readonly PictureScene[]): string {
  const buttons = notes.map(
    ({ button }, index) =>
      `<button type="button" data-scene="${index + 1}">${index + 1}. ${escaped(button)}</button>`,
  );
  return `<!doctype html>
<!-- Made by \`make readme\` from host-tools/site; do not edit. -->
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Why a port forward is dead from the LAN</title>
<link rel="stylesheet" href="style.css">
</head>
<body>
<main>
<h1>Why a port forward is dead from the LAN</h1>
<p>One port forward, used in three ways. Every packet here was really sent, through the firmware of Hairpin. Go from
step to step with the buttons or the arrow keys.</p>
<nav aria-label="Scenes" hidden>
${buttons.join('\n')}
</nav>
${scenes.map((scene, index) => sceneSection(scene, index + 1, notes[index])).join('\n')}
<div class="controls" hidden>
<button type="button" id="previous">Previous</button>
<span id="place"></span>
<button type="button" id="next">Next</button>
</div>
<p class="legend"><span class="changed">highlighted</span> is what the router has rewritten;
<span class="lost">X</span> is a packet that is thrown away.</p>
<p><a href="../why-dnat-fails-from-the-lan.md">The whole story, the three cures and their prices</a></p>
</main>
<script src="steps.js"></script>
</body>
</html>
`;
}

function sceneSection(scene: PictureScene, number: number, { introduction, hops }: SceneNotes): string {
  const drawn = scene.packets.flat();
  if (drawn.length !== hops.length)
    throw new Error(`Scene ${number} has ${drawn.length} hops and notes for ${hops.length}.`);
  const steps = drawn.map((hop, index) => step(hop, hops[index], scene));
  const outcome = scene.outcome.map(escaped).join(' ');
  return `<section id="scene-${number}" aria-labelledby="heading-${number}">
<h2 id="heading-${number}">${escaped(scene.title)} <span class="result ${scene.result.good ? 'good' : 'bad'}">${escaped(scene.result.word)}</span></h2>
<p>${escaped(introduction)}</p>
<div class="stage">
${drawStage(scene).trimEnd()}
</div>
<ol class="steps" aria-live="polite">
${steps.join('\n')}
<li data-step="${drawn.length + 1}"><p>${outcome}</p></li>
</ol>
</section>`;
}

function step(hop: PictureHop, note: string, { hosts }: PictureScene): string {
  const name = (id: string): string => hosts.find((host) => host.id === id)?.name ?? 'the router';
  const value = (text: string, changed: boolean): string =>
    `<dd>${changed ? `<span class="changed">${escaped(text)}</span>` : escaped(text)}</dd>`;
  const lost = hop.lost ? ' <span class="lost">X</span>' : '';
  return `<li data-step="${hop.number}">
<p><b>${escaped(name(hop.from))} to ${escaped(name(hop.to))}: ${escaped(hop.what)}</b>${lost}</p>
<dl><dt>from</dt>${value(hop.source, hop.changed.source)}<dt>to</dt>${value(hop.target, hop.changed.target)}</dl>
<p>${escaped(note)}</p>
</li>`;
}
