/* send-udp.ts ADDRESS LENGTH SEGMENT: one datagram of LENGTH bytes; SEGMENT > 0 asks the card to cut it up. */
import * as libc from '../../../host-tools/lab/kernel/libc.ts';

const SOL_UDP = 17;
const UDP_SEGMENT = 103;
const PORT = 5000;

const [address, length, segment] = process.argv.slice(2);
const fd = libc.socket(libc.AF_INET, libc.SOCK_DGRAM, 0);
/** struct sockaddr_in: family, port, address, zeros. */
const to = Buffer.alloc(16);
to.writeUInt16LE(libc.AF_INET, 0);
to.writeUInt16BE(PORT, 2);
to.set(address.split('.').map(Number), 4);
const size = Buffer.alloc(4);
size.writeInt32LE(Number(segment));
if (Number(segment) > 0 && libc.setsockopt(fd, SOL_UDP, UDP_SEGMENT, size, 4) < 0)
  throw new Error(libc.errorName(libc.lastError()));
if (libc.connect(fd, to, to.length) < 0) throw new Error(libc.errorName(libc.lastError()));
const body = Buffer.alloc(Number(length), 'a datagram ');
if (libc.send(fd, body, body.length, 0) < 0) throw new Error(libc.errorName(libc.lastError()));
