/* responder.ts PORT: what `hairpin bench respond` runs, until it is killed. Prints "ready" first. */
import { Responder } from '../../../host-tools/bench/responder.ts';

await Responder.open({ port: Number(process.argv[2]), outside: false });
process.stdout.write('ready\n');
