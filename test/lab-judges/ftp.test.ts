/*
 * FTP through port forwards: a stock server (vsftpd) that announces the public address and keeps to ports 50000-50010,
 * forwards for port 21 and those, and curl. Passive mode works from the Internet and around the hairpin. Active mode
 * needs no forward where the client has an address of its own; where it has not, the server itself refuses.
 */
import { readFileSync } from 'node:fs';
import { CAST } from '../../host-tools/lab/lab.ts';
import { Answers } from './answers.ts';
import { judgeTest, labWith, type Forward, type JudgesLab, type Said } from './judges-lab.ts';

const { P, R, C, I } = CAST;
const modes = ['external', 'lan'] as const;

/** What docs/ftp.md tells people to write. */
const page = readFileSync('docs/ftp.md', 'utf8');
const shown = (kind: string) => new RegExp(`\`\`\`${kind}\n([^]*?)\`\`\``).exec(page)![1];
const { forwards } = JSON.parse(shown('json')) as { forwards: Forward[] };

const labIn = {
  external: labWith({ forwards: forwards.map((forward) => ({ ...forward, hairpin: 'external' })) }),
  lan: labWith({ forwards: forwards.map((forward) => ({ ...forward, hairpin: 'lan' })) }),
};
const mixed = labWith({
  forwards: forwards.map((forward, index) => ({ ...forward, hairpin: index === 0 ? 'external' : 'lan' })),
});
const answers = new Answers('ftp');
type FtpHost = 'server' | 'internet';
const PROGRAMS = ['curl', 'vsftpd'] as const;

/** In the lab's own /run. */
const rootOf = (host: FtpHost) => `/run/ftp-${host}`;
const logOf = (host: FtpHost) => `/run/vsftpd-${host}.log`;
const FILE_BYTES = 1_000_000;
/** As Debian ships it, but for what the page says, and being no other user than the lab's. */
const settings = (host: FtpHost, passive: string) => `
listen=YES
listen_ipv6=NO
anonymous_enable=YES
connect_from_port_20=YES
anon_root=${rootOf(host)}
run_as_launching_user=YES
secure_chroot_dir=${rootOf(host)}
seccomp_sandbox=NO
xferlog_enable=YES
vsftpd_log_file=${logOf(host)}
${passive}`;

const served = new Map<string, Promise<unknown>>();

/** Starts the server on a host of a lab, once. */
async function ftpOn(judges: JudgesLab, host: FtpHost, mode: string, announced: string): Promise<void> {
  const start = async () => {
    const file = `/run/vsftpd-${host}.conf`;
    await judges.shell(
      host,
      `mkdir ${rootOf(host)} && head -c ${FILE_BYTES} /dev/urandom > ${rootOf(host)}/file && cat > ${file}`,
      settings(host, shown('ini').replace(P.address, announced)),
    );
    await judges.serve(host, ['vsftpd', file], ['tcp', 21]);
  };
  const key = `${mode} ${host}`;
  let running = served.get(key);
  if (!running) served.set(key, (running = start()));
  await running;
}

const fetching = (address: string, ...options: string[]) => [
  'curl',
  '-sS',
  '-v',
  '-m',
  '10',
  ...options,
  `ftp://${address}/file`,
];
/** curl asks for PASV and believes the address in the answer, as older clients do. */
const PASV = ['--disable-epsv', '--no-ftp-skip-pasv-ip'];
const ACTIVE = ['--ftp-port', '-'];

async function theFile(judges: JudgesLab): Promise<Buffer> {
  return (await judges.run('server', ['cat', `${rootOf('server')}/file`])).bytes;
}

/** What the server saw of the last client, by its log. */
async function lastClient(judges: JudgesLab): Promise<string | undefined> {
  const { out } = await judges.run('server', ['cat', logOf('server')]);
  return [...out.matchAll(/CONNECT: Client "([^"]+)"/g)].at(-1)?.[1];
}

const reply = ({ err }: Said, code: number) => new RegExp(`^< (${code} .*?)\\r?$`, 'm').exec(err)?.[1];

for (const mode of modes) {
  judgeTest(
    `FTP, hairpin ${mode}: passive mode fetches the file from I and around the hairpin from C`,
    PROGRAMS,
    async (t) => {
      const judges = await labIn[mode]();
      await ftpOn(judges, 'server', mode, P.address);
      const file = await theFile(judges);
      t.is(file.length, FILE_BYTES);
      for (const [host, seen] of [
        ['internet', I.address],
        ['client', mode === 'lan' ? R.address : P.address],
      ] as const)
        for (const options of [[], PASV]) {
          const said = await judges.run(host, fetching(P.address, ...options));
          t.is(said.code, 0, said.err);
          t.true(file.equals(said.bytes), `${said.bytes.length} bytes`);
          t.is(await lastClient(judges), seen);
          if (options.length > 0) t.regex(reply(said, 227) ?? '', /\(12,0,0,1,195,(8\d|90)\)/);
          answers.add(
            said,
            `passive, hairpin \`${mode}\``,
            `226 Transfer complete; the server's log: Client "${seen}"`,
          );
          t.is(reply(said, 226), '226 Transfer complete.');
        }
    },
  );

  judgeTest(
    `FTP, hairpin ${mode}: active mode works from I; C names its own address and is refused`,
    PROGRAMS,
    async (t) => {
      const judges = await labIn[mode]();
      await ftpOn(judges, 'server', mode, P.address);
      const fromInternet = await judges.run('internet', fetching(P.address, ...ACTIVE));
      t.is(fromInternet.code, 0, fromInternet.err);
      t.true((await theFile(judges)).equals(fromInternet.bytes));
      answers.add(fromInternet, `active, hairpin \`${mode}\``, reply(fromInternet, 226) ?? '');
      // The server must not connect to a third address (RFC 2577 section 3), and nobody rewrites what C says.
      const around = await judges.run('client', fetching(P.address, ...ACTIVE));
      t.regex(around.err, new RegExp(`> PORT ${C.address.replaceAll('.', ',')},`));
      t.is(reply(around, 500), '500 Illegal EPRT command.', around.err);
      t.regex(around.err, /^< 500 Illegal PORT command\./m);
      // curl: FTP_PORT_FAILED.
      t.is(around.code, 30, around.err);
      answers.add(
        around,
        `active around the hairpin, \`${mode}\`: C can only name its own address`,
        '500 Illegal PORT command.; exit code 30',
      );
    },
  );
}

judgeTest('FTP, outbound: passive mode works, active mode is refused by the server', PROGRAMS, async (t) => {
  const judges = await labIn.external();
  await ftpOn(judges, 'internet', 'external', I.address);
  const passive = await judges.run('client', fetching(I.address, ...PASV));
  t.is(passive.code, 0, passive.err);
  t.is(passive.bytes.length, FILE_BYTES);
  answers.add(passive, 'outbound, passive', reply(passive, 226) ?? '');
  const active = await judges.run('client', fetching(I.address, ...ACTIVE));
  t.regex(active.err, /^< 500 Illegal PORT command\./m);
  t.is(active.code, 30, active.err);
  answers.add(
    active,
    'outbound, active: no application gateway rewrites PORT',
    '500 Illegal PORT command.; exit code 30',
  );
});

judgeTest('FTP: forwards of two hairpin modes make one client look like two', PROGRAMS, async (t) => {
  const judges = await mixed();
  await ftpOn(judges, 'server', 'mixed', P.address);
  const said = await judges.run('client', fetching(P.address, ...PASV));
  t.is(reply(said, 425), '425 Security: Bad IP connecting.', said.err);
  t.not(said.code, 0);
  answers.add(
    said,
    'control `external`, data `lan`',
    `425 Security: Bad IP connecting; exit code ${said.code}`,
  );
});

answers.checkPage(PROGRAMS);
