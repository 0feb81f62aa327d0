import { defineCommands } from '../../commands';

const group = 'tests.title';

defineCommands([
  { id: 'tests.library', title: 'tests.command.library', group, keys: [], scope: 'global' },
  { id: 'tests.plan', title: 'tests.command.plan', group, keys: [], scope: 'global' },
  { id: 'tests.runs', title: 'tests.command.runs', group, keys: [], scope: 'global' },
  { id: 'tests.filter', title: 'tests.command.filter', group, keys: ['/'], scope: 'tests' },
  { id: 'tests.next', title: 'tests.command.next', group, keys: ['J'], scope: 'tests' },
  { id: 'tests.previous', title: 'tests.command.previous', group, keys: ['K'], scope: 'tests' },
  { id: 'tests.open', title: 'tests.command.open', group, keys: ['Enter'], scope: 'tests' },
  { id: 'tests.close', title: 'tests.command.close', group, keys: ['Escape'], scope: 'tests' },
  { id: 'tests.run', title: 'tests.command.run', group, keys: ['Mod+Enter'], scope: 'tests' },
  { id: 'tests.pause', title: 'tests.command.pause', group, keys: [], scope: 'tests' },
  {
    id: 'tests.falsePositive',
    title: 'tests.command.falsePositive',
    group,
    keys: ['F'],
    scope: 'tests',
  },
  { id: 'tests.verified', title: 'tests.command.verified', group, keys: ['V'], scope: 'tests' },
  { id: 'tests.accept', title: 'tests.command.accept', group, keys: ['A'], scope: 'tests' },
  { id: 'tests.diff', title: 'tests.command.diff', group, keys: ['D'], scope: 'tests' },
]);
