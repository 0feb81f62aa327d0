import { defineCommands } from '../../commands';

const group = 'actions.group';

defineCommands([
  {
    id: 'actions.menu',
    title: 'actions.command.menu',
    group,
    keys: ['Shift+F10', 'ContextMenu'],
    scope: 'list',
  },
  { id: 'actions.copy', title: 'actions.command.copy', group, keys: ['Mod+C'], scope: 'list' },
  { id: 'actions.export', title: 'actions.command.export', group, keys: ['Mod+E'], scope: 'list' },
]);
