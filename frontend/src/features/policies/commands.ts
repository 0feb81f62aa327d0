import { defineCommands } from '../../commands';

const group = 'policies.title';

defineCommands([
  { id: 'policies.new', title: 'policies.command.new', group, keys: [], scope: 'global' },
  { id: 'policies.rulings', title: 'policies.command.rulings', group, keys: [], scope: 'global' },
  { id: 'policies.ask', title: 'policies.command.ask', group, keys: ['Mod+Shift+A'], scope: 'global' },
  { id: 'policies.add', title: 'policies.command.add', group, keys: ['N'], scope: 'policies' },
  { id: 'policies.presets', title: 'policies.command.presets', group, keys: ['P'], scope: 'policies' },
  { id: 'policies.next', title: 'policies.command.next', group, keys: ['J'], scope: 'policies' },
  { id: 'policies.previous', title: 'policies.command.previous', group, keys: ['K'], scope: 'policies' },
  { id: 'policies.open', title: 'policies.command.open', group, keys: ['Enter'], scope: 'policies' },
  { id: 'policies.close', title: 'policies.command.close', group, keys: ['Escape'], scope: 'policies' },
  { id: 'policies.switch', title: 'policies.command.switch', group, keys: ['O'], scope: 'policies' },
  { id: 'policies.remove', title: 'policies.command.remove', group, keys: ['Delete'], scope: 'policies' },
  { id: 'policies.submit', title: 'policies.command.submit', group, keys: ['Mod+Enter'], scope: 'policies' },
  { id: 'policies.yes', title: 'policies.command.yes', group, keys: ['Y'], scope: 'approvals' },
  { id: 'policies.no', title: 'policies.command.no', group, keys: ['N'], scope: 'approvals' },
  { id: 'policies.later', title: 'policies.command.later', group, keys: ['Escape'], scope: 'approvals' },
]);
