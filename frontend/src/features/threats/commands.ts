import { defineCommands } from '../../commands';

const group = 'threats.title';

defineCommands([
  { id: 'threats.filter', title: 'threats.command.filter', group, keys: ['/'], scope: 'threats' },
  { id: 'threats.next', title: 'threats.command.next', group, keys: ['J'], scope: 'threats' },
  { id: 'threats.previous', title: 'threats.command.previous', group, keys: ['K'], scope: 'threats' },
  { id: 'threats.open', title: 'threats.command.open', group, keys: ['Enter'], scope: 'threats' },
  { id: 'threats.close', title: 'threats.command.close', group, keys: ['Escape'], scope: 'threats' },
  { id: 'threats.all', title: 'threats.command.all', group, keys: ['Mod+A'], scope: 'threats' },
  { id: 'threats.confirmed', title: 'threats.command.confirmed', group, keys: ['C'], scope: 'threats' },
  { id: 'threats.closed', title: 'threats.command.closed', group, keys: ['X'], scope: 'threats' },
  { id: 'threats.harmless', title: 'threats.command.harmless', group, keys: ['H'], scope: 'threats' },
  { id: 'threats.new', title: 'threats.command.new', group, keys: ['N'], scope: 'threats' },
]);
