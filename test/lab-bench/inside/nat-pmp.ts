/* nat-pmp.ts ADDRESS: a router's word on its public address (RFC 6886 section 3.2). Prints "ready" first. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { NAT_PMP_PORT } from '../../../host-tools/bench/gateway/nat-pmp.ts';

const answer = Buffer.from([0, 128, 0, 0, 0, 0, 0, 1, ...process.argv[2].split('.').map(Number)]);
const socket = createSocket('udp4');
socket.on('message', (_, { address, port }) => socket.send(answer, port, address));
socket.bind(NAT_PMP_PORT);
await once(socket, 'listening');
process.stdout.write('ready\n');
