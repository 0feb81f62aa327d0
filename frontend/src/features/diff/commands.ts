import { defineCommands } from '../../commands';

const group = 'diff.group';

defineCommands([
  { id: 'diff.next', title: 'diff.command.next', group, keys: ['N'], scope: 'viewer' },
  { id: 'diff.previous', title: 'diff.command.previous', group, keys: ['P'], scope: 'viewer' },
  { id: 'diff.swap', title: 'diff.command.swap', group, keys: ['X'], scope: 'viewer' },
  { id: 'diff.beside', title: 'diff.command.beside', group, keys: ['B'], scope: 'viewer' },
]);
