import { ActionIcon, Button, Checkbox, Group } from '@mantine/core';
import { IconAlertTriangle, IconArrowUp } from '@tabler/icons-react';
import { useState } from 'react';
import type { go } from '../../api';
import { ErrorState, Loading } from '../../frame/ui';
import { t } from '../../i18n';
import base from '../inventory/inventory.module.css';
import { identify } from './acts';
import classes from './Identity.module.css';
import { kindWord } from './parts';
import { useIdentity } from './queries';

/** Identity says by what actors are told apart: the first of these that an exchange has. */
export function Identity() {
  const { data, error } = useIdentity();
  if (error) return <ErrorState error={error} />;
  return data ? <Form key={data.by.join()} identity={data} /> : <Loading rows={5} />;
}

function Form({ identity }: { identity: go.IdentityOut }) {
  const [by, setBy] = useState<readonly string[]>(identity.by);
  const others = identity.kinds.filter((kind) => !by.includes(kind));
  const same = by.join() === identity.by.join();
  const up = (at: number) =>
    setBy([...by.slice(0, at - 1), by[at] ?? '', by[at - 1] ?? '', ...by.slice(at + 1)]);
  return (
    <div className={classes.identity}>
      <h3>{t('threats.identity.title')}</h3>
      <p className={base.nothing}>{t('threats.identity.text')}</p>
      <ol className={classes.kinds}>
        {[...by, ...others].map((kind, at) => {
          const on = at < by.length;
          return (
            <li key={kind}>
              <Checkbox
                size="xs"
                label={kindWord(kind)}
                description={t('threats.identity.help', { kind })}
                checked={on}
                disabled={on && by.length === 1}
                onChange={() => setBy(on ? by.filter((each) => each !== kind) : [...by, kind])}
              />
              {on && at > 0 && (
                <ActionIcon
                  size={26}
                  aria-label={t('threats.identity.up', { kind: kindWord(kind) })}
                  onClick={() => up(at)}
                >
                  <IconArrowUp size={15} />
                </ActionIcon>
              )}
            </li>
          );
        })}
      </ol>
      <p className={base.note} data-warn>
        <IconAlertTriangle size={14} aria-hidden />
        <span>{t('threats.identity.warning')}</span>
      </p>
      <Group gap="xs">
        <Button size="compact-sm" disabled={same} onClick={() => void identify([...by])}>
          {t('threats.identity.save')}
        </Button>
        {!identity.usual && (
          <Button size="compact-sm" variant="default" onClick={() => void identify([])}>
            {t('threats.identity.usual')}
          </Button>
        )}
      </Group>
    </div>
  );
}
