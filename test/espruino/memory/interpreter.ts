// Boots the bundle from Storage in a real interpreter, as a board does, and asks it things afterwards: code stays in
// flash, only what a board holds in RAM is counted. Leaves no file behind.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { soakPlan } from '../soak/traffic.ts';

const stage = readFileSync(new URL('../soak/stage.js', import.meta.url), 'utf8');
const checkpoints = readFileSync(new URL('./checkpoints.js', import.meta.url), 'utf8');
const timeLimit = 300_000;

/** Writes the host's files into the interpreter's Storage, piece by piece: a flash write must fit the stack. */
const install = `
var storage = require('Storage');
['.boot0', '.boot1'].forEach(function (name) {
  var file = E.openFile('host' + name, 'r');
  var size = sizes[name], at = 0, piece;
  while ((piece = file.read(1024)) !== undefined) { storage.write(name, piece, at, size); at += piece.length; }
  file.close();
});
quit();`;

/** A folder with the interpreter's flash, ready to boot. */
export class FlashedInterpreter {
  private readonly folder = mkdtempSync(join(tmpdir(), 'hairpin-memory-'));

  /**
   * @param config text of config.json  @param spare bytes to take away from the bundle
   * @throws a sentence if the files could not be installed
   */
  constructor(
    private readonly binary: string,
    bundle: string,
    config: string,
    spare: number,
  ) {
    const { files, wan, lan, opening, unsettled } = soakPlan(1, 1, 1);
    const given = { files: { ...files, 'config.json': config }, wan, lan, opening, unsettled, spare };
    const boot = {
      '.boot0': `var checkpoints = ${JSON.stringify(given)};\n${stage}\n${checkpoints}`,
      '.boot1': bundle,
    };
    const sizes: Record<string, number> = {};
    for (const [name, text] of Object.entries(boot)) {
      writeFileSync(join(this.folder, `host${name}`), text, 'latin1');
      sizes[name] = text.length;
    }
    writeFileSync(join(this.folder, 'install.js'), `var sizes = ${JSON.stringify(sizes)};${install}`);
    this.run(['install.js']);
  }

  /** Boots, then evaluates; the script prints. @returns everything on the console */
  boot(script: string): string {
    return this.live(`${script}\nquit();`);
  }

  /** Boots, evaluates, and lets timers run until the script says `quit()`. @returns everything on the console */
  live(script: string): string {
    return this.run(['-e', script]);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  private run(args: string[]): string {
    const { stdout, error } = spawnSync(this.binary, args, {
      cwd: this.folder,
      encoding: 'latin1',
      timeout: timeLimit,
      maxBuffer: 64e6,
    });
    if (error) throw new Error(`${this.binary} could not be run: ${error.message}`);
    return stdout;
  }
}
