/*
 * service.ts greeting|page PORT NAME: a service that knows nothing of bench - one that greets and names a time that
 * changes, or a web page. Prints "ready" first.
 */
import { once } from 'node:events';
import { createServer as createWebServer } from 'node:http';
import { createServer } from 'node:net';

const [kind, port, name] = process.argv.slice(2);
const server =
  kind === 'page'
    ? createWebServer((_, response) => {
        response.setHeader('Server', name);
        response.end(`<title>${name}</title>`);
      })
    : createServer((socket) => {
        socket.on('error', () => socket.destroy());
        socket.end(`220 mail of ${name} at ${process.hrtime.bigint()} for ${socket.remoteAddress}\r\n`);
      });
server.listen(Number(port), '0.0.0.0');
await once(server, 'listening');
process.stdout.write('ready\n');
