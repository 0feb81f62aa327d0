import { Button, Group, Modal, SegmentedControl } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { useSession } from '../../frame/session';
import { t } from '../../i18n';
import { Visible } from '../../theme/Visible';
import base from '../inventory/inventory.module.css';
import { setMode } from './acts';
import classes from './Mode.module.css';
import { Action } from './parts';
import { usePolicies, useRenewPolicies, useWritable } from './queries';
import { modes, modeText, modeWord } from './words';

/** ModeBar is how far the guard goes, and what that means. Enforcing asks once. */
export function ModeBar() {
  const guard = useSession().data?.guard;
  const writable = useWritable();
  const [asking, setAsking] = useState(false);
  const label = useId();
  const renew = useRenewed();
  if (!guard) return null;
  const choose = (mode: string) => {
    if (mode === 'enforce' && guard.mode !== 'enforce') setAsking(true);
    else void setMode(mode, renew);
  };
  return (
    <section className={classes.bar} aria-label={t('policies.mode.label')} data-pane="policies-mode">
      <span id={label} className={classes.name}>
        {t('policies.mode.label')}
      </span>
      <SegmentedControl
        size="xs"
        aria-labelledby={label}
        data={modes.map((value) => ({ value, label: modeWord(value) }))}
        value={guard.mode}
        disabled={!writable}
        onChange={choose}
      />
      <p className={classes.text} role="status">
        {modeText(guard.mode)} {guard.mode !== 'off' && <How />}
      </p>
      {asking && (
        <Ask
          onYes={() => {
            setAsking(false);
            void setMode('enforce', renew);
          }}
          onNo={() => setAsking(false)}
        />
      )}
    </section>
  );
}

// The list and the session, of which the guard is a part.
function useRenewed(): () => Promise<void> {
  const renew = useRenewPolicies();
  const client = useQueryClient();
  return async () => {
    await client.invalidateQueries({ queryKey: ['session'] });
    await renew();
  };
}

// How it is doing: nothing passes it while nothing is recorded; no policy that is on is as good as off.
function How() {
  const guard = useSession().data?.guard;
  if (!guard) return null;
  if (guard.policies === 0) return <strong className={classes.warn}>{t('policies.mode.none')}</strong>;
  return (
    <span>
      {guard.at_work
        ? t('policies.mode.work', { n: guard.policies, closed: guard.closed })
        : t('policies.mode.waits', { n: guard.policies, closed: guard.closed })}
      {guard.lost > 0 && (
        <strong className={classes.warn}> {t('policies.mode.lost', { n: guard.lost })}</strong>
      )}
    </span>
  );
}

function Ask({ onYes, onNo }: { onYes(): void; onNo(): void }) {
  const on = usePolicies().data?.items.filter(({ form }) => form.on) ?? [];
  return (
    <Modal opened onClose={onNo} title={t('policies.enforce.title')}>
      <p className={base.paragraph}>{t('policies.enforce.text')}</p>
      {on.length === 0 ? (
        <p className={base.nothing}>{t('policies.enforce.none')}</p>
      ) : (
        <ul className={classes.list}>
          {on.map(({ id, form }) => (
            <li key={id}>
              <Action action={form.action} /> <Visible text={form.name} />
            </li>
          ))}
        </ul>
      )}
      <Group justify="flex-end" mt="md" gap="xs">
        <Button variant="default" data-autofocus onClick={onNo}>
          {t('policies.enforce.no')}
        </Button>
        <Button onClick={onYes}>{t('policies.enforce.yes')}</Button>
      </Group>
    </Modal>
  );
}
