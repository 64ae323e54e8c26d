/*
 * The npm package: what is in it and what is not, and that it works where it is installed - from the tarball, by npm,
 * without scripts, compilers, network, TypeScript or the clone. The registry is a stand-in with the lock's packages.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import test from 'ava';
import { install, pack, type Installed, type Packed } from './packed.ts';
import { runtimePackages } from './registry.ts';

const root = join(import.meta.dirname, '../..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  version: string;
  dependencies: Record<string, string>;
};

let packed: Packed;
let installed: Installed;
test.before(async () => {
  packed = pack();
  installed = await install(packed);
});
test.after.always(() => packed?.remove());

/** All that may be in it. */
const allowed = [
  /^(LICENSE|README\.md|package\.json|hairpin\.(example|home)\.json)$/,
  /^boards\/([a-z0-9-]+\/)?[A-Za-z.-]+\.(json|md|svg)$/,
  /^dist\/(firmware\.js|firmware\.js\.map|probe\.js|probe\.js\.map|probe\.json|build\.json)$/,
  /^dist\/js\/(host-tools|firmware\/(config|layout|wire))\/.*\.js$/,
  /^docs\/([a-z-]+\.md|decisions\/[a-z0-9-]+\.md|pictures\/[a-z0-9-]+\.svg)$/,
  /^docs\/site\/(index\.html|steps\.js|style\.css)$/,
  /^host-tools\/(cli\/hairpin\.mjs|lab\/hairpin\.json)$/,
];

/** Of the tarball, bytes: a megabyte is a minute on a slow line. */
const largest = 1_000_000;

test('nothing but what a user needs is in it', (t) => {
  t.deepEqual(
    packed.files.map(({ path }) => path).filter((path) => !allowed.some((pattern) => pattern.test(path))),
    [],
  );
  t.true(packed.size < largest, `${packed.size} bytes`);
});

test('the firmware is in it as it was built, and no file is empty', (t) => {
  const bundle = join('dist', 'firmware.js');
  t.deepEqual(readFileSync(join(installed.packageFolder, bundle)), readFileSync(join(root, bundle)));
  t.deepEqual(
    packed.files.filter(({ size }) => size === 0),
    [],
  );
});

/** In Markdown and HTML: a file, from where the page is, without what comes behind "#". */
const linked = /(?:\]\(|(?:href|src)=")(?![a-z]+:|#)([^)"\s#]+)/g;

test('what its pages link to is in it', (t) => {
  const paths = packed.files.map(({ path }) => path);
  const links = paths
    .filter((path) => /\.(md|html)$/.test(path))
    .flatMap((page) => {
      const text = readFileSync(join(installed.packageFolder, page), 'utf8');
      return [...text.matchAll(linked)].map(([, link]) => ({
        page,
        to: posix.join(posix.dirname(page), link),
      }));
    });
  t.true(links.length > 30, `${links.length}`);
  const isThere = (to: string) =>
    paths.some((path) => path === to || path.startsWith(to.replace(/\/?$/, '/')));
  t.deepEqual(
    links.filter(({ to }) => !isThere(to)),
    [],
  );
});

test('no file tells where it was made', (t) => {
  const telling = packed.files.filter(({ path }) => {
    const text = readFileSync(join(installed.packageFolder, path), 'utf8');
    return text.includes(root) || text.includes(packed.folder);
  });
  t.deepEqual(telling, []);
  const { sources } = JSON.parse(
    readFileSync(join(installed.packageFolder, 'dist/firmware.js.map'), 'utf8'),
  ) as { sources: string[] };
  t.deepEqual(
    sources.filter((name) => !name.startsWith('../firmware/')),
    [],
  );
});

test('it brings the packages of the lock and asks for no others', (t) => {
  const known = new Set(runtimePackages(root).map(({ name }) => name));
  // The foreign-function interface has one package a system; npm tries them all.
  const strangers = installed.asked.filter((name) => !known.has(name) && !name.startsWith('@koromix/koffi-'));
  t.deepEqual(strangers, []);
  for (const name of Object.keys(manifest.dependencies)) t.true(installed.asked.includes(name), name);
});

test('its code imports nothing but Node and what it brings', (t) => {
  const imported = packed.files
    .filter(({ path }) => /\.m?js$/.test(path) && path !== 'dist/firmware.js' && path !== 'dist/probe.js')
    .flatMap(({ path }) => {
      const text = readFileSync(join(installed.packageFolder, path), 'utf8');
      return [...text.matchAll(/(?:\bfrom |\bimport ?\(?)"([@a-z][\w@/:-]*)"/g)].map(([, name]) => name);
    });
  const known = ['node:', ...Object.keys(manifest.dependencies)];
  t.true(imported.includes('commander'));
  t.deepEqual(
    imported.filter((name) => !known.some((one) => name.startsWith(one))),
    [],
  );
});

test('of what it brings, only two have install scripts, and both are prebuilt', (t) => {
  // Where a prebuilt one lies, the scripts do nothing; both are loaded below without having been run.
  t.deepEqual(
    runtimePackages(root)
      .filter(({ hasInstallScript }) => hasInstallScript)
      .map(({ name }) => name),
    ['@serialport/bindings-cpp', 'koffi'],
  );
  for (const name of ['koffi', 'serialport']) {
    const { status, stderr } = installed.node(`await import(${JSON.stringify(name)})`);
    t.is(status, 0, stderr);
  }
});

test('--version and --help, from anywhere', (t) => {
  t.like(installed.hairpin('--version'), { status: 0, stdout: `${manifest.version}\n`, stderr: '' });
  const { status, stdout } = installed.hairpin('--help');
  t.is(status, 0);
  t.regex(stdout, /^Usage: hairpin /);
});

test('explain boots the packed firmware', (t) => {
  const config = join(installed.packageFolder, 'hairpin.example.json');
  const packet = 'tcp 192.168.0.3:33333 > 12.0.0.1:25';
  const { status, stdout, stderr } = installed.hairpin('explain', packet, '--json', '--config', config);
  t.is(status, 0, stderr);
  t.like(JSON.parse(stdout), { schema: 'hairpin.explain/1', packet });
});

test('the lab plays its scenes, and leaves its evidence in the current folder', (t) => {
  const { status, stdout, stderr } = installed.hairpin('lab', '--json');
  t.is(status, 0, stderr);
  // Nothing on PATH, so no real hosts: test/lab/compiled.test.ts has those.
  t.like(JSON.parse(stdout), { schema: 'hairpin.lab/1', mode: 'scripted', asExpected: true });
  t.true(existsSync(join(packed.folder, 'empty/out/lab/result.json')));
});

test('what is wrong is one sentence there too', (t) => {
  t.like(installed.hairpin('run', '--wan', 'eth1', '--lan', 'eth2'), {
    status: 2,
    stderr: "hairpin: There is no configuration file './hairpin.json'; name one with --config FILE.\n",
  });
});
