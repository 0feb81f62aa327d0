import { defineCommands } from '../../commands';

defineCommands([
  view('exchange.chat', 'exchange.views.chat', '1'),
  view('exchange.pretty', 'exchange.views.pretty', '2'),
  view('exchange.raw', 'exchange.views.raw', '3'),
  view('exchange.hex', 'exchange.views.hex', '4'),
  view('exchange.stream', 'exchange.views.stream', '5'),
  {
    id: 'exchange.find',
    title: 'exchange.find.command',
    group: 'exchange.group',
    keys: ['Mod+F'],
    scope: 'viewer',
  },
  {
    id: 'exchange.next',
    title: 'exchange.find.next',
    group: 'exchange.group',
    keys: ['N'],
    scope: 'viewer',
  },
  {
    id: 'exchange.previous',
    title: 'exchange.find.previous',
    group: 'exchange.group',
    keys: ['P'],
    scope: 'viewer',
  },
]);

// A list beside the detail takes these keys too when it says data-scope="list viewer".
function view(id: string, title: string, key: string) {
  return { id, title, group: 'exchange.group', keys: [key], scope: 'viewer' as const };
}
