/* `hairpin run` without the command line: run-router.ts WAN LAN CONFIG. */
import { UserError } from '../../../host-tools/cli/user-error.ts';
import { runRouter } from '../../../host-tools/run/run.ts';

const [wan, lan, config] = process.argv.slice(2);
try {
  process.exitCode = await runRouter({ wan, lan, config });
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  console.error(error.message);
  process.exitCode = error.exitCode;
}
