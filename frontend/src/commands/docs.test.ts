// The table of keys in docs/window.md is written from the commands: npx vitest run src/commands/docs.test.ts -u
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { t } from '../i18n';
import { type Command, type Scope, useRegistry } from '.';
import { caps } from './keys';

import.meta.glob(['../features/*/commands.ts', '../frame/commands.ts'], { eager: true });

const guide = '../docs/window.md'; // from the folder vitest runs in
const [begin, end] = ['<!-- keys: written by frontend/src/commands/docs.test.ts -->', '<!-- end of keys -->'];

const places: Record<Scope, string> = {
  global: 'anywhere',
  list: 'a list',
  viewer: 'an exchange or a comparison',
  repeater: 'the Repeater',
  inventory: 'the inventory',
  models: 'the models',
  tests: 'the tests',
  findings: 'the findings',
  threats: 'the watch',
  policies: 'the policies',
  reports: 'a report',
  approvals: 'what waits for you',
};

/** written gives one combination as Markdown; ` and | would end it. */
function written(keys: string): string {
  return `\`${caps(keys, false).join('+').replaceAll('|', '\\|')}\``;
}

function line(command: Command): string {
  const keys = command.keys.map(written).join(', ') || 'none';
  return `| ${keys} | ${t(command.title)} | ${places[command.scope]} |`;
}

function tables(commands: Command[]): string {
  const groups = new Map<string, Command[]>();
  for (const command of commands) {
    const group = t(command.group);
    groups.set(group, [...(groups.get(group) ?? []), command]);
  }
  return [...groups]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(
      ([group, list]) =>
        `**${group}**\n\n| keys | what they do | while the focus is in |\n|---|---|---|\n${list.map(line).join('\n')}\n`,
    )
    .join('\n');
}

test('the guide lists every command with its keys', async () => {
  const commands = [...useRegistry.getState().commands.values()];
  expect(commands.length).toBeGreaterThan(50);
  const text = readFileSync(guide, 'utf8');
  const [before, after] = [text.split(begin)[0], text.split(end)[1]];
  expect(after, 'the marks around the table').toBeDefined();
  const fresh = `${before}${begin}\n\n${tables(commands)}\n${end}${after}`;
  await expect(fresh).toMatchFileSnapshot(`../../../${guide.replace('../', '')}`);
});
