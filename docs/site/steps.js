// One step at a time: shows one scene, its packets up to the step, and the words for it. Without this script the page
// shows everything. The place is kept in the address (#2.3 is step 3 of scene 2).
'use strict';

const sections = [...document.querySelectorAll('main > section')];
const tabs = [...document.querySelectorAll('nav button')];
const [previous, next] = ['previous', 'next'].map((id) => document.getElementById(id));
const controls = document.querySelector('.controls');
const stepsOf = (section) => [...section.querySelectorAll('[data-step]')];
let scene = 0;
let step = 0;

function show() {
  const steps = stepsOf(sections[scene]);
  sections.forEach((section, index) => (section.hidden = index !== scene));
  placeControls();
  tabs.forEach((tab, index) => tab.setAttribute('aria-pressed', String(index === scene)));
  steps.forEach((item, index) => (item.hidden = index !== step));
  for (const part of sections[scene].querySelectorAll('[data-hop]')) {
    const hop = Number(part.dataset.hop) - 1;
    // The last step tells what came of it, and shows all packets.
    const state = step === steps.length - 1 ? 'all' : hop < step ? 'past' : hop === step ? 'now' : 'future';
    part.dataset.state = state;
  }
  document.getElementById('place').textContent = `Step ${step + 1} of ${steps.length}`;
  previous.disabled = scene === 0 && step === 0;
  next.disabled = scene === sections.length - 1 && step === steps.length - 1;
  history.replaceState(null, '', `#${scene + 1}.${step + 1}`);
}

/** Below the picture of the scene that is shown, where they do not move with the length of the words. */
function placeControls() {
  const stage = sections[scene].querySelector('.stage');
  if (stage.nextElementSibling === controls) return;
  const focused = document.activeElement;
  stage.after(controls);
  if (controls.contains(focused)) focused.focus({ preventScroll: true });
}

/** One step on or back, from the end of a scene into the next. */
function move(by) {
  const count = stepsOf(sections[scene]).length;
  const to = step + by;
  if (to >= 0 && to < count) step = to;
  else if (sections[scene + by]) {
    scene += by;
    step = by > 0 ? 0 : stepsOf(sections[scene]).length - 1;
  }
  show();
}

function startFromAddress() {
  const [, first = '1', second = '1'] = /^#(\d+)\.(\d+)$/.exec(location.hash) ?? [];
  scene = Math.min(sections.length, Math.max(1, Number(first))) - 1;
  step = Math.min(stepsOf(sections[scene]).length, Math.max(1, Number(second))) - 1;
  show();
}

previous.addEventListener('click', () => move(-1));
next.addEventListener('click', () => move(1));
tabs.forEach((tab, index) =>
  tab.addEventListener('click', () => {
    [scene, step] = [index, 0];
    show();
  }),
);
document.addEventListener('keydown', (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (by === undefined) return;
  event.preventDefault();
  move(by);
});
addEventListener('hashchange', startFromAddress);
document.querySelector('nav').hidden = false;
controls.hidden = false;
document.documentElement.classList.add('stepping');
startFromAddress();
