/*
 * The npm package as `npm pack` makes it and as `npm install -g` puts it somewhere: a folder of its own below the
 * system's temporary one, with a home, a cache and a registry of its own. Nothing outside is written but dist/js.
 */
import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { openRegistry } from './registry.ts';

const root = join(import.meta.dirname, '../..');

export interface PackedFile {
  path: string;
  size: number;
}

export interface Packed {
  folder: string;
  tarball: string;
  /** Of the tarball, bytes. */
  size: number;
  files: PackedFile[];
  remove(): void;
}

export interface Installed {
  /** The package's own folder. */
  packageFolder: string;
  /** What npm asked the registry for. */
  asked: string[];
  /** Runs the command in an empty folder, with nothing on PATH but node and with an empty home. */
  hairpin(...words: string[]): Outcome;
  /** Runs a program text as a module of the package. */
  node(program: string): Outcome;
}

export interface Outcome {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** Runs `npm pack` in the clone. */
export function pack(): Packed {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'hairpin-package-')));
  for (const name of ['home', 'bin', 'empty', 'registry']) mkdirSync(join(folder, name));
  const options = ['--json', '--foreground-scripts=false', '--pack-destination', folder];
  const said = execFileSync('npm', ['pack', ...options], {
    cwd: root,
    env: npmEnvironment(folder),
    encoding: 'utf8',
  });
  const [{ filename, size, files }] = JSON.parse(said) as {
    filename: string;
    size: number;
    files: PackedFile[];
  }[];
  return {
    folder,
    tarball: join(folder, filename),
    size,
    files,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Runs `npm install -g` with the tarball: no scripts, no compilers, no network but a registry of the lock's packages. */
export async function install({ folder, tarball }: Packed): Promise<Installed> {
  const bare = join(folder, 'bin');
  symlinkSync(process.execPath, join(bare, 'node'));
  const registry = await openRegistry(root, join(folder, 'registry'), npmEnvironment(folder));
  try {
    await promisify(execFile)(
      process.execPath,
      [npmProgram(), 'install', '--global', '--ignore-scripts', '--prefix', join(folder, 'prefix'), tarball],
      { cwd: folder, env: { ...npmEnvironment(folder), PATH: bare, npm_config_registry: registry.url } },
    );
  } finally {
    registry.close();
  }
  const packageFolder = join(folder, 'prefix/lib/node_modules/hairpin');
  const run = (cwd: string, program: string, words: string[]): Outcome =>
    spawnSync(program, words, { cwd, env: { PATH: bare, HOME: join(folder, 'home') }, encoding: 'utf8' });
  return {
    packageFolder,
    asked: registry.asked,
    hairpin: (...words) => run(join(folder, 'empty'), join(folder, 'prefix/bin/hairpin'), words),
    node: (text) => run(packageFolder, process.execPath, ['--input-type=module', '--eval', text]),
  };
}

/** Nothing of whoever runs the tests: neither their settings nor their cache. */
function npmEnvironment(folder: string): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    HOME: join(folder, 'home'),
    npm_config_cache: join(folder, 'cache'),
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    npm_config_update_notifier: 'false',
  };
}

/** The script behind `npm`, for a PATH without it. */
function npmProgram(): string {
  const found = process.env
    .PATH!.split(delimiter)
    .map((place) => join(place, 'npm'))
    .find((file) => existsSync(file));
  if (!found) throw new Error('There is no npm on PATH, and the package cannot be tried without it.');
  return realpathSync(found);
}
