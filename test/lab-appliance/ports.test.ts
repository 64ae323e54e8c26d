/*
 * A port that a LAN host asks for by itself: natpmpc, unmodified software that knows nothing of us, maps one by NAT-PMP, and
 * datagrams reach it from the Internet and around the hairpin.
 */
import { CAST } from '../../host-tools/lab/lab.ts';
import { judgeTest, labWith, type JudgesLab } from '../lab-judges/judges-lab.ts';

const { G, I, P, R } = CAST;
const lab = labWith({
  config: {
    wan: { address: `${P.address}/24`, gateway: G.address, mac: P.mac },
    lan: { address: `${R.address}/24`, mac: R.mac },
    nat: { natPmp: true },
  },
});

/** The port, outside and inside. */
const PORT = 6000;

/** natpmpc on C asks for the port. @param seconds 0 takes it away @returns what it printed, and how it ended */
async function map(judges: JudgesLab, seconds: number): Promise<string> {
  const words = ['natpmpc', '-g', R.address, '-a', `${PORT}`, `${PORT}`, 'udp', `${seconds}`];
  const { out, err, code } = await judges.run('client', words);
  return `${out}${err}exit ${code}`;
}

/** Sends a line to P's port. @param source the sender's own port @returns what C heard there, or nothing */
async function reach(judges: JudgesLab, host: 'internet' | 'server', source: number): Promise<string> {
  const heard = 'SYSTEM:read word; echo $word from $SOCAT_PEERADDR $SOCAT_PEERPORT';
  const listener = ['socat', '-T', '3', `UDP4-RECVFROM:${PORT}`, heard];
  const { ended } = await judges.serve('client', listener, ['udp', PORT], 4);
  const words = ['socat', '-t', '2', '-', `UDP4:${P.address}:${PORT},sourceport=${source}`];
  const said = await judges.run(host, words, 10, 'hello\n');
  await ended;
  return said.out.trim();
}

judgeTest(
  'natpmpc maps a port, which is reached from the Internet and around the hairpin until it is taken away',
  ['natpmpc', 'socat'],
  async (t) => {
    const judges = await lab();
    t.is(await reach(judges, 'internet', 53000), '', 'nobody has asked for it yet');
    const said = await map(judges, 60);
    t.regex(said, /Public IP address : 12\.0\.0\.1\n/);
    t.regex(said, /Mapped public port 6000 protocol UDP to local port 6000 li[a-z]+ 60\n/);
    t.regex(said, /exit 0$/);
    t.is(await reach(judges, 'internet', 53001), `hello from ${I.address} 53001`);
    t.is(await reach(judges, 'server', 53002), `hello from ${P.address} 53002`);
    t.regex(await map(judges, 0), /exit 0$/);
    t.is(await reach(judges, 'internet', 53003), '', 'it is taken away');
  },
);
