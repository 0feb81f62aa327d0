import { type RefObject, useEffect } from 'react';
import { useCommand } from '../../commands';
import { useNav } from '../../frame/nav';
import { decrypt, passThrough } from '../actions/act';
import { sendToRepeater } from '../repeater/send';
import { sendToTests } from '../tests/send';
import { change, chosen, foldAll, followOn, moveTo, selectAll } from './controller';
import { live } from './live';
import { remove, rowAtCursor, setColour } from './marks';
import { type Popover, useTraffic } from './store';

const get = useTraffic.getState;

function move(by: number) {
  const { cursor } = get().selection;
  const { count } = live.snapshot();
  if (count > 0)
    void moveTo(Math.max(0, Math.min(count - 1, cursor < 0 && by < 0 ? count - 1 : cursor + by)));
}

function write(popover: Popover) {
  if (chosen().length > 0) useTraffic.setState({ popover });
}

/** act does what a button of a row, or the command of the same name, is for. */
export function act(does: string): void {
  const row = rowAtCursor();
  if (does === 'trust') useNav.getState().go('setup', { section: 'certificate' });
  else if (row && does === 'pass') void passThrough(row.host || row.url);
  else if (row && does === 'decrypt') void decrypt(row.host || row.url);
}

function useMarkCommands(some: boolean) {
  useCommand('traffic.mark', () => write('colour'), some);
  useCommand('traffic.tags', () => write('tags'), some);
  useCommand('traffic.note', () => write('note'), some);
  useCommand('traffic.red', () => void setColour('red'), some);
  useCommand('traffic.orange', () => void setColour('orange'), some);
  useCommand('traffic.yellow', () => void setColour('yellow'), some);
  useCommand('traffic.green', () => void setColour('green'), some);
  useCommand('traffic.blue', () => void setColour('blue'), some);
  useCommand('traffic.purple', () => void setColour('purple'), some);
  useCommand('traffic.delete', () => void remove(), some);
}

function useListCommands(some: boolean, focusList: () => void) {
  useCommand('traffic.next', () => move(1));
  useCommand('traffic.previous', () => move(-1));
  useCommand('traffic.open', () => useTraffic.setState({ detail: true }), some);
  const detail = useTraffic((state) => state.detail);
  const close = () => {
    useTraffic.setState({ detail: false });
    focusList();
  };
  useCommand('traffic.close', close, detail);
  useCommand('traffic.selectAll', () => void selectAll());
  useCommand('traffic.follow', followOn);
  useCommand('traffic.group', () => void change({ group: !get().group }));
  useCommand('traffic.all', () => void change({ all: !get().all }));
  const group = useTraffic((state) => state.group);
  useCommand('traffic.expandAll', () => void foldAll(true), group);
  useCommand('traffic.foldAll', () => void foldAll(false), group);
}

/** useTrafficCommands gives the commands of the screen something to do. */
export function useTrafficCommands(input: RefObject<HTMLInputElement | null>, focusList: () => void): void {
  const picked = useTraffic((state) => state.selection.picked.size);
  const some = useTraffic((state) => state.selection.cursor >= 0);
  useListCommands(some, focusList);
  useMarkCommands(some);
  useCommand('traffic.focusFilter', () => {
    input.current?.focus();
    input.current?.select();
  });
  useCommand('traffic.toggleFilter', () => void change({ filterOn: !get().filterOn }));
  useCommand('traffic.repeater', () => void sendToRepeater(chosen()), some);
  useCommand('traffic.test', () => sendToTests(chosen()), some);
  const diff = () => {
    const [a = '', b = ''] = chosen();
    useNav.getState().go('diff', { a, b });
  };
  useCommand('traffic.diff', diff, picked === 2);
  useCommand('traffic.trust', () => act('trust'), some);
  useCommand('traffic.pass', () => act('pass'), some);
  useEffect(() => {
    if (document.activeElement === document.body) focusList();
  }, [focusList]);
}
