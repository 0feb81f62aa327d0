import { defineCommands } from '../../commands';

const group = 'repeater.group';

// A browser keeps Ctrl+W and Ctrl+Tab for its own tabs: the second keys work there, too.
defineCommands([
  { id: 'repeater.send', title: 'repeater.command.send', group, keys: ['Mod+Enter'], scope: 'repeater' },
  { id: 'repeater.stop', title: 'repeater.command.stop', group, keys: ['Mod+Backspace'], scope: 'repeater' },
  { id: 'repeater.new', title: 'repeater.command.new', group, keys: ['Alt+N'], scope: 'repeater' },
  {
    id: 'repeater.close',
    title: 'repeater.command.close',
    group,
    keys: ['Mod+W', 'Alt+W'],
    scope: 'repeater',
  },
  {
    id: 'repeater.reopen',
    title: 'repeater.command.reopen',
    group,
    keys: ['Mod+Shift+T', 'Alt+Shift+W'],
    scope: 'repeater',
  },
  {
    id: 'repeater.next',
    title: 'repeater.command.next',
    group,
    keys: ['Ctrl+Tab', 'Alt+PageDown'],
    scope: 'repeater',
  },
  {
    id: 'repeater.previous',
    title: 'repeater.command.previous',
    group,
    keys: ['Ctrl+Shift+Tab', 'Alt+PageUp'],
    scope: 'repeater',
  },
  { id: 'repeater.rename', title: 'repeater.command.rename', group, keys: ['F2'], scope: 'repeater' },
  { id: 'repeater.raw', title: 'repeater.command.raw', group, keys: ['Alt+R'], scope: 'repeater' },
  { id: 'repeater.diff', title: 'repeater.command.diff', group, keys: ['D', 'Alt+D'], scope: 'repeater' },
]);
