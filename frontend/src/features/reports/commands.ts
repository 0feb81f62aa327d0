import { defineCommands } from '../../commands';

const group = 'reports.title';

defineCommands([
  { id: 'reports.new', title: 'reports.command.new', group, keys: [], scope: 'global' },
  { id: 'reports.executive', title: 'reports.command.executive', group, keys: [], scope: 'global' },
  { id: 'reports.technical', title: 'reports.command.technical', group, keys: [], scope: 'global' },
  { id: 'reports.retest', title: 'reports.command.retest', group, keys: [], scope: 'global' },
  { id: 'reports.list', title: 'reports.command.list', group, keys: [], scope: 'global' },
  { id: 'reports.export', title: 'reports.command.export', group, keys: ['Mod+E'], scope: 'reports' },
  { id: 'reports.bundle', title: 'reports.command.bundle', group, keys: ['Mod+Shift+E'], scope: 'reports' },
  { id: 'reports.refresh', title: 'reports.command.refresh', group, keys: ['R'], scope: 'reports' },
  { id: 'reports.preview', title: 'reports.command.preview', group, keys: ['P'], scope: 'reports' },
  { id: 'reports.hidden', title: 'reports.command.hidden', group, keys: ['H'], scope: 'reports' },
  { id: 'reports.made', title: 'reports.command.made', group, keys: ['M'], scope: 'reports' },
]);
