/** docs/configuration.md and boards/README.md against the code: every key, every default, every example. */
import test from 'ava';
import { maxDocumentLength } from '../../firmware/config/json.ts';
import * as schema from '../../firmware/config/schema.ts';
import { parseConfig } from '../../firmware/config/validate.ts';
import { homeText, readProjectFile } from './documents.ts';

const configuration = readProjectFile('docs/configuration.md');
const boards = readProjectFile('boards/README.md');

const jsonBlocks = (page: string) => [...page.matchAll(/```json\n(.*?)```/gs)].map((match) => match[1]);

/** The rows of the table of keys: key, meaning, values, default. */
const rows = configuration
  .split('\n')
  .filter((line) => /^\| `((wan|lan|nat|forwards|dns|log)[.[]|dmz`|dns`)/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()));

test('the table has every key, in the order of the schema, and no other', (t) => {
  const named = (place: string, keys: string[]) => keys.map((key) => `\`${place}.${key}\``);
  t.deepEqual(
    rows.map((cells) => cells[1]),
    [
      ...named('wan', schema.wanKeys),
      ...named('lan', schema.lanKeys),
      ...named('lan.dhcp', schema.dhcpKeys),
      ...named('lan.dhcp.hosts[]', schema.hostKeys),
      ...named(
        'nat',
        schema.natKeys.filter((key) => key !== 'timeouts'),
      ),
      ...named(
        'nat.timeouts',
        schema.timeoutRules.map((rule) => rule.key),
      ),
      ...named('forwards[]', schema.forwardKeys),
      '`dmz`',
      '`dns`',
      ...named('dns', schema.dnsKeys),
      ...named('log', schema.logKeys),
    ],
  );
});

test('the table has the limits and defaults of the schema', (t) => {
  const cell = (key: string, column: number) => rows.find((cells) => cells[1] === `\`${key}\``)?.[column];
  for (const { key, initial, least } of schema.timeoutRules) {
    t.is(cell(`nat.timeouts.${key}`, 3), `${least} to ${schema.maxTimeout}`);
    t.is(cell(`nat.timeouts.${key}`, 4), String(initial));
  }
  t.is(cell('wan.mtu', 3), `${schema.minMtu} to ${schema.maxMtu}`);
  t.is(cell('wan.mtu', 4), String(schema.maxMtu));
  t.is(
    cell('wan.address', 3),
    `address/prefix, /${schema.minWanPrefix} to /${schema.maxPrefix}, or \`dhcp\``,
  );
  t.is(cell('lan.domain', 3), `1 to ${schema.maxDomain} of \`a-z\`, \`0-9\`, \`-\`, \`.\``);
  t.is(cell('lan.domain', 4), schema.usualDomain);
  t.is(cell('lan.dhcp.first', 4), `the ${schema.usualPool}th`);
  t.is(cell('lan.dhcp.last', 4), `${schema.usualPool - 1} further on`);
  t.is(cell('lan.dhcp.lease', 3), `${schema.minLease} to ${schema.maxLease}`);
  t.is(cell('lan.dhcp.lease', 4), String(schema.usualLease));
  t.is(cell('lan.dhcp.hosts', 3), `list of up to ${schema.maxHosts}`);
  t.is(cell('lan.dhcp.hosts[].name', 3), `1 to ${schema.maxHostName} of \`a-z\`, \`0-9\`, \`-\``);
  t.is(cell('dns.servers', 3), `list of up to ${schema.maxResolvers} addresses`);
  t.is(cell('lan.address', 3), `address/prefix, /${schema.minLanPrefix} to /${schema.maxPrefix}`);
  t.is(cell('forwards[].proto', 3), schema.forwardProtocols.map((name) => `\`${name}\``).join(', '));
  t.is(cell('forwards[].name', 3), `1 to ${schema.maxNameLength} of \`a-z\`, \`0-9\`, \`-\``);
  t.is(cell('forwards[].hairpin', 4), schema.hairpinModes[0]);
  t.regex(configuration, new RegExp(`room for ${schema.maxForwards} forwards`));
  t.regex(configuration, new RegExp(`At most ${maxDocumentLength} characters`));
});

test('every hairpin mode is explained', (t) => {
  for (const mode of schema.hairpinModes) t.regex(configuration, new RegExp(`^\\| \`${mode}\` +\\|`, 'm'));
});

test('the examples are accepted without a warning', (t) => {
  const examples = jsonBlocks(configuration);
  t.is(examples.length, 3);
  t.is(bare(examples[0]), bare(homeText));
  for (const example of examples) {
    const parsed = parseConfig(example, 'hairpin.json');
    t.deepEqual('error' in parsed ? parsed.error : parsed.warnings, []);
  }
});

test('the examples of boards are the boards they name', (t) => {
  const examples = jsonBlocks(boards);
  t.is(examples.length, 2);
  for (const example of examples) {
    const { board } = JSON.parse(example) as { board: string };
    t.is(bare(example), bare(readProjectFile(`boards/${board}/board.json`)));
  }
});

/** Without the spaces that depend on the length of a line. */
const bare = (json: string) => JSON.stringify(JSON.parse(json));
