import { defineCommands } from '../../commands';

const group = 'findings.title';

defineCommands([
  { id: 'findings.filter', title: 'findings.command.filter', group, keys: ['/'], scope: 'findings' },
  { id: 'findings.next', title: 'findings.command.next', group, keys: ['J'], scope: 'findings' },
  { id: 'findings.previous', title: 'findings.command.previous', group, keys: ['K'], scope: 'findings' },
  { id: 'findings.open', title: 'findings.command.open', group, keys: ['Enter'], scope: 'findings' },
  { id: 'findings.close', title: 'findings.command.close', group, keys: ['Escape'], scope: 'findings' },
  { id: 'findings.all', title: 'findings.command.all', group, keys: ['Mod+A'], scope: 'findings' },
  { id: 'findings.verified', title: 'findings.command.verified', group, keys: ['V'], scope: 'findings' },
  { id: 'findings.accepted', title: 'findings.command.accepted', group, keys: ['A'], scope: 'findings' },
  {
    id: 'findings.false_positive',
    title: 'findings.command.falsePositive',
    group,
    keys: ['F'],
    scope: 'findings',
  },
  { id: 'findings.fixed', title: 'findings.command.fixed', group, keys: ['X'], scope: 'findings' },
  { id: 'findings.new', title: 'findings.command.new', group, keys: ['N'], scope: 'findings' },
  { id: 'findings.repeater', title: 'findings.command.repeater', group, keys: ['Mod+R'], scope: 'findings' },
]);
