import { defineCommands } from '../../commands';

const group = 'models.title';

defineCommands([
  { id: 'models.add', title: 'models.command.add', group, keys: [], scope: 'global' },
  { id: 'models.roles', title: 'models.command.roles', group, keys: [], scope: 'global' },
  { id: 'models.filter', title: 'models.command.filter', group, keys: ['/'], scope: 'models' },
  { id: 'models.import', title: 'models.command.import', group, keys: ['I'], scope: 'models' },
  { id: 'models.next', title: 'models.command.next', group, keys: ['J'], scope: 'models' },
  { id: 'models.previous', title: 'models.command.previous', group, keys: ['K'], scope: 'models' },
  { id: 'models.open', title: 'models.command.open', group, keys: ['Enter'], scope: 'models' },
  { id: 'models.close', title: 'models.command.close', group, keys: ['Escape'], scope: 'models' },
  { id: 'models.submit', title: 'models.command.submit', group, keys: ['Mod+Enter'], scope: 'models' },
  { id: 'models.test', title: 'models.command.test', group, keys: ['Mod+T'], scope: 'models' },
  { id: 'models.traffic', title: 'models.command.traffic', group, keys: ['T'], scope: 'models' },
]);
