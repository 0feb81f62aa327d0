import { defineCommands } from '../../commands';

const group = 'inventory.title';

defineCommands([
  { id: 'inventory.endpoints', title: 'inventory.command.endpoints', group, keys: [], scope: 'global' },
  { id: 'inventory.assets', title: 'inventory.command.assets', group, keys: [], scope: 'global' },
  { id: 'inventory.sensitive', title: 'inventory.command.sensitive', group, keys: [], scope: 'global' },
  { id: 'inventory.changes', title: 'inventory.command.changes', group, keys: [], scope: 'global' },
  { id: 'inventory.map', title: 'inventory.command.map', group, keys: [], scope: 'global' },
  { id: 'inventory.filter', title: 'inventory.command.filter', group, keys: ['/'], scope: 'inventory' },
  { id: 'inventory.next', title: 'inventory.command.next', group, keys: ['J'], scope: 'inventory' },
  { id: 'inventory.previous', title: 'inventory.command.previous', group, keys: ['K'], scope: 'inventory' },
  { id: 'inventory.open', title: 'inventory.command.open', group, keys: ['Enter'], scope: 'inventory' },
  { id: 'inventory.close', title: 'inventory.command.close', group, keys: ['Escape'], scope: 'inventory' },
  { id: 'inventory.traffic', title: 'inventory.command.traffic', group, keys: ['T'], scope: 'inventory' },
  { id: 'inventory.merge', title: 'inventory.command.merge', group, keys: ['M'], scope: 'inventory' },
  { id: 'inventory.types', title: 'inventory.command.types', group, keys: [], scope: 'global' },
  { id: 'inventory.documents', title: 'inventory.command.documents', group, keys: [], scope: 'global' },
  { id: 'inventory.csv', title: 'inventory.command.csv', group, keys: [], scope: 'global' },
  { id: 'inventory.json', title: 'inventory.command.json', group, keys: [], scope: 'global' },
  { id: 'inventory.openapi', title: 'inventory.command.openapi', group, keys: [], scope: 'global' },
]);
