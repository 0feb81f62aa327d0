import { defineCommands } from '../commands';

const view = 'frame.group.view';
const screens = 'frame.group.go';
const project = 'frame.group.project';

// Digits follow the rail.
defineCommands([
  { id: 'frame.home', title: 'frame.command.home', group: screens, keys: ['Mod+1'], scope: 'global' },
  { id: 'frame.traffic', title: 'frame.command.traffic', group: screens, keys: ['Mod+2'], scope: 'global' },
  {
    id: 'frame.inventory',
    title: 'frame.command.inventory',
    group: screens,
    keys: ['Mod+3'],
    scope: 'global',
  },
  { id: 'frame.models', title: 'frame.command.models', group: screens, keys: ['Mod+4'], scope: 'global' },
  { id: 'frame.repeater', title: 'frame.command.repeater', group: screens, keys: ['Mod+5'], scope: 'global' },
  { id: 'frame.tests', title: 'frame.command.tests', group: screens, keys: ['Mod+6'], scope: 'global' },
  { id: 'frame.findings', title: 'frame.command.findings', group: screens, keys: ['Mod+7'], scope: 'global' },
  { id: 'frame.policies', title: 'frame.command.policies', group: screens, keys: ['Mod+8'], scope: 'global' },
  { id: 'frame.reports', title: 'frame.command.reports', group: screens, keys: ['Mod+9'], scope: 'global' },
  { id: 'frame.setup', title: 'frame.command.setup', group: screens, keys: [], scope: 'global' },
  {
    id: 'frame.settings',
    title: 'frame.command.settings',
    group: screens,
    keys: ['Mod+Comma'],
    scope: 'global',
  },
  { id: 'frame.back', title: 'frame.command.back', group: screens, keys: ['Alt+ArrowLeft'], scope: 'global' },
  { id: 'frame.palette', title: 'frame.command.palette', group: screens, keys: ['Mod+K'], scope: 'global' },
  { id: 'frame.keys', title: 'frame.command.keys', group: screens, keys: ['?'], scope: 'global' },
  { id: 'frame.nextPane', title: 'frame.command.nextPane', group: screens, keys: ['F6'], scope: 'global' },
  {
    id: 'frame.previousPane',
    title: 'frame.command.previousPane',
    group: screens,
    keys: ['Shift+F6'],
    scope: 'global',
  },

  { id: 'frame.capture', title: 'frame.command.capture', group: project, keys: ['Mod+.'], scope: 'global' },
  { id: 'frame.openProject', title: 'frame.project.open', group: project, keys: ['Mod+O'], scope: 'global' },
  { id: 'frame.newProject', title: 'frame.project.create', group: project, keys: [], scope: 'global' },
  { id: 'frame.undo', title: 'frame.command.undo', group: project, keys: ['Mod+Z'], scope: 'global' },
  {
    id: 'frame.redo',
    title: 'frame.command.redo',
    group: project,
    keys: ['Mod+Shift+Z', 'Mod+Y'],
    scope: 'global',
  },

  { id: 'frame.themeAuto', title: 'frame.command.themeAuto', group: view, keys: [], scope: 'global' },
  { id: 'frame.themeDark', title: 'frame.command.themeDark', group: view, keys: [], scope: 'global' },
  { id: 'frame.themeLight', title: 'frame.command.themeLight', group: view, keys: [], scope: 'global' },
  { id: 'frame.themeContrast', title: 'frame.command.themeContrast', group: view, keys: [], scope: 'global' },
  { id: 'frame.density', title: 'frame.command.density', group: view, keys: [], scope: 'global' },
  {
    id: 'frame.larger',
    title: 'frame.command.larger',
    group: view,
    keys: ['Mod+=', 'Mod+Plus'],
    scope: 'global',
  },
  { id: 'frame.smaller', title: 'frame.command.smaller', group: view, keys: ['Mod+-'], scope: 'global' },
  { id: 'frame.ordinary', title: 'frame.command.ordinary', group: view, keys: ['Mod+0'], scope: 'global' },
]);
