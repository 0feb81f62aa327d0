import {
  Button,
  Checkbox,
  Group,
  NumberInput,
  Select,
  Stack,
  Switch,
  Textarea,
  TextInput,
} from '@mantine/core';
import { IconEyeSearch, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { api, type go } from '../../api';
import { useCommand } from '../../commands';
import { notifyDone } from '../../frame/notify';
import { ErrorState } from '../../frame/ui';
import { t } from '../../i18n';
import { formatDateTime } from '../../i18n/format';
import { Visible } from '../../theme/Visible';
import { Detail } from '../inventory/Detail';
import base from '../inventory/inventory.module.css';
import { removePolicy, switchPolicy } from './acts';
import classes from './Editor.module.css';
import { useRenewPolicies, useWritable } from './queries';
import { openPreview, usePoliciesScreen } from './store';
import { What } from './What';
import { actionText, actionWord, sideWord } from './words';

interface EditorProps {
  form: go.PolicyForm;
  /** what is kept; absent of a new one */
  row?: go.PolicyRow;
  onClose(): void;
}

/** Change changes some fields of the policy that is written. */
export type Change = (change: Partial<go.PolicyForm>) => void;

const actions = ['monitor', 'throttle', 'redact', 'approve', 'block'];

/** Editor is one policy: what it does with what. What is wrong is said at its field, and nothing is kept until then. */
export function Editor({ form, row, onClose }: EditorProps) {
  const [draft, setDraft] = useState(form);
  const [faults, setFaults] = useState<go.PolicyFault[]>([]);
  const [failed, setFailed] = useState<unknown>(null);
  const renew = useRenewPolicies();
  const writable = useWritable();
  const set: Change = (change) => {
    setDraft((now) => ({ ...now, ...change }));
    setFaults((now) => now.filter(({ field }) => !(field in change)));
  };
  const close = () => {
    usePoliciesScreen.setState({ open: '' });
    onClose();
  };
  const send = async (): Promise<void> => {
    setFailed(null);
    try {
      const saved = await api.policies.Save({ ...draft, on: row?.form.on ?? draft.on });
      setFaults(saved.faults);
      if (saved.faults.length > 0) return;
      await renew();
      notifyDone(t('policies.saved', { name: draft.name }));
      usePoliciesScreen.setState({ open: saved.id });
    } catch (reason) {
      setFailed(reason);
    }
  };
  const preview = async (): Promise<void> => {
    setFailed(null);
    try {
      const { faults } = await api.policies.Check(draft);
      setFaults(faults);
      if (faults.length === 0) openPreview({ tried: draft });
    } catch (reason) {
      setFailed(reason);
    }
  };
  useCommand('policies.submit', () => void send(), writable);
  useCommand('policies.close', close, !row);
  const wrong = (field: string) => faults.find((fault) => fault.field === field)?.message;
  const whole = faults.filter(({ field }) => field === '' || !fields.includes(field));
  return (
    <Detail
      label={t('policies.editor')}
      pane="policies-editor"
      about={form.id || 'new'}
      title={row ? <Visible text={form.name} /> : t('policies.add')}
      onClose={close}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <Stack gap="sm" className={classes.form ?? ''}>
          {row && <Known row={row} />}
          <TextInput
            label={t('policies.field.name')}
            description={t('policies.fieldText.name')}
            required
            error={wrong('name')}
            value={draft.name}
            onChange={(event) => set({ name: event.currentTarget.value })}
          />
          <div className={classes.beside}>
            <Select
              label={t('policies.field.action')}
              description={actionText(draft.action)}
              data={actions.map((value) => ({ value, label: actionWord(value) }))}
              value={draft.action}
              allowDeselect={false}
              error={wrong('action')}
              onChange={(action) => action && set({ action })}
            />
            <Select
              label={t('policies.field.side')}
              description={t('policies.fieldText.side')}
              data={['both', 'request', 'answer'].map((value) => ({ value, label: sideWord(value) }))}
              value={draft.side || 'both'}
              allowDeselect={false}
              error={wrong('side')}
              onChange={(side) => side && set({ side: side === 'both' ? '' : side })}
            />
          </div>
          <What draft={draft} set={set} wrong={wrong} />
          <Then draft={draft} set={set} wrong={wrong} />
          {whole.length > 0 && (
            <ul className={classes.faults} role="alert">
              {whole.map(({ message }) => (
                <li key={message}>{message}</li>
              ))}
            </ul>
          )}
          {failed !== null && <ErrorState error={failed} />}
          <Group gap="xs" className={classes.submit ?? ''}>
            <Button type="submit" disabled={!writable}>
              {row ? t('policies.save') : t('policies.saveNew')}
            </Button>
            <Button
              variant="default"
              leftSection={<IconEyeSearch size={15} />}
              onClick={() => void preview()}
            >
              {t('policies.previewIt')}
            </Button>
            {row && (
              <Button
                variant="subtle"
                color="red"
                leftSection={<IconTrash size={15} />}
                disabled={!writable}
                onClick={() => void removePolicy(row, renew)}
              >
                {t('policies.remove')}
              </Button>
            )}
          </Group>
        </Stack>
      </form>
    </Detail>
  );
}

/** the fields that show what is wrong with them */
const fields = [
  'name',
  'action',
  'side',
  'where',
  'signs',
  'rules',
  'types',
  'tools',
  'models',
  'least',
  'budget',
  'finish',
  'patience',
  'say',
];

function Known({ row }: { row: go.PolicyRow }) {
  const renew = useRenewPolicies();
  const writable = useWritable();
  return (
    <div className={classes.known}>
      <Switch
        label={row.form.on ? t('policies.isOn') : t('policies.isOff')}
        checked={row.form.on}
        disabled={!writable}
        onChange={(event) => void switchPolicy(row, event.currentTarget.checked, renew)}
      />
      <span className={base.dim}>
        {row.rulings > 0
          ? t('policies.ruled', { n: row.rulings, done: row.done, when: formatDateTime(row.last) })
          : t('policies.never')}
      </span>
    </div>
  );
}

interface PartProps {
  draft: go.PolicyForm;
  set: Change;
  wrong(field: string): string | undefined;
}

// What becomes of it: what clients are told, and what happens when nobody can look or answer.
function Then({ draft, set, wrong }: PartProps) {
  const stops = draft.action === 'block' || draft.action === 'approve';
  return (
    <fieldset className={classes.part}>
      <legend>{t('policies.part.then')}</legend>
      <Stack gap="sm">
        {(stops || draft.action === 'throttle' || draft.say !== '') && (
          <Textarea
            label={t('policies.field.say')}
            description={t('policies.fieldText.say')}
            placeholder={t('policies.fieldText.sayUsual', { name: draft.name || '…' })}
            autosize
            minRows={1}
            maxRows={5}
            error={wrong('say')}
            value={draft.say}
            onChange={(event) => set({ say: event.currentTarget.value })}
          />
        )}
        {(stops || draft.finish) && (
          <Checkbox
            label={t('policies.field.finish')}
            description={t('policies.fieldText.finish')}
            error={wrong('finish')}
            checked={draft.finish}
            onChange={(event) => set({ finish: event.currentTarget.checked })}
          />
        )}
        {(draft.action === 'approve' || draft.patience > 0) && (
          <NumberInput
            label={t('policies.field.patience')}
            description={t('policies.fieldText.patience')}
            suffix=" s"
            min={0}
            max={3600}
            allowDecimal={false}
            placeholder="60 s"
            error={wrong('patience')}
            value={draft.patience || ''}
            onChange={(value) => set({ patience: Number(value) || 0 })}
          />
        )}
        <Checkbox
          label={t('policies.field.failClosed')}
          description={draft.fail_closed ? t('policies.fieldText.closed') : t('policies.fieldText.open')}
          checked={draft.fail_closed}
          onChange={(event) => set({ fail_closed: event.currentTarget.checked })}
        />
      </Stack>
    </fieldset>
  );
}
