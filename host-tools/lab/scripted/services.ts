/*
 * What S and I serve in a scripted lab: the same greeting, HTTP and UDP echo as the programs of the kernel lab
 * (ServerInfo in lab.ts describes them).
 */
import type { ServerInfo } from '../lab.ts';
import type { ScriptedHost } from './host.ts';
import type { TcpConnection } from './tcp.ts';

/** Opens the ports of `info` on a host; `body` is what HTTP delivers. */
export function serve(host: ScriptedHost, info: Omit<ServerInfo, 'address'>, body: Uint8Array): void {
  host.tcpListeners.set(info.greetingPort, (connection, peer) => {
    connection.onEstablished = () => {
      connection.write(Buffer.from(`220 you are ${peer}\r\n`, 'latin1'));
      connection.end();
    };
  });
  host.tcpListeners.set(info.httpPort, (connection, peer) => serveHttp(connection, peer, body));
  host.udpListeners.set(info.echoPort, (packet) => {
    const seenAs = `${packet.source}:${packet.sourcePort}`;
    const answer = Buffer.concat([Buffer.from(`${seenAs} `, 'latin1'), packet.payload]);
    const from = { address: packet.target, port: info.echoPort };
    host.sendUdp(from, { address: packet.source, port: packet.sourcePort }, answer);
  });
}

/** One request, one answer, the end. */
function serveHttp(connection: TcpConnection, peer: string, body: Uint8Array): void {
  let request = '';
  connection.onData = (data) => {
    request += Buffer.from(data).toString('latin1');
    if (!request.includes('\r\n\r\n')) return;
    const found = request.startsWith('GET /8mb ');
    const head = [
      found ? 'HTTP/1.1 200 OK' : 'HTTP/1.1 404 Not Found',
      `X-Seen-As: ${peer}`,
      `Content-Length: ${found ? body.length : 0}`,
      'Connection: close',
    ];
    connection.write(Buffer.from(head.join('\r\n') + '\r\n\r\n', 'latin1'));
    if (found) connection.write(body);
    connection.end();
  };
}
