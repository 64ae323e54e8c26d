/*
 * `hairpin config check`: a configuration file by itself, without a board.
 */
import { describeConfig } from '../../../firmware/config/describe.ts';
import { type ConfigFile, readConfigFile } from '../../cli/config-file.ts';
import { UserError } from '../../cli/user-error.ts';
import { type Edges, terminal } from '../console/session.ts';
import { counted } from '../watch/table.ts';

const schema = 'hairpin.config-check/1';

/** Reads it as the router would; 0 it is right, 1 it is not and a sentence says where. @throws UserError without a file */
export function runCheck(file: string, { json }: { json: boolean }, edges: Edges = terminal): number {
  let read: ConfigFile;
  try {
    read = readConfigFile(file);
  } catch (error) {
    // A file that cannot be read was not checked.
    if (!(error instanceof UserError) || !error.message.startsWith(`${file}:`)) throw error;
    if (json) edges.print(JSON.stringify({ schema, file, right: false, error: error.message }));
    else edges.print(error.message);
    return 1;
  }
  const { config, warnings } = read;
  if (json) {
    const described = JSON.parse(describeConfig(config)) as object;
    edges.print(JSON.stringify({ schema, file, right: true, warnings, config: described }));
  } else {
    edges.print([`${file} is right: ${counted(config.forwards.length, 'forward')}.`, ...warnings].join('\n'));
  }
  return 0;
}
