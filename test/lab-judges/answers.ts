/*
 * docs/judges.md shows what the programs answered: one section for each file of tests, one row for each judge. The
 * tests hold their answers against it; UPDATE_DOCS=1 writes them anew.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import test from 'ava';
import { format, resolveConfig } from 'prettier';
import { missing, type Said } from './judges-lab.ts';
import type { Program } from './programs.ts';

const PAGE = 'docs/judges.md';
const HOSTS = { client: 'C', server: 'S', internet: 'I', gateway: 'G' } as const;

export class Answers {
  private readonly rows: string[] = [];

  /** @param section name of the marked part of the page */
  constructor(private readonly section: string) {}

  /** A row: what was asked, what the answer proves, and the part of what was said that says so. */
  add({ host, words }: Pick<Said, 'host' | 'words'>, proves: string, answer: string): void {
    const asked = words.map((word) => (/[\s|]/.test(word) ? `'${word}'` : word)).join(' ');
    const cells = [`${HOSTS[host]}$ \`${asked}\``, proves, answer.replaceAll('|', '\\|')];
    this.rows.push(`| ${cells.join(' | ')} |`);
  }

  /** To be called after the file's tests: the page shows these rows. Skipped where one of the judges is missing. */
  checkPage(programs: readonly Program[]): void {
    const title = `${PAGE}: what stands under '${this.section}' was answered today`;
    const reason = missing(programs);
    if (reason !== null) return void test.serial.skip(`${title} (skipped: ${reason})`, () => {});
    test.serial(title, async (t) => {
      const block = new RegExp(`(<!-- ${this.section}: [^\\n]*-->\\n)[^]*?(<!-- end of ${this.section} -->)`);
      const page = readFileSync(PAGE, 'utf8');
      t.regex(page, block);
      t.true(this.rows.length > 0, 'No judge has said anything that could be shown.');
      const table = ['| asked | proves | answer |', '| --- | --- | --- |', ...this.rows].join('\n');
      const text = page.replace(block, (_, begin: string, end: string) => `${begin}\n${table}\n\n${end}`);
      const wanted = await format(text, { ...(await resolveConfig(PAGE)), parser: 'markdown' });
      if (process.env.UPDATE_DOCS === '1') writeFileSync(PAGE, wanted);
      else t.is(block.exec(page)![0], block.exec(wanted)![0]);
    });
  }
}
