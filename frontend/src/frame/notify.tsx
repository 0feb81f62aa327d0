import { Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { ApiError } from '../api';
import { t } from '../i18n';
import { type Act, pushUndo, takeBack } from './undo';

/** notifyError shows what went wrong: what, why, what to do. The same error is shown once, however often it comes. */
export function notifyError(reason: unknown): void {
  const error = ApiError.from(reason);
  const id = `error ${error.message}`;
  notifications.hide(id);
  notifications.show({
    id,
    color: 'red',
    title: error.message,
    message: error.hint,
    autoClose: 12_000,
    role: 'alert',
  });
}

/** notifyDone says that something a person asked for was done. */
export function notifyDone(message: string): void {
  notifications.show({ color: 'green', message, autoClose: 5_000, role: 'status' });
}

/** notifyUndo says what was done and offers to take it back, here and by the undo command; redo is optional. */
export function notifyUndo(message: string, undo: Act['undo'], redo?: Act['redo']): void {
  const act: Act = { text: message, undo, ...(redo ? { redo } : {}) };
  pushUndo(act);
  const id = notifications.show({
    message: (
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm">{message}</Text>
        <Button variant="light" size="compact-sm" onClick={() => undoAct(act)}>
          {t('frame.undo.button')}
        </Button>
      </Group>
    ),
    autoClose: 10_000,
    role: 'status',
  });
  toasts.set(act, id);
}

const toasts = new WeakMap<Act, string>();

/** undoAct takes back an act, the last one when none is named, and takes its toast away. */
export async function undoAct(act?: Act): Promise<void> {
  try {
    const undone = await takeBack(act);
    const id = undone && toasts.get(undone);
    if (id) notifications.hide(id);
    if (undone && !act) notifyDone(t('frame.undo.undone', { what: undone.text }));
  } catch (reason) {
    notifyError(reason);
  }
}
