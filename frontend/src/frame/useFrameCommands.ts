import { useCommand } from '../commands';
import { openPalette } from '../commands/Palette';
import { openSheet } from '../commands/Sheet';
import { useInventoryCommands } from '../features/inventory/everywhere';
import { useModelsCommands } from '../features/models/everywhere';
import { usePoliciesCommands } from '../features/policies/everywhere';
import { useReportsCommands } from '../features/reports/everywhere';
import { useTestsCommands } from '../features/tests/everywhere';
import { t } from '../i18n';
import { appearanceDefaults, useAppearance } from '../theme/appearance';
import { useCapture } from './capture';
import { useNav } from './nav';
import { notifyDone, notifyError, undoAct } from './notify';
import { nextPane } from './panes';
import { useProjects } from './project';
import { useSession } from './session';
import { doAgain, useUndo } from './undo';

/** useFrameCommands gives the commands of the frame something to do; mounted once. */
export function useFrameCommands(): void {
  useScreens();
  useInventoryCommands();
  useModelsCommands();
  useTestsCommands();
  usePoliciesCommands();
  useReportsCommands();
  useProject();
  useLook();
  useCommand('frame.palette', openPalette);
  useCommand('frame.keys', openSheet);
  useCommand('frame.nextPane', () => nextPane(1));
  useCommand('frame.previousPane', () => nextPane(-1));
}

function useScreens() {
  const { go, back, past } = useNav();
  useCommand('frame.home', () => go('home'));
  useCommand('frame.traffic', () => go('traffic'));
  useCommand('frame.inventory', () => go('inventory'));
  useCommand('frame.models', () => go('models'));
  useCommand('frame.repeater', () => go('repeater'));
  useCommand('frame.tests', () => go('tests'));
  useCommand('frame.findings', () => go('findings'));
  useCommand('frame.policies', () => go('policies'));
  useCommand('frame.reports', () => go('reports'));
  useCommand('frame.setup', () => go('setup'));
  useCommand('frame.settings', () => go('settings'));
  useCommand('frame.back', back, past.length > 0);
}

function useProject() {
  const open = useSession().data?.project.open ?? false;
  const { toggle } = useCapture();
  const { choose, create } = useProjects();
  const { done, undone } = useUndo();
  useCommand('frame.capture', toggle, open);
  useCommand('frame.openProject', choose);
  useCommand('frame.newProject', create);
  useCommand('frame.undo', () => void undoAct(), done.length > 0);
  useCommand('frame.redo', () => void redo(), undone.length > 0);
}

async function redo() {
  try {
    const act = await doAgain();
    if (act) notifyDone(t('frame.undo.redone', { what: act.text }));
  } catch (reason) {
    notifyError(reason);
  }
}

function useLook() {
  const { set, density, fontSize } = useAppearance();
  useCommand('frame.themeAuto', () => set({ theme: 'auto' }));
  useCommand('frame.themeDark', () => set({ theme: 'dark' }));
  useCommand('frame.themeLight', () => set({ theme: 'light' }));
  useCommand('frame.themeContrast', () => set({ theme: 'contrast' }));
  useCommand('frame.density', () => set({ density: density === 'compact' ? 'comfortable' : 'compact' }));
  useCommand('frame.larger', () => set({ fontSize: fontSize + 1 }));
  useCommand('frame.smaller', () => set({ fontSize: fontSize - 1 }));
  useCommand('frame.ordinary', () => set({ fontSize: appearanceDefaults.fontSize }));
}
